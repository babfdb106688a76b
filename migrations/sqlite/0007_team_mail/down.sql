DROP TABLE team_mail_settings;
DROP TABLE team_mails;
DROP TABLE mail_returns;
