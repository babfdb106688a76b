## Kinds and states
notice-ppc-preliminary = Preliminary report to the PPC
notice-customer-email = E-mail to the people affected
notice-ppc-preliminary-hint = The nine items of Rules art. 8(1), to be copied into the Commission's web form.
notice-customer-email-hint = The items of Rules art. 10. After approval it goes to each person by e-mail.
notice-state-draft = Draft
notice-state-submitted = Waiting for approval
notice-state-approved = Approved
notice-state-issued = Filed or sent
decision-submitted = Handed in
decision-approved = Approved
decision-sent-back = Sent back

## Parts of the preliminary report (Rules art. 8(1))
part-ppc-preliminary-reporter = Reporter
part-ppc-preliminary-report-type = Type of report and items of Rules art. 7
part-ppc-preliminary-overview = (1) Overview
part-ppc-preliminary-items = (2) Items of personal data
part-ppc-preliminary-people = (3) Number of principals
part-ppc-preliminary-cause = (4) Cause
part-ppc-preliminary-secondary-damage = (5) Secondary damage or its possibility
part-ppc-preliminary-response-to-people = (6) Measures toward the principals
part-ppc-preliminary-publication = (7) Public announcement
part-ppc-preliminary-prevention = (8) Measures to prevent recurrence
part-ppc-preliminary-other = (9) Other matters
part-customer-email-subject = Subject
part-customer-email-body = Body

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
field-unknown-variable = The only placeholder is salutation. Remove the other double braces.
field-open-gap = A gap marked “To be confirmed” is left. Replace it with what you know, or remove the sentence.
field-nobody-reachable = Nobody can be reached by e-mail. Import a roster, or tell the people in another way.
field-wrong-number-of-people = This is not the number of people whom the mail would reach. Look at the newest number, then enter it again.
