//! Queries that empty messages whose people are to be forgotten.

use diesel::prelude::*;

use super::tallies::{Moves, TEAM};
use crate::kernel::Instant;
use crate::outbox::model::{MailId, State};
use crate::store::Conn;
use crate::store::schema::outbox_messages;

/// Empties the messages of a scope, or of one person in it, and withdraws those that wait.
pub fn forget(
    tx: &mut Conn,
    scope: &str,
    subject: Option<&str>,
    now: Instant,
) -> QueryResult<usize> {
    macro_rules! of {
        () => {{
            let mut rows = outbox_messages::table
                .filter(outbox_messages::scope.eq(scope))
                .select(outbox_messages::id)
                .into_boxed();
            if let Some(subject) = subject {
                rows = rows.filter(outbox_messages::subject_id.eq(subject));
            }
            rows
        }};
    }
    let batches: Vec<Option<String>> = crate::each_db!(&mut *tx, |c| outbox_messages::table
        .filter(outbox_messages::id.eq_any(of!()))
        .select(outbox_messages::batch_id)
        .distinct()
        .order(outbox_messages::batch_id)
        .load(c))?;
    let mut moves = Moves::default();
    // One state of one batch after the other: each update's own number is what moved.
    for batch in batches {
        for from in [State::Queued, State::Claimed] {
            macro_rules! withdraw {
                ($c:expr, $batch:expr) => {
                    diesel::update(outbox_messages::table)
                        .filter(outbox_messages::id.eq_any(of!()))
                        .filter($batch)
                        .filter(outbox_messages::state.eq(from))
                        .set((
                            outbox_messages::state.eq(State::Cancelled),
                            outbox_messages::settled_at.eq(Some(now)),
                        ))
                        .execute($c)?
                };
            }
            let rows = crate::each_db!(&mut *tx, |c| match &batch {
                Some(batch) => withdraw!(c, outbox_messages::batch_id.eq(batch)),
                None => withdraw!(c, outbox_messages::batch_id.is_null()),
            });
            let lane = batch.as_deref().unwrap_or(TEAM);
            moves.shift(lane, from, State::Cancelled, super::held::number(rows));
        }
    }
    moves.write(tx, now)?;
    crate::each_db!(tx, |c| diesel::update(outbox_messages::table)
        .filter(outbox_messages::id.eq_any(of!()))
        .set(outbox_messages::sealed.eq(Vec::new()))
        .execute(c))
}

/// The messages of a scope, or of one person in it.
pub fn ids(conn: &mut Conn, scope: &str, subject: Option<&str>) -> QueryResult<Vec<MailId>> {
    let mut rows = outbox_messages::table
        .filter(outbox_messages::scope.eq(scope))
        .order(outbox_messages::id)
        .select(outbox_messages::id)
        .into_boxed();
    if let Some(subject) = subject {
        rows = rows.filter(outbox_messages::subject_id.eq(subject));
    }
    rows.load(conn)
}

/// How many messages of a scope are not empty.
pub fn held(conn: &mut Conn, scope: &str) -> QueryResult<i64> {
    outbox_messages::table
        .filter(outbox_messages::scope.eq(scope))
        .filter(outbox_messages::sealed.ne(Vec::new()))
        .count()
        .get_result(conn)
}
