//! The same checks away from the database: of what somebody was handed of one incident.
//!
//! In come checkpoints in the order of their numbers, then entries in the order of
//! theirs; out comes what does not hold. The first checkpoint stands at the edge of
//! what was handed on: the one that it names is believed.

use std::collections::BTreeMap;

use super::Entry;
use super::checkpoint::{self, Checkpoint, Opened};
use super::links::Chain;
use super::notes::Notes;
use super::verify::{Claim, Finding, RawEntry};
use crate::kernel::{Instant, Sha256};

/// Findings that are kept; more say nothing new.
const NAMED: usize = 1_000;

/// How far the check has come.
pub struct Outside {
    public_key: Vec<u8>,
    incident_id: String,
    /// The chain of checkpoints; none before the first.
    notes: Option<Notes>,
    /// The digests of the checkpoints, by number.
    digests: BTreeMap<i64, Sha256>,
    /// What the newest checkpoint says of this incident.
    head: Option<(i64, Vec<u8>)>,
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
            notes: None,
            digests: BTreeMap::new(),
            head: None,
            claims: Vec::new(),
            chain: None,
            payloads,
            findings: Vec::new(),
        }
    }

    /// Checks the next checkpoint; gives its time, when its signature holds, and what is wrong with it.
    pub fn checkpoint(&mut self, number: i64, note: &str) -> (Option<Instant>, Vec<&'static str>) {
        let checkpoint = Checkpoint {
            id: String::new(),
            note: note.to_owned(),
            created_at: Instant::from_micros(0),
            seq: number,
        };
        let notes = self.notes.get_or_insert_with(|| Notes::at_edge(number));
        let (opened, problems) = notes.take(&checkpoint, &self.public_key);
        self.digests.insert(number, checkpoint.digest());
        let time = opened.as_ref().map(|opened| opened.time);
        self.head = opened.and_then(|opened| self.gather(&number.to_string(), opened));
        (time, problems)
    }

    /// Holds a checkpoint that was kept elsewhere against those of the bundle; gives what is wrong.
    pub fn kept(&mut self, note: &str) -> Vec<&'static str> {
        let opened = match checkpoint::open(note, &self.public_key) {
            Ok(opened) => opened,
            Err(why) => return vec![why],
        };
        let mut problems = Vec::new();
        let number = opened.number;
        let held = number.and_then(|number| self.digests.get(&number));
        if held.is_some_and(|held| *held != Sha256::of(note.as_bytes())) {
            problems.push("the bundle holds another checkpoint of the same number");
        }
        // One that was made after the bundle may know of later entries.
        let later = number > self.digests.keys().next_back().copied();
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
