//! Keeping evidence: holds, who got it, checks on record, destruction with proof.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::House;
use super::entries::{self, EntryView};
use crate::accounts::{self, AccountId, Granted, can};
use crate::evidence::custody::{self, Handover};
use crate::evidence::hold::{self, Hold, HoldId};
use crate::evidence::{self, Evidence, EvidenceId, Verification};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Locale, Problem, Result, locale};
use crate::timeline::{self, Actor, Entry};

/// What is known of one file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Custody {
    /// Its row.
    pub evidence: Evidence,
    /// Whether name or sender claim a type that the bytes are not.
    pub type_differs: bool,
    /// The holds on it and on the whole incident, lifted ones among them.
    pub holds: Vec<Hold>,
    /// Who sealed, saw, took, gave, checked, held and destroyed it, in the order of recording.
    pub log: Vec<EntryView>,
}

impl House {
    /// Holds one file, or everything of the incident, back from destruction.
    ///
    /// # Errors
    /// Those of [`hold::set`].
    pub async fn hold_evidence(
        &self,
        by: &Granted<can::HoldEvidence>,
        id: &IncidentId,
        file: Option<EvidenceId>,
        reason: String,
    ) -> Result<Hold> {
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                incidents::find(tx, &id)?;
                timeline::lock(tx, id.as_str())?;
                hold::set(tx, &actor, now, id.as_str(), file.as_ref(), &reason)
            })
            .await
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// Those of [`hold::lift`].
    pub async fn release_evidence(
        &self,
        by: &Granted<can::HoldEvidence>,
        id: &IncidentId,
        hold: HoldId,
        reason: String,
    ) -> Result<()> {
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                hold::lift(tx, &actor, now, id.as_str(), &hold, &reason)
            })
            .await
    }

    /// Records that a file was given to somebody.
    ///
    /// # Errors
    /// Those of [`custody::give`].
    pub async fn give_evidence(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        file: EvidenceId,
        handover: Handover,
    ) -> Result<()> {
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        self.store
            .write(move |tx| custody::give(tx, &actor, now, id.as_str(), &file, &handover))
            .await
    }

    /// Compares a file with its digest, and records what was found.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a file of another incident; those of the store of sealed files.
    pub async fn verify_evidence(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        file: EvidenceId,
    ) -> Result<Verification> {
        let (house, wanted, now) = (self.clone(), file.clone(), self.clock.now());
        let incident = id.clone();
        // Reading the whole file takes its time, so it happens outside the transaction that writes.
        let found = self
            .store
            .read(move |conn| {
                if evidence::find(conn, &wanted)?.incident_id != incident.as_str() {
                    return Err(Problem::new(Code::NotFound));
                }
                evidence::verify(conn, &house.vault, &house.files, now, &wanted)
            })
            .await?;
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        self.store
            .write(move |tx| custody::verified(tx, &actor, now, id.as_str(), &file, found))
            .await?;
        Ok(found)
    }

    /// Destroys the bytes of one file of a closed incident; its row, digest and reason stay as proof.
    ///
    /// `confirmed` is the number of the incident, typed by whoever decides.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] for another number; [`Code::WrongState`] while the incident is open;
    /// those of [`custody::purge`]. When the bytes cannot be removed after the commit, the error of
    /// the folder: the row then says destroyed already, and the bytes open to nobody through the server.
    pub async fn purge_evidence(
        &self,
        by: &Granted<can::PurgeRegister>,
        id: &IncidentId,
        file: EvidenceId,
        reason: String,
        confirmed: &str,
    ) -> Result<Evidence> {
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        let confirmed = confirmed.trim().to_owned();
        let purged = self
            .store
            .write(move |tx| {
                let incident = incidents::find(tx, &id)?;
                if incident.number != confirmed {
                    return Err(Problem::field("confirmed", "field-wrong-incident-number"));
                }
                if incident.closed_at.is_none() {
                    return Err(Problem::new(Code::WrongState));
                }
                timeline::lock(tx, id.as_str())?;
                custody::purge(tx, &actor, now, id.as_str(), &file, &reason)
            })
            .await?;
        let files = self.files.clone();
        tokio::task::spawn_blocking(move || {
            evidence::remove_bytes(&files, &purged).map(|()| purged)
        })
        .await
        .map_err(Problem::internal)?
    }

    /// What is known of one file: its row, the holds that reach it, and its custody log.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a file of another incident.
    pub async fn custody(&self, id: &IncidentId, file: EvidenceId) -> Result<Custody> {
        let (id, zone) = (id.clone(), self.zone.clone());
        self.store
            .read(move |conn| {
                let evidence = custody::of_incident(conn, id.as_str(), &file)?;
                let names = accounts::names(conn)?;
                let mut holds = hold::list(conn, id.as_str())?;
                holds.retain(|hold| hold.evidence_id.as_ref().is_none_or(|held| *held == file));
                let log = custody::log(conn, id.as_str(), &file)?;
                Ok(Custody {
                    type_differs: evidence.type_differs(),
                    evidence,
                    holds,
                    log: log
                        .iter()
                        .map(|entry| entries::view(entry, &names, &zone))
                        .collect(),
                })
            })
            .await
    }

    /// The proof that a file was destroyed, as plain text to keep.
    ///
    /// # Errors
    /// [`Code::NotFound`] while the file is there.
    pub async fn purge_proof(
        &self,
        id: &IncidentId,
        file: EvidenceId,
        locale: Locale,
    ) -> Result<String> {
        let (id, zone) = (id.clone(), self.zone.clone());
        self.store
            .read(move |conn| {
                let incident = incidents::find(conn, &id)?;
                let (evidence, entry) = custody::proof(conn, id.as_str(), &file)?;
                let names = accounts::names(conn)?;
                Ok(proof(
                    &incident.number,
                    &evidence,
                    &entry,
                    &names,
                    &zone,
                    locale,
                ))
            })
            .await
    }
}

/// The lines of a proof; each digest stands on a line of its own, so that it can be compared by a machine.
fn proof(
    number: &str,
    evidence: &Evidence,
    entry: &Entry,
    names: &BTreeMap<AccountId, String>,
    zone: &TimeZone,
    locale: Locale,
) -> String {
    let details = entry.details();
    let reason = details.get("reason").and_then(Value::as_str).unwrap_or("—");
    let seen = entries::view(entry, names, zone);
    let line = |key: &str, value: &str| {
        let label = locale::text(locale, &format!("evidence-proof-{key}"));
        format!("{label}: {value}\n")
    };
    [
        format!("{}\n\n", locale::text(locale, "evidence-proof-title")),
        line("incident", number),
        line("id", evidence.id.as_str()),
        line("name", &evidence.name),
        line("size", &evidence.size.to_string()),
        line("sha256", &evidence.sha256),
        line("address", either_dash(&evidence.address)),
        line("by", seen.actor.get(locale)),
        line("at", &entry.recorded_at.to_string()),
        line("reason", reason),
        line("entry", &entry.seq.to_string()),
        line("hash", &seen.hash),
        format!("\n{}\n", locale::text(locale, "evidence-proof-note")),
    ]
    .concat()
}

fn either_dash(text: &str) -> &str {
    if text.is_empty() { "—" } else { text }
}
