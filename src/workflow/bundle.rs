//! A case in one file: report, entries, checkpoints and digests, for somebody who checks them elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::json;

use super::{House, Make};
use crate::accounts::{Granted, can};
use crate::evidence::{self, Evidence, EvidenceId};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Locale, Problem, Result, Sha256, locale};
use crate::proof::{self, Bundle, EvidenceLine, Manifest, Member};
use crate::reports::{Format, Genre, Level};
use crate::store::{Conn, snapshot};
use crate::timeline::checkpoint::{self, Checkpoint};
use crate::timeline::{self, Actor, Entry, Event, Kind, public_key};
use crate::vault::Scope;

/// The documents of a bundle, and the names that they have in it.
const REPORTS: [(Format, &str); 3] = [
    (Format::Pdf, "report.pdf"),
    (Format::Markdown, "report.md"),
    (Format::Json, "report.json"),
];
/// Checkpoints that are read at once.
const NOTES: i64 = 200;

/// What somebody wants in a bundle.
#[derive(Clone, Copy, Debug)]
pub struct BundleChoice {
    /// The language of the report.
    pub locale: Locale,
    /// Whether entries come with what they tell, or only with the commitments to it. Without it the
    /// report names staff by what they do, and files of evidence go without names and remarks.
    pub payloads: bool,
    /// Whether the bytes of the incident's evidence come along.
    pub files: bool,
}

impl BundleChoice {
    /// For whom the report is made.
    fn level(self) -> Level {
        if self.payloads {
            Level::Internal
        } else {
            Level::Regulator
        }
    }
}

/// A bundle that can be written, and the name of its file.
pub struct BundleFile {
    /// E.g. `INC-2026-0001-20261120T010000Z.zip`.
    pub name: String,
    /// What is written.
    pub bundle: Bundle,
}

impl House {
    /// Makes an evidence bundle; the timeline keeps the digest of its list.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn export_bundle(
        &self,
        by: &Granted<can::ExportReport>,
        id: &IncidentId,
        choice: BundleChoice,
    ) -> Result<BundleFile> {
        if choice.files {
            // The bytes of evidence are for those who may take it out one by one.
            by.grant::<can::EditIncident>()?;
        }
        let name = by.name.reveal().clone();
        self.bundle(Actor::account(by.id.as_str()), name, id, choice)
            .await
    }

    /// [`House::export_bundle`] for whoever holds the server itself: the command line.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn export_bundle_as_system(
        &self,
        id: &IncidentId,
        choice: BundleChoice,
    ) -> Result<BundleFile> {
        let name = locale::text(choice.locale, "actor-system");
        self.bundle(Actor::SYSTEM, name, id, choice).await
    }

    async fn bundle(
        &self,
        actor: Actor,
        name: String,
        id: &IncidentId,
        choice: BundleChoice,
    ) -> Result<BundleFile> {
        let mut members: Vec<Member> = proof::GUIDES
            .iter()
            .map(|(name, text)| Member::bytes(*name, *text))
            .collect();
        for (format, file) in REPORTS {
            let make = Make {
                genre: Genre::PostMortem,
                format,
                level: choice.level(),
                locale: choice.locale,
            };
            let report = self.export(actor.clone(), name.clone(), id, make).await?;
            members.push(Member::bytes(file, report.bytes));
        }
        let now = self.clock.now();
        let house = self.clone();
        // The newest entries belong to a checkpoint as well, before they leave the house.
        self.store
            .write(move |tx| checkpoint::write(tx, house.vault.signing_key(), now).map(drop))
            .await?;
        let (house, incident) = (self.clone(), id.clone());
        let case = self
            .store
            .read(move |conn| snapshot(conn, |conn| Case::load(conn, &house, &incident)))
            .await?;
        let file_name = format!(
            "{}-{}.zip",
            case.number,
            now.timestamp().strftime("%Y%m%dT%H%M%SZ")
        );
        let taken: Vec<EvidenceId> = case
            .evidence
            .iter()
            .filter(|row| choice.files && goes_along(row, id))
            .map(|row| row.id.clone())
            .collect();
        let entries = case.entries.len();
        let bundle = self.seal_bundle(case, id, choice, members)?;
        let payload = json!({
            "manifest_sha256": bundle.digest().to_string(),
            "entries": entries,
            "files": taken.len(),
            "payloads": choice.payloads,
        });
        let (house, id) = (self.clone(), id.clone());
        self.store
            .write(move |tx| {
                for file in &taken {
                    evidence::open(tx, &house.vault, &house.files, &actor, now, file)?;
                }
                let event = Event {
                    incident_id: id.as_str(),
                    kind: Kind::BundleExported,
                    actor: &actor,
                    occurred_at: None,
                    payload,
                };
                timeline::append(tx, now, event).map(drop)
            })
            .await?;
        Ok(BundleFile {
            name: file_name,
            bundle,
        })
    }

    fn seal_bundle(
        &self,
        case: Case,
        id: &IncidentId,
        choice: BundleChoice,
        mut members: Vec<Member>,
    ) -> Result<Bundle> {
        let key = self.vault.signing_key();
        let lines = proof::entry_lines(&case.entries, choice.payloads)?;
        members.push(Member::bytes(proof::ENTRIES, lines));
        members.push(Member::bytes(
            proof::PUBLIC_KEY,
            public_key::pem(key.public_key()),
        ));
        let checkpoints = match case.notes.as_slice() {
            [first, .., last] => (first.seq, last.seq),
            [only] => (only.seq, only.seq),
            [] => return Err(Problem::internal("no checkpoint vouches for this incident")),
        };
        for note in case.notes {
            members.push(Member::bytes(proof::checkpoint_name(note.seq), note.note));
        }
        let mut list = Vec::new();
        for row in case.evidence {
            let included = choice.files && goes_along(&row, id);
            serde_json::to_writer(&mut list, &line(&row, included, choice.payloads))?;
            list.push(b'\n');
            if included {
                let sha256: Sha256 = row.sha256.parse().map_err(Problem::internal)?;
                let name = proof::evidence_name(row.id.as_str());
                members.push(Member::later(name, sha256, self.opener(row.id)));
            }
        }
        // Before the files themselves, which may be large.
        members.insert(0, Member::bytes(proof::EVIDENCE, list));
        let last = case.entries.last();
        let manifest = Manifest {
            number: case.number,
            incident_id: id.to_string(),
            made_at: self.clock.now(),
            entries: last.map_or(0, |entry| entry.seq),
            head: last.map(|entry| entry.hash.clone()).unwrap_or_default(),
            payloads: choice.payloads,
            checkpoints,
            files: BTreeMap::new(),
        };
        Ok(Bundle::seal(manifest, members, key))
    }

    /// Opens a sealed file when its turn comes; that it was taken out is on the timeline already.
    fn opener(
        &self,
        file: EvidenceId,
    ) -> impl FnOnce() -> Result<Box<dyn Read + Send>> + Send + 'static {
        let house = self.clone();
        move || {
            let now = house.clock.now();
            let (_, reader) = house.store.read_blocking(|conn| {
                evidence::reader(conn, &house.vault, &house.files, now, &file)
            })?;
            Ok(Box::new(reader) as Box<dyn Read + Send>)
        }
    }
}

