# Words of the custody of evidence.

entry-evidence-seen = Looked at the evidence “{$name}”
entry-evidence-given = Gave the evidence “{$name}” to {$to} ({$how}): {$reason}
entry-evidence-verified = Checked the evidence “{$name}”: {$found}
entry-evidence-held = Held {$name} back from destruction: {$reason}
entry-evidence-released = Lifted the hold on {$name}: {$reason}
evidence-found-intact = the bytes are those that were recorded
evidence-found-changed = the bytes are not those that were recorded
evidence-found-missing = the bytes are not in their place
evidence-found-destroyed = the bytes were destroyed on record
evidence-all = all evidence
problem-evidence-held = This evidence is held back from destruction
problem-evidence-held-next = Lift the hold first, with a reason, then try again.
