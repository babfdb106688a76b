# Sign-in, set-up, accounts, organisation

role-administrator = Administrator
role-administrator-does = Runs the server and the accounts. In a small organisation, may do all the work.
role-commander = Commander
role-commander-does = Leads the response, approves and sends notices.
role-legal = Legal
role-legal-does = Checks duties, drafts and approves reports and notices.
role-responder = Responder
role-responder-does = Carries out the steps, records facts and lists of people.
role-approver = Approver
role-approver-does = Approves what goes out.
role-viewer = Viewer
role-viewer-does = Reads incidents and exports reports.

sign-in-title = Sign in
sign-in-action = Sign in
sign-in-help = If you forgot your password, or your invitation has expired, ask an administrator for a new link.

account-title = Account settings
account-profile = About you
account-name = Name
account-email = E-mail address
account-role = Role
account-state = State
account-language = Language
account-active = Active
account-invited = Invited
account-disabled = Disabled
account-password = Password
account-password-hint = 12 characters or more, of any kind. Use one that you use nowhere else.
account-current-password = Current password
account-new-password = New password
account-repeat-password = New password again
account-change-password = Change password
account-keys = Use keyboard shortcuts
account-keys-hint = / to search, c to declare, n for a note. Kept in this browser only.

field-password-short = Use { $minimum } characters or more.
field-password-long = Use { $maximum } characters or fewer.
field-password-common = This password is easy to guess. Choose another one.
field-password-context = This password is close to your name, your address or the product. Choose another one.
field-password-wrong = The current password is not right.
field-password-differs = The two new passwords differ. Enter them again.
field-last-administrator = No administrator would remain. Make another administrator first.
field-own-account = You cannot disable your own account. Ask another administrator.
field-email-taken = An account with this address exists. Check the list.
field-invalid-corporate-number = A corporate number has 13 digits. The check digit does not fit.
field-desk-unreachable = Enter a telephone number, an e-mail address, or both.
field-invalid-website = Enter an address that begins with https://. Example: https://www.example.jp/
field-invalid-domains = Enter domains only, without https:// or a path. Example: example.jp

set-up-title = Set up Shodo
set-up-lead = Register the first administrator, and the organisation that notices and reports will name. The organisation can be changed later.
set-up-administrator = First administrator
set-up-action = Register and begin

invitation-title = Accept the invitation
reset-title = Set a new password
password-lead = { $name }, choose the password that you will sign in with. This link works once.
password-action = Set password and sign in

accounts-title = Accounts
accounts-count = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
accounts-invite = Invite somebody
accounts-invite-lead = This makes a link that works once, within 7 days.
accounts-invite-action = Make invitation link
accounts-link-lead = This link is for { $name } and is shown only now. Hand it over by a safe way.
accounts-role-of = Role of { $name }
accounts-new-link = New link
accounts-disable = Disable
accounts-enable = Enable

sessions-title = Where you are signed in
session-began = Since
session-seen = Last used
session-current = This device
session-end = Sign out
sessions-end-others = Sign out all other devices
sessions-end-all = Sign out everywhere, here too

tokens-title = API tokens
tokens-lead = Keys for scripts that use the API. A token may do what you may do.
token-name = Purpose
token-name-hint = Example: show deadlines on the intranet
token-life = Valid for
token-life-30 = 30 days
token-life-90 = 90 days
token-life-365 = 1 year
token-create = Create token
token-created = Created
token-expires = Ends
token-used = Last used
token-unused = Not used yet
token-revoke = Revoke
token-secret-lead = Your new token is shown only now. Keep it in a safe place.

organisation-title = Organisation
organisation-names = About the organisation
organisation-name-ja = Name (Japanese)
organisation-name-kana = Name in kana
organisation-name-en = Name (English)
organisation-name-en-hint = Used in English notices and in reports to authorities abroad.
organisation-corporate-number = Corporate number
organisation-corporate-number-hint = 13 digits. Hyphens and full-width digits are accepted.
organisation-address = Address
organisation-representative = Representative
organisation-industry = Industry
desk-title = Contact desk
desk-why = Every notice to affected people names this desk.
desk-name-ja = Desk (Japanese)
desk-name-en = Desk (English)
desk-phone = Telephone
desk-email = E-mail address
desk-hours-ja = Hours (Japanese)
desk-hours-en = Hours (English)
organisation-web = Website
organisation-website = Address of the website
organisation-website-hint = Where public statements are put. Begin with https://
organisation-web-domains = Domains that links in notices may lead to
organisation-web-domains-hint = Separate them by commas or spaces. The domains of the website and of the desk’s e-mail address need not be named. The checks of a notice warn of links to any other domain.
organisation-dpo = Data protection officer (DPO)
organisation-dpo-why = Enter this if you have appointed one under GDPR art. 37. Reports to supervisory authorities and notices to the people affected name them.
organisation-dpo-name = Name of the DPO
organisation-dpo-contact = How to reach the DPO

flash-welcome = Welcome. You are signed in.
flash-signed-out = You are signed out.
flash-account-disabled = The account is disabled, and all its sessions have ended.
flash-account-enabled = The account is enabled.
flash-password-changed = Your password is changed, and other devices are signed out.
flash-session-ended = Signed out.
flash-token-revoked = The token is revoked.

label-name = { account-name }
label-email = { account-email }
label-role = { account-role }
label-locale = { account-language }
label-password = { account-password }
label-current_password = { account-current-password }
label-new_password = { account-new-password }
label-repeat_password = { account-repeat-password }
label-token_name = { token-name }
label-token_days = { token-life }
label-name_ja = { organisation-name-ja }
label-name_en = { organisation-name-en }
label-name_kana = { organisation-name-kana }
label-corporate_number = { organisation-corporate-number }
label-address = { organisation-address }
label-representative = { organisation-representative }
label-industry = { organisation-industry }
label-desk_name_ja = { desk-name-ja }
label-desk_name_en = { desk-name-en }
label-desk_phone = { desk-phone }
label-desk_email = { desk-email }
label-desk_hours_ja = { desk-hours-ja }
label-desk_hours_en = { desk-hours-en }
label-website = { organisation-website }
label-web_domains = { organisation-web-domains }
label-dpo_name = { organisation-dpo-name }
label-dpo_contact = { organisation-dpo-contact }
