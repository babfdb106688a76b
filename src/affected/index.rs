//! Who is who during an import: blind indexes of the incident, held in memory.
//!
//! A query per row and key would cost PostgreSQL minutes for a million rows; this
//! takes about 50 bytes a key. It holds no value, only keyed digests.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{KeyKind, PersonId};

/// The number of a person within this import.
pub(super) type Number = u32;

/// A row's key: its kind, and its whole blind index.
pub(super) type BlindKey = (KeyKind, Vec<u8>);

#[derive(Default)]
pub(super) struct Index {
    /// Half of a blind index is enough to be unique; each kind has a key of its own.
    numbers: HashMap<[u8; 16], Number>,
    ids: Vec<Uuid>,
    /// A bit for each kind of key that a person has.
    kinds: Vec<u8>,
    by_id: HashMap<Uuid, Number>,
}

/// What the keys of a row say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// A person who is there.
    Known(Number),
    /// A new person; these keys belong to somebody else already.
    New { shared: Vec<KeyKind> },
}

impl Index {
    /// Takes a key that the database has.
    pub fn load(&mut self, key: &BlindKey, id: &PersonId) {
        let uuid = id.to_uuid();
        let number = match self.by_id.get(&uuid) {
            Some(number) => *number,
            None => {
                let number = self.push(uuid);
                self.by_id.insert(uuid, number);
                number
            }
        };
        self.take(key, number);
    }

    /// Ends loading: from here on people are numbered as they come.
    pub fn loaded(&mut self) -> Number {
        self.by_id = HashMap::new();
        number(self.ids.len())
    }

    /// Adds a person who is new.
    pub fn add(&mut self, id: &PersonId) -> Number {
        self.push(id.to_uuid())
    }

    /// Gives a key to a person, unless somebody has it; says whether it was given.
    pub fn take(&mut self, key: &BlindKey, owner: Number) -> bool {
        let std::collections::hash_map::Entry::Vacant(entry) = self.numbers.entry(half(key)) else {
            return false;
        };
        entry.insert(owner);
        if let Some(kinds) = self.kinds.get_mut(place(owner)) {
            *kinds |= bit(key.0);
        }
        true
    }

    /// The person whom these keys (the strongest first) belong to.
    ///
    /// A weaker key does not make two people one when a stronger one tells them
    /// apart: a family shares a telephone, but each has a customer number or an
    /// address of their own, and each must be told.
    pub fn find(&self, keys: &[BlindKey]) -> Match {
        let mut shared = Vec::new();
        for key in keys {
            let Some(number) = self.numbers.get(&half(key)) else {
                continue;
            };
            let told_apart =
                keys.iter()
                    .take_while(|stronger| stronger.0 < key.0)
                    .any(|stronger| {
                        self.numbers.get(&half(stronger)) != Some(number)
                            && self.has(*number, stronger.0)
                    });
            if !told_apart {
                return Match::Known(*number);
            }
            shared.push(key.0);
        }
        Match::New { shared }
    }

    /// The id of a person.
    pub fn id(&self, number: Number) -> PersonId {
        PersonId::from_uuid(self.ids.get(place(number)).copied().unwrap_or_default())
    }

    fn has(&self, number: Number, kind: KeyKind) -> bool {
        self.kinds
            .get(place(number))
            .is_some_and(|kinds| kinds & bit(kind) != 0)
    }

    fn push(&mut self, id: Uuid) -> Number {
        self.ids.push(id);
        self.kinds.push(0);
        number(self.ids.len().saturating_sub(1))
    }
}

fn half(key: &BlindKey) -> [u8; 16] {
    key.1.first_chunk().copied().unwrap_or_default()
}

fn bit(kind: KeyKind) -> u8 {
    match kind {
        KeyKind::CustomerNumber => 1,
        KeyKind::LineUserId => 2,
        KeyKind::Email => 4,
        KeyKind::Phone => 8,
    }
}

fn number(length: usize) -> Number {
    Number::try_from(length).unwrap_or(Number::MAX)
}

fn place(number: Number) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Instant;

    fn key(kind: KeyKind, byte: u8) -> BlindKey {
        (kind, vec![byte; 32])
    }

    fn person(index: &mut Index, counter: u32, keys: &[BlindKey]) -> Number {
        let number = index.add(&PersonId::in_order(Instant::from_micros(0), counter));
        for key in keys {
            index.take(key, number);
        }
        number
    }

    #[test]
    fn a_shared_telephone_does_not_make_two_people_one() {
        let mut index = Index::default();
        let taro = [key(KeyKind::Email, 1), key(KeyKind::Phone, 9)];
        let number = person(&mut index, 0, &taro);
        assert_eq!(index.find(&taro), Match::Known(number));
        assert_eq!(index.find(&[key(KeyKind::Phone, 9)]), Match::Known(number));
        let hanako = [key(KeyKind::Email, 2), key(KeyKind::Phone, 9)];
        let shared = vec![KeyKind::Phone];
        assert_eq!(index.find(&hanako), Match::New { shared });
        // A customer number is news of the same person, not another person.
        let numbered = [key(KeyKind::CustomerNumber, 5), key(KeyKind::Email, 1)];
        assert_eq!(index.find(&numbered), Match::Known(number));
    }

    #[test]
    fn loaded_people_are_known_by_each_of_their_keys() {
        let mut index = Index::default();
        let id = PersonId::in_order(Instant::from_micros(0), 7);
        index.load(&key(KeyKind::Email, 1), &id);
        index.load(&key(KeyKind::Phone, 2), &id);
        assert_eq!(index.loaded(), 1);
        assert_eq!(index.find(&[key(KeyKind::Phone, 2)]), Match::Known(0));
        assert_eq!(index.id(0), id);
    }
}
