//! Queries of the outbox.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::model::{BatchId, Counts, Delivery, MailId, State};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{leases, outbox_batches, outbox_messages};

/// Leases of mail workers carry this before the worker's id.
const LEASE: &str = "mail-worker:";

/// A row as it is written at enqueue.
#[derive(Insertable)]
#[diesel(table_name = outbox_messages)]
pub struct NewMessage<'a> {
    pub id: &'a MailId,
    pub batch_id: Option<&'a BatchId>,
    pub subject_id: Option<&'a str>,
    pub scope: &'a str,
    pub priority: i64,
    pub message_id: &'a str,
    pub sealed: &'a [u8],
    pub state: State,
    pub attempts: i64,
    pub due_at: Instant,
    pub created_at: Instant,
}

/// A row that a worker holds.
#[derive(Queryable)]
pub struct Claimed {
    pub id: MailId,
    pub batch_id: Option<String>,
    pub scope: String,
    pub message_id: String,
    pub sealed: Vec<u8>,
    pub attempts: i64,
    pub created_at: Instant,
}

/// What is recorded when an attempt ends.
#[derive(Clone)]
pub struct Record {
    pub id: MailId,
    pub state: State,
    pub attempts: i64,
    pub due_at: Option<Instant>,
    pub reply_code: Option<i64>,
    pub reply: Option<String>,
}

/// Writes a message; on the enum, because single prepared rows are the fastest there is.
pub fn insert(tx: &mut Conn, row: &NewMessage<'_>) -> QueryResult<()> {
    diesel::insert_into(outbox_messages::table)
        .values(row)
        .execute(tx)
        .map(drop)
}

/// Writes a batch.
pub fn insert_batch(
    tx: &mut Conn,
    id: &BatchId,
    template: &str,
    sender: &str,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(outbox_batches::table)
        .values((
            outbox_batches::id.eq(id),
            outbox_batches::template.eq(template),
            outbox_batches::sender.eq(sender),
            outbox_batches::created_at.eq(now),
        ))
        .execute(tx)
        .map(drop)
}

/// The template and the sender of a batch, as JSON.
pub fn batch(conn: &mut Conn, id: &str) -> QueryResult<(String, String)> {
    outbox_batches::table
        .find(id)
        .select((outbox_batches::template, outbox_batches::sender))
        .first(conn)
}

/// Stops or resumes a batch; gives the number of batches changed.
pub fn pause(tx: &mut Conn, id: &BatchId, at: Option<Instant>) -> QueryResult<usize> {
    diesel::update(outbox_batches::table.find(id))
        .set(outbox_batches::paused_at.eq(at))
        .execute(tx)
}

/// Whether a message is due.
pub fn any_due(conn: &mut Conn, now: Instant) -> QueryResult<bool> {
    diesel::select(exists(
        outbox_messages::table
            .filter(outbox_messages::state.eq(State::Queued))
            .filter(outbox_messages::due_at.le(now)),
    ))
    .get_result(conn)
}

/// Whether any worker holds a message.
pub fn any_held(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(exists(
        outbox_messages::table.filter(
            outbox_messages::state
                .eq(State::Claimed)
                .or(outbox_messages::state.eq(State::Sending)),
        ),
    ))
    .get_result(conn)
}

/// Takes up to `limit` due messages for a worker, the most urgent first.
pub fn claim(tx: &mut Conn, holder: &str, now: Instant, limit: i64) -> QueryResult<Vec<Claimed>> {
    macro_rules! due {
        () => {
            outbox_messages::table
                .filter(outbox_messages::state.eq(State::Queued))
                .filter(outbox_messages::due_at.le(now))
                .filter(not(exists(
                    outbox_batches::table
                        .filter(outbox_batches::id.nullable().eq(outbox_messages::batch_id))
                        .filter(outbox_batches::paused_at.is_not_null()),
                )))
                .order((
                    outbox_messages::priority,
                    outbox_messages::due_at,
                    outbox_messages::id,
                ))
                .limit(limit)
                .select((
                    outbox_messages::id,
                    outbox_messages::batch_id,
                    outbox_messages::scope,
                    outbox_messages::message_id,
                    outbox_messages::sealed,
                    outbox_messages::attempts,
                    outbox_messages::created_at,
                ))
        };
    }
    // SQLite has one writer at a time; PostgreSQL lets two workers pass by each other's rows.
    let rows: Vec<Claimed> = match tx {
        Conn::Sqlite(c) => due!().load(c)?,
        Conn::Postgres(c) => due!().for_update().skip_locked().load(c)?,
    };
    let ids: Vec<&MailId> = rows.iter().map(|row| &row.id).collect();
    crate::each_db!(tx, |c| diesel::update(
        outbox_messages::table.filter(outbox_messages::id.eq_any(&ids))
    )
    .set((
        outbox_messages::state.eq(State::Claimed),
        outbox_messages::claimed_by.eq(holder),
        outbox_messages::claimed_at.eq(now),
    ))
    .execute(c))?;
    Ok(rows)
}

