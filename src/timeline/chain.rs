//! The hashes of the chain; pure.
//!
//! Every field goes in behind its length, so that no two different entries give
//! the same bytes.

use super::Entry;
use crate::kernel::Sha256;
use crate::kernel::digest::Hasher;

/// The hash before the first entry.
pub const GENESIS: [u8; 32] = [0; 32];

/// Commits to a payload without telling it.
pub fn commitment(salt: &[u8], payload: &str) -> Sha256 {
    let mut hasher = Hasher::default();
    hasher.update(b"shodo/timeline/payload/1");
    field(&mut hasher, salt);
    field(&mut hasher, payload.as_bytes());
    hasher.finish()
}

/// What the hash of an entry covers, as it is stored.
pub struct Hashed<'a> {
    /// The hash of the entry before it; [`GENESIS`] before the first.
    pub prev_hash: &'a [u8],
    /// The incident.
    pub incident_id: &'a str,
    /// 1, 2, 3 … within the incident.
    pub seq: i64,
    /// The entry's id.
    pub id: &'a str,
    /// The name of its kind.
    pub kind: &'a str,
    /// Who did it.
    pub actor: &'a str,
    /// When it happened, in microseconds since 1970 UTC.
    pub occurred_at: i64,
    /// When it was recorded, in the same unit.
    pub recorded_at: i64,
    /// The commitment to its payload.
    pub commitment: &'a [u8],
}

impl Hashed<'_> {
    /// The hash of the entry.
    pub fn hash(&self) -> Sha256 {
        let mut hasher = Hasher::default();
        hasher.update(b"shodo/timeline/entry/1");
        field(&mut hasher, self.prev_hash);
        field(&mut hasher, self.incident_id.as_bytes());
        field(&mut hasher, &self.seq.to_be_bytes());
        field(&mut hasher, self.id.as_bytes());
        field(&mut hasher, self.kind.as_bytes());
        field(&mut hasher, self.actor.as_bytes());
        field(&mut hasher, &self.occurred_at.to_be_bytes());
        field(&mut hasher, &self.recorded_at.to_be_bytes());
        field(&mut hasher, self.commitment);
        hasher.finish()
    }
}

/// The hash of an entry, from everything else that it holds.
pub fn hash(entry: &Entry) -> Sha256 {
    let hashed = Hashed {
        prev_hash: &entry.prev_hash,
        incident_id: &entry.incident_id,
        seq: entry.seq,
        id: entry.id.as_str(),
        kind: entry.kind.as_str(),
        actor: &entry.actor,
        occurred_at: entry.occurred_at.as_micros(),
        recorded_at: entry.recorded_at.as_micros(),
        commitment: &entry.commitment,
    };
    hashed.hash()
}

fn field(hasher: &mut Hasher, bytes: &[u8]) {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    hasher.update(&length.to_be_bytes());
    hasher.update(bytes);
}
