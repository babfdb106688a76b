//! One round of delivery: recover, claim, send over a few channels, record.
//!
//! The database is written in short transactions before and after the network is
//! spoken to, never across.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::sync::{Mutex, Notify};

use super::courier::{Pass, Trouble};
use super::message::Letterhead;
use super::model::{Outcome, Reply, State};
use super::prepare::{Job, prepare};
use super::rules::{self, Next};
use super::settings::MailSettings;
use super::store::{self, Record};
use super::transport::{Channel, Transport};
use crate::kernel::{Clock, Instant, Result, random};
use crate::store::Store;
use crate::vault::Vault;

/// How many messages are claimed at a time: small, so that an alert waits behind few.
const CLAIM: i64 = 100;

/// How long a worker is taken for alive after its last sign.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

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
    /// Outcomes that the database did not take yet.
    pub(super) unrecorded: Mutex<Vec<Record>>,
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

/// Counts and jobs that the sessions of one claim share.
struct Shared {
    jobs: Mutex<VecDeque<Job>>,
    sent: AtomicUsize,
    unsent: AtomicUsize,
    /// What kept the last session from going on.
    trouble: Mutex<Option<Reply>>,
}

impl Worker {
    pub(super) async fn line_may_be_tried(&self) -> bool {
        let line = self.line.lock().await;
        line.retry_at.is_none_or(|at| at <= self.clock.now())
    }

