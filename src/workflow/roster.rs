//! Step 4 of the walk: files are sealed, and people are read from them.

use std::fs::File;
use std::path::PathBuf;

use serde::Serialize;
use utoipa::ToSchema;

use super::House;
use crate::accounts::{Granted, can};
use crate::affected::{self, NewRoster, Person, PersonId, Roster};
use crate::evidence::{self, Evidence, EvidenceId, SealedReader, Upload};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Problem, Result};
use crate::timeline::{self, Actor};
use crate::vault::Scope;

/// A file that came in: its name, and its bytes in a temporary file.
#[derive(Debug)]
pub struct IncomingFile {
    /// The file's name, as the sender's machine called it.
    pub name: String,
    /// The media type, as the sender's machine called it.
    pub media_type: String,
    /// What it shows; may be empty.
    pub note: String,
    /// Where its bytes are.
    pub path: PathBuf,
    /// The largest number of bytes that is taken.
    pub limit: u64,
}

/// Where a roster is from, and what it holds.
#[derive(Clone, Debug)]
pub struct RosterOrigin {
    /// The system that the file came from; may be empty.
    pub source_system: String,
    /// Where the data were collected, by its id in the catalogue; may be empty.
    pub collection_point: String,
    /// The data items of these people, by their ids in the catalogue.
    pub data_items: Vec<String>,
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

impl House {
    /// Seals a file as evidence.
    ///
    /// # Errors
    /// [`crate::kernel::Code::TooLarge`], or [`crate::kernel::Code::InvalidInput`] for its name.
    pub async fn seal(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        file: IncomingFile,
    ) -> Result<SealedFile> {
        self.seal_as(Actor::account(by.id.as_str()), id, file).await
    }

    /// Seals a roster as evidence, and imports the people in it: all of them, or none.
    ///
    /// The sealed file stays when it cannot be read as a roster: it is evidence all the same.
    ///
    /// # Errors
    /// [`crate::kernel::Code::UnreadableFile`], naming the row.
    pub async fn import_roster(
        &self,
        by: &Granted<can::ImportRoster>,
        id: &IncidentId,
        file: IncomingFile,
        origin: RosterOrigin,
    ) -> Result<Roster> {
        let limit = file.limit;
        let actor = Actor::account(by.id.as_str());
        let sealed = self.seal_as(actor.clone(), id, file).await?;
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                let new = NewRoster {
                    incident_id: id.as_str(),
                    evidence_id: &sealed.evidence.id,
                    source_system: &origin.source_system,
                    collection_point: &origin.collection_point,
                    data_items: &origin.data_items,
                    limit,
                };
                let roster = affected::import(tx, &house.vault, &house.files, &actor, now, &new)?;
                house.settle(tx, now, &id)?;
                Ok(roster)
            })
            .await
    }

    /// Hands out a sealed file; that is on the timeline.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`]; [`crate::kernel::Code::Purged`] when its key was destroyed.
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
                    return Err(Problem::new(crate::kernel::Code::NotFound));
                }
                evidence::open(tx, &house.vault, &house.files, &actor, now, &evidence)
            })
            .await
    }

    /// Shows one affected person unmasked; that is on the timeline, with the reason.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] without a reason; [`crate::kernel::Code::NotFound`].
    pub async fn reveal(
        &self,
        by: &Granted<can::RevealPeople>,
        person: &PersonId,
        reason: String,
    ) -> Result<Person> {
        let (house, actor, person, now) = (
            self.clone(),
            Actor::account(by.id.as_str()),
            person.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| affected::reveal(tx, &house.vault, &actor, now, &person, &reason))
            .await
    }

    async fn seal_as(
        &self,
        actor: Actor,
        id: &IncidentId,
        file: IncomingFile,
    ) -> Result<SealedFile> {
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        let key = {
            let (house, id) = (house.clone(), id.clone());
            self.store
                .write(move |tx| {
                    incidents::find(tx, &id)?;
                    house.vault.key(tx, &Scope::incident(&id), now)
                })
                .await?
        };
        // Sealing reads and writes the whole file, so it happens outside the transaction.
        let prepared = tokio::task::spawn_blocking(move || {
            let upload = Upload {
                incident_id: id.as_str(),
                name: &file.name,
                media_type: &file.media_type,
                note: &file.note,
                limit: file.limit,
            };
            let prepared =
                evidence::prepare(&house.files, &key, now, upload, File::open(&file.path)?)?;
            Ok::<_, Problem>((prepared, id, house))
        })
        .await
        .map_err(Problem::internal)?;
        let (prepared, id, house) = prepared?;
        self.store
            .write(move |tx| {
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
