//! Settings by file, environment and flags, each with its origin.
//!
//! Later origins win: default, `shodo.toml`, `SHODO_*`, `SHODO_*_FILE` for
//! secrets, flag. A wrong value stops the start and says which setting, from
//! where, and what is allowed.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::kernel::{Code, Problem, Redacted, Result};
use crate::outbox::{
    DkimSettings, MailSettings, RateSettings, Security, SmtpSettings, TransportKind,
    UncertainPolicy,
};
use crate::store::DatabaseUrl;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// A line of the settings file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A file that a variable of the environment names.
    SecretFile(String, PathBuf),
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::SecretFile(name, path) => write!(f, "file {} named by {name}", path.display()),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// What can be set: its name, what it is for, what is allowed.
#[derive(Debug)]
pub struct Definition {
    /// The name in the file; `SHODO_` and upper case in the environment; hyphens as a flag.
    pub name: &'static str,
    /// The default, as text.
    pub default: &'static str,
    /// What it is for and what is allowed.
    pub about: &'static str,
    /// Whether its value may not be shown.
    pub secret: bool,
}

const fn plain(name: &'static str, default: &'static str, about: &'static str) -> Definition {
    Definition {
        name,
        default,
        about,
        secret: false,
    }
}

/// The data directory when nothing else is said.
pub const DEFAULT_DATA_DIR: &str = "shodo-data";

/// Every setting there is.
pub const DEFINITIONS: &[Definition] = &[
    plain(
        "data_dir",
        DEFAULT_DATA_DIR,
        "folder for the database, the keys, evidence and mail; made when missing",
    ),
    plain("listen", "127.0.0.1:8080", "address and port to listen on"),
    plain(
        "public_url",
        "",
        "address that people use, http:// or https://; empty: from listen",
    ),
    Definition {
        name: "database_url",
        default: "",
        about: "sqlite:PATH or postgres://…; empty: shodo.db in data_dir",
        secret: true,
    },
    plain(
        "database_allow_unverified_tls",
        "false",
        "true or false: PostgreSQL over a network without verified TLS",
    ),
    plain(
        "behind_proxy",
        "false",
        "true when a proxy of yours writes X-Forwarded-For",
    ),
    plain(
        "time_zone",
        "Asia/Tokyo",
        "IANA name of the zone that pages and documents use",
    ),
    plain(
        "log_format",
        "auto",
        "auto (text on a terminal, JSON otherwise), text or json",
    ),
    plain("log_level", "info", "error, warn, info, debug or trace"),
    plain(
        "max_upload_mib",
        "8192",
        "largest file that may be uploaded, in MiB, 1 to 65536",
    ),
    plain(
        "mail_transport",
        "directory",
        "directory (files in mail_directory) or smtp",
    ),
    plain(
        "mail_directory",
        "",
        "folder for mails as files; empty: mail in data_dir",
    ),
    plain("mail_from", "shodo@example.com", "sender's address"),
    plain("mail_from_name", "Shodo 初動", "sender's name"),
    plain(
        "mail_reply_to",
        "",
        "address that answers to notices go to; empty: the sender's",
    ),
    plain(
        "mail_dkim_domain",
        "",
        "domain that signs mail (DKIM): that of mail_from or one above it; empty: mail is not signed here",
    ),
    plain(
        "mail_dkim_selector",
        "shodo",
        "name under which the domain publishes the key",
    ),
    plain(
        "mail_dkim_key_file",
        "",
        "PEM file with the private key (PKCS#8; Ed25519, or RSA of 2048 bits or more)",
    ),
    plain(
        "mail_bounce_folder",
        "",
        "folder in which returned mail arrives: .eml files, or a Maildir; empty: none is read",
    ),
    plain("smtp_host", "", "name of the mail server"),
    plain(
        "smtp_port",
        "",
        "port of the mail server; empty: 465 for implicit, 587 for starttls, 25 for none",
    ),
    plain(
        "smtp_tls",
        "starttls",
        "implicit, starttls, or none (loopback only)",
    ),
    plain("smtp_user", "", "account on the mail server; empty: none"),
    Definition {
        name: "smtp_password",
        default: "",
        about: "password on the mail server",
        secret: true,
    },
    plain(
        "smtp_ca_file",
        "",
        "PEM file with the certificate of the mail server's own authority; empty: the public ones",
    ),
    plain(
        "smtp_connections",
        "4",
        "connections to the mail server at most, 1 to 64",
    ),
    plain(
        "mail_rate_per_second",
        "0",
        "mails a second over all, 1 to 100000; 0: no limit",
    ),
    plain(
        "mail_rate_per_domain",
        "",
        "mails a second to a domain, e.g. default=20, example.jp=5; empty: no limit",
    ),
    plain(
        "mail_uncertain",
        "ask",
        "mails that may have gone out before a crash or a lost answer: ask (a person settles them), resend or sent",
    ),
    plain(
        "mail_halt_after",
        "20",
        "refusals in a row that point at us, after which a sending stops by itself; 0: never",
    ),
    plain(
        "mail_window",
        "256",
        "mails under way at the same time, 1 to 1000: after a crash at most so many are uncertain",
    ),
];

