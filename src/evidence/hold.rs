//! Legal holds: what must not be destroyed, by whose word, and why.
//!
//! A hold lies on one file, or on everything of an incident. It is never deleted:
//! lifting it takes a reason, too, and both are told by the timeline.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::{Evidence, EvidenceId, find};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::evidence_holds;
use crate::timeline::{self, Actor, Event, Kind};

const REASON_LIMIT: usize = 1_000;

crate::ids! {
    /// Names one hold.
    HoldId;
}

/// A hold, as it is recorded.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = evidence_holds, treat_none_as_default_value = false)]
pub struct Hold {
    /// The hold's id.
    pub id: HoldId,
    /// The incident.
    pub incident_id: String,
    /// The file; everything of the incident when none is named.
    pub evidence_id: Option<EvidenceId>,
    /// Why.
    pub reason: String,
    /// An account's id.
    pub set_by: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Instant,
    /// Who lifted it.
    pub lifted_by: Option<String>,
    /// When it was lifted; it holds until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lifted_at: Option<Instant>,
    /// Why it was lifted; empty while it holds.
    pub lift_reason: String,
}

/// Holds one file, or everything of the incident, back from destruction.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason; [`Code::NotFound`] for a file of another incident;
/// [`Code::Purged`] for one whose bytes are gone.
pub fn set(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    file: Option<&EvidenceId>,
    reason: &str,
) -> Result<Hold> {
    let reason = stated(reason)?;
    let file = file
        .map(|id| of_incident(tx, incident_id, id))
        .transpose()?;
    if file
        .as_ref()
        .is_some_and(|file| file.destroyed_at.is_some())
    {
        return Err(Problem::new(Code::Purged));
    }
    let hold = Hold {
        id: HoldId::fresh(now),
        incident_id: incident_id.to_owned(),
        evidence_id: file.as_ref().map(|file| file.id.clone()),
        reason,
        set_by: actor.as_str().to_owned(),
        set_at: now,
        lifted_by: None,
        lifted_at: None,
        lift_reason: String::new(),
    };
    diesel::insert_into(evidence_holds::table)
        .values(&hold)
        .execute(tx)?;
    tell(
        tx,
        actor,
        now,
        Kind::EvidenceHeld,
        &hold,
        file,
        &hold.reason,
    )?;
    Ok(hold)
}

/// Lifts a hold.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason; [`Code::NotFound`]; [`Code::WrongState`] when it was lifted before.
pub fn lift(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    id: &HoldId,
    reason: &str,
) -> Result<()> {
    let reason = stated(reason)?;
    let hold: Hold = evidence_holds::table
        .find(id)
        .filter(evidence_holds::incident_id.eq(incident_id))
        .select(Hold::as_select())
        .first(tx)?;
    if hold.lifted_at.is_some() {
        return Err(Problem::new(Code::WrongState));
    }
    diesel::update(evidence_holds::table.find(id))
        .set((
            evidence_holds::lifted_by.eq(Some(actor.as_str())),
            evidence_holds::lifted_at.eq(Some(now)),
            evidence_holds::lift_reason.eq(&reason),
        ))
        .execute(tx)?;
    let file = hold
        .evidence_id
        .as_ref()
        .map(|id| find(tx, id))
        .transpose()?;
    tell(tx, actor, now, Kind::EvidenceReleased, &hold, file, &reason)
}

/// Every hold of an incident, lifted ones among them, in the order of setting.
///
/// # Errors
/// The database's own error.
pub fn list(conn: &mut Conn, incident_id: &str) -> Result<Vec<Hold>> {
    Ok(evidence_holds::table
        .filter(evidence_holds::incident_id.eq(incident_id))
        .order((evidence_holds::set_at, evidence_holds::id))
        .select(Hold::as_select())
        .load(conn)?)
}

/// Refuses when a hold lies on the whole incident, or on this file where one is named.
///
/// # Errors
/// [`Code::EvidenceHeld`].
pub fn refuse_held(conn: &mut Conn, incident_id: &str, file: Option<&EvidenceId>) -> Result<()> {
    let held = list(conn, incident_id)?.into_iter().any(|hold| {
        let reaches = hold.evidence_id.is_none() || hold.evidence_id.as_ref() == file;
        hold.lifted_at.is_none() && reaches
    });
    if held {
        return Err(Problem::new(Code::EvidenceHeld));
    }
    Ok(())
}

/// Refuses when a hold lies on the whole incident, or on a file that goes with its register.
///
/// # Errors
/// [`Code::EvidenceHeld`].
pub fn refuse_held_register(conn: &mut Conn, incident_id: &str) -> Result<()> {
    refuse_held(conn, incident_id, None)?;
    for hold in list(conn, incident_id)? {
        let Some(id) = hold.evidence_id.filter(|_| hold.lifted_at.is_none()) else {
            continue;
        };
        if find(conn, &id)?.belongs_to_register() {
            return Err(Problem::new(Code::EvidenceHeld));
        }
    }
    Ok(())
}

fn stated(reason: &str) -> Result<String> {
    let reason = input::paragraphs("reason", reason, REASON_LIMIT)?;
    if reason.is_empty() {
        return Err(input::wrong("reason", "field-required").into());
    }
    Ok(reason)
}

fn of_incident(conn: &mut Conn, incident_id: &str, id: &EvidenceId) -> Result<Evidence> {
    let file = find(conn, id)?;
    if file.incident_id != incident_id {
        return Err(Problem::new(Code::NotFound));
    }
    Ok(file)
}

fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    kind: Kind,
    hold: &Hold,
    file: Option<Evidence>,
    reason: &str,
) -> Result<()> {
    let payload = json!({
        "hold_id": hold.id,
        "evidence_id": hold.evidence_id,
        "name": file.map(|file| file.name),
        "reason": reason,
    });
    let event = Event {
        incident_id: &hold.incident_id,
        kind,
        actor,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
