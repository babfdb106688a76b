## Readers and channels
notice-readers-authority = To authorities
notice-readers-people = To the people concerned
notice-readers-delegator = To the business that entrusted the data
notice-readers-public = To the public
notice-readers-staff = To our own people
notice-channel-form = Copied into a form
notice-channel-email = E-mail
notice-channel-letter = Letter
notice-channel-line = LINE
notice-channel-web = Website
notice-channel-document = Document
decision-delegated = Approval delegated

## List
notice-wanted = Needed
notices-others = Other documents
notices-how = How it works
notices-how-draft = Draft: a text is made from what is known. What is not known is marked “To be confirmed”.
notices-how-check = Check: gaps, contradictions with the facts, personal data and links are looked for. Errors are corrected, warnings answered.
notices-how-approve = Approve: people other than the author approve in a set order. Handing in freezes the text.
notices-how-issue = File or send: reports are copied into the authority’s form; people get an e-mail, a letter or a LINE message.

## A document
source = Source
notice-variables-hint = These become each reader’s salutation, name, own data items and customer number:
notice-submit-freezes = Handing in freezes the text and the number of readers. Any edit begins the approval anew.
notice-waits-for = Waiting for approval by: { $name }
notice-pdf = PDF for circulation
notice-docx = Word for circulation
submit-errors = { $count ->
    [one] One error keeps this from being handed in.
   *[other] { $count } errors keep this from being handed in.
}
submit-warnings = { $count ->
    [one] One warning has no answer yet.
   *[other] { $count } warnings have no answer yet.
}
submit-see = See the checks
stamp-delegate = { $role } (delegate)
stamp-stand-in = { $role } (administrator stands in)
delegate-title = Let somebody else decide
delegate-to = Who decides
delegate-do = Delegate the approval

## Readers
readers-title = Recipients
readers-choose = Choose recipients
readers-frozen = counted when it was handed in
readers-now = now; counted again when it is handed in
readers-changed = The register changed: the same filter now finds { $now } people. Edit the notice and hand it in again before sending.
readers-chosen = Filter
readers-found = People found
readers-reached = Of these, reached by { $channel }
readers-save = Use these recipients

## Checks
checks-title = Checks
checks-none = Nothing was found. A person must still read it.
finding-weight-error = To be corrected
finding-weight-warning = To be answered
finding-weight-note = For information
finding-answer = Why it is right as it stands
finding-answer-save = Save the answers
finding-empty = Nothing is written
finding-empty-next = Write this part.
finding-too-long = Too long
finding-too-long-next = Shorten it to what the form takes.
finding-gap = Gaps are left
finding-gap-next = Replace them with what is known, or say why they stay.
finding-placeholder = A placeholder is left
finding-placeholder-next = Replace it with the real content.
finding-missing-content = Something that the law wants said was not found
finding-missing-content-next = Add it, or say where it stands in other words.
finding-secret-number = This looks like a card number or a My Number
finding-secret-number-next = Take it out.
finding-personal-data = This looks like somebody’s contact details
finding-personal-data-next = Take it out, or say why it may stand.
finding-contradiction = A fact changed since the draft
finding-contradiction-next = Write what is known now, or say why the text stands.
finding-people-number = The number of people differs from the record
finding-people-number-next = Compare it with the register.
finding-link = A link leads elsewhere than to us
finding-link-next = Make sure that the site is genuine, and say why it is linked.
finding-unsafe-link = A link that cannot be opened safely
finding-unsafe-link-next = Use a proper address that begins with https://.
finding-language = This seems to be in the other language
finding-language-next = Check that the text is in the language of its field.
finding-direction = A control character turns the direction of the text
finding-direction-next = Type the sentence anew.

## Versions
changes-title = Changes
changes-see = Changes
changes-between = changes from version { $older } to { $newer }
changes-added = added
changes-removed = removed
changes-readers-only = The text is the same; the recipients changed.

## Copying
copy-lead-form = Copy it part by part into this form:
copy-lead-document = Copy it part by part, or export the whole as PDF or Word.
copy-progress = { $done } of { $all } fields copied
characters-of = { $count } of { $longest } characters
copy-mark = Copied
copy-done = Copied
copy-undo = Undo

## Preview and test
preview-letter = See the letter as PDF
preview-address = 1 Sample Street, Sampletown
test-mail-send = Send a test to myself
test-mail-text = Two mails, Japanese and English, go to your own address.
test-mail-mark = [Test] {""}

## Sending
send-channel = Channel
send-not-reached = Not reached
send-unreachable = Some people are not reached this way. Consider other ways, or publication.
send-by-letter = Letters are written as PDF. Print and post them, then record that on this notice’s page.
send-by-line = LINE user ids are written to files of 500. Send the message with your LINE Official Account, then record that on this notice’s page.
sending-pause = Pause
sending-resume = Go on
sending-cancel = Withdraw
sending-cancel-text = Withdraws what has not gone out. What is being sent, or was, cannot be taken back.
sending-cancel-do = Withdraw { $count }
hand-over-text = The files are on the exports page for 24 hours.
hand-over-files = Open exports
hand-over-how = How it was posted or sent: who, when, by which means, receipt number
hand-over-do = Record it as done
handed-over = Posted or sent:
sending-halted = The sending stopped by itself, because servers refused mail after mail:
sending-halted-next = Check the sender’s settings (SPF, DKIM, reputation) before you go on.
sending-is-paused = It is paused.
bulk-stopped = All bulk mail of this server is stopped. An administrator can let it go on under “Mail”.
sending-rate = { $count } a minute
sending-left = about { $minutes } minutes left
bulk-title = Emergency stop of bulk mail
bulk-text = Stops the mail to people of every incident. Mail to the team goes on. What was sent cannot be taken back.
bulk-stop = Stop all bulk mail
bulk-go-on = Let bulk mail go on
bulk-stopped-since = Stopped since:
flash-bulk-stopped = All bulk mail is stopped.
flash-bulk-allowed = Bulk mail goes on.
uncertain-title = Mail that may have arrived
uncertain-text = The answer was lost while it was sent. Look into the mail server’s log, then choose.
uncertain-sent = Take it as sent
uncertain-resend = Send again (some may get it twice)
uncertain-give-up = Take it as failed
flash-uncertain-settled = { $count } messages are settled.
delivery-unreachable = Not reached
mail-state-queued = waiting
mail-state-claimed = being prepared
mail-state-sending = being sent
mail-state-sent = sent
mail-state-failed = failed
mail-state-uncertain = uncertain
mail-state-cancelled = withdrawn
mail-state-bounced = bounced
data-items-unknown = items still being confirmed

## Document for circulation
circulation-version = Version
circulation-state = State
circulation-basis = Basis
circulation-readers = Recipients
circulation-texts = Text
circulation-findings = Checks and answers
circulation-foot = Confidential

## Wrong input
field-audience-changed = The register changed after the approval. Check the recipients and have it approved again.
field-had-a-hand-in-it = Whoever wrote it, handed it in or approved it cannot decide here.
field-warning-unanswered = A warning has no answer. Correct the text, or say why it is right.
field-longer-than-form = It is longer than the form takes.
field-placeholder = A placeholder is left.
field-secret-number = This looks like a card number or a My Number.
field-unsafe-link = Use an address that begins with https://.
field-direction = A control character turns the direction of the text.

## Messages
flash-notice-delegated = The approval was delegated; a mail says so.
flash-test-mail-sent = A test was sent to your address.
flash-sending-paused = The sending is paused.
flash-sending-resumed = The sending goes on.
flash-sending-cancelled = What had not gone out was withdrawn.
flash-handed-over = It was recorded.
