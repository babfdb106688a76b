//! Takes the rows of a roster into the register, exactly once, whatever interrupts it.
//!
//! Two threads work on a roster: one reads, normalises and seals (`read.rs`), one
//! decides who is who and writes (`write.rs`), a batch of rows in one transaction
//! together with the number of the last row. A crash, a pause or another server
//! therefore goes on behind the last row that was written. Memory holds a few
//! batches and the keys of the last few hundred thousand rows (`known.rs`),
//! however long the file is.

mod known;
mod read;
mod undo;
mod write;

use std::sync::mpsc;

use jiff::tz::TimeZone;

pub(super) use undo::rejoin;
pub use undo::undo;

use self::known::Known;
use self::read::Batch;
use self::write::Writer;
use super::model::{Roster, RosterId, RosterState};
use super::records::RegisterKey;
use super::store;
use crate::evidence::{self, Files};
use crate::kernel::{Clock, Instant, Problem, Result};
use crate::sheets::Refusal;
use crate::store::{Conn, Store};
use crate::vault::Vault;

/// Rows in one transaction: some ten milliseconds of the one writer that SQLite has.
const BATCH: usize = 4_000;
/// Batches that may wait between the two threads.
const WAITING: usize = 2;

/// How a run of the importer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every row was taken.
    Finished,
    /// A person paused it or takes it back, or another server goes on with it.
    Stopped,
    /// The file cannot be read further; what was taken has to be taken back.
    Refused(Refusal),
}

/// Takes the rows of one roster until its end, or until somebody stops it.
///
/// Blocks its thread. `finish` runs in the transaction that marks the roster as
/// imported; what depends on the new people belongs there.
///
/// # Errors
/// The database's own error, and [`crate::kernel::Code::Purged`]; the roster then
/// goes on where it stopped when it is called again.
pub fn import(
    store: &Store,
    vault: &Vault,
    files: &Files,
    clock: &Clock,
    id: &RosterId,
    finish: impl FnOnce(&mut Conn, Instant, &Roster) -> Result<()>,
) -> Result<Outcome> {
    let now = clock.now();
    let begun = store.write_blocking(|tx| {
        let Some(roster) = store::begin(tx, id, now)? else {
            return Ok(None);
        };
        let key = RegisterKey::of(tx, vault, now, &roster.incident_id)?;
        let (_, file) = evidence::reader(tx, vault, files, now, &roster.evidence_id)?;
        Ok(Some((roster, key, file)))
    })?;
    let Some((roster, key, file)) = begun else {
        return Ok(Outcome::Stopped);
    };
    let layout = roster.layout()?;
    let known = store.read_blocking(|conn| Known::load(conn, &roster))?;
    // Coming of age is counted by the day in Japan; the day of handing in, so that going on later changes nothing.
    let zone = TimeZone::get("Asia/Tokyo").map_err(Problem::internal)?;
    let today = roster.recorded_at.in_zone(&zone).date();
    let (sender, batches) = mpsc::sync_channel(WAITING);
    let reader = read::Reader {
        layout: &layout,
        roster_number: roster.number,
        after: roster.last_row,
        today,
        key: key.clone(),
    };
    store.write_blocking(|tx| Ok(store::tune_for_import(tx)?))?;
    let outcome = std::thread::scope(|scope| {
        let reading = scope.spawn(move || reader.run(file, &sender));
        let mut writer = Writer::new(roster, key, known);
        let written = write_all(store, clock, &mut writer, batches);
        let read = reading
            .join()
            .map_err(|_| Problem::internal("the reader of a roster panicked"))?;
        match (written?, read) {
            // The receiver is gone then, so what the reader says of it is of no account.
            (false, _) => Ok(Outcome::Stopped),
            (true, Err(refusal)) => Ok(Outcome::Refused(refusal)),
            (true, Ok(read)) => {
                read?;
                finished(store, clock, writer.roster(), finish)
            }
        }
    });
    store.write_blocking(|tx| Ok(store::tune_for_pages(tx)?))?;
    outcome
}

/// Writes batch after batch; says whether it came to the end.
fn write_all(
    store: &Store,
    clock: &Clock,
    writer: &mut Writer,
    batches: mpsc::Receiver<Batch>,
) -> Result<bool> {
    for batch in batches {
        let now = clock.now();
        let goes_on = store.write_blocking(|tx| writer.take(tx, now, batch))?;
        if !goes_on {
            // A pause may last for days: what was taken shall be found by its keys meanwhile.
            writer.index_keys(store)?;
            return Ok(false);
        }
        if writer.wants_indexing() {
            writer.index_keys(store)?;
        }
    }
    writer.index_keys(store)?;
    Ok(true)
}

fn finished(
    store: &Store,
    clock: &Clock,
    roster: &Roster,
    finish: impl FnOnce(&mut Conn, Instant, &Roster) -> Result<()>,
) -> Result<Outcome> {
    let now = clock.now();
    store.write_blocking(|tx| {
        let current = store::lock_roster(tx, &roster.id)?;
        if current.state != RosterState::Importing || current.last_row != roster.last_row {
            return Ok(Outcome::Stopped);
        }
        let roster = Roster {
            state: RosterState::Imported,
            finished_at: Some(now),
            touched_at: Some(now),
            ..current
        };
        store::update_roster(tx, &roster)?;
        finish(tx, now, &roster)?;
        Ok(Outcome::Finished)
    })
}
