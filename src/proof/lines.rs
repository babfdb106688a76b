//! Entries as lines of JSON: everything that is hashed, and what the hash commits to.

use serde::{Deserialize, Serialize};

use crate::kernel::{Instant, Result};
use crate::timeline::{Entry, EntryId, Kind};

/// One entry; bytes are hexadecimal digits, instants are microseconds since 1970 UTC.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    incident_id: String,
    seq: i64,
    id: String,
    kind: String,
    actor: String,
    occurred_at: i64,
    recorded_at: i64,
    salt: String,
    payload: Option<String>,
    commitment: String,
    prev_hash: String,
    hash: String,
}

/// The entries as lines; without `payloads` only the commitments to what they tell.
///
/// # Errors
/// [`crate::kernel::Code::Internal`]: none that an entry can cause.
pub fn entry_lines(entries: &[Entry], payloads: bool) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        let line = Line {
            incident_id: entry.incident_id.clone(),
            seq: entry.seq,
            id: entry.id.to_string(),
            kind: entry.kind.as_str().to_owned(),
            actor: entry.actor.clone(),
            occurred_at: entry.occurred_at.as_micros(),
            recorded_at: entry.recorded_at.as_micros(),
            salt: if payloads {
                hex(&entry.salt)
            } else {
                String::new()
            },
            payload: entry.payload.clone().filter(|_| payloads),
            commitment: hex(&entry.commitment),
            prev_hash: hex(&entry.prev_hash),
            hash: hex(&entry.hash),
        };
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The entry of a line.
///
/// # Errors
/// Why it is none, in English.
pub(super) fn entry_of(line: &str) -> Result<Entry, &'static str> {
    let line: Line = serde_json::from_str(line).map_err(|_| "the line cannot be read")?;
    let id = match line.id.parse::<EntryId>() {
        // An id that is only written differently was changed as well.
        Ok(id) if id.as_str() == line.id => id,
        _ => return Err("its id is no id"),
    };
    Ok(Entry {
        incident_id: line.incident_id,
        seq: line.seq,
        id,
        kind: line
            .kind
            .parse::<Kind>()
            .map_err(|_| "its kind is unknown to this version of the program")?,
        actor: line.actor,
        occurred_at: exact(line.occurred_at)?,
        recorded_at: exact(line.recorded_at)?,
        salt: bytes(&line.salt)?,
        payload: line.payload,
        commitment: bytes(&line.commitment)?,
        prev_hash: bytes(&line.prev_hash)?,
        hash: bytes(&line.hash)?,
    })
}

fn exact(micros: i64) -> Result<Instant, &'static str> {
    let instant = Instant::from_micros(micros);
    if instant.as_micros() == micros {
        Ok(instant)
    } else {
        Err("its time lies beyond all years")
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes behind lower-case hexadecimal digits.
pub(super) fn bytes(digits: &str) -> Result<Vec<u8>, &'static str> {
    const WRONG: &str = "bytes that are no lower-case hexadecimal digits";
    let digit = |digit: &u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(WRONG),
    };
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Ok(digit(high)? << 4 | digit(low)?),
            _ => Err(WRONG),
        })
        .collect()
}
