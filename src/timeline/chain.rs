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

/// The hash of an entry, from everything else that it holds.
pub fn hash(entry: &Entry) -> Sha256 {
    let mut hasher = Hasher::default();
    hasher.update(b"shodo/timeline/entry/1");
    field(&mut hasher, &entry.prev_hash);
    field(&mut hasher, entry.incident_id.as_bytes());
    field(&mut hasher, &entry.seq.to_be_bytes());
    field(&mut hasher, entry.id.as_str().as_bytes());
    field(&mut hasher, entry.kind.as_str().as_bytes());
    field(&mut hasher, entry.actor.as_bytes());
    field(&mut hasher, &entry.occurred_at.as_micros().to_be_bytes());
    field(&mut hasher, &entry.recorded_at.as_micros().to_be_bytes());
    field(&mut hasher, &entry.commitment);
    hasher.finish()
}

fn field(hasher: &mut Hasher, bytes: &[u8]) {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    hasher.update(&length.to_be_bytes());
    hasher.update(bytes);
}
