//! Queries of the answers.

use diesel::prelude::*;

use super::model::{Question, SeverityAnswerId};
use crate::accounts::AccountId;
use crate::incidents::IncidentId;
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::severity_answers as table;

pub(super) type Row = (Question, String, AccountId, Instant, Option<Instant>);

/// Ends the answer that stands, if there is one.
pub(super) fn supersede(
    tx: &mut Conn,
    id: &IncidentId,
    question: Question,
    now: Instant,
) -> QueryResult<()> {
    let standing = table::table
        .filter(table::incident_id.eq(id.as_str()))
        .filter(table::question.eq(question.as_str()))
        .filter(table::superseded_at.is_null());
    diesel::update(standing)
        .set(table::superseded_at.eq(Some(now)))
        .execute(tx)
        .map(drop)
}

pub(super) fn insert(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    question: Question,
    answer: &str,
) -> QueryResult<()> {
    diesel::insert_into(table::table)
        .values((
            table::id.eq(SeverityAnswerId::fresh(now)),
            table::incident_id.eq(id),
            table::question.eq(question),
            table::answer.eq(answer),
            table::recorded_by.eq(by),
            table::recorded_at.eq(now),
        ))
        .execute(tx)
        .map(drop)
}

/// Every answer, oldest first.
pub(super) fn all(conn: &mut Conn, id: &IncidentId) -> QueryResult<Vec<Row>> {
    table::table
        .filter(table::incident_id.eq(id.as_str()))
        .order((table::recorded_at, table::id))
        .select((
            table::question,
            table::answer,
            table::recorded_by,
            table::recorded_at,
            table::superseded_at,
        ))
        .load(conn)
}
