//! What people do to mail that waits, and how far it has come.
//!
//! All of it reads or writes single rows: a batch of a million costs what one of ten does,
//! except where it says that every message is written.

use super::model::{BatchId, BatchNews, Counts, MailId, Progress, Settlement, State};
use super::store;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;

/// Stops a batch; of what a worker holds, only what the mail server hears of already still goes out.
///
/// # Errors
/// [`Code::NotFound`] when there is no such batch.
pub fn pause(tx: &mut Conn, batch: &BatchId, now: Instant) -> Result<()> {
    found(store::pause(tx, batch, Some(now))? == 1)
}

/// Lets a stopped batch go on, also one that the worker stopped by itself ([`Progress::halt`]).
///
/// # Errors
/// [`Code::NotFound`] when there is no such batch.
pub fn resume(tx: &mut Conn, batch: &BatchId) -> Result<()> {
    found(store::pause(tx, batch, None)? == 1)?;
    Ok(store::unhalt(tx, batch)?)
}

/// Withdraws what of a batch has not begun to go out; gives the number withdrawn.
///
/// Writes every message that waits, in one transaction.
///
/// # Errors
/// The database's own error.
pub fn cancel(tx: &mut Conn, batch: &BatchId, now: Instant) -> Result<usize> {
    Ok(store::cancel(tx, batch, now)?)
}

/// Stops all bulk mail of the server, until [`allow_bulk`]; the team's mail still goes out.
///
/// For the moment in which something is found to be wrong and nobody knows yet with what. It
/// holds for every server on this database, outlives a restart, and leaves the batches' own
/// pauses as they are. Gives whether it was not stopped before.
///
/// # Errors
/// The database's own error.
pub fn stop_bulk(tx: &mut Conn, now: Instant) -> Result<bool> {
    Ok(store::stop(tx, now)?)
}

/// Lets bulk mail go on after [`stop_bulk`]; gives whether it was stopped.
///
/// # Errors
/// The database's own error.
pub fn allow_bulk(tx: &mut Conn) -> Result<bool> {
    Ok(store::go_on(tx)?)
}

/// Since when all bulk mail is stopped.
///
/// # Errors
/// The database's own error.
pub fn bulk_stopped_at(conn: &mut Conn) -> Result<Option<Instant>> {
    Ok(store::stopped(conn)?)
}

/// Settles a message whose fate is unknown.
///
/// # Errors
/// [`Code::WrongState`] when it is not uncertain.
pub fn settle(tx: &mut Conn, id: &MailId, settlement: Settlement, now: Instant) -> Result<()> {
    if store::settle(tx, id, settled(settlement), now)? {
        Ok(())
    } else {
        Err(Problem::new(Code::WrongState))
    }
}

/// Settles all messages of a batch whose fate is unknown, in the same way; gives their number.
///
/// # Errors
/// The database's own error.
pub fn settle_batch(
    tx: &mut Conn,
    batch: &BatchId,
    settlement: Settlement,
    now: Instant,
) -> Result<usize> {
    Ok(store::settle_batch(tx, batch, settled(settlement), now)?)
}

/// How many messages of a batch stand where.
///
/// # Errors
/// [`Code::NotFound`] when there is no such batch.
pub fn counts(conn: &mut Conn, batch: &BatchId) -> Result<Counts> {
    Ok(store::tally(conn, batch.as_str())?.counts())
}

/// How far a batch has come, how fast it goes, and what stops it.
///
/// # Errors
/// [`Code::NotFound`] when there is no such batch.
pub fn progress(conn: &mut Conn, batch: &BatchId, now: Instant) -> Result<Progress> {
    let tally = store::tally(conn, batch.as_str())?;
    let (counts, pace) = (tally.counts(), tally.pace());
    let waiting = counts.queued.saturating_add(counts.sending);
    Ok(Progress {
        counts,
        per_minute: pace.per_minute(now),
        seconds_left: pace.seconds_left(waiting, now),
        paused_at: store::paused_at(conn, batch)?,
        halt: tally.halt(),
        bulk_stopped_at: store::stopped(conn)?,
    })
}

/// The batches that are not closed, oldest first: those that have or may have news for the rooms above.
///
/// # Errors
/// The database's own error.
pub fn news(conn: &mut Conn) -> Result<Vec<BatchNews>> {
    store::unclosed(conn)?
        .into_iter()
        .map(|tally| {
            Ok(BatchNews {
                counts: tally.counts(),
                settled_until: tally.settled_until,
                id: tally.batch_id.parse().map_err(Problem::internal)?,
            })
        })
        .collect()
}

/// Says that nothing more is to be learnt of a batch; whatever moves one of its messages opens it again.
///
/// Does nothing while messages wait or are under way.
///
/// # Errors
/// The database's own error.
pub fn close(tx: &mut Conn, batch: &BatchId, now: Instant) -> Result<()> {
    store::close(tx, batch, now)?;
    Ok(())
}

fn settled(settlement: Settlement) -> State {
    match settlement {
        Settlement::WasSent => State::Sent,
        Settlement::SendAgain => State::Queued,
        Settlement::GiveUp => State::Failed,
    }
}

fn found(there: bool) -> Result<()> {
    if there {
        Ok(())
    } else {
        Err(Problem::new(Code::NotFound))
    }
}
