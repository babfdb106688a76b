//! What went out: a mail handed to the outbox, a report made to an authority.

use serde_json::json;

use super::{
    Approved, Dispatch, Filing, FilingId, FilingStage, Notice, NoticeId, NoticeState, append,
    approved, store,
};
use crate::accounts::{Granted, can};
use crate::kernel::{Instant, Result, input};
use crate::outbox::BatchId;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// Records that an approved mail was handed to the outbox; the caller queues it in the same transaction.
///
/// # Errors
/// The database's own error.
pub fn record_dispatch(
    tx: &mut Conn,
    by: &Granted<can::SendNotice>,
    now: Instant,
    approved: &Approved,
    id: BatchId,
    audience: i64,
    unreachable: i64,
) -> Result<Dispatch> {
    let dispatch = Dispatch {
        id,
        incident_id: approved.notice.incident_id.clone(),
        notice_id: approved.notice.id.clone(),
        digest: approved.digest.to_string(),
        audience,
        unreachable,
        recorded_by: by.id.clone(),
        recorded_at: now,
    };
    store::insert_dispatch(tx, &dispatch)?;
    let after = issue(tx, now, &approved.notice)?;
    let payload =
        json!({"people": audience, "unreachable": unreachable, "sha256": dispatch.digest});
    append(tx, &by.id, now, &after, Kind::NoticeDispatched, payload)?;
    Ok(dispatch)
}

/// What a person says about a report that was made.
#[derive(Clone, Debug)]
pub struct NewFiling {
    /// The duty that it serves.
    pub duty_id: String,
    /// The approved notice that was filed, if it was written here.
    pub notice_id: Option<NoticeId>,
    /// When it was filed.
    pub filed_at: Instant,
    /// The authority's receipt number; may be empty.
    pub receipt: String,
    /// How far it goes.
    pub stage: FilingStage,
    /// Why it was late; empty where it was not, or where the law asks for nothing.
    pub late_reason: String,
}

/// Records that a report was made to an authority, which stops its clock.
///
/// `contents` is what was known of each item, as [`Filing::contents`].
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for an instant that lies ahead; [`crate::kernel::Code::WrongState`] for a notice that is not approved.
pub fn record_filing(
    tx: &mut Conn,
    by: &Granted<can::RecordFiling>,
    now: Instant,
    incident_id: &str,
    new: NewFiling,
    contents: String,
) -> Result<Filing> {
    if new.filed_at > now {
        return Err(input::wrong("filed_at", "field-in-the-future").into());
    }
    let receipt = match new.receipt.trim() {
        "" => String::new(),
        receipt => input::line("receipt", receipt, 100)?,
    };
    let late_reason = input::paragraphs("late_reason", &new.late_reason, 2_000)?;
    if let Some(id) = &new.notice_id {
        let approved = approved(tx, incident_id, id)?;
        // A mail to the people is issued by sending it, not by filing it.
        if !approved
            .notice
            .kind
            .duties()
            .contains(&new.duty_id.as_str())
            || approved.notice.kind.is_sent_to_people()
        {
            return Err(input::wrong("notice_id", "field-invalid-choice").into());
        }
        issue(tx, now, &approved.notice)?;
    }
    let filing = Filing {
        id: FilingId::fresh(now),
        incident_id: incident_id.to_owned(),
        duty_id: new.duty_id,
        notice_id: new.notice_id,
        filed_at: new.filed_at,
        receipt,
        recorded_by: by.id.clone(),
        recorded_at: now,
        stage: new.stage,
        late_reason,
        contents,
    };
    store::insert_filing(tx, &filing)?;
    let event = Event {
        incident_id,
        kind: Kind::ReportFiled,
        actor: &Actor::account(by.id.as_str()),
        occurred_at: Some(filing.filed_at),
        payload: json!({
            "duty": filing.duty_id,
            "receipt": filing.receipt,
            "stage": filing.stage,
            "late_reason": filing.late_reason,
        }),
    };
    timeline::append(tx, now, event)?;
    Ok(filing)
}

fn issue(tx: &mut Conn, now: Instant, notice: &Notice) -> Result<Notice> {
    let after = Notice {
        state: NoticeState::Issued,
        updated_at: now,
        ..notice.clone()
    };
    store::update(tx, &after)?;
    Ok(after)
}
