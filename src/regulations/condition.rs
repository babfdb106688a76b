//! A condition over facts, and its three-valued outcome.
//!
//! Facts come in; yes, no, or unknown goes out. Unknown carries the questions whose
//! answers would decide. The logic is Kleene's: a sure "no" decides an `all`, a sure
//! "yes" decides an `any`, whatever else is open.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::incidents::facts::{Answer, FactKey, Facts, Kind, Mark, Value};

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
    Trigger(String),
    /// A test of one fact holds.
    Fact(FactTest),
}

/// A test of one fact, and how to read it where the fact is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactTest {
    /// The fact.
    pub key: FactKey,
    /// What its value must be.
    pub test: Test,
    /// How an answered "not known yet" reads; otherwise the outcome is unknown.
    pub if_unknown: Option<bool>,
    /// How a question that nobody was asked reads; otherwise the outcome is unknown.
    pub if_unasked: Option<bool>,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// This yes or no.
    Is(bool),
    /// One of these options.
    OneOf(BTreeSet<String>),
    /// At least one of these is among the chosen.
    Includes(BTreeSet<String>),
    /// More people than this, or possibly more.
    MoreThan(u64),
    /// At least as many people as this, or possibly so.
    AtLeast(u64),
}

impl Condition {
    /// The numbers of affected people from which on this condition, or a part of it, holds.
    pub fn people_thresholds(&self) -> Vec<u64> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(Self::people_thresholds).collect()
            }
            Self::Not(part) => part.people_thresholds(),
            Self::Trigger(_) => Vec::new(),
            Self::Fact(fact) => match fact.test {
                Test::MoreThan(number) => vec![number.saturating_add(1)],
                Test::AtLeast(number) => vec![number],
                _ => Vec::new(),
            },
        }
    }
}

/// Yes, no, or unknown with the questions that would decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be said yet.
    Unknown {
        /// The questions whose answers would decide.
        questions: BTreeSet<FactKey>,
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
            (Self::Unknown { questions: a }, Self::Unknown { questions: b }) => {
                Self::unknown(a.into_iter().chain(b))
            }
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
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl Condition {
    /// Decides the condition; `trigger` answers for the named triggers.
    pub fn evaluate(&self, facts: &Facts, trigger: &dyn Fn(&str) -> Outcome) -> Outcome {
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.evaluate(facts, trigger))
                .fold(Outcome::Yes, Outcome::and),
            Self::Any(parts) => parts
                .iter()
                .map(|part| part.evaluate(facts, trigger))
                .fold(Outcome::No, Outcome::or),
            Self::Not(part) => part.evaluate(facts, trigger).negated(),
            Self::Trigger(id) => trigger(id),
            Self::Fact(test) => test.evaluate(facts),
        }
    }

    /// The facts that the condition reads, without those of named triggers.
    pub fn facts(&self) -> BTreeSet<FactKey> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            Self::Not(part) => part.facts(),
            Self::Trigger(_) => BTreeSet::new(),
            Self::Fact(test) => match test.mark() {
                Some(_) => BTreeSet::from([test.key, FactKey::DataItems]),
                None => BTreeSet::from([test.key]),
            },
        }
    }

    /// The named triggers on which the condition rests, in the order of the file.
    pub fn triggers(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::triggers).collect(),
            Self::Not(part) => part.triggers(),
            Self::Trigger(id) => vec![id],
            Self::Fact(_) => Vec::new(),
        }
    }

    /// The marks of the catalogue from which the condition may be derived.
    pub fn marks(&self) -> Vec<(FactKey, Mark)> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::marks).collect(),
            Self::Not(part) => part.marks(),
            Self::Trigger(_) => Vec::new(),
            Self::Fact(test) => test
                .mark()
                .map(|mark| (test.key, mark))
                .into_iter()
                .collect(),
        }
    }

    /// Checks that tests fit their questions and that named triggers exist.
    pub(super) fn check(&self, triggers: &BTreeSet<&str>) -> Result<(), String> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().try_for_each(|part| part.check(triggers))
            }
            Self::Not(part) => part.check(triggers),
            Self::Trigger(id) if triggers.contains(id.as_str()) => Ok(()),
            Self::Trigger(id) => Err(format!("no such trigger: {id}")),
            Self::Fact(test) => test.check(),
        }
    }
}

