//! The whole register: begun with its key, gone with its last file, told when it is gone.

use serde_json::json;

use super::super::model::{Retention, RetentionRow};
use super::super::{register, store};
use super::{files_of_people, lock_finished_rosters, tell};
use crate::evidence::{self, Evidence, Files};
use crate::kernel::{Clock, Code, Instant, Problem, Result};
use crate::outbox;
use crate::store::{Conn, Store};
use crate::timeline::{self, Actor, Kind};
use crate::vault::{Scope, Vault};

/// People in one transaction of a purge.
const CHUNK: i64 = 2_000;
/// Problems of rows in one transaction.
const PROBLEMS: i64 = 20_000;
/// Where something of the affected people stood, for [`Store::forget_deleted_pages`].
pub const TABLES: [&str; 8] = [
    "data_keys",
    "people",
    "person_rows",
    "person_keys",
    "person_groups",
    "person_conflicts",
    "roster_problems",
    "outbox_messages",
];

/// Begins to destroy the register: key, mails and files cannot be opened from here on.
///
/// # Errors
/// [`Code::WrongState`] without a rule, or while a roster is being imported, paused or taken
/// back; [`Code::Purged`] when it began before.
pub fn begin_purge(
    tx: &mut Conn,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
) -> Result<Retention> {
    timeline::lock(tx, incident_id)?;
    let row = store::retention(tx, incident_id)?.ok_or_else(|| Problem::new(Code::WrongState))?;
    if row.purge_started_at.is_some() {
        return Err(Problem::new(Code::Purged));
    }
    lock_finished_rosters(tx, incident_id)?;
    let counts = register::counts(tx, incident_id)?;
    let scope = Scope::people(incident_id);
    store::drop_drafts(tx, incident_id, now)?;
    // Makes a key where none is, so that none can be made afterwards.
    vault.key(tx, &scope, now)?;
    vault.destroy(tx, &scope, now)?;
    for file in files_of_people(tx, incident_id)? {
        evidence::destroy(tx, actor, now, &file.id)?;
    }
    outbox::forget_scope(tx, &scope, now)?;
    let row = RetentionRow {
        purge_started_at: Some(now),
        purged_by: Some(actor.as_str().to_owned()),
        counts: Some(serde_json::to_string(&counts)?),
        version: row.version.saturating_add(1),
        ..row
    };
    store::update_retention(tx, &row)?;
    Retention::of(row)
}

/// Incidents whose register began to be destroyed and is not gone yet.
///
/// # Errors
/// The database's own error.
pub fn unfinished_purges(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(store::unfinished_purges(conn)?)
}

/// Destroys whatever is left of a register, and tells the timeline when nothing is; says whether it did.
///
/// Blocks its thread, outside of any transaction. After a crash it goes on with
/// what is left. `others` removes the files that are kept of these people beside
/// the evidence, such as exports, and gives their number.
///
/// # Errors
/// Those of the database and of the folder; [`Code::Unavailable`] when the database still
/// holds old pages. Calling again goes on.
pub fn continue_purge(
    store: &Store,
    files: &Files,
    clock: &Clock,
    incident_id: &str,
    others: impl FnOnce() -> Result<usize>,
) -> Result<bool> {
    let begun = |conn: &mut Conn| {
        let row = store::retention(conn, incident_id)?;
        Ok(row.filter(|row| row.purge_started_at.is_some() && row.purged_at.is_none()))
    };
    if store.read_blocking(begun)?.is_none() {
        return Ok(false);
    }
    while store.write_blocking(|tx| destroy_some(tx, incident_id))? {}
    let gone = store.read_blocking(|conn| destroyed_files(conn, incident_id))?;
    for file in &gone {
        evidence::remove_bytes(files, file)?;
    }
    let removed = gone.len().saturating_add(others()?);
    store.forget_deleted_pages(&TABLES)?;
    let now = clock.now();
    store.write_blocking(|tx| {
        timeline::lock(tx, incident_id)?;
        // Another server may have been quicker.
        let Some(row) = begun(tx)? else {
            return Ok(false);
        };
        let row = RetentionRow {
            purged_at: Some(now),
            version: row.version.saturating_add(1),
            ..row
        };
        store::update_retention(tx, &row)?;
        let retention = Retention::of(row)?;
        let actor = Actor::account(retention.purged_by.unwrap_or_default());
        let payload = json!({
            "people": retention.counts.unwrap_or_default().people,
            "rosters": store::rosters(tx, incident_id)?.len(),
            "files": removed,
            "keep_until": retention.keep_until.to_string(),
            "started_at": retention.purge_started_at,
        });
        tell(tx, &actor, now, Kind::RegisterPurged, incident_id, payload)?;
        Ok(true)
    })
}

/// Deletes up to a chunk of whatever is left; says whether there may be more.
fn destroy_some(tx: &mut Conn, incident_id: &str) -> Result<bool> {
    for group in store::groups(tx, incident_id)? {
        let people = store::people_of_group(tx, group.id, None, CHUNK)?;
        if people.is_empty() {
            continue;
        }
        for person in &people {
            store::delete_person(tx, person)?;
        }
        return Ok(true);
    }
    for roster in store::rosters(tx, incident_id)? {
        if store::delete_some_problems(tx, &roster.id, PROBLEMS)? > 0 {
            return Ok(true);
        }
    }
    store::delete_all_conflicts(tx, incident_id)?;
    store::delete_groups(tx, incident_id)?;
    Ok(false)
}

/// Files of an incident whose rows say that their bytes are destroyed.
fn destroyed_files(conn: &mut Conn, incident_id: &str) -> Result<Vec<Evidence>> {
    let mut files = evidence::list(conn, incident_id)?;
    files.retain(|file| file.destroyed_at.is_some());
    Ok(files)
}
