-- Ids are text, instants are microseconds since 1970 UTC, structured values are JSON text.

CREATE TABLE organisation (
    id TEXT NOT NULL,
    name_ja TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    corporate_number TEXT NOT NULL,
    address TEXT NOT NULL,
    representative TEXT NOT NULL,
    industry TEXT NOT NULL,
    desk_name_ja TEXT NOT NULL,
    desk_name_en TEXT NOT NULL,
    desk_phone TEXT NOT NULL,
    desk_email TEXT NOT NULL,
    desk_hours_ja TEXT NOT NULL,
    desk_hours_en TEXT NOT NULL,
    practice INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE accounts (
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key);

CREATE TABLE sessions (
    token_hash TEXT NOT NULL,
    account_id TEXT NOT NULL,
    csrf_token TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE one_time_links (
    token_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    account_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (token_hash)
) STRICT;

CREATE TABLE api_tokens (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);

CREATE TABLE sign_in_failures (
    subject_hash TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    locked_until INTEGER,
    PRIMARY KEY (subject_hash)
) STRICT;

CREATE TABLE incidents (
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT,
    pattern TEXT,
    severity TEXT,
    practice INTEGER NOT NULL,
    state TEXT NOT NULL,
    commander_id TEXT,
    declared_by TEXT NOT NULL,
    declared_at INTEGER NOT NULL,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX incidents_number ON incidents (number);
CREATE INDEX incidents_declared ON incidents (declared_at, id);

CREATE TABLE clock_starts (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    zone TEXT NOT NULL,
    said_by TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX clock_starts_incident ON clock_starts (incident_id, recorded_at, id);

CREATE TABLE facts (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    known_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX facts_incident ON facts (incident_id, key, recorded_at, id);

CREATE TABLE steps (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    playbook_id TEXT NOT NULL,
    phase TEXT NOT NULL,
    step_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    assignee_id TEXT,
    started_at INTEGER,
    finished_at INTEGER,
    reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX steps_incident ON steps (incident_id, playbook_id, step_key);

CREATE TABLE evidence (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX evidence_incident ON evidence (incident_id, recorded_at, id);

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

CREATE TABLE data_keys (
    scope TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    destroyed_at INTEGER,
    PRIMARY KEY (scope)
) STRICT;

CREATE TABLE timeline_entries (
    incident_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    salt BLOB NOT NULL,
    payload TEXT,
    commitment BLOB NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (incident_id, seq)
) STRICT;
CREATE UNIQUE INDEX timeline_entries_id ON timeline_entries (id);

CREATE TABLE timeline_heads (
    incident_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (incident_id)
) STRICT;

CREATE TABLE checkpoints (
    id TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX checkpoints_created ON checkpoints (created_at, id);

CREATE TABLE notices (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX notices_incident ON notices (incident_id, created_at, id);

CREATE TABLE notice_versions (
    notice_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    gaps TEXT NOT NULL,
    author_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (notice_id, version)
) STRICT;

CREATE TABLE approvals (
    id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    decision TEXT NOT NULL,
    account_id TEXT NOT NULL,
    reason TEXT,
    digest TEXT,
    bytes BLOB,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX approvals_notice ON approvals (notice_id, recorded_at, id);

CREATE TABLE filings (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    notice_id TEXT,
    filed_at INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX filings_incident ON filings (incident_id, filed_at, id);

CREATE TABLE dispatches (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    audience INTEGER NOT NULL,
    unreachable INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX dispatches_incident ON dispatches (incident_id, recorded_at, id);

CREATE TABLE outbox_batches (
    id TEXT NOT NULL,
    template TEXT NOT NULL,
    sender TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    paused_at INTEGER,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE outbox_messages (
    id TEXT NOT NULL,
    batch_id TEXT,
    subject_id TEXT,
    scope TEXT NOT NULL,
    priority INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_at INTEGER,
    settled_at INTEGER,
    reply_code INTEGER,
    reply TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX outbox_messages_due ON outbox_messages (state, priority, due_at, id);
CREATE INDEX outbox_messages_batch ON outbox_messages (batch_id, subject_id);

CREATE TABLE reminders (
    incident_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    due TEXT NOT NULL,
    threshold TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (incident_id, duty_id, due, threshold, account_id)
) STRICT;

CREATE TABLE review_notes (
    incident_id TEXT NOT NULL,
    section TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (incident_id, section)
) STRICT;

CREATE TABLE actions (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT,
    done_at INTEGER,
    recorded_by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX actions_incident ON actions (incident_id, recorded_at, id);

CREATE TABLE leases (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
