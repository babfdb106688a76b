//! How long a register is kept, and how it is destroyed: whole, or one person of it.
//!
//! The destruction begins with the key of the incident's people, in one
//! transaction with the figures that stay ([`begin_purge`]): from then on nothing
//! of them can be read, whatever happens. Rows and files follow
//! ([`continue_purge`]), some thousand people in one transaction, and a crash
//! only delays them. What is told on the timeline is told when it is true.

mod erase;
mod purge;

use jiff::civil::Date;
use serde_json::json;

pub use erase::{Erased, erase, files_of_person};
pub use purge::{TABLES, begin_purge, continue_purge, unfinished_purges};

use super::model::{Counts, Holdings, NewRetention, Retention, RetentionRow, Roster, RosterState};
use super::{check_text, field_problem, register, rosters, store};
use crate::evidence::{self, Evidence};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::outbox;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Scope;

/// The longest basis of a rule.
const BASIS: usize = 500;
/// The rule of an incident, if one was set.
///
/// # Errors
/// The database's own error.
pub fn retention(conn: &mut Conn, incident_id: &str) -> Result<Option<Retention>> {
    store::retention(conn, incident_id)?
        .map(Retention::of)
        .transpose()
}

/// Decides until when the register of an incident is kept.
///
/// `today` is the day of the server's zone: a rule cannot end in the past.
///
/// # Errors
/// [`Code::InvalidInput`]; [`Code::EditConflict`] when somebody changed the rule meanwhile;
/// [`Code::Purged`] once the destruction began.
pub fn set_retention(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    today: Date,
    incident_id: &str,
    new: &NewRetention,
) -> Result<Retention> {
    let (keep_until, basis) = checked(new, today)?;
    timeline::lock(tx, incident_id)?;
    let earlier = store::retention(tx, incident_id)?;
    if earlier.as_ref().map_or(0, |row| row.version) != new.version {
        return Err(Problem::new(Code::EditConflict));
    }
    if earlier
        .as_ref()
        .is_some_and(|row| row.purge_started_at.is_some())
    {
        return Err(Problem::new(Code::Purged));
    }
    let row = RetentionRow {
        incident_id: incident_id.to_owned(),
        keep_until: keep_until.to_string(),
        basis: basis.to_owned(),
        set_by: actor.as_str().to_owned(),
        set_at: now,
        purge_started_at: None,
        purged_by: None,
        purged_at: None,
        counts: None,
        version: new.version.saturating_add(1),
    };
    match earlier {
        None => store::insert_retention(tx, &row)?,
        Some(_) => store::update_retention(tx, &row)?,
    }
    let payload = json!({ "keep_until": row.keep_until, "basis": row.basis });
    tell(tx, actor, now, Kind::RetentionSet, incident_id, payload)?;
    Retention::of(row)
}

/// Rules whose last day has passed and whose register is still there.
///
/// # Errors
/// The database's own error.
pub fn due(conn: &mut Conn, today: Date) -> Result<Vec<Retention>> {
    let yesterday = today.yesterday().map_err(Problem::internal)?;
    ending_by(conn, yesterday)
}

/// Rules whose last day is this or an earlier one and whose register is still there.
///
/// # Errors
/// The database's own error.
pub fn ending_by(conn: &mut Conn, day: Date) -> Result<Vec<Retention>> {
    store::ending_by(conn, &day.to_string())?
        .into_iter()
        .map(Retention::of)
        .collect()
}

/// What the destruction of a register would take, and what it would leave.
///
/// # Errors
/// The database's own error.
pub fn holdings(conn: &mut Conn, incident_id: &str) -> Result<Holdings> {
    let scope = Scope::people(incident_id);
    let rosters = store::rosters(conn, incident_id)?;
    Ok(Holdings {
        counts: register::counts(conn, incident_id)?,
        files: files_of_people(conn, incident_id)?,
        at_work: rosters
            .iter()
            .filter(|roster| is_unfinished(roster))
            .count(),
        problems: rosters.iter().map(|roster| roster.problem_count).sum(),
        rosters: rosters.len(),
        mails: outbox::held(conn, &scope)?,
    })
}

