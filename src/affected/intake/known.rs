//! Who is in the register already, asked a few million times in a fixed amount of memory.
//!
//! Keys of the last rows wait in a map until they are written to `person_keys`
//! together, in their own order: blind indexes are random, and writing them one by
//! one would touch a page of the database for each. Of all others a Bloom filter
//! says "surely not" or "perhaps"; only then is the database asked. After a crash
//! the waiting keys are read back from the people themselves.

use std::collections::HashMap;

use super::super::model::{PersonId, Roster};
use super::super::records::{self, Key};
use super::super::store;
use crate::kernel::Result;
use crate::store::Conn;
use crate::vault::BlindIndex;

/// Keys that wait at most: what a hash map of 2^20 slots holds before it grows.
const WAITING: usize = 900_000;
/// Bits of the filter: 8 MiB, one wrong "perhaps" in a thousand at three million keys.
const BITS: u32 = 26;

pub(super) struct Known {
    filter: Filter,
    waiting: HashMap<BlindIndex, PersonId>,
    /// Further people with a key that waits: a family with one telephone.
    sharing: HashMap<BlindIndex, Vec<PersonId>>,
}

impl Known {
    /// Reads the keys of everybody whom the incident has.
    pub fn load(conn: &mut Conn, roster: &Roster) -> Result<Self> {
        let mut known = Self {
            filter: Filter::new(),
            waiting: HashMap::with_capacity(WAITING),
            sharing: HashMap::new(),
        };
        store::each_packed_keys(conn, &roster.incident_id, |person, packed| {
            for (_, index) in records::unpack(&packed) {
                if person.number() > roster.indexed_through {
                    known.wait(index, person);
                } else {
                    known.filter.insert(&index);
                }
            }
        })?;
        Ok(known)
    }

    /// Whether the database has to be asked for this key.
    pub fn may_be_stored(&self, key: &Key) -> bool {
        self.filter.may_hold(&key.1)
    }

    /// The people whose key waits.
    pub fn waiting(&self, index: &BlindIndex) -> impl Iterator<Item = PersonId> {
        let more = self.sharing.get(index).map_or(&[][..], Vec::as_slice);
        self.waiting
            .get(index)
            .copied()
            .into_iter()
            .chain(more.iter().copied())
    }

    /// Lets a key wait for the next writing.
    pub fn wait(&mut self, index: BlindIndex, person: PersonId) {
        let first = *self.waiting.entry(index).or_insert(person);
        if first != person {
            self.sharing.entry(index).or_default().push(person);
        }
    }

    /// Notes a key that was written already.
    pub fn written(&mut self, index: &BlindIndex) {
        self.filter.insert(index);
    }

    /// Whether so many keys wait that they should be written.
    pub fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING - 20_000
    }

    /// Gives every waiting key in the order of the index, and waits for the next.
    pub fn take(&mut self) -> Vec<(BlindIndex, PersonId)> {
        let mut keys = Vec::with_capacity(self.waiting.len());
        keys.extend(self.waiting.drain());
        for (index, people) in self.sharing.drain() {
            keys.extend(people.into_iter().map(|person| (index, person)));
        }
        keys.sort_unstable();
        for (index, _) in &keys {
            self.filter.insert(index);
        }
        keys
    }
}

/// A Bloom filter over blind indexes, which are random already: their own bits are the hashes.
struct Filter(Vec<u64>);

impl Filter {
    fn new() -> Self {
        Self(vec![0; 1 << (BITS - 6)])
    }

    fn insert(&mut self, index: &BlindIndex) {
        for (word, bit) in places(index) {
            if let Some(word) = self.0.get_mut(word) {
                *word |= bit;
            }
        }
    }

    fn may_hold(&self, index: &BlindIndex) -> bool {
        places(index).all(|(word, bit)| self.0.get(word).is_some_and(|word| word & bit != 0))
    }
}

/// Four places of the filter: the word, and the bit in it.
fn places(index: &BlindIndex) -> impl Iterator<Item = (usize, u64)> {
    index.chunks_exact(4).map(|bytes| {
        let hash = u32::from_be_bytes(bytes.try_into().unwrap_or_default()) >> (32 - BITS);
        (usize::try_from(hash >> 6).unwrap_or(0), 1 << (hash & 63))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            filter: Filter::new(),
            waiting: HashMap::new(),
            sharing: HashMap::new(),
        }
    }

    fn index(number: u64) -> BlindIndex {
        let digest = crate::kernel::Sha256::of(&number.to_be_bytes());
        *digest.as_bytes().first_chunk().unwrap()
    }

    #[test]
    fn a_key_is_waiting_or_perhaps_stored_and_never_lost() {
        let mut known = known();
        for number in 0..20_000 {
            known.wait(index(number), PersonId(1));
        }
        known.wait(index(7), PersonId(2));
        let both: Vec<_> = known.waiting(&index(7)).collect();
        assert_eq!(both, [PersonId(1), PersonId(2)]);
        let keys = known.take();
        assert_eq!(keys.len(), 20_001);
        assert!(keys.is_sorted());
        assert_eq!(known.waiting(&index(7)).count(), 0);
        let kind = super::super::super::model::KeyKind::Email;
        assert!((0..20_000).all(|number| known.may_be_stored(&(kind, index(number)))));
        let wrong = (20_000..120_000)
            .filter(|number| known.may_be_stored(&(kind, index(*number))))
            .count();
        assert!(
            wrong < 10,
            "{wrong} of 100,000 were wrongly thought to be there"
        );
    }
}