/// Marks that the mail server now hears of a message; false when it is no longer ours.
pub fn begin(tx: &mut Conn, holder: &str, id: &MailId) -> QueryResult<bool> {
    diesel::update(outbox_messages::table.find(id))
        .filter(outbox_messages::state.eq(State::Claimed))
        .filter(outbox_messages::claimed_by.eq(holder))
        .set(outbox_messages::state.eq(State::Sending))
        .execute(tx)
        .map(|rows| rows == 1)
}

/// Writes down how an attempt ended; false when somebody else settled the message meanwhile.
pub fn record(tx: &mut Conn, holder: &str, now: Instant, record: &Record) -> QueryResult<bool> {
    let settled = matches!(record.state, State::Sent | State::Failed | State::Cancelled);
    // "Uncertain" too: a worker that was taken for dead may still bring the true answer.
    let held = outbox_messages::state.eq_any([State::Claimed, State::Sending, State::Uncertain]);
    let rows = crate::each_db!(tx, |c| diesel::update(
        outbox_messages::table.find(&record.id)
    )
    .filter(held)
    .filter(outbox_messages::claimed_by.eq(holder))
    .set((
        outbox_messages::state.eq(record.state),
        outbox_messages::attempts.eq(record.attempts),
        record.due_at.map(|at| outbox_messages::due_at.eq(at)),
        outbox_messages::settled_at.eq(settled.then_some(now)),
        outbox_messages::reply_code.eq(record.reply_code),
        outbox_messages::reply.eq(&record.reply),
        (record.state == State::Queued).then_some(outbox_messages::claimed_by.eq(None::<String>)),
    ))
    .execute(c))?;
    Ok(rows == 1)
}

