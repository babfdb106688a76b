//! The one connection that writes to SQLite, and how waiting writers share a commit.
//!
//! A commit at `synchronous=FULL` waits for the disk, far longer than a small
//! write computes. So writers that wait for each other are taken together: one
//! transaction, a savepoint for each, one commit, then all are answered. Nobody
//! is answered before that commit; a lone writer has a transaction of its own.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::{Conn, DatabaseUrl};
use crate::kernel::{Code, Problem, Result, Stopwatch};

/// Writers in one commit at most: what one lost commit can refuse.
const GROUP: usize = 64;

/// After so long a group takes no more writers in: the first ones wait for its commit.
const PATIENCE: Duration = Duration::from_millis(5);

/// The writer; cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    url: DatabaseUrl,
    /// Tokio's mutex is fair: first come, first served.
    conn: Arc<Mutex<Conn>>,
    /// What waits, in the order of arrival. Held for a push or a pop only.
    waiting: Arc<std::sync::Mutex<VecDeque<Box<dyn Write>>>>,
}

/// One writer's work and where its answer goes.
trait Write: Send {
    /// Whether nobody waits for the answer any more, so that the work must not be done.
    fn abandoned(&self) -> bool;
    /// Does the work; gives whether what it wrote is to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Answers: with what the work gave, or with why it was not kept.
    fn answer(self: Box<Self>, lost: Option<&str>);
}

struct Ticket<T, F> {
    work: Option<F>,
    outcome: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Write for Ticket<T, F>
where
    T: Send,
    F: FnOnce(&mut Conn) -> Result<T> + Send,
{
    fn abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(&mut self, conn: &mut Conn) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        // The panic's own words went to the log by its hook; what was written may stand in them.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(conn)))
            .unwrap_or_else(|_| Err(Problem::internal("a write panicked")));
        self.outcome.insert(outcome).is_ok()
    }

    fn answer(self: Box<Self>, lost: Option<&str>) {
        let outcome = match (self.outcome, lost) {
            // Its own reason says more than the commit's.
            (Some(Err(problem)), _) => Err(problem),
            (Some(outcome), None) => outcome,
            (_, why) => {
                let why = why.unwrap_or("the write was not done").to_owned();
                Err(Problem::new(Code::Unavailable).caused_by(why))
            }
        };
        // Who asked may have gone meanwhile; what was kept stays kept.
        drop(self.answer.send(outcome));
    }
}

impl Writer {
    pub(super) fn new(url: DatabaseUrl, conn: Conn) -> Self {
        Self {
            url,
            conn: Arc::new(Mutex::new(conn)),
            waiting: Arc::default(),
        }
    }

