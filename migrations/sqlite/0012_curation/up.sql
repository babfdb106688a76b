-- Which entries the report tells first, and which sealed files belong to an entry.
-- Both stand beside the chain: what was chosen and taken back is told by entries of its own.
CREATE TABLE timeline_pins (
    incident_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    pinned_by TEXT NOT NULL,
    pinned_at INTEGER NOT NULL,
    PRIMARY KEY (incident_id, seq)
) STRICT;
CREATE TABLE timeline_attachments (
    incident_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    evidence_id TEXT NOT NULL,
    attached_by TEXT NOT NULL,
    attached_at INTEGER NOT NULL,
    PRIMARY KEY (incident_id, seq, evidence_id)
) STRICT;
-- Which entry says anew, and rightly, what an earlier one said; the chain keeps both.
CREATE TABLE timeline_corrections (
    incident_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    corrected_by INTEGER NOT NULL,
    PRIMARY KEY (incident_id, seq)
) STRICT;
