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
    practice BOOLEAN NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE accounts (
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key);

CREATE TABLE sessions (
    token_hash TEXT NOT NULL,
    account_id TEXT NOT NULL,
    csrf_token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE one_time_links (
    token_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    account_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (token_hash)
);

CREATE TABLE api_tokens (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);

CREATE TABLE sign_in_failures (
    subject_hash TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (subject_hash)
);

CREATE TABLE incidents (
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT,
    pattern TEXT,
    severity TEXT,
    practice BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    commander_id TEXT,
    declared_by TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX incidents_number ON incidents (number);
CREATE INDEX incidents_declared ON incidents (declared_at, id);

CREATE TABLE clock_starts (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    zone TEXT NOT NULL,
    said_by TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX clock_starts_incident ON clock_starts (incident_id, recorded_at, id);

CREATE TABLE facts (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    known_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX facts_incident ON facts (incident_id, key, recorded_at, id);

CREATE TABLE steps (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    playbook_id TEXT NOT NULL,
    phase TEXT NOT NULL,
    step_key TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    assignee_id TEXT,
    started_at BIGINT,
    finished_at BIGINT,
    reason TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX steps_incident ON steps (incident_id, playbook_id, step_key);

CREATE TABLE evidence (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX evidence_incident ON evidence (incident_id, recorded_at, id);

CREATE TABLE rosters (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    source_system TEXT NOT NULL,
    collection_point TEXT NOT NULL,
    data_items TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    people_added BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    problem_count BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX rosters_incident ON rosters (incident_id, recorded_at, id);

CREATE TABLE roster_problems (
    roster_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    "row" BIGINT NOT NULL,
    "column" TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (roster_id, position)
);

CREATE TABLE people (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    locale TEXT NOT NULL,
    country TEXT,
    minor TEXT,
    has_email BOOLEAN NOT NULL,
    has_phone BOOLEAN NOT NULL,
    has_line BOOLEAN NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX people_incident ON people (incident_id, id);

CREATE TABLE person_keys (
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    blind_index BYTEA NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (incident_id, kind, blind_index)
);
CREATE INDEX person_keys_person ON person_keys (person_id);

CREATE TABLE person_rosters (
    roster_id TEXT NOT NULL,
    "row" BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (roster_id, "row")
);
CREATE INDEX person_rosters_person ON person_rosters (person_id);

CREATE TABLE data_keys (
    scope TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    PRIMARY KEY (scope)
);

CREATE TABLE timeline_entries (
    incident_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    salt BYTEA NOT NULL,
    payload TEXT,
    commitment BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (incident_id, seq)
);
CREATE UNIQUE INDEX timeline_entries_id ON timeline_entries (id);

CREATE TABLE timeline_heads (
    incident_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (incident_id)
);

CREATE TABLE checkpoints (
    id TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX checkpoints_created ON checkpoints (created_at, id);

CREATE TABLE notices (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX notices_incident ON notices (incident_id, created_at, id);

CREATE TABLE notice_versions (
    notice_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    gaps TEXT NOT NULL,
    author_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (notice_id, version)
);

CREATE TABLE approvals (
    id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    decision TEXT NOT NULL,
    account_id TEXT NOT NULL,
    reason TEXT,
    digest TEXT,
    bytes BYTEA,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX approvals_notice ON approvals (notice_id, recorded_at, id);

CREATE TABLE filings (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    notice_id TEXT,
    filed_at BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX filings_incident ON filings (incident_id, filed_at, id);

CREATE TABLE dispatches (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    audience BIGINT NOT NULL,
    unreachable BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX dispatches_incident ON dispatches (incident_id, recorded_at, id);

CREATE TABLE outbox_batches (
    id TEXT NOT NULL,
    template TEXT NOT NULL,
    sender TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    paused_at BIGINT,
    PRIMARY KEY (id)
);

CREATE TABLE outbox_messages (
    id TEXT NOT NULL,
    batch_id TEXT,
    subject_id TEXT,
    scope TEXT NOT NULL,
    priority BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_by TEXT,
    claimed_at BIGINT,
    settled_at BIGINT,
    reply_code BIGINT,
    reply TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_messages_due ON outbox_messages (state, priority, due_at, id);
CREATE INDEX outbox_messages_batch ON outbox_messages (batch_id, subject_id);

CREATE TABLE reminders (
    incident_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    due TEXT NOT NULL,
    threshold TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, duty_id, due, threshold, account_id)
);

CREATE TABLE review_notes (
    incident_id TEXT NOT NULL,
    section TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, section)
);

CREATE TABLE actions (
    id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT,
    done_at BIGINT,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX actions_incident ON actions (incident_id, recorded_at, id);

CREATE TABLE leases (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
);
