//! Beginning a notice, writing new versions, choosing its readers.

use serde_json::json;

use super::draft::Drafted;
use super::{
    Audience, Content, Notice, NoticeId, NoticeKind, NoticeState, Version, append, newest_version,
    rules, store,
};
use crate::accounts::{Granted, can};
use crate::affected::Filter;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Kind};

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
    audience: Option<Audience>,
    drafted: Drafted,
) -> Result<Notice> {
    let notice = Notice {
        id: NoticeId::fresh(now),
        incident_id: incident_id.to_owned(),
        kind,
        state: NoticeState::Draft,
        version: 1,
        audience: stored(audience.as_ref())?,
        chain: String::new(),
        stage: 0,
        created_by: by.id.clone(),
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &notice)?;
    let open = drafted.gaps.len();
    let version = Version {
        version: 1,
        content: drafted.content,
        gaps: drafted.gaps,
        known: drafted.known,
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

/// Writes a new version; what was approved or handed in is void.
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
    let before = open(tx, incident_id, id, seen)?;
    let content = rules::parse(before.kind, content).map_err(Problem::fields)?;
    let newest = newest_version(tx, &before)?;
    if newest.content == content {
        return Ok(before);
    }
    let gaps = newest
        .gaps
        .into_iter()
        .filter(|_| rules::has_gap(&content))
        .collect();
    write(tx, by, now, before, |version| Version {
        content,
        gaps,
        known: newest.known,
        ..version
    })
}

/// Chooses the people whom a notice goes to; what was approved or handed in is void.
///
/// # Errors
/// Those of [`edit`]; [`Code::WrongState`] for a notice that goes to no person.
pub fn set_audience(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    filter: Filter,
) -> Result<Notice> {
    let before = open(tx, incident_id, id, seen)?;
    if !before.kind.is_sent_to_people() {
        return Err(Problem::new(Code::WrongState));
    }
    if before
        .audience()
        .is_some_and(|audience| audience.filter == filter)
    {
        return Ok(before);
    }
    let audience = Audience { filter, people: 0 };
    let before = Notice {
        audience: stored(Some(&audience))?,
        ..before
    };
    let newest = newest_version(tx, &before)?;
    // A version of its own: whoever approved the old readers did not approve these.
    write(tx, by, now, before, |version| Version {
        content: newest.content,
        gaps: newest.gaps,
        known: newest.known,
        ..version
    })
}

pub(super) fn stored(audience: Option<&Audience>) -> Result<String> {
    Ok(audience
        .map(serde_json::to_string)
        .transpose()?
        .unwrap_or_default())
}

/// A notice that may still be written, if nobody wrote since `seen`.
fn open(tx: &mut Conn, incident_id: &str, id: &NoticeId, seen: i64) -> Result<Notice> {
    timeline::lock(tx, incident_id)?;
    let notice = store::find(tx, incident_id, id)?;
    if notice.state == NoticeState::Issued {
        return Err(Problem::new(Code::WrongState));
    }
    if notice.version != seen {
        return Err(Problem::new(Code::EditConflict));
    }
    Ok(notice)
}

fn write(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    before: Notice,
    fill: impl FnOnce(Version) -> Version,
) -> Result<Notice> {
    let voided = before.state != NoticeState::Draft;
    let after = Notice {
        state: NoticeState::Draft,
        version: before.version.saturating_add(1),
        chain: String::new(),
        stage: 0,
        updated_at: now,
        ..before
    };
    let version = fill(Version {
        version: after.version,
        content: Content::default(),
        gaps: Vec::new(),
        known: Default::default(),
        author_id: by.id.clone(),
        recorded_at: now,
    });
    store::update(tx, &after)?;
    store::insert_version(tx, &after.id, &version)?;
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
