//! A test of one fact, and how it reads where the fact is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Outcome;
use crate::incidents::facts::places::Code;
use crate::incidents::facts::{Answer, FactKey, FactSet, Facts, Kind, Mark, Value};

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
    /// At least one of the known places lies in one of these.
    In(Vec<Code>),
    /// Every one of the chosen is among these.
    Only(BTreeSet<String>),
    /// At least as many people as this, or possibly so.
    AtLeast(u64),
    /// At least as many people as this living in these places.
    Residents {
        /// The places.
        of: Vec<Code>,
        /// How many.
        at_least: u64,
    },
}

impl FactTest {
    /// Decides the test.
    pub fn evaluate(&self, facts: &Facts) -> Outcome {
        let told = self.told(facts);
        let Some(mark) = self.mark() else {
            return told;
        };
        // A person who says no beside a marked item is told that both cannot be true;
        // until one is corrected, the duty stands.
        if facts.has_marked_item(mark) {
            Outcome::Yes
        } else {
            told
        }
    }

    /// The facts that it reads.
    pub fn facts(&self) -> FactSet {
        let beside = match (&self.test, self.mark()) {
            (_, Some(_)) => Some(FactKey::DataItems),
            (Test::Residents { .. }, _) => Some(FactKey::PeopleAffected),
            _ => None,
        };
        [self.key].into_iter().chain(beside).collect()
    }

    fn told(&self, facts: &Facts) -> Outcome {
        let open = || Outcome::unknown([self.key]);
        match (facts.get(self.key), &self.test) {
            (None, _) => self.if_unasked.map_or_else(open, Outcome::from),
            (Some(Answer::Unknown { .. }), _) => self.if_unknown.map_or_else(open, Outcome::from),
            (Some(Answer::Known(Value::Residence(people))), Test::Residents { of, at_least }) => {
                let most = match facts.known(FactKey::PeopleAffected) {
                    Some(Value::Count(count)) => Some(count.highest()),
                    _ => None,
                };
                residents(people, of, *at_least, most)
            }
            (Some(Answer::Known(Value::Residence(people))), Test::In(wanted)) => {
                lives_in(people.keys(), wanted)
            }
            (Some(Answer::Known(Value::Choices(chosen))), Test::In(wanted)) => {
                lives_in(chosen.iter(), wanted)
            }
            (Some(Answer::Known(value)), test) => {
                test.holds(value).map_or_else(open, Outcome::from)
            }
        }
        .map_open(self.key)
    }

    /// The mark of the catalogue that says "yes" to this test by itself.
    pub fn mark(&self) -> Option<Mark> {
        match (self.key, &self.test) {
            (FactKey::SpecialCareData, Test::Is(true)) => Some(Mark::SpecialCare),
            (FactKey::PropertyDamageRisk, Test::Is(true)) => Some(Mark::PropertyDamage),
            _ => None,
        }
    }

    /// Checks that the test fits its question.
    pub(super) fn check(&self) -> Result<(), String> {
        let key = self.key;
        let fits = match (&self.test, key.kind()) {
            (Test::Is(_), Kind::YesNo)
            | (Test::AtLeast(_), Kind::Count)
            | (Test::In(_), Kind::Residence | Kind::Places)
            | (Test::Residents { .. }, Kind::Residence) => true,
            (Test::Includes(ids), Kind::Items) => {
                ids.iter().all(|id| crate::incidents::facts::is_item(id))
            }
            (Test::OneOf(names), Kind::OneOf(options))
            | (Test::Includes(names) | Test::Only(names), Kind::SomeOf(options)) => {
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

impl Outcome {
    /// Names the question of a test that stays open without naming one.
    fn map_open(self, key: FactKey) -> Self {
        match self {
            Self::Unknown { questions } if questions.is_empty() => Self::unknown([key]),
            other => other,
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
            (Self::Only(wanted), Value::Choices(options)) => Some(options.is_subset(wanted)),
            // Where the number is not fixed, the highest possible counts
            // (APPI guideline 3-5-3-1).
            (Self::AtLeast(least), Value::Count(count)) => Some(count.highest() >= *least),
            _ => None,
        }
    }
}

/// Whether one of the places lies in one of the wanted.
///
/// A country whose part is wanted leaves it open: who lives in the United States may live in California.
fn lives_in<'a>(known: impl Iterator<Item = &'a String>, wanted: &[Code]) -> Outcome {
    let mut outcome = Outcome::No;
    // `none` is no place.
    for place in known.filter_map(|text| Code::of(text)) {
        for wanted in wanted {
            if wanted.covers(place) {
                return Outcome::Yes;
            }
            if place.covers(*wanted) {
                outcome = Outcome::unknown([]);
            }
        }
    }
    outcome
}

/// Whether at least so many people live in these places; `most` is the highest number of all people.
fn residents(
    people: &BTreeMap<String, Option<u64>>,
    of: &[Code],
    at_least: u64,
    most: Option<u64>,
) -> Outcome {
    let people: Vec<(Code, Option<u64>)> = people
        .iter()
        .filter_map(|(text, number)| Some((Code::of(text)?, *number)))
        .collect();
    let known = |wanted: &dyn Fn(Code) -> bool| -> u64 {
        people
            .iter()
            .filter(|(place, _)| wanted(*place))
            .filter_map(|(_, number)| *number)
            .fold(0, u64::saturating_add)
    };
    let is_inside = |place: Code| of.iter().any(|wanted| wanted.covers(place));
    let is_around = |place: Code| of.iter().any(|wanted| place.covers(*wanted));
    // A part whose country is there with its number is counted in that already.
    let is_counted = |place: Code| {
        let country = place.country();
        country != place
            && of.contains(&country)
            && people
                .iter()
                .any(|(it, number)| *it == country && number.is_some())
    };
    let (mut sure, mut possible) = (0_u64, Some(0_u64));
    let mut is_possible = false;
    for (place, number) in &people {
        let inside = is_inside(*place);
        if (inside && is_counted(*place)) || !(inside || is_around(*place)) {
            continue;
        }
        is_possible = true;
        if inside {
            sure = sure.saturating_add(number.unwrap_or(0));
        }
        possible = possible.zip(*number).map(|(sum, number)| {
            // Of a country's people, those of its other parts live elsewhere.
            let elsewhere = match inside {
                true => 0,
                false => known(&|part| part != *place && part.country() == *place),
            };
            sum.saturating_add(number.saturating_sub(elsewhere))
        });
    }
    if !is_possible {
        return Outcome::No;
    }
    let elsewhere =
        known(&|place| place.country() == place && !is_inside(place) && !is_around(place));
    let by_total = most.map(|most| most.saturating_sub(elsewhere));
    let highest = match (possible, by_total) {
        (Some(by_place), Some(by_total)) => Some(by_place.min(by_total).max(sure)),
        (by_place, by_total) => by_place.or(by_total),
    };
    if sure >= at_least {
        Outcome::Yes
    } else if highest.is_some_and(|highest| highest < at_least) {
        Outcome::No
    } else {
        Outcome::unknown([])
    }
}