/// One value and where it came from.
#[derive(Clone, Debug)]
pub struct Value {
    /// The text.
    pub text: Redacted<String>,
    /// Its origin.
    pub origin: Origin,
}

/// All values as text, before they are understood.
#[derive(Debug)]
pub struct Raw {
    values: BTreeMap<&'static str, Value>,
}

/// The settings, understood.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder for the database, keys, evidence and mail.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What people type.
    pub public_url: url::Url,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The zone of pages and documents.
    pub time_zone: TimeZone,
    /// How logs are written.
    pub log_format: LogFormat,
    /// Which logs are written.
    pub log_level: tracing::Level,
    /// The largest upload, in bytes.
    pub max_upload_bytes: u64,
    /// Mail.
    pub mail: MailSettings,
    /// Whether the last entry of `X-Forwarded-For` is written by a proxy of ours.
    pub behind_proxy: bool,
}

impl Settings {
    /// The same settings with everything that lies in the data directory moved to another folder.
    #[must_use]
    pub fn in_folder(mut self, folder: &Path) -> Self {
        if let DatabaseUrl::Sqlite(path) = &self.database_url {
            self.database_url = DatabaseUrl::Sqlite(moved(path, &self.data_dir, folder));
        }
        self.mail.directory = moved(&self.mail.directory, &self.data_dir, folder);
        self.data_dir = folder.to_owned();
        self
    }
}

fn moved(path: &Path, from: &Path, to: &Path) -> PathBuf {
    path.strip_prefix(from)
        .map_or_else(|_| path.to_owned(), |rest| to.join(rest))
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// For a machine.
    Json,
}

