//! Questions that no rule answers: are these two rows one person?
//!
//! A row with the same contact and another name was joined (a name may have
//! changed); a row that shares only a weaker contact was not (a family shares a
//! telephone). Somebody decides, and either is undone exactly.

use serde_json::json;

use super::intake::rejoin;
use super::model::{
    Compared, Conflict, ConflictId, Decision, Field, NoticeState, PersonId, PersonRow, Reason,
    Record, SourceRow,
};
use super::people::person_of;
use super::records::{self, RegisterKey};
use super::store::{self, GroupDeltas};
use super::{normalise, rules};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Vault;

/// Conflicts behind the given one: the open ones, or those that were decided.
///
/// # Errors
/// The database's own error.
pub fn conflicts(
    conn: &mut Conn,
    incident_id: &str,
    decided: bool,
    after: Option<&ConflictId>,
    limit: i64,
) -> Result<Vec<Conflict>> {
    Ok(store::conflicts(conn, incident_id, decided, after, limit)?)
}

/// How many conflicts are open: rows that were joined, rows that were not.
///
/// # Errors
/// The database's own error.
pub fn open_conflicts(conn: &mut Conn, incident_id: &str) -> Result<(i64, i64)> {
    let mut open = (0, 0);
    for (reason, count) in store::open_conflicts(conn, incident_id)? {
        match reason {
            Reason::NameDiffers => open.0 += count,
            _ => open.1 += count,
        }
    }
    Ok(open)
}

/// What the two sides of an open conflict have, field by field, under masks.
///
/// Where a row was merged, one side is that row and the other is what was there without it.
/// Empty when one side is no more.
///
/// # Errors
/// [`Code::Purged`] once the incident's people were destroyed.
pub fn compare(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    conflict: &Conflict,
) -> Result<Vec<Compared>> {
    let key = RegisterKey::of(conn, vault, now, &conflict.incident_id)?;
    let mut find = |id| match person_of(conn, &conflict.incident_id, id) {
        Ok((row, _)) => Ok(Some(row)),
        Err(problem) if problem.code == Code::NotFound => Ok(None),
        Err(problem) => Err(problem),
    };
    let Some(person) = find(conflict.person_id)? else {
        return Ok(Vec::new());
    };
    let (one, other) = if conflict.reason == Reason::NameDiffers {
        let rows = store::rows_of(conn, std::slice::from_ref(&person))?;
        let (apart, left): (Vec<_>, Vec<_>) = rows.iter().partition(|row| {
            row.roster_number == conflict.roster_number && row.row == conflict.row
        });
        let (Some(apart), false) = (apart.first(), left.is_empty()) else {
            return Ok(Vec::new());
        };
        let left = left
            .iter()
            .map(|row| key.open(&row.sealed))
            .collect::<Result<Vec<_>>>()?;
        (key.open(&apart.sealed)?, records::join(left))
    } else {
        let Some(other) = find(conflict.other_id)? else {
            return Ok(Vec::new());
        };
        (key.open(&person.sealed)?, key.open(&other.sealed)?)
    };
    Ok(side_by_side(&one, &other))
}

fn side_by_side(one: &Record, other: &Record) -> Vec<Compared> {
    type Part = fn(&Record) -> Option<&str>;
    macro_rules! part {
        ($name:ident) => {
            (|record: &Record| record.$name.as_ref().map(|value| value.reveal().as_str())) as Part
        };
    }
    let fields: [(Field, Part); 9] = [
        (Field::Name, part!(name)),
        (Field::Kana, part!(kana)),
        (Field::CustomerNumber, part!(customer_number)),
        (Field::Email, part!(email)),
        (Field::Phone, part!(phone)),
        (Field::LineUserId, part!(line_user_id)),
        (Field::BirthDate, part!(birth_date)),
        (Field::Postcode, part!(postcode)),
        (Field::Address, part!(address)),
    ];
    // Spaces and hyphens make no difference to a reader; for telephone numbers neither does +81.
    let plain = |field, text: &str| {
        let read = (field == Field::Phone)
            .then(|| normalise::phone(text))
            .flatten();
        read.unwrap_or_else(|| {
            let key = normalise::key(text);
            key.chars()
                .filter(|c| !c.is_whitespace() && *c != '-')
                .collect()
        })
    };
    let mask = |field, text: &str| match field {
        Field::Name | Field::Kana => rules::mask_name(text),
        Field::Email => rules::mask_email(text),
        Field::Phone => rules::mask_phone(text),
        _ => rules::mask_cell(Some(field), text),
    };
    fields
        .into_iter()
        .filter_map(|(field, part)| {
            let (one, other) = (part(one), part(other));
            (one.is_some() || other.is_some()).then(|| Compared {
                field,
                one: one.map(|text| mask(field, text)).unwrap_or_default(),
                other: other.map(|text| mask(field, text)).unwrap_or_default(),
                same: one
                    .zip(other)
                    .map(|(one, other)| plain(field, one) == plain(field, other)),
            })
        })
        .collect()
}

