-- The secret addresses under which calendars read the deadlines: one for each account.
CREATE TABLE calendar_feeds (
    account_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    PRIMARY KEY (account_id)
) STRICT;
CREATE UNIQUE INDEX calendar_feeds_token ON calendar_feeds (token_hash);
