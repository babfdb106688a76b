//! Signed statements of how far every chain had come.
//!
//! A checkpoint is a signed note (C2SP signed-note): lines of text, an empty
//! line, and an Ed25519 signature. Kept elsewhere too, it shows a cut tail or a
//! removed incident to somebody who does not trust this server.
//!
//! Lines of version 2: origin, the checkpoint's number, the time (RFC 3339), the
//! SHA-256 (Base64) of the whole note before it or `none`, then one line for each
//! chain: incident, number and hash (Base64) of its newest entry. Version 1 had
//! the count of chains in the second line and named no note before it; its notes
//! still open.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

use super::store;
use crate::kernel::{Instant, Result, Sha256, id};
use crate::store::Conn;
use crate::store::schema::checkpoints;
use crate::vault::{SigningKey, note};

/// How far one chain had come: incident, number and hash of its newest entry.
pub type Head = (String, i64, Vec<u8>);

const ORIGIN: &str = "shodo/timeline/2";
const FIRST_ORIGIN: &str = "shodo/timeline/1";
/// Stands where a checkpoint would name the one before it.
const NONE: &str = "none";

/// A stored checkpoint.
#[derive(Clone, Debug, Queryable)]
pub struct Checkpoint {
    /// Its id.
    pub id: String,
    /// The signed note.
    pub note: String,
    /// When it was made.
    pub created_at: Instant,
    /// 1, 2, 3 … over the whole server.
    pub seq: i64,
}

/// What a checkpoint says, once its signature held.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its number; none in version 1.
    pub number: Option<i64>,
    /// When it was made, as signed.
    pub time: Instant,
    /// The digest of the whole note before it: none in version 1, and in the first.
    pub previous: Option<Sha256>,
    /// Whether it says of itself that it has none before it.
    pub first: bool,
    /// How far each chain had come.
    pub heads: Vec<Head>,
}

/// Signs the present heads of all chains, unless the newest checkpoint says the same.
///
/// # Errors
/// The database's own error.
pub fn write(tx: &mut Conn, key: &SigningKey, now: Instant) -> Result<Option<Checkpoint>> {
    store::lock_checkpoints(tx)?;
    let heads = store::heads(tx)?;
    let lines: String = heads
        .iter()
        .map(|(incident, seq, hash)| format!("{incident} {seq} {}\n", STANDARD.encode(hash)))
        .collect();
    let newest = newest(tx)?;
    let unchanged = newest
        .as_ref()
        .is_some_and(|checkpoint| checkpoint.head_lines() == lines);
    if heads.is_empty() || unchanged {
        return Ok(None);
    }
    let seq = newest
        .as_ref()
        .map_or(1, |before| before.seq.saturating_add(1));
    let before = newest.map_or_else(
        || NONE.to_owned(),
        |before| STANDARD.encode(before.digest().as_bytes()),
    );
    let body = format!("{ORIGIN}\n{seq}\n{now}\n{before}\n{lines}");
    let note = note::sign(key, ORIGIN, &body);
    let checkpoint = Checkpoint {
        id: id::fresh(now),
        note,
        created_at: now,
        seq,
    };
    diesel::insert_into(checkpoints::table)
        .values((
            checkpoints::id.eq(&checkpoint.id),
            checkpoints::note.eq(&checkpoint.note),
            checkpoints::created_at.eq(checkpoint.created_at),
            checkpoints::seq.eq(checkpoint.seq),
        ))
        .execute(tx)?;
    Ok(Some(checkpoint))
}

/// The newest checkpoint.
///
/// # Errors
/// The database's own error.
pub fn newest(conn: &mut Conn) -> QueryResult<Option<Checkpoint>> {
    checkpoints::table
        .order(checkpoints::seq.desc())
        .first(conn)
        .optional()
}

/// The newest checkpoints, the newest first, at most `limit`.
///
/// # Errors
/// The database's own error.
pub fn recent(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Checkpoint>> {
    checkpoints::table
        .order(checkpoints::seq.desc())
        .limit(limit)
        .load(conn)
}

/// The checkpoint with a number.
///
/// # Errors
/// The database's own error.
pub fn numbered(conn: &mut Conn, seq: i64) -> QueryResult<Option<Checkpoint>> {
    checkpoints::table
        .filter(checkpoints::seq.eq(seq))
        .first(conn)
        .optional()
}

/// Checkpoints in the order of their numbers, at most `limit`, after number `after`.
///
/// # Errors
/// The database's own error.
pub fn after(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<Checkpoint>> {
    checkpoints::table
        .filter(checkpoints::seq.gt(after))
        .order(checkpoints::seq)
        .limit(limit)
        .load(conn)
}

impl Checkpoint {
    /// The digest by which the next checkpoint names this one: of the whole note.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(self.note.as_bytes())
    }

    /// Whether it is of the version that names no checkpoint before it.
    pub fn is_of_first_version(&self) -> bool {
        self.note.lines().next() == Some(FIRST_ORIGIN)
    }

    /// Checks the signature and reads what it says.
    ///
    /// # Errors
    /// What is wrong with the note, in English.
    pub fn open(&self, public_key: &[u8]) -> Result<Opened, &'static str> {
        open(&self.note, public_key)
    }

    fn head_lines(&self) -> &str {
        let body = note::body(&self.note).unwrap_or_default();
        let before = if body.starts_with(ORIGIN) { 4 } else { 3 };
        body.splitn(before + 1, '\n')
            .nth(before)
            .unwrap_or_default()
    }
}

/// Checks the signature of a note and reads what it says.
///
/// # Errors
/// What is wrong with the note, in English.
pub fn open(text: &str, public_key: &[u8]) -> Result<Opened, &'static str> {
    let body = note::body(text).ok_or("it has no signature")?;
    let origin = body.lines().next().unwrap_or_default();
    if ![ORIGIN, FIRST_ORIGIN].contains(&origin) {
        return Err("its first line names no known format");
    }
    note::check(text, origin, public_key)?;
    read(body).ok_or("a line cannot be read")
}

/// The lines under a signature that held.
fn read(body: &str) -> Option<Opened> {
    let mut lines = body.lines();
    let second_version = lines.next()? == ORIGIN;
    let second: i64 = lines.next()?.parse().ok()?;
    let time = lines.next()?.parse().ok()?;
    let (mut previous, mut first) = (None, false);
    if second_version {
        match lines.next()? {
            NONE => first = true,
            digest => {
                let bytes: [u8; 32] = STANDARD.decode(digest).ok()?.try_into().ok()?;
                previous = Some(Sha256::from(bytes));
            }
        }
    }
    Some(Opened {
        number: second_version.then_some(second),
        time,
        previous,
        first,
        heads: lines.map(parse_line).collect::<Option<_>>()?,
    })
}

fn parse_line(line: &str) -> Option<Head> {
    let mut words = line.split(' ');
    let incident = words.next()?.to_owned();
    let seq = words.next()?.parse().ok()?;
    let hash = STANDARD.decode(words.next()?).ok()?;
    Some((incident, seq, hash))
}
