-- Content-addressed storage: an object's name is the SHA-256 of its sealed bytes.
-- Rows from before keep an empty address; their files lie under their ids and go on being found there.
ALTER TABLE evidence ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- What the bytes themselves look like, beside what the sender claimed.
ALTER TABLE evidence ADD COLUMN found_type TEXT NOT NULL DEFAULT '';
CREATE INDEX evidence_address ON evidence (address);

-- What must not be destroyed, and why: one file, or everything of an incident (no evidence_id).
CREATE TABLE evidence_holds (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    evidence_id TEXT,
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    lifted_by TEXT,
    lifted_at INTEGER,
    lift_reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX evidence_holds_incident ON evidence_holds (incident_id, set_at, id);

-- The timeline is filtered in the database, by each of these.
CREATE INDEX timeline_entries_kind ON timeline_entries (incident_id, kind, seq);
CREATE INDEX timeline_entries_occurred ON timeline_entries (incident_id, occurred_at, seq);
