## The list of templates
nav-templates = Templates
templates-title = Templates
templates-lead = These are the texts that drafts of notices and reports are made from. Use the product’s texts as they are, or write your own. What you write is used for drafts that are begun from now on; notices that were drafted before do not change.
templates-read-only = The legal role and administrators may write templates. You can read them here, and try them on the facts of an incident.
templates-for-authority = To authorities and certifying bodies
templates-for-people = To the people affected
templates-for-delegator = To the entrusting business
templates-for-public = To the public
templates-for-staff = To our own people
templates-own-count = { $count ->
    [one] { $count } text of your own
   *[other] { $count } texts of your own
}
templates-none-own = All are the product’s texts
templates-texts = { $count ->
    [one] { $count } text in all
   *[other] { $count } texts in all
}

## One template
template-variant = Type of incident
template-part = Part
template-locale = Language
template-open = Open this template
template-own = own text
template-product = Product’s text
template-own-version = Own text, version { $number }
template-body = Template
template-save = Save as our own text
template-preview = With the facts filled in
template-preview-incident = Incident to try it on
template-preview-do = Update the preview
template-preview-lead = Nothing is saved. This follows when you stop typing.
template-preview-plain = “Update the preview” makes this anew from what you typed. Nothing is saved.
template-preview-none = There is no incident yet to try this on. Declare a practice incident to see the result.
template-preview-refused = The template has a mistake, so there is no result.
template-preview-gaps = { $count ->
    [0] Nothing is to be confirmed
    [one] { $count } gap to be confirmed
   *[other] { $count } gaps to be confirmed
}
template-preview-characters = { $count } / { $longest } characters
template-preview-too-long = Longer than this part may be
template-preview-empty = Nothing is written for these facts.
template-legend-gap = Facts that are not known yet
template-legend-reader = Filled in for each person when it is sent
template-reset = Go back to the product’s text
template-reset-text = The next draft will use the product’s text. Your own text stays among the versions, where you can read it later.
template-reset-do = Go back to the product’s text
template-conflict-title = Somebody else changed this first
template-conflict-text = { $name } saved version { $number }. What you typed is still in the editor. Compare the two, copy what you want to keep into the editor, then save. What you save becomes the new version.
template-conflict-theirs = The text that stands now
template-conflict-reset = It went back to the product’s text.
template-conflict-changes = From the text that stands now to what you typed
flash-template-saved = Your own text is saved. The next draft will use it.
flash-template-reset = The product’s text is used again.

## What may stand in braces
template-vocabulary = What may stand in braces
template-vocabulary-lead = Copy the code on the right into the text as it is. A fact that is not known becomes [To be confirmed].
template-group-facts = Facts
template-group-moments = Moments, numbers and more
template-group-organisation = Organisation and desk
template-group-reader = The reader (filled in for each person when it is sent)
template-group-conditions = Conditions (up to three within each other)
template-today = day of the draft
template-incident-number = number of the incident
template-organisation-name = name of the organisation
template-organisation-kana = name in kana
template-organisation-corporate-number = corporate number
template-organisation-address = address
template-organisation-representative = representative
template-organisation-industry = industry
template-organisation-desk-name = name of the desk
template-organisation-desk-phone = telephone number of the desk
template-organisation-desk-email = e-mail address of the desk
template-organisation-desk-hours = hours of the desk
template-organisation-dpo-name = name of the data protection officer
template-organisation-dpo-contact = how to reach the data protection officer
template-organisation-website = website
template-reader-salutation = salutation (“Dear” and the name, or “Dear customer”)
template-reader-name = name
template-reader-data-items = the person’s data items that leaked
template-reader-customer-number = customer number
template-if-known = one text when it is known, another while it is not
template-unless-known = only while it is not known
template-if-organisation = only if it is registered
fact-informed-by-processor-short = { moment-informed-by-processor-short }
fact-informed-delegator-short = { moment-informed-delegator-short }
fact-determined-breach-short = { moment-determined-breach-short }
fact-determined-notifiable-short = { moment-determined-notifiable-short }
fact-determined-material-short = { moment-determined-material-short }
fact-classified-short = { moment-classified-short }
fact-recipients-identified-short = { moment-recipients-identified-short }
fact-corrective-measure-available-short = { moment-corrective-measure-available-short }
fact-handling-ended-short = { moment-handling-ended-short }

## Versions
template-history = Versions
template-history-none = There is no text of your own yet. The product’s text is used.
template-version = Version { $number }
template-version-reset = went back to the product’s text
template-version-current = Stands now
template-compare-before = Compare with the one before
template-compare-product = Compare with the product’s text
template-changes-before = From version { $before } to version { $number }
template-changes-product = From the product’s text to version { $number }
template-changes-none = There is no difference.
template-changes-added = came
template-changes-removed = went

## Approval chains
chains-title = Approval chains
chains-lead = For each kind of notice, these people approve, in this order. A change holds for notices that are handed in from now on.
chains-read-only = Administrators may change approval chains.
chains-rule-title = Rules that always hold
chains-rule-eyes = Whoever wrote a version, handed it in or approved it already cannot approve that version.
chains-rule-author = If the author is the only one with a role, that stage is done by writing.
chains-rule-missing = If nobody else has the role, an administrator stands in. Each administrator stands in for one stage at most; when there are no more, the stage is left out.
chains-rule-one = Even when no stage is left, anybody other than the author who may approve still has to.
chains-drafting = Author
chains-own = own chain
chains-change = Change
chains-stage = Approver { $number }
chains-nobody = Nobody
chains-stages = Roles that approve
chains-save = Use this chain
chains-reset = Go back to the product’s chain
flash-chain-reset = The product’s chain is used again.
label-roles = Roles that approve
field-invalid-chain = Choose one to five roles that may approve.

## Mistakes
label-body = Template
template-unknown-tag = Line { $line }: “{ $tag }” cannot stand in braces. The list below shows what can.
template-open-braces = Line { $line }: the braces before “{ $tag }” are not closed. End them with two braces.
template-too-deep = Line { $line }: conditions may stand three deep at most. Take out “{ $tag }” or one around it.
template-too-many = Line { $line }: a template takes 300 pairs of braces at most. Take out some from “{ $tag }” on.
template-too-long = The text that begins on line { $line } is too long. Keep it to 20,000 characters.
template-unbalanced = Line { $line }: “{ $tag }” lacks the beginning or end of its condition.
