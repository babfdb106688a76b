-- The post-mortem: every version of each of its sections. What was written until now are versions by hand.
CREATE TABLE post_mortem_versions (
    incident_id TEXT NOT NULL,
    section TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (incident_id, section, version)
) STRICT;
INSERT INTO post_mortem_versions (incident_id, section, version, body, automatic, begun_at, recorded_by, recorded_at)
SELECT incident_id, section, version, body, 0, recorded_at, recorded_by, recorded_at FROM review_notes;
DROP TABLE review_notes;
