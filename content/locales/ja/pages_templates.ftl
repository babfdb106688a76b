## 文例の一覧
nav-templates = 文例
templates-title = 文例
templates-lead = 通知や報告を起案するときのもとになる文です。製品の文をそのまま使うことも、自社の文に書き換えることもできます。書き換えは、これから起案する文書に使われます。起案済みの文書は変わりません。
templates-read-only = 文例を書き換えられるのは、法務と管理者です。ここでは読むことと、事実を入れて試すことができます。
templates-for-authority = 当局・認定団体へ
templates-for-people = ご本人へ
templates-for-delegator = 委託元へ
templates-for-public = 社会へ
templates-for-staff = 社内へ
templates-own-count = 自社の文 { $count }件
templates-none-own = すべて製品の文
templates-texts = 全{ $count }件

## 一つの文例
template-variant = インシデントの型
template-part = 欄
template-locale = 言語
template-open = この文例を開く
template-own = 自社の文
template-product = 製品の文
template-own-version = 自社の文・第{ $number }版
template-body = 文例
template-save = 自社の文として保存
template-preview = 事実を入れた結果
template-preview-incident = 例にするインシデント
template-preview-do = プレビューを更新
template-preview-lead = 保存はされません。入力をやめると自動で更新されます。
template-preview-plain = 「プレビューを更新」を押すと、入力中の文で作り直します。保存はされません。
template-preview-none = インシデントがまだないため、結果を表示できません。訓練のインシデントを宣言すると試せます。
template-preview-refused = 文例に誤りがあるため、結果を作れません。
template-preview-gaps = { $count ->
    [0] 確認中の箇所はありません
   *[other] 確認中が{ $count }か所
}
template-preview-characters = { $count } / { $longest }字
template-preview-too-long = この欄の上限を超えています
template-preview-empty = この事実では何も書かれません。
template-legend-gap = まだ分からない事実
template-legend-reader = 送るときに一人ずつの値に替わる部分
template-reset = 製品の文に戻す
template-reset-text = 次の起案からは製品の文を使います。自社の文は版として残るので、あとから読めます。
template-reset-do = 製品の文に戻す
template-conflict-title = 先にほかの人が書き換えました
template-conflict-text = { $name } さんが第{ $number }版を保存しました。入力した文は編集欄に残っています。違いを確かめて、取り込むものを編集欄に書き写してから保存してください。保存すると、入力した文が新しい版になります。
template-conflict-theirs = いまの文
template-conflict-reset = 製品の文に戻されました。
template-conflict-changes = いまの文から入力した文への変更
flash-template-saved = 自社の文を保存しました。次の起案から使われます。
flash-template-reset = 製品の文に戻しました。

## 使える言葉
template-vocabulary = 波かっこで差し込めるもの
template-vocabulary-lead = 右の符号をそのまま写して、文の中に置きます。分からない事実は【確認中】と表示されます。
template-group-facts = 事実
template-group-moments = 日時、番号など
template-group-organisation = 組織と窓口
template-group-reader = 受け取る人（送るときに一人ずつ替わります）
template-group-conditions = 条件による書き分け（3段まで重ねられます）
template-today = 起案した日
template-incident-number = インシデントの番号
template-organisation-name = 組織名
template-organisation-kana = 組織名（フリガナ）
template-organisation-corporate-number = 法人番号
template-organisation-address = 所在地
template-organisation-representative = 代表者の氏名
template-organisation-industry = 業種
template-organisation-desk-name = 窓口の名称
template-organisation-desk-phone = 窓口の電話番号
template-organisation-desk-email = 窓口のメールアドレス
template-organisation-desk-hours = 窓口の受付時間
template-organisation-dpo-name = データ保護責任者の氏名
template-organisation-dpo-contact = データ保護責任者の連絡先
template-organisation-website = ウェブサイト
template-reader-salutation = 宛名（氏名があれば「〇〇 様」、なければ「お客様」）
template-reader-name = 氏名
template-reader-data-items = その人の漏えいした項目
template-reader-customer-number = 会員番号
template-if-known = 分かっているときと、まだ分からないときで書き分ける
template-unless-known = まだ分からないときだけ書く
template-if-organisation = 登録があるときだけ書く
fact-informed-by-processor-short = { moment-informed-by-processor-short }
fact-informed-delegator-short = { moment-informed-delegator-short }
fact-determined-breach-short = { moment-determined-breach-short }
fact-determined-notifiable-short = { moment-determined-notifiable-short }
fact-determined-material-short = { moment-determined-material-short }
fact-classified-short = { moment-classified-short }
fact-recipients-identified-short = { moment-recipients-identified-short }
fact-corrective-measure-available-short = { moment-corrective-measure-available-short }
fact-handling-ended-short = { moment-handling-ended-short }

## 版
template-history = 版
template-history-none = まだ自社の文はありません。製品の文を使っています。
template-version = 第{ $number }版
template-version-reset = 製品の文に戻した
template-version-current = いまの文
template-compare-before = 前の版と比べる
template-compare-product = 製品の文と比べる
template-changes-before = 第{ $before }版から第{ $number }版への変更
template-changes-product = 製品の文から第{ $number }版への変更
template-changes-none = 違いはありません。
template-changes-added = 加わった部分
template-changes-removed = 消えた部分

## 承認の順
chains-title = 承認の順
chains-lead = 文書の種類ごとに、だれが、どの順で承認するかを決めます。変更は、これから承認を依頼する文書に使われます。
chains-read-only = 承認の順を変えられるのは、管理者です。
chains-rule-title = 決まりごと
chains-rule-eyes = 起案した人、依頼した人、すでに承認した人は、同じ版を承認できません。
chains-rule-author = 起案した人がその役割のただ一人の人なら、その段は済んだものとします。
chains-rule-missing = その役割の人がほかにいないときは、管理者が代わって承認します。管理者の代行は管理者1人につき1段までで、それも足りないときはその段を飛ばします。
chains-rule-one = 1段も残らないときも、起案した人以外に承認できる人がいれば、その人の承認が必要です。
chains-drafting = 起案
chains-own = 自社の順
chains-change = 変える
chains-stage = { $number }人目
chains-nobody = なし
chains-stages = 承認する役割
chains-save = この順にする
chains-reset = 製品の順に戻す
flash-chain-reset = 製品の順に戻しました。
label-roles = 承認する役割
field-invalid-chain = 承認できる役割を、1つ以上5つまで選んでください。

## 誤り
label-body = 文例
template-unknown-tag = { $line }行目：「{ $tag }」は差し込めません。使えるものは下の一覧にあります。
template-open-braces = { $line }行目：「{ $tag }」の波かっこが閉じていません。最後に波かっこを2つ書いてください。
template-too-deep = { $line }行目：条件の重ねは3段までです。「{ $tag }」を減らしてください。
template-too-many = { $line }行目：差し込みは300か所までです。「{ $tag }」から先を減らしてください。
template-too-long = { $line }行目から始まる文が長すぎます。20,000字までにしてください。
template-unbalanced = { $line }行目：「{ $tag }」の対になる条件の始まりか終わりがありません。
