//! The importer: takes rosters in and back, one at a time, and goes on where it was stopped.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::{Mutex, Notify};

use super::House;
use crate::accounts::AccountId;
use crate::affected::intake::{self, Outcome};
use crate::affected::{Roster, RosterState, rosters};
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor};

/// After so long without a word from the server that had it, another one goes on with a roster.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Wakes the importer of this server; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Importer {
    notify: Arc<Notify>,
    /// Held while this server works on a roster.
    working: Arc<Mutex<()>>,
}

impl Importer {
    /// Says that there may be work.
    pub fn wake(&self) {
        self.notify.notify_one();
    }

    /// Waits until [`Importer::wake`] was called.
    pub async fn woken(&self) {
        self.notify.notified().await;
    }
}

impl House {
    /// Works on every roster that waits, the oldest first; gives how many it brought to an end.
    ///
    /// A roster that another server wrote to a moment ago is left to that server.
    ///
    /// # Errors
    /// The database's own error; the roster goes on at the next call.
    pub async fn run_importer(&self) -> Result<usize> {
        let _working = self.importer.working.lock().await;
        let mut ended = 0;
        while let Some(roster) = self.next_roster().await? {
            let house = self.clone();
            let done = tokio::task::spawn_blocking(move || house.work_on(&roster))
                .await
                .map_err(Problem::internal)??;
            if done {
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn next_roster(&self) -> Result<Option<Roster>> {
        let now = self.clock.now();
        // SQLite serves one server: whatever it left unfinished is its own.
        let alone = self.store.url().is_sqlite();
        self.store
            .read(move |conn| {
                let rosters = rosters::at_work(conn)?;
                let is_busy = |roster: &Roster| {
                    !alone
                        && roster.state != RosterState::Waiting
                        && roster
                            .touched_at
                            .is_some_and(|at| at.plus(GIVEN_UP_AFTER) > now)
                };
                Ok(rosters
                    .iter()
                    .find(|roster| {
                        // Who is who is decided row by row: one roster of an incident at a time.
                        let first = rosters
                            .iter()
                            .find(|other| {
                                other.incident_id == roster.incident_id
                                    && other.state != RosterState::Waiting
                            })
                            .is_none_or(|other| other.id == roster.id);
                        first && !is_busy(roster)
                    })
                    .cloned())
            })
            .await
    }

    /// Works on one roster in this thread; says whether it came to an end.
    fn work_on(&self, roster: &Roster) -> Result<bool> {
        let finish = |tx: &mut Conn, now: Instant, roster: &Roster| self.ended(tx, now, roster);
        if roster.state == RosterState::Undoing {
            return intake::undo(&self.store, &self.vault, &self.clock, &roster.id, finish);
        }
        let outcome = intake::import(
            &self.store,
            &self.vault,
            &self.files,
            &self.clock,
            &roster.id,
            finish,
        )?;
        match outcome {
            Outcome::Finished => Ok(true),
            Outcome::Stopped => Ok(false),
            Outcome::Refused(refusal) => {
                tracing::warn!(roster_id = %roster.id, %refusal, "a roster cannot be read to its end; it is taken back");
                self.store
                    .write_blocking(|tx| rosters::give_up(tx, &roster.id, &refusal))?;
                Ok(false)
            }
        }
    }

    /// What follows from a roster that was imported, or taken back.
    fn ended(&self, tx: &mut Conn, now: Instant, roster: &Roster) -> Result<()> {
        let id: IncidentId = roster.incident_id.parse().map_err(Problem::internal)?;
        timeline::lock(tx, id.as_str())?;
        let actor = Actor::account(roster.recorded_by.clone());
        rosters::tell_end(tx, &actor, now, roster)?;
        if let Ok(by) = roster.recorded_by.parse::<AccountId>() {
            self.counts_become_facts(tx, now, &id, &by)?;
        }
        self.settle(tx, now, &id)
    }
}
