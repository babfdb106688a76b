//! A batch that takes people: the same notice to many, queued in one transaction or several.

use std::sync::atomic::{AtomicI64, Ordering};

use super::Row;
use super::address::Sender;
use super::model::{BatchId, Letter, MailId, PersonMail, Priority, State};
use super::store::{self, Moves};
use super::template::BatchTemplate;
use crate::kernel::{Instant, Result};
use crate::store::Conn;
use crate::vault::{DataKey, Scope, Vault};

/// A batch that takes people, one row each; [`BatchWriter::finish`] lets them go out.
#[must_use = "what a batch took goes out when it is finished"]
pub struct BatchWriter {
    id: BatchId,
    scope: Scope,
    key: DataKey,
    domain: String,
    template: BatchTemplate,
    /// How many people it took, by what became of them; counted here, as a row that is written for
    /// each person grows slow on PostgreSQL.
    queued: AtomicI64,
    failed: AtomicI64,
    told: AtomicI64,
}

/// Opens a batch: what it says is frozen from here on.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] with every wrong field of the template.
pub fn open_batch(
    tx: &mut Conn,
    vault: &Vault,
    now: Instant,
    scope: &Scope,
    from: &Sender,
    template: BatchTemplate,
) -> Result<BatchWriter> {
    template.check()?;
    let id = BatchId::fresh(now);
    store::insert_batch(
        tx,
        &id,
        &serde_json::to_string(&template)?,
        &serde_json::to_string(from)?,
        now,
    )?;
    store::open(tx, &id)?;
    let key = vault.key(tx, scope, now)?;
    Ok(BatchWriter::new(id, scope, key, from, template))
}

/// Takes more people into a batch that was opened before.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`]; [`crate::kernel::Code::Purged`] when the scope's key was destroyed.
pub fn go_on_with_batch(
    tx: &mut Conn,
    vault: &Vault,
    now: Instant,
    scope: &Scope,
    id: &BatchId,
) -> Result<BatchWriter> {
    let (template, from) = store::batch(tx, id.as_str())?;
    let from: Sender = serde_json::from_str(&from)?;
    let key = vault.key(tx, scope, now)?;
    let template = serde_json::from_str(&template)?;
    Ok(BatchWriter::new(id.clone(), scope, key, &from, template))
}

impl BatchWriter {
    fn new(
        id: BatchId,
        scope: &Scope,
        key: DataKey,
        from: &Sender,
        template: BatchTemplate,
    ) -> Self {
        Self {
            id,
            scope: scope.clone(),
            key,
            domain: from.address().domain().to_owned(),
            template,
            queued: AtomicI64::new(0),
            failed: AtomicI64::new(0),
            told: AtomicI64::new(0),
        }
    }

    /// The batch's id.
    pub fn id(&self) -> &BatchId {
        &self.id
    }

    /// Whether the batch has a message to this person already.
    ///
    /// # Errors
    /// The database's own error.
    pub fn holds(&self, conn: &mut Conn, subject_id: &str) -> Result<bool> {
        Ok(store::holds(conn, &self.id, subject_id)?)
    }

    /// Queues the message to one person.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] when a variable is missing, unknown or too long; its value is not repeated.
    pub fn push(&self, tx: &mut Conn, now: Instant, person: PersonMail) -> Result<MailId> {
        self.template.check_values(&person.variables)?;
        let letter = Letter::Person {
            to: person.to,
            locale: person.locale,
            variables: person.variables,
        };
        let row = Row {
            scope: &self.scope,
            batch: Some(&self.id),
            subject_id: Some(&person.subject_id),
            priority: Priority::Bulk,
            domain: &self.domain,
        };
        let id = row.insert(tx, &self.key, &letter, now)?;
        self.queued.fetch_add(1, Ordering::Relaxed);
        Ok(id)
    }

    /// Records that a person cannot be written to, and why; without addresses.
    ///
    /// # Errors
    /// The database's own error.
    pub fn push_failed(
        &self,
        tx: &mut Conn,
        now: Instant,
        subject_id: &str,
        why: &str,
    ) -> Result<MailId> {
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.push_settled(tx, now, subject_id, State::Failed, why)
    }

    /// Records that a person was told by other means than mail, and how.
    ///
    /// # Errors
    /// The database's own error.
    pub fn push_told(
        &self,
        tx: &mut Conn,
        now: Instant,
        subject_id: &str,
        how: &str,
    ) -> Result<MailId> {
        self.told.fetch_add(1, Ordering::Relaxed);
        self.push_settled(tx, now, subject_id, State::Sent, how)
    }

    /// Lets go out what was taken, in the transaction that took it; gives the batch's id.
    ///
    /// # Errors
    /// The database's own error.
    pub fn finish(self, tx: &mut Conn, now: Instant) -> Result<BatchId> {
        let mut moves = Moves::default();
        for (state, number) in [
            (State::Queued, &self.queued),
            (State::Failed, &self.failed),
            (State::Sent, &self.told),
        ] {
            moves.add(self.id.as_str(), state, number.load(Ordering::Relaxed));
        }
        moves.write(tx, now)?;
        Ok(self.id)
    }

    /// Writes a message that never waits.
    fn push_settled(
        &self,
        tx: &mut Conn,
        now: Instant,
        subject_id: &str,
        state: State,
        reply: &str,
    ) -> Result<MailId> {
        let id = MailId::fresh(now);
        let message_id = format!("<{id}@{}>", self.domain);
        let row = store::NewMessage {
            id: &id,
            batch_id: Some(&self.id),
            subject_id: Some(subject_id),
            scope: self.scope.as_str(),
            priority: Priority::Bulk.number(),
            message_id: &message_id,
            sealed: &[],
            state,
            attempts: 0,
            due_at: now,
            created_at: now,
        };
        store::insert_settled(tx, &row, now, reply)?;
        Ok(id)
    }
}
