-- Notices by data: their readers, their chain of approval, what was known when they were drafted.
ALTER TABLE notices ADD COLUMN audience TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN chain TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice_versions ADD COLUMN known TEXT NOT NULL DEFAULT '{}';
ALTER TABLE approvals ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE approvals ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
-- What was approved by one person before there were chains has to be handed in again.
UPDATE notices SET state = 'draft' WHERE state IN ('submitted', 'approved');
-- Sendings made before were mails, queued whole.
ALTER TABLE dispatches ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE dispatches ADD COLUMN filter TEXT NOT NULL DEFAULT '{}';
ALTER TABLE dispatches ADD COLUMN reached TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatches ADD COLUMN complete_at INTEGER;
ALTER TABLE dispatches ADD COLUMN handed_over TEXT NOT NULL DEFAULT '';
UPDATE dispatches SET complete_at = recorded_at;
ALTER TABLE register_exports ADD COLUMN notice_id TEXT;
ALTER TABLE organisation ADD COLUMN website TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN web_domains TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN dpo_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN dpo_contact TEXT NOT NULL DEFAULT '';

-- The organisation's own templates, every version; no body where it went back to the product's.
CREATE TABLE notice_templates (
    kind TEXT NOT NULL,
    variant TEXT NOT NULL,
    part TEXT NOT NULL,
    locale TEXT NOT NULL,
    number INTEGER NOT NULL,
    body TEXT,
    author_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (kind, variant, part, locale, number)
) STRICT;

-- What was answered to a warning of the checks.
CREATE TABLE notice_answers (
    notice_id TEXT NOT NULL,
    finding TEXT NOT NULL,
    answer TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (notice_id, finding)
) STRICT;

-- Which parts were copied into an authority's form.
CREATE TABLE notice_copies (
    notice_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    part TEXT NOT NULL,
    locale TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (notice_id, version, part, locale)
) STRICT;

-- Who approves a kind of notice, where the organisation chose otherwise than the product.
CREATE TABLE approval_chains (
    kind TEXT NOT NULL,
    roles TEXT NOT NULL,
    author_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (kind)
) STRICT;
