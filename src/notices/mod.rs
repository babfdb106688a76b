//! What is told to whom: drafted, edited, checked, approved by other people, filed or sent.
//!
//! In come facts in words; out go drafts, versions, and [`Approved`], the only
//! thing that can be sent. Handing a notice in freezes its bytes and their digest:
//! every approver approves the same, and any edit voids it. What a kind is – its
//! parts, its form, its chain – is data ([`sheet`]). This room refuses to know how
//! mail is delivered and who is affected: [`crate::workflow`] brings those together.

mod answers;
mod approval;
pub mod chain;
mod chains;
pub mod checks;
mod copied;
pub mod diff;
pub mod draft;
mod issue;
mod model;
pub mod rules;
pub mod sheet;
mod store;
pub mod templates;
mod writing;

use serde_json::{Value, json};

pub use answers::{Answered, answer, answers};
pub use approval::{Surroundings, approve, approved, barred, delegate, issued, send_back, submit};
pub use chains::{chain_of, own_chains, reset_chain, set_chain};
pub use copied::{Copied, copied, mark_copied};
pub use issue::{
    NewFiling, hand_over, mark_reached, open_dispatches, record_dispatch, record_filing,
};
pub use model::{
    Approval, ApprovalId, Approved, Audience, Content, Decision, Dispatch, Filing, FilingId,
    FilingStage, Frozen, Notice, NoticeId, NoticeKind, NoticeState, Version,
};
pub use writing::{begin, edit, set_audience};

use crate::accounts::AccountId;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::outbox::BatchId;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// One notice.
///
/// # Errors
/// [`Code::NotFound`].
pub fn find(conn: &mut Conn, incident_id: &str, id: &NoticeId) -> Result<Notice> {
    Ok(store::find(conn, incident_id, id)?)
}

/// The notices of an incident, oldest first.
///
/// # Errors
/// The database's own error.
pub fn list(conn: &mut Conn, incident_id: &str) -> Result<Vec<Notice>> {
    Ok(store::list(conn, incident_id)?)
}

/// All versions of a notice, oldest first.
///
/// # Errors
/// The database's own error.
pub fn versions(conn: &mut Conn, id: &NoticeId) -> Result<Vec<Version>> {
    store::versions(conn, id)
}

/// The newest version of a notice.
///
/// # Errors
/// The database's own error.
pub fn newest_version(conn: &mut Conn, notice: &Notice) -> Result<Version> {
    store::versions(conn, &notice.id)?
        .pop()
        .ok_or_else(|| Problem::internal("a notice has no version"))
}

/// All decisions about a notice, oldest first.
///
/// # Errors
/// The database's own error.
pub fn approvals(conn: &mut Conn, id: &NoticeId) -> Result<Vec<Approval>> {
    Ok(store::approvals_of(conn, id)?)
}

/// The sendings of an incident, oldest first.
///
/// # Errors
/// The database's own error.
pub fn dispatches(conn: &mut Conn, incident_id: &str) -> Result<Vec<Dispatch>> {
    Ok(store::dispatches_of(conn, incident_id)?)
}

/// The sending that is this batch of the outbox; nothing for a batch of another kind.
///
/// # Errors
/// The database's own error.
pub fn dispatch(conn: &mut Conn, id: &BatchId) -> Result<Option<Dispatch>> {
    Ok(store::dispatch(conn, id)?)
}

/// The reports that were made, oldest first.
///
/// # Errors
/// The database's own error.
pub fn filings(conn: &mut Conn, incident_id: &str) -> Result<Vec<Filing>> {
    Ok(store::filings_of(conn, incident_id)?)
}

/// The notice, if it stands where it should and nobody wrote since `seen`; holds its incident's lock.
fn in_state(
    conn: &mut Conn,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    state: NoticeState,
) -> Result<Notice> {
    timeline::lock(conn, incident_id)?;
    let notice = store::find(conn, incident_id, id)?;
    if notice.version != seen {
        return Err(Problem::new(Code::EditConflict));
    }
    if notice.state != state {
        return Err(Problem::new(Code::WrongState));
    }
    Ok(notice)
}

fn append(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    notice: &Notice,
    kind: Kind,
    mut payload: Value,
) -> Result<()> {
    if let Some(object) = payload.as_object_mut() {
        object.insert("notice".to_owned(), json!(notice.id));
        object.insert("kind".to_owned(), json!(notice.kind));
        object.insert("version".to_owned(), json!(notice.version));
    }
    let event = Event {
        incident_id: &notice.incident_id,
        kind,
        actor: &Actor::account(by.as_str()),
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
