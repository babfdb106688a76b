CREATE TABLE duty_rulings (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    ruling TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX duty_rulings_incident ON duty_rulings (incident_id, decided_at, id);

-- What was filed: how far it goes, why it was late, and what it said of each item.
ALTER TABLE filings ADD COLUMN stage TEXT NOT NULL DEFAULT 'final';
ALTER TABLE filings ADD COLUMN late_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE filings ADD COLUMN contents TEXT NOT NULL DEFAULT '{}';
