//! Exports of the register: asked for with a reason, written as a job, handed out on record.
//!
//! In comes what somebody wants and why; out go a sealed file that lives for a
//! day, its digest, and entries of the timeline. [`run()`] writes it a few people at
//! a time, straight into the sealing, so that neither memory nor the disk ever
//! holds it in clear. What is left by a crash begins anew. The room refuses to
//! know who may ask: that is the capability's, and the caller brings its proof.

mod bundle;
mod deliveries;
mod files;
mod letters;
mod model;
mod people;
mod problems;
mod run;
mod store;
mod words;

use jiff::SignedDuration;
use serde_json::json;

pub use bundle::{Letter, Press, Sending};
pub use model::{Export, ExportContent, ExportFormat, ExportId, ExportState, NewExport};
pub(super) use problems::is_own_column;
pub use run::{Outcome, run};
pub use words::filter_words;

use self::files::Folder;
use super::rosters;
use crate::evidence::{Files, SealedReader};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::{Conn, Store};
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::{Scope, Vault};

/// A file is handed out for so long.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Takes an order for an export; [`run()`] carries it out.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason, for an unknown choice, or without the roster whose
/// rows are wanted; [`Code::NotFound`] for a roster of another incident.
pub fn request(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    new: NewExport,
) -> Result<Export> {
    let new = new.checked()?;
    if let Some(roster) = &new.roster
        && rosters::roster(tx, roster)?.incident_id != incident_id
    {
        return Err(Problem::new(Code::NotFound));
    }
    let export = Export {
        id: ExportId::fresh(now),
        incident_id: incident_id.to_owned(),
        content: new.content,
        format: new.format,
        filter: serde_json::to_string(&new.filter)?,
        roster_id: new.roster,
        reason: new.reason,
        notice_id: new.notice,
        state: ExportState::Waiting,
        failure: None,
        total_rows: 0,
        rows: 0,
        replaced: 0,
        size: 0,
        sha256: String::new(),
        locale: new.locale,
        recorded_by: actor.as_str().to_owned(),
        recorded_at: now,
        touched_at: None,
        finished_at: None,
        expires_at: None,
    };
    store::insert(tx, &export)?;
    Ok(export)
}

/// Stops an export; whoever writes it notices and removes what there is of the file.
///
/// # Errors
/// [`Code::WrongState`] when it has ended.
pub fn cancel(tx: &mut Conn, now: Instant, id: &ExportId) -> Result<Export> {
    let export = store::lock(tx, id)?;
    if !export.state.is_at_work() {
        return Err(Problem::new(Code::WrongState));
    }
    let export = Export {
        state: ExportState::Cancelled,
        finished_at: Some(now),
        ..export
    };
    store::update(tx, &export)?;
    Ok(export)
}

/// Hands out the plain bytes of an export, and tells the timeline that it did.
///
/// # Errors
/// [`Code::WrongState`] when it is not done, or its day is over; [`Code::Purged`] once the
/// incident's people were destroyed.
pub fn open(
    tx: &mut Conn,
    vault: &Vault,
    files: &Files,
    actor: &Actor,
    now: Instant,
    id: &ExportId,
) -> Result<(Export, SealedReader)> {
    let export = store::find(tx, id)?;
    let over = export.expires_at.is_none_or(|until| until <= now);
    if export.state != ExportState::Done || over {
        return Err(Problem::new(Code::WrongState));
    }
    let key = vault.key(tx, &Scope::people(&export.incident_id), now)?;
    let reader = Folder::beside(files).open(&key, id)?;
    tell(tx, actor, now, &export, true)?;
    Ok((export, reader))
}

/// One export.
///
/// # Errors
/// [`Code::NotFound`].
pub fn find(conn: &mut Conn, id: &ExportId) -> Result<Export> {
    Ok(store::find(conn, id)?)
}

/// Every export of an incident, the newest first.
///
/// # Errors
/// The database's own error.
pub fn list(conn: &mut Conn, incident_id: &str) -> Result<Vec<Export>> {
    Ok(store::list(conn, incident_id)?)
}

/// Exports that wait or are being written, the oldest first.
///
/// # Errors
/// The database's own error.
pub fn at_work(conn: &mut Conn) -> Result<Vec<Export>> {
    Ok(store::at_work(conn)?)
}

/// Removes the files whose day is over, and those that no export claims; gives the number of the former.
///
/// # Errors
/// Those of the database and of the folder.
pub fn expire(store: &Store, files: &Files, now: Instant) -> Result<usize> {
    let folder = Folder::beside(files);
    let due = store.read_blocking(|conn| Ok(store::due(conn, now)?))?;
    for id in &due {
        // The file first: after a crash the next tick finds the row again.
        folder.remove(id)?;
        store.write_blocking(|tx| {
            let export = store::lock(tx, id)?;
            let export = Export {
                state: ExportState::Expired,
                ..export
            };
            Ok(store::update(tx, &export)?)
        })?;
    }
    folder.sweep(|id, is_whole| {
        let state = store.read_blocking(|conn| Ok(store::state(conn, id)?))?;
        Ok(match state {
            Some(ExportState::Waiting | ExportState::Running) => true,
            Some(ExportState::Done) => is_whole,
            _ => false,
        })
    })?;
    Ok(due.len())
}

/// Removes every exported file of an incident, and stops what is being written; the rows stay.
///
/// For the purge of a register. Files cannot be taken back, so this belongs after the commit
/// that destroys the key, or before it, in a write of its own.
///
/// # Errors
/// Those of the database and of the folder.
pub fn remove_files(files: &Files, conn: &mut Conn, incident_id: &str) -> Result<()> {
    use ExportState::{Cancelled, Done, Expired, Running, Waiting};
    store::move_states(conn, incident_id, &[Waiting, Running], Cancelled)?;
    store::move_states(conn, incident_id, &[Done], Expired)?;
    let folder = Folder::beside(files);
    store::list(conn, incident_id)?
        .iter()
        .try_for_each(|export| folder.remove(&export.id))
}

/// Tells the timeline that an export was made, or handed out.
fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    export: &Export,
    downloaded: bool,
) -> Result<()> {
    let filter: serde_json::Value = serde_json::from_str(&export.filter)?;
    let event = Event {
        incident_id: &export.incident_id,
        kind: Kind::RegisterExported,
        actor,
        occurred_at: None,
        payload: json!({
            "export_id": export.id,
            "content": export.content,
            "format": export.format,
            "filter": filter,
            "roster_id": export.roster_id,
            "people": export.rows,
            "replaced": export.replaced,
            "size": export.size,
            "sha256": export.sha256,
            "reason": export.reason,
            "downloaded": downloaded,
        }),
    };
    timeline::append(tx, now, event).map(drop)
}
