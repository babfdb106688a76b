//! What went out: a mail handed to the outbox, a report made to an authority.

use serde_json::json;

use super::sheet::NoticeChannel;
use super::{
    Approved, Dispatch, Filing, FilingId, FilingStage, Notice, NoticeId, NoticeState, append,
    approved, store,
};
use crate::accounts::{Granted, can};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::outbox::BatchId;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// Records that an approved notice goes out; whoever calls it queues the messages, or has files written.
///
/// The people are those whom the approved audience names. Mails are queued behind this, a few
/// thousand at a time ([`mark_reached`]); letters and LINE messages wait for [`hand_over`].
///
/// # Errors
/// [`Code::WrongState`] for a notice that goes to no person.
pub fn record_dispatch(
    tx: &mut Conn,
    by: &Granted<can::SendNotice>,
    now: Instant,
    approved: &Approved,
    id: BatchId,
    unreachable: i64,
) -> Result<Dispatch> {
    let Some(audience) = &approved.frozen.audience else {
        return Err(Problem::new(Code::WrongState));
    };
    let dispatch = Dispatch {
        id,
        incident_id: approved.notice.incident_id.clone(),
        notice_id: approved.notice.id.clone(),
        digest: approved.digest.to_string(),
        audience: audience.people,
        unreachable,
        recorded_by: by.id.clone(),
        recorded_at: now,
        channel: approved.notice.kind.sheet().channel,
        filter: serde_json::to_string(&audience.filter)?,
        reached: String::new(),
        complete_at: None,
        handed_over: String::new(),
    };
    store::insert_dispatch(tx, &dispatch)?;
    let after = issue(tx, now, &approved.notice)?;
    let payload = json!({
        "people": audience.people,
        "unreachable": unreachable,
        "sha256": dispatch.digest,
        "channel": dispatch.channel,
        "filter": audience.filter,
    });
    append(tx, &by.id, now, &after, Kind::NoticeDispatched, payload)?;
    Ok(dispatch)
}

/// Notes how far the messages of a sending were queued; with `complete`, that all are.
///
/// # Errors
/// The database's own error.
pub fn mark_reached(
    tx: &mut Conn,
    id: &BatchId,
    reached: &str,
    complete: Option<Instant>,
) -> Result<()> {
    Ok(store::mark_reached(tx, id, reached, complete)?)
}

/// The sendings whose messages are not all queued yet, the oldest first.
///
/// # Errors
/// The database's own error.
pub fn open_dispatches(conn: &mut Conn) -> Result<Vec<Dispatch>> {
    Ok(store::open_dispatches(conn)?)
}

/// Records that letters were posted, or LINE messages sent, by people outside this server.
///
/// `how` says by whom, and under which receipt; it goes on the timeline.
///
/// # Errors
/// [`Code::WrongState`] for mails, and for what was handed over already; [`Code::InvalidInput`] without words.
pub fn hand_over(
    tx: &mut Conn,
    by: &Granted<can::SendNotice>,
    now: Instant,
    incident_id: &str,
    id: &BatchId,
    how: &str,
) -> Result<Dispatch> {
    timeline::lock(tx, incident_id)?;
    let dispatch = store::dispatch(tx, id)?
        .filter(|dispatch| dispatch.incident_id == incident_id)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let by_hand = matches!(
        dispatch.channel,
        NoticeChannel::Letter | NoticeChannel::Line
    );
    if !by_hand || !dispatch.handed_over.is_empty() {
        return Err(Problem::new(Code::WrongState));
    }
    let after = Dispatch {
        handed_over: input::line("handed_over", how, 300)?,
        ..dispatch
    };
    store::mark_handed_over(tx, id, &after.handed_over)?;
    let notice = store::find(tx, incident_id, &after.notice_id)?;
    let payload = json!({
        "dispatch": after.id,
        "people": after.audience,
        "channel": after.channel,
        "how": after.handed_over,
    });
    append(tx, &by.id, now, &notice, Kind::NoticeHandedOver, payload)?;
    Ok(after)
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
/// [`Code::InvalidInput`] for an instant that lies ahead; [`Code::WrongState`] for a notice that is not approved.
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
        if !approved.notice.kind.serves(&new.duty_id) || approved.notice.kind.is_sent_to_people() {
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
