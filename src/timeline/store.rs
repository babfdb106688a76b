//! Queries of the timeline.

use diesel::prelude::*;

use super::search::{Attached, Filter, Order};
use super::{Entry, Kind, chain};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{
    timeline_attachments, timeline_corrections, timeline_entries, timeline_heads, timeline_pins,
};

diesel::define_sql_function! {
    /// Small letters; SQLite knows those of ASCII only.
    fn lower(text: diesel::sql_types::Nullable<diesel::sql_types::Text>) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

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

pub(super) fn behind(
    conn: &mut Conn,
    incident_id: &str,
    seq: i64,
    limit: usize,
) -> QueryResult<Vec<Entry>> {
    timeline_entries::table
        .filter(timeline_entries::incident_id.eq(incident_id))
        .filter(timeline_entries::seq.gt(seq))
        .order(timeline_entries::seq)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Entry::as_select())
        .load(conn)
}

pub(super) fn entry(conn: &mut Conn, incident_id: &str, seq: i64) -> QueryResult<Entry> {
    timeline_entries::table
        .find((incident_id, seq))
        .select(Entry::as_select())
        .first(conn)
}

/// What a filter finds behind an entry; of a text, also what only the payload's keys hold.
pub(super) fn find(
    conn: &mut Conn,
    incident_id: &str,
    filter: &Filter,
    order: Order,
    after: Option<i64>,
    limit: usize,
) -> QueryResult<Vec<Entry>> {
    use timeline_entries::dsl;
    let after = match after {
        None => None,
        Some(seq) if order == Order::Recorded => Some((Instant::from_micros(0), seq)),
        Some(seq) => Some((entry(conn, incident_id, seq)?.occurred_at, seq)),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    crate::each_db!(conn, |c| {
        let mut query = timeline_entries::table
            .filter(dsl::incident_id.eq(incident_id))
            .limit(limit)
            .select(Entry::as_select())
            .into_boxed();
        if let Some(kinds) = filter.kinds() {
            query = query.filter(dsl::kind.eq_any(kinds));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(dsl::actor.eq(actor));
        }
        if let Some(from) = filter.from {
            query = query.filter(dsl::occurred_at.ge(from));
        }
        if let Some(until) = filter.until {
            query = query.filter(dsl::occurred_at.lt(until));
        }
        if let Some(text) = &filter.text {
            let text = lower(Some(pattern(text)));
            query = query.filter(lower(dsl::payload).like(text).escape('!'));
        }
        if filter.pinned {
            let pinned = timeline_pins::table
                .filter(timeline_pins::incident_id.eq(incident_id))
                .select(timeline_pins::seq);
            query = query.filter(dsl::seq.eq_any(pinned));
        }
        if let Some(attached) = &filter.attached {
            let with = timeline_attachments::table
                .filter(timeline_attachments::incident_id.eq(incident_id))
                .select(timeline_attachments::seq);
            query = match attached {
                Attached::Any => query.filter(dsl::seq.eq_any(with)),
                Attached::File(id) => query
                    .filter(dsl::seq.eq_any(with.filter(timeline_attachments::evidence_id.eq(id)))),
            };
        }
        // The first of the two conditions is the one that an index finds its place by.
        query = match (order, after) {
            (_, None) => query,
            (Order::Recorded, Some((_, seq))) => query.filter(dsl::seq.lt(seq)),
            (Order::Occurred, Some((at, seq))) => query
                .filter(dsl::occurred_at.le(at))
                .filter(dsl::occurred_at.lt(at).or(dsl::seq.lt(seq))),
            (Order::Course, Some((at, seq))) => query
                .filter(dsl::occurred_at.ge(at))
                .filter(dsl::occurred_at.gt(at).or(dsl::seq.gt(seq))),
        };
        match order {
            Order::Recorded => query.order(dsl::seq.desc()).load(c),
            Order::Occurred => query
                .order((dsl::occurred_at.desc(), dsl::seq.desc()))
                .load(c),
            Order::Course => query.order((dsl::occurred_at, dsl::seq)).load(c),
        }
    })
}

/// A text as it stands somewhere in a payload, for `LIKE … ESCAPE '!'`.
fn pattern(text: &str) -> String {
    let written = serde_json::Value::from(text).to_string();
    let mut pattern = String::from("%");
    for letter in written.trim_matches('"').chars() {
        if matches!(letter, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// The numbers of the pinned entries from one number to another.
pub(super) fn pins(
    conn: &mut Conn,
    incident_id: &str,
    (first, last): (i64, i64),
) -> QueryResult<Vec<i64>> {
    timeline_pins::table
        .filter(timeline_pins::incident_id.eq(incident_id))
        .filter(timeline_pins::seq.ge(first))
        .filter(timeline_pins::seq.le(last))
        .order(timeline_pins::seq)
        .select(timeline_pins::seq)
        .load(conn)
}

pub(super) fn is_pinned(conn: &mut Conn, incident_id: &str, seq: i64) -> QueryResult<bool> {
    Ok(!pins(conn, incident_id, (seq, seq))?.is_empty())
}

pub(super) fn insert_pin(
    tx: &mut Conn,
    incident_id: &str,
    seq: i64,
    by: &str,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(timeline_pins::table)
        .values((
            timeline_pins::incident_id.eq(incident_id),
            timeline_pins::seq.eq(seq),
            timeline_pins::pinned_by.eq(by),
            timeline_pins::pinned_at.eq(now),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn delete_pin(tx: &mut Conn, incident_id: &str, seq: i64) -> QueryResult<()> {
    diesel::delete(timeline_pins::table.find((incident_id, seq)))
        .execute(tx)
        .map(drop)
}

/// The files of the entries from one number to another, in the order in which they were attached.
pub(super) fn attachments(
    conn: &mut Conn,
    incident_id: &str,
    (first, last): (i64, i64),
) -> QueryResult<Vec<(i64, String)>> {
    timeline_attachments::table
        .filter(timeline_attachments::incident_id.eq(incident_id))
        .filter(timeline_attachments::seq.ge(first))
        .filter(timeline_attachments::seq.le(last))
        .order((
            timeline_attachments::seq,
            timeline_attachments::attached_at,
            timeline_attachments::evidence_id,
        ))
        .select((timeline_attachments::seq, timeline_attachments::evidence_id))
        .load(conn)
}

pub(super) fn is_attached(
    conn: &mut Conn,
    incident_id: &str,
    seq: i64,
    file: &str,
) -> QueryResult<bool> {
    let of_entry = attachments(conn, incident_id, (seq, seq))?;
    Ok(of_entry.iter().any(|(_, id)| id == file))
}

pub(super) fn insert_attachment(
    tx: &mut Conn,
    incident_id: &str,
    seq: i64,
    file: &str,
    by: &str,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(timeline_attachments::table)
        .values((
            timeline_attachments::incident_id.eq(incident_id),
            timeline_attachments::seq.eq(seq),
            timeline_attachments::evidence_id.eq(file),
            timeline_attachments::attached_by.eq(by),
            timeline_attachments::attached_at.eq(now),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn delete_attachment(
    tx: &mut Conn,
    incident_id: &str,
    seq: i64,
    file: &str,
) -> QueryResult<()> {
    diesel::delete(timeline_attachments::table.find((incident_id, seq, file)))
        .execute(tx)
        .map(drop)
}

/// Which of the entries from one number to another were corrected, and by which entry.
pub(super) fn corrections(
    conn: &mut Conn,
    incident_id: &str,
    (first, last): (i64, i64),
) -> QueryResult<Vec<(i64, i64)>> {
    timeline_corrections::table
        .filter(timeline_corrections::incident_id.eq(incident_id))
        .filter(timeline_corrections::seq.ge(first))
        .filter(timeline_corrections::seq.le(last))
        .order(timeline_corrections::seq)
        .select((
            timeline_corrections::seq,
            timeline_corrections::corrected_by,
        ))
        .load(conn)
}

pub(super) fn insert_correction(
    tx: &mut Conn,
    incident_id: &str,
    seq: i64,
    corrected_by: i64,
) -> QueryResult<()> {
    diesel::insert_into(timeline_corrections::table)
        .values((
            timeline_corrections::incident_id.eq(incident_id),
            timeline_corrections::seq.eq(seq),
            timeline_corrections::corrected_by.eq(corrected_by),
        ))
        .execute(tx)
        .map(drop)
}
