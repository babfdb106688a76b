//! People, the rows that they were joined from, and their keys.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary};

use super::super::model::{Conflict, ConflictId, KeyRow, PersonId, PersonRow, SourceRow, Traits};
use super::super::records;
use super::insert_all;
use crate::kernel::{Instant, Result};
use crate::store::Conn;
use crate::store::schema::{people, person_conflicts, person_groups, person_keys, person_rows};
use crate::vault::BlindIndex;

/// Values in one `IN` list; SQLite takes 32,766.
const LIST: usize = 1_000;

pub fn insert_people(tx: &mut Conn, rows: &[PersonRow]) -> QueryResult<()> {
    insert_all!(tx, people::table, rows)
}

pub fn insert_rows(tx: &mut Conn, rows: &[SourceRow]) -> QueryResult<()> {
    insert_all!(tx, person_rows::table, rows)
}

pub fn insert_conflicts(tx: &mut Conn, rows: &[Conflict]) -> QueryResult<()> {
    insert_all!(tx, person_conflicts::table, rows)
}

/// Writes keys of which none is there yet; quick when they come in order.
pub fn insert_new_keys(tx: &mut Conn, keys: &[(BlindIndex, PersonId)]) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(_) => insert_keys(tx, keys),
        Conn::Postgres(c) => {
            let rows: Vec<_> = keys
                .iter()
                .map(|(index, person)| {
                    (
                        person_keys::blind_index.eq(index.as_slice()),
                        person_keys::person_id.eq(*person),
                    )
                })
                .collect();
            diesel::copy_from(person_keys::table)
                .from_insertable(&rows)
                .execute(c)
                .map(drop)
        }
    }
}

/// Writes keys of which some may be there already.
pub fn insert_keys(tx: &mut Conn, keys: &[(BlindIndex, PersonId)]) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(c) => keys.iter().try_for_each(|(index, person)| {
            diesel::insert_or_ignore_into(person_keys::table)
                .values((
                    person_keys::blind_index.eq(index.as_slice()),
                    person_keys::person_id.eq(person),
                ))
                .execute(c)
                .map(drop)
        }),
        Conn::Postgres(c) => {
            let (indexes, people): (Vec<&[u8]>, Vec<i64>) = keys
                .iter()
                .map(|(index, person)| (index.as_slice(), person.number()))
                .unzip();
            diesel::sql_query(
                "INSERT INTO person_keys (blind_index, person_id) \
                 SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind::<Array<Binary>, _>(indexes)
            .bind::<Array<BigInt>, _>(people)
            .execute(c)
            .map(drop)
        }
    }
}

/// [`insert_keys`] for rows.
pub fn insert_key_rows(tx: &mut Conn, rows: &[KeyRow]) -> QueryResult<()> {
    crate::each_db!(tx, |c| rows.iter().try_for_each(|row| {
        diesel::insert_into(person_keys::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c)
            .map(drop)
    }))
}

pub fn delete_keys(tx: &mut Conn, rows: &[KeyRow]) -> QueryResult<()> {
    crate::each_db!(tx, |c| rows.iter().try_for_each(|row| {
        diesel::delete(person_keys::table.find((&row.blind_index, row.person_id)))
            .execute(c)
            .map(drop)
    }))
}

/// Whoever has one of these keys, as far as it was written.
pub fn people_with(
    conn: &mut Conn,
    indexes: &[BlindIndex],
) -> QueryResult<Vec<(BlindIndex, PersonId)>> {
    let mut found = Vec::new();
    for list in indexes.chunks(LIST) {
        let list: Vec<&[u8]> = list.iter().map(BlindIndex::as_slice).collect();
        let query = person_keys::table
            .filter(person_keys::blind_index.eq_any(list))
            .order((person_keys::blind_index, person_keys::person_id));
        let rows: Vec<(Vec<u8>, PersonId)> = crate::each_db!(conn, |c| query.load(c)?);
        found.extend(
            rows.into_iter()
                .filter_map(|(index, person)| Some((index.first_chunk().copied()?, person))),
        );
    }
    Ok(found)
}

