# Pages of an incident: people, authorities, notices, evidence, review, mail

## Words of every page
reload = Reload
recorded = Recorded
unverified = Not checked against the law's text
list-separator = {", "}

## What is wrong with a field
field-file-required = Choose a file.

## What was done
flash-evidence-sealed = The file was sealed and kept as evidence.
flash-filing-recorded = The filing was recorded.
flash-notice-drafted = Drafted from the facts known so far. Check every [To be confirmed].
flash-notice-saved = Saved as a new version.
flash-notice-submitted = Handed in for approval. The approvers are told by e-mail.
flash-notice-approved = Approved. The text of this version is frozen.
flash-notice-sent-back = Sent back with your reason.
flash-notice-dispatched = Sending has begun. This page shows how far it is.
flash-action-added = The action was added.
flash-action-done = The action is done.
flash-action-open = The action is open again.

## People affected
people-title = People affected
people-figures = How many
people-unit = people
people-count = { $count } people
people-all = Affected
people-with-email = Reachable by e-mail
people-with-phone = With telephone
people-unreachable = No contact known
people-minors = Minors
people-channels = Channels
people-countries = Residence
people-country-unknown = Country unknown
people-ages = Age
people-ages-line = { $minors } minors, { $adults } known adults, the others unknown
people-list = The people
people-masked = Shown masked
people-minor = Minor
people-no-name = No name
people-show = Show
people-import = Import a roster
people-empty-title = No roster yet
people-empty-text = Import a roster of the people affected (CSV or Excel). Then you know how many they are, how to reach them and where they live, and can write to each of them.
people-rosters = Rosters
people-roster = Roster
people-roster-note = Roster of people affected
people-data = Data items
people-data-none = Nobody has chosen yet which items are affected.
people-data-choose = Choose the items
people-back = Back to the people
people-person = One person
people-unreachable-mail = Not reachable by e-mail
people-unreadable-kept = The file itself was sealed and kept as evidence.
data-special-care = Special care
data-property-damage = Financial harm

roster-line = { $rows } rows, { $added } people added, { $duplicates } duplicates
roster-rejected = { $count } rows not imported
roster-problems = { $count } to check
roster-clean = No problems
roster-rows = Rows
roster-added = People added
roster-duplicates = Duplicates merged
roster-not-imported = Rows not imported
roster-source = System it came from
roster-source-hint = For example the member database, or the LINE Official Account Manager
roster-point = Where the data were collected
roster-point-hint = How these people came to give their data
roster-point-unknown = Not chosen, or not known
roster-items = Data items affected
roster-items-hint = The items of these people that leaked or may have leaked. They need not be columns of the file.
roster-file = File of the roster (CSV or Excel)
roster-file-hint = CSV, TSV or an Excel workbook (.xlsx), up to { $limit }. Encoding, delimiter and headings are detected.
roster-submit = Seal it and check the columns
roster-how = How the import works
roster-how-columns = Columns are recognised by their headings. You can correct that before the import, looking at the first rows.
roster-how-sealed = The file is sealed as evidence with its SHA-256. Names and contacts are stored encrypted.
roster-how-problems = An unreadable row or value does not stop the import. Row, column and reason of each are kept.
roster-how-duplicates = People with the same customer number, LINE ID, e-mail or telephone are merged into one.
roster-combinations = Items that identify together
roster-combinations-lead = One of them may not tell who somebody is. These combinations may.
roster-problems-title = Rows to check
roster-no-problems = No problems found
roster-no-problems-text = Every row was imported as it is.
problem-row = Row
problem-row-number = Row { $row }
problem-column = Column
problem-reason = Reason
problem-kept = Import
problem-kept-yes = Imported
problem-kept-no = Not imported
problem-whole-row = Whole row

person-reason = Why you need to see it
person-reason-hint = Who looked, when and why goes on the timeline. Do not write personal data here.
person-shown-lead = This was recorded on the timeline with your reason. Once you leave this page, the values are masked again.
person-unusable = As typed, not used

## Evidence
evidence-title = Evidence
evidence-count = { $count ->
    [one] 1 file
   *[other] { $count } files
}
evidence-download = Take out
evidence-verify = Verify
evidence-empty-title = No evidence yet
evidence-empty-text = Keep logs, screenshots and suspicious messages before they vanish. Of a sealed file anybody can check that it has not changed.
evidence-seal = Seal evidence
evidence-seal-action = Seal and keep
evidence-file = File
evidence-file-hint = Any format, at most { $limit }.
evidence-note = Description
evidence-note-hint = What it is, and where it was taken from
evidence-why = How evidence is kept
evidence-why-keep = Files are stored encrypted; their content never changes.
evidence-why-digest = The SHA-256 becomes another one if a single byte changes.
evidence-why-custody = Who sealed a file and who took it out is on the timeline, with the time.

