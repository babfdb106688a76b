# Words of duties, reasons, due points and clock starts.

law-status-required = Required
law-status-not-required = Not required
law-status-undecided = Not decided yet
law-status-required-about = This duty has arisen.
law-status-not-required-about = By the present answers this duty does not arise.
law-status-undecided-about = The next questions will decide.

law-nature-duty = Duty
law-nature-alternative = Alternative
law-nature-check = To check

law-recipient-regulator = Authority
law-recipient-individuals = People concerned
law-recipient-others = Others

law-verdict-yes = Met
law-verdict-no = Not met
law-verdict-unknown = Not known yet
law-reason-trigger = Condition
law-reason-exemption = Exemption

law-confidence-confirmed = Checked against the source
law-confidence-unverified = Not checked against the primary text

law-due-deadline = Deadline
law-due-target = Target
law-level-warn = Hurry
law-level-late = Overdue
law-due-without-delay = Without delay (no day or hour is given)
law-due-start-missing = Nobody has said yet when the clock began: { $starts }
law-due-provisional = Provisional (holidays of that year are not proclaimed yet, so it may move)
law-due-conditional = If the duty arises
law-due-moved = Moved to the next opening day, as offices are closed on { $day }

law-clock-occurred = It happened
law-clock-occurred-about = When the event happened, or began.
law-clock-detected = It was detected
law-clock-detected-about = When a person or a monitor first noticed something.
law-clock-any-department-knew = Any department knew
law-clock-any-department-knew-about = APPI counts from the day on which any department of the business knew; that day is day 1.
law-clock-aware = The business was aware
law-clock-aware-about = When it was reasonably certain that personal data were compromised. GDPR counts its 72 hours from here.

law-next-question = Next question
law-article = Basis
law-not-legal-advice = This follows from the answers given. It is no legal advice; let an expert confirm it.

law-nature-recommended = Advised
law-reason-applies = Reach of the law
law-clock-informed-by-processor = A processor told us
law-clock-informed-by-processor-about = When a processor or delegatee told us of the breach.
law-clock-informed-delegator = We told the delegator
law-clock-informed-delegator-about = When we told the controller or delegator.
law-clock-determined-breach = The breach was determined
law-clock-determined-breach-about = When it was determined that there was a breach. Several laws of the USA count from here.
law-clock-determined-notifiable = It was determined that the breach must be notified
law-clock-determined-notifiable-about = Singapore and New Zealand count from the assessment that the breach is notifiable.
law-clock-determined-material = The incident was determined to be material
law-clock-determined-material-about = The SEC counts its four business days from here. The determination itself must be made without unreasonable delay.
law-clock-classified = The incident was classified
law-clock-classified-about = When it was classified as major or significant. DORA counts four hours from here.
law-clock-recipients-identified = The affected people were identified
law-clock-recipients-identified-about = When it was found out whose data they are.
law-clock-corrective-measure-available = A correction became available
law-clock-corrective-measure-available-about = When a measure against the vulnerability became available (Cyber Resilience Act).
law-clock-ransom-paid = A ransom was paid
law-clock-ransom-paid-about = When the payment was made.
law-clock-handling-ended = The handling ended
law-clock-handling-ended-about = When the incident was dealt with. China’s summary report counts from here.
law-clock-filed = “{ $duty }” was done

moment-occurred-short = when it occurred
moment-detected-short = when it was detected
moment-any-department-knew-short = when it became known
moment-aware-short = when we became aware
moment-informed-by-processor-short = when a processor told us
moment-informed-delegator-short = when we told the delegator
moment-determined-breach-short = when the breach was determined
moment-determined-notifiable-short = when it was found notifiable
moment-determined-material-short = when it was found material
moment-classified-short = when it was classified
moment-recipients-identified-short = when the people were identified
moment-corrective-measure-available-short = when a correction was available
moment-ransom-paid-short = when a ransom was paid
moment-handling-ended-short = when the handling ended
