//! Checks every chain of a database, and names what does not hold.
//!
//! Reads raw columns: a changed byte may make a row that no longer parses, and
//! that row must be named too.

use std::collections::BTreeMap;
use std::fmt;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::Serialize;

use super::checkpoint::{self, Checkpoint};
use super::{Entry, Kind, chain, store};
use crate::kernel::Result;
use crate::store::Conn;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The incident whose chain it is in.
    pub incident_id: String,
    /// The number of the entry, where one can be named.
    pub seq: Option<i64>,
    /// The entry's id, as stored.
    pub entry_id: Option<String>,
    /// What was found, in English.
    pub what: String,
}

/// What a check of the whole database gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    /// Chains that were read.
    pub incidents: usize,
    /// Entries that were read.
    pub entries: usize,
    /// Checkpoints whose signature and chains were compared.
    pub checkpoints: usize,
    /// Everything that does not hold; empty when all is well.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "incident {}", self.incident_id)?;
        if let Some(seq) = self.seq {
            write!(f, " entry {seq}")?;
        }
        if let Some(id) = &self.entry_id {
            write!(f, " ({id})")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Checks all chains, their heads and all checkpoints.
///
/// # Errors
/// Only the database's own error; what does not hold is in the verdict.
pub fn verify(conn: &mut Conn, public_key: &[u8]) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let mut chains: BTreeMap<String, Vec<RawEntry>> = BTreeMap::new();
    for entry in raw_entries(conn)? {
        chains
            .entry(entry.incident_id.clone())
            .or_default()
            .push(entry);
    }
    let heads: BTreeMap<String, (i64, Vec<u8>)> = store::heads(conn)?
        .into_iter()
        .map(|(incident, seq, hash)| (incident, (seq, hash)))
        .collect();
    for (incident_id, entries) in &chains {
        verdict.incidents += 1;
        verdict.entries += entries.len();
        check_chain(entries, &mut verdict.findings);
        check_head(
            incident_id,
            entries.last(),
            heads.get(incident_id),
            &mut verdict.findings,
        );
    }
    for (incident_id, head) in &heads {
        if !chains.contains_key(incident_id) && head.0 > 0 {
            check_head(incident_id, None, Some(head), &mut verdict.findings);
        }
    }
    for checkpoint in checkpoint::all(conn)? {
        verdict.checkpoints += 1;
        check_checkpoint(&checkpoint, public_key, &chains, &mut verdict.findings);
    }
    Ok(verdict)
}

#[derive(QueryableByName)]
struct RawEntry {
    #[diesel(sql_type = Text)]
    incident_id: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = BigInt)]
    occurred_at: i64,
    #[diesel(sql_type = BigInt)]
    recorded_at: i64,
    #[diesel(sql_type = Binary)]
    salt: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    payload: Option<String>,
    #[diesel(sql_type = Binary)]
    commitment: Vec<u8>,
    #[diesel(sql_type = Binary)]
    prev_hash: Vec<u8>,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

impl RawEntry {
    /// The entry in its own types, or what keeps a column from being one.
    fn typed(&self) -> Result<Entry, String> {
        Ok(Entry {
            incident_id: self.incident_id.clone(),
            seq: self.seq,
            id: match self.id.parse::<super::EntryId>() {
                // An id that is only written differently was changed as well.
                Ok(id) if id.as_str() == self.id => id,
                _ => return Err("its id is no id".to_owned()),
            },
            kind: self
                .kind
                .parse::<Kind>()
                .map_err(|_| "its kind is unknown".to_owned())?,
            actor: self.actor.clone(),
            occurred_at: crate::kernel::Instant::from_micros(self.occurred_at),
            recorded_at: crate::kernel::Instant::from_micros(self.recorded_at),
            salt: self.salt.clone(),
            payload: self.payload.clone(),
            commitment: self.commitment.clone(),
            prev_hash: self.prev_hash.clone(),
            hash: self.hash.clone(),
        })
    }

    fn finding(&self, what: impl Into<String>) -> Finding {
        Finding {
            incident_id: self.incident_id.clone(),
            seq: Some(self.seq),
            entry_id: Some(self.id.clone()),
            what: what.into(),
        }
    }
}

fn raw_entries(conn: &mut Conn) -> QueryResult<Vec<RawEntry>> {
    diesel::sql_query(
        "SELECT incident_id, seq, id, kind, actor, occurred_at, recorded_at, salt, payload, \
         commitment, prev_hash, hash FROM timeline_entries ORDER BY incident_id, seq",
    )
    .load(conn)
}

