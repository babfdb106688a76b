//! Opening a database by the scheme of its URL.
//!
//! The derived `establish` would try each backend in turn, hide the real error,
//! and make a typo into an empty SQLite file; so it is never called.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::ManageConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, RunQueryDsl};

use crate::kernel::{Code, Problem, Redacted, Result};

/// A connection to either database; the rooms see only this.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL, for several servers.
    Postgres(PgConnection),
    /// SQLite, the embedded default.
    Sqlite(SqliteConnection),
}

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file; it is created when it is not there.
    Sqlite(PathBuf),
    /// A `postgres://` address, with its TLS rule already applied.
    Postgres(Redacted<String>),
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// PostgreSQL beyond this machine is reached with verified TLS
    /// (`sslmode=verify-full`) unless `allow_unverified` is set.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] for any other scheme, an empty path, or a weaker
    /// `sslmode` that no setting allows. The answer never repeats the password.
    pub fn parse(text: &str, allow_unverified: bool) -> Result<Self> {
        let wrong = |why| {
            Problem::with(
                Code::InvalidSetting,
                &[("setting", "database_url"), ("why", why)],
            )
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains('?') || path == ":memory:" {
                return Err(wrong(
                    "sqlite: needs the path of a file, e.g. sqlite:/var/lib/shodo/shodo.db",
                ));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if !(text.starts_with("postgres://") || text.starts_with("postgresql://")) {
            return Err(wrong("it must begin with sqlite: or postgres://"));
        }
        let mut url = url::Url::parse(text).map_err(|_| wrong("it is no valid address"))?;
        let parameter = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let host = parameter("host")
            .or_else(|| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        let local = host.is_empty()
            || host.starts_with('/')
            || host.starts_with("%2F")
            || host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
            || host == "[::1]";
        match parameter("sslmode").as_deref() {
            _ if local || allow_unverified => {}
            Some("verify-full") => {}
            Some(_) => {
                return Err(wrong(
                    "over a network it needs sslmode=verify-full; to allow less, set database_allow_unverified_tls = true",
                ));
            }
            None => {
                url.query_pairs_mut().append_pair("sslmode", "verify-full");
            }
        }
        Ok(Self::Postgres(Redacted::new(url.into())))
    }

    /// Opens one connection.
    ///
    /// # Errors
    /// [`Code::Unavailable`], with the driver's reason for the log.
    pub fn open(&self) -> Result<Conn> {
        match self {
            Self::Sqlite(path) => open_sqlite(path).map(Conn::Sqlite),
            Self::Postgres(url) => PgConnection::establish(url.reveal())
                .map(Conn::Postgres)
                .map_err(|error| Problem::new(Code::Unavailable).caused_by(error)),
        }
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

fn open_sqlite(path: &Path) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())
        .map_err(|error| Problem::new(Code::Unavailable).caused_by(error))?;
    // FULL: an acknowledged entry survives a power cut. secure_delete: purged rows leave no bytes.
    // Imports and mail rewrite the same pages many times a second: a checkpoint for each 64 MB, not for each 4,
    // sends half as much again in a second. The log is read back whole after a crash, so it stays that short.
    connection
        .batch_execute(
            "PRAGMA busy_timeout = 10000;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA wal_autocheckpoint = 16000;
             PRAGMA journal_size_limit = 67108864;
             PRAGMA temp_store = MEMORY;
             PRAGMA case_sensitive_like = ON;",
        )
        .map_err(|error| Problem::new(Code::Unavailable).caused_by(error))?;
    Ok(connection)
}

/// What `PRAGMA wal_checkpoint` answers.
#[derive(diesel::QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// Writes the write-ahead log into the file and cuts it to nothing; other databases have none.
pub(super) fn empty_log(conn: &mut Conn) -> Result<()> {
    let Conn::Sqlite(c) = conn else { return Ok(()) };
    // A connection that has not read since another one wrote answers "busy", however long it waits.
    c.batch_execute("SELECT count(*) FROM sqlite_schema")?;
    let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(c)?;
    if done.busy == 0 {
        Ok(())
    } else {
        Err(Problem::new(Code::Unavailable))
    }
}

/// Gives back the space of deleted rows; must not run in a transaction.
pub(super) fn vacuum(conn: &mut Conn, tables: &[&str]) -> Result<()> {
    for table in tables {
        // A statement of its own each: several in one would be one transaction.
        conn.batch_execute(&format!("VACUUM {table}"))?;
    }
    Ok(())
}

/// Hands connections to the pool.
#[derive(Debug)]
pub struct Manager(pub DatabaseUrl);

/// Why the pool could not use a connection.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ManagerError(String);

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = ManagerError;

    fn connect(&self) -> Result<Conn, ManagerError> {
        self.0.open().map_err(|problem| {
            use std::error::Error;
            ManagerError(
                problem
                    .source()
                    .map_or_else(|| problem.to_string(), ToString::to_string),
            )
        })
    }

    fn is_valid(&self, connection: &mut Conn) -> Result<(), ManagerError> {
        connection
            .batch_execute("SELECT 1")
            .map_err(|error| ManagerError(error.to_string()))
    }

    fn has_broken(&self, _: &mut Conn) -> bool {
        std::thread::panicking()
    }
}
