## States
notice-state-draft = Draft
notice-state-submitted = Waiting for approval
notice-state-approved = Approved
notice-state-issued = Filed or sent
decision-submitted = Handed in
decision-approved = Approved
decision-sent-back = Sent back


## Drafting
gap-until = ; to be known by {$day}
fact-appi-items-short = applicable items of Rules art. 7
fact-payment-card-people-short = people with credit card data
fact-occurred-short = when it occurred
fact-detected-short = when it was detected
fact-any-department-knew-short = when it became known
fact-aware-short = when we became aware
salutation-named = Dear {$name},
salutation-unnamed = Dear customer,

## Field errors of notices
field-unknown-variable = The placeholders are salutation, name, data_items and customer_number. Remove any other double braces.
field-open-gap = A gap marked “To be confirmed” is left. Replace it with what you know, or remove the sentence.
field-nobody-reachable = Nobody can be reached this way. Import a roster, change the readers, or tell people otherwise.
field-wrong-number-of-people = This is not the number of people whom the mail would reach. Look at the newest number, then enter it again.
