//! Settings of the mail: which transport, as whom, how long to wait, how often to try.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::{EmailAddress, Sender};
use super::dkim::Signer;
use super::limits::RateSettings;
use crate::kernel::{Code, Problem, Redacted, Result};

/// The `[mail]` section of the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// Where mail goes: over SMTP, or into a folder.
    pub transport: TransportKind,
    /// The address that mail comes from.
    pub from_address: String,
    /// The name that stands before that address.
    pub from_name: String,
    /// The folder of the directory transport; a relative path counts from the data directory.
    pub directory: PathBuf,
    /// The SMTP server.
    pub smtp: SmtpSettings,
    /// How often, and how long, a message is tried.
    pub retry: RetrySettings,
    /// How long to wait for each answer of the SMTP server, in seconds.
    pub timeouts: TimeoutSettings,
    /// How fast mail may go out.
    pub rate: RateSettings,
    /// What becomes of messages whose fate is unknown.
    pub uncertain: UncertainPolicy,
    /// After how many refusals in a row that point at us the worker stops a batch; 0 for never.
    pub halt_after: u32,
    /// How many messages may have begun at the same time: after a crash at most so many are uncertain.
    pub window: usize,
    /// Where answers to notices go; empty: to `from_address`.
    pub reply_to: String,
    /// The key that messages are signed with; none: they are not signed here.
    pub dkim: Option<DkimSettings>,
    /// The folder in which returned mail arrives; none: nothing is read.
    pub bounce_folder: Option<PathBuf>,
}

/// What becomes of a message that may have been taken: the server died, or the answer was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UncertainPolicy {
    /// It is listed as uncertain until a person settles it.
    #[default]
    Ask,
    /// It goes out again: nobody is missed, and somebody may get it twice.
    Resend,
    /// It is taken for sent: nobody gets it twice, and somebody may be missed.
    Sent,
}

/// The `[mail.dkim]` section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// The domain that signs: that of `from_address`, or one above it.
    pub domain: String,
    /// The name under which the domain publishes the key.
    pub selector: String,
    /// The private key: PEM, PKCS#8, Ed25519 or RSA.
    pub key_file: PathBuf,
}

/// Where mail goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    /// To an SMTP server.
    Smtp,
    /// Into a folder, one `.eml` file a message. For practice: nothing leaves the machine.
    #[default]
    Directory,
}

/// The `[mail.smtp]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpSettings {
    /// The server's host name or address.
    pub host: String,
    /// The server's port: 465 for `tls`, 587 for `starttls`.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The account; empty for a server that asks for none.
    pub username: String,
    /// Its password.
    pub password: Redacted<String>,
    /// How many connections may be open at the same time.
    pub connections: usize,
    /// The name that we greet with; empty takes the domain of `from_address`.
    pub hello_name: String,
    /// A PEM file with the certificates of a private authority, beside the public ones.
    pub ca_file: Option<PathBuf>,
}

/// How the connection to the SMTP server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314 section 3).
    #[default]
    Tls,
    /// STARTTLS, required: a server without it gets no mail (RFC 3207).
    StartTls,
    /// No TLS; only to this machine.
    None,
}

/// The `[mail.retry]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetrySettings {
    /// Minutes until the second, third, … attempt; the last one repeats.
    pub minutes: Vec<u32>,
    /// Hours after which a message that was only ever put off has failed (RFC 5321 section 4.5.4.1 says 4–5 days).
    pub give_up_after_hours: u32,
}

/// The `[mail.timeouts]` section; the defaults are those of RFC 5321 section 4.5.3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeoutSettings {
    /// Until the connection stands, TLS included.
    pub connect_seconds: u64,
    /// Greeting, EHLO, AUTH, MAIL, RCPT.
    pub command_seconds: u64,
    /// The answer to DATA.
    pub data_seconds: u64,
    /// The message itself and the answer after its final dot.
    pub content_seconds: u64,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            transport: TransportKind::default(),
            from_address: "shodo@example.com".to_owned(),
            from_name: "Shodo".to_owned(),
            directory: PathBuf::from("mail"),
            smtp: SmtpSettings::default(),
            retry: RetrySettings::default(),
            timeouts: TimeoutSettings::default(),
            rate: RateSettings::default(),
            uncertain: UncertainPolicy::default(),
            halt_after: 20,
            window: 256,
            reply_to: String::new(),
            dkim: None,
            bounce_folder: None,
        }
    }
}

impl Default for SmtpSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            security: Security::default(),
            username: String::new(),
            password: Redacted::default(),
            connections: 4,
            hello_name: String::new(),
            ca_file: None,
        }
    }
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            minutes: vec![1, 2, 5, 15, 60],
            give_up_after_hours: 96,
        }
    }
}

impl Default for TimeoutSettings {
    fn default() -> Self {
        Self {
            connect_seconds: 30,
            command_seconds: 300,
            data_seconds: 120,
            content_seconds: 780,
        }
    }
}

impl MailSettings {
    /// Checks every setting; the first wrong one is named.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] with the setting's name and what is allowed.
    pub fn validate(&self) -> Result<()> {
        let sender = self.sender()?;
        self.answers_to()?;
        if let Some(dkim) = &self.dkim {
            dkim.validate(sender.address().domain())?;
        }
        self.rate.validate()?;
        if !(1..=1_000).contains(&self.window) {
            return Err(wrong("mail.window", "it must be 1 to 1000"));
        }
        if self.transport == TransportKind::Directory {
            return if self.directory.as_os_str().is_empty() {
                Err(wrong("mail.directory", "it must name a folder"))
            } else {
                self.retry.validate()
            };
        }
        self.smtp.validate()?;
        self.retry.validate()?;
        self.timeouts.validate()
    }

