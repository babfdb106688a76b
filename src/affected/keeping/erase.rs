//! One person: rows, keys, mails, and the sealed files that hold them.

use serde_json::json;

use super::super::model::PersonId;
use super::super::people::{checked_reason, person_of};
use super::super::records::RegisterKey;
use super::super::store::{self, GroupDeltas};
use super::{files_with, lock_finished_rosters, refuse_destroyed, tell};
use crate::evidence::{self, Evidence};
use crate::kernel::{Instant, Result};
use crate::outbox;
use crate::store::Conn;
use crate::timeline::{self, Actor, Kind};
use crate::vault::{Scope, Vault};

/// What erasing one person came to.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The sealed rosters that held the person too: their bytes have to be removed now.
    pub files: Vec<Evidence>,
}

/// Erases one person: rows, keys, mails, and the sealed rosters that hold them.
///
/// The caller removes the bytes of the files after the commit ([`evidence::remove_bytes`]).
///
/// # Errors
/// [`crate::kernel::Code::NotFound`]; [`crate::kernel::Code::InvalidInput`] without a reason; [`crate::kernel::Code::WrongState`] while a
/// roster is being imported, paused or taken back; [`crate::kernel::Code::Purged`].
pub fn erase(
    tx: &mut Conn,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    person: PersonId,
    reason: &str,
) -> Result<Erased> {
    let reason = checked_reason(reason)?;
    timeline::lock(tx, incident_id)?;
    refuse_destroyed(tx, incident_id)?;
    let (row, traits) = person_of(tx, incident_id, person)?;
    // An importer knows people by their keys: it must not meet one who is gone.
    let rosters = lock_finished_rosters(tx, incident_id)?;
    let record = RegisterKey::of(tx, vault, now, incident_id)?.open(&row.sealed)?;
    let rows: Vec<(i64, i64)> = if record.row == 0 {
        let rows = store::rows_of(tx, std::slice::from_ref(&row))?;
        rows.iter()
            .map(|row| (row.roster_number, row.row))
            .collect()
    } else {
        traits
            .rosters
            .iter()
            .map(|number| (*number, record.row))
            .collect()
    };
    let numbered = |number: i64| rosters.iter().find(|roster| roster.number == number);
    for (number, row) in &rows {
        if let Some(roster) = numbered(*number) {
            store::delete_problems_of(tx, &roster.id, *row)?;
        }
    }
    store::delete_person(tx, &row)?;
    store::delete_conflicts_of(tx, person)?;
    let mut deltas = GroupDeltas::default();
    deltas.add(row.group_id, -1);
    deltas.write(tx)?;
    outbox::forget_subject(tx, &Scope::people(incident_id), &person.to_string(), now)?;
    let files = files_with(tx, incident_id, &rosters, |roster| {
        traits.rosters.contains(&roster.number)
    })?;
    for file in &files {
        evidence::destroy(tx, actor, now, &file.id)?;
    }
    let payload = json!({ "person_id": person, "reason": reason, "files": files.len() });
    tell(tx, actor, now, Kind::PersonErased, incident_id, payload)?;
    Ok(Erased { files })
}

/// The sealed files whose bytes go with a person: those of the rosters that they stand in.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`].
pub fn files_of_person(
    conn: &mut Conn,
    incident_id: &str,
    person: PersonId,
) -> Result<Vec<Evidence>> {
    let (_, traits) = person_of(conn, incident_id, person)?;
    let rosters = store::rosters(conn, incident_id)?;
    files_with(conn, incident_id, &rosters, |roster| {
        traits.rosters.contains(&roster.number)
    })
}
