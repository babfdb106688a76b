//! One round of delivery: take over from the dead, feed, write down, send.
//!
//! Feeder, scribe and sessions run beside each other. The database is written in
//! short transactions before and after the network is spoken to, never across.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::sync::{Mutex, Notify};

use super::courier::{Pass, Trouble};
use super::flow::Flow;
use super::limits::{Domains, Overall};
use super::message::Letterhead;
use super::model::{MailId, Reply, State};
use super::rules;
use super::scribe::Runs;
use super::settings::{MailSettings, UncertainPolicy};
use super::store::{self, Moves, Record, Verdict};
use super::transport::Transport;
use crate::kernel::{Clock, Instant, Result, random};
use crate::store::Store;
use crate::vault::Vault;

/// How long a worker is taken for alive after its last sign.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often a working worker renews its lease.
const RENEW: Duration = Duration::from_secs(15);

/// What a worker holds: its means, its name, and what it remembers between rounds.
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) vault: Vault,
    pub(super) letterhead: Arc<Letterhead>,
    pub(super) clock: Clock,
    pub(super) settings: MailSettings,
    pub(super) transport: Transport,
    pub(super) holder: String,
    pub(super) sessions: usize,
    /// One round at a time: two rounds of one worker would release each other's rows.
    pub(super) round: Mutex<()>,
    pub(super) line: Mutex<LineState>,
    /// Whether the line was in trouble: looked at after each message, so without the lock.
    pub(super) troubled: AtomicBool,
    /// What the database did not take yet.
    pub(super) unrecorded: Mutex<Unrecorded>,
    /// The batch that was claimed from last.
    pub(super) last_lane: Mutex<String>,
    pub(super) overall: Mutex<Overall>,
    pub(super) domains: Mutex<Domains>,
    pub(super) runs: Mutex<Runs>,
    pub(super) wake: Notify,
    pub(super) stopping: AtomicBool,
}

/// How the mail server did last.
#[derive(Default)]
pub(super) struct LineState {
    pub(super) failures: u32,
    pub(super) trouble: Option<Trouble>,
    pub(super) retry_at: Option<Instant>,
}

/// Outcomes to write down, and messages that had begun without a word to the mail server.
#[derive(Default)]
pub(super) struct Unrecorded {
    pub(super) records: Vec<Record>,
    pub(super) unsaid: Vec<MailId>,
    /// Whether rows may be held that no round works on.
    pub(super) held: bool,
}

impl Worker {
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(super) async fn line_may_be_tried(&self) -> bool {
        let line = self.line.lock().await;
        line.retry_at.is_none_or(|at| at <= self.clock.now())
    }

    /// Delivers all that is due; what could not be written down is left for the next call.
    pub(super) async fn run(&self) -> Result<Pass> {
        let flow = Flow::new(self.sessions);
        let feed = async {
            let fed = self.feed(&flow).await;
            flow.fed();
            fed
        };
        let write = async {
            let written = self.write_down(&flow).await;
            // The sessions wait for more, and there will be none.
            flow.close();
            written
        };
        let sessions = join_all((0..self.sessions).map(|_| self.session(&flow)));
        let (fed, written, _) = tokio::join!(feed, write, sessions);
        let (pass, records, unsaid) = flow.end();
        let mut unrecorded = self.unrecorded.lock().await;
        unrecorded.records.extend(records);
        unrecorded.unsaid.extend(unsaid);
        unrecorded.held = true;
        drop(unrecorded);
        fed.and(written)?;
        self.write_unrecorded().await?;
        Ok(pass)
    }

    /// Takes over from dead workers. Reads first, so that an idle server does not write.
    pub(super) async fn recover(&self) -> Result<()> {
        let now = self.clock.now();
        if !self.store.read(|conn| Ok(store::any_held(conn)?)).await? {
            return Ok(());
        }
        let verdict = match self.settings.uncertain {
            UncertainPolicy::Ask => Verdict {
                state: State::Uncertain,
                reply: "the server ended before the answer came",
            },
            UncertainPolicy::Resend => Verdict {
                state: State::Queued,
                reply: "the server ended before the answer came; it is sent again, as the settings say",
            },
            UncertainPolicy::Sent => Verdict {
                state: State::Sent,
                reply: "the server ended before the answer came; it is taken for sent, as the settings say",
            },
        };
        let (requeued, begun) = self
            .store
            .write_alone(move |tx| Ok(store::recover(tx, now, &verdict)?))
            .await?;
        if (requeued, begun) != (0, 0) {
            let policy = self.settings.uncertain;
            tracing::warn!(
                requeued,
                begun,
                ?policy,
                "took over the mail of a worker that died"
            );
        }
        Ok(())
    }

    pub(super) async fn keep_lease(&self) {
        loop {
            tokio::time::sleep(RENEW).await;
            let (holder, until) = (self.holder.clone(), self.clock.now().plus(LEASE));
            let renewed = self
                .store
                .write(move |tx| Ok(store::renew_lease(tx, &holder, until)?))
                .await;
            if let Err(problem) = renewed {
                tracing::warn!(%problem, "the mail worker's lease could not be renewed");
            }
        }
    }

    /// Writes down what a round left, and gives back what it held.
    pub(super) async fn write_unrecorded(&self) -> Result<()> {
        let mut unrecorded = self.unrecorded.lock().await;
        if !unrecorded.held && unrecorded.records.is_empty() {
            return Ok(());
        }
        let (holder, clock) = (self.holder.clone(), self.clock.clone());
        let (records, unsaid) = (unrecorded.records.clone(), unrecorded.unsaid.clone());
        self.store
            .write_alone(move |tx| {
                let now = clock.now();
                let mut moves = Moves::default();
                store::record(tx, &holder, now, &records, &mut moves)?;
                moves.write(tx, now)?;
                Ok(store::release(tx, &holder, now, &unsaid)?)
            })
            .await?;
        *unrecorded = Unrecorded::default();
        Ok(())
    }

    /// The mail server took a message.
    pub(super) async fn line_works(&self) {
        if self.troubled.swap(false, Ordering::SeqCst) {
            tracing::info!("the mail server works again");
            *self.line.lock().await = LineState::default();
        }
    }

    /// A session could not go on.
    pub(super) async fn line_in_trouble(&self, reply: &Reply) {
        self.troubled.store(true, Ordering::SeqCst);
        let text = rules::keepable(&reply.text, None);
        tracing::warn!(code = reply.code, reason = %text, "a connection to the mail server is in trouble");
        self.line.lock().await.trouble = Some(Trouble {
            at: self.clock.now(),
            code: reply.code,
            text,
        });
    }

    /// No session could go on: the mail server is tried again later, and later each time.
    pub(super) async fn line_is_shut(&self) {
        let mut line = self.line.lock().await;
        let [random] = random::bytes();
        line.failures = line.failures.saturating_add(1);
        let retry_at = rules::next_connection(line.failures, self.clock.now(), random);
        tracing::warn!(%retry_at, "the mail server does not take mail; it waits");
        line.retry_at = Some(retry_at);
    }
}
