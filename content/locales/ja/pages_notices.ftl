## 読み手と届け方
notice-readers-authority = 当局・認定団体へ
notice-readers-people = ご本人へ
notice-readers-delegator = 委託元へ
notice-readers-public = 社会へ
notice-readers-staff = 社内へ
notice-channel-form = フォームに転記
notice-channel-email = メール
notice-channel-letter = 郵送
notice-channel-line = LINE
notice-channel-web = ウェブサイト
notice-channel-document = 文書
decision-delegated = 承認を委任

## 一覧
notice-wanted = 対応が必要
notices-others = ほかの文書
notices-how = 進め方
notices-how-draft = 起案：分かっている事実から文面を作ります。分からない点は【確認中】と表示します。
notices-how-check = 確認：書き漏れ、事実との食い違い、個人情報、リンク先を自動で確認します。誤りは直し、注意には理由を書きます。
notices-how-approve = 承認：起案した人とは別の人が、決められた順に承認します。依頼した時点で文面が固定されます。
notices-how-issue = 提出・送信：当局への報告はフォームに転記して提出し、ご本人にはメール、郵送、LINEで届けます。

## 文書
source = 出典
notice-variables-hint = 次の差し込みは、送るときに一人ずつの宛名、氏名、漏えいした項目、会員番号になります。
notice-submit-freezes = 依頼すると文面と宛先の人数が固定されます。編集すると、承認は最初からになります。
notice-waits-for = { $name }の承認を待っています。
notice-pdf = 回覧用PDF
notice-docx = 回覧用Word
submit-errors = 直すまで承認を依頼できない点が{ $count }件あります。
submit-warnings = 理由を書いていない注意が{ $count }件あります。
submit-see = 確認結果を見る
stamp-delegate = { $role }（代理）
stamp-stand-in = { $role }（管理者が代行）
delegate-title = ほかの人に承認を任せる
delegate-to = 任せる人
delegate-do = 承認を任せる

## 宛先
readers-title = 宛先
readers-choose = 宛先を選ぶ
readers-frozen = 承認を依頼した時点の人数
readers-now = いまの人数（承認を依頼するときに固定します）
readers-changed = 対象者の登録が変わり、同じ条件の人数がいまは{ $now }人です。送信するには、編集画面からもう一度承認を依頼してください。
readers-chosen = 条件
readers-found = 条件に合う人
readers-reached = そのうち{ $channel }で届く人
readers-save = この宛先にする

## 確認
checks-title = 文面の確認
checks-none = 気になる点は見つかりませんでした。最後は必ず人が読んでください。
finding-weight-error = 直す必要があります
finding-weight-warning = 理由を書いてください
finding-weight-note = 参考
finding-answer = このままでよい理由
finding-answer-save = 理由を保存する
finding-empty = 書かれていません
finding-empty-next = この欄を書いてください。
finding-too-long = 文字数を超えています
finding-too-long-next = フォームに収まる長さにしてください。
finding-gap = 【確認中】が残っています
finding-gap-next = 確認できた内容に書き換えるか、残す理由を書いてください。
finding-placeholder = 仮の文字が残っています
finding-placeholder-next = 実際の内容に書き換えてください。
finding-missing-content = 法令で求められる内容が見当たりません
finding-missing-content-next = 本文に加えるか、別の言い方で書いてある場合はその箇所を書いてください。
finding-secret-number = カード番号またはマイナンバーと思われる数字があります
finding-secret-number-next = 文書には書かないでください。
finding-personal-data = 個人の連絡先と思われる文字があります
finding-personal-data-next = 削除するか、載せてよい理由を書いてください。
finding-contradiction = 起案のあとに変わった事実があります
finding-contradiction-next = いまの事実に合わせて書き換えるか、このままでよい理由を書いてください。
finding-people-number = 人数が記録と違います
finding-people-number-next = 対象者の人数と見比べてください。
finding-link = 自社以外へのリンクです
finding-link-next = 偽のサイトではないことを確かめ、載せる理由を書いてください。
finding-unsafe-link = 安全に開けないリンクです
finding-unsafe-link-next = https:// で始まる正しいURLにしてください。
finding-language = 別の言語で書かれているようです
finding-language-next = 欄の言語で書かれているか確かめてください。
finding-direction = 文字の向きを変える制御文字があります
finding-direction-next = 文を入力し直してください。

## 版の違い
changes-title = 版の違い
changes-see = 変更点
changes-between = 第{ $older }版から第{ $newer }版への変更
changes-added = 加わった部分
changes-removed = 消えた部分
changes-readers-only = 文面は同じで、宛先が変わりました。

