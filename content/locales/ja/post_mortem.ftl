# 振り返り：セクション、要因、案件から作る文案

section-what-happened = 何が起きたか
section-what-happened-hint = 始まりから収束まで、時刻の順に。分かっていることと推測を分けて書く
section-timeline = タイムラインへの補足
section-timeline-hint = 記録そのものは変わりません。記録だけでは伝わらないことを書く
section-impact = 影響
section-impact-hint = 本人への影響、罰則、訴訟、損害賠償、信頼の低下
section-whys = なぜを5回
section-whys-hint = 答えに対して、もう一度「なぜ」と問う。5回に届かなくてもかまいません
section-factors = 要因
section-factors-hint = 起こりやすくした、または被害を広げたもの。分類ごとに1つずつ
section-obligations = 義務への対応
section-obligations-hint = 守れた理由、遅れた理由、次に変えること
section-communication = 伝え方
section-communication-hint = 本人、当局、取引先、報道に、いつ、何を、どう伝えたか
section-measures = 5つの対策の状況
section-measures-hint = 発生した時点でどうだったか。「未確認」は「ない」という意味ではありません

why-default = なぜか
factor-people = 人
factor-process = 手順
factor-technology = 技術
factor-organisation = 組織
factor-supplier = 委託先
factor-outside = 外部
field-too-many-rows = 行が多すぎます。なぜは5つ、要因は20まで、対策は1つずつにしてください。

## 案件から作る文案
told-detected = { $when }に発覚しました。
told-people = 対象は{ $count }人です。
told-people-at-most = 対象は最大で{ $count }人です。
told-people-unknown = 対象の人数は調査中です。
told-data = 対象となった項目は、{ $items }です。
told-damage = 二次被害：{ $damage }
told-entries = タイムラインには{ $count }件の記録があります。
told-actions = { $count ->
    [0] 対応はまだ登録されていません。
   *[other] { $count }件の対応が登録されています。
 }
told-consequences =
    {"**"}罰則**：（当局からの指導、勧告、命令、罰則のおそれはあるか）

    {"**"}訴訟**：（訴えや申し立てはあるか）

    {"**"}損害賠償**：（補償や見舞いの方針と見込み額）

    {"**"}信頼の低下**：（解約、問い合わせ、報道への影響）
told-minimisation =
    {"**"}集める範囲**：（そもそも集めなくてよかった項目はあるか）

    {"**"}目的**：（今も目的のために必要か。本人に目的を説明していたか）

    {"**"}利用**：（目的の外で使っていなかったか）

    {"**"}管理**：（保存期間を過ぎたものを消していたか。見られる人を絞っていたか）