    /// Who mail comes from.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] when the address is none.
    pub fn sender(&self) -> Result<Sender> {
        let address = EmailAddress::parse(&self.from_address).map_err(|_| {
            wrong(
                "mail.from_address",
                "it must be one e-mail address, e.g. privacy@example.co.jp",
            )
        })?;
        Ok(Sender::new(address, &self.from_name))
    }

    /// Where answers to notices go, when that is not the sender.
    pub(super) fn answers_to(&self) -> Result<Option<EmailAddress>> {
        if self.reply_to.is_empty() {
            return Ok(None);
        }
        EmailAddress::parse(&self.reply_to).map(Some).map_err(|_| {
            wrong(
                "mail.reply_to",
                "it must be one e-mail address, e.g. desk@example.co.jp, or empty",
            )
        })
    }

    /// The DNS record of the signing key, as its name and its text; nothing when mail is not signed.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] when the key cannot be used.
    pub fn dkim_record(&self) -> Result<Option<(String, String)>> {
        let signer = self.dkim.as_ref().map(Signer::open).transpose()?;
        Ok(signer.map(|signer| signer.record()))
    }

    /// The name that we greet an SMTP server with.
    pub(super) fn hello_name(&self) -> String {
        if self.smtp.hello_name.is_empty() {
            self.from_address
                .rsplit_once('@')
                .map_or_else(|| "localhost".to_owned(), |(_, domain)| domain.to_owned())
        } else {
            self.smtp.hello_name.clone()
        }
    }
}

impl SmtpSettings {
    fn validate(&self) -> Result<()> {
        if self.host.is_empty() || self.host.contains(|c: char| c.is_whitespace() || c == '/') {
            return Err(wrong(
                "mail.smtp.host",
                "it must be a host name, e.g. smtp.example.co.jp",
            ));
        }
        if self.port == 0 {
            return Err(wrong("mail.smtp.port", "it must be 1 to 65535"));
        }
        if self.security == Security::None && !self.is_loopback() {
            return Err(wrong(
                "mail.smtp.security",
                "none is allowed for this machine only (localhost, 127.0.0.1, ::1); take tls or starttls",
            ));
        }
        if self.username.is_empty() != self.password.reveal().is_empty() {
            return Err(wrong(
                "mail.smtp.password",
                "user name and password go together: set both, or neither",
            ));
        }
        let control = |text: &str| text.contains(char::is_control);
        if control(&self.username) || control(self.password.reveal()) {
            return Err(wrong(
                "mail.smtp.password",
                "user name and password hold no control characters",
            ));
        }
        if !self
            .hello_name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-[]:".contains(c))
        {
            return Err(wrong("mail.smtp.hello_name", "it must be a host name"));
        }
        if !(1..=64).contains(&self.connections) {
            return Err(wrong("mail.smtp.connections", "it must be 1 to 64"));
        }
        Ok(())
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl DkimSettings {
    /// A signature of another domain than the sender's counts for nothing under DMARC (RFC 7489 section 3.1.1).
    fn validate(&self, sender: &str) -> Result<()> {
        let domain = self.domain.to_lowercase();
        let sender = sender.to_lowercase();
        let above = sender.strip_suffix(&domain);
        if !is_host(&domain) || !above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) {
            return Err(wrong(
                "mail.dkim.domain",
                "it must be the domain of the sender's address, or one above it",
            ));
        }
        if !is_host(&self.selector) {
            return Err(wrong(
                "mail.dkim.selector",
                "it must be a name of letters, digits and hyphens, e.g. shodo2026",
            ));
        }
        if self.key_file.as_os_str().is_empty() {
            return Err(wrong("mail.dkim.key_file", "it must name a file"));
        }
        Ok(())
    }
}

/// Whether a text is labels with dots between them, as in host names.
fn is_host(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
}

impl RetrySettings {
    fn validate(&self) -> Result<()> {
        if self.minutes.is_empty() || self.minutes.iter().any(|m| !(1..=1440).contains(m)) {
            return Err(wrong(
                "mail.retry.minutes",
                "it must list one or more waits of 1 to 1440 minutes",
            ));
        }
        if !(1..=240).contains(&self.give_up_after_hours) {
            return Err(wrong(
                "mail.retry.give_up_after_hours",
                "it must be 1 to 240",
            ));
        }
        Ok(())
    }
}

impl TimeoutSettings {
    fn validate(&self) -> Result<()> {
        let all = [
            ("mail.timeouts.connect_seconds", self.connect_seconds),
            ("mail.timeouts.command_seconds", self.command_seconds),
            ("mail.timeouts.data_seconds", self.data_seconds),
            ("mail.timeouts.content_seconds", self.content_seconds),
        ];
        match all.iter().find(|(_, s)| !(1..=3600).contains(s)) {
            Some((name, _)) => Err(wrong(name, "it must be 1 to 3600 seconds")),
            None => Ok(()),
        }
    }

    pub(super) fn connect(&self) -> Duration {
        Duration::from_secs(self.connect_seconds)
    }

    pub(super) fn command(&self) -> Duration {
        Duration::from_secs(self.command_seconds)
    }

    pub(super) fn data(&self) -> Duration {
        Duration::from_secs(self.data_seconds)
    }

    pub(super) fn content(&self) -> Duration {
        Duration::from_secs(self.content_seconds)
    }
}

fn wrong(setting: &str, why: &str) -> Problem {
    Problem::with(Code::InvalidSetting, &[("setting", setting), ("why", why)])
}
