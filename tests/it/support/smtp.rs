//! A real SMTP server process for tests; see `smtp_sink.py` for what its recipients cause.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use shodo::outbox::{MailSettings, Security, SmtpSettings, TimeoutSettings, TransportKind};
use tempfile::TempDir;

/// A server that writes down what it takes; it ends with the value.
pub struct SmtpSink {
    process: Child,
    folder: TempDir,
    /// The port it listens on, at 127.0.0.1.
    pub port: u16,
}

/// One message that the server took.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    /// The subject, decoded by Python's own mail parser.
    pub subject: String,
    /// The headers, decoded likewise.
    pub headers: BTreeMap<String, String>,
    /// What that parser finds wrong.
    pub defects: Vec<String>,
    /// The plain text part.
    pub text: Option<String>,
    /// The HTML part.
    pub html: Option<String>,
    /// The message as it came over the line.
    pub content: String,
    /// The client's port: tells connections apart.
    pub peer: u16,
    pub tls: bool,
    pub user: Option<String>,
}

impl SmtpSink {
    /// Starts a server on a free port.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with further arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut process = Command::new(python())
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/smtp_sink.py"))
            .arg(folder.path().join("taken.jsonl"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output is piped"))
            .read_line(&mut line)
            .expect("the SMTP server says its port");
        let port = line.trim().parse().unwrap_or_else(|_| {
            panic!(
                "the SMTP server of the tests did not start; run .ci/setup, which installs aiosmtpd"
            )
        });
        Self {
            process,
            folder,
            port,
        }
    }

    /// What the server took so far, in order.
    pub fn taken(&self) -> Vec<Taken> {
        let text =
            std::fs::read_to_string(self.folder.path().join("taken.jsonl")).unwrap_or_default();
        // The last line may be half written.
        text.split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .map(|line| serde_json::from_str(line).expect("a JSON line"))
            .collect()
    }

    /// Settings that send to this server without TLS, with short waits.
    pub fn settings(&self) -> MailSettings {
        settings_for_port(self.port)
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Settings that send to a port of this machine without TLS, with short waits.
pub fn settings_for_port(port: u16) -> MailSettings {
    MailSettings {
        transport: TransportKind::Smtp,
        from_address: "privacy@shop.example.jp".to_owned(),
        from_name: "お客様情報保護窓口".to_owned(),
        smtp: SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            ..SmtpSettings::default()
        },
        timeouts: TimeoutSettings {
            connect_seconds: 5,
            command_seconds: 5,
            data_seconds: 5,
            content_seconds: 5,
        },
        ..MailSettings::default()
    }
}

/// The Python that has `aiosmtpd`.
pub fn python() -> PathBuf {
    if let Some(path) = std::env::var_os("SHODO_TEST_PYTHON") {
        return path.into();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/python");
    assert!(
        path.exists(),
        "{} is not there: run .ci/setup, or name a Python with aiosmtpd in SHODO_TEST_PYTHON",
        path.display()
    );
    path
}
