//! Groups: what many people have in common, and how many they are.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::model::{Group, GroupRow, Traits};
use crate::kernel::{Problem, Result, Sha256};
use crate::store::Conn;
use crate::store::schema::person_groups;

/// By how much the counts of groups change in one transaction.
#[derive(Debug, Default)]
pub struct GroupDeltas(BTreeMap<i64, i64>);

impl GroupDeltas {
    /// So many more (or fewer) people in a group.
    pub fn add(&mut self, group: i64, people: i64) {
        *self.0.entry(group).or_default() += people;
    }

    /// Writes the changes, in the order of the groups, so that two transactions do not wait for each other.
    pub fn write(&self, tx: &mut Conn) -> QueryResult<()> {
        for (group, people) in self.0.iter().filter(|(_, people)| **people != 0) {
            diesel::update(person_groups::table.find(group))
                .set(person_groups::people.eq(person_groups::people + people))
                .execute(tx)?;
        }
        Ok(())
    }
}

/// Every group of an incident, in the order in which they came to be.
pub fn groups(conn: &mut Conn, incident_id: &str) -> Result<Vec<Group>> {
    let rows: Vec<GroupRow> = person_groups::table
        .filter(person_groups::incident_id.eq(incident_id))
        .order(person_groups::id)
        .select(GroupRow::as_select())
        .load(conn)?;
    rows.into_iter().map(group).collect()
}

/// One group and the incident that it belongs to.
pub fn group_by_id(conn: &mut Conn, id: i64) -> Result<(String, Group)> {
    let (incident, row): (String, GroupRow) = person_groups::table
        .find(id)
        .select((person_groups::incident_id, GroupRow::as_select()))
        .first(conn)?;
    Ok((incident, group(row)?))
}

/// The id of the group with these traits, made now if there is none.
pub fn group_of(tx: &mut Conn, incident_id: &str, traits: &Traits) -> Result<i64> {
    let digest = Sha256::of(&serde_json::to_vec(traits)?).to_string();
    let values = (
        person_groups::incident_id.eq(incident_id),
        person_groups::digest.eq(&digest),
        person_groups::rosters.eq(serde_json::to_string(&traits.rosters)?),
        person_groups::data_items.eq(serde_json::to_string(&traits.data_items)?),
        person_groups::locale.eq(traits.locale),
        person_groups::country.eq(&traits.country),
        person_groups::region.eq(&traits.region),
        person_groups::minor.eq(traits.minor.map(minor_text)),
        person_groups::has_email.eq(traits.has_email),
        person_groups::has_phone.eq(traits.has_phone),
        person_groups::has_line.eq(traits.has_line),
        person_groups::has_number.eq(traits.has_number),
        person_groups::has_post.eq(traits.has_post),
        person_groups::notice_state.eq(traits.notice_state),
        person_groups::people.eq(0_i64),
    );
    // Two servers may make the same group at once.
    crate::each_db!(tx, |c| diesel::insert_into(person_groups::table)
        .values(values)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(person_groups::table
        .filter(person_groups::incident_id.eq(incident_id))
        .filter(person_groups::digest.eq(&digest))
        .select(person_groups::id)
        .first(tx)?)
}

/// Says that a group has nobody.
pub fn empty_group(tx: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::update(person_groups::table.find(id))
        .set(person_groups::people.eq(0))
        .execute(tx)
        .map(drop)
}

/// The text under which the database keeps whether somebody is a minor.
fn minor_text(minor: bool) -> &'static str {
    if minor { "yes" } else { "no" }
}

fn group(row: GroupRow) -> Result<Group> {
    Ok(Group {
        id: row.id,
        people: row.people,
        traits: Traits {
            rosters: serde_json::from_str(&row.rosters).map_err(Problem::internal)?,
            data_items: serde_json::from_str(&row.data_items).map_err(Problem::internal)?,
            locale: row.locale,
            country: row.country,
            region: row.region,
            minor: row.minor.map(|minor| minor == minor_text(true)),
            has_email: row.has_email,
            has_phone: row.has_phone,
            has_line: row.has_line,
            has_number: row.has_number,
            has_post: row.has_post,
            notice_state: row.notice_state,
        },
    })
}
