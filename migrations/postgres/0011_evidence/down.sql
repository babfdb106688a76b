DROP INDEX timeline_entries_occurred;
DROP INDEX timeline_entries_kind;
DROP TABLE evidence_holds;
DROP INDEX evidence_address;
ALTER TABLE evidence DROP COLUMN found_type;
ALTER TABLE evidence DROP COLUMN address;