    /// Takes over from dead workers. Reads first, so that an idle server does not write.
    pub(super) async fn recover(&self) -> Result<()> {
        let now = self.clock.now();
        if !self.store.read(|conn| Ok(store::any_held(conn)?)).await? {
            return Ok(());
        }
        let (requeued, uncertain) = self
            .store
            .write(move |tx| Ok(store::recover(tx, now)?))
            .await?;
        if (requeued, uncertain) != (0, 0) {
            tracing::warn!(
                requeued,
                uncertain,
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

    /// Claims and delivers one lot; nothing when none is due.
    pub(super) async fn chunk(&self) -> Result<Option<Pass>> {
        let (holder, now) = (self.holder.clone(), self.clock.now());
        if !self
            .store
            .read(move |conn| Ok(store::any_due(conn, now)?))
            .await?
        {
            return Ok(None);
        }
        let rows = self
            .store
            .write(move |tx| {
                store::renew_lease(tx, &holder, now.plus(LEASE))?;
                Ok(store::claim(tx, &holder, now, CLAIM)?)
            })
            .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let (vault, letterhead) = (self.vault.clone(), Arc::clone(&self.letterhead));
        let (jobs, hopeless) = self
            .store
            .read(move |conn| prepare(conn, &vault, &letterhead, now, rows))
            .await?;
        let unsent = hopeless.len();
        for record in hopeless {
            self.step(Some(record), None).await;
        }
        let shared = Shared {
            jobs: Mutex::new(jobs.into()),
            sent: AtomicUsize::new(0),
            unsent: AtomicUsize::new(unsent),
            trouble: Mutex::new(None),
        };
        join_all((0..self.sessions).map(|_| self.session(&shared))).await;
        let sent = shared.sent.load(Ordering::SeqCst);
        self.judge_line(shared.trouble.into_inner(), sent).await;
        Ok(Some(Pass {
            sent,
            unsent: shared.unsent.load(Ordering::SeqCst),
        }))
    }

    /// Sends one message after another over one channel.
    async fn session(&self, shared: &Shared) {
        let mut channel: Option<Channel<'_>> = None;
        let mut finished: Option<Record> = None;
        while !self.stopping.load(Ordering::SeqCst) {
            let Some(job) = shared.jobs.lock().await.pop_front() else {
                break;
            };
            let open = match channel.take() {
                Some(open) => open,
                None => {
                    // Connecting may take long; the last outcome must not wait for it.
                    self.step(finished.take(), None).await;
                    match self.transport.channel().await {
                        Ok(open) => open,
                        Err(reply) => {
                            *shared.trouble.lock().await = Some(reply);
                            break;
                        }
                    }
                }
            };
            // One commit for both: the last message's outcome and this one's beginning.
            if !self.step(finished.take(), Some(&job)).await {
                channel = Some(open);
                continue;
            }
            let (outcome, again) = self.transport.send(open, &job, self.clock.now()).await;
            channel = again;
            let count = if matches!(outcome, Outcome::Sent(_)) {
                &shared.sent
            } else {
                &shared.unsent
            };
            count.fetch_add(1, Ordering::SeqCst);
            finished = Some(self.record(&job, &outcome));
            if let Outcome::Trouble(reply) = outcome {
                *shared.trouble.lock().await = Some(reply);
                break;
            }
        }
        self.step(finished, None).await;
        if let Some(open) = channel {
            self.transport.put_back(open).await;
        }
    }

    /// Records one outcome and begins one message, in one transaction; says whether it may be sent.
    async fn step(&self, finished: Option<Record>, next: Option<&Job>) -> bool {
        if finished.is_none() && next.is_none() {
            return false;
        }
        let (holder, now) = (self.holder.clone(), self.clock.now());
        let id = next.map(|job| job.id.clone());
        let kept = finished.clone();
        let begun = self
            .store
            .write(move |tx| {
                if let Some(record) = &finished
                    && !store::record(tx, &holder, now, record)?
                {
                    tracing::warn!(mail = %record.id, "a message was settled by somebody else meanwhile");
                }
                match &id {
                    Some(id) => Ok(store::begin(tx, &holder, id)?),
                    None => Ok(false),
                }
            })
            .await;
        match begun {
            Ok(begun) => begun,
            Err(problem) => {
                tracing::error!(%problem, "an outcome of mail could not be recorded; that is repeated");
                self.unrecorded.lock().await.extend(kept);
                false
            }
        }
    }

    pub(super) async fn write_unrecorded(&self) -> Result<()> {
        let mut unrecorded = self.unrecorded.lock().await;
        if unrecorded.is_empty() {
            return Ok(());
        }
        let (holder, now) = (self.holder.clone(), self.clock.now());
        let records = unrecorded.clone();
        self.store
            .write(move |tx| {
                for record in &records {
                    store::record(tx, &holder, now, record)?;
                }
                Ok(())
            })
            .await?;
        unrecorded.clear();
        Ok(())
    }

    fn record(&self, job: &Job, outcome: &Outcome) -> Record {
        let (now, [random]) = (self.clock.now(), random::bytes());
        let tried = job.attempts.saturating_add(1);
        let (state, attempts, due_at, reply) = match outcome {
            Outcome::Sent(reply) => (State::Sent, tried, None, reply),
            Outcome::Refused(reply) => (State::Failed, tried, None, reply),
            Outcome::Unknown(reply) => (State::Uncertain, tried, None, reply),
            Outcome::Deferred(reply) => {
                match rules::next_attempt(&self.settings.retry, tried, job.created_at, now, random)
                {
                    Next::At(at) => (State::Queued, tried, Some(at), reply),
                    Next::GiveUp => (State::Failed, tried, None, reply),
                }
            }
            Outcome::Trouble(reply) => {
                let at = rules::next_connection(1, now, random);
                (State::Queued, job.attempts, Some(at), reply)
            }
        };
        Record {
            id: job.id.clone(),
            state,
            attempts,
            due_at,
            reply_code: reply.code.map(i64::from),
            reply: Some(rules::keepable(&reply.text, Some(job.to.address()))),
        }
    }

    /// Remembers whether the mail server could be reached, and when to try again.
    async fn judge_line(&self, trouble: Option<Reply>, sent: usize) {
        let now = self.clock.now();
        let mut line = self.line.lock().await;
        let Some(reply) = trouble else {
            if line.trouble.is_some() {
                tracing::info!("the mail server works again");
            }
            *line = LineState::default();
            return;
        };
        line.failures = if sent > 0 {
            1
        } else {
            line.failures.saturating_add(1)
        };
        let [random] = random::bytes();
        let retry_at = rules::next_connection(line.failures, now, random);
        let text = rules::keepable(&reply.text, None);
        tracing::warn!(code = reply.code, reason = %text, %retry_at, "the mail server does not take mail; it waits");
        line.retry_at = Some(retry_at);
        line.trouble = Some(Trouble {
            at: now,
            code: reply.code,
            text,
        });
    }
}
