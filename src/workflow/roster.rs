//! Step 4 of the walk: files are sealed, and people are read from them.

use serde::Serialize;
use utoipa::ToSchema;

use super::House;
use crate::accounts::{AccountId, Granted, can};
use crate::affected::rosters::{self, Correction, Inspection};
use crate::affected::{
    self, Conflict, ConflictId, Decision, Field, Found, NewRoster, Person, PersonId, Roster,
    RosterId,
};
use crate::evidence::{self, Evidence, EvidenceId, Incoming, SealedReader, Upload};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Problem, Redacted, Result};
use crate::timeline::{self, Actor};
use crate::vault::Scope;

/// A file that came in: its name, and its bytes in their waiting place.
#[derive(Debug)]
pub struct IncomingFile {
    /// The file's name, as the sender's machine called it.
    pub name: String,
    /// The media type, as the sender's machine called it.
    pub media_type: String,
    /// What it shows; may be empty.
    pub note: String,
    /// Its bytes.
    pub bytes: Incoming,
    /// The largest number of bytes that is taken.
    pub limit: u64,
}

/// A file that is sealed now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SealedFile {
    /// The file.
    pub evidence: Evidence,
    /// The same bytes were sealed in this incident before, under this id.
    #[schema(value_type = Option<String>)]
    pub same_as: Option<EvidenceId>,
}

/// A roster whose columns wait to be confirmed, with the first rows of its file.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The roster.
    pub roster: Roster,
    /// What its file holds; the rows are personal data and are shown to whoever confirms the columns.
    pub inspection: Inspection,
}

impl House {
    /// Seals a file as evidence.
    ///
    /// # Errors
    /// [`Code::TooLarge`], or [`Code::InvalidInput`] for its name.
    pub async fn seal(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        file: IncomingFile,
    ) -> Result<SealedFile> {
        let actor = Actor::account(by.id.as_str());
        self.seal_as(actor, id, Scope::incident(id), file).await
    }

