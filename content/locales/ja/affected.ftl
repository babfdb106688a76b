# 対象者の名簿
field-unknown-data-item = 一覧にないデータ項目が選ばれています。ページを読み込み直して、選び直してください。
field-unknown-collection-point = 一覧にない取得の場面が選ばれています。ページを読み込み直して、選び直してください。

problem-unreadable-file = { $reason ->
    [empty] ファイルが空です。
    [not-utf8] { $row }行目がUTF-8ではないため、名簿を読み込めません。
    [unclosed-quote] { $row }行目で始まる引用符（"）が閉じられていないため、名簿を読み込めません。
    [stray-quote] { $row }行目で、引用符（"）がセルの途中で終わっているため、名簿を読み込めません。
    [long-row] { $row }行目が長すぎるため、名簿を読み込めません。
    [no-usable-column] 1行目に、氏名、メールアドレス、電話番号、LINE ID、会員番号のいずれの見出しもありません。
    [no-rows] 見出しの下に、データの行がありません。
   *[other] ファイルを読み込めません。
}
problem-unreadable-file-next = { $reason ->
    [empty] 書き出し直したファイルを選んでください。1件も取り込まれていません。
    [not-utf8] 表計算ソフトで「CSV UTF-8（コンマ区切り）」として保存し直してください。Shift_JIS（CP932）は、今はUTF-8に直してから取り込みます。1件も取り込まれていません。
    [unclosed-quote] その行の引用符を直すか、元のシステムから書き出し直してください。1件も取り込まれていません。
    [stray-quote] その行の引用符を直すか、元のシステムから書き出し直してください。セルの中の引用符は2つ重ねて書きます（""）。1件も取り込まれていません。
    [long-row] 区切り文字と改行を確かめ、元のシステムから書き出し直してください。1件も取り込まれていません。
    [no-usable-column] 1行目に見出しを入れてください（例：氏名,メールアドレス,電話番号）。1件も取り込まれていません。
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
person-field-language = 言語
person-field-minor = 未成年
person-field-birth-date = 生年月日
person-field-postcode = 郵便番号
person-field-address = 住所

roster-problem-column-not-kept = この列は保存しませんでした。必要な列なら、見出しを直して取り込み直してください。
roster-problem-wrong-column-count = セルの数が見出しと合いません。この行は取り込んでいません。行を直して、その行だけのファイルを取り込んでください。
roster-problem-empty-row = 保存する列がすべて空です。この行は取り込んでいません。
roster-problem-control-characters = 制御文字が入っています。このセルだけを除いて取り込みました。
roster-problem-too-long = 長すぎます。このセルだけを除いて取り込みました。
roster-problem-invalid-email = メールアドレスとして使えません。入力のまま保存し、送信には使いません。
roster-problem-unreadable-phone = 電話番号として読めません。入力のまま保存し、連絡には使いません。先頭の0が消えていないかを確かめてください。
roster-problem-invalid-line-user-id = LINEユーザーID（Uと32桁の英数字）ではありません。入力のまま保存し、連絡には使いません。
roster-problem-unknown-country = 国が分かりません。入力のまま保存しました。2文字の国コード（例：JP）なら確実に読めます。
roster-problem-unknown-language = 通知に使えない言語です。居住国から、日本語か英語を選びました。
roster-problem-unknown-answer = 「はい」か「いいえ」として読めません。入力のまま保存しました。
roster-problem-bad-date = 日付として読めません。入力のまま保存しました。
roster-problem-no-contact = 連絡先がありません。対象者の数には入りますが、通知は届きません。
roster-problem-duplicate-in-file = 同じファイルの前の行と同じ人です。1人にまとめました。
roster-problem-duplicate-of-earlier-roster = 前に取り込んだ名簿にいる人です。1人にまとめました。
roster-problem-name-differs = 連絡先などが同じ人とまとめましたが、氏名が違います。別の人ではないかを確かめてください。
roster-problem-shared-contact = ほかの人と同じ連絡先です。会員番号などが違うため、別の人として数えました。
