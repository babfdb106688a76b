//! The SMTP transport: a few connections, kept between messages, each step bounded by time.
//!
//! What a failure means depends on the step. Before the content nothing was
//! taken; after it, silence means that nobody knows.

use std::error::Error as _;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant as Moment, timeout};
use tokio_rustls::rustls::ClientConfig;

use super::message::Built;
use super::model::{Outcome, Reply};
use super::settings::{MailSettings, SmtpSettings, TimeoutSettings};
use super::socket::{self, Socket};
use crate::kernel::Result;

/// Servers close idle connections; an older one is not worth the try.
const IDLE: Duration = Duration::from_secs(20);

/// A pool of connections to one server, with a real bound.
pub(super) struct Smtp {
    settings: SmtpSettings,
    timeouts: TimeoutSettings,
    hello_name: String,
    tls: Arc<ClientConfig>,
    /// One permit for each connection in use. An idle one is taken before a new one is
    /// opened, so in use and idle together never exceed the bound.
    permits: Semaphore,
    idle: Mutex<Vec<(AsyncSmtpConnection, Moment)>>,
}

/// A connection in use; it goes back to the pool by [`Smtp::put_back`], or is closed.
pub(super) struct Line<'a> {
    connection: AsyncSmtpConnection,
    _permit: SemaphorePermit<'a>,
    /// Whether it lay idle: then its first failure may only mean that the server hung up.
    was_idle: bool,
}

impl Smtp {
    pub(super) fn new(mail: &MailSettings) -> Result<Self> {
        Ok(Self {
            tls: socket::tls(&mail.smtp)?,
            settings: mail.smtp.clone(),
            timeouts: mail.timeouts.clone(),
            hello_name: mail.hello_name(),
            permits: Semaphore::new(mail.smtp.connections),
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Takes an idle connection, or opens one.
    pub(super) async fn line(&self) -> Result<Line<'_>, Reply> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| Reply::ours("the mail transport is shut"))?;
        let taken = self.idle.lock().await.pop();
        if let Some((connection, since)) = taken {
            if since.elapsed() < IDLE {
                return Ok(Line {
                    connection,
                    _permit: permit,
                    was_idle: true,
                });
            }
            self.close(connection).await;
        }
        Ok(Line {
            connection: self.open().await?,
            _permit: permit,
            was_idle: false,
        })
    }

    /// Keeps a healthy connection for the next message, and closes a broken one.
    pub(super) async fn put_back(&self, line: Line<'_>) {
        if line.connection.has_broken() {
            self.close(line.connection).await;
        } else {
            self.idle
                .lock()
                .await
                .push((line.connection, Moment::now()));
        }
    }

    /// Closes the idle connections.
    pub(super) async fn shut(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().await);
        for (connection, _) in idle {
            self.close(connection).await;
        }
    }

    /// Sends one message; gives back the outcome and whether the connection may be used again.
    pub(super) async fn send<'a>(
        &'a self,
        mut line: Line<'a>,
        message: &Built,
    ) -> (Outcome, Option<Line<'a>>) {
        let mut step = self.envelope_from(&mut line, message).await;
        if line.was_idle && matches!(step, Err(Failure::Broken(_))) {
            // The server hung up while the connection lay idle: nothing was said yet, so say it anew.
            match self.open().await {
                Ok(connection) => line.connection = connection,
                Err(reply) => return (Outcome::Trouble(reply), None),
            }
            step = self.envelope_from(&mut line, message).await;
        }
        line.was_idle = false;
        match step {
            Ok(_) => {}
            // A server that refuses our own address refuses every message: no person's fault.
            Err(Failure::Answer(reply) | Failure::Broken(reply)) => {
                self.close(line.connection).await;
                return (Outcome::Trouble(reply), None);
            }
            Err(Failure::Unsupported(reply)) => return (Outcome::Refused(reply), Some(line)),
        }
        let recipient = Rcpt::new(message.to.clone(), Vec::new());
        for (command, limit) in [
            (recipient.to_string(), self.timeouts.command()),
            (Data.to_string(), self.timeouts.data()),
        ] {
            match speak(&mut line.connection, command, limit).await {
                Ok(_) => {}
                Err(Failure::Answer(reply)) => return self.answered(line, reply).await,
                Err(Failure::Broken(reply) | Failure::Unsupported(reply)) => {
                    return (Outcome::Trouble(reply), None);
                }
            }
        }
        let content = line.connection.message(&message.bytes);
        match judged(timeout(self.timeouts.content(), content).await) {
            Ok(response) => (Outcome::Sent(Reply::from_response(&response)), Some(line)),
            Err(Failure::Answer(reply)) => self.answered(line, reply).await,
            // The final dot may have arrived.
            Err(Failure::Broken(reply) | Failure::Unsupported(reply)) => {
                (Outcome::Unknown(reply), None)
            }
        }
    }

