//! Custody of a file: who sealed, saw, took, gave and checked it, and what became of it.
//!
//! The log is the timeline's: every step is an entry whose payload names the file.

use serde_json::{Value, json};

use super::{Evidence, EvidenceId, Verification, find, hold, store, tell};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::timeline::{self, Actor, Entry, Kind};

const WORD_LIMIT: usize = 200;
const REASON_LIMIT: usize = 1_000;

/// Every kind of entry that tells of custody.
const KINDS: [Kind; 8] = [
    Kind::EvidenceSealed,
    Kind::EvidenceSeen,
    Kind::EvidenceOpened,
    Kind::EvidenceGiven,
    Kind::EvidenceVerified,
    Kind::EvidenceHeld,
    Kind::EvidenceReleased,
    Kind::EvidenceDestroyed,
];

/// What a person says about a file that they gave away.
#[derive(Clone, Debug)]
pub struct Handover {
    /// To whom.
    pub to: String,
    /// By what way: by hand, by post on a sealed medium, through a portal.
    pub how: String,
    /// Why.
    pub reason: String,
    /// When; now, when nothing is said.
    pub at: Option<Instant>,
}

/// Records that a file, or a copy of it, was given to somebody.
///
/// # Errors
/// [`Code::InvalidInput`]; [`Code::NotFound`] for a file of another incident.
pub fn give(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    id: &EvidenceId,
    handover: &Handover,
) -> Result<()> {
    let evidence = of_incident(tx, incident_id, id)?;
    let to = input::line("to", &handover.to, WORD_LIMIT)?;
    let how = input::line("how", &handover.how, WORD_LIMIT)?;
    let reason = input::line("reason", &handover.reason, REASON_LIMIT)?;
    if handover.at.is_some_and(|at| at > now) {
        return Err(input::wrong("at", "field-in-the-future").into());
    }
    let mut payload = named(&evidence);
    merge(
        &mut payload,
        json!({"to": to, "how": how, "reason": reason}),
    );
    let event = timeline::Event {
        incident_id,
        kind: Kind::EvidenceGiven,
        actor,
        occurred_at: handover.at,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}

/// Records what a check of a file found.
///
/// # Errors
/// [`Code::NotFound`] for a file of another incident; [`Code::Purged`] for one destroyed meanwhile.
pub fn verified(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    id: &EvidenceId,
    found: Verification,
) -> Result<()> {
    let evidence = of_incident(tx, incident_id, id)?;
    if evidence.destroyed_at.is_some() && found != Verification::Destroyed {
        // Destroyed while it was read: what was found then is no longer true.
        return Err(Problem::new(Code::Purged));
    }
    let mut payload = named(&evidence);
    merge(&mut payload, json!({ "found": found }));
    tell(tx, actor, now, Kind::EvidenceVerified, &evidence, payload)
}

/// Marks a file's bytes as destroyed, with a reason, and writes the proof on the timeline.
///
/// The caller removes the bytes after the commit ([`super::remove_bytes`]).
///
/// # Errors
/// [`Code::EvidenceHeld`]; [`Code::Purged`] when it was destroyed before; [`Code::WrongState`] for a
/// roster; [`Code::InvalidInput`] without a reason; [`Code::NotFound`] for a file of another incident.
pub fn purge(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    id: &EvidenceId,
    reason: &str,
) -> Result<Evidence> {
    let evidence = of_incident(tx, incident_id, id)?;
    let reason = input::line("reason", reason, REASON_LIMIT)?;
    if evidence.destroyed_at.is_some() {
        return Err(Problem::new(Code::Purged));
    }
    if evidence.belongs_to_register() {
        // A roster goes with the register, whose figures and key go with it.
        return Err(Problem::new(Code::WrongState));
    }
    hold::refuse_held(tx, incident_id, Some(id))?;
    store::mark_destroyed(tx, id, now)?;
    let mut payload = named(&evidence);
    merge(
        &mut payload,
        json!({"size": evidence.size, "address": evidence.address, "reason": reason}),
    );
    tell(tx, actor, now, Kind::EvidenceDestroyed, &evidence, payload)?;
    Ok(Evidence {
        destroyed_at: Some(now),
        ..evidence
    })
}

/// The custody log of one file, in the order of recording; holds on the whole incident are in it.
///
/// # Errors
/// [`Code::NotFound`] for a file of another incident.
pub fn log(conn: &mut Conn, incident_id: &str, id: &EvidenceId) -> Result<Vec<Entry>> {
    of_incident(conn, incident_id, id)?;
    let mut entries = timeline::of_kinds(conn, incident_id, &KINDS)?;
    entries.retain(|entry| match entry.details().get("evidence_id") {
        Some(Value::String(named)) => named == id.as_str(),
        // A hold that names no file is on all of them.
        _ => matches!(entry.kind, Kind::EvidenceHeld | Kind::EvidenceReleased),
    });
    Ok(entries)
}

/// The entry that proves the destruction of a file.
///
/// # Errors
/// [`Code::NotFound`] while the file is there, and for a file of another incident.
pub fn proof(conn: &mut Conn, incident_id: &str, id: &EvidenceId) -> Result<(Evidence, Entry)> {
    let evidence = of_incident(conn, incident_id, id)?;
    let destroyed = timeline::of_kind(conn, incident_id, Kind::EvidenceDestroyed)?;
    destroyed
        .into_iter()
        .rfind(|entry| entry.details().get("evidence_id") == Some(&json!(id)))
        .map(|entry| (evidence, entry))
        .ok_or_else(|| Problem::new(Code::NotFound))
}

/// One file of an incident.
///
/// # Errors
/// [`Code::NotFound`] for a file of another incident.
pub fn of_incident(conn: &mut Conn, incident_id: &str, id: &EvidenceId) -> Result<Evidence> {
    let evidence = find(conn, id)?;
    if evidence.incident_id != incident_id {
        return Err(Problem::new(Code::NotFound));
    }
    Ok(evidence)
}

fn named(evidence: &Evidence) -> Value {
    json!({
        "evidence_id": evidence.id,
        "name": evidence.name,
        "sha256": evidence.sha256,
    })
}

fn merge(payload: &mut Value, more: Value) {
    if let (Value::Object(payload), Value::Object(more)) = (payload, more) {
        payload.extend(more);
    }
}
