//! Checks every chain of a database, and names what does not hold.
//!
//! Reads raw columns: a changed byte may make a row that no longer parses, and
//! that row must be named too.

use std::collections::BTreeMap;
use std::fmt;

use diesel::prelude::*;
use jiff::SignedDuration;
use serde::Serialize;

use super::checkpoint::{self, Checkpoint, Opened};
use super::links::Chain;
use super::notes::Notes;
use super::{EntryId, Kind, chain, store};
use crate::kernel::{Instant, Result};
use crate::store::schema::timeline_entries;
use crate::store::{Conn, snapshot};

/// Stands for the incident where a finding is about none.
const NO_INCIDENT: &str = "-";

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The incident whose chain it is in; `-` for a checkpoint.
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
    /// What does not hold, at most a thousand of it; empty when all is well.
    pub findings: Vec<Finding>,
    /// How many findings more there were.
    pub more: usize,
}

impl Verdict {
    /// Keeps the memory of a check bounded, also that of a database of which nothing holds.
    fn bound(&mut self) {
        self.more += self.findings.len().saturating_sub(NAMED);
        self.findings.truncate(NAMED);
    }
}

/// A checkpoint that somebody kept outside of this server.
#[derive(Clone, Debug)]
pub struct KeptNote {
    /// What findings call it: the name of its file.
    pub name: String,
    /// The signed note.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.incident_id == NO_INCIDENT {
            return f.write_str(&self.what);
        }
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

/// How far a clock may seem to run back before it is named.
///
/// An entry carries the time at which its writer began, and writers may wait for
/// each other; a clock that is set right by NTP jumps by seconds. Neither is ten
/// minutes. Whoever backdates an entry to make a legal deadline moves it by more.
pub(super) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Entries that are read at once; the memory of a check does not grow with the timeline.
const PAGE: i64 = 2_000;
/// Checkpoints that are read at once; each has a line for each incident.
const NOTES: i64 = 50;
/// Findings that are named; the others are counted.
const NAMED: usize = 1_000;

/// What a checkpoint said of one chain.
pub(super) struct Claim {
    pub(super) seq: i64,
    pub(super) hash: Vec<u8>,
    pub(super) checkpoint: String,
    pub(super) time: Instant,
}

type Claims = BTreeMap<String, Vec<Claim>>;
/// Number and hash of the newest entry, by incident.
type Heads = BTreeMap<String, (i64, Vec<u8>)>;

/// Checks all chains, their heads and all checkpoints, as of one moment.
///
/// # Errors
/// Only the database's own error; what does not hold is in the verdict.
pub fn verify(conn: &mut Conn, public_key: &[u8]) -> Result<Verdict> {
    verify_against(conn, public_key, &[])
}

/// [`verify()`], also against checkpoints that were kept elsewhere.
///
/// Only they show that the newest checkpoints were cut off together with what they saw: nothing on the
/// server points at the last one.
///
/// # Errors
/// As [`verify()`].
pub fn verify_against(conn: &mut Conn, public_key: &[u8], kept: &[KeptNote]) -> Result<Verdict> {
    snapshot(conn, |conn| {
        let mut verdict = Verdict::default();
        let mut claims = checkpoints(conn, public_key, &mut verdict)?;
        for note in kept {
            compare(conn, public_key, note, &mut claims, &mut verdict)?;
        }
        let heads: Heads = store::heads(conn)?
            .into_iter()
            .map(|(incident, seq, hash)| (incident, (seq, hash)))
            .collect();
        walk(conn, None, claims, heads, &mut verdict)?;
        Ok(verdict)
    })
}

