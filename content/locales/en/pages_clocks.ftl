# The deadlines of all incidents, and the feed for calendars

## List and calendar
clocks-overview-title = Deadlines
clocks-overview-lead = Every running deadline and target of all open incidents.
clocks-tabs = How deadlines are shown
clocks-tab-list = List
clocks-tab-calendar = Calendar
clocks-subscribe = Add to your calendar
clocks-day-free = Nothing due
clocks-day-closed = offices closed
clocks-whole-day = { $day }, to the end of the day ({ $zone })
clocks-to = To: { $name }
clocks-undated = No date
clocks-filter-incident = Incident
clocks-filter-incident-all = Incident: all
clocks-filter-kind = Deadline or target
clocks-filter-kind-all = Deadlines and targets
clocks-group-over = Passed
clocks-group-day = Within 24 hours
clocks-group-week = Within 7 days
clocks-group-later = Later
clocks-group-undated = Without a date
clocks-undated-about = Duties to be done without delay, and clocks whose start nobody has named
clocks-none-filtered = No deadline fits.
clocks-empty-title = No deadline is running
clocks-empty-text = Declare an incident and record when you knew and what you know: the legal deadlines then line up here.
clocks-empty-action = Open incidents
clocks-months = Other months
clocks-this-month = This month
clocks-more = { $count } more
clocks-due-items = due
clocks-month-list = Due in this month
clocks-month-free = Nothing is due in this month.
clocks-month-unsure = The holidays of this month are not proclaimed yet, so deadlines may move.
clocks-legend-closed = Japan’s authorities are closed
clocks-legend-near = Within 24 hours, or passed

## The feed for calendars
feed-title = Calendar feed
feed-lead = Subscribe in your own calendar to the deadlines of all open incidents. Whoever knows the address can read it without signing in: do not pass it on.
feed-holds = It holds the incident’s number, the duty with its recipient, its due time and the article it rests on. It holds no title of an incident and nothing about people.
feed-there = You have an address to subscribe to
feed-read = Last read
feed-unread = Not read yet
feed-create = Create an address
feed-replace = Replace the address
feed-replace-hint = When you replace or remove the address, the earlier one stops working at once.
feed-remove = Remove
feed-secret-lead = The address for your calendar is shown only now. Paste it where your calendar adds a calendar by URL.
feed-name = Shodo deadlines
feed-summary = { $number } { $duty } ({ $kind })
feed-summary-practice = [Practice] { $number } { $duty } ({ $kind })
feed-mark = Note: { $text }
flash-feed-removed = The address is removed.
