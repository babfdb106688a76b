//! A test of one fact, and how it reads where the fact is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Outcome;
use crate::incidents::facts::{Answer, FactKey, FactSet, Facts, Kind, Mark, Value, places};

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
    /// Every one of the chosen is among these.
    Only(BTreeSet<String>),
    /// At least as many people as this, or possibly so.
    AtLeast(u64),
    /// At least as many people as this living in these places.
    Residents {
        /// The places.
        of: BTreeSet<String>,
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
        match (facts.has_marked_item(mark), facts.known(self.key)) {
            // The catalogue marks a chosen item and a person says no: neither wins
            // silently, a person has to look again.
            (true, Some(Value::YesNo(false))) => Outcome::unknown([self.key, FactKey::DataItems]),
            (true, _) => Outcome::Yes,
            (false, _) => told,
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
            (Some(Answer::Known(Value::Residence(people))), Test::Includes(wanted)) => {
                lives_in(people.keys(), wanted)
            }
            (Some(Answer::Known(Value::Choices(chosen))), Test::Includes(wanted))
                if self.key.kind() == Kind::Places =>
            {
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
        let known_places =
            |codes: &BTreeSet<String>| codes.iter().all(|code| places::is_place(code));
        let fits = match (&self.test, key.kind()) {
            (Test::Is(_), Kind::YesNo) | (Test::AtLeast(_), Kind::Count) => true,
            (Test::Includes(codes), Kind::Residence | Kind::Places)
            | (Test::Residents { of: codes, .. }, Kind::Residence) => known_places(codes),
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
fn lives_in<'a>(
    places_known: impl Iterator<Item = &'a String>,
    wanted: &BTreeSet<String>,
) -> Outcome {
    let mut outcome = Outcome::No;
    for place in places_known {
        for wanted in wanted {
            if places::covers(wanted, place) {
                return Outcome::Yes;
            }
            if places::covers(place, wanted) {
                outcome = Outcome::unknown([]);
            }
        }
    }
    outcome
}

/// Whether at least so many people live in these places; `most` is the highest number of all people.
fn residents(
    people: &BTreeMap<String, Option<u64>>,
    of: &BTreeSet<String>,
    at_least: u64,
    most: Option<u64>,
) -> Outcome {
    let (mut sure, mut possible) = (0_u64, Some(0_u64));
    let mut is_possible = false;
    for (place, number) in people {
        let inside = of.iter().any(|wanted| places::covers(wanted, place));
        let around = !inside && of.iter().any(|wanted| places::covers(place, wanted));
        // Its country is there with a number that holds it already.
        let counted = inside && places::country(place) != place && {
            let country = places::country(place);
            of.contains(country) && people.get(country).is_some_and(Option::is_some)
        };
        if counted || !(inside || around) {
            continue;
        }
        is_possible = true;
        if inside {
            sure = sure.saturating_add(number.unwrap_or(0));
        }
        possible = match (possible, number) {
            (Some(sum), Some(number)) if inside => Some(sum.saturating_add(*number)),
            // Of a country's people, those of its other parts live elsewhere.
            (Some(sum), Some(number)) => {
                let parts: u64 = people
                    .iter()
                    .filter(|(part, _)| *part != place && places::country(part) == place)
                    .filter_map(|(_, number)| *number)
                    .sum();
                Some(sum.saturating_add(number.saturating_sub(parts)))
            }
            _ => None,
        };
    }
    if !is_possible {
        return Outcome::No;
    }
    let elsewhere: u64 = people
        .iter()
        .filter(|(place, _)| places::country(place) == place.as_str())
        .filter(|(place, _)| {
            !of.iter()
                .any(|wanted| places::covers(wanted, place) || places::covers(place, wanted))
        })
        .filter_map(|(_, number)| *number)
        .sum();
    let by_total = most.map(|most| most.saturating_sub(elsewhere));
    let highest = match (possible, by_total) {
        (Some(a), Some(b)) => Some(a.min(b).max(sure)),
        (Some(a), None) => Some(a),
        (None, b) => b,
    };
    if sure >= at_least {
        Outcome::Yes
    } else if highest.is_some_and(|highest| highest < at_least) {
        Outcome::No
    } else {
        Outcome::unknown([])
    }
}
