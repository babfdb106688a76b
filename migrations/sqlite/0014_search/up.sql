-- What can be found, and by which pairs of letters. A copy of words that stand elsewhere: `shodo reindex` makes it anew.
CREATE TABLE search_documents (
    -- Milliseconds since 1970 times 1024, and a count: the order of the ids is that of time.
    id INTEGER PRIMARY KEY,
    incident_id TEXT NOT NULL,
    room TEXT NOT NULL,
    reference TEXT NOT NULL,
    title_ja TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_ja TEXT NOT NULL,
    text_en TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_documents_reference ON search_documents (incident_id, room, reference);
-- How far each incident is in the index.
CREATE TABLE search_progress (
    incident_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    written_at INTEGER NOT NULL
) STRICT;
-- Holds no text of its own: the grams are made anew from a document to take them out again.
CREATE VIRTUAL TABLE search_grams USING fts5 (grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
-- What is taken out is overwritten at once, not only marked.
INSERT INTO search_grams (search_grams, rank) VALUES ('secure-delete', 1);