impl Raw {
    /// Gathers the values from file, environment and flags.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] for a file that cannot be read, an unknown name, or
    /// a value that is no text, number or boolean.
    pub fn gather(
        file: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
        flags: &BTreeMap<&'static str, String>,
    ) -> Result<Self> {
        let from_file = file.map(read_file).transpose()?.unwrap_or_default();
        let mut values = BTreeMap::new();
        for definition in DEFINITIONS {
            let name = definition.name;
            let variable = format!("SHODO_{}", name.to_uppercase());
            let file_variable = format!("{variable}_FILE");
            let mut value = (definition.default.to_owned(), Origin::Default);
            if let (Some(text), Some(path)) = (from_file.get(name), file) {
                value = (text.clone(), Origin::File(path.to_owned()));
            }
            if let Some(path) = environment(&file_variable).filter(|_| definition.secret) {
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    wrong(name, &file_variable, &format!("{path} cannot be read")).caused_by(error)
                })?;
                value = (
                    text.trim_end().to_owned(),
                    Origin::SecretFile(file_variable, path.into()),
                );
            }
            if let Some(text) = environment(&variable) {
                value = (text, Origin::Environment(variable));
            }
            if let Some(text) = flags.get(name) {
                value = (text.clone(), Origin::Flag);
            }
            values.insert(
                name,
                Value {
                    text: value.0.into(),
                    origin: value.1,
                },
            );
        }
        Ok(Self { values })
    }

    /// Every setting with its definition, for `check-config`.
    pub fn all(&self) -> impl Iterator<Item = (&'static Definition, &Value)> {
        DEFINITIONS
            .iter()
            .filter_map(|definition| Some((definition, self.values.get(definition.name)?)))
    }

    /// Understands the values.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] for the first wrong one.
    pub fn parse(&self) -> Result<Settings> {
        let data_dir = PathBuf::from(self.text("data_dir"));
        let listen: SocketAddr = self.get("listen")?;
        let in_data_dir = |name: &str, file: &str| match self.text(name) {
            "" => data_dir.join(file),
            path => PathBuf::from(path),
        };
        Ok(Settings {
            listen,
            public_url: self.public_url(listen)?,
            database_url: self.database_url(&data_dir)?,
            time_zone: TimeZone::get(self.text("time_zone"))
                .map_err(|_| self.wrong("time_zone"))?,
            log_format: match self.text("log_format") {
                "auto" if std::io::IsTerminal::is_terminal(&std::io::stderr()) => LogFormat::Text,
                "auto" | "json" => LogFormat::Json,
                "text" => LogFormat::Text,
                _ => return Err(self.wrong("log_format")),
            },
            log_level: self.get("log_level")?,
            max_upload_bytes: match self.get::<u64>("max_upload_mib")? {
                mib @ 1..=65_536 => mib * 1024 * 1024,
                _ => return Err(self.wrong("max_upload_mib")),
            },
            behind_proxy: self.get("behind_proxy")?,
            mail: self.mail(in_data_dir("mail_directory", "mail"))?,
            data_dir,
        })
    }

    fn public_url(&self, listen: SocketAddr) -> Result<url::Url> {
        let text = match self.text("public_url") {
            "" => format!("http://{listen}"),
            text => text.to_owned(),
        };
        let url = url::Url::parse(&text).map_err(|_| self.wrong("public_url"))?;
        let plain =
            matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
        if plain {
            Ok(url)
        } else {
            Err(self.wrong("public_url"))
        }
    }

    fn database_url(&self, data_dir: &Path) -> Result<DatabaseUrl> {
        let unverified = self.get("database_allow_unverified_tls")?;
        match self.text("database_url") {
            "" => Ok(DatabaseUrl::Sqlite(data_dir.join("shodo.db"))),
            text => DatabaseUrl::parse(text, unverified).map_err(|problem| {
                let why = problem
                    .params
                    .iter()
                    .find(|(name, _)| *name == "why")
                    .map(|(_, why)| why.as_str());
                wrong(
                    "database_url",
                    &self.origin("database_url"),
                    why.unwrap_or_default(),
                )
            }),
        }
    }

    fn mail(&self, directory: PathBuf) -> Result<MailSettings> {
        let transport = match self.text("mail_transport") {
            "directory" => TransportKind::Directory,
            "smtp" => TransportKind::Smtp,
            _ => return Err(self.wrong("mail_transport")),
        };
        let (security, usual_port) = match self.text("smtp_tls") {
            "implicit" => (Security::Tls, 465),
            "starttls" => (Security::StartTls, 587),
            "none" => (Security::None, 25),
            _ => return Err(self.wrong("smtp_tls")),
        };
        let port = match self.text("smtp_port") {
            "" => usual_port,
            _ => self.get("smtp_port")?,
        };
        let settings = MailSettings {
            transport,
            from_address: self.text("mail_from").to_owned(),
            from_name: self.text("mail_from_name").to_owned(),
            directory,
            smtp: SmtpSettings {
                host: self.text("smtp_host").to_owned(),
                port,
                security,
                username: self.text("smtp_user").to_owned(),
                password: Redacted::new(self.text("smtp_password").to_owned()),
                connections: self.get("smtp_connections")?,
                ca_file: Some(self.text("smtp_ca_file"))
                    .filter(|path| !path.is_empty())
                    .map(PathBuf::from),
                ..SmtpSettings::default()
            },
            rate: RateSettings {
                per_second: self.get("mail_rate_per_second")?,
                per_domain: RateSettings::parse_domains(self.text("mail_rate_per_domain"))
                    .map_err(|problem| self.named(problem))?,
            },
            uncertain: match self.text("mail_uncertain") {
                "ask" => UncertainPolicy::Ask,
                "resend" => UncertainPolicy::Resend,
                "sent" => UncertainPolicy::Sent,
                _ => return Err(self.wrong("mail_uncertain")),
            },
            halt_after: self.get("mail_halt_after")?,
            window: self.get("mail_window")?,
            reply_to: self.text("mail_reply_to").to_owned(),
            dkim: Some(self.text("mail_dkim_domain"))
                .filter(|domain| !domain.is_empty())
                .map(|domain| DkimSettings {
                    domain: domain.to_owned(),
                    selector: self.text("mail_dkim_selector").to_owned(),
                    key_file: PathBuf::from(self.text("mail_dkim_key_file")),
                }),
            bounce_folder: Some(self.text("mail_bounce_folder"))
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            ..MailSettings::default()
        };
        settings
            .validate()
            .and_then(|()| settings.dkim_record())
            .map_err(|problem| self.named(problem))?;
        Ok(settings)
    }

    /// Names a setting of the mail as it is written here, with its origin.
    fn named(&self, problem: Problem) -> Problem {
        let parameter = |wanted| {
            problem
                .params
                .iter()
                .find(|(name, _)| *name == wanted)
                .map_or("", |(_, value)| value.as_str())
        };
        let name = match parameter("setting") {
            "mail.from_address" => "mail_from",
            "mail.directory" => "mail_directory",
            "mail.reply_to" => "mail_reply_to",
            "mail.dkim.domain" => "mail_dkim_domain",
            "mail.dkim.selector" => "mail_dkim_selector",
            "mail.dkim.key_file" => "mail_dkim_key_file",
            "mail.smtp.security" => "smtp_tls",
            "mail.smtp.username" => "smtp_user",
            "mail.smtp.password" => "smtp_password",
            "mail.smtp.connections" => "smtp_connections",
            "mail.smtp.port" => "smtp_port",
            "mail.smtp.ca_file" => "smtp_ca_file",
            "mail.rate.per_second" => "mail_rate_per_second",
            "mail.rate.per_domain" => "mail_rate_per_domain",
            "mail.window" => "mail_window",
            _ => "smtp_host",
        };
        wrong(name, &self.origin(name), parameter("why"))
    }

    fn text(&self, name: &str) -> &str {
        self.values
            .get(name)
            .map_or("", |value| value.text.reveal())
    }

    fn get<T: std::str::FromStr>(&self, name: &'static str) -> Result<T> {
        self.text(name).parse().map_err(|_| self.wrong(name))
    }

    fn origin(&self, name: &str) -> String {
        self.values
            .get(name)
            .map_or_else(String::new, |value| value.origin.to_string())
    }

    fn wrong(&self, name: &'static str) -> Problem {
        let about = DEFINITIONS
            .iter()
            .find(|definition| definition.name == name)
            .map_or("", |found| found.about);
        wrong(name, &self.origin(name), &format!("allowed: {about}"))
    }
}

