//! The scribe: writes outcomes down and begins messages, many in one transaction.
//!
//! One commit costs about as much as a hundred rows, so it takes what came together
//! while the last commit ran. How many lie ready follows from how many went out
//! meanwhile: with a slow server few have begun, so that a crash leaves few uncertain.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use tokio::time::timeout;

use super::flow::{Flow, Work};
use super::model::{MailId, State};
use super::prepare::Job;
use super::round::Worker;
use super::store::{self, Moves, Record};
use crate::kernel::{Instant, Result};
use crate::store::Conn;

/// How often it looks whether the worker stops.
const LOOK: Duration = Duration::from_millis(250);

/// How long it lets outcomes come together while enough lies ready.
const GATHER: Duration = Duration::from_millis(5);

/// How many messages lie ready for each session at least, so that none waits for a commit.
const AHEAD: usize = 4;

/// Refusals in a row that point at us, by batch.
pub(super) type Runs = HashMap<String, Vec<MailId>>;

/// A batch to be stopped, the messages that go back to it, and the refusal that was the last.
struct Stop {
    batch: String,
    ids: Vec<MailId>,
    code: Option<i64>,
    reply: String,
}

/// What a transaction of the scribe came to.
struct Written {
    begun: HashSet<MailId>,
    held_back: Vec<String>,
}

impl Worker {
    /// Writes until the round is over.
    ///
    /// # Errors
    /// The database's own error; what was not written down is kept in `unrecorded`.
    pub(super) async fn write_down(&self, flow: &Flow) -> Result<()> {
        let least = self.sessions.saturating_mul(AHEAD);
        let mut ready = least;
        let mut outcome = Ok(());
        loop {
            if self.is_stopping() {
                flow.close();
            }
            let mut work = flow.work(ready, self.settings.window);
            if work.over {
                return outcome;
            }
            // What went out in one commit's time goes out in the next one's, perhaps faster.
            ready = (ready * 7 / 8).max(work.begun * 2).max(least);
            let wait = self.keep_pace(flow, &mut work).await;
            if work.records.is_empty() && work.team.is_empty() && work.bulk.is_empty() {
                drop(timeout(wait, flow.scribe.notified()).await);
                continue;
            }
            if outcome.is_err() {
                // The database takes nothing now: the next round writes it down first.
                self.unrecorded.lock().await.records.extend(work.records);
                continue;
            }
            outcome = self.commit(flow, work).await;
            if outcome.is_err() {
                flow.close();
            } else if flow.ready() >= least {
                tokio::time::sleep(GATHER).await;
            }
        }
    }

    /// Takes leave for what begins; gives how long to wait at most when nothing does.
    async fn keep_pace(&self, flow: &Flow, work: &mut Work) -> Duration {
        if self.settings.rate.per_second == 0 {
            return LOOK;
        }
        let now = self.clock.now();
        let mut overall = self.overall.lock().await;
        overall.count(now, work.team.len());
        let free = overall.take(now, work.bulk.len());
        let wanted = work.bulk.len();
        flow.unprepare(work.bulk.split_off(free));
        if free == wanted {
            return LOOK;
        }
        let wait = overall.wait(now).max(jiff::SignedDuration::from_millis(1));
        Duration::try_from(wait).map_or(LOOK, |wait| wait.min(LOOK))
    }

    async fn commit(&self, flow: &Flow, work: Work) -> Result<()> {
        let Work {
            records,
            begun,
            mut team,
            bulk,
            ..
        } = work;
        team.extend(bulk);
        let stops = self.runs_of_refusals(&records).await;
        let halts = self.settings.halt_after > 0;
        let beginning: Vec<(MailId, String)> = team
            .iter()
            .map(|job| (job.id.clone(), job.batch.clone()))
            .collect();
        let (holder, clock, kept) = (self.holder.clone(), self.clock.clone(), records.clone());
        let written = self
            .store
            .write_alone(move |tx| {
                write(
                    tx,
                    &holder,
                    clock.now(),
                    &records,
                    &stops,
                    halts,
                    &beginning,
                )
            })
            .await;
        let written = match written {
            Ok(written) => written,
            Err(problem) => {
                self.unrecorded.lock().await.records.extend(kept);
                return Err(problem);
            }
        };
        // Who else settled or withdrew a message meanwhile has the last word: it is dropped here.
        let jobs: Vec<Job> = team
            .into_iter()
            .filter(|job| written.begun.contains(&job.id))
            .collect();
        flow.discard(&written.held_back);
        flow.begun(jobs, begun);
        Ok(())
    }

    /// Follows refusals in a row; gives the batches that are to be stopped.
    ///
    /// A misconfigured sender would otherwise make everybody of a batch unreachable.
    async fn runs_of_refusals(&self, records: &[Record]) -> Vec<Stop> {
        let limit = usize::try_from(self.settings.halt_after).unwrap_or(usize::MAX);
        let mut stops = Vec::new();
        if limit == 0 {
            return stops;
        }
        let mut runs = self.runs.lock().await;
        for record in records {
            if record.state == State::Sent {
                runs.remove(&record.batch);
            } else if points_at_us(record) {
                let run = runs.entry(record.batch.clone()).or_default();
                run.push(record.id.clone());
                if run.len() >= limit {
                    stops.push(Stop {
                        batch: record.batch.clone(),
                        ids: std::mem::take(run),
                        code: record.reply_code,
                        reply: record.reply.clone().unwrap_or_default(),
                    });
                }
            }
        }
        stops
    }
}

/// Whether a refusal of bulk mail looks like our fault.
fn points_at_us(record: &Record) -> bool {
    record.batch != store::TEAM && record.failure.is_some_and(|failure| failure.may_be_ours())
}

fn write(
    tx: &mut Conn,
    holder: &str,
    now: Instant,
    records: &[Record],
    stops: &[Stop],
    halts: bool,
    beginning: &[(MailId, String)],
) -> Result<Written> {
    let mut moves = Moves::default();
    for mail in store::record(tx, holder, now, records, &mut moves)? {
        tracing::warn!(%mail, "a message was settled by somebody else meanwhile");
    }
    for stop in stops {
        let back = store::unfail(tx, &stop.batch, &stop.ids, now, &mut moves)?;
        store::halt(tx, &stop.batch, now, stop.code, &stop.reply)?;
        tracing::error!(
            batch = stop.batch,
            messages = back,
            code = stop.code,
            reason = stop.reply,
            "a sending was stopped: the mail server refuses one message after the other, and it looks like our fault"
        );
    }
    // What had begun when its batch was stopped goes back too.
    for record in records
        .iter()
        .filter(|record| halts && points_at_us(record))
    {
        if store::is_halted(tx, &record.batch)? {
            let one = std::slice::from_ref(&record.id);
            store::unfail(tx, &record.batch, one, now, &mut moves)?;
        }
    }
    moves.write(tx, now)?;
    let batches: BTreeSet<&str> = beginning
        .iter()
        .map(|(_, batch)| batch.as_str())
        .filter(|batch| *batch != store::TEAM)
        .collect();
    let batches: Vec<&str> = batches.into_iter().collect();
    let held_back = if batches.is_empty() {
        Vec::new()
    } else {
        store::held_back(tx, &batches)?
    };
    for batch in &held_back {
        store::release_batch(tx, holder, Some(batch), now, &[])?;
    }
    let ids: Vec<&MailId> = beginning
        .iter()
        .filter(|(_, batch)| !held_back.contains(batch))
        .map(|(id, _)| id)
        .collect();
    Ok(Written {
        begun: store::begin(tx, holder, &ids)?.into_iter().collect(),
        held_back,
    })
}
