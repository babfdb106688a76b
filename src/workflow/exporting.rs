//! The register goes out as a file: for letters, for a mailing house, for correction.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::{Mutex, Notify};

use super::House;
use super::press::TypePress;
use crate::accounts::{Granted, can};
use crate::affected::export::{
    self, Export, ExportContent, ExportId, ExportState, NewExport, Outcome,
};
use crate::affected::rosters;
use crate::evidence::SealedReader;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Problem, Result, locale};
use crate::store::Conn;
use crate::timeline::Actor;

/// After so long without a word from the server that had it, another one begins an export anew.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Wakes the exporter of this server; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Exporter {
    notify: Arc<Notify>,
    /// Held while this server writes an export.
    working: Arc<Mutex<()>>,
}

impl Exporter {
    /// Says that there may be work.
    pub fn wake(&self) {
        self.notify.notify_one();
    }

    /// Waits until [`Exporter::wake`] was called.
    pub async fn woken(&self) {
        self.notify.notified().await;
    }
}

impl House {
    /// Orders an export of the register; the exporter writes it.
    ///
    /// # Errors
    /// Those of [`export::request`].
    pub async fn export_register(
        &self,
        by: &Granted<can::ExportRegister>,
        id: &IncidentId,
        new: NewExport,
    ) -> Result<Export> {
        let (id, actor, now) = (id.clone(), Actor::account(by.id.as_str()), self.clock.now());
        let ordered = self
            .store
            .write(move |tx| {
                incidents::find(tx, &id)?;
                export::request(tx, &actor, now, id.as_str(), new)
            })
            .await?;
        self.exporter.wake();
        Ok(ordered)
    }

    /// Stops an export that waits or is being written.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::WrongState`] when it has ended.
    pub async fn cancel_export(
        &self,
        _by: &Granted<can::ExportRegister>,
        id: &IncidentId,
        export: &ExportId,
    ) -> Result<Export> {
        let (id, export, now) = (id.clone(), export.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                of_incident(tx, &id, &export)?;
                export::cancel(tx, now, &export)
            })
            .await
    }

    /// Hands out an export: its name, its row, its plain bytes. That is on the timeline.
    ///
    /// # Errors
    /// [`Code::NotFound`]; those of [`export::open`].
    pub async fn open_export(
        &self,
        by: &Granted<can::ExportRegister>,
        id: &IncidentId,
        export: &ExportId,
    ) -> Result<(String, Export, SealedReader)> {
        let (house, id, export) = (self.clone(), id.clone(), export.clone());
        let (actor, now) = (Actor::account(by.id.as_str()), self.clock.now());
        self.store
            .write(move |tx| {
                let found = of_incident(tx, &id, &export)?;
                let name = file_name(tx, &house, &id, &found)?;
                let (found, reader) =
                    export::open(tx, &house.vault, &house.files, &actor, now, &found.id)?;
                Ok((name, found, reader))
            })
            .await
    }

    /// One export of this incident.
    ///
    /// # Errors
    /// [`Code::NotFound`], also for an export of another incident.
    pub async fn export_of(
        &self,
        _by: &Granted<can::ExportRegister>,
        id: &IncidentId,
        export: &ExportId,
    ) -> Result<Export> {
        let (id, export) = (id.clone(), export.clone());
        self.store
            .read(move |conn| of_incident(conn, &id, &export))
            .await
    }

    /// Writes every export that waits, the oldest first; gives how many it brought to an end.
    ///
    /// An export that another server wrote to a moment ago is left to that server.
    ///
    /// # Errors
    /// The database's own error; the export begins anew at the next call.
    pub async fn run_exporter(&self) -> Result<usize> {
        let _working = self.exporter.working.lock().await;
        let mut ended = 0;
        while let Some(id) = self.next_export().await? {
            let house = self.clone();
            let outcome = tokio::task::spawn_blocking(move || {
                export::run(
                    &house.store,
                    &house.vault,
                    &house.files,
                    &house.clock,
                    &TypePress,
                    &id,
                )
            })
            .await
            .map_err(Problem::internal)??;
            if outcome != Outcome::Stopped {
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Removes the files whose day is over; gives their number.
    ///
    /// # Errors
    /// Those of the database and of the folder.
    pub async fn expire_exports(&self) -> Result<usize> {
        let (house, now) = (self.clone(), self.clock.now());
        tokio::task::spawn_blocking(move || export::expire(&house.store, &house.files, now))
            .await
            .map_err(Problem::internal)?
    }

    async fn next_export(&self) -> Result<Option<ExportId>> {
        let now = self.clock.now();
        // SQLite serves one server: whatever it left unfinished is its own.
        let alone = self.store.url().is_sqlite();
        self.store
            .read(move |conn| {
                let exports = export::at_work(conn)?;
                let is_free = |export: &Export| {
                    let touched = export
                        .touched_at
                        .filter(|_| export.state == ExportState::Running);
                    alone || touched.is_none_or(|at| at.plus(GIVEN_UP_AFTER) <= now)
                };
                Ok(exports.into_iter().find(is_free).map(|export| export.id))
            })
            .await
    }
}

fn of_incident(conn: &mut Conn, id: &IncidentId, export: &ExportId) -> Result<Export> {
    let export = export::find(conn, export)?;
    if export.incident_id == id.as_str() {
        Ok(export)
    } else {
        Err(Problem::new(Code::NotFound))
    }
}

/// `INC-2026-0001_対象者一覧_2026-11-20.xlsx`: no name, no address, nothing of a person.
fn file_name(conn: &mut Conn, house: &House, id: &IncidentId, export: &Export) -> Result<String> {
    let number = incidents::find(conn, id)?.number;
    let day = export.recorded_at.in_zone(&house.zone).date();
    let roster = match &export.roster_id {
        Some(roster) if export.content == ExportContent::Problems => {
            format!("-{}", rosters::roster(conn, roster)?.number)
        }
        _ => String::new(),
    };
    let content = locale::text(export.locale, &format!("export-file-{}", export.content));
    let extension = export.format.extension();
    Ok(format!("{number}_{content}{roster}_{day}.{extension}"))
}