fn wrong(name: &str, origin: &str, why: &str) -> Problem {
    Problem::with(
        Code::InvalidSetting,
        &[("setting", &format!("{name} ({origin})")), ("why", why)],
    )
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let origin = format!("file {}", path.display());
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong("config", &origin, "the file cannot be read").caused_by(error))?;
    // The error's own text would repeat the line, and a line may hold a password.
    let table: toml::Table = toml::from_str(&text).map_err(|error: toml::de::Error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        let line = before.lines().count().max(1).to_string();
        wrong("config", &origin, &format!("line {line} is no valid TOML"))
    })?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !DEFINITIONS.iter().any(|definition| definition.name == name) {
            return Err(wrong(&name, &origin, "there is no setting of this name"));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            _ => {
                return Err(wrong(
                    &name,
                    &origin,
                    "it must be a text, a number, true or false",
                ));
            }
        };
        values.insert(name, text);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(
        file: Option<&Path>,
        environment: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> Result<Raw> {
        let flags = flags
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let look = |name: &str| {
            environment
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Raw::gather(file, look, &flags)
    }

    fn refusal(environment: &[(&str, &str)]) -> String {
        gather(None, environment, &[])
            .and_then(|raw| raw.parse())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn later_origins_win_and_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shodo.toml");
        std::fs::write(
            &path,
            "listen = \"127.0.0.1:1\"\nlog_level = \"warn\"\ntime_zone = \"UTC\"",
        )
        .unwrap();
        let raw = gather(
            Some(&path),
            &[
                ("SHODO_LISTEN", "127.0.0.1:2"),
                ("SHODO_LOG_LEVEL", "debug"),
            ],
            &[("listen", "127.0.0.1:3")],
        )
        .unwrap();
        let settings = raw.parse().unwrap();
        assert_eq!(settings.listen.port(), 3);
        assert_eq!(settings.log_level, tracing::Level::DEBUG);
        assert_eq!(raw.origin("listen"), "flag");
        assert_eq!(raw.origin("time_zone"), format!("file {}", path.display()));
        assert_eq!(raw.origin("data_dir"), "default");
    }

    #[test]
    fn a_secret_comes_from_a_file_and_never_shows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "s3cret\n").unwrap();
        let raw = gather(
            None,
            &[("SHODO_SMTP_PASSWORD_FILE", path.to_str().unwrap())],
            &[],
        )
        .unwrap();
        assert_eq!(raw.text("smtp_password"), "s3cret");
        assert!(!format!("{raw:?}").contains("s3cret"));
    }

    #[test]
    fn a_wrong_value_names_setting_origin_and_what_is_allowed() {
        let message = refusal(&[("SHODO_LISTEN", "8080")]);
        assert!(
            message.contains("listen (environment SHODO_LISTEN)"),
            "{message}"
        );
        assert!(message.contains("address and port"), "{message}");
        assert!(refusal(&[("SHODO_TIME_ZONE", "Asia/Nowhere")]).contains("time_zone"));
        assert!(refusal(&[("SHODO_MAIL_TRANSPORT", "smtp")]).contains("smtp_host"));
        for (variable, value) in [
            ("SHODO_MAIL_RATE_PER_SECOND", "-1"),
            ("SHODO_MAIL_RATE_PER_DOMAIN", "example.jp"),
            ("SHODO_MAIL_UNCERTAIN", "perhaps"),
            ("SHODO_MAIL_HALT_AFTER", "soon"),
            ("SHODO_MAIL_WINDOW", "0"),
        ] {
            let name = variable.trim_start_matches("SHODO_").to_lowercase();
            let message = refusal(&[(variable, value)]);
            let named = format!("{name} (environment {variable})");
            assert!(message.contains(&named), "{message}");
        }
    }

    #[test]
    fn a_mistyped_database_address_is_refused_without_its_password() {
        for address in [
            "postgre://u:s3cret@db/x",
            "sqlite:",
            "/var/lib/shodo.db",
            "sqlite:a.db?mode=ro",
        ] {
            let message = refusal(&[("SHODO_DATABASE_URL", address)]);
            assert!(
                message.contains("database_url (environment SHODO_DATABASE_URL)"),
                "{message}"
            );
            assert!(!message.contains("s3cret"), "{message}");
        }
        let weak = refusal(&[(
            "SHODO_DATABASE_URL",
            "postgres://u@db.example/x?sslmode=require",
        )]);
        assert!(weak.contains("verify-full"), "{weak}");
    }

    #[test]
    fn an_unknown_name_in_the_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shodo.toml");
        std::fs::write(&path, "lisen = \"127.0.0.1:1\"").unwrap();
        let message = gather(Some(&path), &[], &[]).unwrap_err().to_string();
        assert!(
            message.contains("lisen") && message.contains("no setting of this name"),
            "{message}"
        );
    }
}
