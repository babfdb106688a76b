CREATE TABLE severity_answers (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX severity_answers_incident ON severity_answers (incident_id, recorded_at, id);
