-- What reports of returned mail came to, and how often.
CREATE TABLE mail_returns (
    taken TEXT NOT NULL,
    number INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (taken)
) STRICT;

-- Mails to the team that are wanted or were sent: a row for each, so that each is sent once.
CREATE TABLE team_mails (
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    item TEXT NOT NULL,
    incident_id TEXT,
    wanted_at INTEGER NOT NULL,
    settled_at INTEGER,
    PRIMARY KEY (kind, account_id, item)
) STRICT;
CREATE INDEX team_mails_waiting ON team_mails (settled_at, wanted_at);
CREATE INDEX team_mails_incident ON team_mails (incident_id, kind);

-- Which mails a member of the team wants, and in which hours none.
CREATE TABLE team_mail_settings (
    account_id TEXT NOT NULL,
    assigned INTEGER NOT NULL,
    approval INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    quiet_from TEXT,
    quiet_until TEXT,
    PRIMARY KEY (account_id)
) STRICT;
