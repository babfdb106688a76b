-- The register of affected people, for a million of them: a person is one row, what the pages
-- filter by is a group that many people share, and blind indexes lie in one table of their own.
-- Rosters imported before have to be imported again; their sealed files are still there.
DROP TABLE person_rosters;
DROP TABLE person_keys;
DROP TABLE people;
DROP TABLE roster_problems;
DROP TABLE rosters;

ALTER TABLE evidence ADD COLUMN scope TEXT NOT NULL DEFAULT '';
UPDATE evidence SET scope = incident_id;
ALTER TABLE evidence ADD COLUMN destroyed_at INTEGER;

CREATE TABLE rosters (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    source_system TEXT NOT NULL,
    collection_point TEXT NOT NULL,
    data_items TEXT NOT NULL,
    period_from TEXT,
    period_to TEXT,
    layout TEXT NOT NULL,
    corrects TEXT,
    state TEXT NOT NULL,
    failure TEXT,
    total_rows INTEGER NOT NULL,
    last_row INTEGER NOT NULL,
    indexed_through INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    people_added INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    problem_count INTEGER NOT NULL,
    conflict_count INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    resumed_at INTEGER,
    resumed_rows INTEGER NOT NULL,
    touched_at INTEGER,
    finished_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX rosters_incident ON rosters (incident_id, number);
CREATE INDEX rosters_state ON rosters (state, recorded_at, id);

CREATE TABLE roster_problems (
    roster_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    masked TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (roster_id, position)
) STRICT;

CREATE TABLE person_groups (
    id INTEGER NOT NULL PRIMARY KEY,
    incident_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    rosters TEXT NOT NULL,
    data_items TEXT NOT NULL,
    locale TEXT NOT NULL,
    country TEXT,
    region TEXT,
    minor TEXT,
    has_email INTEGER NOT NULL,
    has_phone INTEGER NOT NULL,
    has_line INTEGER NOT NULL,
    has_number INTEGER NOT NULL,
    has_post INTEGER NOT NULL,
    notice_state TEXT NOT NULL,
    people INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_groups_digest ON person_groups (incident_id, digest);

CREATE TABLE people (
    id INTEGER NOT NULL PRIMARY KEY,
    group_id INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    blind_indexes BLOB NOT NULL
) STRICT;
CREATE INDEX people_group ON people (group_id);

CREATE TABLE person_rows (
    person_id INTEGER NOT NULL,
    roster_number INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person_id, roster_number, "row")
) WITHOUT ROWID, STRICT;

CREATE TABLE person_keys (
    blind_index BLOB NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (blind_index, person_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE person_conflicts (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    roster_number INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    decision TEXT,
    decided_by TEXT,
    decided_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX person_conflicts_incident ON person_conflicts (incident_id, id);

CREATE TABLE column_mappings (
    header_digest TEXT NOT NULL,
    fields TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (header_digest)
) STRICT;

CREATE TABLE counters (
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
INSERT INTO counters (name, value) VALUES ('people', 0);

CREATE TABLE desk_lookups (
    incident_id TEXT NOT NULL,
    day TEXT NOT NULL,
    found INTEGER NOT NULL,
    not_found INTEGER NOT NULL,
    PRIMARY KEY (incident_id, day)
) STRICT;

CREATE TABLE retentions (
    incident_id TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    basis TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    purge_started_at INTEGER,
    purged_by TEXT,
    purged_at INTEGER,
    counts TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (incident_id)
) STRICT;

CREATE TABLE register_exports (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    content TEXT NOT NULL,
    format TEXT NOT NULL,
    filter TEXT NOT NULL,
    roster_id TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    total_rows INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    locale TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    touched_at INTEGER,
    finished_at INTEGER,
    expires_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX register_exports_incident ON register_exports (incident_id, recorded_at, id);

-- What became of the mails of a sending since the register last looked.
CREATE INDEX outbox_messages_settled ON outbox_messages (batch_id, settled_at);