/// Checks the chain of one incident, its head, and what the newest checkpoints say of it.
///
/// A later checkpoint vouches for everything before the entry that it names, so the newest ones say
/// of one chain what all of them say. Whether older ones were changed, only [`verify()`] tells.
///
/// # Errors
/// As [`verify()`].
pub fn verify_incident(conn: &mut Conn, public_key: &[u8], incident_id: &str) -> Result<Verdict> {
    snapshot(conn, |conn| {
        let mut verdict = Verdict::default();
        let mut newest = checkpoint::recent(conn, NOTES + 1)?;
        newest.reverse();
        let whole = i64::try_from(newest.len()).is_ok_and(|count| count <= NOTES);
        let mut notes = Notes::default();
        let mut claims = Claims::new();
        for (place, note) in newest.iter().enumerate() {
            if place == 0 && !whole {
                notes = Notes::from(note);
            } else {
                open(note, public_key, &mut notes, &mut claims, &mut verdict);
            }
        }
        claims.retain(|incident, _| incident == incident_id);
        let heads: Heads = store::head(conn, incident_id)?
            .map(|head| (incident_id.to_owned(), head))
            .into_iter()
            .collect();
        walk(conn, Some(incident_id), claims, heads, &mut verdict)?;
        Ok(verdict)
    })
}

/// Reads entries page by page, of one incident or of all, and checks them, their heads and what was said of them.
fn walk(
    conn: &mut Conn,
    only: Option<&str>,
    mut claims: Claims,
    mut heads: Heads,
    verdict: &mut Verdict,
) -> Result<()> {
    let mut chain: Option<Chain> = None;
    let mut last = (only.unwrap_or_default().to_owned(), i64::MIN);
    loop {
        let page = raw_entries(conn, &last, only)?;
        let Some(end) = page.last() else { break };
        last = (end.incident_id.clone(), end.seq);
        for raw in page {
            verdict.entries += 1;
            let current = match chain.take() {
                Some(current) if current.incident_id == raw.incident_id => current,
                before => {
                    finish(before, &mut heads, verdict);
                    let claims = claims.remove(&raw.incident_id).unwrap_or_default();
                    Chain::new(raw.incident_id.clone(), claims)
                }
            };
            chain = Some(current.take(raw, &mut verdict.findings));
        }
        verdict.bound();
    }
    finish(chain, &mut heads, verdict);
    // What is left belongs to incidents without a single entry.
    for (incident_id, head) in heads.iter().filter(|(_, head)| head.0 > 0) {
        check_head(incident_id, None, Some(head), &mut verdict.findings);
    }
    for (incident_id, claims) in claims {
        Chain::new(incident_id, claims).unseen(&mut verdict.findings);
    }
    verdict.bound();
    Ok(())
}

fn finish(chain: Option<Chain>, heads: &mut Heads, verdict: &mut Verdict) {
    let Some(chain) = chain else { return };
    verdict.incidents += 1;
    chain.payloads(&mut verdict.findings);
    chain.unseen(&mut verdict.findings);
    let head = heads.remove(&chain.incident_id);
    check_head(
        &chain.incident_id,
        chain.last.as_ref(),
        head.as_ref(),
        &mut verdict.findings,
    );
}

/// Opens every checkpoint, follows their chain, and gathers what they say of each incident.
fn checkpoints(conn: &mut Conn, public_key: &[u8], verdict: &mut Verdict) -> Result<Claims> {
    let mut claims = Claims::new();
    let mut notes = Notes::default();
    let mut after = 0;
    loop {
        let page = checkpoint::after(conn, after, NOTES)?;
        let Some(end) = page.last() else {
            return Ok(claims);
        };
        after = end.seq;
        for note in &page {
            open(note, public_key, &mut notes, &mut claims, verdict);
        }
        verdict.bound();
    }
}

/// Checks the next checkpoint and keeps what it says.
fn open(
    note: &Checkpoint,
    public_key: &[u8],
    notes: &mut Notes,
    claims: &mut Claims,
    verdict: &mut Verdict,
) {
    verdict.checkpoints += 1;
    let (opened, problems) = notes.take(note, public_key);
    verdict.findings.extend(
        problems
            .into_iter()
            .map(|what| about_checkpoint(format!("checkpoint {} ({}): {what}", note.seq, note.id))),
    );
    if let Some(opened) = opened {
        gather(claims, &note.id, opened);
    }
}

