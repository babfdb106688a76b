# スクリプト向けの API
api-title = Shodo 初動 API
api-intro = 画面と同じ操作を JSON で行えます。機械向けの記述：
api-token = すべての操作に API トークンが必要です。トークンは「shodo token create」またはアカウントのページで作成できます。
api-problems = エラーの種類
api-body = 本文
api-query = クエリ
field-json-expected = Content-Type に application/json を指定してください。
field-json-wrong = { $line }行目の{ $column }文字目で読み取れなくなりました（{ $what }）。
field-bounce-expected = 返送されたメールは Content-Type に message/rfc822 を、配信状況の通知は application/json を指定してください。
field-bounce-unreadable = メールとして読み取れません。
field-json-value = この値は使えません（{ $what }）。
field-query-wrong = クエリの項目を読み取れません（{ $what }）。
field-unknown = この名前の項目はありません。名前を確認してください。
field-too-long-for-form = 16 KiB 以内で入力してください。
field-not-utf8 = UTF-8 で送信してください。
field-limit = 1 から 1000 までの数を指定してください。
