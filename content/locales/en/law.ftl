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
