//! Takes a roster back: its people go, what it added to others goes, as if it had never been there.

use std::collections::BTreeMap;

use super::super::model::{KeyRow, PersonRow, Record, Roster, RosterId, RosterState};
use super::super::records::{self, RegisterKey};
use super::super::store::{self, GroupDeltas};
use crate::kernel::{Clock, Instant, Result};
use crate::store::{Conn, Store};
use crate::vault::Vault;

const CHUNK: i64 = 2_000;

/// Takes back one roster that is marked for it, however far its import had come.
///
/// Blocks its thread. Runs in transactions of some thousand people, each of which
/// leaves a register that is right; after a crash it goes on with who is left.
/// `finish` runs in the last transaction, with the roster undone (or failed, when it
/// carries a failure). Gives whether there was anything to take back.
///
/// # Errors
/// The database's own error; [`crate::kernel::Code::Purged`].
pub fn undo(
    store: &Store,
    vault: &Vault,
    clock: &Clock,
    id: &RosterId,
    finish: impl FnOnce(&mut Conn, Instant, &Roster) -> Result<()>,
) -> Result<bool> {
    let now = clock.now();
    let begun = store.write_blocking(|tx| {
        let roster = store::lock_roster(tx, id)?;
        if roster.state != RosterState::Undoing {
            return Ok(None);
        }
        let key = RegisterKey::of(tx, vault, now, &roster.incident_id)?;
        Ok(Some((roster, key)))
    })?;
    let Some((roster, key)) = begun else {
        return Ok(false);
    };
    loop {
        let left = store.write_blocking(|tx| take_back(tx, &key, &roster))?;
        if !left {
            break;
        }
    }
    let now = clock.now();
    store.write_blocking(|tx| {
        let roster = store::lock_roster(tx, &roster.id)?;
        if roster.state != RosterState::Undoing {
            return Ok(());
        }
        store::delete_problems(tx, &roster.id)?;
        store::delete_conflicts(tx, &roster.incident_id, roster.number)?;
        let roster = Roster {
            state: match roster.failure {
                Some(_) => RosterState::Failed,
                None => RosterState::Undone,
            },
            problem_count: 0,
            conflict_count: 0,
            touched_at: Some(now),
            finished_at: Some(now),
            ..roster
        };
        store::update_roster(tx, &roster)?;
        finish(tx, now, &roster)
    })?;
    Ok(true)
}

/// Takes back up to a chunk of people; says whether there may be more.
fn take_back(tx: &mut Conn, key: &RegisterKey, roster: &Roster) -> Result<bool> {
    // Another server may be at it, too: one of them at a time, and nobody is counted off twice.
    if store::lock_roster(tx, &roster.id)?.state != RosterState::Undoing {
        return Ok(false);
    }
    let groups = store::groups(tx, &roster.incident_id)?;
    let Some(group) = groups
        .iter()
        .find(|group| group.people > 0 && group.traits.rosters.contains(&roster.number))
    else {
        return Ok(false);
    };
    let people = store::people_of_group(tx, group.id, None, CHUNK)?;
    let mut deltas = GroupDeltas::default();
    if people.is_empty() {
        // The count must not keep this loop alive; it was wrong if it ever gets here.
        tracing::error!(
            group = group.id,
            "a group counts people whom it does not have"
        );
        store::empty_group(tx, group.id)?;
        return Ok(true);
    }
    deltas.add(group.id, -i64::try_from(people.len()).unwrap_or(0));
    if group.traits.rosters.len() == 1 {
        for person in &people {
            store::delete_person(tx, person)?;
        }
    } else {
        let mut rows = BTreeMap::<_, Vec<_>>::new();
        for row in store::rows_of(tx, &people)? {
            rows.entry(row.person_id).or_default().push(row);
        }
        let mut rosters = group.traits.rosters.clone();
        rosters.remove(&roster.number);
        for person in people {
            let kept: Vec<_> = rows
                .remove(&person.id)
                .unwrap_or_default()
                .into_iter()
                .filter(|row| row.roster_number != roster.number)
                .collect();
            let records = kept
                .iter()
                .map(|row| key.open(&row.sealed))
                .collect::<Result<Vec<Record>>>()?;
            let traits = records::traits(
                &records::join(records.iter().cloned()),
                rosters.clone(),
                group.traits.notice_state,
            );
            let new_group = store::group_of(tx, &roster.incident_id, &traits)?;
            deltas.add(new_group, 1);
            store::delete_rows_of_roster(tx, person.id, roster.number)?;
            rejoin(tx, key, &person, records, new_group)?;
        }
    }
    deltas.write(tx)?;
    Ok(true)
}

/// Writes a person anew from the rows that are left, and drops the keys that no row has any more.
pub(in crate::affected) fn rejoin(
    tx: &mut Conn,
    key: &RegisterKey,
    person: &PersonRow,
    records: Vec<Record>,
    group_id: i64,
) -> Result<()> {
    let mut keys = Vec::new();
    for record in &records {
        for found in key.keys(record) {
            if !keys.contains(&found) {
                keys.push(found);
            }
        }
    }
    if records.len() == 1 {
        store::delete_rows(tx, person.id)?;
    }
    let joined = records::join(records);
    let gone: Vec<_> = records::unpack(&person.blind_indexes)
        .into_iter()
        .filter(|key| !keys.contains(key))
        .map(|key| KeyRow {
            blind_index: key.1.to_vec(),
            person_id: person.id,
        })
        .collect();
    store::delete_keys(tx, &gone)?;
    let row = PersonRow {
        id: person.id,
        group_id,
        sealed: key.seal(&joined)?,
        blind_indexes: records::pack(&keys),
    };
    store::update_person(tx, &row)?;
    Ok(())
}
