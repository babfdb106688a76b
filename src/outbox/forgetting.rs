//! Queries that empty messages whose people are to be forgotten.

use diesel::prelude::*;

use super::model::{MailId, State};
use crate::kernel::Instant;
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
    crate::each_db!(tx, |c| {
        diesel::update(outbox_messages::table)
            .filter(outbox_messages::id.eq_any(of!()))
            .filter(outbox_messages::state.eq_any([State::Queued, State::Claimed]))
            .set((
                outbox_messages::state.eq(State::Cancelled),
                outbox_messages::settled_at.eq(Some(now)),
            ))
            .execute(c)?;
        diesel::update(outbox_messages::table)
            .filter(outbox_messages::id.eq_any(of!()))
            .set(outbox_messages::sealed.eq(Vec::new()))
            .execute(c)
    })
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
