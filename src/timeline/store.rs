//! Queries of the timeline.

use diesel::prelude::*;

use super::{Entry, Kind, chain};
use crate::store::Conn;
use crate::store::schema::{timeline_entries, timeline_heads};

/// The head of a chain, held against other writers until the transaction ends.
pub(super) fn lock_head(tx: &mut Conn, incident_id: &str) -> QueryResult<(i64, Vec<u8>)> {
    let fresh = (
        timeline_heads::incident_id.eq(incident_id),
        timeline_heads::seq.eq(0),
        timeline_heads::hash.eq(chain::GENESIS.to_vec()),
    );
    crate::each_db!(&mut *tx, |c| diesel::insert_into(timeline_heads::table)
        .values(fresh)
        .on_conflict_do_nothing()
        .execute(c))?;
    let head = timeline_heads::table
        .find(incident_id)
        .select((timeline_heads::seq, timeline_heads::hash));
    // SQLite has one writer anyway; PostgreSQL queues the writers of one chain here.
    match tx {
        Conn::Sqlite(c) => head.first(c),
        Conn::Postgres(c) => head.for_update().first(c),
    }
}

/// Lets one transaction at a time number a checkpoint.
pub(super) fn lock_checkpoints(tx: &mut Conn) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => diesel::sql_query("LOCK TABLE checkpoints IN EXCLUSIVE MODE")
            .execute(c)
            .map(drop),
    }
}

pub(super) fn insert(tx: &mut Conn, entry: &Entry) -> QueryResult<()> {
    diesel::insert_into(timeline_entries::table)
        .values(entry)
        .execute(tx)?;
    diesel::update(timeline_heads::table.find(&entry.incident_id))
        .set((
            timeline_heads::seq.eq(entry.seq),
            timeline_heads::hash.eq(&entry.hash),
        ))
        .execute(tx)?;
    Ok(())
}

pub(super) fn head(conn: &mut Conn, incident_id: &str) -> QueryResult<Option<(i64, Vec<u8>)>> {
    timeline_heads::table
        .find(incident_id)
        .select((timeline_heads::seq, timeline_heads::hash))
        .first(conn)
        .optional()
}

pub(super) fn heads(conn: &mut Conn) -> QueryResult<Vec<(String, i64, Vec<u8>)>> {
    timeline_heads::table
        .order(timeline_heads::incident_id)
        .load(conn)
}

pub(super) fn recent(
    conn: &mut Conn,
    incident_id: &str,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    timeline_entries::table
        .filter(timeline_entries::incident_id.eq(incident_id))
        .filter(timeline_entries::seq.lt(before.unwrap_or(i64::MAX)))
        .order(timeline_entries::seq.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(conn)
}

pub(super) fn of_kind(conn: &mut Conn, incident_id: &str, kind: Kind) -> QueryResult<Vec<Entry>> {
    timeline_entries::table
        .filter(timeline_entries::incident_id.eq(incident_id))
        .filter(timeline_entries::kind.eq(kind))
        .order(timeline_entries::seq)
        .select(Entry::as_select())
        .load(conn)
}

pub(super) fn of_kinds(
    conn: &mut Conn,
    incident_id: &str,
    kinds: &[Kind],
) -> QueryResult<Vec<Entry>> {
    timeline_entries::table
        .filter(timeline_entries::incident_id.eq(incident_id))
        .filter(timeline_entries::kind.eq_any(kinds.iter().copied()))
        .order(timeline_entries::seq)
        .select(Entry::as_select())
        .load(conn)
}

pub(super) fn all(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Entry>> {
    timeline_entries::table
        .filter(timeline_entries::incident_id.eq(incident_id))
        .order(timeline_entries::seq)
        .select(Entry::as_select())
        .load(conn)
}
