# Keeping and destroying the data of affected people

## Wrong input
field-day-has-passed = Enter today or a later day.
field-wrong-incident-number = This is not the number of the incident. Enter the number that this page shows.
field-wrong-person-number = This is not the number of the person. Enter the number that this page shows.
label-keep_until = Kept until
label-basis = Basis

## What was done
flash-retention-set = Recorded until when the data are kept.
flash-purge-begun = The destruction has begun. The key is gone: nothing of the affected people can be opened any more.
flash-person-erased = Erased the person. The timeline holds the record.

## Keeping and destroying
keeping-title = Keeping and destroying
keeping-rule = How long the data are kept
keeping-until = Kept until
keeping-until-hint = The last day. Commanders and administrators get a mail 14 days before, and once it has passed.
keeping-basis = Basis
keeping-basis-hint = Why they are needed until then, e.g. until enquiries and claims are settled. It stays on the timeline; name nobody.
keeping-none = Nobody has decided how long these data are kept. Data that are no longer needed are to be erased without delay (APPI article 22).
keeping-ended = The last day has passed. Review the data, then destroy them or set another day with its reason.
keeping-goes = What goes
keeping-gone = What went
keeping-goes-people = Affected people: names, contacts, look-up keys, how rows were joined
keeping-goes-problems = Problems of roster rows, with masked values
keeping-goes-mails = The content of mails to these people; those that wait are withdrawn
keeping-goes-files = Sealed roster files
keeping-files = Files and their digests (SHA-256)
keeping-file-gone = destroyed
keeping-stays = What stays
keeping-stays-counts = Figures: people, countries, data items; the report uses them
keeping-stays-rosters = What is recorded of rosters: file name, digest, numbers of rows
keeping-stays-mails = States and numbers of deliveries
keeping-stays-evidence = Evidence other than rosters
keeping-stays-timeline = The timeline, with the record of the destruction
keeping-copies = Copies outside this server stay: backups, exported files, mails that were sent. Keep backups apart from the key (master.key), and destroy them after a fixed time.
keeping-proof = Proof of the destruction
keeping-purging = The data are being destroyed. The key is gone, so nothing can be opened any more; the remaining rows and files follow.
keeping-purged = Everything is destroyed.
keeping-by = Decided by
keeping-started-at = Key destroyed
keeping-purged-at = Destruction finished
keeping-entry = See the entry on the timeline
keeping-duty = keeping the data of affected people
keeping-days = { $days } days or fewer left
keeping-passed = the last day of keeping has passed
purge-title = Destroy the data of affected people
purge-lead = This cannot be undone. The key goes first, so that nothing can be read even if the rest is interrupted.
purge-early = The last day has not come yet. Make sure that the data have to go now.
purge-at-work = { $count } rosters are being imported, paused or taken back. Finish or cancel them first.
purge-confirm = To confirm, type the number of the incident: { $number }
purge-confirm-hint = Type it as it is shown.
purge-action = Destroy
erase-title = Erase a person
erase-number = Number of the person
erase-lead = This erases the person's data, their look-up keys and the content of mails to them, and takes them out of the figures. It cannot be undone.
erase-files = The roster files that hold this person are destroyed too. Their digests stay, but the files cannot be opened any more. What was imported of other people stays.
erase-reason = Reason
erase-reason-hint = It stays on the timeline, e.g. a request by the person. Write no name and no contact.
erase-confirm = To confirm, type the number of the person: { $number }
erase-action = Erase

## Timeline
entry-evidence-destroyed = Destroyed the evidence “{$name}” (digest {$sha256})
entry-retention-set = The data of affected people are kept until {$keep_until}: {$basis}
entry-retention-purged = Destroyed the data of affected people: {$people} people, {$rosters} rosters, {$files} files
entry-people-erased = Erased an affected person (number {$person_id}): {$reason}
