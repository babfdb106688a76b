# The record and its proof

flash-checkpoint-made = Made a checkpoint. Download it and keep it elsewhere.
flash-checkpoint-unchanged = Nothing was recorded since the newest checkpoint: it says all there is to say.

trust-title = Record and proof
trust-lead = Every entry of a timeline names the one before it. Checkpoints sign how far each timeline had come. Together they show whether anything was changed, removed or put in later.
trust-check = Check of everything
trust-check-lead = Reads every entry and every checkpoint of this server and recalculates them.
trust-check-running = A check runs since
trust-check-look = Look again
trust-check-now = Verify now
trust-check-command = With the sealed files, at the server itself:
trust-holds = Nothing was tampered with. Entries: { $entries }. Incidents: { $incidents }. Checkpoints that agree: { $checkpoints }.
trust-as-of = As of
trust-broken = { $count ->
    [one] One thing does not hold
   *[other] { $count } things do not hold
}
trust-more = And { $count } more. The command names them.
trust-broken-next = Change nothing on this server now. Keep a copy of the database and of the data directory, and compare with backups and with checkpoints that were kept elsewhere.
trust-unread = The database could not be read to its end. The log says why.
trust-key = Key that signs
trust-key-lead = Write this fingerprint down where nobody who runs this server can change it. Who replaces the key can sign a falsified record anew; the fingerprint then differs.
trust-key-download = Public key
trust-checkpoints = Checkpoints
trust-checkpoints-lead = Made every hour, when an incident is closed, and here. A copy kept outside of this server proves what was recorded until then, even against somebody who controls the whole server.
trust-make = Make a checkpoint
trust-number = No. { $number }
trust-chains = Incidents: { $count }
trust-keep = Download
trust-none-title = No checkpoint yet
trust-none-text = The first one is made within an hour of the first incident.
