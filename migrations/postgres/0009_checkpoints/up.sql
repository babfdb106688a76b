-- Checkpoints get numbers without gaps: each names the digest of the one before it.
ALTER TABLE checkpoints ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE checkpoints SET seq = (
    SELECT count(*) FROM checkpoints earlier
    WHERE earlier.created_at < checkpoints.created_at
       OR (earlier.created_at = checkpoints.created_at AND earlier.id <= checkpoints.id)
);
CREATE UNIQUE INDEX checkpoints_seq ON checkpoints (seq);
