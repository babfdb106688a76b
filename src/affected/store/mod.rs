//! Queries of rosters, people, groups and keys.

mod groups;
mod keeping;
mod people;
mod rosters;

pub(super) use groups::*;
pub(super) use keeping::*;
pub(super) use people::*;
pub(super) use rosters::*;

use diesel::prelude::*;

use crate::store::Conn;
use crate::store::schema::counters;

/// Writes rows the fastest way each database has: a prepared statement for each row, or COPY.
macro_rules! insert_all {
    ($tx:expr, $table:expr, $rows:expr) => {
        match $tx {
            $crate::store::Conn::Sqlite(c) => $rows
                .iter()
                .try_for_each(|row| diesel::insert_into($table).values(row).execute(c).map(drop)),
            $crate::store::Conn::Postgres(_) if $rows.is_empty() => Ok(()),
            $crate::store::Conn::Postgres(c) => diesel::copy_from($table)
                .from_insertable($rows)
                .execute(c)
                .map(drop),
        }
    };
}
use insert_all;

const PEOPLE: &str = "people";

/// Gives SQLite room for an import; the keys are written in order, so little is enough.
pub(super) fn tune_for_import(tx: &mut Conn) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(c) => diesel::sql_query("PRAGMA cache_size = -16000")
            .execute(c)
            .map(drop),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Gives back the memory that [`tune_for_import`] took.
pub(super) fn tune_for_pages(tx: &mut Conn) -> QueryResult<()> {
    match tx {
        Conn::Sqlite(c) => {
            diesel::sql_query("PRAGMA cache_size = -2000").execute(c)?;
            diesel::sql_query("PRAGMA shrink_memory")
                .execute(c)
                .map(drop)
        }
        Conn::Postgres(_) => Ok(()),
    }
}

/// The number of the newest person; nobody else can take the next until the transaction ends.
pub(super) fn lock_counter(tx: &mut Conn) -> QueryResult<i64> {
    diesel::update(counters::table.find(PEOPLE))
        .set(counters::value.eq(counters::value + 0))
        .returning(counters::value)
        .get_result(tx)
}

/// Keeps a number under a name.
pub(super) fn remember(tx: &mut Conn, name: &str, value: i64) -> QueryResult<()> {
    crate::each_db!(tx, |c| diesel::insert_into(counters::table)
        .values((counters::name.eq(name), counters::value.eq(value)))
        .on_conflict(counters::name)
        .do_update()
        .set(counters::value.eq(value))
        .execute(c)
        .map(drop))
}

/// The number under a name.
pub(super) fn remembered(conn: &mut Conn, name: &str) -> QueryResult<Option<i64>> {
    counters::table
        .find(name)
        .select(counters::value)
        .first(conn)
        .optional()
}

/// Says which number the newest person has now.
pub(super) fn set_counter(tx: &mut Conn, value: i64) -> QueryResult<()> {
    diesel::update(counters::table.find(PEOPLE))
        .set(counters::value.eq(value))
        .execute(tx)
        .map(drop)
}
