-- Notices by data: their readers, their chain of approval, what was known when they were drafted.
ALTER TABLE notices ADD COLUMN audience TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN chain TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN stage BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice_versions ADD COLUMN known TEXT NOT NULL DEFAULT '{}';
ALTER TABLE approvals ADD COLUMN stage BIGINT NOT NULL DEFAULT 0;
ALTER TABLE approvals ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
-- What was approved by one person before there were chains has to be handed in again.
UPDATE notices SET state = 'draft' WHERE state IN ('submitted', 'approved');
-- Sendings made before were mails, queued whole.
ALTER TABLE dispatches ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE dispatches ADD COLUMN filter TEXT NOT NULL DEFAULT '{}';
ALTER TABLE dispatches ADD COLUMN reached TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatches ADD COLUMN complete_at BIGINT;
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
    number BIGINT NOT NULL,
    body TEXT,
    author_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (kind, variant, part, locale, number)
);

-- What was answered to a warning of the checks.
CREATE TABLE notice_answers (
    notice_id TEXT NOT NULL,
    finding TEXT NOT NULL,
    answer TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (notice_id, finding)
);

-- Which parts were copied into an authority's form.
CREATE TABLE notice_copies (
    notice_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    locale TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (notice_id, version, part, locale)
);

-- Who approves a kind of notice, where the organisation chose otherwise than the product.
CREATE TABLE approval_chains (
    kind TEXT NOT NULL,
    roles TEXT NOT NULL,
    author_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (kind)
);
