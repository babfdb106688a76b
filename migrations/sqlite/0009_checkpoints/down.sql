DROP INDEX checkpoints_seq;
ALTER TABLE checkpoints DROP COLUMN seq;
