-- The post-mortem: every version of each of its sections. What was written until now are versions by hand.
CREATE TABLE post_mortem_versions (
    incident_id TEXT NOT NULL,
    section TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    automatic BOOLEAN NOT NULL,
    begun_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, section, version)
);
INSERT INTO post_mortem_versions (incident_id, section, version, body, automatic, begun_at, recorded_by, recorded_at)
SELECT incident_id, section, version, body, FALSE, recorded_at, recorded_by, recorded_at FROM review_notes;
DROP TABLE review_notes;
