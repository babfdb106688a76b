## States
notice-state-draft = 起案中
notice-state-submitted = 承認待ち
notice-state-approved = 承認済み
notice-state-issued = 提出・送信済み
decision-submitted = 承認を依頼
decision-approved = 承認
decision-sent-back = 差し戻し


## Drafting
gap-until = （{$day}までに確認）
fact-appi-items-short = 規則第7条各号該当性
fact-payment-card-people-short = クレジットカード情報を含む人数
fact-occurred-short = 発生日時
fact-detected-short = 検知日時
fact-any-department-knew-short = 発覚日時
fact-aware-short = 認識日時
salutation-named = {$name} 様
salutation-unnamed = お客様

## Field errors of notices
field-unknown-variable = 使える差し込みは salutation（宛名）、name（氏名）、data_items（その方の項目）、customer_number（会員番号）だけです。ほかの二重の波かっこを削除してください。
field-open-gap = 【確認中…】が残っています。確認できた内容に書き換えるか、その文を削除してください。
field-nobody-reachable = この方法で連絡できる方がいません。名簿を取り込むか、宛先の絞り込みか別の方法を検討してください。
field-wrong-number-of-people = 送信先の人数が一致しません。最新の人数を確認してから、もう一度入力してください。
