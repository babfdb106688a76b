## Phases
phase-detect = Detect and organise
phase-contain = Contain
phase-scope = Scope
phase-report = Report to authorities
phase-notify = Tell the people affected
phase-learn = Prevent and learn

## States of a step
step-todo = Not started
step-doing = In progress
step-done = Done
step-skipped = Left out

## Moves
move-start = Start
move-finish = Finish
move-skip = Leave out
move-reopen = Open again

## Pages of an incident
link-overview = Overview
link-playbook = Playbook
link-facts = Facts
link-people = People affected
link-authorities = Authorities
link-notices = Notices
link-evidence = Evidence
link-timeline = Timeline
link-review = Review
