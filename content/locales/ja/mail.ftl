# What is wrong with a mail template, its variables, or its recipients.
mail-template-empty = 件名または本文が空です。文章を入力してください。
mail-template-too-long = 長すぎます。{ $limit } バイト以内に収めてください。
mail-template-placeholder = 「{ $placeholder }」は差し込み項目として使えません。一覧にある項目を {"{{"}項目名{"}}"} の形で書いてください。
mail-subject-one-line = 件名は 1 行で入力してください。改行や制御文字は使えません。
mail-variable-name = 「{ $name }」は差し込み項目の名前に使えません。英小文字で始まる英小文字・数字・下線の名前にしてください。
mail-variable-missing = 差し込み項目「{ $name }」の値がありません。値を用意してください。
mail-variable-unknown = 「{ $name }」はこの文面の差し込み項目にありません。一覧にある項目だけを渡してください。
mail-variable-too-long = 差し込み項目「{ $name }」の値が長すぎます。短くしてください。