## Authorities
authorities-lead = Duties to report and to notify, judged article by article from your answers and the moments from which clocks count.
authorities-questions = { $count } open questions
duty-state-met = Met in time
duty-state-met-late = Met late
duty-state-overdue = Overdue
duty-state-open = Open
duty-state-undecided = To be clarified
duty-state-not-required = No duty
duty-open-notice = Open the document
duty-draft = Draft it
duty-why = Why
duty-how = How
duty-contents = What it must say
due-counted-from = Counted from
regime-sources = Sources and notes
regime-as-of = The law as of { $day }
filings-title = Filings
filings-none = Nothing recorded yet. Once you have reported to an authority, record when, and the receipt number. That stops the clock.
filing-title = Record a filing
filing-record = Record the filing
filing-duty = Duty
filing-to = Filed with
filing-at = Filed at
filing-at-hint = When it was really filed ({ $zone })
filing-receipt = Receipt number
filing-receipt-hint = The number that the authority gave; leave it empty if there is none
filing-stops = This stops the clock of the duty, and the timeline keeps whether it was in time.

## Notices
notices-none = Not drafted yet.
notice-draft = Draft from the facts
notice-draft-again = Draft another
notice-version = Version { $version }
notice-begun-by = Begun by { $name }
notice-old-version = This is an older version.
notice-newest = Show the newest
notice-was-sent-back = Sent back
notice-no-names = Write no names or contacts of the people affected into a report.
notice-save = Save as a new version
notice-submit = Hand in for approval
notice-approve = Approve this version
notice-approve-hint = Approval freezes the text. An edit after it voids the approval.
notice-send-back = Send back
send-back-reason = Why it goes back
notice-send = Go to sending
notice-send-waits = The commander sends it.
notice-copy = Copy into the form
notice-preview = Preview
notice-edit = Edit
notice-back = Back to the document
notice-filed = Filed:
notice-history = History
approval-title = Approval
approve-own = You wrote this or handed it in, so you cannot approve it. Another approver has to.
edit-voids = Saving an edit voids the approval, or takes the document back from approval.
stamp-drafted = Written
stamp-approved-role = Approved
stamp-filed = Filed
stamp-sent = Sent
stamp-drafted-seal = DRAFT
stamp-approved-role-seal = APPR.
stamp-filed-seal = FILED
stamp-sent-seal = SENT
stamp-waiting = open
gaps-count = { $count ->
    [one] 1 place is still marked [To be confirmed]
   *[other] { $count } places are still marked [To be confirmed]
}
gaps-here = { $count } to confirm
gaps-facts = Not known when this was drafted:
conflict-title = Somebody else saved first
conflict-text = { $name } saved version { $version }. What you typed is kept below. Compare the two, take over what is needed, and save again.
copy-not-approved = This version is not approved. Have it approved before you file it.
characters = { $count } characters
preview-lead = As a made-up person would get it. The salutation changes for each person.
preview-name = Sample Person
preview-alone = Open this view alone
preview-text = Text
send-from = From
send-to = Goes to
send-confirm = Type the number of people it goes to, { $count }, to confirm
send-confirm-hint = Sending cannot be undone.
send-action = Send to { $count } people
send-not-approved = Only an approved document can be sent.
delivery-title = Delivery
delivery-running = Sending
delivery-settled = Finished
delivery-sent = Sent
delivery-waiting = Waiting
delivery-failed = Failed
delivery-uncertain = Uncertain
delivery-cancelled = Withdrawn

## Review
review-not-written = Not written yet.
actions-none = None yet. Write down who does what by when, so that it does not happen again.
actions-open = { $count } open
action-add = Add an action
action-title = What is to be done
action-owner = Who
action-due = By
action-done = Done
action-done-at = Done
action-overdue = Overdue
action-undo = Open again
action-finish = Done
export-lead = The course of events, duties and how they were met, people, notices and the review in one document. Each export is on the timeline.
verification-title = Proof of the record
verification-lead = Each entry of the timeline is chained to the one before. A changed, removed or reordered entry is found.
verification-run = Verify now
verification-holds = All { $count } entries were checked; none was changed.
verification-broken = { $count } things do not hold
verification-broken-next = Find out who touched the server's data and when, and compare with a backup.
verification-entry = Entry { $seq }

## Mail
mail-title = Mail
mail-one = Mail
mail-down = Mail is not going out
mail-down-text = { $queued } messages wait. None is lost; they are tried again automatically.
mail-retry = Next attempt:
mail-down-why = Reason:
mail-folder = Mail is written to a folder, not sent
mail-folder-text = This is a setting for practice and trials. Neither the people affected nor the approvers get it.
mail-open = See the mails
mail-uncertain = { $count } mails may or may not have arrived
mail-uncertain-text = The connection broke while they were sent. They are not repeated automatically, so that nobody gets them twice. Look into the mail server's log.
mail-fine = Mail goes to { $server }. Nothing is held up.
mail-waiting = Waiting
mail-uncertain-short = Uncertain
mail-waiting-since = The oldest waits since
mail-in-folder = Mails in the folder
mail-newest = the newest { $count }
mail-subject = Subject
mail-to = To
mail-at = Time
mail-back = Back to the list
mail-one-lead = This mail was written to a folder. It was not sent to anybody.
mail-empty-title = No mail yet
mail-empty-text = Requests for approval, reminders of deadlines and notices to people appear here.
