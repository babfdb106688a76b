//! The two embedded sets of migrations, with the same names.

use diesel::migration::MigrationVersion;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use crate::kernel::{Problem, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs one expression on the concrete connection, with the set of migrations that is its own.
macro_rules! each_set {
    ($conn:expr, |$c:ident, $migrations:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => {
                let $migrations = SQLITE;
                $body
            }
            Conn::Postgres($c) => {
                let $migrations = POSTGRES;
                $body
            }
        }
    };
}

/// Brings the database up to date; gives the number of migrations that ran.
///
/// # Errors
/// The database's own error: a migration is one transaction, so nothing is half done.
pub fn up(conn: &mut Conn) -> Result<usize> {
    let applied = each_set!(conn, |c, migrations| c
        .run_pending_migrations(migrations)
        .map(|v| v.len()));
    applied.map_err(Problem::internal)
}

/// Takes every migration back. For tests.
///
/// # Errors
/// The database's own error.
pub fn down(conn: &mut Conn) -> Result<usize> {
    let reverted = each_set!(conn, |c, migrations| c
        .revert_all_migrations(migrations)
        .map(|versions: Vec<MigrationVersion<'_>>| versions.len()));
    reverted.map_err(Problem::internal)
}

/// Whether migrations wait.
///
/// # Errors
/// The database's own error.
pub fn pending(conn: &mut Conn) -> Result<bool> {
    each_set!(conn, |c, migrations| c.has_pending_migration(migrations)).map_err(Problem::internal)
}
