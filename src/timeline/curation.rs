//! What stands beside the chain: entries chosen for the report, files of entries, corrections.
//!
//! Neither changes an entry. What is chosen or attached, and what is taken back, is told
//! by an entry of its own, so that the chain holds who curated the account and when.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Actor, Entry, Event, Kind, append, entry, lock, store};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;

/// What stands beside some entries.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The numbers of those that were chosen for the report.
    pub pinned: BTreeSet<i64>,
    /// The ids of the sealed files of an entry, by its number.
    pub attached: BTreeMap<i64, Vec<String>>,
    /// The number of the entry that corrects an entry, by the number of the latter.
    pub corrected: BTreeMap<i64, i64>,
}

/// Chooses an entry for the report, or takes it out again; nothing happens where it stands so already.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when the incident has no such entry.
pub fn pin(
    tx: &mut Conn,
    by: &Actor,
    now: Instant,
    incident_id: &str,
    seq: i64,
    wanted: bool,
) -> Result<()> {
    entry(tx, incident_id, seq)?;
    lock(tx, incident_id)?;
    if store::is_pinned(tx, incident_id, seq)? == wanted {
        return Ok(());
    }
    let kind = if wanted {
        store::insert_pin(tx, incident_id, seq, by.as_str(), now)?;
        Kind::EntryPinned
    } else {
        store::delete_pin(tx, incident_id, seq)?;
        Kind::EntryUnpinned
    };
    let event = Event {
        incident_id,
        kind,
        actor: by,
        occurred_at: None,
        payload: json!({"number": seq}),
    };
    append(tx, now, event).map(drop)
}

/// A sealed file, as the timeline names it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// Puts a sealed file to an entry, or takes it away again; nothing happens where it stands so already.
///
/// That the file belongs to the incident is for the caller to know.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when the incident has no such entry.
pub fn attach(
    tx: &mut Conn,
    by: &Actor,
    now: Instant,
    (incident_id, seq): (&str, i64),
    file: File<'_>,
    wanted: bool,
) -> Result<()> {
    entry(tx, incident_id, seq)?;
    lock(tx, incident_id)?;
    if store::is_attached(tx, incident_id, seq, file.id)? == wanted {
        return Ok(());
    }
    let kind = if wanted {
        store::insert_attachment(tx, incident_id, seq, file.id, by.as_str(), now)?;
        Kind::EvidenceAttached
    } else {
        store::delete_attachment(tx, incident_id, seq, file.id)?;
        Kind::EvidenceDetached
    };
    let event = Event {
        incident_id,
        kind,
        actor: by,
        occurred_at: None,
        payload: json!({"number": seq, "evidence_id": file.id, "name": file.name}),
    };
    append(tx, now, event).map(drop)
}

/// Appends what stands in the place of an earlier entry; the chain keeps both.
///
/// # Errors
/// [`Code::NotFound`] when the incident has no such entry; [`Code::EditConflict`] when
/// another entry corrects it already: that one is to be corrected now.
pub fn correct(tx: &mut Conn, now: Instant, seq: i64, event: Event<'_>) -> Result<Entry> {
    let incident_id = event.incident_id;
    entry(tx, incident_id, seq)?;
    lock(tx, incident_id)?;
    if !store::corrections(tx, incident_id, (seq, seq))?.is_empty() {
        return Err(Problem::new(Code::EditConflict));
    }
    let newer = append(tx, now, event)?;
    store::insert_correction(tx, incident_id, seq, newer.seq)?;
    Ok(newer)
}

/// The numbers of the entries that were chosen for the report.
///
/// # Errors
/// The database's own error.
pub fn pins(conn: &mut Conn, incident_id: &str) -> Result<BTreeSet<i64>> {
    let all = store::pins(conn, incident_id, (i64::MIN, i64::MAX))?;
    Ok(all.into_iter().collect())
}

/// What stands beside these entries.
///
/// # Errors
/// The database's own error.
pub fn marks(conn: &mut Conn, incident_id: &str, entries: &[Entry]) -> Result<Marks> {
    let numbers = || entries.iter().map(|entry| entry.seq);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else {
        return Ok(Marks::default());
    };
    let mut attached = BTreeMap::<i64, Vec<String>>::new();
    for (seq, file) in store::attachments(conn, incident_id, (first, last))? {
        attached.entry(seq).or_default().push(file);
    }
    let pinned = store::pins(conn, incident_id, (first, last))?;
    Ok(Marks {
        pinned: pinned.into_iter().collect(),
        attached,
        corrected: store::corrections(conn, incident_id, (first, last))?
            .into_iter()
            .collect(),
    })
}
