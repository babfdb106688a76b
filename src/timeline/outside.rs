//! The same checks away from the database: of what somebody was handed of one incident.
//!
//! In come checkpoints in the order of their numbers, then entries in the order of
//! theirs; out comes what does not hold. The first checkpoint stands at the edge of
//! what was handed on: the one that it names is believed.

use std::collections::BTreeMap;

use super::Entry;
use super::checkpoint::{Checkpoint, Opened};
use super::links::Chain;
use super::verify::{CLOCK_TOLERANCE, Claim, Finding, RawEntry};
use crate::kernel::{Instant, Sha256};

/// Findings that are kept; more say nothing new.
const NAMED: usize = 1_000;

/// How far the check has come.
pub struct Outside {
    public_key: Vec<u8>,
    incident_id: String,
    /// The digests of the notes, by number.
    notes: BTreeMap<i64, Sha256>,
    /// The newest checkpoint: its number, and its time when its signature held.
    newest: Option<(i64, Option<Instant>)>,
    /// What the newest checkpoint says of this incident.
    head: Option<(i64, Vec<u8>)>,
    /// Whether a note of the second version was seen.
    chained: bool,
    claims: Vec<Claim>,
    chain: Option<Chain>,
    payloads: bool,
    findings: Vec<Finding>,
}

/// What all entries and checkpoints gave.
#[derive(Debug)]
pub struct Ended {
    /// Number and hash of the last entry.
    pub last: Option<(i64, Vec<u8>)>,
    /// What the newest checkpoint says of this incident, if its signature holds.
    pub head: Option<(i64, Vec<u8>)>,
    /// Entries that do not hold.
    pub findings: Vec<Finding>,
}

impl Outside {
    /// Begins; `payloads` says whether entries come with what they tell, where it was not erased.
    pub fn new(public_key: &[u8], incident_id: &str, payloads: bool) -> Self {
        Self {
            public_key: public_key.to_vec(),
            incident_id: incident_id.to_owned(),
            notes: BTreeMap::new(),
            newest: None,
            head: None,
            chained: false,
            claims: Vec::new(),
            chain: None,
            payloads,
            findings: Vec::new(),
        }
    }

    /// Checks the next checkpoint; gives its time, when its signature holds, and what is wrong with it.
    pub fn checkpoint(&mut self, number: i64, note: &str) -> (Option<Instant>, Vec<&'static str>) {
        let digest = Sha256::of(note.as_bytes());
        let mut problems = Vec::new();
        let before = self.newest;
        if before.is_some_and(|(before, _)| before.saturating_add(1) != number) {
            problems.push("the checkpoints before it were removed");
        }
        let opened = self.open(number, note, &mut problems);
        if let (Some(opened), Some((before, time))) = (&opened, before) {
            let named = self.notes.get(&before).copied();
            // A note of the first version names none before it, and stands only before those of the second.
            let chained = opened.number.is_some();
            if (chained && opened.previous != named) || (!chained && self.chained) {
                problems.push("it does not follow from the checkpoint before it");
            }
            if time.is_some_and(|time| opened.time < time.minus(CLOCK_TOLERANCE)) {
                problems.push("it was made earlier than the one before it: the clock was set back");
            }
        }
        self.chained |= opened
            .as_ref()
            .is_some_and(|opened| opened.number.is_some());
        self.notes.insert(number, digest);
        self.head = None;
        let time = opened.as_ref().map(|opened| opened.time);
        self.newest = Some((number, time));
        if let Some(opened) = opened {
            self.head = self.gather(&number.to_string(), opened);
        }
        (time, problems)
    }

    /// Holds a checkpoint that was kept elsewhere against those of the bundle; gives what is wrong.
    pub fn kept(&mut self, note: &str) -> Vec<&'static str> {
        let mut problems = Vec::new();
        let Some(opened) = self.open_any(note, &mut problems) else {
            return problems;
        };
        let number = opened.number;
        let held = number.and_then(|number| self.notes.get(&number));
        if held.is_some_and(|held| *held != Sha256::of(note.as_bytes())) {
            problems.push("the bundle holds another checkpoint of the same number");
        }
        // One that was made after the bundle may know of later entries.
        let later = number > self.newest.map(|(number, _)| number);
        let end = self.head.as_ref().map_or(0, |(seq, _)| *seq);
        self.gather("that you kept", opened);
        if later {
            self.claims.retain(|claim| claim.seq <= end);
        }
        problems
    }

    /// Checks the next entry.
    pub fn entry(&mut self, entry: Entry) {
        let chain = match self.chain.take() {
            Some(chain) => chain,
            None => Chain::new(self.incident_id.clone(), std::mem::take(&mut self.claims)),
        };
        let mut findings = Vec::new();
        if entry.incident_id != self.incident_id {
            let what = "it belongs to another incident";
            findings.push(RawEntry::from(entry.clone()).finding(what));
        }
        self.chain = Some(chain.take(entry.into(), &mut findings));
        self.note(findings);
    }

    /// Ends the check, after the last entry.
    pub fn finish(mut self) -> Ended {
        let chain = self.chain.take().unwrap_or_else(|| {
            Chain::new(self.incident_id.clone(), std::mem::take(&mut self.claims))
        });
        let mut findings = Vec::new();
        if self.payloads {
            chain.payloads(&mut findings);
        }
        chain.unseen(&mut findings);
        self.note(findings);
        Ended {
            last: chain.last.map(|last| (last.seq, last.hash)),
            head: self.head,
            findings: self.findings,
        }
    }

    fn note(&mut self, findings: Vec<Finding>) {
        let room = NAMED.saturating_sub(self.findings.len());
        self.findings.extend(findings.into_iter().take(room));
    }

    fn open(&self, number: i64, note: &str, problems: &mut Vec<&'static str>) -> Option<Opened> {
        let opened = self.open_any(note, problems)?;
        if opened.number.is_some_and(|signed| signed != number) {
            problems.push("it was renumbered");
        }
        Some(opened)
    }

    fn open_any(&self, note: &str, problems: &mut Vec<&'static str>) -> Option<Opened> {
        let checkpoint = Checkpoint {
            id: String::new(),
            note: note.to_owned(),
            created_at: Instant::from_micros(0),
            seq: 0,
        };
        checkpoint
            .open(&self.public_key)
            .map_err(|why| problems.push(why))
            .ok()
    }

    /// Keeps what a checkpoint says of this incident, when it is new; gives it.
    fn gather(&mut self, name: &str, opened: Opened) -> Option<(i64, Vec<u8>)> {
        let (_, seq, hash) = opened
            .heads
            .into_iter()
            .find(|(incident, ..)| *incident == self.incident_id)?;
        let known = self.claims.last();
        if known.is_none_or(|last| (last.seq, &last.hash) != (seq, &hash)) {
            self.claims.push(Claim {
                seq,
                hash: hash.clone(),
                checkpoint: name.to_owned(),
                time: opened.time,
            });
        }
        Some((seq, hash))
    }
}

impl From<Entry> for RawEntry {
    fn from(entry: Entry) -> Self {
        Self {
            incident_id: entry.incident_id,
            seq: entry.seq,
            id: entry.id.to_string(),
            kind: entry.kind.as_str().to_owned(),
            actor: entry.actor,
            occurred_at: entry.occurred_at.as_micros(),
            recorded_at: entry.recorded_at.as_micros(),
            salt: entry.salt,
            payload: entry.payload,
            commitment: entry.commitment,
            prev_hash: entry.prev_hash,
            hash: entry.hash,
        }
    }
}
