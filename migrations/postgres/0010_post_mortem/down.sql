CREATE TABLE review_notes (
    incident_id TEXT NOT NULL,
    section TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, section)
);
-- Only the newest version of a section that was there before has a place to go back to.
INSERT INTO review_notes (incident_id, section, body, version, recorded_by, recorded_at)
SELECT incident_id, section, body, version, recorded_by, recorded_at FROM post_mortem_versions AS newest
WHERE section IN ('summary', 'root-cause', 'went-well', 'went-badly', 'luck', 'minimisation')
AND version = (
    SELECT MAX(version) FROM post_mortem_versions AS all_versions
    WHERE all_versions.incident_id = newest.incident_id AND all_versions.section = newest.section
);
DROP TABLE post_mortem_versions;
