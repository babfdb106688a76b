//! What to do next: the handbook, and how far one incident has come in it.
//!
//! In come a playbook and the moves of the team; out go steps with their states
//! and instants, each change on the timeline. This room refuses to know whether
//! a fact or a notice exists: it is told what holds, and finishes the steps that
//! waited for it.

mod content;
mod model;
pub mod rules;
mod store;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use content::{GENERAL, Library};
pub use model::{
    Link, Phase, PhaseContent, Playbook, Sentences, Step, StepContent, StepId, StepState,
};
pub use rules::Move;

use crate::accounts::AccountId;
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// Lays out the steps of a playbook.
///
/// When the team learns that it is another pattern, a second playbook is started
/// for the same incident: steps with the same key keep their state and people.
///
/// # Errors
/// The database's own error. A playbook that was started before is left as it is.
pub fn start(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    playbook: &Playbook,
) -> Result<()> {
    let earlier = store::of_incident(tx, incident_id)?;
    if earlier.iter().any(|step| step.playbook_id == playbook.id) {
        return Ok(());
    }
    for (position, (phase, content)) in (0_i64..).zip(playbook.steps()) {
        let known = earlier
            .iter()
            .rev()
            .find(|step| step.step_key == content.key);
        let step = Step {
            id: StepId::fresh(now),
            incident_id: incident_id.to_owned(),
            playbook_id: playbook.id.clone(),
            phase,
            step_key: content.key.clone(),
            position,
            state: known.map_or(StepState::Todo, |step| step.state),
            assignee_id: known.and_then(|step| step.assignee_id.clone()),
            started_at: known.and_then(|step| step.started_at),
            finished_at: known.and_then(|step| step.finished_at),
            reason: known.and_then(|step| step.reason.clone()),
            version: 1,
        };
        store::insert(tx, &step)?;
    }
    let payload = json!({"playbook": playbook.id, "version": playbook.version, "title_ja": playbook.title.ja, "title_en": playbook.title.en});
    append(tx, actor, now, incident_id, Kind::PlaybookStarted, payload)
}

/// The steps of an incident in one playbook, in order.
///
/// # Errors
/// The database's own error.
pub fn steps(conn: &mut Conn, incident_id: &str, playbook_id: &str) -> Result<Vec<Step>> {
    Ok(store::of_playbook(conn, incident_id, playbook_id)?)
}

/// One step of an incident.
///
/// # Errors
/// [`Code::NotFound`].
pub fn step(conn: &mut Conn, incident_id: &str, id: &StepId) -> Result<Step> {
    Ok(store::find(conn, incident_id, id)?)
}

/// Starts, finishes, skips or reopens a step. `reason` is required to skip.
///
/// # Errors
/// [`Code::EditConflict`] when the step changed since `version`; [`Code::WrongState`]
/// when its state does not allow the move; [`Code::InvalidInput`] without a reason.
pub fn move_step(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    playbook: &Playbook,
    incident_id: &str,
    id: &StepId,
    version: i64,
    step_move: Move,
    reason: &str,
) -> Result<Step> {
    timeline::lock(tx, incident_id)?;
    let before = store::find(tx, incident_id, id)?;
    if before.version != version {
        return Err(Problem::new(Code::EditConflict));
    }
    let state =
        rules::after(before.state, step_move).ok_or_else(|| Problem::new(Code::WrongState))?;
    let reason = match step_move {
        Move::Skip => Some(input::line("reason", reason, 500)?),
        _ => None,
    };
    change(tx, actor, now, playbook, before, step_move, state, reason)
}

/// Gives a step to a person of the team; `name` is kept for the account.
///
/// # Errors
/// [`Code::NotFound`].
pub fn assign(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    playbook: &Playbook,
    incident_id: &str,
    id: &StepId,
    assignee: &AccountId,
    name: &str,
) -> Result<Step> {
    timeline::lock(tx, incident_id)?;
    let before = store::find(tx, incident_id, id)?;
    let after = Step {
        assignee_id: Some(assignee.clone()),
        version: before.version.saturating_add(1),
        ..before
    };
    store::update(tx, &after)?;
    let mut payload = words_of(playbook, &after);
    if let Some(object) = payload.as_object_mut() {
        object.insert("account".to_owned(), json!(assignee));
        object.insert("name".to_owned(), json!(name));
    }
    append(tx, actor, now, incident_id, Kind::StepAssigned, payload)?;
    Ok(after)
}

/// Finishes every open step whose condition now holds; gives how many.
///
/// # Errors
/// The database's own error.
pub fn complete(
    tx: &mut Conn,
    now: Instant,
    playbook: &Playbook,
    incident_id: &str,
    holds: &BTreeSet<String>,
) -> Result<usize> {
    let mut finished = 0;
    for step in store::of_playbook(tx, incident_id, &playbook.id)? {
        let condition = playbook
            .step(&step.step_key)
            .and_then(|content| content.completes_on.as_deref());
        let waits = rules::after(step.state, Move::Finish).is_some();
        if waits && condition.is_some_and(|condition| holds.contains(condition)) {
            change(
                tx,
                &Actor::SYSTEM,
                now,
                playbook,
                step,
                Move::Finish,
                StepState::Done,
                None,
            )?;
            finished += 1;
        }
    }
    Ok(finished)
}

fn change(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    playbook: &Playbook,
    before: Step,
    step_move: Move,
    state: StepState,
    reason: Option<String>,
) -> Result<Step> {
    let (kind, started_at, finished_at) = match step_move {
        Move::Start => (Kind::StepStarted, Some(now), None),
        Move::Finish => (Kind::StepFinished, before.started_at, Some(now)),
        Move::Skip => (Kind::StepSkipped, before.started_at, Some(now)),
        Move::Reopen => (Kind::StepReopened, before.started_at.or(Some(now)), None),
    };
    let after = Step {
        state,
        started_at,
        finished_at,
        reason,
        version: before.version.saturating_add(1),
        ..before
    };
    store::update(tx, &after)?;
    let mut payload = words_of(playbook, &after);
    if let (Some(object), Some(reason)) = (payload.as_object_mut(), &after.reason) {
        object.insert("reason".to_owned(), json!(reason));
    }
    append(tx, actor, now, &after.incident_id, kind, payload)?;
    Ok(after)
}

fn words_of(playbook: &Playbook, step: &Step) -> Value {
    let title = playbook
        .step(&step.step_key)
        .map(|content| content.title.clone())
        .unwrap_or_default();
    json!({"step": step.step_key, "phase": step.phase, "title_ja": title.ja, "title_en": title.en})
}

fn append(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    kind: Kind,
    payload: Value,
) -> Result<()> {
    timeline::append(
        tx,
        now,
        Event {
            incident_id,
            kind,
            actor,
            occurred_at: None,
            payload,
        },
    )
    .map(drop)
}
