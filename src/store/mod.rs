//! The database: connections, reading, writing, the schema.
//!
//! Rooms get a [`Conn`] and hand back values; only this folder names a backend.
//! The store refuses to know what its tables mean.
//!
//! SQLite has one writer at a time and an unfair busy handler: four writers
//! starve one of them for seconds. So writes queue here, in the order of
//! arrival, on one connection. PostgreSQL needs no such queue.

pub mod columns;
mod connection;
pub mod migrations;
pub mod schema;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};
use tokio::sync::Semaphore;

pub use connection::{Conn, DatabaseUrl, Manager};

use crate::kernel::{Code, Problem, Result};
use writer::{Writer, transaction};

pub use writer::snapshot;

/// Runs one expression on the concrete connection of either database.
///
/// For what the enum cannot say: batch insert, upsert, row locks. Each use is a
/// marked line in a room's `store.rs`.
#[macro_export]
macro_rules! each_db {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($c) => $body,
            $crate::store::Conn::Postgres($c) => $body,
        }
    };
}

/// How many connections read at the same time, and how many threads work on the database.
const READERS: u32 = 4;

/// The database of one server; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    url: DatabaseUrl,
    pool: Pool<Manager>,
    /// The only connection that writes to SQLite.
    writer: Option<Writer>,
    /// Bounds the blocking threads: 256 of them made the slowest pages three times slower.
    workers: Arc<Semaphore>,
}

impl Store {
    /// Opens the database at `url`; does not migrate.
    ///
    /// # Errors
    /// [`Code::Unavailable`] when it cannot be reached or opened.
    pub fn open(url: DatabaseUrl) -> Result<Self> {
        // One connection first: its error says what is wrong, the pool's only that it timed out.
        let writer = url.open()?;
        let writer = url.is_sqlite().then(|| Writer::new(url.clone(), writer));
        let pool = Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .build(Manager(url.clone()))
            .map_err(|error| Problem::new(Code::Unavailable).caused_by(error))?;
        let workers = Arc::new(Semaphore::new(usize::try_from(READERS).unwrap_or(1)));
        Ok(Self {
            inner: Arc::new(Inner {
                url,
                pool,
                writer,
                workers,
            }),
        })
    }

    /// Where this database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.inner.url
    }

    /// Brings the schema up to date; gives the number of migrations that ran.
    ///
    /// # Errors
    /// The database's own error.
    pub fn migrate(&self) -> Result<usize> {
        migrations::up(&mut self.inner.url.open()?)
    }

    /// Reads on a pooled connection, away from the async threads.
    ///
    /// # Errors
    /// Those of `work`; [`Code::Unavailable`] when no connection can be had.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let permit = self
            .inner
            .workers
            .clone()
            .acquire_owned()
            .await
            .map_err(Problem::internal)?;
        let store = self.clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&mut *store.pooled()?)
        })
        .await
        .map_err(Problem::internal)?
    }

    /// Writes in one transaction: all of `work`, or nothing of it.
    ///
    /// On SQLite the commit may be shared with other writers that wait; one that fails undoes only
    /// its own. No mail, file or network call belongs inside, and nothing long: [`Store::write_alone`].
    ///
    /// # Errors
    /// Those of `work`, after a rollback; [`Code::Unavailable`] when no connection can be had.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        if let Some(writer) = &self.inner.writer {
            return writer.write(work).await;
        }
        self.read(|conn| transaction(conn, work)).await
    }

    /// [`Store::write`] for work on many rows: nobody else's small write shares its commit, and waits for it.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_alone<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        if let Some(writer) = &self.inner.writer {
            return writer.write_alone(work).await;
        }
        self.read(|conn| transaction(conn, work)).await
    }

    /// [`Store::read`] for a thread that may block: the command line and jobs.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_blocking<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        work(&mut *self.pooled()?)
    }

    /// [`Store::write`] for a thread that may block: the command line and jobs.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        match &self.inner.writer {
            Some(writer) => writer.write_blocking(work),
            None => transaction(&mut *self.pooled()?, work),
        }
    }

    /// Sees to it that what was deleted from these tables stands in no file of the database any more.
    ///
    /// Blocks its thread, outside of any transaction. SQLite overwrites a row when it is deleted
    /// (`secure_delete`), but the older pages lie in the write-ahead log until it is emptied: that
    /// happens here. PostgreSQL only gives the space back to the tables; copies in its own log, in
    /// backups and on replicas are beyond it.
    ///
    /// # Errors
    /// [`Code::Unavailable`] when a reader holds the log for longer than ten seconds: try again.
    pub fn forget_deleted_pages(&self, tables: &[&str]) -> Result<()> {
        match &self.inner.writer {
            Some(writer) => writer.with(connection::empty_log),
            None => connection::vacuum(&mut *self.pooled()?, tables),
        }
    }

    fn pooled(&self) -> Result<PooledConnection<Manager>> {
        self.inner
            .pool
            .get()
            .map_err(|error| Problem::new(Code::Unavailable).caused_by(error))
    }
}
