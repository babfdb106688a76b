//! The SMTP transport: a few connections, kept between messages, each step bounded by time.
//!
//! What a failure means depends on the step. Before the content nothing was
//! taken; after it, silence means that nobody knows.

mod exchange;
mod socket;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant as Moment, timeout};
use tokio_rustls::rustls::ClientConfig;

use exchange::Offers;
use socket::Socket;
use wire::{Failure, Wire};

use super::model::Reply;
use super::settings::{MailSettings, SmtpSettings, TimeoutSettings};
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
    idle: Mutex<Vec<(Wire, Offers, Moment)>>,
}

/// A connection in use; it goes back to the pool by [`Smtp::put_back`], or is closed.
pub(super) struct Line<'a> {
    wire: Wire,
    offers: Offers,
    _permit: SemaphorePermit<'a>,
    /// Whether it carried a message already: then a failure at the next one's beginning may
    /// only mean that the server hung up, for idleness or because it takes so many and no more.
    used: bool,
}

impl Line<'_> {
    /// Whether the next message's envelope can be said before this one's answer.
    pub(super) fn pipelines(&self) -> bool {
        self.offers.pipelining
    }
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
        if let Some((wire, offers, since)) = taken {
            if since.elapsed() < IDLE {
                return Ok(Line {
                    wire,
                    offers,
                    _permit: permit,
                    used: true,
                });
            }
            self.close(wire).await;
        }
        let (wire, offers) = self.open().await?;
        Ok(Line {
            wire,
            offers,
            _permit: permit,
            used: false,
        })
    }

    /// Keeps a healthy connection for the next message.
    pub(super) async fn put_back(&self, line: Line<'_>) {
        let mut idle = self.idle.lock().await;
        idle.push((line.wire, line.offers, Moment::now()));
    }

    /// Closes a connection with what was said on it: the server takes none of that.
    pub(super) async fn drop_line(&self, line: Line<'_>) {
        self.close(line.wire).await;
    }

    /// Closes the idle connections.
    pub(super) async fn shut(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().await);
        for (wire, ..) in idle {
            self.close(wire).await;
        }
    }

    async fn open(&self) -> Result<(Wire, Offers), Reply> {
        let socket = Socket::connect(&self.settings, &self.tls, &self.hello_name);
        let socket = timeout(self.timeouts.connect(), socket)
            .await
            .map_err(|_| Reply::ours("connecting took too long"))?
            .map_err(|error| Reply::ours(format!("cannot connect: {error}")))?;
        let mut wire = Wire::new(socket);
        match self.greet(&mut wire).await {
            Ok(offers) => Ok((wire, offers)),
            Err(failure) => Err(failure.into_reply()),
        }
    }

    async fn greet(&self, wire: &mut Wire) -> Result<Offers, Failure> {
        let limit = self.timeouts.command();
        wire.expect(limit).await?;
        let hello = wire
            .speak(&format!("EHLO {}", self.hello_name), limit)
            .await?;
        if !self.settings.username.is_empty() {
            self.sign_in(wire, &hello).await?;
        }
        Ok(Offers::read(&hello))
    }

    /// PLAIN (RFC 4616) where it is offered, LOGIN otherwise: over TLS both are as safe.
    async fn sign_in(&self, wire: &mut Wire, hello: &Reply) -> Result<(), Failure> {
        let limit = self.timeouts.command();
        let (user, password) = (&self.settings.username, self.settings.password.reveal());
        let offers = |mechanism: &str| {
            hello.text.lines().any(|line| {
                let mut words = line.split([' ', '=']);
                words
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case("AUTH"))
                    && words.any(|word| word.eq_ignore_ascii_case(mechanism))
            })
        };
        if offers("PLAIN") {
            let secret = BASE64.encode(format!("\0{user}\0{password}"));
            wire.speak(&format!("AUTH PLAIN {secret}"), limit).await?;
        } else if offers("LOGIN") {
            wire.speak("AUTH LOGIN", limit).await?;
            wire.speak(&BASE64.encode(user), limit).await?;
            wire.speak(&BASE64.encode(password), limit).await?;
        } else {
            return Err(Failure::Broken(Reply::ours(
                "the mail server offers no way to sign in that we know (PLAIN, LOGIN)",
            )));
        }
        Ok(())
    }

    async fn close(&self, mut wire: Wire) {
        // A courtesy: whether the answer comes does not matter.
        let limit = Duration::from_secs(1);
        drop(wire.speak("QUIT", limit).await);
    }
}
