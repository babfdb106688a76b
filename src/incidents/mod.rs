//! The case: what is known of it, when its clocks began.
//!
//! In come declarations, answers and instants; out go incidents, facts and clock
//! starts, each change on the timeline. This room refuses to know the law, the
//! steps, and who is affected.

pub mod clock_starts;
pub mod contradictions;
pub mod facts;
mod model;
mod records;
pub mod rulings;
mod store;

use serde_json::json;

pub use model::{
    ActionId, Changes, ClockStartId, Declaration, FactId, Incident, IncidentId, Kind, Pattern,
    RulingId, Severity, State,
};
pub use records::{
    FactRecord, StartRecord, answer, answers, clock_starts_of, facts_of, start_clock,
    starts_history,
};

use crate::accounts::AccountId;
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind as EventKind};

const LONGEST_TITLE: usize = 200;

/// Opens a case; from now on everything about it is on its timeline.
///
/// # Errors
/// [`Code::InvalidInput`] for an empty or too long title.
pub fn declare(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    zone: &jiff::tz::TimeZone,
    input: Declaration,
) -> Result<Incident> {
    let title = input::line("title", &input.title, LONGEST_TITLE)?;
    let kind = input.pattern.map(Pattern::kind).or(input.kind);
    let incident = Incident {
        id: IncidentId::fresh(now),
        number: store::next_number(tx, now.in_zone(zone).year())?,
        title,
        kind,
        pattern: input.pattern,
        severity: input.severity,
        practice: input.practice,
        state: State::Open,
        commander_id: None,
        declared_by: by.clone(),
        declared_at: now,
        closed_at: None,
        version: 1,
    };
    store::insert(tx, &incident)?;
    let payload = json!({
        "number": incident.number,
        "title": incident.title,
        "kind": incident.kind,
        "pattern": incident.pattern,
        "practice": incident.practice,
    });
    record(
        tx,
        &incident.id,
        by,
        now,
        EventKind::IncidentDeclared,
        payload,
    )?;
    Ok(incident)
}

/// One incident.
///
/// # Errors
/// [`Code::NotFound`].
pub fn find(conn: &mut Conn, id: &IncidentId) -> Result<Incident> {
    Ok(store::find(conn, id)?)
}

/// All incidents, newest first.
///
/// # Errors
/// The database's own error.
pub fn list(conn: &mut Conn) -> Result<Vec<Incident>> {
    Ok(store::list(conn)?)
}

/// Changes title, kind, pattern and severity.
///
/// # Errors
/// [`Code::EditConflict`] when somebody else changed it meanwhile; [`Code::InvalidInput`].
pub fn change(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    changes: Changes,
) -> Result<Incident> {
    timeline::lock(tx, id.as_str())?;
    let before = find(tx, id)?;
    if before.version != changes.version {
        return Err(Problem::new(Code::EditConflict));
    }
    let after = Incident {
        title: input::line("title", &changes.title, LONGEST_TITLE)?,
        kind: changes.pattern.map(Pattern::kind).or(changes.kind),
        pattern: changes.pattern,
        severity: changes.severity,
        version: before.version.saturating_add(1),
        ..before.clone()
    };
    store::update(tx, &after)?;
    let payload = json!({
        "before": {"title": before.title, "kind": before.kind, "pattern": before.pattern, "severity": before.severity},
        "after": {"title": after.title, "kind": after.kind, "pattern": after.pattern, "severity": after.severity},
        "title": after.title,
    });
    record(tx, id, by, now, EventKind::IncidentChanged, payload)?;
    Ok(after)
}

/// Names who commands; `name` is a member of the team, kept for the account.
///
/// # Errors
/// [`Code::NotFound`].
pub fn name_commander(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    commander: &AccountId,
    name: &str,
) -> Result<Incident> {
    timeline::lock(tx, id.as_str())?;
    let before = find(tx, id)?;
    let after = Incident {
        commander_id: Some(commander.clone()),
        version: before.version.saturating_add(1),
        ..before
    };
    store::update(tx, &after)?;
    record(
        tx,
        id,
        by,
        now,
        EventKind::CommanderNamed,
        json!({"account": commander, "name": name}),
    )?;
    Ok(after)
}