fn check_chain(entries: &[RawEntry], findings: &mut Vec<Finding>) {
    let erased = erased_numbers(entries);
    let mut expected_seq = 1_i64;
    // After a damaged entry, the next may rest on its stored or on its recomputed hash: only the damaged one is named.
    let mut accepted_prev = vec![chain::GENESIS.to_vec()];
    for raw in entries {
        let mut problems = Vec::new();
        if raw.seq != expected_seq {
            for missing in expected_seq..raw.seq.min(expected_seq.saturating_add(100)) {
                findings.push(Finding {
                    incident_id: raw.incident_id.clone(),
                    seq: Some(missing),
                    entry_id: None,
                    what: "this entry was removed or renumbered".to_owned(),
                });
            }
        } else if !accepted_prev.contains(&raw.prev_hash) {
            problems.push("it does not follow from the entry before it".to_owned());
        }
        accepted_prev = vec![raw.hash.clone()];
        match raw.typed() {
            Ok(entry) => {
                let computed = chain::hash(&entry).as_bytes().to_vec();
                if computed != raw.hash {
                    problems.push("its content does not match its hash".to_owned());
                    accepted_prev.push(computed);
                }
                problems.extend(payload_problem(&entry, &erased));
            }
            Err(why) => problems.push(why),
        }
        if !problems.is_empty() {
            findings.push(raw.finding(problems.join("; ")));
        }
        expected_seq = raw.seq.saturating_add(1);
    }
}

fn payload_problem(entry: &Entry, erased: &[i64]) -> Option<String> {
    match &entry.payload {
        Some(payload) => {
            let computed = chain::commitment(&entry.salt, payload);
            (computed.as_bytes().as_slice() != entry.commitment)
                .then(|| "its payload does not match its commitment".to_owned())
        }
        None if !erased.contains(&entry.seq) => {
            Some("its payload is gone, and no later entry tells of an erasure".to_owned())
        }
        None => {
            (!entry.salt.is_empty()).then(|| "its payload was erased, but not its salt".to_owned())
        }
    }
}

fn erased_numbers(entries: &[RawEntry]) -> Vec<i64> {
    entries
        .iter()
        .filter(|entry| entry.kind == Kind::PayloadErased.as_str())
        .filter_map(|entry| {
            serde_json::from_str::<serde_json::Value>(entry.payload.as_deref()?).ok()
        })
        .filter_map(|payload| payload.get("seqs")?.as_array().cloned())
        .flatten()
        .filter_map(|seq| seq.as_i64())
        .collect()
}

fn check_head(
    incident_id: &str,
    last: Option<&RawEntry>,
    head: Option<&(i64, Vec<u8>)>,
    findings: &mut Vec<Finding>,
) {
    let last_seq = last.map_or(0, |entry| entry.seq);
    let what = match head {
        None => "the head of this chain is missing".to_owned(),
        Some((seq, _)) if *seq > last_seq => format!(
            "entries {} to {seq} were removed from the end",
            last_seq + 1
        ),
        Some((seq, _)) if *seq < last_seq => format!("the head of this chain says {seq} entries"),
        Some((_, hash)) if last.is_some_and(|entry| &entry.hash != hash) => {
            "the newest entry is not the one that the head of this chain names".to_owned()
        }
        Some(_) => return,
    };
    findings.push(Finding {
        incident_id: incident_id.to_owned(),
        seq: Some(last_seq),
        entry_id: last.map(|entry| entry.id.clone()),
        what,
    });
}

fn check_checkpoint(
    checkpoint: &Checkpoint,
    public_key: &[u8],
    chains: &BTreeMap<String, Vec<RawEntry>>,
    findings: &mut Vec<Finding>,
) {
    let general = |what: String| Finding {
        incident_id: "-".to_owned(),
        seq: None,
        entry_id: None,
        what,
    };
    let heads = match checkpoint.open(public_key) {
        Ok(heads) => heads,
        Err(why) => {
            findings.push(general(format!("checkpoint {}: {why}", checkpoint.id)));
            return;
        }
    };
    for (incident_id, seq, hash) in heads {
        let entry = chains
            .get(&incident_id)
            .and_then(|entries| entries.iter().find(|entry| entry.seq == seq));
        let what = match entry {
            None => format!(
                "checkpoint {} saw this entry, and it is gone",
                checkpoint.id
            ),
            Some(entry) if entry.hash != hash => {
                format!(
                    "checkpoint {} saw this entry with another hash",
                    checkpoint.id
                )
            }
            Some(_) => continue,
        };
        let finding = Finding {
            incident_id,
            seq: Some(seq),
            entry_id: entry.map(|entry| entry.id.clone()),
            what,
        };
        findings.push(finding);
    }
}
