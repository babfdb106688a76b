//! A set of questions, small enough to be copied.

use std::fmt;

use serde::{Serialize, Serializer};

use super::FactKey;

/// Some of the questions; empty at first.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct FactSet(u64);

// One bit a question.
const _: () = assert!(FactKey::ALL.len() <= 64, "more questions than bits");

impl FactSet {
    /// No question.
    pub const EMPTY: Self = Self(0);

    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a question is among them.
    pub fn contains(self, key: FactKey) -> bool {
        self.0 & bit(key) != 0
    }

    /// Whether none is.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The first question in the order in which a team would ask.
    pub fn first(self) -> Option<FactKey> {
        self.iter().next()
    }

    /// The questions in the order in which a team would ask.
    pub fn iter(self) -> impl Iterator<Item = FactKey> {
        FactKey::ALL
            .iter()
            .copied()
            .filter(move |key| self.contains(*key))
    }
}

fn bit(key: FactKey) -> u64 {
    1 << (key as u8)
}

impl FromIterator<FactKey> for FactSet {
    fn from_iter<I: IntoIterator<Item = FactKey>>(keys: I) -> Self {
        Self(keys.into_iter().fold(0, |bits, key| bits | bit(key)))
    }
}

impl fmt::Debug for FactSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for FactSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl schemars::JsonSchema for FactSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FactSet".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<FactKey>::json_schema(generator)
    }
}
