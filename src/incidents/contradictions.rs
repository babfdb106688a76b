//! Answers and moments that cannot all be true: named, never silently used.
//!
//! Pure. A contradiction does not stop the assessment, which goes on with what was
//! said; whoever reads it is told what to look at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::clock_starts::{ClockStartKind, ClockStarts};
use super::facts::places::Code;
use super::facts::{FactKey, FactSet, Facts, Mark, Value};

crate::text_enum! {
    /// What contradicts; its words stand under `contradiction-<name>`.
    pub enum ContradictionKind {
        /// Somebody noticed or knew before it happened.
        KnownBeforeOccurred = "known-before-occurred",
        /// The business was aware before any department knew, or before it was detected.
        AwareBeforeKnown = "aware-before-known",
        /// It was determined, classified or told before anybody knew.
        DecidedBeforeKnown = "decided-before-known",
        /// More people live in the named places than are affected.
        MoreResidentsThanPeople = "more-residents-than-people",
        /// More people live in the parts of a country than in the country.
        MoreInPartsThanInCountry = "more-in-parts-than-in-country",
        /// No personal data are concerned, yet people or items are named.
        NoPersonalDataButPeople = "no-personal-data-but-people",
        /// No My Number is concerned, yet it is among the items.
        NoMyNumberButItem = "no-my-number-but-item",
        /// No special-care-required information is concerned, yet an item of that kind is named.
        NoSpecialCareButItem = "no-special-care-but-item",
        /// No damage to property can follow, yet an item is named whose misuse may cause it.
        NoPropertyDamageButItem = "no-property-damage-but-item",
        /// Nothing happened to the data, yet somebody may have received them.
        NothingHappenedButRecipients = "nothing-happened-but-recipients",
        /// The delegator was told, yet the data were not entrusted to us.
        DelegatorToldButOwnData = "delegator-told-but-own-data",
        /// The data were got back, yet anybody on the internet may have them.
        RetrievedButPublic = "retrieved-but-public",
    }
}

/// Answers or moments that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Contradiction {
    /// What contradicts.
    pub kind: ContradictionKind,
    /// The questions to look at.
    #[schema(value_type = Vec<FactKey>)]
    pub facts: FactSet,
    /// The moments to look at.
    pub moments: Vec<ClockStartKind>,
}

/// Everything that contradicts, in a fixed order.
pub fn contradictions(facts: &Facts, starts: &ClockStarts) -> Vec<Contradiction> {
    let mut found = Vec::new();
    moments(starts, &mut found);
    people(facts, &mut found);
    answers(facts, &mut found);
    found
}

fn of_moments(kind: ContradictionKind, moments: Vec<ClockStartKind>) -> Contradiction {
    Contradiction {
        kind,
        facts: FactSet::EMPTY,
        moments,
    }
}

fn of_facts(kind: ContradictionKind, facts: &[FactKey]) -> Contradiction {
    Contradiction {
        kind,
        facts: facts.iter().copied().collect(),
        moments: Vec::new(),
    }
}

fn moments(starts: &ClockStarts, found: &mut Vec<Contradiction>) {
    use ClockStartKind as K;
    let earlier_than = |first: K, others: &[K]| -> Vec<K> {
        let Some(first) = starts.get(first) else {
            return Vec::new();
        };
        let mut earlier: Vec<_> = others
            .iter()
            .copied()
            .filter(|kind| starts.get(*kind).is_some_and(|other| other.at < first.at))
            .collect();
        earlier.sort();
        earlier
    };
    let all_others: Vec<K> = K::ALL
        .iter()
        .copied()
        .filter(|it| *it != K::Occurred)
        .collect();
    let before = earlier_than(K::Occurred, &all_others);
    if !before.is_empty() {
        let moments = [vec![K::Occurred], before].concat();
        found.push(of_moments(ContradictionKind::KnownBeforeOccurred, moments));
    }
    for first in [K::Detected, K::AnyDepartmentKnew] {
        if !earlier_than(first, &[K::Aware]).is_empty() {
            found.push(of_moments(
                ContradictionKind::AwareBeforeKnown,
                vec![first, K::Aware],
            ));
        }
    }
    let decided = [
        K::DeterminedBreach,
        K::DeterminedNotifiable,
        K::DeterminedMaterial,
        K::Classified,
        K::InformedDelegator,
        K::RecipientsIdentified,
        K::HandlingEnded,
    ];
    let before = earlier_than(K::Detected, &decided);
    if !before.is_empty() {
        let moments = [vec![K::Detected], before].concat();
        found.push(of_moments(ContradictionKind::DecidedBeforeKnown, moments));
    }
}

