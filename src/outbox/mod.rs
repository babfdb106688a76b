//! Mail that must go out: queued with the decision to send it, delivered by a worker.
//!
//! In come messages, inside the transaction that decides to send them; out go
//! delivery states that other rooms read. Deliver is claim, commit, send, record:
//! never a transaction across the network. A message whose answer was lost is
//! "uncertain": it is shown and settled, never silently repeated or lost. The
//! outbox refuses to know why a message is sent, and never calls the rooms above.

mod address;
mod batch;
pub mod bounces;
mod control;
mod courier;
mod course;
mod directory;
mod dkim;
mod feed;
mod flow;
mod limits;
mod message;
mod model;
mod pieces;
mod prepare;
mod round;
pub mod rules;
mod scribe;
mod session;
mod settings;
mod smtp;
mod store;
mod team;
mod template;
mod transport;
pub mod verdict;

pub use address::{EmailAddress, NotAnAddress, Recipient, Sender};
pub use batch::{BatchWriter, go_on_with_batch, open_batch};
pub use control::{
    allow_bulk, bulk_stopped_at, cancel, close, counts, news, pause, progress, resume, settle,
    settle_batch, stop_bulk,
};
pub use courier::{Courier, Health, Pass, Running, Trouble};
pub use course::{Course, Step, course};
pub use directory::{DirectoryMail, list_directory, read_directory_mail, remove_directory_mails};
pub use limits::RateSettings;
pub use model::{
    BatchId, BatchNews, Counts, Delivery, Failure, Halt, MailId, PersonMail, Priority, Progress,
    Settlement, State, TeamMail,
};
pub use settings::{
    DkimSettings, MailSettings, RetrySettings, Security, SmtpSettings, TimeoutSettings,
    TransportKind, UncertainPolicy,
};
pub use team::TeamMessage;
pub use template::{BatchTemplate, CannotRender, Content, Variables};

use model::Letter;
use store::Moves;

use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::vault::{DataKey, Scope, Vault};

/// Queues a message to one member of the team, before all bulk mail.
///
/// Belongs inside the transaction that decides to send it.
///
/// # Errors
/// [`Code::InvalidInput`] when the content is empty or too long; [`Code::Purged`] when the scope's key was destroyed.
pub fn enqueue(
    tx: &mut Conn,
    vault: &Vault,
    now: Instant,
    scope: &Scope,
    from: &Sender,
    mail: TeamMail,
) -> Result<MailId> {
    let key = vault.key(tx, scope, now)?;
    let mut problems = Vec::new();
    // The content is already rendered: braces in it are text.
    mail.content.check_size("mail", &mut problems);
    if !problems.is_empty() {
        return Err(Problem::fields(problems));
    }
    let letter = Letter::Team {
        from: from.clone(),
        to: mail.to,
        content: mail.content,
    };
    let row = Row {
        scope,
        batch: None,
        subject_id: mail.subject_id.as_deref(),
        priority: Priority::Team,
        domain: from.address().domain(),
    };
    let id = row.insert(tx, &key, &letter, now)?;
    let mut moves = Moves::default();
    moves.add(store::TEAM, State::Queued, 1);
    moves.write(tx, now)?;
    Ok(id)
}

/// Empties every message of a scope, and withdraws what has not begun to go out; gives the number emptied.
///
/// The rows stay, with their states: how many were sent is still known afterwards.
///
/// # Errors
/// The database's own error.
pub fn forget_scope(tx: &mut Conn, scope: &Scope, now: Instant) -> Result<usize> {
    Ok(store::forget(tx, scope.as_str(), None, now)?)
}

/// [`forget_scope`] for the messages to one person.
///
/// # Errors
/// The database's own error.
pub fn forget_subject(
    tx: &mut Conn,
    scope: &Scope,
    subject_id: &str,
    now: Instant,
) -> Result<usize> {
    Ok(store::forget(tx, scope.as_str(), Some(subject_id), now)?)
}

/// The messages of a scope, or of one person in it, by their ids.
///
/// # Errors
/// The database's own error.
pub fn ids(conn: &mut Conn, scope: &Scope, subject_id: Option<&str>) -> Result<Vec<MailId>> {
    Ok(store::ids(conn, scope.as_str(), subject_id)?)
}

/// How many messages of a scope still hold what they say.
///
/// # Errors
/// The database's own error.
pub fn held(conn: &mut Conn, scope: &Scope) -> Result<i64> {
    Ok(store::holding(conn, scope.as_str())?)
}

/// At most `limit` deliveries of a batch behind the first `skip`, by person: of one state, or of all.
///
/// # Errors
/// The database's own error.
pub fn deliveries(
    conn: &mut Conn,
    batch: &BatchId,
    state: Option<State>,
    skip: i64,
    limit: i64,
) -> Result<Vec<Delivery>> {
    Ok(store::deliveries(conn, batch, state, skip, limit)?)
}

/// What became of messages of a batch behind an instant: by person, in the order of settling.
///
/// Gives all of one instant or none, so that the last instant is where to go on.
///
/// # Errors
/// The database's own error.
pub fn settled_since(
    conn: &mut Conn,
    batch: &BatchId,
    after: Instant,
    limit: i64,
) -> Result<Vec<(String, State, Instant)>> {
    Ok(store::settled_since(conn, batch, after, limit)?)
}

/// The delivery to one person of a batch.
///
/// # Errors
/// [`Code::NotFound`] when the batch holds no message to this person.
pub fn delivery_to(conn: &mut Conn, batch: &BatchId, subject_id: &str) -> Result<Delivery> {
    store::deliveries_to(conn, batch, &[subject_id.to_owned()])?
        .pop()
        .ok_or_else(|| Problem::new(Code::NotFound))
}

/// The deliveries of a batch to these people, in no order.
///
/// # Errors
/// The database's own error.
pub fn deliveries_to(
    conn: &mut Conn,
    batch: &BatchId,
    subject_ids: &[String],
) -> Result<Vec<Delivery>> {
    Ok(store::deliveries_to(conn, batch, subject_ids)?)
}

/// The delivery of one message.
///
/// # Errors
/// [`Code::NotFound`] when there is no such message.
pub fn delivery(conn: &mut Conn, id: &MailId) -> Result<Delivery> {
    Ok(store::delivery(conn, id)?)
}

struct Row<'a> {
    scope: &'a Scope,
    batch: Option<&'a BatchId>,
    subject_id: Option<&'a str>,
    priority: Priority,
    domain: &'a str,
}

impl Row<'_> {
    fn insert(self, tx: &mut Conn, key: &DataKey, letter: &Letter, now: Instant) -> Result<MailId> {
        let id = MailId::fresh(now);
        let sealed = key.seal(&purpose(id.as_str()), &serde_json::to_vec(letter)?)?;
        // Fixed now, so that every attempt carries the same Message-ID.
        let message_id = format!("<{id}@{}>", self.domain);
        store::insert(
            tx,
            &store::NewMessage {
                id: &id,
                batch_id: self.batch,
                subject_id: self.subject_id,
                scope: self.scope.as_str(),
                priority: self.priority.number(),
                message_id: &message_id,
                sealed: &sealed,
                state: State::Queued,
                attempts: 0,
                due_at: now,
                created_at: now,
            },
        )?;
        Ok(id)
    }
}

/// Binds sealed bytes to their row: those of another row do not open here.
fn purpose(id: &str) -> String {
    format!("outbox_messages.sealed:{id}")
}
