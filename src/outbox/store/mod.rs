//! Queries of the outbox.

mod course;
mod forgetting;
mod held;
mod outcomes;
mod tallies;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

pub use course::{course, ends};
pub use forgetting::{forget, held as holding, ids};
pub use held::{
    Verdict, any_due, any_held, begin, claim, end_lease, put_off, recover, release, release_batch,
    renew_lease, unfail,
};
pub use outcomes::record;
pub use tallies::{
    Moves, TEAM, backlog, close, flowing, go_on, halt, halted, held_back, is_halted, of as tally,
    open, paused_at, stop, stopped, unclosed, unhalt,
};

use super::model::{BatchId, Delivery, Failure, MailId, State};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{outbox_batches, outbox_messages};

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
    pub due_at: Instant,
    pub created_at: Instant,
}

/// What is recorded when an attempt ends.
#[derive(Clone)]
pub struct Record {
    pub id: MailId,
    /// Its batch, or [`TEAM`].
    pub batch: String,
    pub state: State,
    pub attempts: i64,
    pub due_at: Option<Instant>,
    pub reply_code: Option<i64>,
    pub reply: Option<String>,
    pub failure: Option<Failure>,
}

/// Moves what is uncertain of a selection on, with its tally.
macro_rules! move_on {
    ($tx:expr, $which:expr, $batch:expr, $state:expr, $now:expr) => {{
        let (state, now): (State, Instant) = ($state, $now);
        let failure = (state == State::Failed).then_some(Failure::GivenUp);
        diesel::update(outbox_messages::table)
            .filter(sql::<Bool>("outbox_messages.state = 'uncertain'"))
            .filter($which)
            .set((
                outbox_messages::state.eq(state),
                outbox_messages::claimed_by.eq(None::<String>),
                outbox_messages::due_at.eq(now),
                outbox_messages::settled_at.eq((state != State::Queued).then_some(now)),
                outbox_messages::failure.eq(failure),
            ))
            .execute($tx)
            .and_then(|rows| {
                let mut moves = Moves::default();
                moves.shift($batch, State::Uncertain, state, held::number(rows));
                moves.write($tx, now).map(|()| rows)
            })
    }};
}

/// Waits for its turn; said so that the partial index is used, which a bound value would prevent.
fn waiting() -> diesel::expression::SqlLiteral<Bool> {
    sql("outbox_messages.state = 'queued'")
}

/// Writes a message; on the enum, because single prepared rows are the fastest there is.
pub fn insert(tx: &mut Conn, row: &NewMessage<'_>) -> QueryResult<()> {
    diesel::insert_into(outbox_messages::table)
        .values(row)
        .execute(tx)
        .map(drop)
}

/// Writes a message that never waits: it is settled as it is written.
pub fn insert_settled(
    tx: &mut Conn,
    row: &NewMessage<'_>,
    at: Instant,
    reply: &str,
) -> QueryResult<()> {
    diesel::insert_into(outbox_messages::table)
        .values((
            row,
            outbox_messages::settled_at.eq(at),
            outbox_messages::reply.eq(reply),
        ))
        .execute(tx)
        .map(drop)
}

/// Whether a batch has a message to somebody.
pub fn holds(conn: &mut Conn, batch: &BatchId, subject: &str) -> QueryResult<bool> {
    diesel::select(exists(
        outbox_messages::table
            .filter(outbox_messages::batch_id.eq(batch))
            .filter(outbox_messages::subject_id.eq(subject)),
    ))
    .get_result(conn)
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

/// Withdraws what of a batch has not begun to go out.
pub fn cancel(tx: &mut Conn, batch: &BatchId, now: Instant) -> QueryResult<usize> {
    let mut moves = Moves::default();
    let mut withdrawn = 0usize;
    for from in [State::Queued, State::Claimed] {
        let rows = diesel::update(outbox_messages::table)
            .filter(outbox_messages::batch_id.eq(batch))
            .filter(outbox_messages::state.eq(from))
            .set((
                outbox_messages::state.eq(State::Cancelled),
                outbox_messages::settled_at.eq(Some(now)),
            ))
            .execute(tx)?;
        moves.shift(batch.as_str(), from, State::Cancelled, held::number(rows));
        withdrawn = withdrawn.saturating_add(rows);
    }
    moves.write(tx, now)?;
    Ok(withdrawn)
}

/// Moves an uncertain message on; false when it is not uncertain.
pub fn settle(tx: &mut Conn, id: &MailId, state: State, now: Instant) -> QueryResult<bool> {
    let batch: Option<Option<String>> = outbox_messages::table
        .find(id)
        .select(outbox_messages::batch_id)
        .first(tx)
        .optional()?;
    let one = outbox_messages::id.eq(id);
    let rows = match batch {
        Some(batch) => move_on!(tx, one, batch.as_deref().unwrap_or(TEAM), state, now)?,
        None => 0,
    };
    Ok(rows == 1)
}

/// Moves all uncertain messages of a batch on; gives their number.
pub fn settle_batch(
    tx: &mut Conn,
    batch: &BatchId,
    state: State,
    now: Instant,
) -> QueryResult<usize> {
    let all = outbox_messages::batch_id.eq(batch);
    move_on!(tx, all, batch.as_str(), state, now)
}

/// A piece of the deliveries of a batch, by person: of one state, or of all.
pub fn deliveries(
    conn: &mut Conn,
    batch: &BatchId,
    state: Option<State>,
    skip: i64,
    limit: i64,
) -> QueryResult<Vec<Delivery>> {
    let mut query = outbox_messages::table
        .filter(outbox_messages::batch_id.eq(batch))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(outbox_messages::state.eq(state));
    }
    query
        .order((outbox_messages::subject_id, outbox_messages::id))
        .offset(skip)
        .limit(limit)
        .select(Delivery::as_select())
        .load(conn)
}

/// The deliveries of a batch to some people.
pub fn deliveries_to(
    conn: &mut Conn,
    batch: &BatchId,
    subjects: &[String],
) -> QueryResult<Vec<Delivery>> {
    crate::each_db!(conn, |c| outbox_messages::table
        .filter(outbox_messages::batch_id.eq(batch))
        .filter(outbox_messages::subject_id.eq_any(subjects))
        .select(Delivery::as_select())
        .load(c))
}

/// The delivery of one message.
pub fn delivery(conn: &mut Conn, id: &MailId) -> QueryResult<Delivery> {
    outbox_messages::table
        .find(id)
        .select(Delivery::as_select())
        .first(conn)
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
                .filter(outbox_messages::settled_at.is_not_null())
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