/// The packed keys of everybody of an incident.
pub fn each_packed_keys(
    conn: &mut Conn,
    incident_id: &str,
    mut each: impl FnMut(PersonId, Vec<u8>),
) -> QueryResult<()> {
    let query = people::table
        .inner_join(person_groups::table.on(person_groups::id.eq(people::group_id)))
        .filter(person_groups::incident_id.eq(incident_id))
        .select((people::id, people::blind_indexes));
    crate::each_db!(conn, |c| {
        for row in query.load_iter::<(PersonId, Vec<u8>), DefaultLoadingMode>(c)? {
            let (person, packed) = row?;
            each(person, packed);
        }
        Ok(())
    })
}

/// These people, with their traits.
pub fn people_by_id(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<(PersonRow, Traits)>> {
    let mut traits = std::collections::HashMap::<i64, Traits>::new();
    let mut found = Vec::with_capacity(ids.len());
    for list in ids.chunks(LIST) {
        let rows: Vec<PersonRow> = crate::each_db!(conn, |c| people::table
            .filter(people::id.eq_any(list))
            .order(people::id)
            .select(PersonRow::as_select())
            .load(c)?);
        for row in rows {
            let of_group = match traits.get(&row.group_id) {
                Some(known) => known.clone(),
                None => {
                    let (_, group) = super::group_by_id(conn, row.group_id)?;
                    traits.insert(row.group_id, group.traits.clone());
                    group.traits
                }
            };
            found.push((row, of_group));
        }
    }
    Ok(found)
}

pub fn person(conn: &mut Conn, id: PersonId) -> QueryResult<PersonRow> {
    people::table
        .find(id)
        .select(PersonRow::as_select())
        .first(conn)
}

/// People of one group behind the given one, in the order of their numbers.
pub fn people_of_group(
    conn: &mut Conn,
    group: i64,
    after: Option<PersonId>,
    limit: i64,
) -> QueryResult<Vec<PersonRow>> {
    people::table
        .filter(people::group_id.eq(group))
        .filter(people::id.gt(after.unwrap_or(PersonId(0))))
        .order(people::id)
        .limit(limit)
        .select(PersonRow::as_select())
        .load(conn)
}

pub fn update_person(tx: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    let values = (
        people::group_id.eq(row.group_id),
        people::sealed.eq(&row.sealed),
        people::blind_indexes.eq(&row.blind_indexes),
    );
    crate::each_db!(tx, |c| diesel::update(people::table.find(row.id))
        .set(values)
        .execute(c)
        .map(drop))
}

/// Moves a person to another group, and changes nothing else.
pub fn move_person(tx: &mut Conn, id: PersonId, group: i64) -> QueryResult<()> {
    crate::each_db!(tx, |c| diesel::update(people::table.find(id))
        .set(people::group_id.eq(group))
        .execute(c)
        .map(drop))
}

/// Deletes a person with their rows and keys; the group's count is the caller's.
pub fn delete_person(tx: &mut Conn, person: &PersonRow) -> QueryResult<()> {
    let keys: Vec<_> = records::unpack(&person.blind_indexes)
        .into_iter()
        .map(|(_, index)| KeyRow {
            blind_index: index.to_vec(),
            person_id: person.id,
        })
        .collect();
    delete_keys(tx, &keys)?;
    delete_rows(tx, person.id)?;
    crate::each_db!(tx, |c| diesel::delete(people::table.find(person.id))
        .execute(c)
        .map(drop))
}

/// The rows that these people were joined from, in the order of rosters and rows.
pub fn rows_of(conn: &mut Conn, people: &[PersonRow]) -> QueryResult<Vec<SourceRow>> {
    let mut found = Vec::new();
    for list in people.chunks(LIST) {
        let list: Vec<_> = list.iter().map(|person| person.id).collect();
        found.extend::<Vec<SourceRow>>(crate::each_db!(conn, |c| person_rows::table
            .filter(person_rows::person_id.eq_any(list))
            .order((
                person_rows::person_id,
                person_rows::roster_number,
                person_rows::row,
            ))
            .select(SourceRow::as_select())
            .load(c)?));
    }
    Ok(found)
}

pub fn delete_rows(tx: &mut Conn, person: PersonId) -> QueryResult<()> {
    let rows = person_rows::table.filter(person_rows::person_id.eq(person));
    crate::each_db!(tx, |c| diesel::delete(rows).execute(c).map(drop))
}

pub fn delete_rows_of_roster(tx: &mut Conn, person: PersonId, roster: i64) -> QueryResult<()> {
    let rows = person_rows::table
        .filter(person_rows::person_id.eq(person))
        .filter(person_rows::roster_number.eq(roster));
    crate::each_db!(tx, |c| diesel::delete(rows).execute(c).map(drop))
}

pub fn delete_row(tx: &mut Conn, person: PersonId, roster: i64, row: i64) -> QueryResult<usize> {
    diesel::delete(person_rows::table.find((person, roster, row))).execute(tx)
}

/// Conflicts behind the given one: the open ones, or those that were decided.
pub fn conflicts(
    conn: &mut Conn,
    incident_id: &str,
    decided: bool,
    after: Option<&ConflictId>,
    limit: i64,
) -> QueryResult<Vec<Conflict>> {
    let mut query = person_conflicts::table
        .filter(person_conflicts::incident_id.eq(incident_id))
        .order(person_conflicts::id)
        .limit(limit)
        .select(Conflict::as_select())
        .into_boxed();
    query = if decided {
        query.filter(person_conflicts::decision.is_not_null())
    } else {
        query.filter(person_conflicts::decision.is_null())
    };
    if let Some(after) = after {
        query = query.filter(person_conflicts::id.gt(after));
    }
    query.load(conn)
}

pub fn conflict(conn: &mut Conn, id: &ConflictId) -> QueryResult<Conflict> {
    person_conflicts::table
        .find(id)
        .select(Conflict::as_select())
        .first(conn)
}

/// How many conflicts of each reason are open.
pub fn open_conflicts(
    conn: &mut Conn,
    incident_id: &str,
) -> QueryResult<Vec<(super::super::model::Reason, i64)>> {
    person_conflicts::table
        .filter(person_conflicts::incident_id.eq(incident_id))
        .filter(person_conflicts::decision.is_null())
        .group_by(person_conflicts::reason)
        .select((person_conflicts::reason, diesel::dsl::count_star()))
        .load(conn)
}

pub fn decide(
    tx: &mut Conn,
    id: &ConflictId,
    decision: super::super::model::Decision,
    by: &str,
    now: Instant,
) -> QueryResult<()> {
    diesel::update(person_conflicts::table.find(id))
        .set((
            person_conflicts::decision.eq(Some(decision)),
            person_conflicts::decided_by.eq(Some(by)),
            person_conflicts::decided_at.eq(Some(now)),
        ))
        .execute(tx)
        .map(drop)
}

pub fn delete_conflicts(tx: &mut Conn, incident_id: &str, roster: i64) -> QueryResult<()> {
    let rows = person_conflicts::table
        .filter(person_conflicts::incident_id.eq(incident_id))
        .filter(person_conflicts::roster_number.eq(roster));
    diesel::delete(rows).execute(tx).map(drop)
}

/// Points the open conflicts of a person who is no more to the one that they became.
pub fn move_conflicts(tx: &mut Conn, from: PersonId, to: PersonId) -> QueryResult<()> {
    let open = person_conflicts::table.filter(person_conflicts::decision.is_null());
    diesel::update(open.filter(person_conflicts::person_id.eq(from)))
        .set(person_conflicts::person_id.eq(to))
        .execute(tx)?;
    let open = person_conflicts::table.filter(person_conflicts::decision.is_null());
    diesel::update(open.filter(person_conflicts::other_id.eq(from)))
        .set(person_conflicts::other_id.eq(to))
        .execute(tx)
        .map(drop)
}
