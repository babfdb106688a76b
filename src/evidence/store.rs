//! Queries of the evidence table.

use diesel::prelude::*;

use super::{Evidence, EvidenceId};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::evidence;

pub(super) fn insert(tx: &mut Conn, row: &Evidence) -> QueryResult<()> {
    diesel::insert_into(evidence::table)
        .values(row)
        .execute(tx)
        .map(drop)
}

pub(super) fn find(conn: &mut Conn, id: &EvidenceId) -> QueryResult<Evidence> {
    evidence::table
        .find(id)
        .select(Evidence::as_select())
        .first(conn)
}

pub(super) fn mark_destroyed(tx: &mut Conn, id: &EvidenceId, now: Instant) -> QueryResult<()> {
    diesel::update(evidence::table.find(id))
        .set(evidence::destroyed_at.eq(Some(now)))
        .execute(tx)
        .map(drop)
}

/// Whether a row wants the file that lies under its id.
pub(super) fn exists(conn: &mut Conn, id: &EvidenceId) -> QueryResult<bool> {
    let rows: i64 = evidence::table
        .find(id)
        .filter(evidence::destroyed_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(rows > 0)
}

/// Whether a row wants the file of this address; one that was destroyed no longer does.
pub(super) fn holds_address(conn: &mut Conn, address: &str) -> QueryResult<bool> {
    let rows: i64 = evidence::table
        .filter(evidence::address.eq(address))
        .filter(evidence::destroyed_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(rows > 0)
}

pub(super) fn list(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Evidence>> {
    evidence::table
        .filter(evidence::incident_id.eq(incident_id))
        .order((evidence::recorded_at, evidence::id))
        .select(Evidence::as_select())
        .load(conn)
}

pub(super) fn same_bytes(
    conn: &mut Conn,
    incident_id: &str,
    sha256: &str,
) -> QueryResult<Option<Evidence>> {
    evidence::table
        .filter(evidence::incident_id.eq(incident_id))
        .filter(evidence::sha256.eq(sha256))
        .order((evidence::recorded_at, evidence::id))
        .select(Evidence::as_select())
        .first(conn)
        .optional()
}