/// Decides a conflict: joins two people, or makes two of one, where the decision differs from what was done.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::WrongState`] when it was decided already.
pub fn decide(
    tx: &mut Conn,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    id: &ConflictId,
    decision: Decision,
) -> Result<Conflict> {
    timeline::lock(tx, incident_id)?;
    let conflict = store::conflict(tx, id)?;
    if conflict.incident_id != incident_id {
        return Err(Problem::new(Code::NotFound));
    }
    if conflict.decision.is_some() {
        return Err(Problem::new(Code::WrongState));
    }
    let key = RegisterKey::of(tx, vault, now, incident_id)?;
    store::decide(tx, id, decision, actor.as_str(), now)?;
    match (conflict.reason, decision) {
        (Reason::NameDiffers, Decision::Different) => split(tx, &key, incident_id, &conflict)?,
        (Reason::SharedContact, Decision::Same) => {
            join(tx, &key, incident_id, conflict.person_id, conflict.other_id)?;
        }
        _ => {}
    }
    let event = Event {
        incident_id,
        kind: Kind::ConflictDecided,
        actor,
        occurred_at: None,
        payload: json!({
            "conflict_id": conflict.id,
            "person_id": conflict.person_id,
            "roster": conflict.roster_number,
            "row": conflict.row,
            "reason": conflict.reason,
            "decision": decision,
        }),
    };
    timeline::append(tx, now, event)?;
    Ok(store::conflict(tx, id)?)
}

/// Takes one row out of a person, and makes a person of it.
fn split(tx: &mut Conn, key: &RegisterKey, incident_id: &str, conflict: &Conflict) -> Result<()> {
    let (person, traits) = person_of(tx, incident_id, conflict.person_id)?;
    let rows = store::rows_of(tx, std::slice::from_ref(&person))?;
    let is_it =
        |row: &&SourceRow| row.roster_number == conflict.roster_number && row.row == conflict.row;
    let Some(apart) = rows.iter().find(is_it) else {
        // The row went with its roster, or was taken out before.
        return Err(Problem::new(Code::WrongState));
    };
    let left: Vec<_> = rows.iter().filter(|row| !is_it(row)).collect();
    let mut deltas = GroupDeltas::default();
    deltas.add(person.group_id, -1);

    store::delete_row(tx, person.id, apart.roster_number, apart.row)?;
    let records = left
        .iter()
        .map(|row| key.open(&row.sealed))
        .collect::<Result<Vec<Record>>>()?;
    let rosters = left.iter().map(|row| row.roster_number).collect();
    let joined = records::join(records.iter().cloned());
    let group = store::group_of(
        tx,
        incident_id,
        &records::traits(&joined, rosters, traits.notice_state),
    )?;
    deltas.add(group, 1);
    rejoin(tx, key, &person, records, group)?;

    let record = key.open(&apart.sealed)?;
    let keys = key.keys(&record);
    let group = store::group_of(
        tx,
        incident_id,
        &records::traits(&record, [apart.roster_number].into(), NoticeState::NotTold),
    )?;
    deltas.add(group, 1);
    let id = PersonId(store::lock_counter(tx)?.saturating_add(1));
    store::set_counter(tx, id.number())?;
    let new = PersonRow {
        id,
        group_id: group,
        sealed: apart.sealed.clone(),
        blind_indexes: records::pack(&keys),
    };
    store::insert_people(tx, &[new])?;
    let keys: Vec<_> = keys.iter().map(|(_, index)| (*index, id)).collect();
    store::insert_keys(tx, &keys)?;
    Ok(deltas.write(tx)?)
}

/// Makes one person of two; the one who was there first stays.
fn join(
    tx: &mut Conn,
    key: &RegisterKey,
    incident_id: &str,
    one: PersonId,
    other: PersonId,
) -> Result<()> {
    let (stays, goes) = (one.min(other), one.max(other));
    if stays == goes {
        return Ok(());
    }
    let (stays, its) = person_of(tx, incident_id, stays)?;
    let (goes, theirs) = person_of(tx, incident_id, goes)?;
    let mut rows = Vec::new();
    for (person, traits) in [(&stays, &its), (&goes, &theirs)] {
        let record = key.open(&person.sealed)?;
        if record.row == 0 {
            rows.extend(store::rows_of(tx, std::slice::from_ref(person))?);
        } else {
            rows.push(SourceRow {
                person_id: person.id,
                roster_number: traits.rosters.first().copied().unwrap_or_default(),
                row: record.row,
                sealed: person.sealed.clone(),
            });
        }
    }
    store::delete_person(tx, &goes)?;
    store::delete_rows(tx, stays.id)?;
    rows.sort_by_key(|row| (row.roster_number, row.row));
    for row in &mut rows {
        row.person_id = stays.id;
    }
    store::insert_rows(tx, &rows)?;
    let records = rows
        .iter()
        .map(|row| key.open(&row.sealed))
        .collect::<Result<Vec<Record>>>()?;
    let rosters = its.rosters.union(&theirs.rosters).copied().collect();
    let state = its.notice_state.max(theirs.notice_state);
    let traits = records::traits(&records::join(records.iter().cloned()), rosters, state);
    let group = store::group_of(tx, incident_id, &traits)?;
    let mut deltas = GroupDeltas::default();
    deltas.add(stays.group_id, -1);
    deltas.add(goes.group_id, -1);
    deltas.add(group, 1);
    let keys: Vec<_> = records
        .iter()
        .flat_map(|record| key.keys(record))
        .map(|(_, index)| (index, stays.id))
        .collect();
    rejoin(tx, key, &stays, records, group)?;
    store::insert_keys(tx, &keys)?;
    store::move_conflicts(tx, goes.id, stays.id)?;
    Ok(deltas.write(tx)?)
}
