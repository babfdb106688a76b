//! Sealed files: what was kept as proof, its digest, and who opened it.
//!
//! In come uploaded bytes; out go an [`Evidence`] row, an entry on the timeline
//! and, later, the same bytes. A file is sealed before the transaction
//! ([`prepare`]) and recorded inside it ([`record`]); what a crash leaves between
//! the two is removed by [`sweep`]. The room refuses to know what a file holds,
//! and no name given by a person ever becomes a path.

pub mod custody;
mod files;
pub mod hold;
mod incoming;
mod model;
pub mod preview;
mod sniff;
mod store;

use std::io::Read;

use serde_json::json;

pub use files::{Files, Prepared, Sealed as SealedReader, readable_size};
pub use incoming::{Incoming, IncomingWriter};
pub use model::{Evidence, EvidenceId, Upload, Verification};

use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::{DataKey, Scope, Vault};

/// The largest file that is taken when no setting says otherwise: 8 GiB.
pub const DEFAULT_LIMIT: u64 = 8 * 1024 * 1024 * 1024;

/// What recording a file gives back.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The new row.
    pub evidence: Evidence,
    /// An earlier file of the same incident with the same bytes; said, not refused.
    pub same_as: Option<Evidence>,
}

/// Seals the bytes of `plain` into the folder, with size and digest; no database is touched.
///
/// The key is that of `upload.scope` ([`Vault::key`]). Dropping what comes back
/// without recording it removes the file.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for an unusable name or note,
/// [`crate::kernel::Code::TooLarge`] beyond `upload.limit`; nothing is left behind then.
pub fn prepare(
    files: &Files,
    key: &DataKey,
    now: Instant,
    upload: Upload<'_>,
    plain: impl Read,
) -> Result<Prepared> {
    let upload = upload.checked()?;
    files.seal(key, EvidenceId::fresh(now), now, upload, plain)
}

/// Records a sealed file and tells the timeline.
///
/// # Errors
/// The database's own error.
pub fn record(tx: &mut Conn, actor: &Actor, now: Instant, prepared: Prepared) -> Result<Recorded> {
    let evidence = prepared.row(actor, now);
    let same_as = store::same_bytes(tx, &evidence.incident_id, &evidence.sha256)?;
    store::insert(tx, &evidence)?;
    let payload = json!({
        "evidence_id": evidence.id,
        "name": evidence.name,
        "size": evidence.size,
        "sha256": evidence.sha256,
        "address": evidence.address,
        "same_as": same_as.as_ref().map(|earlier| &earlier.id),
    });
    tell(tx, actor, now, Kind::EvidenceSealed, &evidence, payload)?;
    prepared.keep();
    Ok(Recorded { evidence, same_as })
}

/// Hands out the plain bytes of a file, and tells the timeline that it did.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`], or [`crate::kernel::Code::Purged`] once the incident's data were destroyed.
pub fn open(
    tx: &mut Conn,
    vault: &Vault,
    files: &Files,
    actor: &Actor,
    now: Instant,
    id: &EvidenceId,
) -> Result<(Evidence, SealedReader)> {
    told(tx, vault, files, actor, now, id, Kind::EvidenceOpened)
}

/// Hands out the plain bytes to be shown, and tells the timeline that they were seen.
///
/// # Errors
/// As [`open`].
pub fn see(
    tx: &mut Conn,
    vault: &Vault,
    files: &Files,
    actor: &Actor,
    now: Instant,
    id: &EvidenceId,
) -> Result<(Evidence, SealedReader)> {
    told(tx, vault, files, actor, now, id, Kind::EvidenceSeen)
}

fn told(
    tx: &mut Conn,
    vault: &Vault,
    files: &Files,
    actor: &Actor,
    now: Instant,
    id: &EvidenceId,
    kind: Kind,
) -> Result<(Evidence, SealedReader)> {
    let (evidence, reader) = reader(tx, vault, files, now, id)?;
    let payload = json!({
        "evidence_id": evidence.id,
        "name": evidence.name,
        "sha256": evidence.sha256,
    });
    tell(tx, actor, now, kind, &evidence, payload)?;
    Ok((evidence, reader))
}

/// Reads the plain bytes for the server's own work, such as an import.
///
/// # Errors
/// As [`open`].
pub fn reader(
    conn: &mut Conn,
    vault: &Vault,
    files: &Files,
    now: Instant,
    id: &EvidenceId,
) -> Result<(Evidence, SealedReader)> {
    let evidence = store::find(conn, id)?;
    if evidence.destroyed_at.is_some() {
        return Err(Problem::new(Code::Purged));
    }
    let key = vault.key(conn, &Scope::from_stored(evidence.scope.clone()), now)?;
    let reader = files.open(&key, &evidence)?;
    Ok((evidence, reader))
}

/// Reads a file whole and compares its digest and size with what was recorded.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when there is no such row; a missing or changed file is an answer.
pub fn verify(
    conn: &mut Conn,
    vault: &Vault,
    files: &Files,
    now: Instant,
    id: &EvidenceId,
) -> Result<Verification> {
    let evidence = store::find(conn, id)?;
    if evidence.destroyed_at.is_some() {
        return Ok(Verification::Destroyed);
    }
    let key = vault.key(conn, &Scope::from_stored(evidence.scope.clone()), now)?;
    files.verify(&key, &evidence)
}

/// Destroys the bytes of a file and says so on the timeline; the row with its digest stays.
///
/// The file itself is removed by the caller after the commit, by [`remove_bytes`]: a file
/// cannot be taken back when the transaction is.
///
/// # Errors
/// [`Code::NotFound`].
pub fn destroy(tx: &mut Conn, actor: &Actor, now: Instant, id: &EvidenceId) -> Result<()> {
    let evidence = store::find(tx, id)?;
    if evidence.destroyed_at.is_some() {
        return Ok(());
    }
    store::mark_destroyed(tx, id, now)?;
    let payload = json!({
        "evidence_id": evidence.id,
        "name": evidence.name,
        "sha256": evidence.sha256,
    });
    tell(tx, actor, now, Kind::EvidenceDestroyed, &evidence, payload)
}

/// Overwrites and removes the sealed file of a row that says it is destroyed.
///
/// # Errors
/// Those of the folder.
pub fn remove_bytes(files: &Files, evidence: &Evidence) -> Result<()> {
    files.destroy(evidence)
}

/// One file's row.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`].
pub fn find(conn: &mut Conn, id: &EvidenceId) -> Result<Evidence> {
    Ok(store::find(conn, id)?)
}

/// Every file of an incident, in the order of recording.
///
/// # Errors
/// The database's own error.
pub fn list(conn: &mut Conn, incident_id: &str) -> Result<Vec<Evidence>> {
    Ok(store::list(conn, incident_id)?)
}

/// Removes files that no row names, or only a row that was destroyed, and that were begun an hour ago or more; gives their number.
///
/// Such a file is what a crash left between [`prepare`] and the commit of [`record`], or between
/// the commit of [`destroy`] and [`remove_bytes`].
///
/// # Errors
/// Those of the database and of the folder.
pub fn sweep(conn: &mut Conn, files: &Files, now: Instant) -> Result<usize> {
    files.sweep(now, |named| {
        Ok(match named {
            files::Named::Id(id) => store::exists(conn, id)?,
            files::Named::Address(address) => store::holds_address(conn, address)?,
        })
    })
}

fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    kind: Kind,
    evidence: &Evidence,
    payload: serde_json::Value,
) -> Result<()> {
    let event = Event {
        incident_id: &evidence.incident_id,
        kind,
        actor,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
