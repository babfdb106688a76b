//! What is told to whom: drafted, edited, approved by a second person, filed or sent.
//!
//! In come facts in words; out go drafts, versions, and [`Approved`], the only
//! thing that can be sent. An approval freezes bytes and their digest; any edit
//! after it voids it. This room refuses to know how mail is delivered and who is
//! affected: [`crate::workflow`] brings those together.

pub mod draft;
mod issue;
mod model;
pub mod rules;
mod store;

use serde_json::{Value, json};

pub use issue::{NewFiling, record_dispatch, record_filing};
pub use model::{
    Approval, ApprovalId, Approved, Content, Decision, Dispatch, Filing, FilingId, FilingStage,
    Frozen, Notice, NoticeId, NoticeKind, NoticeState, Version,
};

use crate::accounts::{AccountId, Granted, can};
use crate::kernel::{Code, Instant, Locale, LocaleText, Problem, Result, Sha256, input};
use crate::outbox::BatchId;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// Begins a notice with its first version.
///
/// # Errors
/// The database's own error.
pub fn begin(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    kind: NoticeKind,
    content: Content,
    gaps: Vec<String>,
) -> Result<Notice> {
    let notice = Notice {
        id: NoticeId::fresh(now),
        incident_id: incident_id.to_owned(),
        kind,
        state: NoticeState::Draft,
        version: 1,
        created_by: by.id.clone(),
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &notice)?;
    let open = gaps.len();
    let version = Version {
        version: 1,
        content,
        gaps,
        author_id: by.id.clone(),
        recorded_at: now,
    };
    store::insert_version(tx, &notice.id, &version)?;
    append(
        tx,
        &by.id,
        now,
        &notice,
        Kind::NoticeDrafted,
        json!({"gaps": open}),
    )?;
    Ok(notice)
}

/// Writes a new version; an approval that stood is void.
///
/// # Errors
/// [`Code::EditConflict`] when somebody else wrote since `seen`; [`Code::WrongState`]
/// once it was issued; [`Code::InvalidInput`] with every wrong field.
pub fn edit(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    content: &Content,
) -> Result<Notice> {
    timeline::lock(tx, incident_id)?;
    let before = store::find(tx, incident_id, id)?;
    if before.state == NoticeState::Issued {
        return Err(Problem::new(Code::WrongState));
    }
    if before.version != seen {
        return Err(Problem::new(Code::EditConflict));
    }
    let content = rules::parse(before.kind, content).map_err(Problem::fields)?;
    let newest = newest_version(tx, &before)?;
    if newest.content == content {
        return Ok(before);
    }
    let gaps = newest
        .gaps
        .into_iter()
        .filter(|_| has_gap(&content))
        .collect();
    let voided = before.state == NoticeState::Approved;
    let after = Notice {
        state: NoticeState::Draft,
        version: before.version.saturating_add(1),
        updated_at: now,
        ..before
    };
    let version = Version {
        version: after.version,
        content,
        gaps,
        author_id: by.id.clone(),
        recorded_at: now,
    };
    store::update(tx, &after)?;
    store::insert_version(tx, id, &version)?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeEdited,
        json!({"approval_voided": voided}),
    )?;
    Ok(after)
}

/// Hands a notice in for approval.
///
/// # Errors
/// [`Code::WrongState`] unless it is a draft; [`Code::EditConflict`]; [`Code::InvalidInput`]
/// naming the parts that are empty, or that still hold a gap in a mail to people.
pub fn submit(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Draft)?;
    let problems = rules::submission_problems(before.kind, &newest_version(tx, &before)?.content);
    if !problems.is_empty() {
        return Err(Problem::fields(problems));
    }
    let after = Notice {
        state: NoticeState::Submitted,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    decide(tx, &by.id, now, &after, Decision::Submitted, None, None)?;
    append(tx, &by.id, now, &after, Kind::NoticeSubmitted, json!({}))?;
    Ok(after)
}