fn people(facts: &Facts, found: &mut Vec<Contradiction>) {
    let Some(Value::Residence(places)) = facts.known(FactKey::Residence) else {
        return;
    };
    let mut countries: BTreeMap<Code, (Option<u64>, u64)> = BTreeMap::new();
    for (text, number) in places {
        let Some(place) = Code::of(text) else {
            continue;
        };
        let country = countries.entry(place.country()).or_default();
        if place == place.country() {
            country.0 = *number;
        } else {
            country.1 = country.1.saturating_add(number.unwrap_or(0));
        }
    }
    if countries
        .values()
        .any(|(whole, parts)| whole.is_some_and(|whole| *parts > whole))
    {
        found.push(of_facts(
            ContradictionKind::MoreInPartsThanInCountry,
            &[FactKey::Residence],
        ));
    }
    let residents = countries
        .values()
        .map(|(whole, parts)| whole.unwrap_or(*parts).max(*parts))
        .fold(0, u64::saturating_add);
    if let Some(Value::Count(count)) = facts.known(FactKey::PeopleAffected)
        && residents > count.highest()
    {
        found.push(of_facts(
            ContradictionKind::MoreResidentsThanPeople,
            &[FactKey::Residence, FactKey::PeopleAffected],
        ));
    }
}

fn answers(facts: &Facts, found: &mut Vec<Contradiction>) {
    let chosen = |key, option: &str| match facts.known(key) {
        Some(Value::Choices(chosen)) => chosen.contains(option),
        Some(Value::Choice(chosen)) => chosen == option,
        _ => false,
    };
    let is = |key, wanted| facts.yes_no(key) == Some(wanted);
    let has_people = matches!(
        facts.known(FactKey::PeopleAffected),
        Some(Value::Count(count)) if count.highest() > 0
    );
    if is(FactKey::PersonalDataInvolved, false) && has_people {
        found.push(of_facts(
            ContradictionKind::NoPersonalDataButPeople,
            &[FactKey::PersonalDataInvolved, FactKey::PeopleAffected],
        ));
    }
    if is(FactKey::MyNumberInvolved, false) && chosen(FactKey::DataItems, "my_number") {
        found.push(of_facts(
            ContradictionKind::NoMyNumberButItem,
            &[FactKey::MyNumberInvolved, FactKey::DataItems],
        ));
    }
    for (key, mark, kind) in [
        (
            FactKey::SpecialCareData,
            Mark::SpecialCare,
            ContradictionKind::NoSpecialCareButItem,
        ),
        (
            FactKey::PropertyDamageRisk,
            Mark::PropertyDamage,
            ContradictionKind::NoPropertyDamageButItem,
        ),
    ] {
        if is(key, false) && facts.has_marked_item(mark) {
            found.push(of_facts(kind, &[key, FactKey::DataItems]));
        }
    }
    let got_out = ["known_recipient", "unknown_recipients", "public_internet"]
        .iter()
        .any(|option| chosen(FactKey::Recipients, option));
    if chosen(FactKey::BreachNature, "none") && got_out {
        found.push(of_facts(
            ContradictionKind::NothingHappenedButRecipients,
            &[FactKey::BreachNature, FactKey::Recipients],
        ));
    }
    let ours = ["own_data", "delegator"]
        .iter()
        .any(|option| chosen(FactKey::OurRole, option));
    if is(FactKey::DelegatorNotified, true) && ours {
        found.push(of_facts(
            ContradictionKind::DelegatorToldButOwnData,
            &[FactKey::DelegatorNotified, FactKey::OurRole],
        ));
    }
    if is(FactKey::Retrieved, true) && chosen(FactKey::Recipients, "public_internet") {
        found.push(of_facts(
            ContradictionKind::RetrievedButPublic,
            &[FactKey::Retrieved, FactKey::Recipients],
        ));
    }
}