    /// Writes together with whoever else waits.
    ///
    /// Whoever gets the connection works for all that wait; the others find their
    /// answers when their turn comes, or before. Dropped while it waits, it is not done.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push_back(Box::new(Ticket {
            work: Some(work),
            outcome: None,
            answer,
        }));
        loop {
            tokio::select! {
                biased;
                outcome = &mut answered => return outcome.map_err(Problem::internal)?,
                conn = self.conn.clone().lock_owned() => {
                    let writer = self.clone();
                    tokio::task::spawn_blocking(move || writer.work(conn))
                        .await
                        .map_err(Problem::internal)?;
                }
            }
        }
    }

    /// Writes in a transaction that nobody shares: for work that is long.
    pub(super) async fn write_alone<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let mut conn = self.conn.clone().lock_owned().await;
        let writer = self.clone();
        tokio::task::spawn_blocking(move || writer.transact(&mut conn, work))
            .await
            .map_err(Problem::internal)?
    }

    /// [`Writer::write_alone`] for a thread that may block.
    pub(super) fn write_blocking<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.transact(&mut self.conn.blocking_lock(), work)
    }

    /// The connection outside of any transaction, for a thread that may block.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        work(&mut self.conn.blocking_lock())
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Box<dyn Write>>> {
        // A push or a pop leaves the queue whole even when it panics.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next that somebody still waits for.
    fn next(&self) -> Option<Box<dyn Write>> {
        let mut waiting = self.waiting();
        loop {
            let next = waiting.pop_front()?;
            if !next.abandoned() {
                return Some(next);
            }
        }
    }

    /// Takes what waits, in its order, into one commit.
    fn work(&self, mut conn: OwnedMutexGuard<Conn>) {
        let Some(first) = self.next() else { return };
        let mut done = vec![first];
        let lost = self.group(&mut conn, &mut done);
        self.mend(&mut conn);
        for write in done {
            write.answer(lost.as_deref());
        }
    }

    /// Runs `done` and whoever else waits; gives why nothing of it was kept, if so.
    fn group(&self, conn: &mut Conn, done: &mut Vec<Box<dyn Write>>) -> Option<String> {
        let began = Stopwatch::start();
        if let Err(problem) = begin(conn) {
            return Some(told(&problem));
        }
        // A lone writer needs no savepoint: the transaction is its own.
        let alone = self.waiting().is_empty();
        let mut upcoming = done.pop();
        while let Some(mut write) = upcoming {
            let ended = if alone {
                let keep = write.run(conn);
                end(conn, 1, keep)
            } else {
                savepoint(conn).and_then(|()| {
                    let keep = write.run(conn);
                    end(conn, 2, keep)
                })
            };
            done.push(write);
            if let Err(problem) = ended {
                // SQLite gave the whole transaction up (a full disk, a lost page): nobody's work is kept.
                drop(end(conn, 1, false));
                return Some(told(&problem));
            }
            if alone {
                return None;
            }
            let full = done.len() >= GROUP || began.elapsed() >= PATIENCE;
            upcoming = if full { None } else { self.next() };
        }
        end(conn, 1, true).err().map(|problem| {
            drop(end(conn, 1, false));
            told(&problem)
        })
    }

    fn transact<T>(&self, conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let outcome = catch_unwind(AssertUnwindSafe(|| transaction(conn, work)));
        self.mend(conn);
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Replaces a connection that is not back outside of every transaction.
    ///
    /// When SQLite ends a transaction by itself, Diesel's count of open ones no
    /// longer holds, and every later write would fail.
    fn mend(&self, conn: &mut Conn) {
        if depth(conn) == Some(0) {
            return;
        }
        match self.url.open() {
            Ok(fresh) => *conn = fresh,
            Err(problem) => tracing::error!(%problem, "the database cannot be opened anew"),
        }
    }
}

/// Runs `work` in a transaction of its own; a panic rolls back and goes on.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    begin(conn)?;
    // A panic in `work` must not leave the one writer inside an open transaction.
    match catch_unwind(AssertUnwindSafe(|| work(conn))) {
        Ok(Ok(value)) => end(conn, 1, true).map(|()| value),
        Ok(Err(problem)) => {
            end(conn, 1, false)?;
            Err(problem)
        }
        Err(panic) => {
            // What cannot be undone any more is the connection's to lose: see `Writer::mend`.
            drop(end(conn, 1, false));
            resume_unwind(panic)
        }
    }
}

/// Reads as of one moment, however many queries `work` takes and whoever writes meanwhile.
///
/// # Errors
/// Those of `work`, and the database's own.
pub fn snapshot<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    if depth(conn) != Some(0) {
        // Inside of a transaction already: it is the caller's that decides what is seen.
        return work(conn);
    }
    diesel::Connection::transaction(conn, |conn| {
        if let Conn::Postgres(c) = conn {
            c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
        work(conn)
    })
}

fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        // IMMEDIATE: a transaction that reads first and writes later would fail with "busy" under a second process.
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
    }
    Ok(())
}

/// Inside a transaction, Diesel's next one is a savepoint; [`end`] ends it alone.
fn savepoint(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction(c)?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
    }
    Ok(())
}

/// Ends the transaction (1) or savepoint (2) of this level.
///
/// Work that panicked within a transaction of its own left that open: it is undone too. Diesel would
/// otherwise end the innermost one only, and a "commit" would keep nothing.
fn end(conn: &mut Conn, level: u32, keep: bool) -> Result<()> {
    if keep && depth(conn) == Some(level) {
        match conn {
            Conn::Sqlite(c) => AnsiTransactionManager::commit_transaction(c)?,
            Conn::Postgres(c) => AnsiTransactionManager::commit_transaction(c)?,
        }
        return Ok(());
    }
    while depth(conn).is_none_or(|open| open >= level) {
        match conn {
            Conn::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c)?,
            Conn::Postgres(c) => AnsiTransactionManager::rollback_transaction(c)?,
        }
    }
    if keep {
        return Err(Problem::internal("a write left a transaction open"));
    }
    Ok(())
}

/// How many transactions are open, one in the other; none when Diesel cannot tell.
fn depth(conn: &mut Conn) -> Option<u32> {
    let status = match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::transaction_manager_status_mut(c),
        Conn::Postgres(c) => AnsiTransactionManager::transaction_manager_status_mut(c),
    };
    match status.transaction_depth() {
        Ok(depth) => Some(depth.map_or(0, std::num::NonZeroU32::get)),
        Err(_) => None,
    }
}

/// A problem with its cause, for the log of everybody that it struck.
fn told(problem: &Problem) -> String {
    use std::error::Error;
    problem
        .source()
        .map_or_else(|| problem.to_string(), ToString::to_string)
}
