//! The aid to the risk under GDPR: nine situations of the EDPB as facts alone, limits, and what never lowers.
//!
//! The situations are those of Guidelines 01/2021 by number, with the outcome the paper gives:
//! documented always, the authority told (a risk or more), the people told (a high risk).

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use shodo::assessment::Status;
use shodo::incidents::facts::{Answer, FactKey, Facts};
use shodo::risk::{self, Aid, Conclusion, Direction, RiskLevel};

use super::assess;

const DOCUMENT: &str = "eu-gdpr/document";
const AUTHORITY: &str = "eu-gdpr/notify-authority";
const SUBJECTS: &str = "eu-gdpr/communicate-to-data-subjects";

fn read(facts: &Json) -> Facts {
    let facts = facts.as_object().unwrap();
    let known: serde_json::Map<_, _> = facts
        .iter()
        .map(|(key, value)| {
            let answer = match value.as_str() {
                Some("?") => json!({"unknown": {}}),
                _ => json!({"known": value}),
            };
            (key.clone(), answer)
        })
        .collect();
    Facts::from_json(&Json::Object(known)).expect("good facts")
}

fn with(base: &Json, more: &Json) -> Json {
    let mut base = base.clone();
    let fields = base.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        fields.insert(key.clone(), value.clone());
    }
    base
}

fn aid(facts: &Json) -> Aid {
    risk::gdpr(&read(facts))
}

/// Data that are neither special nor cost money, so that the case tells what else there is.
fn plain() -> Json {
    json!({"special_care_data": false, "property_damage_risk": false})
}

/// The situations: number, facts, outcome.
fn situations() -> Vec<(&'static str, Json, Conclusion)> {
    let (unlikely, risk, high) = (Conclusion::Unlikely, Conclusion::Risk, Conclusion::HighRisk);
    vec![
        (
            "01",
            json!({
                "breach_nature": ["damage"], "improper_purpose": true, "recipients": ["none"],
                "data_items": ["full_name", "address", "phone_number"], "people_affected": {"at_most": 60},
                "protection": "encrypted_key_safe", "availability": "restored_within_a_day",
                "vital_services_affected": false,
            }),
            unlikely,
        ),
        (
            "02",
            json!({
                "breach_nature": ["damage"], "improper_purpose": true, "recipients": ["none"],
                "data_items": ["full_name", "address", "phone_number"], "people_affected": {"at_most": 60},
                "special_care_data": false, "protection": "not_protected",
                "availability": "restored_within_days", "vital_services_affected": false,
            }),
            risk,
        ),
        (
            "03",
            json!({
                "breach_nature": ["damage"], "improper_purpose": true, "recipients": ["none"],
                "data_items": ["full_name", "health_information"], "people_affected": {"at_most": 5000},
                "special_care_data": true, "protection": "not_protected",
                "availability": "restored_within_days", "vital_services_affected": true,
            }),
            high,
        ),
        (
            "05",
            json!({
                "breach_nature": ["leak_suspected"], "improper_purpose": true, "recipients": ["unknown_recipients"],
                "data_items": ["full_name", "address", "email_address", "phone_number"],
                "people_affected": {"exactly": 213}, "special_care_data": false, "protection": "not_protected",
            }),
            high,
        ),
        (
            "07",
            json!({
                "breach_nature": ["leak"], "improper_purpose": true, "recipients": ["unknown_recipients"],
                "data_items": ["full_name", "gender", "birth_date", "national_id_number", "customer_number"],
                "people_affected": {"at_most": 100_000}, "protection": "not_protected",
            }),
            high,
        ),
        (
            "09",
            with(
                &plain(),
                &json!({
                    "breach_nature": ["leak"], "improper_purpose": false, "recipients": ["trusted_recipient"],
                    "data_items": ["full_name", "address", "phone_number", "email_address", "financial_information"],
                    "people_affected": {"at_most": 24}, "retrieved": true,
                }),
            ),
            unlikely,
        ),
        (
            "11",
            json!({
                "breach_nature": ["loss", "leak_suspected"], "improper_purpose": true,
                "recipients": ["unknown_recipients"], "data_items": ["full_name", "gender", "address", "birth_date"],
                "people_affected": {"at_most": 150_000}, "protection": "not_protected",
                "availability": "restored_within_a_day",
            }),
            high,
        ),
        (
            "13",
            with(
                &plain(),
                &json!({
                    "breach_nature": ["leak"], "improper_purpose": false, "recipients": ["known_recipient"],
                    "data_items": ["full_name", "address", "purchase_history"],
                    "people_affected": {"exactly": 2}, "minors_affected": false,
                }),
            ),
            unlikely,
        ),
        (
            "17",
            json!({
                "breach_nature": ["leak"], "improper_purpose": true, "recipients": ["unknown_recipients"],
                "data_items": ["full_name", "phone_number", "purchase_history"],
                "people_affected": {"exactly": 1}, "protection": "not_protected",
            }),
            high,
        ),
    ]
}

