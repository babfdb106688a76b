//! Signed statements of how far every chain had come.
//!
//! A checkpoint is a signed note (C2SP signed-note): lines of text, an empty
//! line, and an Ed25519 signature. Kept elsewhere too, it shows a cut tail or a
//! removed incident to somebody who does not trust this server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

use super::store;
use crate::kernel::{Instant, Result, Sha256, id};
use crate::store::Conn;
use crate::store::schema::checkpoints;
use crate::vault::{SigningKey, signature_holds};

/// How far one chain had come: incident, number and hash of its newest entry.
pub type Head = (String, i64, Vec<u8>);

const ORIGIN: &str = "shodo/timeline/1";
/// The signature type Ed25519 of the signed-note format.
const ED25519_TYPE: u8 = 1;

/// A stored checkpoint.
#[derive(Clone, Debug, Queryable)]
pub struct Checkpoint {
    /// Its id.
    pub id: String,
    /// The signed note.
    pub note: String,
    /// When it was made.
    pub created_at: Instant,
}

/// Signs the present heads of all chains, unless the newest checkpoint says the same.
///
/// # Errors
/// The database's own error.
pub fn write(tx: &mut Conn, key: &SigningKey, now: Instant) -> Result<Option<Checkpoint>> {
    let heads = store::heads(tx)?;
    let lines: String = heads
        .iter()
        .map(|(incident, seq, hash)| format!("{incident} {seq} {}\n", STANDARD.encode(hash)))
        .collect();
    let newest = all(tx)?.pop();
    if heads.is_empty() || newest.is_some_and(|checkpoint| checkpoint.note.contains(&lines)) {
        return Ok(None);
    }
    let body = format!("{ORIGIN}\n{}\n{now}\n{lines}", heads.len());
    let signature = [
        key_hash(key.public_key()).as_slice(),
        &key.sign(body.as_bytes()),
    ]
    .concat();
    let note = format!("{body}\n— {ORIGIN} {}\n", STANDARD.encode(signature));
    let checkpoint = Checkpoint {
        id: id::fresh(now),
        note,
        created_at: now,
    };
    diesel::insert_into(checkpoints::table)
        .values((
            checkpoints::id.eq(&checkpoint.id),
            checkpoints::note.eq(&checkpoint.note),
            checkpoints::created_at.eq(checkpoint.created_at),
        ))
        .execute(tx)?;
    Ok(Some(checkpoint))
}

/// Every checkpoint, oldest first.
///
/// # Errors
/// The database's own error.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Checkpoint>> {
    checkpoints::table
        .order((checkpoints::created_at, checkpoints::id))
        .load(conn)
}

impl Checkpoint {
    /// Checks the signature; gives incident, number and hash of each chain's head.
    ///
    /// # Errors
    /// What is wrong with the note, in English.
    pub fn open(&self, public_key: &[u8]) -> Result<Vec<Head>, &'static str> {
        let (body, signatures) = self.note.rsplit_once("\n— ").ok_or("it has no signature")?;
        let signature = signatures
            .split_whitespace()
            .nth(1)
            .ok_or("its signature is cut")?;
        let signature = STANDARD
            .decode(signature)
            .map_err(|_| "its signature is no Base64")?;
        let (hash, signature) = signature
            .split_at_checked(4)
            .ok_or("its signature is cut")?;
        if hash != key_hash(public_key) {
            return Err("it was signed with another key");
        }
        if !signature_holds(public_key, body.as_bytes(), signature) {
            return Err("its signature does not hold");
        }
        body.lines()
            .skip(3)
            .map(|line| parse_line(line).ok_or("a line cannot be read"))
            .collect()
    }
}

fn parse_line(line: &str) -> Option<Head> {
    let mut words = line.split(' ');
    let incident = words.next()?.to_owned();
    let seq = words.next()?.parse().ok()?;
    let hash = STANDARD.decode(words.next()?).ok()?;
    Some((incident, seq, hash))
}

fn key_hash(public_key: &[u8]) -> Vec<u8> {
    let named = [ORIGIN.as_bytes(), b"\n", &[ED25519_TYPE], public_key].concat();
    Sha256::of(&named)
        .as_bytes()
        .iter()
        .take(4)
        .copied()
        .collect()
}
