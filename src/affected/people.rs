//! One person: shown for a reason, looked up by a contact, marked with what they were told.

use std::collections::BTreeSet;

use serde_json::json;

use super::model::{KeyKind, MaskedPerson, NoticeState, Person, PersonId, PersonRow, Traits};
use super::records::RegisterKey;
use super::store::{self, GroupDeltas};
use super::{check_text, field_problem, keeping, normalise, register};
use crate::kernel::{Code, Instant, Problem, Redacted, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Vault;

/// Gives everything that is known of one person, and records that it was shown.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::InvalidInput`] without a reason; [`Code::Purged`].
pub fn reveal(
    tx: &mut Conn,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    person_id: PersonId,
    reason: &str,
) -> Result<Person> {
    let reason = checked_reason(reason)?;
    keeping::refuse_destroyed(tx, incident_id)?;
    let (row, traits) = person_of(tx, incident_id, person_id)?;
    let key = RegisterKey::of(tx, vault, now, incident_id)?;
    let record = key.open(&row.sealed)?;
    let rows = if record.row == 0 {
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
    let event = Event {
        incident_id,
        kind: Kind::PeopleRevealed,
        actor,
        occurred_at: None,
        payload: json!({ "people": 1, "person_id": row.id, "reason": reason }),
    };
    timeline::append(tx, now, event)?;
    Ok(Person {
        id: row.id,
        record,
        locale: traits.locale,
        notice_state: traits.notice_state,
        rows,
    })
}

/// What the desk finds for a contact that somebody gives on the telephone.
#[derive(Clone, Debug)]
pub struct Found {
    /// As what the contact was read: none when it looks like nothing that a roster holds.
    pub kinds: Vec<KeyKind>,
    /// Whoever has it, masked; a family may share a telephone.
    pub people: Vec<MaskedPerson>,
    /// Rosters are being imported or taken back, so that "nobody" is not sure yet.
    pub incomplete: bool,
}

/// Looks for whoever has an e-mail address, telephone number, LINE user id or customer number.
///
/// Only the keyed index of the contact is compared; the contact itself is stored nowhere.
///
/// # Errors
/// [`Code::Purged`] once the incident's people were destroyed.
pub fn look_up(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    contact: &Redacted<String>,
) -> Result<Found> {
    let rosters = store::rosters(conn, incident_id)?;
    let incomplete = rosters
        .iter()
        .any(|roster| roster.state.is_at_work() || roster.state == super::RosterState::Paused);
    let readings = readings(contact.reveal());
    let kinds = readings.iter().map(|(kind, _)| *kind).collect();
    let mut people = Vec::new();
    // Without a roster there may be no key yet, and asking must not make one.
    if !rosters.is_empty() {
        let key = RegisterKey::of(conn, vault, now, incident_id)?;
        let indexes: Vec<_> = readings
            .iter()
            .map(|(kind, text)| key.index(*kind, text))
            .collect();
        let ids: BTreeSet<PersonId> = store::people_with(conn, &indexes)?
            .into_iter()
            .map(|(_, person)| person)
            .collect();
        for id in ids.into_iter().take(20) {
            people.push(register::person(conn, vault, now, incident_id, id)?);
        }
    }
    Ok(Found {
        kinds,
        people,
        incomplete,
    })
}

/// Counts a look-up of the desk: how many a day found somebody, and how many nobody.
///
/// # Errors
/// The database's own error.
pub fn count_lookup(tx: &mut Conn, incident_id: &str, day: &str, found: bool) -> Result<()> {
    Ok(store::count_lookup(tx, incident_id, day, found)?)
}

/// Look-ups of the last days, the newest first: day, found, not found.
///
/// # Errors
/// The database's own error.
pub fn lookups(conn: &mut Conn, incident_id: &str) -> Result<Vec<(String, i64, i64)>> {
    Ok(store::lookups(conn, incident_id)?)
}

/// Notes what became of the notices to these people.
///
/// # Errors
/// The database's own error.
pub fn mark(tx: &mut Conn, incident_id: &str, people: &[(PersonId, NoticeState)]) -> Result<()> {
    let ids: Vec<_> = people.iter().map(|(id, _)| *id).collect();
    let states: std::collections::BTreeMap<_, _> = people.iter().copied().collect();
    let mut deltas = GroupDeltas::default();
    let mut targets = std::collections::HashMap::new();
    for (row, traits) in store::people_by_id(tx, &ids)? {
        let Some(state) = states.get(&row.id).copied() else {
            continue;
        };
        let target = match targets.get(&(row.group_id, state)) {
            Some(target) => *target,
            None => {
                let traits = Traits {
                    notice_state: state,
                    ..traits
                };
                let target = store::group_of(tx, incident_id, &traits)?;
                targets.insert((row.group_id, state), target);
                target
            }
        };
        if target != row.group_id {
            store::move_person(tx, row.id, target)?;
            deltas.add(row.group_id, -1);
            deltas.add(target, 1);
        }
    }
    Ok(deltas.write(tx)?)
}

/// A person of this incident with their traits; one of another incident is not found.
pub(super) fn person_of(
    conn: &mut Conn,
    incident_id: &str,
    id: PersonId,
) -> Result<(PersonRow, Traits)> {
    let row = store::person(conn, id)?;
    let (of, group) = store::group_by_id(conn, row.group_id)?;
    if of == incident_id {
        Ok((row, group.traits))
    } else {
        Err(Problem::new(Code::NotFound))
    }
}

/// A reason as it goes on the timeline.
pub(super) fn checked_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    let mut wrong = Vec::new();
    check_text("reason", reason, 500, &mut wrong);
    if reason.is_empty() {
        wrong.push(field_problem("reason", "field-required", None));
    }
    if wrong.is_empty() {
        Ok(reason)
    } else {
        Err(Problem::fields(wrong))
    }
}

/// Everything that a contact may be: a row of digits is a telephone number and a customer number.
fn readings(contact: &str) -> Vec<(KeyKind, String)> {
    [
        (KeyKind::LineUserId, normalise::line_user_id(contact)),
        (KeyKind::Email, normalise::email(contact)),
        (KeyKind::Phone, normalise::phone(contact)),
        (
            KeyKind::CustomerNumber,
            normalise::customer_number(contact).filter(|text| text.chars().count() <= 100),
        ),
    ]
    .into_iter()
    .filter_map(|(kind, text)| text.map(|text| (kind, text)))
    .collect()
}
