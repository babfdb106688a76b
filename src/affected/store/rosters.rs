//! Rosters, their problems, remembered mappings, look-ups of the desk.

use diesel::prelude::*;

use super::super::model::{Field, Reason, Roster, RosterId, RosterProblem, RosterState};
use super::insert_all;
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{column_mappings, desk_lookups, roster_problems, rosters};

pub fn insert_problems(tx: &mut Conn, rows: &[RosterProblem]) -> QueryResult<()> {
    insert_all!(tx, roster_problems::table, rows)
}

pub fn delete_problems(tx: &mut Conn, id: &RosterId) -> QueryResult<()> {
    diesel::delete(roster_problems::table.filter(roster_problems::roster_id.eq(id)))
        .execute(tx)
        .map(drop)
}

pub fn insert_roster(tx: &mut Conn, roster: &Roster) -> QueryResult<()> {
    diesel::insert_into(rosters::table)
        .values(roster)
        .execute(tx)
        .map(drop)
}

pub fn next_number(tx: &mut Conn, incident_id: &str) -> QueryResult<i64> {
    let highest: Option<i64> = rosters::table
        .filter(rosters::incident_id.eq(incident_id))
        .select(diesel::dsl::max(rosters::number))
        .first(tx)?;
    Ok(highest.unwrap_or(0).saturating_add(1))
}

pub fn roster(conn: &mut Conn, id: &RosterId) -> QueryResult<Roster> {
    rosters::table
        .find(id)
        .select(Roster::as_select())
        .first(conn)
}

/// The roster, which nobody else can change until the transaction ends.
pub fn lock_roster(tx: &mut Conn, id: &RosterId) -> QueryResult<Roster> {
    macro_rules! query {
        () => {
            rosters::table.find(id).select(Roster::as_select())
        };
    }
    match tx {
        // The transaction began as the only writer.
        Conn::Sqlite(c) => query!().first(c),
        Conn::Postgres(c) => query!().for_update().first(c),
    }
}

pub fn rosters(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Roster>> {
    rosters::table
        .filter(rosters::incident_id.eq(incident_id))
        .order(rosters::number)
        .select(Roster::as_select())
        .load(conn)
}

pub fn update_roster(tx: &mut Conn, roster: &Roster) -> QueryResult<()> {
    diesel::update(rosters::table.find(&roster.id))
        .set((
            rosters::layout.eq(&roster.layout),
            rosters::state.eq(roster.state),
            rosters::failure.eq(&roster.failure),
            rosters::total_rows.eq(roster.total_rows),
            rosters::problem_count.eq(roster.problem_count),
            rosters::conflict_count.eq(roster.conflict_count),
            rosters::resumed_at.eq(roster.resumed_at),
            rosters::resumed_rows.eq(roster.resumed_rows),
            rosters::touched_at.eq(roster.touched_at),
            rosters::finished_at.eq(roster.finished_at),
        ))
        .execute(tx)
        .map(drop)
}

/// Writes how far an import has come, with the batch that brought it there.
pub fn update_progress(tx: &mut Conn, roster: &Roster) -> QueryResult<()> {
    diesel::update(rosters::table.find(&roster.id))
        .set((
            rosters::last_row.eq(roster.last_row),
            rosters::rows.eq(roster.rows),
            rosters::people_added.eq(roster.people_added),
            rosters::duplicates.eq(roster.duplicates),
            rosters::problem_count.eq(roster.problem_count),
            rosters::conflict_count.eq(roster.conflict_count),
            rosters::touched_at.eq(roster.touched_at),
        ))
        .execute(tx)
        .map(drop)
}

pub fn set_indexed(tx: &mut Conn, id: &RosterId, through: i64) -> QueryResult<()> {
    diesel::update(rosters::table.find(id))
        .set(rosters::indexed_through.eq(through))
        .execute(tx)
        .map(drop)
}

/// Marks a roster as being imported; none when its state does not allow it.
pub fn begin(tx: &mut Conn, id: &RosterId, now: Instant) -> QueryResult<Option<Roster>> {
    let roster = lock_roster(tx, id)?;
    if !matches!(roster.state, RosterState::Waiting | RosterState::Importing) {
        return Ok(None);
    }
    let newest = super::lock_counter(tx)?;
    let roster = Roster {
        state: RosterState::Importing,
        resumed_at: Some(now),
        resumed_rows: roster.rows,
        touched_at: Some(now),
        // Whoever was there before the first row has their keys written.
        indexed_through: if roster.last_row == 0 {
            newest
        } else {
            roster.indexed_through
        },
        ..roster
    };
    update_roster(tx, &roster)?;
    set_indexed(tx, id, roster.indexed_through)?;
    Ok(Some(roster))
}

/// Rosters that wait for work or are at it, the oldest first.
pub fn at_work(conn: &mut Conn) -> QueryResult<Vec<Roster>> {
    let states = [
        RosterState::Waiting,
        RosterState::Importing,
        RosterState::Undoing,
    ];
    rosters::table
        .filter(rosters::state.eq_any(states))
        .order((rosters::recorded_at, rosters::id))
        .select(Roster::as_select())
        .load(conn)
}

pub fn problems(
    conn: &mut Conn,
    id: &RosterId,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<RosterProblem>> {
    roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::position.gt(after))
        .order(roster_problems::position)
        .limit(limit)
        .select(RosterProblem::as_select())
        .load(conn)
}

/// The problems of these reasons behind a position, in the order of the file.
pub fn problems_of(
    conn: &mut Conn,
    id: &RosterId,
    reasons: &[Reason],
    after: i64,
    limit: i64,
) -> QueryResult<Vec<RosterProblem>> {
    crate::each_db!(conn, |c| roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::reason.eq_any(reasons))
        .filter(roster_problems::position.gt(after))
        .order(roster_problems::position)
        .limit(limit)
        .select(RosterProblem::as_select())
        .load(c))
}

