//! Writes an export: reads some people, opens them, writes them, looks whether somebody stopped it.

use jiff::SignedDuration;

use super::bundle::{self, Press};
use super::files::{Folder, Out, Part, Table};
use super::model::{Export, ExportContent, ExportId, ExportState};
use super::{LIFE, deliveries, people, problems, store, tell};
use crate::evidence::Files;
use crate::kernel::{Clock, Code, Instant, Problem, Result, Sha256};
use crate::store::{Conn, Store};
use crate::timeline::Actor;
use crate::vault::{DataKey, Scope, Vault};

/// How often the progress is written.
const TOLD_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file is there, and the timeline says so.
    Finished,
    /// Somebody cancelled it, or another server writes it.
    Stopped,
    /// It cannot be written; the row says why.
    Failed,
}

/// Writes one export from its beginning, whatever an earlier attempt left.
///
/// Blocks its thread. Memory holds one chunk of people, however many there are, and
/// no transaction is longer than the reading of a chunk.
///
/// # Errors
/// [`Code::Unavailable`]; the export then begins anew when it is called again.
pub fn run(
    store: &Store,
    vault: &Vault,
    files: &Files,
    clock: &Clock,
    press: &dyn Press,
    id: &ExportId,
) -> Result<Outcome> {
    let now = clock.now();
    let Some(export) = store.write_blocking(|tx| begin(tx, id, now))? else {
        return Ok(Outcome::Stopped);
    };
    let mut job = Job {
        store,
        vault,
        files,
        clock,
        press,
        rows: 0,
        touched_at: now,
        export,
    };
    match job.write() {
        Ok(Some(made)) => job.finish(&made),
        Ok(None) => Ok(Outcome::Stopped),
        Err(problem) if problem.code == Code::Unavailable => Err(problem),
        Err(problem) => job.fail(&problem),
    }
}

/// Marks an export as being written; none when it has ended meanwhile.
fn begin(tx: &mut Conn, id: &ExportId, now: Instant) -> Result<Option<Export>> {
    let export = store::lock(tx, id)?;
    if !export.state.is_at_work() {
        return Ok(None);
    }
    let total_rows = match &export.roster_id {
        Some(roster) => store::rows_to_correct(tx, roster)?,
        None => people::count(tx, &export)?,
    };
    let export = Export {
        state: ExportState::Running,
        rows: 0,
        total_rows,
        touched_at: Some(now),
        ..export
    };
    store::update(tx, &export)?;
    Ok(Some(export))
}

/// An export that is being written by this thread.
pub(super) struct Job<'a> {
    pub store: &'a Store,
    pub vault: &'a Vault,
    pub files: &'a Files,
    pub clock: &'a Clock,
    pub press: &'a dyn Press,
    pub export: Export,
    /// Rows that were written.
    pub rows: i64,
    /// By this the row of the export knows us: another server would have touched it at another time.
    touched_at: Instant,
}

/// What the file came to.
struct Made {
    replaced: u64,
    size: u64,
    sha256: Sha256,
    /// The columns of the file by its header, to be remembered for its return.
    mapping: Option<problems::Mapping>,
}