/// Refuses whatever would need the people of an incident once they were destroyed.
///
/// # Errors
/// [`Code::Purged`].
pub(super) fn refuse_destroyed(conn: &mut Conn, incident_id: &str) -> Result<()> {
    match kept_counts(conn, incident_id)? {
        Some(_) => Err(Problem::new(Code::Purged)),
        None => Ok(()),
    }
}

/// What the register counted, once its destruction began.
pub(super) fn kept_counts(conn: &mut Conn, incident_id: &str) -> Result<Option<Counts>> {
    let counts = store::kept_counts(conn, incident_id)?;
    Ok(counts.as_deref().map(serde_json::from_str).transpose()?)
}

/// The rosters of an incident, which nobody can change until the transaction ends.
///
/// # Errors
/// [`Code::WrongState`] while one of them is at work, or will be.
fn lock_finished_rosters(tx: &mut Conn, incident_id: &str) -> Result<Vec<Roster>> {
    let mut locked = Vec::new();
    for roster in rosters::rosters(tx, incident_id)? {
        let roster = store::lock_roster(tx, &roster.id)?;
        if is_unfinished(&roster) {
            return Err(Problem::new(Code::WrongState));
        }
        locked.push(roster);
    }
    Ok(locked)
}

fn is_unfinished(roster: &Roster) -> bool {
    roster.state.is_at_work() || roster.state == RosterState::Paused
}

/// Files sealed under the people's key whose bytes are still there, and others with the same bytes.
fn files_of_people(conn: &mut Conn, incident_id: &str) -> Result<Vec<Evidence>> {
    let scope = Scope::people(incident_id);
    with_same_bytes(conn, incident_id, |file| file.scope == scope.as_str())
}

/// The files of these rosters whose bytes are still there, and others with the same bytes.
fn files_with(
    conn: &mut Conn,
    incident_id: &str,
    rosters: &[Roster],
    wanted: impl Fn(&Roster) -> bool,
) -> Result<Vec<Evidence>> {
    let ids: Vec<_> = rosters
        .iter()
        .filter(|roster| wanted(roster))
        .map(|roster| &roster.evidence_id)
        .collect();
    with_same_bytes(conn, incident_id, |file| ids.contains(&&file.id))
}

/// Somebody may have handed in the same file as evidence by itself: it holds the same people.
fn with_same_bytes(
    conn: &mut Conn,
    incident_id: &str,
    wanted: impl Fn(&Evidence) -> bool,
) -> Result<Vec<Evidence>> {
    let all = evidence::list(conn, incident_id)?;
    let digests: Vec<_> = all
        .iter()
        .filter(|file| wanted(file))
        .map(|file| file.sha256.clone())
        .collect();
    Ok(all
        .into_iter()
        .filter(|file| file.destroyed_at.is_none() && digests.contains(&file.sha256))
        .collect())
}

fn checked(new: &NewRetention, today: Date) -> Result<(Date, &str)> {
    let mut wrong = Vec::new();
    let day = new.keep_until.trim();
    let keep_until = day.parse::<Date>().ok();
    match keep_until {
        _ if day.is_empty() => wrong.push(field_problem("keep_until", "field-required", None)),
        None => wrong.push(field_problem("keep_until", "field-invalid-date", None)),
        Some(day) if day < today => {
            wrong.push(field_problem("keep_until", "field-day-has-passed", None));
        }
        Some(_) => {}
    }
    let basis = new.basis.trim();
    check_text("basis", basis, BASIS, &mut wrong);
    if basis.is_empty() {
        wrong.push(field_problem("basis", "field-required", None));
    }
    match keep_until {
        Some(day) if wrong.is_empty() => Ok((day, basis)),
        _ => Err(Problem::fields(wrong)),
    }
}

fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    kind: Kind,
    incident_id: &str,
    payload: serde_json::Value,
) -> Result<()> {
    let event = Event {
        incident_id,
        kind,
        actor,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
