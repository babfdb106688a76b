//! A condition over facts.
//!
//! Facts come in; yes, no, or unknown goes out. Unknown carries the questions whose
//! answers would decide.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::fact_test::{FactTest, Test};
use super::outcome::Outcome;
use crate::incidents::facts::places::{self, Code};
use crate::incidents::facts::{FactKey, FactSet, Facts, Mark};

/// A condition as a regulation's file writes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Raw")]
pub enum Condition {
    /// Every part holds.
    All(Vec<Condition>),
    /// At least one part holds.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// A named trigger of the same regulation holds.
    Trigger(TriggerRef),
    /// A test of one fact holds.
    Fact(FactTest),
}

/// A trigger by its name, and by its place among those of the regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerRef {
    /// Its name.
    pub id: String,
    /// Its place; set when the whole file was read.
    pub place: usize,
}

impl Condition {
    /// The parts of one level; none of a trigger or a test.
    fn parts(&self) -> &[Condition] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            Self::Trigger(_) | Self::Fact(_) => &[],
        }
    }

    /// Every test within, in the order of the file.
    pub fn tests(&self) -> Vec<&FactTest> {
        match self {
            Self::Fact(test) => vec![test],
            _ => self.parts().iter().flat_map(Self::tests).collect(),
        }
    }

    /// The numbers of affected people from which on this condition, or a part of it, holds.
    pub fn people_thresholds(&self) -> Vec<u64> {
        self.tests()
            .into_iter()
            .filter_map(|test| match test.test {
                Test::AtLeast(number) => Some(number),
                _ => None,
            })
            .collect()
    }

    /// Decides the condition; `triggers` are the outcomes of the regulation's triggers in their order.
    pub fn evaluate(&self, facts: &Facts, triggers: &[Outcome]) -> Outcome {
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.evaluate(facts, triggers))
                .fold(Outcome::Yes, Outcome::and),
            Self::Any(parts) => parts
                .iter()
                .map(|part| part.evaluate(facts, triggers))
                .fold(Outcome::No, Outcome::or),
            Self::Not(part) => part.evaluate(facts, triggers).negated(),
            // A place of nothing is no; the library refuses such files.
            Self::Trigger(it) => triggers.get(it.place).copied().unwrap_or(Outcome::No),
            Self::Fact(test) => test.evaluate(facts),
        }
    }

    /// Notes the places of the named triggers.
    pub(super) fn resolve(&mut self, places: &dyn Fn(&str) -> Option<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter_mut().for_each(|part| part.resolve(places));
            }
            Self::Not(part) => part.resolve(places),
            Self::Trigger(it) => it.place = places(&it.id).unwrap_or(usize::MAX),
            Self::Fact(_) => {}
        }
    }

    /// The facts that the condition reads, without those of named triggers.
    pub fn facts(&self) -> FactSet {
        match self {
            Self::Fact(test) => test.facts(),
            _ => self
                .parts()
                .iter()
                .map(Self::facts)
                .fold(FactSet::EMPTY, FactSet::union),
        }
    }

    /// The named triggers on which the condition rests, in the order of the file.
    pub fn triggers(&self) -> Vec<&str> {
        match self {
            Self::Trigger(it) => vec![&it.id],
            _ => self.parts().iter().flat_map(Self::triggers).collect(),
        }
    }

    /// The marks of the catalogue from which the condition may be derived.
    pub fn marks(&self) -> Vec<(FactKey, Mark)> {
        self.tests()
            .into_iter()
            .filter_map(|test| test.mark().map(|mark| (test.key, mark)))
            .collect()
    }

    /// Checks that tests fit their questions and that named triggers exist.
    ///
    /// # Errors
    /// The first test or trigger that does not.
    pub fn check(&self, triggers: &BTreeSet<&str>) -> Result<(), String> {
        self.tests().into_iter().try_for_each(FactTest::check)?;
        match self
            .triggers()
            .into_iter()
            .find(|id| !triggers.contains(id))
        {
            Some(id) => Err(format!("no such trigger: {id}")),
            None => Ok(()),
        }
    }
}

/// The form in the file: exactly one of these shapes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    trigger: Option<String>,
    fact: Option<FactKey>,
    is: Option<bool>,
    one_of: Option<BTreeSet<String>>,
    includes: Option<BTreeSet<String>>,
    only: Option<BTreeSet<String>>,
    of: Option<BTreeSet<String>>,
    more_than: Option<u64>,
    at_least: Option<u64>,
    if_unknown: Option<bool>,
    if_unasked: Option<bool>,
}

impl TryFrom<Raw> for Condition {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let is_of_places = raw.fact.is_some_and(FactKey::is_of_places);
        let codes = |names: BTreeSet<String>| -> Result<Vec<Code>, &'static str> {
            let codes: Vec<Vec<Code>> = names.iter().map(|name| places::members(name)).collect();
            if codes.iter().any(Vec::is_empty) {
                return Err("expected places such as JP and US-CA, or the groups EU and EEA");
            }
            Ok(codes.concat())
        };
        let at_least = match (raw.more_than, raw.at_least) {
            (Some(number), None) => Some(number.saturating_add(1)),
            (None, number) => number,
            (Some(_), Some(_)) => return Err("more_than and at_least exclude each other"),
        };
        let number = match (raw.of, at_least) {
            (Some(of), Some(at_least)) => Some(Test::Residents {
                of: codes(of)?,
                at_least,
            }),
            (None, at_least) => at_least.map(Test::AtLeast),
            (Some(_), None) => return Err("of needs more_than or at_least"),
        };
        let tests: Vec<_> = [
            raw.is.map(Test::Is),
            raw.one_of.map(Test::OneOf),
            match raw.includes {
                Some(wanted) if is_of_places => Some(Test::In(codes(wanted)?)),
                wanted => wanted.map(Test::Includes),
            },
            raw.only.map(Test::Only),
            number,
        ]
        .into_iter()
        .flatten()
        .collect();
        let fact = match (raw.fact, <[Test; 1]>::try_from(tests)) {
            (Some(key), Ok([test])) => Some(Self::Fact(FactTest {
                key,
                test,
                if_unknown: raw.if_unknown,
                if_unasked: raw.if_unasked,
            })),
            (None, Err(tests)) if tests.is_empty() => None,
            _ => {
                return Err(
                    "a test names one fact and one of is, one_of, includes, only, more_than, at_least",
                );
            }
        };
        let shapes: Vec<_> = [
            raw.all.map(Self::All),
            raw.any.map(Self::Any),
            raw.not.map(Self::Not),
            raw.trigger.map(|id| {
                Self::Trigger(TriggerRef {
                    id,
                    place: usize::MAX,
                })
            }),
            fact,
        ]
        .into_iter()
        .flatten()
        .collect();
        <[Self; 1]>::try_from(shapes)
            .map(|[condition]| condition)
            .map_err(|_| "a condition has exactly one of all, any, not, trigger, fact")
    }
}