#[test]
fn nine_situations_come_out_as_the_paper_says_and_so_do_their_duties() {
    for (number, facts, expected) in situations() {
        let found = aid(&facts);
        assert_eq!(found.outcome, expected, "{number}: {found:#?}");
        assert!(found.questions.is_empty(), "{number}");
        assert!(!found.reasons.is_empty(), "{number}");
        assert_eq!(
            found.grounds.is_empty(),
            expected == Conclusion::Unlikely,
            "{number}"
        );

        // A person who follows the aid; the other facts are those that any GDPR case needs.
        let whole = with(
            &json!({
                "personal_data_involved": true, "our_role": "own_data", "gdpr_applies": true,
                "contact_difficult": false, "protection": "not_protected",
            }),
            &with(&facts, &json!({"gdpr_risk": found.outcome})),
        );
        let output = assess(&json!({"facts": read(&whole), "regimes": ["eu-gdpr"]}));
        assert_eq!(output.risk_aid.outcome, expected, "{number}");
        let status = |duty: &str| {
            let found = output.obligations.iter().find(|it| it.duty_id == duty);
            found.expect("the duty is in the file").status
        };
        let required = |wanted: bool| match wanted {
            true => Status::Required,
            false => Status::NotRequired,
        };
        assert_eq!(status(DOCUMENT), Status::Required, "{number} D");
        let told = expected != Conclusion::Unlikely;
        assert_eq!(status(AUTHORITY), required(told), "{number} S");
        let high = expected == Conclusion::HighRisk;
        assert_eq!(status(SUBJECTS), required(high), "{number} P");
    }
}

#[test]
fn the_rules_name_no_situation() {
    let table = include_str!("../../../content/risk/gdpr.toml").to_lowercase();
    // A data item of the catalogue is a fact, whatever it is called.
    let table = table.replace("\"health_insurance_number\"", "");
    for word in [
        "ransom",
        "hospital",
        "a bank",
        "retail",
        "insurance",
        "telecom",
        "notebook",
        "stuffing",
        "applicant",
    ] {
        assert!(!table.contains(word), "{word}");
    }
}

#[test]
fn limits_turn_at_the_number_and_at_the_answer() {
    let posted = with(
        &plain(),
        &json!({
            "breach_nature": ["leak"], "improper_purpose": false, "recipients": ["known_recipient"],
            "data_items": ["full_name", "address"], "people_affected": {"exactly": 100},
            "minors_affected": false, "retrieved": false, "misuse_ruled_out": false,
            "protection": "not_protected",
        }),
    );
    let strangers = json!({"recipients": ["public_internet"]});
    for (more, expected) in [
        (json!({}), Conclusion::Unlikely),
        (
            json!({"people_affected": {"exactly": 101}}),
            Conclusion::Risk,
        ),
        (
            json!({"people_affected": {"at_most": 101}}),
            Conclusion::Risk,
        ),
        (json!({"minors_affected": true}), Conclusion::Risk),
        (
            json!({"minors_affected": true, "retrieved": true}),
            Conclusion::Unlikely,
        ),
        (
            json!({"data_items": ["full_name", "address", "birth_date"]}),
            Conclusion::Risk,
        ),
        (
            json!({"data_items": ["full_name", "birth_date"], "misuse_ruled_out": true}),
            Conclusion::Unlikely,
        ),
        (json!({"improper_purpose": true}), Conclusion::Risk),
        (json!({"special_care_data": true}), Conclusion::Risk),
        (
            json!({"special_care_data": true, "misuse_ruled_out": true}),
            Conclusion::Risk,
        ),
        (
            json!({"special_care_data": true, "retrieved": true}),
            Conclusion::Unlikely,
        ),
        (
            json!({"special_care_data": true, "improper_purpose": true}),
            Conclusion::HighRisk,
        ),
        (
            json!({"special_care_data": true, "people_affected": {"exactly": 101}}),
            Conclusion::HighRisk,
        ),
        (strangers.clone(), Conclusion::Risk),
        (
            with(&strangers, &json!({"people_affected": {"exactly": 1000}})),
            Conclusion::Risk,
        ),
        (
            with(&strangers, &json!({"people_affected": {"exactly": 1001}})),
            Conclusion::HighRisk,
        ),
        (
            with(&strangers, &json!({"minors_affected": true})),
            Conclusion::HighRisk,
        ),
        (
            with(&strangers, &json!({"property_damage_risk": true})),
            Conclusion::HighRisk,
        ),
        (
            with(&strangers, &json!({"protection": "encrypted_key_safe"})),
            Conclusion::Unlikely,
        ),
        (
            with(&strangers, &json!({"protection": "encrypted_key_at_risk"})),
            Conclusion::Risk,
        ),
        (
            with(&strangers, &json!({"data_items": ["os_type", "age"]})),
            Conclusion::Unlikely,
        ),
        (
            json!({"breach_nature": ["none"], "special_care_data": true}),
            Conclusion::Unlikely,
        ),
    ] {
        let found = aid(&with(&posted, &more));
        assert_eq!(found.outcome, expected, "{more}: {found:#?}");
    }
    let outage = with(
        &posted,
        &json!({
            "breach_nature": ["damage"], "recipients": ["none"], "availability": "restored_within_a_day",
            "vital_services_affected": false,
        }),
    );
    for (more, expected) in [
        (json!({}), Conclusion::Unlikely),
        (
            json!({"availability": "restored_within_days"}),
            Conclusion::Risk,
        ),
        (json!({"availability": "not_restored"}), Conclusion::Risk),
        (
            json!({"availability": "not_restored", "special_care_data": true}),
            Conclusion::HighRisk,
        ),
        (
            json!({"vital_services_affected": true}),
            Conclusion::HighRisk,
        ),
        // An answer on an outage counts also where only a leak was named.
        (
            json!({"breach_nature": ["leak"], "vital_services_affected": true}),
            Conclusion::HighRisk,
        ),
    ] {
        let found = aid(&with(&outage, &more));
        assert_eq!(found.outcome, expected, "{more}: {found:#?}");
    }
}

