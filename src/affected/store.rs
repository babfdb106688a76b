//! Queries of rosters and people.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use super::model::{
    KeyKind, KeyRow, LinkRow, PersonId, PersonRow, Roster, RosterId, RosterProblem,
};
use crate::kernel::Locale;
use crate::store::Conn;
use crate::store::schema::{people, person_keys, person_rosters, roster_problems, rosters};

/// Writes rows the fastest way each database has: COPY, or a prepared statement for each row.
macro_rules! insert_all {
    ($tx:expr, $table:expr, $rows:expr) => {
        match $tx {
            Conn::Sqlite(c) => $rows
                .iter()
                .try_for_each(|row| diesel::insert_into($table).values(row).execute(c).map(drop)),
            Conn::Postgres(_) if $rows.is_empty() => Ok(()),
            Conn::Postgres(c) => diesel::copy_from($table)
                .from_insertable($rows)
                .execute(c)
                .map(drop),
        }
    };
}

/// Makes ready for many rows; other imports of this incident wait until the transaction ends.
pub(super) fn begin_import(tx: &mut Conn, incident_id: &str) -> QueryResult<()> {
    match tx {
        // SQLite has one writer anyway. Its usual cache of 2 MB would send the same pages to the disk again and again.
        Conn::Sqlite(c) => diesel::sql_query("PRAGMA cache_size = -65536")
            .execute(c)
            .map(drop),
        Conn::Postgres(c) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<diesel::sql_types::Text, _>(format!("affected {incident_id}"))
                .execute(c)
                .map(drop)
        }
    }
}

/// Gives back the memory that [`begin_import`] took.
pub(super) fn end_import(tx: &mut Conn) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(c) => diesel::sql_query("PRAGMA cache_size = -2000")
            .execute(c)
            .map(drop),
        Conn::Postgres(_) => Ok(()),
    }
}

pub(super) fn each_key(
    conn: &mut Conn,
    incident_id: &str,
    mut each: impl FnMut(KeyKind, Vec<u8>, PersonId),
) -> QueryResult<()> {
    let query = person_keys::table
        .filter(person_keys::incident_id.eq(incident_id))
        .order((person_keys::kind, person_keys::blind_index))
        .select((
            person_keys::kind,
            person_keys::blind_index,
            person_keys::person_id,
        ));
    crate::each_db!(conn, |c| {
        for row in query.load_iter::<(KeyKind, Vec<u8>, PersonId), DefaultLoadingMode>(c)? {
            let (kind, blind_index, person) = row?;
            each(kind, blind_index, person);
        }
        Ok(())
    })
}

pub(super) fn insert_people(tx: &mut Conn, rows: &[PersonRow]) -> QueryResult<()> {
    insert_all!(tx, people::table, rows)
}

pub(super) fn insert_keys(tx: &mut Conn, rows: &[KeyRow]) -> QueryResult<()> {
    insert_all!(tx, person_keys::table, rows)
}

pub(super) fn insert_links(tx: &mut Conn, rows: &[LinkRow]) -> QueryResult<()> {
    insert_all!(tx, person_rosters::table, rows)
}

pub(super) fn insert_problems(tx: &mut Conn, rows: &[RosterProblem]) -> QueryResult<()> {
    insert_all!(tx, roster_problems::table, rows)
}

pub(super) fn insert_roster(tx: &mut Conn, roster: &Roster) -> QueryResult<()> {
    diesel::insert_into(rosters::table)
        .values(roster)
        .execute(tx)
        .map(drop)
}

// The next two run for each duplicate row: on the concrete connection their statements stay prepared.

pub(super) fn person(conn: &mut Conn, id: &PersonId) -> QueryResult<PersonRow> {
    crate::each_db!(conn, |c| people::table
        .find(id)
        .select(PersonRow::as_select())
        .first(c))
}

pub(super) fn update_person(tx: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    let values = (
        people::sealed.eq(&row.sealed),
        people::country.eq(&row.country),
        people::minor.eq(&row.minor),
        people::has_email.eq(row.has_email),
        people::has_phone.eq(row.has_phone),
        people::has_line.eq(row.has_line),
    );
    crate::each_db!(tx, |c| diesel::update(people::table.find(&row.id))
        .set(values)
        .execute(c)
        .map(drop))
}

pub(super) fn roster(conn: &mut Conn, id: &RosterId) -> QueryResult<Roster> {
    rosters::table
        .find(id)
        .select(Roster::as_select())
        .first(conn)
}

pub(super) fn rosters(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Roster>> {
    rosters::table
        .filter(rosters::incident_id.eq(incident_id))
        .order((rosters::recorded_at, rosters::id))
        .select(Roster::as_select())
        .load(conn)
}

pub(super) fn problems(
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

/// People in the order of their ids, which is the order of the rows they came with.
pub(super) fn people_after(
    conn: &mut Conn,
    incident_id: &str,
    after: Option<&PersonId>,
    only_with_email: bool,
    limit: i64,
) -> QueryResult<Vec<PersonRow>> {
    let mut query = people::table
        .filter(people::incident_id.eq(incident_id))
        .order(people::id)
        .limit(limit)
        .select(PersonRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(people::id.gt(after));
    }
    if only_with_email {
        query = query.filter(people::has_email.eq(true));
    }
    query.load(conn)
}

pub(super) type Group = (
    Locale,
    Option<String>,
    Option<String>,
    bool,
    bool,
    bool,
    i64,
);

/// People counted by everything that the counts need, so that one query is enough.
pub(super) fn groups(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Group>> {
    let by = (
        people::locale,
        people::country,
        people::minor,
        people::has_email,
        people::has_phone,
        people::has_line,
    );
    people::table
        .filter(people::incident_id.eq(incident_id))
        .group_by(by)
        .select((
            people::locale,
            people::country,
            people::minor,
            people::has_email,
            people::has_phone,
            people::has_line,
            diesel::dsl::count_star(),
        ))
        .order((people::locale, people::country, people::minor))
        .load(conn)
}
