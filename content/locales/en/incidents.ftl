## Kinds and patterns of incidents
kind-leak = Leak
kind-misuse = Misuse
kind-privacy = Privacy violation
kind-leak-hint = Personal data went out, was lost, or became unreadable
kind-misuse-hint = Somebody uses personal data for a wrong purpose
kind-privacy-hint = Something private (tastes, whereabouts, pictures) became known
pattern-cyberattack = Mass leak through a cyberattack
pattern-misconfigured-access = Wrong sharing through faulty access rights
pattern-account-takeover = Messages sent from a taken-over account
pattern-fraud-spam = Fraud and spam
pattern-impersonation = Impersonation
pattern-phishing = Phishing
pattern-preferences = Exposure of tastes and preferences
pattern-location = Exposure of location data
pattern-images = Improper use of images and photos
kind-unknown = Kind not known yet
pattern-unknown = Not known yet

## Severity and state
severity-1 = Severity 1
severity-2 = Severity 2
severity-3 = Severity 3
severity-1-hint = Many people affected, or somebody's safety is at risk
severity-2-hint = The effect may spread
severity-3-hint = The effect is limited
severity-unknown = Severity not set
state-open = Open
state-closed = Closed
practice = Practice

## The review
section-summary = Summary
section-summary-hint = What happened and what was done, in 3 to 5 sentences, for somebody who was not there
section-root-cause = Causes
section-root-cause-hint = Why it could happen: name the system, not the person
section-went-well = What went well
section-went-well-hint = What to do the same way next time
section-went-badly = What went badly
section-went-badly-hint = What was late, unclear or missing
section-luck = Where luck helped
section-luck-hint = What may not save you next time
section-minimisation = Data minimisation
section-minimisation-hint = Items that need not have been collected, or could have been deleted
section-actions = Actions
section-actions-hint = Who does what by when. Remarks on how it will be done go here
field-invalid-date = Enter a date in the form 2026-12-25.