/// Approves a notice that somebody else wrote, and freezes its bytes.
///
/// # Errors
/// [`Code::FourEyes`] for the author of the version or the one who handed it in;
/// [`Code::WrongState`] unless it waits for approval; [`Code::EditConflict`].
pub fn approve(
    tx: &mut Conn,
    by: &Granted<can::ApproveNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Submitted)?;
    let version = newest_version(tx, &before)?;
    let handed_in = store::approvals_of(tx, id)?
        .into_iter()
        .rev()
        .find(|approval| approval.decision == Decision::Submitted);
    if version.author_id == by.id || handed_in.is_some_and(|approval| approval.account_id == by.id)
    {
        return Err(Problem::new(Code::FourEyes));
    }
    let frozen = Frozen {
        notice_id: id.clone(),
        kind: before.kind,
        version: before.version,
        html: before
            .kind
            .is_sent_to_people()
            .then(|| html(&version.content)),
        content: version.content,
    };
    let bytes = serde_json::to_vec(&frozen)?;
    let digest = Sha256::of(&bytes);
    let after = Notice {
        state: NoticeState::Approved,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    decide(
        tx,
        &by.id,
        now,
        &after,
        Decision::Approved,
        None,
        Some((digest, bytes)),
    )?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeApproved,
        json!({"sha256": digest.to_string()}),
    )?;
    Ok(after)
}

/// Sends a notice back to its author, with the reason.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason; [`Code::WrongState`]; [`Code::EditConflict`].
pub fn send_back(
    tx: &mut Conn,
    by: &Granted<can::ApproveNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    reason: &str,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Submitted)?;
    let reason = input::line("reason", reason, 500)?;
    let after = Notice {
        state: NoticeState::Draft,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    decide(
        tx,
        &by.id,
        now,
        &after,
        Decision::SentBack,
        Some(reason.clone()),
        None,
    )?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeSentBack,
        json!({"reason": reason}),
    )?;
    Ok(after)
}

/// The approved bytes of a notice, checked against their digest.
///
/// # Errors
/// [`Code::WrongState`] unless it is approved; [`Code::Internal`] when the bytes were changed since.
pub fn approved(conn: &mut Conn, incident_id: &str, id: &NoticeId) -> Result<Approved> {
    let notice = store::find(conn, incident_id, id)?;
    if notice.state != NoticeState::Approved {
        return Err(Problem::new(Code::WrongState));
    }
    let approval = store::approvals_of(conn, id)?
        .into_iter()
        .rev()
        .find(|approval| {
            approval.decision == Decision::Approved && approval.version == notice.version
        });
    let bytes = approval
        .as_ref()
        .and_then(|approval| approval.bytes.as_deref())
        .unwrap_or_default();
    let digest = Sha256::of(bytes);
    if approval
        .as_ref()
        .and_then(|approval| approval.digest.as_deref())
        != Some(digest.to_string().as_str())
    {
        return Err(Problem::internal(
            "the approved bytes do not match their digest",
        ));
    }
    Ok(Approved {
        notice,
        frozen: serde_json::from_slice(bytes)?,
        digest,
    })
}

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

fn newest_version(conn: &mut Conn, notice: &Notice) -> Result<Version> {
    store::versions(conn, &notice.id)?
        .pop()
        .ok_or_else(|| Problem::internal("a notice has no version"))
}

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

fn decide(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    notice: &Notice,
    decision: Decision,
    reason: Option<String>,
    frozen: Option<(Sha256, Vec<u8>)>,
) -> Result<()> {
    let (digest, bytes) = frozen
        .map(|(digest, bytes)| (digest.to_string(), bytes))
        .unzip();
    let approval = Approval {
        id: ApprovalId::fresh(now),
        notice_id: notice.id.clone(),
        version: notice.version,
        decision,
        account_id: by.clone(),
        reason,
        digest,
        bytes,
        recorded_at: now,
    };
    Ok(store::insert_approval(tx, &approval)?)
}

fn html(content: &Content) -> LocaleText {
    let of = |locale| {
        rules::html(
            content.part("subject", locale),
            content.part("body", locale),
            locale,
        )
    };
    LocaleText {
        ja: of(Locale::Ja),
        en: of(Locale::En),
    }
}

fn has_gap(content: &Content) -> bool {
    content
        .0
        .values()
        .any(|text| rules::gaps(&text.ja) + rules::gaps(&text.en) > 0)
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
