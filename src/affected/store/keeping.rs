//! Rules of keeping, and deleting whatever a register holds.

use diesel::prelude::*;

use super::super::model::{PersonId, RetentionRow, RosterId, RosterState};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{person_conflicts, person_groups, retentions, roster_problems, rosters};

pub fn retention(conn: &mut Conn, incident_id: &str) -> QueryResult<Option<RetentionRow>> {
    retentions::table
        .find(incident_id)
        .select(RetentionRow::as_select())
        .first(conn)
        .optional()
}

pub fn insert_retention(tx: &mut Conn, row: &RetentionRow) -> QueryResult<()> {
    diesel::insert_into(retentions::table)
        .values(row)
        .execute(tx)
        .map(drop)
}

pub fn update_retention(tx: &mut Conn, row: &RetentionRow) -> QueryResult<()> {
    crate::each_db!(tx, |c| diesel::update(
        retentions::table.find(&row.incident_id)
    )
    .set(row)
    .execute(c)
    .map(drop))
}

/// Rules whose last day is this or an earlier one and whose register is still there, the earliest first.
pub fn ending_by(conn: &mut Conn, day: &str) -> QueryResult<Vec<RetentionRow>> {
    retentions::table
        .filter(retentions::purge_started_at.is_null())
        .filter(retentions::keep_until.le(day))
        .order((retentions::keep_until, retentions::incident_id))
        .select(RetentionRow::as_select())
        .load(conn)
}

/// Incidents whose register began to be destroyed and is not gone yet.
pub fn unfinished_purges(conn: &mut Conn) -> QueryResult<Vec<String>> {
    retentions::table
        .filter(retentions::purge_started_at.is_not_null())
        .filter(retentions::purged_at.is_null())
        .order((retentions::purge_started_at, retentions::incident_id))
        .select(retentions::incident_id)
        .load(conn)
}

/// The counts of a register whose destruction began.
pub fn kept_counts(conn: &mut Conn, incident_id: &str) -> QueryResult<Option<String>> {
    let counts: Option<Option<String>> = retentions::table
        .find(incident_id)
        .filter(retentions::purge_started_at.is_not_null())
        .select(retentions::counts)
        .first(conn)
        .optional()?;
    Ok(counts.flatten())
}

pub fn delete_groups(tx: &mut Conn, incident_id: &str) -> QueryResult<()> {
    let rows = person_groups::table.filter(person_groups::incident_id.eq(incident_id));
    diesel::delete(rows).execute(tx).map(drop)
}

pub fn delete_all_conflicts(tx: &mut Conn, incident_id: &str) -> QueryResult<()> {
    let rows = person_conflicts::table.filter(person_conflicts::incident_id.eq(incident_id));
    diesel::delete(rows).execute(tx).map(drop)
}

/// Deletes the conflicts that name a person.
pub fn delete_conflicts_of(tx: &mut Conn, person: PersonId) -> QueryResult<()> {
    let names = person_conflicts::person_id
        .eq(person)
        .or(person_conflicts::other_id.eq(person));
    crate::each_db!(tx, |c| diesel::delete(
        person_conflicts::table.filter(names)
    )
    .execute(c)
    .map(drop))
}

/// Deletes the problems of these rows of a roster: they hold masked values.
pub fn delete_problems_of(tx: &mut Conn, id: &RosterId, row: i64) -> QueryResult<()> {
    let rows = roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::row.eq(row));
    diesel::delete(rows).execute(tx).map(drop)
}

/// Deletes up to so many problems of a roster; gives how many there were.
pub fn delete_some_problems(tx: &mut Conn, id: &RosterId, limit: i64) -> QueryResult<usize> {
    let first: Option<i64> = roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .order(roster_problems::position)
        .select(roster_problems::position)
        .first(tx)
        .optional()?;
    let Some(first) = first else { return Ok(0) };
    let rows = roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::position.lt(first.saturating_add(limit)));
    diesel::delete(rows).execute(tx)
}

/// Says that drafts of an incident will not be imported any more.
pub fn drop_drafts(tx: &mut Conn, incident_id: &str, now: Instant) -> QueryResult<()> {
    let drafts = rosters::table
        .filter(rosters::incident_id.eq(incident_id))
        .filter(rosters::state.eq(RosterState::Draft));
    crate::each_db!(tx, |c| diesel::update(drafts)
        .set((
            rosters::state.eq(RosterState::Undone),
            rosters::finished_at.eq(Some(now)),
        ))
        .execute(c)
        .map(drop))
}