impl Job<'_> {
    /// Writes progress once a second; says whether to go on.
    pub fn goes_on(&mut self) -> Result<bool> {
        let (id, mine, now) = (&self.export.id, self.touched_at, self.clock.now());
        if mine.plus(TOLD_EVERY) > now {
            return self
                .store
                .read_blocking(|conn| Ok(store::is_mine(conn, id, mine)?));
        }
        let rows = self.rows;
        let goes_on = self
            .store
            .write_blocking(|tx| Ok(store::touch(tx, id, mine, now, rows)?))?;
        self.touched_at = now;
        Ok(goes_on)
    }

    /// The key of the incident's people.
    pub fn key(&self) -> Result<DataKey> {
        let now = self.clock.now();
        let scope = Scope::people(&self.export.incident_id);
        self.store
            .write_blocking(|tx| self.vault.key(tx, &scope, now))
    }

    /// Writes the whole file; none when it was stopped.
    fn write(&mut self) -> Result<Option<Made>> {
        let folder = Folder::beside(self.files);
        let (part, out) = folder.begin(&self.key()?, &self.export.id)?;
        let (table, mapping) = match self.export.content {
            ExportContent::Register | ExportContent::Letters => (people::write(self, out)?, None),
            ExportContent::Problems => problems::write(self, out)?,
            ExportContent::Deliveries => (deliveries::write(self, out)?, None),
            ExportContent::LetterPdfs | ExportContent::LineIds => {
                let Some(out) = bundle::write(self, out)? else {
                    return Ok(None);
                };
                return self.keep(part, out, 0, None);
            }
        };
        let Some(table) = table else {
            return Ok(None);
        };
        let (out, replaced) = table.finish()?;
        self.keep(part, out, replaced, mapping)
    }

    fn keep(
        &mut self,
        part: Part,
        out: Out,
        replaced: u64,
        mapping: Option<problems::Mapping>,
    ) -> Result<Option<Made>> {
        // Whoever stopped it in the last moment shall not find a file.
        if !self.goes_on()? {
            return Ok(None);
        }
        let (size, sha256) = part.keep(out)?;
        Ok(Some(Made {
            replaced,
            size,
            sha256,
            mapping,
        }))
    }

    fn finish(&self, made: &Made) -> Result<Outcome> {
        let now = self.clock.now();
        let (left, outcome) = self.store.write_blocking(|tx| {
            let current = store::lock(tx, &self.export.id)?;
            if current.state != ExportState::Running {
                return Ok((true, Outcome::Stopped));
            }
            if current.touched_at != Some(self.touched_at) {
                return Ok((false, Outcome::Stopped));
            }
            let export = Export {
                state: ExportState::Done,
                rows: self.rows,
                total_rows: self.rows,
                replaced: i64::try_from(made.replaced).unwrap_or(i64::MAX),
                size: i64::try_from(made.size).unwrap_or(i64::MAX),
                sha256: made.sha256.to_string(),
                touched_at: Some(now),
                finished_at: Some(now),
                expires_at: Some(now.plus(LIFE)),
                ..current
            };
            store::update(tx, &export)?;
            if let Some(mapping) = &made.mapping {
                mapping.remember(tx, now)?;
            }
            let actor = Actor::account(export.recorded_by.clone());
            tell(tx, &actor, now, &export, false)?;
            Ok((false, Outcome::Finished))
        })?;
        if left {
            Folder::beside(self.files).remove(&self.export.id)?;
        }
        Ok(outcome)
    }

    fn fail(&self, problem: &Problem) -> Result<Outcome> {
        let export_id = &self.export.id;
        tracing::warn!(%export_id, %problem, cause = ?std::error::Error::source(problem).map(ToString::to_string), "an export failed");
        let now = self.clock.now();
        self.store.write_blocking(|tx| {
            let current = store::lock(tx, export_id)?;
            if current.state != ExportState::Running || current.touched_at != Some(self.touched_at)
            {
                return Ok(Outcome::Stopped);
            }
            let reason = match problem.code {
                Code::Purged | Code::UnreadableFile | Code::NotFound => problem.code,
                _ => Code::Internal,
            };
            let export = Export {
                state: ExportState::Failed,
                failure: Some(reason.as_str().to_owned()),
                finished_at: Some(now),
                ..current
            };
            store::update(tx, &export)?;
            Ok(Outcome::Failed)
        })
    }

    /// Begins the table of this export.
    pub fn table(&self, out: Out, sheet: &str, header: &[String], widths: &[u16]) -> Result<Table> {
        Ok(Table::begin(
            out,
            self.export.format,
            sheet,
            header,
            widths,
        )?)
    }
}
