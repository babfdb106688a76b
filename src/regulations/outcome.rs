//! Yes, no, or unknown with the questions that would decide: Kleene's logic.

use serde::Serialize;

use crate::incidents::facts::{FactKey, FactSet};

/// Yes, no, or unknown with the questions that would decide.
///
/// A sure "no" decides an `and`, a sure "yes" decides an `or`, whatever else is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be said yet.
    Unknown {
        /// The questions whose answers would decide.
        questions: FactSet,
    },
}

impl Outcome {
    /// Unknown, because of these questions.
    pub fn unknown(questions: impl IntoIterator<Item = FactKey>) -> Self {
        Self::Unknown {
            questions: questions.into_iter().collect(),
        }
    }

    /// Both must hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, rest) | (rest, Self::Yes) => rest,
            (Self::Unknown { questions: a }, Self::Unknown { questions: b }) => Self::Unknown {
                questions: a.union(b),
            },
        }
    }

    /// One must hold.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }

    /// It must not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown @ Self::Unknown { .. } => unknown,
        }
    }

    /// Whether it surely holds.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