/// Gives back what a worker claimed and did not begin.
pub fn release(tx: &mut Conn, holder: &str) -> QueryResult<usize> {
    diesel::update(outbox_messages::table)
        .filter(outbox_messages::state.eq(State::Claimed))
        .filter(outbox_messages::claimed_by.eq(holder))
        .set((
            outbox_messages::state.eq(State::Queued),
            outbox_messages::claimed_by.eq(None::<String>),
            outbox_messages::claimed_at.eq(None::<Instant>),
        ))
        .execute(tx)
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

/// Takes over from workers whose lease has ended: gives (requeued, uncertain).
pub fn recover(tx: &mut Conn, now: Instant) -> QueryResult<(usize, usize)> {
    let held = [State::Claimed, State::Sending];
    let holders: Vec<Option<String>> = crate::each_db!(tx, |c| outbox_messages::table
        .filter(outbox_messages::state.eq_any(held))
        .select(outbox_messages::claimed_by)
        .distinct()
        .order(outbox_messages::claimed_by)
        .load(c))?;
    let (mut requeued, mut uncertain) = (0usize, 0usize);
    for holder in holders.into_iter().flatten() {
        let alive: i64 = leases::table
            .find(format!("{LEASE}{holder}"))
            .filter(leases::until.gt(now))
            .count()
            .get_result(tx)?;
        if alive > 0 {
            continue;
        }
        uncertain = uncertain.saturating_add(
            diesel::update(outbox_messages::table)
                .filter(outbox_messages::state.eq(State::Sending))
                .filter(outbox_messages::claimed_by.eq(&holder))
                .set(outbox_messages::state.eq(State::Uncertain))
                .execute(tx)?,
        );
        requeued = requeued.saturating_add(release(tx, &holder)?);
        end_lease(tx, &holder)?;
    }
    Ok((requeued, uncertain))
}

/// Withdraws what of a batch has not begun to go out.
pub fn cancel(tx: &mut Conn, batch: &BatchId, now: Instant) -> QueryResult<usize> {
    crate::each_db!(tx, |c| diesel::update(outbox_messages::table)
        .filter(outbox_messages::batch_id.eq(batch))
        .filter(outbox_messages::state.eq_any([State::Queued, State::Claimed]))
        .set((
            outbox_messages::state.eq(State::Cancelled),
            outbox_messages::settled_at.eq(Some(now)),
        ))
        .execute(c))
}

/// Moves an uncertain message on; false when it is not uncertain.
pub fn settle(tx: &mut Conn, id: &MailId, state: State, now: Instant) -> QueryResult<bool> {
    diesel::update(outbox_messages::table.find(id))
        .filter(outbox_messages::state.eq(State::Uncertain))
        .set((
            outbox_messages::state.eq(state),
            outbox_messages::claimed_by.eq(None::<String>),
            outbox_messages::due_at.eq(now),
            outbox_messages::settled_at.eq((state != State::Queued).then_some(now)),
        ))
        .execute(tx)
        .map(|rows| rows == 1)
}

/// How many messages of a batch stand where.
pub fn counts(conn: &mut Conn, batch: &BatchId) -> QueryResult<Counts> {
    let rows: Vec<(State, i64)> = outbox_messages::table
        .filter(outbox_messages::batch_id.eq(batch))
        .group_by(outbox_messages::state)
        .select((outbox_messages::state, diesel::dsl::count_star()))
        .order(outbox_messages::state)
        .load(conn)?;
    let mut counts = Counts::default();
    for (state, count) in rows {
        let place = match state {
            State::Queued => &mut counts.queued,
            State::Claimed | State::Sending => &mut counts.sending,
            State::Sent => &mut counts.sent,
            State::Failed => &mut counts.failed,
            State::Bounced => &mut counts.bounced,
            State::Uncertain => &mut counts.uncertain,
            State::Cancelled => &mut counts.cancelled,
        };
        *place = place.saturating_add(count);
    }
    Ok(counts)
}

/// The delivery of each message of a batch, or of one person of it, by person.
pub fn deliveries(
    conn: &mut Conn,
    batch: &BatchId,
    subject: Option<&str>,
) -> QueryResult<Vec<Delivery>> {
    let mut query = outbox_messages::table
        .filter(outbox_messages::batch_id.eq(batch))
        .into_boxed();
    if let Some(subject) = subject {
        query = query.filter(outbox_messages::subject_id.eq(subject));
    }
    query
        .order((outbox_messages::subject_id, outbox_messages::id))
        .select((
            outbox_messages::id,
            outbox_messages::subject_id,
            outbox_messages::state,
            outbox_messages::attempts,
            outbox_messages::due_at,
            outbox_messages::settled_at,
            outbox_messages::reply_code,
            outbox_messages::reply,
        ))
        .load(conn)
}

/// The delivery of one message.
pub fn delivery(conn: &mut Conn, id: &MailId) -> QueryResult<Delivery> {
    outbox_messages::table
        .find(id)
        .select((
            outbox_messages::id,
            outbox_messages::subject_id,
            outbox_messages::state,
            outbox_messages::attempts,
            outbox_messages::due_at,
            outbox_messages::settled_at,
            outbox_messages::reply_code,
            outbox_messages::reply,
        ))
        .first(conn)
}

/// How many messages wait or are uncertain, over all batches, and since when the oldest waits.
pub fn backlog(conn: &mut Conn) -> QueryResult<(i64, i64, Option<Instant>)> {
    let of = |state: State| outbox_messages::table.filter(outbox_messages::state.eq(state));
    let queued = of(State::Queued).count().get_result(conn)?;
    let uncertain = of(State::Uncertain).count().get_result(conn)?;
    let oldest: Option<Instant> = of(State::Queued)
        .order((outbox_messages::created_at, outbox_messages::id))
        .select(outbox_messages::created_at)
        .first(conn)
        .optional()?;
    Ok((queued, uncertain, oldest))
}

/// Messages of a batch that were settled behind an instant, and all of the last instant among them.
pub fn settled_since(
    conn: &mut Conn,
    batch: &BatchId,
    after: Instant,
    limit: i64,
) -> QueryResult<Vec<(String, State, Instant)>> {
    macro_rules! settled {
        () => {
            outbox_messages::table
                .filter(outbox_messages::batch_id.eq(batch))
                .filter(outbox_messages::subject_id.is_not_null())
                .order((outbox_messages::settled_at, outbox_messages::id))
                .select((
                    outbox_messages::subject_id.assume_not_null(),
                    outbox_messages::state,
                    outbox_messages::settled_at.assume_not_null(),
                ))
        };
    }
    let mut rows: Vec<(String, State, Instant)> = settled!()
        .filter(outbox_messages::settled_at.gt(Some(after)))
        .limit(limit)
        .load(conn)?;
    if let Some((_, _, last)) = rows.last().cloned() {
        rows.retain(|(_, _, at)| *at < last);
        rows.extend(
            settled!()
                .filter(outbox_messages::settled_at.eq(Some(last)))
                .load::<(String, State, Instant)>(conn)?,
        );
    }
    Ok(rows)
}
