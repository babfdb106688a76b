//! The sealed files of a bundle, compared with what the entries say of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::Instant;
use crate::timeline::{Entry, Kind};

/// One sealed file, as `evidence.jsonl` tells of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceLine {
    /// The file's id.
    pub id: String,
    /// The name under which it was handed in; empty in a bundle without payloads, as is the note.
    pub name: String,
    /// Plain bytes.
    pub size: i64,
    /// SHA-256 of the plain bytes.
    pub sha256: String,
    /// What it shows, in the words of whoever kept it.
    pub note: String,
    /// An account's id, or `system`.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// When its bytes were destroyed.
    pub destroyed_at: Option<Instant>,
    /// Whether the bundle holds its bytes, under `evidence/` and its id.
    pub included: bool,
}

/// What the entries say of sealed files.
#[derive(Default)]
pub(super) struct Sealings {
    /// The digest of each, by id.
    digests: BTreeMap<String, String>,
    /// Whether an entry of this kind came without what it tells.
    silent: bool,
}

impl Sealings {
    /// Looks at the next entry.
    pub(super) fn take(&mut self, entry: &Entry) {
        if entry.kind != Kind::EvidenceSealed {
            return;
        }
        let details = entry.details();
        let text = |name: &str| details.get(name)?.as_str().map(str::to_owned);
        match (text("evidence_id"), text("sha256")) {
            (Some(id), Some(sha256)) => {
                self.digests.insert(id, sha256);
            }
            _ => self.silent = true,
        }
    }

    /// Whether the entries tell of a file of this id.
    pub(super) fn problem(&mut self, line: &EvidenceLine) -> Option<&'static str> {
        match self.digests.remove(&line.id) {
            Some(sha256) if sha256 == line.sha256 => None,
            Some(_) => Some("its digest is not the one of the entry that tells of its sealing"),
            None if self.silent => None,
            None => Some("no entry tells of its sealing"),
        }
    }

    /// The ids of files that entries tell of and that no line named.
    pub(super) fn unnamed(self) -> impl Iterator<Item = String> {
        self.digests.into_keys()
    }
}