/// How many problems of each reason there are, the most first.
pub fn problem_counts(conn: &mut Conn, id: &RosterId) -> QueryResult<Vec<(Reason, i64)>> {
    roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .group_by(roster_problems::reason)
        .order((diesel::dsl::count_star().desc(), roster_problems::reason))
        .select((roster_problems::reason, diesel::dsl::count_star()))
        .load(conn)
}

/// The columns that a person chose for a header before, as JSON.
pub fn mapping(conn: &mut Conn, header_digest: &str) -> QueryResult<Option<Vec<Option<Field>>>> {
    let text: Option<String> = column_mappings::table
        .find(header_digest)
        .select(column_mappings::fields)
        .first(conn)
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

pub fn remember_mapping(
    tx: &mut Conn,
    header_digest: &str,
    columns: &str,
    now: Instant,
) -> QueryResult<()> {
    let values = (
        column_mappings::header_digest.eq(header_digest),
        column_mappings::fields.eq(columns),
        column_mappings::recorded_at.eq(now),
    );
    // Two people may confirm the same header at once.
    crate::each_db!(tx, |c| diesel::insert_into(column_mappings::table)
        .values(values)
        .on_conflict(column_mappings::header_digest)
        .do_update()
        .set((
            column_mappings::fields.eq(columns),
            column_mappings::recorded_at.eq(now),
        ))
        .execute(c)
        .map(drop))
}

/// Counts one look-up of the desk.
pub fn count_lookup(tx: &mut Conn, incident_id: &str, day: &str, found: bool) -> QueryResult<()> {
    let (hit, miss) = if found { (1_i64, 0_i64) } else { (0, 1) };
    let values = (
        desk_lookups::incident_id.eq(incident_id),
        desk_lookups::day.eq(day),
        desk_lookups::found.eq(hit),
        desk_lookups::not_found.eq(miss),
    );
    crate::each_db!(tx, |c| diesel::insert_into(desk_lookups::table)
        .values(values)
        .on_conflict((desk_lookups::incident_id, desk_lookups::day))
        .do_update()
        .set((
            desk_lookups::found.eq(desk_lookups::found + hit),
            desk_lookups::not_found.eq(desk_lookups::not_found + miss),
        ))
        .execute(c)
        .map(drop))
}

/// Look-ups by day, the newest first: day, found, not found.
pub fn lookups(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<(String, i64, i64)>> {
    desk_lookups::table
        .filter(desk_lookups::incident_id.eq(incident_id))
        .order(desk_lookups::day.desc())
        .limit(31)
        .select((
            desk_lookups::day,
            desk_lookups::found,
            desk_lookups::not_found,
        ))
        .load(conn)
}
