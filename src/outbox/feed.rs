//! The feeder: claims lots of due messages and prepares one while another is on the wire.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant as Moment, timeout};

use super::flow::Flow;
use super::prepare::{Job, prepare};
use super::round::{LEASE, Worker};
use super::settings::TransportKind;
use super::store::{self, Moves};
use crate::kernel::{Instant, Result};

/// The smallest and the largest lot. A slow server gets small ones, so that little is held.
const LOTS: (usize, usize) = (50, 500);

/// How often it looks for the team's mail while bulk mail goes out.
const LOOK: Duration = Duration::from_millis(250);

/// How often it looks for workers that died.
const TAKE_OVER: Duration = Duration::from_secs(30);

impl Worker {
    /// Feeds the round until nothing is due and nothing is under way.
    pub(super) async fn feed(&self, flow: &Flow) -> Result<()> {
        let mut done = 0;
        let mut lot = LOTS.0;
        let mut took_over = Moment::now();
        while !flow.is_closed() && !self.is_stopping() {
            if took_over.elapsed() > TAKE_OVER {
                self.recover().await?;
                took_over = Moment::now();
            }
            let hungry = flow.prepared() < lot / 2 + 1;
            let now = self.clock.now();
            let Some(lane) = self.next_lane(now, hungry).await? else {
                if flow.is_idle() {
                    break;
                }
                drop(timeout(LOOK, flow.feeder.notified()).await);
                continue;
            };
            // Twice what went out since the last lot: as much as goes out until the next, and some.
            let gone = flow.done().saturating_sub(done);
            done = flow.done();
            lot = gone.saturating_mul(2).clamp(LOTS.0, LOTS.1);
            self.bring(flow, lane, now, lot).await?;
        }
        Ok(())
    }

    /// The lane to claim from: the team's if anything there is due, otherwise the next batch in turn.
    async fn next_lane(&self, now: Instant, bulk_too: bool) -> Result<Option<String>> {
        let last = self.last_lane.lock().await.clone();
        let lane = self
            .store
            .read(move |conn| {
                if store::any_due(conn, store::TEAM, now)? {
                    return Ok(Some(store::TEAM.to_owned()));
                }
                if !bulk_too {
                    return Ok(None);
                }
                let mut lanes = store::flowing(conn)?;
                // In turn: a batch that is held up by a limit keeps no other waiting.
                let passed = lanes.iter().take_while(|lane| **lane <= last).count();
                lanes.rotate_left(passed);
                for lane in lanes {
                    if store::any_due(conn, &lane, now)? {
                        return Ok(Some(lane));
                    }
                }
                Ok(None)
            })
            .await?;
        if let Some(lane) = lane.as_ref().filter(|lane| *lane != store::TEAM) {
            self.last_lane.lock().await.clone_from(lane);
        }
        Ok(lane)
    }

    /// Claims one lot of a lane, prepares it, and puts off what is over a domain's limit.
    async fn bring(&self, flow: &Flow, lane: String, now: Instant, lot: usize) -> Result<()> {
        let holder = self.holder.clone();
        let limit = i64::try_from(lot).unwrap_or(i64::MAX);
        let rows = self
            .store
            .write_alone(move |tx| {
                store::renew_lease(tx, &holder, now.plus(LEASE))?;
                Ok(store::claim(tx, &holder, &lane, now, limit)?)
            })
            .await?;
        let (vault, letterhead) = (self.vault.clone(), Arc::clone(&self.letterhead));
        let keep_content = self.settings.transport == TransportKind::Directory;
        let (jobs, hopeless) = self
            .store
            .read(move |conn| prepare(conn, &vault, &letterhead, now, rows, keep_content))
            .await?;
        let jobs = self.within_limits(jobs, now).await?;
        flow.bring(jobs, hopeless);
        Ok(())
    }

    /// Gives messages over a domain's limit a turn in the database; gives the others.
    async fn within_limits(&self, jobs: Vec<Job>, now: Instant) -> Result<Vec<Job>> {
        if self.settings.rate.per_domain.is_empty() {
            return Ok(jobs);
        }
        let mut domains = self.domains.lock().await;
        let (mut free, mut later) = (Vec::new(), Vec::new());
        for job in jobs {
            let domain = job.to.address().domain();
            if job.is_team() {
                domains.count(domain, now);
                free.push(job);
                continue;
            }
            match domains.admit(domain, now, job.fresh) {
                Ok(()) => free.push(job),
                Err(turn) => later.push((job.id, job.batch, turn)),
            }
        }
        if !later.is_empty() {
            let holder = self.holder.clone();
            self.store
                .write(move |tx| {
                    let mut moves = Moves::default();
                    for (id, batch, turn) in &later {
                        store::put_off(tx, &holder, batch, id, *turn, &mut moves)?;
                    }
                    Ok(moves.write(tx, now)?)
                })
                .await?;
        }
        Ok(free)
    }
}
