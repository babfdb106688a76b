//! The worker that delivers: claim, commit, send, record.
//!
//! A row is `claimed` while nothing of it reached the mail server, `sending` from
//! the moment it may have. A worker holds a lease; when it dies, another gives the
//! claimed rows back and marks the begun ones uncertain.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

use super::limits::{Domains, Overall};
use super::message::Letterhead;
use super::model::{BatchId, Halt};
use super::round::Worker;
use super::settings::{MailSettings, TransportKind};
use super::store;
use super::transport::Transport;
use crate::kernel::{Clock, Instant, Result, id};
use crate::store::{Conn, Store};
use crate::vault::Vault;

/// How often an idle worker looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);

/// Delivers the outbox of one server; cheap to clone.
#[derive(Clone)]
pub struct Courier {
    inner: Arc<Worker>,
}

/// What keeps mail from going out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// When it was last met.
    pub at: Instant,
    /// The mail server's code, when it answered.
    pub code: Option<u16>,
    /// What happened, without addresses.
    pub text: String,
}

/// How the mail stands, for the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Why mail waits; nothing when the last connection was good.
    pub trouble: Option<Trouble>,
    /// When the mail server is tried again.
    pub retry_at: Option<Instant>,
    /// Messages that wait.
    pub queued: i64,
    /// Messages that somebody must settle.
    pub uncertain: i64,
    /// Since when the oldest waiting message waits.
    pub waiting_since: Option<Instant>,
    /// Batches that the worker stopped by itself, as the mail server refused one message after the other.
    pub halted: Vec<(BatchId, Halt)>,
    /// Since when all bulk mail is stopped by an operator.
    pub bulk_stopped_at: Option<Instant>,
}

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Taken by the mail server.
    pub sent: usize,
    /// Put off, refused, uncertain, or kept by trouble with the connection.
    pub unsent: usize,
}

/// A running worker.
pub struct Running {
    courier: Courier,
    task: JoinHandle<()>,
}

impl Courier {
    /// Makes a worker; it does nothing until a round is called for, or [`Courier::start`].
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidSetting`] when a setting is wrong.
    pub fn new(store: Store, vault: Vault, clock: Clock, settings: MailSettings) -> Result<Self> {
        settings.validate()?;
        Ok(Self {
            inner: Arc::new(Worker {
                transport: Transport::new(&settings)?,
                letterhead: Arc::new(Letterhead::new(&settings)?),
                holder: id::fresh(clock.now()),
                sessions: match settings.transport {
                    TransportKind::Smtp => settings.smtp.connections,
                    TransportKind::Directory => 1,
                },
                store,
                vault,
                clock,
                overall: Mutex::new(Overall::new(&settings.rate)),
                domains: Mutex::new(Domains::new(&settings.rate)),
                settings,
                round: Mutex::default(),
                line: Mutex::default(),
                troubled: AtomicBool::new(false),
                unrecorded: Mutex::default(),
                last_lane: Mutex::default(),
                runs: Mutex::default(),
                wake: Notify::new(),
                stopping: AtomicBool::new(false),
            }),
        })
    }

    /// Delivers in the background until it is stopped.
    pub fn start(&self) -> Running {
        let courier = self.clone();
        let task = tokio::spawn(async move {
            while !courier.inner.stopping.load(Ordering::SeqCst) {
                if let Err(problem) = courier.pass().await {
                    tracing::error!(%problem, "mail round failed; it is repeated");
                }
                if courier.inner.stopping.load(Ordering::SeqCst) {
                    break;
                }
                tokio::select! {
                    () = courier.inner.wake.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
        Running {
            courier: self.clone(),
            task,
        }
    }

    /// Tells an idle worker that something was queued.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Delivers all that is due now.
    ///
    /// # Errors
    /// The database's own error; nothing is lost, the next round goes on.
    pub async fn pass(&self) -> Result<Pass> {
        let _round = self.inner.round.lock().await;
        let inner = &*self.inner;
        inner.write_unrecorded().await?;
        inner.recover().await?;
        if inner.is_stopping() || !inner.line_may_be_tried().await {
            return Ok(Pass::default());
        }
        let alive = async {
            inner.keep_lease().await;
            Ok(Pass::default())
        };
        tokio::select! {
            pass = inner.run() => pass,
            pass = alive => pass,
        }
    }

    /// How the mail stands.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn health(&self) -> Result<Health> {
        let read = |conn: &mut Conn| {
            let backlog = store::backlog(conn)?;
            Ok((backlog, store::halted(conn)?, store::stopped(conn)?))
        };
        let ((queued, uncertain, waiting_since), halted, bulk_stopped_at) =
            self.inner.store.read(read).await?;
        let line = self.inner.line.lock().await;
        Ok(Health {
            trouble: line.trouble.clone(),
            retry_at: line.retry_at,
            queued,
            uncertain,
            waiting_since,
            halted,
            bulk_stopped_at,
        })
    }
}

impl Running {
    /// Lets begun messages finish, gives the others back, closes the connections.
    ///
    /// # Errors
    /// The database's own error: then the lease runs out instead.
    pub async fn stop(self) -> Result<()> {
        let inner = &self.courier.inner;
        inner.stopping.store(true, Ordering::SeqCst);
        inner.wake.notify_one();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "mail worker ended badly");
        }
        inner.transport.shut().await;
        inner.write_unrecorded().await?;
        let holder = inner.holder.clone();
        inner
            .store
            .write(move |tx| Ok(store::end_lease(tx, &holder)?))
            .await
    }
}