## 転記
copy-lead-form = 次のフォームに、欄ごとに転記します：
copy-lead-document = 部分ごとに写せます。全文はPDFかWordで書き出せます。
copy-progress = { $all }欄のうち{ $done }欄を転記済み
characters-of = { $count } / { $longest }字
copy-mark = 転記した
copy-done = 転記済み
copy-undo = 戻す

## プレビューと試し送り
preview-letter = 手紙のPDFを見る
preview-address = 東京都千代田区見本町1-1
test-mail-send = 自分に試し送りする
test-mail-text = 日本語と英語の2通を、あなたのアドレスに送ります。
test-mail-mark = 【試し送り】

## 送信
send-channel = 届け方
send-not-reached = 届かない人
send-unreachable = この方法では届かない方がいます。別の方法での通知や公表も検討してください。
send-by-letter = 手紙のPDFを作ります。印刷して発送したあと、この文書の画面で発送を記録してください。
send-by-line = LINEのユーザーIDを500人ずつのファイルに書き出します。LINE公式アカウントの管理画面などから送ったあと、この文書の画面で送信を記録してください。
sending-pause = 一時停止
sending-resume = 再開
sending-cancel = 取りやめる
sending-cancel-text = まだ送っていない分を取りやめます。送信中のものと送信済みのものは戻せません。
sending-cancel-do = { $count }人分を取りやめる
hand-over-text = ファイルは「書き出し」の画面で受け取れます（24時間）。
hand-over-files = 書き出しを開く
hand-over-how = 発送・送信の記録（だれが、いつ、どの方法で、控えの番号など）
hand-over-do = 発送・送信を記録する
handed-over = 発送・送信済み：
sending-halted = 相手のサーバーが続けて拒否したため、送信を自動で止めました：
sending-halted-next = 差出人の設定（SPF、DKIM、送信元の評価）を確かめてから再開してください。
sending-is-paused = 一時停止しています。
bulk-stopped = サーバー全体の一斉送信が止められています。管理者が「メール」の画面で再開できます。
sending-rate = 毎分{ $count }通
sending-left = 残り約{ $minutes }分
bulk-title = 一斉送信の緊急停止
bulk-text = すべてのインシデントの、本人へのメールを止めます。チームへのメールは止まりません。送信済みのものは戻せません。
bulk-stop = すべての一斉送信を止める
bulk-go-on = 一斉送信を再開する
bulk-stopped-since = 止めた日時：
flash-bulk-stopped = 一斉送信をすべて止めました。
flash-bulk-allowed = 一斉送信を再開しました。
uncertain-title = 届いたか分からないメール
uncertain-text = 送信中に応答が途切れました。メールサーバーの記録で確かめ、どう扱うかを選んでください。
uncertain-sent = 届いたものとする
uncertain-resend = もう一度送る（二重に届くことがあります）
uncertain-give-up = 不達とする
flash-uncertain-settled = { $count }通の扱いを決めました。
delivery-unreachable = 届かない人
mail-state-queued = 送信待ち
mail-state-claimed = 送信準備中
mail-state-sending = 送信中
mail-state-sent = 送信済み
mail-state-failed = 不達
mail-state-uncertain = 届いたか不明
mail-state-cancelled = 取りやめ
mail-state-bounced = 不達（戻りメール）
data-items-unknown = 確認中の項目

## 回覧用の文書
circulation-version = 版
circulation-state = 状態
circulation-basis = 根拠
circulation-readers = 宛先
circulation-texts = 文面
circulation-findings = 確認結果と回答
circulation-foot = 社外秘

## 入力の誤り
field-audience-changed = 承認のあとに対象者が変わりました。宛先を確かめ、もう一度承認を受けてください。
field-had-a-hand-in-it = 起案、依頼、承認のいずれかをした人には任せられません。
field-warning-unanswered = 注意への理由が書かれていません。直すか、理由を書いてください。
field-longer-than-form = フォームの文字数を超えています。
field-placeholder = 仮の文字が残っています。
field-secret-number = カード番号またはマイナンバーと思われる数字があります。
field-unsafe-link = https:// で始まるURLにしてください。
field-direction = 文字の向きを変える制御文字があります。

## 通知
flash-notice-delegated = 承認を任せ、メールで知らせました。
flash-test-mail-sent = あなたのアドレスに試し送りしました。
flash-sending-paused = 送信を一時停止しました。
flash-sending-resumed = 送信を再開しました。
flash-sending-cancelled = まだ送っていない分を取りやめました。
flash-handed-over = 発送・送信を記録しました。
