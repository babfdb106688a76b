//! Queries of what a worker holds: claim, begin, give back, and take over from the dead.

use diesel::dsl::{count_star, exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::tallies::{Moves, TEAM};
use super::{Claimed, waiting};
use crate::kernel::Instant;
use crate::outbox::model::{MailId, State};
use crate::store::Conn;
use crate::store::schema::{leases, outbox_messages};

/// Leases of mail workers carry this before the worker's id.
const LEASE: &str = "mail-worker:";

/// What becomes of a message that a dead worker had begun.
pub struct Verdict {
    pub state: State,
    pub reply: &'static str,
}

/// Held by a worker, said so that the partial index is used.
pub(super) fn held() -> diesel::expression::SqlLiteral<Bool> {
    sql("outbox_messages.state IN ('claimed', 'sending')")
}

/// Whether a message of a lane is due: of a batch, or of the team.
pub fn any_due(conn: &mut Conn, lane: &str, now: Instant) -> QueryResult<bool> {
    let due = outbox_messages::table
        .filter(waiting())
        .filter(outbox_messages::due_at.le(now));
    if lane == TEAM {
        diesel::select(exists(due.filter(outbox_messages::batch_id.is_null()))).get_result(conn)
    } else {
        diesel::select(exists(due.filter(outbox_messages::batch_id.eq(lane)))).get_result(conn)
    }
}

/// Whether any worker holds a message.
pub fn any_held(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(exists(outbox_messages::table.filter(held()))).get_result(conn)
}

/// Takes up to `limit` due messages of a lane for a worker, in the order in which they fell due.
pub fn claim(
    tx: &mut Conn,
    holder: &str,
    lane: &str,
    now: Instant,
    limit: i64,
) -> QueryResult<Vec<Claimed>> {
    macro_rules! due {
        ($lane:expr) => {
            outbox_messages::table
                .filter(waiting())
                .filter($lane)
                .filter(outbox_messages::due_at.le(now))
                .order((outbox_messages::due_at, outbox_messages::id))
                .limit(limit)
                .select((
                    outbox_messages::id,
                    outbox_messages::batch_id,
                    outbox_messages::scope,
                    outbox_messages::message_id,
                    outbox_messages::sealed,
                    outbox_messages::attempts,
                    outbox_messages::due_at,
                    outbox_messages::created_at,
                ))
        };
    }
    let team = outbox_messages::batch_id.is_null();
    let batch = outbox_messages::batch_id.eq(lane);
    // SQLite has one writer at a time; PostgreSQL lets two workers pass by each other's rows.
    let rows: Vec<Claimed> = match (&mut *tx, lane) {
        (Conn::Sqlite(c), TEAM) => due!(team).load(c)?,
        (Conn::Sqlite(c), _) => due!(batch).load(c)?,
        (Conn::Postgres(c), TEAM) => due!(team).for_update().skip_locked().load(c)?,
        (Conn::Postgres(c), _) => due!(batch).for_update().skip_locked().load(c)?,
    };
    let ids: Vec<&MailId> = rows.iter().map(|row| &row.id).collect();
    let claimed = crate::each_db!(&mut *tx, |c| diesel::update(
        outbox_messages::table.filter(outbox_messages::id.eq_any(&ids))
    )
    .set((
        outbox_messages::state.eq(State::Claimed),
        outbox_messages::claimed_by.eq(holder),
        outbox_messages::claimed_at.eq(now),
    ))
    .execute(c))?;
    let mut moves = Moves::default();
    moves.shift(lane, State::Queued, State::Claimed, number(claimed));
    moves.write(tx, now)?;
    Ok(rows)
}

/// Marks that the mail server now hears of these messages; gives those that are still ours.
pub fn begin(tx: &mut Conn, holder: &str, ids: &[&MailId]) -> QueryResult<Vec<MailId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    crate::each_db!(tx, |c| diesel::update(
        outbox_messages::table.filter(outbox_messages::id.eq_any(ids))
    )
    .filter(outbox_messages::state.eq(State::Claimed))
    .filter(outbox_messages::claimed_by.eq(holder))
    .set(outbox_messages::state.eq(State::Sending))
    .returning(outbox_messages::id)
    .get_results(c))
}

/// Puts a held message off until a later instant, with no attempt counted.
pub fn put_off(
    tx: &mut Conn,
    holder: &str,
    batch: &str,
    id: &MailId,
    until: Instant,
    moves: &mut Moves,
) -> QueryResult<()> {
    let rows = diesel::update(outbox_messages::table.find(id))
        .filter(outbox_messages::state.eq(State::Claimed))
        .filter(outbox_messages::claimed_by.eq(holder))
        .set((
            outbox_messages::state.eq(State::Queued),
            outbox_messages::claimed_by.eq(None::<String>),
            outbox_messages::due_at.eq(until),
        ))
        .execute(tx)?;
    moves.shift(batch, State::Claimed, State::Queued, number(rows));
    Ok(())
}

/// Gives back what a worker claimed, and what of it had begun without a word to the mail server.
pub fn release(tx: &mut Conn, holder: &str, now: Instant, unsaid: &[MailId]) -> QueryResult<usize> {
    let mut released = 0usize;
    for batch in batches_of(tx, holder)? {
        let rows = release_batch(tx, holder, batch.as_ref(), now, unsaid)?;
        released = released.saturating_add(rows);
    }
    Ok(released)
}

