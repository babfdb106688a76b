//! What holds for every case: more people never free anybody, an answer never brings doubt back,
//! a later moment never gives an earlier due.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use shodo::assessment::{self, Assessment, History, Status};
use shodo::deadlines::{self, Moments};
use shodo::incidents::clock_starts::{ClockStart, ClockStarts};
use shodo::incidents::facts::{FactKey, Facts, Kind, items};
use shodo::kernel::Instant;
use shodo::regulations::{self, Regulation};

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    fn some_of(&mut self, from: &[&str]) -> Vec<String> {
        let number = 1 + self.roll(3);
        let mut chosen: Vec<_> = (0..number).map(|_| self.pick(from).to_owned()).collect();
        chosen.sort();
        chosen.dedup();
        if chosen.len() > 1 {
            chosen.retain(|it| it != "none");
        }
        chosen
    }
}

const PLACES: [&str; 14] = [
    "JP", "US-CA", "US-NY", "US-TX", "DE", "FR", "GB", "KR", "SG", "AU", "CA-QC", "BR", "CN", "IN",
];

fn answer(key: FactKey, dice: &mut Dice) -> Json {
    if dice.roll(12) == 0 {
        return json!({ "unknown": {} });
    }
    let known = match key.kind() {
        Kind::YesNo => json!(dice.roll(2) == 0),
        Kind::OneOf(options) => json!(dice.pick(options)),
        Kind::SomeOf(options) => json!(dice.some_of(options)),
        Kind::Items => {
            let ids: Vec<_> = items().map(|(id, _)| id).collect();
            json!(dice.some_of(&ids))
        }
        Kind::Places => json!(dice.some_of(&PLACES)),
        Kind::Count => json!({ "exactly": dice.roll(1_100) }),
        Kind::Residence => {
            let people = dice.some_of(&PLACES).into_iter();
            json!(
                people
                    .map(|code| (code, json!(dice.roll(1_200))))
                    .collect::<Map<_, _>>()
            )
        }
        Kind::Text => json!({ "ja": "例" }),
    };
    json!({ "known": known })
}

fn facts(dice: &mut Dice) -> Map<String, Json> {
    let mut facts = Map::new();
    for key in FactKey::ALL.iter().filter(|key| key.kind() != Kind::Text) {
        // Most questions are answered, so that many duties are decided.
        if dice.roll(5) != 0 {
            facts.insert(key.as_str().to_owned(), answer(*key, dice));
        }
    }
    facts
}

fn rules() -> Vec<&'static Regulation> {
    regulations::in_force(jiff::civil::date(2027, 1, 15)).collect()
}

fn assess(facts: &Map<String, Json>, rules: &[&'static Regulation]) -> Assessment {
    let facts = Facts::from_json(&Json::Object(facts.clone())).expect("good facts");
    assessment::assess(&facts, rules.iter().copied())
}

/// Duties of which fewer people are the condition.
const FOR_FEW: [&str; 1] = ["us-fcc-64-2011/annual-summary"];

#[test]
fn more_people_never_free_anybody() {
    let (mut dice, rules) = (Dice(7), rules());
    let mut changed = 0;
    for _ in 0..250 {
        let few = facts(&mut dice);
        let mut many = few.clone();
        let factor = 1 + dice.roll(4);
        for key in ["people_affected", "residence"] {
            let Some(known) = many.get_mut(key).and_then(|it| it.get_mut("known")) else {
                continue;
            };
            for number in known.as_object_mut().unwrap().values_mut() {
                *number = json!(number.as_u64().unwrap() * factor as u64 + 400);
            }
        }
        let (few, many) = (assess(&few, &rules), assess(&many, &rules));
        for (before, after) in few.obligations.iter().zip(&many.obligations) {
            if FOR_FEW.contains(&before.duty_id) {
                continue;
            }
            changed += usize::from(before.status != after.status);
            assert!(
                before.status != Status::Required || after.status == Status::Required,
                "{}: required, and {} of more people",
                before.duty_id,
                after.status
            );
        }
    }
    assert!(
        changed > 20,
        "only {changed} duties hang on the number of people"
    );
}

#[test]
fn an_answer_more_never_turns_required_into_undecided() {
    let (mut dice, rules) = (Dice(11), rules());
    let mut decided = 0;
    let mut wrong = std::collections::BTreeSet::new();
    for _ in 0..250 {
        let all = facts(&mut dice);
        let mut fewer = all.clone();
        let keys: Vec<_> = all.keys().cloned().collect();
        let without = keys[dice.roll(keys.len())].clone();
        fewer.remove(&without);
        let (fewer, all) = (assess(&fewer, &rules), assess(&all, &rules));
        for (before, after) in fewer.obligations.iter().zip(&all.obligations) {
            decided += usize::from(
                before.status == Status::Undecided && after.status != Status::Undecided,
            );
            if before.status == Status::Required && after.status == Status::Undecided {
                wrong.insert(format!("{}: {without} brings doubt back", before.duty_id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        decided > 50,
        "only {decided} duties were decided by an answer"
    );
}

#[test]
fn a_later_moment_never_gives_an_earlier_due() {
    let (mut dice, rules) = (Dice(13), rules());
    let at = |hours: usize| -> Instant {
        let begin: Instant = "2026-10-20T00:00:00Z".parse().unwrap();
        begin.plus(jiff::SignedDuration::from_hours(
            i64::try_from(hours).unwrap(),
        ))
    };
    let zones = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC"];
    let mut moved = 0;
    for _ in 0..60 {
        let facts = facts(&mut dice);
        let facts = Facts::from_json(&Json::Object(facts)).expect("good facts");
        let assessed = assessment::assess(&facts, rules.iter().copied());
        let zone = dice.pick(&zones).to_owned();
        let hours: Vec<usize> = shodo::incidents::clock_starts::ClockStartKind::ALL
            .iter()
            .map(|_| dice.roll(24 * 90))
            .collect();
        let later = dice.roll(24 * 20);
        let dues = |shift: usize| {
            let starts = shodo::incidents::clock_starts::ClockStartKind::ALL
                .iter()
                .zip(&hours)
                .map(|(kind, hours)| {
                    let start = ClockStart {
                        at: at(hours + shift),
                        zone: zone.clone(),
                        said_by: String::new(),
                    };
                    (*kind, start)
                })
                .collect();
            deadlines::compute(
                &assessed.obligations,
                Moments {
                    starts: &ClockStarts(starts),
                    filings: &BTreeMap::new(),
                    history: &History::default(),
                },
                regulations::calendars(),
            )
        };
        for (early, late) in dues(0).iter().zip(dues(later)) {
            assert_eq!((early.duty_id, early.clock), (late.duty_id, late.clock));
            moved += usize::from(early.instant < late.instant);
            assert!(
                early.instant <= late.instant,
                "{} {}: {:?}, then {:?}",
                early.duty_id,
                early.clock,
                early.instant,
                late.instant
            );
        }
    }
    assert!(moved > 100);
}
