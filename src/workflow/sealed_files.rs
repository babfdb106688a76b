//! Whether every sealed file is still what the timeline says was sealed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::House;
use crate::evidence::{self, Evidence, Verification};
use crate::incidents;
use crate::kernel::{Code, Result};
use crate::store::snapshot;
use crate::timeline::{self, Entry, Finding, Kind};

/// What a check of all sealed files gave.
#[derive(Clone, Debug, Default)]
pub struct FilesVerdict {
    /// Files whose bytes were read and compared.
    pub read: usize,
    /// Files that were destroyed, as the timeline tells.
    pub destroyed: usize,
    /// Everything that does not hold; empty when all is well.
    pub findings: Vec<Finding>,
}

/// What the timeline of one incident tells of its files, by the file's id.
#[derive(Default)]
struct Told {
    sealed: BTreeMap<String, Entry>,
    destroyed: BTreeMap<String, Entry>,
    /// Whether the words of some entry were erased, so that a file may stand there unseen.
    silent: bool,
}

impl House {
    /// Reads every sealed file of every incident and compares it with its row and its entry.
    ///
    /// Blocks its thread, and reads as many bytes as were ever sealed. Only ids are named: the name
    /// of a file may be that of a person.
    ///
    /// # Errors
    /// Those of the database and of the folder; what does not hold is in the verdict.
    pub fn verify_files(&self) -> Result<FilesVerdict> {
        let mut verdict = FilesVerdict::default();
        for incident in self.store.read_blocking(incidents::list)? {
            let id = incident.id.as_str();
            let (mut told, rows) = self.store.read_blocking(|conn| {
                snapshot(conn, |conn| {
                    let sealed = timeline::of_kind(conn, id, Kind::EvidenceSealed)?;
                    let destroyed = timeline::of_kind(conn, id, Kind::EvidenceDestroyed)?;
                    Ok((told(sealed, destroyed), evidence::list(conn, id)?))
                })
            })?;
            for row in rows {
                let entry = told.sealed.remove(row.id.as_str());
                let gone = told.destroyed.contains_key(row.id.as_str());
                let what = match row_problem(&row, entry.as_ref(), gone, told.silent) {
                    Some(what) => Some(what),
                    None => self.bytes_problem(&row, &mut verdict)?,
                };
                if let Some(what) = what {
                    let finding = finding(id, entry.as_ref(), row.id.as_str(), what);
                    verdict.findings.push(finding);
                }
            }
            for (file, entry) in &told.sealed {
                let what = "its row was removed from the database";
                verdict.findings.push(finding(id, Some(entry), file, what));
            }
        }
        Ok(verdict)
    }

    fn bytes_problem(
        &self,
        row: &Evidence,
        verdict: &mut FilesVerdict,
    ) -> Result<Option<&'static str>> {
        let now = self.clock.now();
        let outcome = self
            .store
            .read_blocking(|conn| evidence::verify(conn, &self.vault, &self.files, now, &row.id));
        let outcome = match outcome {
            Err(problem) if problem.code == Code::Purged => {
                return Ok(Some(
                    "the key that opens it was destroyed, and no entry tells of it",
                ));
            }
            outcome => outcome?,
        };
        Ok(match outcome {
            Verification::Intact => {
                verdict.read += 1;
                None
            }
            Verification::Destroyed => {
                verdict.destroyed += 1;
                None
            }
            Verification::Changed => {
                Some("its bytes are not those that were sealed: the file was changed or replaced")
            }
            Verification::Missing => Some("the file is not in its place"),
        })
    }
}

fn told(sealed: Vec<Entry>, destroyed: Vec<Entry>) -> Told {
    let mut told = Told::default();
    for (entries, into) in [(sealed, &mut told.sealed), (destroyed, &mut told.destroyed)] {
        for entry in entries {
            match entry.details().get("evidence_id").and_then(Value::as_str) {
                Some(id) => drop(into.insert(id.to_owned(), entry)),
                None => told.silent = true,
            }
        }
    }
    told
}

/// What does not agree between a file's row and the timeline.
fn row_problem(
    row: &Evidence,
    entry: Option<&Entry>,
    gone: bool,
    silent: bool,
) -> Option<&'static str> {
    if let Some(entry) = entry {
        let details = entry.details();
        if details.get("sha256").and_then(Value::as_str) != Some(row.sha256.as_str()) {
            return Some("its row names another digest than the entry that tells of its sealing");
        }
    } else if !silent {
        return Some("no entry tells of its sealing");
    }
    (row.destroyed_at.is_some() && !gone && !silent)
        .then_some("its row says that it was destroyed, and no entry tells of that")
}

fn finding(incident_id: &str, entry: Option<&Entry>, file: &str, what: &str) -> Finding {
    Finding {
        incident_id: incident_id.to_owned(),
        seq: entry.map(|entry| entry.seq),
        entry_id: entry.map(|entry| entry.id.to_string()),
        what: format!("file {file}: {what}"),
    }
}
