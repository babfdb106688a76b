//! Checks one chain, entry by entry, as it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::verify::{CLOCK_TOLERANCE, Claim, Finding, RawEntry};
use super::{Kind, chain};
use crate::kernel::{Instant, Sha256};

/// Missing numbers that are named one by one.
const NAMED: i64 = 100;

/// How far the check of one chain has come.
pub(super) struct Chain {
    pub(super) incident_id: String,
    pub(super) last: Option<RawEntry>,
    expected_seq: i64,
    /// What the newest entry's hash should be, if not what is stored: the next may rest on either, so that
    /// only the damaged one is named.
    recomputed: Option<Sha256>,
    /// The latest time of recording so far.
    latest: Option<Instant>,
    /// What checkpoints said of entries that were not read yet, by number.
    claims: BTreeMap<i64, Vec<Claim>>,
    /// Entries without a payload: a later entry must tell of the erasure.
    bare: Vec<(i64, String)>,
    erased: BTreeSet<i64>,
}

impl Chain {
    pub(super) fn new(incident_id: String, said: Vec<Claim>) -> Self {
        let mut claims: BTreeMap<i64, Vec<Claim>> = BTreeMap::new();
        for claim in said {
            claims.entry(claim.seq).or_default().push(claim);
        }
        Self {
            incident_id,
            last: None,
            expected_seq: 1,
            recomputed: None,
            latest: None,
            claims,
            bare: Vec::new(),
            erased: BTreeSet::new(),
        }
    }

    /// Checks the next entry.
    pub(super) fn take(mut self, raw: RawEntry, findings: &mut Vec<Finding>) -> Self {
        let mut problems: Vec<String> = Vec::new();
        if raw.seq != self.expected_seq {
            let until = raw.seq.min(self.expected_seq.saturating_add(NAMED));
            for missing in self.expected_seq..until {
                findings.push(self.finding(missing, "this entry was removed or renumbered"));
            }
        } else if !self.precedes(&raw) {
            problems.push("it does not follow from the entry before it".to_owned());
        }
        self.recomputed = None;
        if let Some(why) = raw.unreadable() {
            problems.push(why.to_owned());
        }
        let computed = raw.hashed().hash();
        if computed.as_bytes().as_slice() != raw.hash {
            problems.push("its content does not match its hash".to_owned());
            self.recomputed = Some(computed);
        }
        problems.extend(self.payload_problem(&raw).map(str::to_owned));
        problems.extend(self.clock_problem(&raw).map(str::to_owned));
        problems.extend(self.claim_problems(&raw));
        if !problems.is_empty() {
            findings.push(raw.finding(problems.join("; ")));
        }
        self.expected_seq = raw.seq.saturating_add(1);
        self.last = Some(raw);
        self
    }

    /// Whether an entry names the one before it.
    fn precedes(&self, raw: &RawEntry) -> bool {
        let stored = self
            .last
            .as_ref()
            .map_or(&chain::GENESIS[..], |last| &last.hash);
        let recomputed = self.recomputed.as_ref().map(Sha256::as_bytes);
        raw.prev_hash == stored || recomputed.is_some_and(|hash| raw.prev_hash == hash)
    }

    /// Names entries whose payload is gone without an entry that tells of it.
    pub(super) fn payloads(&self, findings: &mut Vec<Finding>) {
        for (seq, id) in &self.bare {
            if !self.erased.contains(seq) {
                findings.push(Finding {
                    entry_id: Some(id.clone()),
                    ..self.finding(
                        *seq,
                        "its payload is gone, and no later entry tells of an erasure",
                    )
                });
            }
        }
    }

    /// Names entries that a checkpoint saw and that were not there.
    pub(super) fn unseen(&self, findings: &mut Vec<Finding>) {
        for claim in self.claims.values().flatten() {
            let what = format!(
                "checkpoint {} saw this entry, and it is gone",
                claim.checkpoint
            );
            findings.push(self.finding(claim.seq, &what));
        }
    }

    fn finding(&self, seq: i64, what: &str) -> Finding {
        Finding {
            incident_id: self.incident_id.clone(),
            seq: Some(seq),
            entry_id: None,
            what: what.to_owned(),
        }
    }

    fn payload_problem(&mut self, raw: &RawEntry) -> Option<&'static str> {
        let Some(payload) = &raw.payload else {
            self.bare.push((raw.seq, raw.id.clone()));
            return (!raw.salt.is_empty()).then_some("its payload was erased, but not its salt");
        };
        if raw.kind == Kind::PayloadErased.as_str() {
            let details: Value = serde_json::from_str(payload).unwrap_or_default();
            let numbers = details.get("seqs").and_then(Value::as_array);
            let numbers = numbers.into_iter().flatten();
            self.erased.extend(numbers.filter_map(Value::as_i64));
        }
        let computed = chain::commitment(&raw.salt, payload);
        (computed.as_bytes().as_slice() != raw.commitment)
            .then_some("its payload does not match its commitment")
    }

    /// Whether an entry was recorded earlier than what stands before it.
    fn clock_problem(&mut self, raw: &RawEntry) -> Option<&'static str> {
        let recorded_at = Instant::from_micros(raw.recorded_at);
        let back = self
            .latest
            .is_some_and(|latest| recorded_at < latest.minus(CLOCK_TOLERANCE));
        self.latest = self.latest.max(Some(recorded_at));
        back.then_some(
            "it was recorded earlier than an entry or a checkpoint before it: the clock was set back",
        )
    }

    fn claim_problems(&mut self, raw: &RawEntry) -> Vec<String> {
        let mut problems = Vec::new();
        for claim in self.claims.remove(&raw.seq).unwrap_or_default() {
            // Whatever comes after this entry was recorded after the checkpoint.
            self.latest = self.latest.max(Some(claim.time));
            if claim.hash != raw.hash {
                problems.push(format!(
                    "checkpoint {} saw this entry with another hash",
                    claim.checkpoint
                ));
            }
        }
        problems
    }
}
