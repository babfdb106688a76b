-- What can be found, and by which pairs of letters. A copy of words that stand elsewhere: `shodo reindex` makes it anew.
CREATE TABLE search_documents (
    -- Milliseconds since 1970 times 1024, and a count: the order of the ids is that of time.
    id BIGINT PRIMARY KEY,
    incident_id TEXT NOT NULL,
    room TEXT NOT NULL,
    reference TEXT NOT NULL,
    title_ja TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_ja TEXT NOT NULL,
    text_en TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX search_documents_reference ON search_documents (incident_id, room, reference);
-- How far each incident is in the index.
CREATE TABLE search_progress (
    incident_id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    written_at BIGINT NOT NULL
);
-- A table of its own, as SQLite has one: no configuration of text search takes part, the lexemes are our grams.
CREATE TABLE search_grams (
    id BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX search_grams_grams ON search_grams USING gin (grams);