/// Ends the response, or takes it up again.
///
/// # Errors
/// [`Code::WrongState`] when it already is in that state; [`Code::EditConflict`].
pub fn set_state(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    state: State,
    version: i64,
) -> Result<Incident> {
    timeline::lock(tx, id.as_str())?;
    let before = find(tx, id)?;
    if before.version != version {
        return Err(Problem::new(Code::EditConflict));
    }
    if before.state == state {
        return Err(Problem::new(Code::WrongState));
    }
    let (kind, closed_at) = match state {
        State::Closed => (EventKind::IncidentClosed, Some(now)),
        State::Open => (EventKind::IncidentReopened, None),
    };
    let after = Incident {
        state,
        closed_at,
        version: before.version.saturating_add(1),
        ..before
    };
    store::update(tx, &after)?;
    record(tx, id, by, now, kind, json!({"number": after.number}))?;
    Ok(after)
}

/// Writes a note or a decision by hand.
///
/// # Errors
/// [`Code::InvalidInput`] for an empty or too long text, or an instant that lies ahead.
pub fn note(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    text: &str,
    decision: bool,
    occurred_at: Option<Instant>,
) -> Result<()> {
    let text = input::paragraphs("text", text, 4_000)?;
    if text.is_empty() {
        return Err(input::wrong("text", "field-required").into());
    }
    if occurred_at.is_some_and(|at| at > now) {
        return Err(input::wrong("occurred_at", "field-in-the-future").into());
    }
    find(tx, id)?;
    let kind = if decision {
        EventKind::Decision
    } else {
        EventKind::Note
    };
    timeline::append(
        tx,
        now,
        Event {
            incident_id: id.as_str(),
            kind,
            actor: &Actor::account(by.as_str()),
            occurred_at,
            payload: json!({"text": text}),
        },
    )?;
    Ok(())
}

/// Says anew what a note or a decision said; the earlier entry stays in the chain.
///
/// When it happened is taken from the earlier entry where nothing is said.
///
/// # Errors
/// Those of [`note`]; [`Code::WrongState`] for an entry that nobody wrote by hand or whose
/// content was erased; those of [`timeline::correct`].
pub fn correct_note(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    (id, seq): (&IncidentId, i64),
    text: &str,
    occurred_at: Option<Instant>,
) -> Result<()> {
    let text = input::paragraphs("text", text, 4_000)?;
    if text.is_empty() {
        return Err(input::wrong("text", "field-required").into());
    }
    if occurred_at.is_some_and(|at| at > now) {
        return Err(input::wrong("occurred_at", "field-in-the-future").into());
    }
    let earlier = timeline::entry(tx, id.as_str(), seq)?;
    let by_hand = matches!(earlier.kind, EventKind::Note | EventKind::Decision);
    if !by_hand || earlier.payload.is_none() {
        return Err(Problem::new(Code::WrongState));
    }
    let event = Event {
        incident_id: id.as_str(),
        kind: earlier.kind,
        actor: &Actor::account(by.as_str()),
        occurred_at: Some(occurred_at.unwrap_or(earlier.occurred_at)),
        payload: json!({"text": text, "corrects": seq}),
    };
    timeline::correct(tx, now, seq, event).map(drop)
}

/// Appends an entry that tells of something which happens now.
fn record(
    tx: &mut Conn,
    id: &IncidentId,
    by: &AccountId,
    now: Instant,
    kind: EventKind,
    payload: serde_json::Value,
) -> Result<()> {
    let event = Event {
        incident_id: id.as_str(),
        kind,
        actor: &Actor::account(by.as_str()),
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