/// Holds a checkpoint that was kept elsewhere against this server.
fn compare(
    conn: &mut Conn,
    public_key: &[u8],
    kept: &KeptNote,
    claims: &mut Claims,
    verdict: &mut Verdict,
) -> Result<()> {
    let name = &kept.name;
    match checkpoint::open(&kept.text, public_key) {
        Err(why) => {
            let what = format!("the checkpoint kept as {name}: {why}");
            verdict.findings.push(about_checkpoint(what));
        }
        Ok(opened) => {
            // One of the first version bears no number: only what it says of the chains is compared.
            if let Some(number) = opened.number {
                let held = checkpoint::numbered(conn, number)?;
                let what = match held {
                    None => format!(
                        "checkpoint {number} was removed from this server; {name} is a copy of it"
                    ),
                    Some(held) if held.note != kept.text => {
                        format!("checkpoint {number} is not the one that was kept as {name}")
                    }
                    Some(_) => String::new(),
                };
                if !what.is_empty() {
                    verdict.findings.push(about_checkpoint(what));
                }
            }
            gather(claims, name, opened);
        }
    }
    Ok(())
}

fn about_checkpoint(what: String) -> Finding {
    Finding {
        incident_id: NO_INCIDENT.to_owned(),
        seq: None,
        entry_id: None,
        what,
    }
}

/// Keeps what a checkpoint says anew: most say the same of most chains.
fn gather(claims: &mut Claims, name: &str, opened: Opened) {
    for (incident_id, seq, hash) in opened.heads {
        let known = claims.entry(incident_id).or_default();
        match known.last_mut() {
            // Until then nothing more was recorded: what follows must bear a later time.
            Some(last) if (last.seq, &last.hash) == (seq, &hash) => {
                last.time = last.time.max(opened.time);
            }
            _ => known.push(Claim {
                seq,
                hash,
                checkpoint: name.to_owned(),
                time: opened.time,
            }),
        }
    }
}

/// The columns as they are stored, in the order of the table.
#[derive(Queryable)]
pub(super) struct RawEntry {
    pub(super) incident_id: String,
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) actor: String,
    pub(super) occurred_at: i64,
    pub(super) recorded_at: i64,
    pub(super) salt: Vec<u8>,
    pub(super) payload: Option<String>,
    pub(super) commitment: Vec<u8>,
    pub(super) prev_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl RawEntry {
    /// What keeps a column from being what it must be.
    pub(super) fn unreadable(&self) -> Option<&'static str> {
        // An id that is only written differently was changed as well.
        let id = self.id.parse::<EntryId>();
        if !id.is_ok_and(|id| id.as_str() == self.id) {
            return Some("its id is no id");
        }
        self.kind
            .parse::<Kind>()
            .is_err()
            .then_some("its kind is unknown")
    }

    /// What its hash covers.
    pub(super) fn hashed(&self) -> chain::Hashed<'_> {
        chain::Hashed {
            prev_hash: &self.prev_hash,
            incident_id: &self.incident_id,
            seq: self.seq,
            id: &self.id,
            kind: &self.kind,
            actor: &self.actor,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            commitment: &self.commitment,
        }
    }

    pub(super) fn finding(&self, what: impl Into<String>) -> Finding {
        Finding {
            incident_id: self.incident_id.clone(),
            seq: Some(self.seq),
            entry_id: Some(self.id.clone()),
            what: what.into(),
        }
    }
}

/// The entries behind one, in the order of their chains; of one incident alone when it is named.
fn raw_entries(
    conn: &mut Conn,
    last: &(String, i64),
    only: Option<&str>,
) -> QueryResult<Vec<RawEntry>> {
    let behind = timeline_entries::incident_id
        .gt(&last.0)
        .or(timeline_entries::incident_id
            .eq(&last.0)
            .and(timeline_entries::seq.gt(last.1)));
    let query = timeline_entries::table
        // Said twice, so that both databases begin at the place in their index.
        .filter(timeline_entries::incident_id.ge(&last.0))
        .filter(behind)
        .order((timeline_entries::incident_id, timeline_entries::seq))
        .limit(PAGE);
    match only {
        None => query.load(conn),
        Some(only) => query
            .filter(timeline_entries::incident_id.eq(only))
            .load(conn),
    }
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