#[test]
fn what_is_not_sure_is_undecided_and_names_its_questions() {
    let nothing = aid(&json!({}));
    assert_eq!(nothing.outcome, Conclusion::Undecided);
    assert_eq!(
        (nothing.lowest, nothing.highest),
        (RiskLevel::Unlikely, RiskLevel::HighRisk)
    );
    assert_eq!(nothing.questions.first(), Some(FactKey::BreachNature));

    let stolen = json!({
        "breach_nature": ["leak"], "improper_purpose": true, "recipients": ["unknown_recipients"],
        "data_items": ["full_name", "address"], "protection": "not_protected",
    });
    for (more, lowest, highest, asks) in [
        (
            json!({"protection": "?"}),
            RiskLevel::Unlikely,
            RiskLevel::HighRisk,
            FactKey::Protection,
        ),
        (
            json!({"improper_purpose": "?"}),
            RiskLevel::Risk,
            RiskLevel::HighRisk,
            FactKey::ImproperPurpose,
        ),
        (
            json!({"recipients": "?"}),
            RiskLevel::Risk,
            RiskLevel::HighRisk,
            FactKey::Recipients,
        ),
        (
            json!({"data_items": "?"}),
            RiskLevel::Unlikely,
            RiskLevel::HighRisk,
            FactKey::DataItems,
        ),
        // What is high already waits for nothing.
        (
            json!({"people_affected": "?", "minors_affected": "?"}),
            RiskLevel::HighRisk,
            RiskLevel::HighRisk,
            FactKey::PeopleAffected,
        ),
    ] {
        let found = aid(&with(&stolen, &more));
        assert_eq!(
            (found.lowest, found.highest),
            (lowest, highest),
            "{more}: {found:#?}"
        );
        let is_open = lowest != highest;
        assert_eq!(found.outcome == Conclusion::Undecided, is_open, "{more}");
        assert_eq!(
            found.questions.contains(asks),
            is_open,
            "{more}: {:?}",
            found.questions
        );
        let told = found
            .reasons
            .iter()
            .filter(|it| it.direction == Direction::Open);
        assert_eq!(
            told.clone().any(|it| it.facts.contains(asks)),
            is_open,
            "{more}"
        );
    }
}

