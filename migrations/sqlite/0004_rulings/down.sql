ALTER TABLE filings DROP COLUMN contents;
ALTER TABLE filings DROP COLUMN late_reason;
ALTER TABLE filings DROP COLUMN stage;
DROP TABLE duty_rulings;
