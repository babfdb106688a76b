//! Queries about mail that came back.

use diesel::prelude::*;

use super::{Taken, Tally};
use crate::kernel::Instant;
use crate::outbox::model::{MailId, State};
use crate::outbox::store::{Moves, TEAM};
use crate::store::Conn;
use crate::store::schema::{mail_returns, outbox_messages};

/// A message that a report may be about.
#[derive(Queryable)]
pub struct Sent {
    pub id: MailId,
    pub batch_id: Option<String>,
    pub scope: String,
    pub message_id: String,
    pub sealed: Vec<u8>,
    pub state: State,
}

/// The message of an id.
pub fn sent(conn: &mut Conn, id: &MailId) -> QueryResult<Option<Sent>> {
    outbox_messages::table
        .find(id)
        .select((
            outbox_messages::id,
            outbox_messages::batch_id,
            outbox_messages::scope,
            outbox_messages::message_id,
            outbox_messages::sealed,
            outbox_messages::state,
        ))
        .first(conn)
        .optional()
}

/// Moves a message that was taken for sent; false when somebody else did meanwhile.
///
/// The instant of settling moves along, so that whoever asks what was settled since hears of it.
pub fn fail(
    tx: &mut Conn,
    row: &Sent,
    state: State,
    now: Instant,
    code: Option<i64>,
    words: &str,
) -> QueryResult<bool> {
    let rows = crate::each_db!(tx, |c| diesel::update(outbox_messages::table.find(&row.id))
        .filter(outbox_messages::state.eq(row.state))
        .set((
            outbox_messages::state.eq(state),
            outbox_messages::claimed_by.eq(None::<String>),
            outbox_messages::settled_at.eq(Some(now)),
            outbox_messages::reply_code.eq(code),
            outbox_messages::reply.eq(Some(words)),
        ))
        .execute(c))?;
    let mut moves = Moves::default();
    let batch = row.batch_id.as_deref().unwrap_or(TEAM);
    moves.shift(batch, row.state, state, i64::from(rows == 1));
    moves.write(tx, now)?;
    Ok(rows == 1)
}

/// Writes down that a message is late; its state stays.
pub fn note(tx: &mut Conn, id: &MailId, words: &str) -> QueryResult<bool> {
    let rows = crate::each_db!(tx, |c| diesel::update(outbox_messages::table.find(id))
        .filter(outbox_messages::state.eq_any([State::Sent, State::Uncertain]))
        .set(outbox_messages::reply.eq(Some(words)))
        .execute(c))?;
    Ok(rows == 1)
}

/// Counts one report.
pub fn count(tx: &mut Conn, taken: Taken, now: Instant) -> QueryResult<()> {
    crate::each_db!(tx, |c| diesel::insert_into(mail_returns::table)
        .values((
            mail_returns::taken.eq(taken),
            mail_returns::number.eq(1),
            mail_returns::last_at.eq(now),
        ))
        .on_conflict(mail_returns::taken)
        .do_update()
        .set((
            mail_returns::number.eq(mail_returns::number + 1),
            mail_returns::last_at.eq(now),
        ))
        .execute(c))
    .map(drop)
}

/// Every count.
pub fn tallies(conn: &mut Conn) -> QueryResult<Vec<Tally>> {
    mail_returns::table
        .order(mail_returns::taken)
        .select((
            mail_returns::taken,
            mail_returns::number,
            mail_returns::last_at,
        ))
        .load(conn)
}