/// Each fact that the aid reads, its answers from the best to the worst.
fn ladders() -> Vec<(FactKey, Vec<Json>)> {
    vec![
        (
            FactKey::BreachNature,
            vec![
                json!(["none"]),
                json!(["damage"]),
                json!(["damage", "leak_suspected"]),
                json!(["damage", "leak"]),
            ],
        ),
        (
            FactKey::DataItems,
            vec![
                json!(["os_type"]),
                json!(["os_type", "full_name"]),
                json!(["address", "os_type", "full_name"]),
                json!(["address", "os_type", "full_name", "birth_date"]),
                json!([
                    "address",
                    "os_type",
                    "full_name",
                    "birth_date",
                    "health_information"
                ]),
            ],
        ),
        (FactKey::SpecialCareData, vec![json!(false), json!(true)]),
        (FactKey::PropertyDamageRisk, vec![json!(false), json!(true)]),
        (FactKey::ImproperPurpose, vec![json!(false), json!(true)]),
        (
            FactKey::PeopleAffected,
            [1, 100, 101, 1000, 1001]
                .map(|n| json!({"exactly": n}))
                .to_vec(),
        ),
        (FactKey::MinorsAffected, vec![json!(false), json!(true)]),
        (
            FactKey::Protection,
            vec![
                json!("encrypted_key_safe"),
                json!("partly_protected"),
                json!("not_protected"),
            ],
        ),
        (
            FactKey::Recipients,
            vec![
                json!(["none"]),
                json!(["trusted_recipient"]),
                json!(["trusted_recipient", "known_recipient"]),
                json!(["known_recipient", "unknown_recipients"]),
            ],
        ),
        (FactKey::Retrieved, vec![json!(true), json!(false)]),
        (FactKey::MisuseRuledOut, vec![json!(true), json!(false)]),
        (
            FactKey::Availability,
            vec![
                json!("not_affected"),
                json!("restored_within_a_day"),
                json!("restored_within_days"),
                json!("not_restored"),
            ],
        ),
        (
            FactKey::VitalServicesAffected,
            vec![json!(false), json!(true)],
        ),
    ]
}

/// Repeatable pseudo-random numbers below a bound (a linear congruence; its high bits).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

#[test]
fn worse_facts_never_lower_it_and_a_further_answer_takes_nothing_sure_back() {
    let ladders: Vec<(FactKey, Vec<Answer>)> = ladders()
        .into_iter()
        .map(|(key, steps)| {
            let answers = steps.iter().map(|step| {
                let facts = read(&json!({key.as_str(): step}));
                facts.get(key).unwrap().clone()
            });
            (key, answers.collect())
        })
        .collect();
    let read_by_table: BTreeSet<_> = risk::facts().iter().collect();
    assert_eq!(read_by_table, ladders.iter().map(|(key, _)| *key).collect());

    let mut dice = Dice(20_261_122);
    let mut seen = BTreeSet::new();
    for _ in 0..1_500 {
        let mut facts = Facts::default();
        let share = 1 + dice.below(8);
        for (key, answers) in &ladders {
            match dice.below(8) {
                roll if roll > share => {}
                0 => facts.set(*key, Answer::Unknown { until: None }, None),
                _ => facts.set(*key, answers[dice.below(answers.len())].clone(), None),
            }
        }
        let before = risk::gdpr(&facts);
        seen.insert(before.outcome);
        assert!(before.lowest <= before.highest);
        let undecided = before.outcome == Conclusion::Undecided;
        assert_eq!(undecided, !before.questions.is_empty(), "{facts:?}");
        assert!(
            before
                .questions
                .iter()
                .all(|key| facts.known(key).is_none()),
            "an answered question is asked: {facts:?}"
        );
        for (key, answers) in &ladders {
            let mut levels = Vec::new();
            for answer in answers {
                let mut after = facts.clone();
                after.set(*key, answer.clone(), None);
                let aid = risk::gdpr(&after);
                levels.push((aid.lowest, aid.highest));
                if facts.known(*key).is_none() {
                    assert!(aid.lowest >= before.lowest, "{key} {answer:?} on {facts:?}");
                    // An outage that is told beside a mere leak raises what seemed sure; nothing else does.
                    let outage =
                        [FactKey::Availability, FactKey::VitalServicesAffected].contains(key);
                    assert!(
                        outage || aid.highest <= before.highest,
                        "{key} {answer:?} on {facts:?}"
                    );
                }
            }
            // Not known at all never reads lower than the best answer.
            let mut without = facts.clone();
            without.set(*key, Answer::Unknown { until: None }, None);
            assert!(risk::gdpr(&without).lowest >= levels[0].0.min(before.lowest));
            assert!(
                levels
                    .windows(2)
                    .all(|two| two[0].0 <= two[1].0 && two[0].1 <= two[1].1),
                "{key}: {levels:?} on {facts:?}"
            );
        }
    }
    assert_eq!(seen.len(), Conclusion::ALL.len(), "{seen:?}");
}
