DROP INDEX outbox_messages_settled;
DROP INDEX outbox_messages_uncertain;
DROP INDEX outbox_messages_held;
DROP INDEX outbox_messages_waiting;
CREATE INDEX outbox_messages_settled ON outbox_messages (batch_id, settled_at);
CREATE INDEX outbox_messages_due ON outbox_messages (state, priority, due_at, id);
ALTER TABLE outbox_messages DROP COLUMN failure;
DROP TABLE outbox_stops;
DROP TABLE outbox_tallies;
