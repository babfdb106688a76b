-- Which entries the report tells first, and which sealed files belong to an entry.
-- Both stand beside the chain: what was chosen and taken back is told by entries of its own.
CREATE TABLE timeline_pins (
    incident_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    pinned_by TEXT NOT NULL,
    pinned_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, seq)
);
CREATE TABLE timeline_attachments (
    incident_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    evidence_id TEXT NOT NULL,
    attached_by TEXT NOT NULL,
    attached_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, seq, evidence_id)
);
-- Which entry says anew, and rightly, what an earlier one said; the chain keeps both.
CREATE TABLE timeline_corrections (
    incident_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    corrected_by BIGINT NOT NULL,
    PRIMARY KEY (incident_id, seq)
);
