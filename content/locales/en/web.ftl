# Words that every page shares

skip-to-content = Skip to content
nav-main = Main menu
nav-crumbs = You are here
nav-pages = More pages
nav-incidents = Incidents
nav-clocks = Deadlines
nav-playbooks = Playbooks
nav-admin = Administration
nav-own-menu = Menu of { $name }
nav-own-account = Account settings
nav-sign-out = Sign out

practice-tag = Practice
practice-banner = This is for practice. Nothing is sent to real authorities or people.

save = Save
change = Change
copy = Copy
copied = Copied
actions = Actions
saved-at = Last saved:
page-previous = Previous
page-next = Next
clock-left = Left
phase-number = Phase { $number }:
recorded-later = Recorded:

# `label-<field>` names a field in the summary of errors.
errors-line = { $label }: { $message }
errors-title = Please check what you entered
field-required-mark = Required
field-required = Enter this field.
field-too-long = Use { $maximum } characters or fewer.
field-invalid-email = This is not a valid e-mail address. Example: name@example.com
field-invalid-choice = Choose one of the options shown.
field-control-character = This holds a character that cannot be kept (line break or control character). Remove it.
field-in-the-past = Choose a time that is still to come.

flash-saved = Saved.
