## Kinds and states
notice-ppc-preliminary = 個人情報保護委員会への速報
notice-customer-email = 本人への通知メール
notice-ppc-preliminary-hint = 規則第8条第1項の9項目。委員会のウェブフォームに写して提出します。
notice-customer-email-hint = 規則第10条の項目。承認のあと、一人ずつメールで送ります。
notice-state-draft = 起案中
notice-state-submitted = 承認待ち
notice-state-approved = 承認済み
notice-state-issued = 提出・送信済み
decision-submitted = 承認を依頼
decision-approved = 承認
decision-sent-back = 差し戻し

## Parts of the preliminary report (Rules art. 8(1))
part-ppc-preliminary-reporter = 報告者
part-ppc-preliminary-report-type = 報告種別・規則第7条各号
part-ppc-preliminary-overview = (1) 概要
part-ppc-preliminary-items = (2) 個人データの項目
part-ppc-preliminary-people = (3) 本人の数
part-ppc-preliminary-cause = (4) 原因
part-ppc-preliminary-secondary-damage = (5) 二次被害又はそのおそれの有無及びその内容
part-ppc-preliminary-response-to-people = (6) 本人への対応の実施状況
part-ppc-preliminary-publication = (7) 公表の実施状況
part-ppc-preliminary-prevention = (8) 再発防止のための措置
part-ppc-preliminary-other = (9) その他参考となる事項
part-customer-email-subject = 件名
part-customer-email-body = 本文

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
field-unknown-variable = 使える差し込みは salutation（宛名）だけです。二重の波かっこを消してください。
field-open-gap = 【確認中…】が残っています。分かったことに書き換えるか、その文を消してください。
field-nobody-reachable = メールで連絡できる人がいません。名簿を取り込むか、別の方法で通知してください。
field-wrong-number-of-people = 送信先の人数が一致しません。最新の人数を確認してから、もう一度入力してください。