    /// Seals a roster, reads it through, and keeps it as a draft until its columns are confirmed.
    ///
    /// The sealed file stays when it cannot be read as a roster: it is evidence all the same.
    ///
    /// # Errors
    /// [`Code::UnreadableFile`], naming the row; [`Code::InvalidInput`].
    pub async fn receive_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        file: IncomingFile,
        new: NewRoster,
    ) -> Result<Draft> {
        let (evidence_id, inspection) = self.seal_roster(by, id, file).await?;
        self.keep_draft(by, id, evidence_id, inspection, new).await
    }

    /// Reads the file of a draft again, for the page on which its columns are confirmed.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::WrongState`] when it is no draft any more; [`Code::UnreadableFile`].
    pub async fn draft_roster(
        &self,
        _by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
    ) -> Result<Draft> {
        let roster = self.roster_of(id, roster).await?;
        if roster.state != affected::RosterState::Draft {
            return Err(Problem::new(Code::WrongState));
        }
        let layout = roster.layout()?;
        let correction = Correction {
            reading: layout.reading.clone(),
            header_row: Some(layout.header_row),
        };
        let mut inspection = self.inspect(&roster.evidence_id, Some(correction)).await?;
        inspection.layout = layout;
        Ok(Draft { roster, inspection })
    }

    /// Reads the file of a draft in another way: another encoding, delimiter, sheet or header.
    ///
    /// # Errors
    /// As [`House::draft_roster`].
    pub async fn read_roster_otherwise(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
        correction: Correction,
    ) -> Result<Draft> {
        let draft = self.draft_roster(by, id, roster).await?;
        let inspection = self
            .inspect(&draft.roster.evidence_id, Some(correction))
            .await?;
        let roster = draft.roster.id;
        self.store
            .write(move |tx| {
                let roster = rosters::read_otherwise(tx, &roster, &inspection)?;
                Ok(Draft { roster, inspection })
            })
            .await
    }

    /// Confirms the columns of a roster; the importer takes it from there.
    ///
    /// # Errors
    /// Those of [`rosters::confirm`].
    pub async fn confirm_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
        columns: Vec<Option<Field>>,
    ) -> Result<Roster> {
        let draft = self.draft_roster(by, id, roster).await?;
        let digest = draft.inspection.header_digest;
        let (actor, now) = (Actor::account(by.id.as_str()), self.clock.now());
        let roster = draft.roster.id;
        let confirmed = self
            .store
            .write(move |tx| rosters::confirm(tx, &actor, now, &roster, &columns, &digest))
            .await?;
        self.importer.wake();
        Ok(confirmed)
    }

    /// Hands in a roster, takes its columns as they were guessed or remembered, and imports it now.
    ///
    /// Nobody is there to choose columns, so a file of which none is known is refused.
    ///
    /// # Errors
    /// As [`House::receive_roster`] and [`House::confirm_roster`].
    pub async fn import_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        file: IncomingFile,
        new: NewRoster,
    ) -> Result<Roster> {
        let (evidence_id, inspection) = self.seal_roster(by, id, file).await?;
        if !inspection.layout.is_usable() {
            return Err(rosters::no_usable_column());
        }
        let draft = self
            .keep_draft(by, id, evidence_id, inspection, new)
            .await?;
        let columns = draft.roster.layout()?.columns;
        let roster = self
            .confirm_roster(by, id, &draft.roster.id, columns)
            .await?;
        self.run_importer().await?;
        self.roster_of(id, &roster.id).await
    }

    /// Stops an import where it is.
    ///
    /// # Errors
    /// [`Code::WrongState`].
    pub async fn pause_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
    ) -> Result<Roster> {
        let roster = self.roster_of(id, roster).await?.id;
        let (actor, now) = (Actor::account(by.id.as_str()), self.clock.now());
        self.store
            .write(move |tx| rosters::pause(tx, &actor, now, &roster))
            .await
    }

    /// Lets a paused import go on.
    ///
    /// # Errors
    /// [`Code::WrongState`].
    pub async fn resume_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
    ) -> Result<Roster> {
        let roster = self.roster_of(id, roster).await?.id;
        let (actor, now) = (Actor::account(by.id.as_str()), self.clock.now());
        let resumed = self
            .store
            .write(move |tx| rosters::resume(tx, &actor, now, &roster))
            .await?;
        self.importer.wake();
        Ok(resumed)
    }

    /// Cancels an import, or takes a roster back whole.
    ///
    /// # Errors
    /// [`Code::WrongState`].
    pub async fn take_back_roster(
        &self,
        _by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        roster: &RosterId,
    ) -> Result<Roster> {
        let roster = self.roster_of(id, roster).await?.id;
        let taken = self
            .store
            .write(move |tx| rosters::take_back(tx, &roster))
            .await?;
        self.importer.wake();
        Ok(taken)
    }

    /// Decides whether two rows are one person.
    ///
    /// # Errors
    /// Those of [`affected::decide`].
    pub async fn decide_conflict(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        conflict: &ConflictId,
        decision: Decision,
    ) -> Result<Conflict> {
        let (house, id, conflict, now) =
            (self.clone(), id.clone(), conflict.clone(), self.clock.now());
        let by: AccountId = by.id.clone();
        self.store
            .write(move |tx| {
                let actor = Actor::account(by.as_str());
                let decided = affected::decide(
                    tx,
                    &house.vault,
                    &actor,
                    now,
                    id.as_str(),
                    &conflict,
                    decision,
                )?;
                house.counts_become_facts(tx, now, &id, &by)?;
                Ok(decided)
            })
            .await
    }

    /// Hands out a sealed file; that is on the timeline.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::Purged`] when its key was destroyed.
    pub async fn open_evidence(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        evidence: &EvidenceId,
    ) -> Result<(Evidence, SealedReader)> {
        let (house, actor, id, evidence, now) = (
            self.clone(),
            Actor::account(by.id.as_str()),
            id.clone(),
            evidence.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let found = evidence::find(tx, &evidence)?;
                if found.incident_id != id.as_str() {
                    return Err(Problem::new(Code::NotFound));
                }
                evidence::open(tx, &house.vault, &house.files, &actor, now, &evidence)
            })
            .await
    }

    /// Shows one affected person unmasked; that is on the timeline, with the reason.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] without a reason; [`Code::NotFound`].
    pub async fn reveal(
        &self,
        by: &Granted<can::RevealPeople>,
        id: &IncidentId,
        person: PersonId,
        reason: String,
    ) -> Result<Person> {
        let (house, actor, id, now) = (
            self.clone(),
            Actor::account(by.id.as_str()),
            id.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                affected::reveal(tx, &house.vault, &actor, now, id.as_str(), person, &reason)
            })
            .await
    }

    /// Answers the desk: is somebody with this contact affected? The look-up is counted, the contact kept nowhere.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] for an empty contact; [`Code::Purged`].
    pub async fn look_up(
        &self,
        _by: &Granted<can::ViewIncidents>,
        id: &IncidentId,
        contact: Redacted<String>,
    ) -> Result<Found> {
        if contact.reveal().trim().is_empty() {
            return Err(Problem::field("contact", "field-required"));
        }
        let (house, incident, now) = (self.clone(), id.clone(), self.clock.now());
        let found = self
            .store
            .read(move |conn| {
                incidents::find(conn, &incident)?;
                affected::look_up(conn, &house.vault, now, incident.as_str(), &contact)
            })
            .await?;
        let day = now.in_zone(&self.zone).date().to_string();
        let (id, any) = (id.clone(), !found.people.is_empty());
        self.store
            .write(move |tx| affected::count_lookup(tx, id.as_str(), &day, any))
            .await?;
        Ok(found)
    }

    /// A roster of this incident.
    ///
    /// # Errors
    /// [`Code::NotFound`], also for a roster of another incident.
    pub async fn roster_of(&self, id: &IncidentId, roster: &RosterId) -> Result<Roster> {
        let (id, roster) = (id.clone(), roster.clone());
        self.store
            .read(move |conn| {
                let roster = rosters::roster(conn, &roster)?;
                if roster.incident_id == id.as_str() {
                    Ok(roster)
                } else {
                    Err(Problem::new(Code::NotFound))
                }
            })
            .await
    }

    /// Seals a roster and reads it through.
    async fn seal_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        file: IncomingFile,
    ) -> Result<(EvidenceId, Inspection)> {
        let actor = Actor::account(by.id.as_str());
        let sealed = self.seal_as(actor, id, Scope::people(id), file).await?;
        let evidence_id = sealed.evidence.id;
        let inspection = self.inspect(&evidence_id, None).await?;
        Ok((evidence_id, inspection))
    }

    async fn keep_draft(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        evidence_id: EvidenceId,
        inspection: Inspection,
        new: NewRoster,
    ) -> Result<Draft> {
        let actor = Actor::account(by.id.as_str());
        let (id, now) = (id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let roster = rosters::receive(
                    tx,
                    &actor,
                    now,
                    id.as_str(),
                    &evidence_id,
                    &new,
                    &inspection,
                )?;
                Ok(Draft { roster, inspection })
            })
            .await
    }

    /// Reads a sealed roster through, away from the async threads and from the database's.
    async fn inspect(&self, id: &EvidenceId, correction: Option<Correction>) -> Result<Inspection> {
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        let file = self
            .store
            .read(move |conn| {
                let (_, file) = evidence::reader(conn, &house.vault, &house.files, now, &id)?;
                Ok(file)
            })
            .await?;
        tokio::task::spawn_blocking(move || rosters::inspect(file, correction.as_ref()))
            .await
            .map_err(Problem::internal)?
    }

    async fn seal_as(
        &self,
        actor: Actor,
        id: &IncidentId,
        scope: Scope,
        file: IncomingFile,
    ) -> Result<SealedFile> {
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        let key = {
            let (house, id, scope) = (house.clone(), id.clone(), scope.clone());
            self.store
                .write(move |tx| {
                    incidents::find(tx, &id)?;
                    house.vault.key(tx, &scope, now)
                })
                .await?
        };
        // Sealing reads and writes the whole file, so it happens outside the transaction.
        let prepared = tokio::task::spawn_blocking(move || {
            let upload = Upload {
                incident_id: id.as_str(),
                scope: &scope,
                name: &file.name,
                media_type: &file.media_type,
                note: &file.note,
                limit: file.limit,
            };
            let prepared = evidence::prepare(&house.files, &key, now, upload, file.bytes.open()?)?;
            Ok::<_, Problem>((prepared, id, house))
        })
        .await
        .map_err(Problem::internal)?;
        let (prepared, id, house) = prepared?;
        self.store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                let recorded = evidence::record(tx, &actor, now, prepared)?;
                house.settle(tx, now, &id)?;
                Ok(SealedFile {
                    evidence: recorded.evidence,
                    same_as: recorded.same_as.map(|same| same.id),
                })
            })
            .await
    }
}