    async fn envelope_from(
        &self,
        line: &mut Line<'_>,
        message: &Built,
    ) -> Result<Response, Failure> {
        let info = line.connection.server_info();
        let mut parameters = Vec::new();
        let addresses = [&message.from, &message.to];
        if addresses
            .iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii())
        {
            if !info.supports_feature(Extension::SmtpUtfEight) {
                return Err(Failure::Unsupported(Reply::ours(
                    "the mail server cannot take this address (no SMTPUTF8)",
                )));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !message.bytes.is_ascii() {
            if !info.supports_feature(Extension::EightBitMime) {
                return Err(Failure::Unsupported(Reply::ours(
                    "the mail server cannot take 8-bit content (no 8BITMIME)",
                )));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let command = Mail::new(Some(message.from.clone()), parameters);
        speak(&mut line.connection, command, self.timeouts.command()).await
    }

    /// Sorts a 4xx or 5xx answer about this message, and makes the connection ready for the next.
    async fn answered<'a>(
        &'a self,
        mut line: Line<'a>,
        reply: Reply,
    ) -> (Outcome, Option<Line<'a>>) {
        // 421: the server closes the connection (RFC 5321 section 3.8).
        let usable = reply.code != Some(421)
            && speak(&mut line.connection, Rset, self.timeouts.command())
                .await
                .is_ok();
        let outcome = match reply.code {
            Some(500..600) => Outcome::Refused(reply),
            _ => Outcome::Deferred(reply),
        };
        if usable {
            (outcome, Some(line))
        } else {
            self.close(line.connection).await;
            (outcome, None)
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Reply> {
        let socket = Socket::connect(&self.settings, &self.tls, &self.hello_name);
        let socket = timeout(self.timeouts.connect(), socket)
            .await
            .map_err(|_| Reply::ours("connecting took too long"))?
            .map_err(|error| Reply::ours(format!("cannot connect: {error}")))?;
        let hello = ClientId::Domain(self.hello_name.clone());
        let connection = AsyncSmtpConnection::connect_with_transport(Box::new(socket), &hello);
        let mut connection = judged(timeout(self.timeouts.command(), connection).await)
            .map_err(Failure::into_reply)?;
        if !self.settings.username.is_empty() {
            let credentials = Credentials::new(
                self.settings.username.clone(),
                self.settings.password.reveal().clone(),
            );
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            let auth = connection.auth(&mechanisms, &credentials);
            judged(timeout(self.timeouts.command(), auth).await).map_err(Failure::into_reply)?;
        }
        Ok(connection)
    }

    async fn close(&self, mut connection: AsyncSmtpConnection) {
        // A courtesy: whether the answer comes does not matter.
        let limit = Duration::from_secs(1);
        drop(timeout(limit, connection.command(Quit)).await);
    }
}

/// Why a step did not go on.
enum Failure {
    /// The server answered 4xx or 5xx.
    Answer(Reply),
    /// No answer, or none that can be read.
    Broken(Reply),
    /// The server lacks what this message needs.
    Unsupported(Reply),
}

impl Failure {
    fn into_reply(self) -> Reply {
        match self {
            Self::Answer(reply) | Self::Broken(reply) | Self::Unsupported(reply) => reply,
        }
    }
}

impl Reply {
    pub(super) fn ours(text: impl Into<String>) -> Self {
        Self {
            code: None,
            text: text.into(),
        }
    }

    fn from_response(response: &Response) -> Self {
        Self {
            code: Some(response.code().into()),
            text: response.message().collect::<Vec<_>>().join(" "),
        }
    }
}

async fn speak(
    connection: &mut AsyncSmtpConnection,
    command: impl Display,
    limit: Duration,
) -> Result<Response, Failure> {
    judged(timeout(limit, connection.command(command)).await)
}

fn judged<T>(outcome: Result<Result<T, Error>, tokio::time::error::Elapsed>) -> Result<T, Failure> {
    let error = match outcome {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error,
        Err(_) => {
            return Err(Failure::Broken(Reply::ours(
                "the mail server did not answer in time",
            )));
        }
    };
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => Err(Failure::Answer(Reply {
            code: Some(code.into()),
            text: words,
        })),
        None => Err(Failure::Broken(Reply::ours(format!(
            "the connection to the mail server broke: {words}"
        )))),
    }
}