/// [`release`] of one batch, or of the team's mail.
pub fn release_batch(
    tx: &mut Conn,
    holder: &str,
    batch: Option<&String>,
    now: Instant,
    unsaid: &[MailId],
) -> QueryResult<usize> {
    macro_rules! give_back {
        ($c:expr, $batch:expr) => {
            diesel::update(outbox_messages::table)
                .filter(held())
                .filter(outbox_messages::claimed_by.eq(holder))
                .filter($batch)
                .filter(
                    outbox_messages::state
                        .eq(State::Claimed)
                        .or(outbox_messages::id.eq_any(unsaid)),
                )
                .set((
                    outbox_messages::state.eq(State::Queued),
                    outbox_messages::claimed_by.eq(None::<String>),
                    outbox_messages::claimed_at.eq(None::<Instant>),
                ))
                .execute($c)?
        };
    }
    let rows = crate::each_db!(&mut *tx, |c| match batch {
        Some(batch) => give_back!(c, outbox_messages::batch_id.eq(batch)),
        None => give_back!(c, outbox_messages::batch_id.is_null()),
    });
    let mut moves = Moves::default();
    let lane = batch.map_or(TEAM, String::as_str);
    moves.shift(lane, State::Claimed, State::Queued, number(rows));
    moves.write(tx, now)?;
    Ok(rows)
}

/// The batches of which a worker holds messages.
fn batches_of(conn: &mut Conn, holder: &str) -> QueryResult<Vec<Option<String>>> {
    outbox_messages::table
        .filter(held())
        .filter(outbox_messages::claimed_by.eq(holder))
        .select(outbox_messages::batch_id)
        .distinct()
        .order(outbox_messages::batch_id)
        .load(conn)
}

/// Says that a worker lives until then.
pub fn renew_lease(tx: &mut Conn, holder: &str, until: Instant) -> QueryResult<()> {
    let name = format!("{LEASE}{holder}");
    let renewed = diesel::update(leases::table.find(&name))
        .set(leases::until.eq(until))
        .execute(tx)?;
    if renewed == 0 {
        diesel::insert_into(leases::table)
            .values((
                leases::name.eq(&name),
                leases::holder.eq(holder),
                leases::until.eq(until),
            ))
            .execute(tx)?;
    }
    Ok(())
}

/// Ends a worker's lease.
pub fn end_lease(tx: &mut Conn, holder: &str) -> QueryResult<()> {
    diesel::delete(leases::table.find(format!("{LEASE}{holder}")))
        .execute(tx)
        .map(drop)
}

/// Takes over from workers whose lease has ended: gives (requeued, begun by them).
///
/// What they had begun becomes what the verdict says.
pub fn recover(tx: &mut Conn, now: Instant, verdict: &Verdict) -> QueryResult<(usize, usize)> {
    let holders: Vec<Option<String>> = outbox_messages::table
        .filter(held())
        .select(outbox_messages::claimed_by)
        .distinct()
        .order(outbox_messages::claimed_by)
        .load(tx)?;
    let (mut requeued, mut begun) = (0usize, 0usize);
    for holder in holders.into_iter().flatten() {
        let alive: i64 = leases::table
            .find(format!("{LEASE}{holder}"))
            .filter(leases::until.gt(now))
            .count()
            .get_result(tx)?;
        if alive > 0 {
            continue;
        }
        begun = begun.saturating_add(judge_begun(tx, &holder, now, verdict)?);
        requeued = requeued.saturating_add(release(tx, &holder, now, &[])?);
        end_lease(tx, &holder)?;
    }
    Ok((requeued, begun))
}

fn judge_begun(tx: &mut Conn, holder: &str, now: Instant, verdict: &Verdict) -> QueryResult<usize> {
    let begun: Vec<(Option<String>, i64)> = outbox_messages::table
        .filter(held())
        .filter(outbox_messages::claimed_by.eq(holder))
        .filter(outbox_messages::state.eq(State::Sending))
        .group_by(outbox_messages::batch_id)
        .select((outbox_messages::batch_id, count_star()))
        .order(outbox_messages::batch_id)
        .load(tx)?;
    let rows = diesel::update(outbox_messages::table)
        .filter(held())
        .filter(outbox_messages::claimed_by.eq(holder))
        .filter(outbox_messages::state.eq(State::Sending))
        .set((
            outbox_messages::state.eq(verdict.state),
            outbox_messages::settled_at.eq(verdict.state.is_settled().then_some(now)),
            outbox_messages::reply_code.eq(None::<i64>),
            outbox_messages::reply.eq(Some(verdict.reply)),
        ))
        .execute(tx)?;
    let mut moves = Moves::default();
    for (batch, number) in begun {
        let lane = batch.as_deref().unwrap_or(TEAM);
        moves.shift(lane, State::Sending, verdict.state, number);
    }
    moves.write(tx, now)?;
    Ok(rows)
}

/// Puts back what failed in one run of refusals of a batch; their number.
pub fn unfail(
    tx: &mut Conn,
    batch: &str,
    ids: &[MailId],
    now: Instant,
    moves: &mut Moves,
) -> QueryResult<usize> {
    let rows = crate::each_db!(tx, |c| diesel::update(
        outbox_messages::table.filter(outbox_messages::id.eq_any(ids))
    )
    .filter(outbox_messages::state.eq(State::Failed))
    .set((
        outbox_messages::state.eq(State::Queued),
        outbox_messages::claimed_by.eq(None::<String>),
        outbox_messages::due_at.eq(now),
        outbox_messages::settled_at.eq(None::<Instant>),
        outbox_messages::failure.eq(None::<String>),
    ))
    .execute(c))?;
    moves.shift(batch, State::Failed, State::Queued, number(rows));
    Ok(rows)
}

/// How many rows of which batch, as [`Moves`] counts them.
pub(super) fn number(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