/// What a bundle tells, as of its newest checkpoint.
struct Case {
    number: String,
    entries: Vec<Entry>,
    notes: Vec<Checkpoint>,
    evidence: Vec<Evidence>,
}

impl Case {
    fn load(conn: &mut Conn, house: &House, id: &IncidentId) -> Result<Self> {
        let incident = incidents::find(conn, id)?;
        let key = house.vault.signing_key().public_key();
        let mut notes: Vec<Checkpoint> = Vec::new();
        let mut head = None;
        let mut after = 0;
        loop {
            let page = checkpoint::after(conn, after, NOTES)?;
            let Some(end) = page.last() else { break };
            after = end.seq;
            for note in page {
                // One that was changed goes along as it is: whoever checks the bundle must see it.
                let heads = note
                    .open(key)
                    .map(|opened| opened.heads)
                    .unwrap_or_default();
                let names = heads.into_iter().find(|head| head.0 == id.as_str());
                head = names.or(head);
                // Those before the incident was declared say nothing of it.
                if head.is_some() {
                    notes.push(note);
                }
            }
        }
        let Some((_, seq, _)) = head else {
            return Err(Problem::new(Code::NotFound));
        };
        let mut entries = timeline::all(conn, id.as_str())?;
        entries.retain(|entry| entry.seq <= seq);
        let told: BTreeSet<String> = entries
            .iter()
            .filter(|entry| entry.kind == Kind::EvidenceSealed)
            .filter_map(|entry| Some(entry.details().get("evidence_id")?.as_str()?.to_owned()))
            .collect();
        let mut evidence = evidence::list(conn, id.as_str())?;
        // What was sealed after the newest checkpoint belongs to the next bundle.
        evidence.retain(|row| told.contains(row.id.as_str()));
        Ok(Self {
            number: incident.number,
            entries,
            notes,
            evidence,
        })
    }
}

/// Whether the bytes may leave: lists of affected people, sealed under their own key, stay.
fn goes_along(row: &Evidence, id: &IncidentId) -> bool {
    row.destroyed_at.is_none() && row.scope == Scope::incident(id.as_str()).as_str()
}

fn line(row: &Evidence, included: bool, words: bool) -> EvidenceLine {
    let kept = |text: &String| if words { text.clone() } else { String::new() };
    EvidenceLine {
        id: row.id.to_string(),
        name: kept(&row.name),
        size: row.size,
        sha256: row.sha256.clone(),
        note: kept(&row.note),
        recorded_by: row.recorded_by.clone(),
        recorded_at: row.recorded_at,
        destroyed_at: row.destroyed_at,
        included,
    }
}
