-- How many messages of a batch stand where, kept in the transaction that moves them, so that nothing counts a
-- million rows. The row of the empty name is the team's mail.
CREATE TABLE outbox_tallies (
    batch_id TEXT NOT NULL,
    queued INTEGER NOT NULL,
    held INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    bounced INTEGER NOT NULL,
    settled_until INTEGER,
    began_at INTEGER,
    -- What was sent in one minute of the clock, and in the one before it: the rate.
    minute INTEGER NOT NULL,
    minute_sent INTEGER NOT NULL,
    before_sent INTEGER NOT NULL,
    -- The worker stopped the batch by itself, after these words of the mail server.
    halted_at INTEGER,
    halt_code INTEGER,
    halt_reply TEXT,
    closed_at INTEGER,
    PRIMARY KEY (batch_id)
) STRICT;

INSERT INTO outbox_tallies
SELECT '', 0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL
UNION ALL SELECT id, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL FROM outbox_batches;

UPDATE outbox_tallies SET
    queued = was.queued, held = was.held, sent = was.sent, failed = was.failed, uncertain = was.uncertain,
    cancelled = was.cancelled, settled_until = was.settled_until
FROM (
    SELECT
        coalesce(batch_id, '') AS batch,
        count(CASE WHEN state = 'queued' THEN 1 END) AS queued,
        count(CASE WHEN state IN ('claimed', 'sending') THEN 1 END) AS held,
        count(CASE WHEN state = 'sent' THEN 1 END) AS sent,
        count(CASE WHEN state = 'failed' THEN 1 END) AS failed,
        count(CASE WHEN state = 'uncertain' THEN 1 END) AS uncertain,
        count(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled,
        max(settled_at) AS settled_until
    FROM outbox_messages GROUP BY 1
) AS was
WHERE was.batch = outbox_tallies.batch_id;

-- What an operator stopped on the whole server: 'bulk' is all mail but the team's.
CREATE TABLE outbox_stops (
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;

-- Why a message failed.
ALTER TABLE outbox_messages ADD COLUMN failure TEXT;

-- Partial: a message that waits for nothing any more costs these indexes nothing.
DROP INDEX outbox_messages_due;
DROP INDEX outbox_messages_settled;
CREATE INDEX outbox_messages_waiting ON outbox_messages (batch_id, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_messages_held ON outbox_messages (claimed_by, batch_id) WHERE state IN ('claimed', 'sending');
CREATE INDEX outbox_messages_uncertain ON outbox_messages (batch_id) WHERE state = 'uncertain';
CREATE INDEX outbox_messages_settled ON outbox_messages (batch_id, settled_at) WHERE settled_at IS NOT NULL;
