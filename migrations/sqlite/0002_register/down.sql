DROP INDEX outbox_messages_settled;
DROP TABLE register_exports;
DROP TABLE retentions;
DROP TABLE desk_lookups;
DROP TABLE counters;
DROP TABLE column_mappings;
DROP TABLE person_conflicts;
DROP TABLE person_keys;
DROP TABLE person_rows;
DROP TABLE people;
DROP TABLE person_groups;
DROP TABLE roster_problems;
DROP TABLE rosters;
ALTER TABLE evidence DROP COLUMN destroyed_at;
ALTER TABLE evidence DROP COLUMN scope;

CREATE TABLE rosters (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    source_system TEXT NOT NULL,
    collection_point TEXT NOT NULL,
    data_items TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    people_added INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    problem_count INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX rosters_incident ON rosters (incident_id, recorded_at, id);

CREATE TABLE roster_problems (
    roster_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (roster_id, position)
) STRICT;

CREATE TABLE people (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    locale TEXT NOT NULL,
    country TEXT,
    minor TEXT,
    has_email INTEGER NOT NULL,
    has_phone INTEGER NOT NULL,
    has_line INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX people_incident ON people (incident_id, id);

CREATE TABLE person_keys (
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    blind_index BLOB NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (incident_id, kind, blind_index)
) STRICT;
CREATE INDEX person_keys_person ON person_keys (person_id);

CREATE TABLE person_rosters (
    roster_id TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (roster_id, "row")
) STRICT;
CREATE INDEX person_rosters_person ON person_rosters (person_id);
