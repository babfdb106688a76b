# Actions across incidents

actions-title = Actions
actions-lead = What is still to be done in all incidents. Actions of closed incidents stay here until they are done. From seven days before its day, the morning mail tells of an action, too.
actions-late = { $count } overdue
actions-none-title = No open actions
actions-none-text = Actions are added in the review of each incident.
board-actions = Open actions
board-actions-late = ({ $count } overdue)
