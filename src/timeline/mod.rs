//! What happened, when, recorded when and by whom: append-only, chained, checkable.
//!
//! In come events, inside the transaction of the verb that caused them; out come
//! entries, and the verdict of [`verify()`]. Each incident has a chain of its own.
//! An entry's hash covers the hash before it, its metadata and a salted
//! commitment to its payload, so that a payload can be erased later while the
//! chain still verifies. The timeline refuses to know what its entries mean.

mod chain;
pub mod checkpoint;
mod curation;
mod links;
mod model;
mod notes;
pub mod outside;
pub mod public_key;
mod search;
mod store;
mod verify;

use serde_json::Value;

pub use curation::{File, Marks, attach, correct, marks, pin, pins};
pub use model::{Actor, Entry, EntryId, Event, Kind};
pub use search::{Attached, Filter, Found, Group, Order, find};
pub use verify::{Finding, KeptNote, Verdict, verify, verify_against, verify_incident};

use crate::kernel::{Instant, Result, random};
use crate::store::Conn;

/// Appends one event to the chain of its incident.
///
/// Belongs inside the transaction that changes what the event tells of: either
/// both are there afterwards, or neither.
///
/// # Errors
/// The database's own error.
pub fn append(tx: &mut Conn, now: Instant, event: Event<'_>) -> Result<Entry> {
    let (seq, prev_hash) = store::lock_head(tx, event.incident_id)?;
    let payload = event.payload.to_string();
    let salt: [u8; 32] = random::bytes();
    let mut entry = Entry {
        incident_id: event.incident_id.to_owned(),
        seq: seq.saturating_add(1),
        id: EntryId::fresh(now),
        kind: event.kind,
        actor: event.actor.as_str().to_owned(),
        occurred_at: event.occurred_at.unwrap_or(now),
        recorded_at: now,
        commitment: chain::commitment(&salt, &payload).as_bytes().to_vec(),
        salt: salt.to_vec(),
        payload: Some(payload),
        prev_hash,
        hash: Vec::new(),
    };
    entry.hash = chain::hash(&entry).as_bytes().to_vec();
    store::insert(tx, &entry)?;
    Ok(entry)
}

/// Lets one transaction at a time decide about an incident.
///
/// A verb that reads a state and then changes it calls this first: on PostgreSQL
/// two of them would read the same state, and a notice would go out twice. Every
/// verb takes this one lock before any row of its own, so none waits in a circle.
///
/// # Errors
/// The database's own error.
pub fn lock(tx: &mut Conn, incident_id: &str) -> Result<()> {
    store::lock_head(tx, incident_id)?;
    Ok(())
}

/// The entries of an incident, newest first, at most `limit`, before `before` when given.
///
/// # Errors
/// The database's own error.
pub fn recent(
    conn: &mut Conn,
    incident_id: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>> {
    Ok(store::recent(conn, incident_id, before, limit)?)
}

/// One entry by its number.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`].
pub fn entry(conn: &mut Conn, incident_id: &str, seq: i64) -> Result<Entry> {
    Ok(store::entry(conn, incident_id, seq)?)
}

/// All entries of an incident, in the order of recording.
///
/// # Errors
/// The database's own error.
pub fn all(conn: &mut Conn, incident_id: &str) -> Result<Vec<Entry>> {
    Ok(store::all(conn, incident_id)?)
}

/// The entries of one kind, in the order of recording.
///
/// # Errors
/// The database's own error.
pub fn of_kind(conn: &mut Conn, incident_id: &str, kind: Kind) -> Result<Vec<Entry>> {
    Ok(store::of_kind(conn, incident_id, kind)?)
}

/// The entries of some kinds, in the order of recording.
///
/// # Errors
/// The database's own error.
pub fn of_kinds(conn: &mut Conn, incident_id: &str, kinds: &[Kind]) -> Result<Vec<Entry>> {
    Ok(store::of_kinds(conn, incident_id, kinds)?)
}

/// The entries behind a number, in the order of recording, at most `limit`.
///
/// # Errors
/// The database's own error.
pub fn behind(conn: &mut Conn, incident_id: &str, seq: i64, limit: usize) -> Result<Vec<Entry>> {
    Ok(store::behind(conn, incident_id, seq, limit)?)
}

/// How many entries each incident has.
///
/// # Errors
/// The database's own error.
pub fn counts(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    let heads = store::heads(conn)?.into_iter();
    Ok(heads.map(|(id, seq, _)| (id, seq)).collect())
}

/// How many entries an incident has.
///
/// # Errors
/// The database's own error.
pub fn count(conn: &mut Conn, incident_id: &str) -> Result<i64> {
    Ok(store::head(conn, incident_id)?.map_or(0, |(seq, _)| seq))
}

/// The number and hash of the newest entry of an incident.
///
/// # Errors
/// The database's own error.
pub fn head(conn: &mut Conn, incident_id: &str) -> Result<Option<(i64, Vec<u8>)>> {
    Ok(store::head(conn, incident_id)?)
}

impl Entry {
    /// The payload as JSON; `null` when it was erased.
    pub fn details(&self) -> Value {
        self.payload
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Value::Null)
    }
}