impl FactTest {
    fn evaluate(&self, facts: &Facts) -> Outcome {
        let told = self.told(facts);
        let marked = self
            .mark()
            .is_some_and(|mark| !facts.marked_items(mark).is_empty());
        match (marked, facts.known(self.key)) {
            // The catalogue marks a chosen item and a person says no: neither wins
            // silently, a person has to look again.
            (true, Some(Value::YesNo(false))) => Outcome::unknown([self.key, FactKey::DataItems]),
            (true, _) => Outcome::Yes,
            (false, _) => told,
        }
    }

    fn told(&self, facts: &Facts) -> Outcome {
        let open = || Outcome::unknown([self.key]);
        match facts.get(self.key) {
            None => self.if_unasked.map_or_else(open, Outcome::from),
            Some(Answer::Unknown { .. }) => self.if_unknown.map_or_else(open, Outcome::from),
            Some(Answer::Known(value)) => self.test.holds(value).map_or_else(open, Outcome::from),
        }
    }

    /// The mark of the catalogue that says "yes" to this test by itself.
    fn mark(&self) -> Option<Mark> {
        match (self.key, &self.test) {
            (FactKey::SpecialCareData, Test::Is(true)) => Some(Mark::SpecialCare),
            (FactKey::PropertyDamageRisk, Test::Is(true)) => Some(Mark::PropertyDamage),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), String> {
        let key = self.key;
        let fits = match (&self.test, key.kind()) {
            (Test::Is(_), Kind::YesNo)
            | (Test::MoreThan(_) | Test::AtLeast(_), Kind::Count)
            | (Test::Includes(_), Kind::Residence | Kind::Items) => true,
            (Test::OneOf(names), Kind::OneOf(options))
            | (Test::Includes(names), Kind::SomeOf(options)) => {
                names.iter().all(|name| options.contains(&name.as_str()))
            }
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(format!("the test of {key} does not fit its question"))
        }
    }
}

impl Test {
    /// Whether a value passes; none where the value is of another kind.
    fn holds(&self, value: &Value) -> Option<bool> {
        match (self, value) {
            (Self::Is(wanted), Value::YesNo(yes)) => Some(wanted == yes),
            (Self::OneOf(wanted), Value::Choice(option)) => Some(wanted.contains(option)),
            (Self::Includes(wanted), Value::Choices(options)) => Some(!wanted.is_disjoint(options)),
            (Self::Includes(wanted), Value::Residence(countries)) => {
                Some(wanted.iter().any(|country| countries.contains_key(country)))
            }
            // Where the number is not fixed, the highest possible counts
            // (guideline 3-5-3-1).
            (Self::MoreThan(limit), Value::Count(count)) => Some(count.highest() > *limit),
            (Self::AtLeast(limit), Value::Count(count)) => Some(count.highest() >= *limit),
            _ => None,
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
    more_than: Option<u64>,
    at_least: Option<u64>,
    if_unknown: Option<bool>,
    if_unasked: Option<bool>,
}

impl TryFrom<Raw> for Condition {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let tests: Vec<_> = [
            raw.is.map(Test::Is),
            raw.one_of.map(Test::OneOf),
            raw.includes.map(Test::Includes),
            raw.more_than.map(Test::MoreThan),
            raw.at_least.map(Test::AtLeast),
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
                    "a test names one fact and one of is, one_of, includes, more_than, at_least",
                );
            }
        };
        let shapes: Vec<_> = [
            raw.all.map(Self::All),
            raw.any.map(Self::Any),
            raw.not.map(Self::Not),
            raw.trigger.map(Self::Trigger),
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
