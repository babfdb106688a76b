# 対象者の名簿
field-unknown-data-item = 一覧にないデータ項目が選ばれています。ページを読み込み直して、選び直してください。
field-unknown-collection-point = 一覧にない取得の場面が選ばれています。ページを読み込み直して、選び直してください。
field-no-usable-column = 氏名、メールアドレス、電話番号、LINEユーザーID、会員番号のうち、少なくとも1つの列を選んでください。
field-column-twice = 同じ内容が2つの列に選ばれています。1つを「保存しない」にしてください。
field-period-ends-first = 終わりの日が、始まりの日より前です。
field-not-a-cursor = 続きの位置が正しくありません。最初のページから開き直してください。

problem-unreadable-file = { $reason ->
    [empty] ファイルが空です。
    [wrong-encoding] { $row }行目に読めない文字があるため、名簿を読み込めません。
    [binary] 表のファイルではありません（画像、PDF、圧縮ファイルなど）。
    [unclosed-quote] { $row }行目で始まる引用符（"）が閉じられていないため、名簿を読み込めません。
    [stray-quote] { $row }行目で、引用符（"）がセルの途中で終わっているため、名簿を読み込めません。
    [long-row] { $row }行目が長すぎるため、名簿を読み込めません。
    [too-many-columns] { $row }行目の列が多すぎるため、名簿を読み込めません（1,000列まで）。
    [not-a-workbook] Excelブック（.xlsx）ではありません。
    [encrypted] Excelブックにパスワードがかかっているため、名簿を読み込めません。
    [no-visible-sheet] Excelブックのシートが、すべて非表示になっています。
    [no-such-sheet] 選んだシートが、Excelブックの中にありません。
    [too-large-inside] Excelブックの中身が大きすぎるため、名簿を読み込めません。
    [broken] ファイルが壊れているため、名簿を読み込めません。
    [no-usable-column] 氏名、メールアドレス、電話番号、LINE ID、会員番号のいずれの列もありません。
    [no-rows] 見出しの下に、データの行がありません。
   *[other] ファイルを読み込めません。
}
problem-unreadable-file-next = { $reason ->
    [empty] 書き出し直したファイルを選んでください。1件も取り込まれていません。
    [wrong-encoding] 1つのファイルに2つの文字コードが混ざっています。元のシステムから書き出し直すか、表計算ソフトで「CSV UTF-8（コンマ区切り）」として保存し直してください。1件も取り込まれていません。
    [binary] 元のシステムから、CSVかExcelブック（.xlsx）で書き出してください。1件も取り込まれていません。
    [unclosed-quote] その行の引用符を直すか、元のシステムから書き出し直してください。1件も取り込まれていません。
    [stray-quote] その行の引用符を直すか、元のシステムから書き出し直してください。セルの中の引用符は2つ重ねて書きます（""）。1件も取り込まれていません。
    [long-row] 区切り文字と改行を確かめ、元のシステムから書き出し直してください。1件も取り込まれていません。
    [too-many-columns] 必要な列だけにするか、区切り文字を確かめて、元のシステムから書き出し直してください。1件も取り込まれていません。
    [not-a-workbook] Excelで開き、「Excelブック（.xlsx）」か「CSV UTF-8」として保存し直してください。古い形式（.xls、.xlsb）は読めません。1件も取り込まれていません。
    [encrypted] Excelで開き、パスワードを外して保存し直してください。1件も取り込まれていません。
    [no-visible-sheet] Excelで開き、名簿のシートを再表示してから保存し直してください。1件も取り込まれていません。
    [no-such-sheet] シートを選び直してください。1件も取り込まれていません。
    [too-large-inside] 名簿のシートだけをCSVとして保存し直してください。1件も取り込まれていません。
    [broken] ファイルを開けるか確かめ、元のシステムから書き出し直してください。1件も取り込まれていません。
    [no-usable-column] 見出しの行を入れてください（例：氏名,メールアドレス,電話番号）。1件も取り込まれていません。
    [no-rows] 対象者の行があるファイルを選んでください。1件も取り込まれていません。
   *[other] ファイルを確かめ、もう一度選んでください。1件も取り込まれていません。
}

person-field-name = 氏名
person-field-family-name = 姓
person-field-given-name = 名
person-field-kana = フリガナ
person-field-email = メールアドレス
person-field-phone = 電話番号
person-field-line-user-id = LINEユーザーID
person-field-customer-number = 会員番号
person-field-country = 国
person-field-region = 都道府県・州
person-field-language = 言語
person-field-minor = 未成年
person-field-birth-date = 生年月日
person-field-postcode = 郵便番号
person-field-address = 住所
person-field-data-items = データの項目

roster-problem-column-not-kept = この列は保存しませんでした。必要な列なら、見出しを直して取り込み直してください。
roster-problem-wrong-column-count = セルの数が見出しと合いません。この行は取り込んでいません。行を直して、その行だけのファイルを取り込んでください。
roster-problem-empty-row = 保存する列がすべて空です。この行は取り込んでいません。
roster-problem-control-characters = 制御文字が入っています。このセルだけを除いて取り込みました。
roster-problem-too-long = 長すぎます。このセルだけを除いて取り込みました。
roster-problem-invalid-email = メールアドレスとして使えません。入力のまま保存し、送信には使いません。
roster-problem-unreadable-phone = 電話番号として読めません。入力のまま保存し、連絡には使いません。先頭の0が消えていないかを確かめてください。
roster-problem-invalid-line-user-id = LINEユーザーID（Uと32桁の英数字）ではありません。入力のまま保存し、連絡には使いません。
roster-problem-unknown-country = 国が分かりません。入力のまま保存しました。2文字の国コード（例：JP）なら確実に読めます。
roster-problem-unknown-region = 都道府県・州が分かりません。入力のまま保存しました。
roster-problem-unknown-language = 通知に使えない言語です。居住国から、日本語か英語を選びました。
roster-problem-unknown-answer = 「はい」か「いいえ」として読めません。入力のまま保存しました。
roster-problem-bad-date = 日付として読めません。入力のまま保存しました。
roster-problem-unknown-data-item = 一覧にないデータ項目です。入力のまま保存しました。
roster-problem-no-contact = 連絡先がありません。対象者の数には入りますが、通知は届きません。
roster-problem-duplicate-in-file = 同じファイルの前の行と同じ人です。1人にまとめました。
roster-problem-duplicate-of-earlier-roster = 前に取り込んだ名簿にいる人です。1人にまとめました。
roster-problem-name-differs = 連絡先などが同じ人とまとめましたが、氏名が違います。別の人ではないかを確かめてください。
roster-problem-shared-contact = ほかの人と同じ連絡先です。会員番号などが違うため、別の人として数えました。

roster-state-draft = 列の確認待ち
roster-state-waiting = 順番待ち
roster-state-importing = 取り込み中
roster-state-paused = 一時停止中
roster-state-imported = 取り込み済み
roster-state-undoing = 取り消し中
roster-state-undone = 取り消し済み
roster-state-failed = 読み込めず

notice-state-not-told = 未通知
notice-state-queued = 送信待ち
notice-state-sent = 送信済み
notice-state-failed = 不達

channel-email = メール
channel-phone = 電話
channel-line = LINE
channel-post = 郵便
channel-none = 連絡先なし
