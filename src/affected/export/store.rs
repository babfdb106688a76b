//! Queries of exports, and of what they read.

use diesel::prelude::*;

use super::super::model::{PersonId, PersonRow, Reason, RosterId, RosterProblem};
use super::model::{Export, ExportId, ExportState};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{people, person_groups, register_exports, roster_problems};

pub fn insert(tx: &mut Conn, export: &Export) -> QueryResult<()> {
    diesel::insert_into(register_exports::table)
        .values(export)
        .execute(tx)
        .map(drop)
}

pub fn find(conn: &mut Conn, id: &ExportId) -> QueryResult<Export> {
    register_exports::table
        .find(id)
        .select(Export::as_select())
        .first(conn)
}

/// The export, which nobody else can change until the transaction ends.
pub fn lock(tx: &mut Conn, id: &ExportId) -> QueryResult<Export> {
    macro_rules! query {
        () => {
            register_exports::table.find(id).select(Export::as_select())
        };
    }
    match tx {
        // The transaction began as the only writer.
        Conn::Sqlite(c) => query!().first(c),
        Conn::Postgres(c) => query!().for_update().first(c),
    }
}

pub fn update(tx: &mut Conn, export: &Export) -> QueryResult<()> {
    diesel::update(register_exports::table.find(&export.id))
        .set((
            register_exports::state.eq(export.state),
            register_exports::failure.eq(&export.failure),
            register_exports::total_rows.eq(export.total_rows),
            register_exports::rows.eq(export.rows),
            register_exports::replaced.eq(export.replaced),
            register_exports::size.eq(export.size),
            register_exports::sha256.eq(&export.sha256),
            register_exports::touched_at.eq(export.touched_at),
            register_exports::finished_at.eq(export.finished_at),
            register_exports::expires_at.eq(export.expires_at),
        ))
        .execute(tx)
        .map(drop)
}

/// Exports of an incident, the newest first.
pub fn list(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Export>> {
    register_exports::table
        .filter(register_exports::incident_id.eq(incident_id))
        .order((
            register_exports::recorded_at.desc(),
            register_exports::id.desc(),
        ))
        .select(Export::as_select())
        .load(conn)
}

/// Exports that wait or are being written, the oldest first.
pub fn at_work(conn: &mut Conn) -> QueryResult<Vec<Export>> {
    register_exports::table
        .filter(register_exports::state.eq_any([ExportState::Waiting, ExportState::Running]))
        .order((register_exports::recorded_at, register_exports::id))
        .select(Export::as_select())
        .load(conn)
}

/// Exports whose file should be gone.
pub fn due(conn: &mut Conn, now: Instant) -> QueryResult<Vec<ExportId>> {
    register_exports::table
        .filter(register_exports::state.eq(ExportState::Done))
        .filter(register_exports::expires_at.le(now))
        .order(register_exports::id)
        .select(register_exports::id)
        .load(conn)
}

pub fn state(conn: &mut Conn, id: &ExportId) -> QueryResult<Option<ExportState>> {
    register_exports::table
        .find(id)
        .select(register_exports::state)
        .first(conn)
        .optional()
}

/// Moves every export of an incident from one state to another.
pub fn move_states(
    tx: &mut Conn,
    incident_id: &str,
    from: &[ExportState],
    to: ExportState,
) -> QueryResult<()> {
    let exports = register_exports::table
        .filter(register_exports::incident_id.eq(incident_id))
        .filter(register_exports::state.eq_any(from));
    diesel::update(exports)
        .set(register_exports::state.eq(to))
        .execute(tx)
        .map(drop)
}

/// Notes the progress of whoever touched the export last; false when that is somebody else by now.
pub fn touch(
    tx: &mut Conn,
    id: &ExportId,
    touched_at: Instant,
    now: Instant,
    rows: i64,
) -> QueryResult<bool> {
    let mine = register_exports::table
        .filter(register_exports::id.eq(id))
        .filter(register_exports::state.eq(ExportState::Running))
        .filter(register_exports::touched_at.eq(touched_at));
    diesel::update(mine)
        .set((
            register_exports::touched_at.eq(now),
            register_exports::rows.eq(rows),
        ))
        .execute(tx)
        .map(|changed| changed == 1)
}

/// Whether the export is still being written by whoever touched it then.
pub fn is_mine(conn: &mut Conn, id: &ExportId, touched_at: Instant) -> QueryResult<bool> {
    register_exports::table
        .filter(register_exports::id.eq(id))
        .filter(register_exports::state.eq(ExportState::Running))
        .filter(register_exports::touched_at.eq(touched_at))
        .count()
        .get_result::<i64>(conn)
        .map(|found| found == 1)
}

/// People of an incident behind the given one, in the order of their numbers.
///
/// A number never changes, a group may: so nobody is met twice or left out while the register changes.
pub fn people_behind(
    conn: &mut Conn,
    incident_id: &str,
    after: Option<PersonId>,
    limit: i64,
) -> QueryResult<Vec<PersonRow>> {
    people::table
        // Plus nothing: otherwise SQLite collects the people group by group and sorts all of them for each chunk.
        .inner_join(person_groups::table.on(person_groups::id.eq(people::group_id + 0)))
        .filter(person_groups::incident_id.eq(incident_id))
        .filter(people::id.gt(after.unwrap_or(PersonId(0))))
        .order(people::id)
        .limit(limit)
        .select(PersonRow::as_select())
        .load(conn)
}

/// How many rows of a roster ask for correction.
pub fn rows_to_correct(conn: &mut Conn, id: &RosterId) -> QueryResult<i64> {
    roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::reason.eq_any(to_correct()))
        .select(diesel::dsl::count(roster_problems::row).aggregate_distinct())
        .first(conn)
}

/// Problems behind a position that ask for correction, in the order of the file.
pub fn problems_to_correct(
    conn: &mut Conn,
    id: &RosterId,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<RosterProblem>> {
    roster_problems::table
        .filter(roster_problems::roster_id.eq(id))
        .filter(roster_problems::position.gt(after))
        .filter(roster_problems::reason.eq_any(to_correct()))
        .order(roster_problems::position)
        .limit(limit)
        .select(RosterProblem::as_select())
        .load(conn)
}

fn to_correct() -> Vec<Reason> {
    Reason::ALL
        .iter()
        .copied()
        .filter(|reason| reason.asks_for_correction())
        .collect()
}
