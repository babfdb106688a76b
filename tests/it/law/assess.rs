//! When a duty arises: triggers at their limits, exemptions, three-valued logic.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use shodo::assessment::{Obligation, Status, Verdict};
use shodo::incidents::facts::FactKey;
use shodo::kernel::LocaleText;
use shodo::regulations::{Nature, Outcome};

use super::{assess, leak};

const PRELIMINARY: &str = "jp-appi/preliminary-report";
const FINAL: &str = "jp-appi/final-report";
const PRINCIPALS: &str = "jp-appi/notice-to-principals";
const SUBSTITUTE: &str = "jp-appi/substitute-measures";
const DELEGATOR: &str = "jp-appi/notify-delegator";
const AUTHORITY: &str = "eu-gdpr/notify-authority";
const SUBJECTS: &str = "eu-gdpr/communicate-to-data-subjects";
const CONTROLLER: &str = "eu-gdpr/notify-controller";

fn obligation(facts: &Json, duty: &str) -> Obligation {
    assess(&json!({ "facts": facts }))
        .obligations
        .into_iter()
        .find(|obligation| obligation.duty_id == duty)
        .expect("the duty is in the file")
}

fn asks(obligation: &Obligation) -> Vec<FactKey> {
    obligation.questions.iter().collect()
}

fn status(more: Json, duty: &str) -> Status {
    obligation(&leak(&more), duty).status
}

fn verdict(obligation: &Obligation, reason: &str) -> Verdict {
    obligation
        .reasons
        .iter()
        .find(|found| found.id == reason)
        .expect("the reason is given")
        .verdict
}

#[test]
fn and_or_not_follow_the_three_valued_table() {
    let asks = |key| Outcome::unknown([key]);
    let (a, b) = (FactKey::Sector, FactKey::Cause);
    let both = || Outcome::unknown([a, b]);
    let (yes, no) = (|| Outcome::Yes, || Outcome::No);
    for (left, right, and, or) in [
        (yes(), yes(), yes(), yes()),
        (yes(), no(), no(), yes()),
        (yes(), asks(b), asks(b), yes()),
        (no(), yes(), no(), yes()),
        (no(), no(), no(), no()),
        (no(), asks(b), no(), asks(b)),
        (asks(a), yes(), asks(a), yes()),
        (asks(a), no(), no(), asks(a)),
        (asks(a), asks(b), both(), both()),
    ] {
        assert_eq!(left.and(right), and, "{left:?} and {right:?}");
        assert_eq!(left.or(right), or, "{left:?} or {right:?}");
    }
    assert_eq!(yes().negated(), no());
    assert_eq!(no().negated(), yes());
    assert_eq!(asks(a).negated(), asks(a));
}

#[test]
fn nothing_answered_asks_a_first_question() {
    let output = assess(&json!({}));
    assert!(output.obligations.len() >= 9);
    for obligation in &output.obligations {
        assert_eq!(
            obligation.status,
            Status::Undecided,
            "{}",
            obligation.duty_id
        );
        assert!(!obligation.questions.is_empty());
    }
    assert_eq!(
        output.next_questions.first(),
        Some(&FactKey::PersonalDataInvolved)
    );
    let once: BTreeSet<_> = output.next_questions.iter().collect();
    assert_eq!(once.len(), output.next_questions.len());
}

#[test]
fn a_question_that_waits_comes_after_one_that_nobody_asked() {
    let facts = leak(&json!({
        "special_care_data": { "unknown": {} },
        "property_damage_risk": null,
    }));
    let output = assess(&json!({ "facts": facts }));
    assert_eq!(
        output.next_questions,
        [FactKey::PropertyDamageRisk, FactKey::SpecialCareData]
    );
}

#[test]
fn item_1_and_item_2_need_one_person() {
    assert_eq!(status(json!({}), PRELIMINARY), Status::NotRequired);
    let yes = json!({ "known": true });
    for duty in [PRELIMINARY, FINAL, PRINCIPALS] {
        assert_eq!(
            status(json!({ "special_care_data": yes }), duty),
            Status::Required
        );
        assert_eq!(
            status(json!({ "property_damage_risk": yes }), duty),
            Status::Required
        );
    }
}

#[test]
fn item_3_needs_purpose_and_an_act_against_the_business() {
    let yes = json!({ "known": true });
    assert_eq!(
        status(json!({ "improper_purpose": yes }), FINAL),
        Status::NotRequired
    );
    assert_eq!(
        status(json!({ "act_against_business": yes }), FINAL),
        Status::NotRequired
    );
    let attack = obligation(
        &leak(&json!({ "improper_purpose": yes, "act_against_business": yes })),
        FINAL,
    );
    assert_eq!(attack.status, Status::Required);
    assert_eq!(attack.clocks, ["day-60"]);
    assert_eq!(verdict(&attack, "item-3"), Verdict::Yes);
}

#[test]
fn information_about_to_be_acquired_counts_for_item_3_only() {
    let yes = json!({ "known": true });
    let skimmed = json!({
        "personal_data_involved": { "known": false },
        "data_planned_as_personal_data": yes,
        "special_care_data": yes,
        "property_damage_risk": yes,
        "people_affected": { "known": { "exactly": 5000 } },
    });
    assert_eq!(status(skimmed.clone(), FINAL), Status::NotRequired);
    let mut attack = skimmed;
    attack["improper_purpose"] = yes.clone();
    attack["act_against_business"] = yes;
    let obligation = obligation(&leak(&attack), FINAL);
    assert_eq!(obligation.status, Status::Required);
    for (item, expected) in [
        ("item-1", Verdict::No),
        ("item-2", Verdict::No),
        ("item-3", Verdict::Yes),
        ("item-4", Verdict::No),
    ] {
        assert_eq!(verdict(&obligation, item), expected, "{item}");
    }
}

#[test]
fn item_4_begins_above_1000_and_takes_the_highest_possible_number() {
    for (count, expected) in [
        (json!({ "exactly": 1000 }), Status::NotRequired),
        (json!({ "exactly": 1001 }), Status::Required),
        (json!({ "at_most": 1000 }), Status::NotRequired),
        (json!({ "at_most": 1001 }), Status::Required),
        (json!({ "at_most": 1200 }), Status::Required),
    ] {
        let facts = json!({ "people_affected": { "known": count } });
        assert_eq!(status(facts, PRELIMINARY), expected, "{count}");
    }
    let open = obligation(
        &leak(&json!({ "people_affected": { "unknown": {} } })),
        FINAL,
    );
    assert_eq!(open.status, Status::Undecided);
    assert_eq!(asks(&open), [FactKey::PeopleAffected]);
}

#[test]
fn without_leak_loss_or_damage_there_is_no_duty() {
    let facts = json!({
        "breach_nature": { "known": ["none"] },
        "special_care_data": { "known": true },
    });
    assert_eq!(status(facts, PRELIMINARY), Status::NotRequired);
    for nature in [
        "leak_suspected",
        "loss",
        "loss_suspected",
        "damage",
        "damage_suspected",
    ] {
        let facts = json!({
            "breach_nature": { "known": [nature] },
            "special_care_data": { "known": true },
        });
        assert_eq!(status(facts, PRELIMINARY), Status::Required, "{nature}");
    }
}

#[test]
fn encryption_with_a_safe_key_takes_the_data_out_of_all_four_items() {
    let yes = json!({ "known": true });
    for item in [
        json!({ "special_care_data": yes }),
        json!({ "property_damage_risk": yes }),
        json!({ "improper_purpose": yes, "act_against_business": yes }),
        json!({ "people_affected": { "known": { "exactly": 1001 } } }),
    ] {
        let with = |protection: Json| {
            let mut facts = item.clone();
            facts["protection"] = protection;
            facts
        };
        let safe = json!({ "known": "encrypted_key_safe" });
        for duty in [PRELIMINARY, FINAL, PRINCIPALS] {
            assert_eq!(
                status(with(safe.clone()), duty),
                Status::NotRequired,
                "{item}"
            );
        }
        for protection in [
            json!({ "known": "encrypted_key_at_risk" }),
            json!({ "known": "partly_protected" }),
            // Key status not known: it cannot be excluded, so the duty stands.
            json!({ "unknown": { "until": "2026-11-25" } }),
        ] {
            assert_eq!(status(with(protection), FINAL), Status::Required, "{item}");
        }
        let unasked = obligation(&leak(&with(Json::Null)), FINAL);
        assert_eq!(unasked.status, Status::Undecided);
        assert_eq!(asks(&unasked), [FactKey::Protection]);
    }
}

#[test]
fn a_delegatee_is_free_once_it_told_the_delegator() {
    let case = |notified: Json| {
        json!({
            "special_care_data": { "known": true },
            "our_role": { "known": "delegatee" },
            "delegator_notified": notified,
        })
    };
    for duty in [PRELIMINARY, FINAL, PRINCIPALS] {
        assert_eq!(
            status(case(json!({ "known": true })), duty),
            Status::NotRequired
        );
        assert_eq!(
            status(case(json!({ "known": false })), duty),
            Status::Required
        );
        // Only a notice that was given frees.
        assert_eq!(status(case(Json::Null), duty), Status::Required);
    }
    let alternative = obligation(&leak(&case(Json::Null)), DELEGATOR);
    assert_eq!(alternative.status, Status::Required);
    assert_eq!(alternative.nature, Nature::Alternative);
    // The proviso is for delegatees alone.
    let own = json!({
        "special_care_data": { "known": true },
        "delegator_notified": { "known": true },
    });
    assert_eq!(status(own.clone(), FINAL), Status::Required);
    assert_eq!(status(own, DELEGATOR), Status::NotRequired);
}

#[test]
fn a_difficult_notice_becomes_a_substitute_measure() {
    let case = |difficult: Json| json!({ "special_care_data": { "known": true }, "contact_difficult": difficult });
    assert_eq!(
        status(case(json!({ "known": true })), PRINCIPALS),
        Status::NotRequired
    );
    assert_eq!(
        status(case(json!({ "known": true })), SUBSTITUTE),
        Status::Required
    );
    assert_eq!(
        status(case(json!({ "known": false })), SUBSTITUTE),
        Status::NotRequired
    );
    for open in [Json::Null, json!({ "unknown": {} })] {
        assert_eq!(status(case(open.clone()), PRINCIPALS), Status::Required);
        assert_eq!(status(case(open), SUBSTITUTE), Status::Undecided);
    }
    // The report does not fall away with the notice.
    assert_eq!(
        status(case(json!({ "known": true })), FINAL),
        Status::Required
    );
}

#[test]
fn marked_items_decide_and_a_no_beside_them_is_explained() {
    let marked = |explicit: Json| {
        leak(&json!({
            "data_items": { "known": ["full_name", "health_information"] },
            "special_care_data": explicit,
        }))
    };
    for open in [
        Json::Null,
        json!({ "unknown": {} }),
        json!({ "known": true }),
    ] {
        let derived = obligation(&marked(open), PRELIMINARY);
        assert_eq!(derived.status, Status::Required);
    }
    let remark =
        |obligation: &Obligation| -> Option<LocaleText> { obligation.reasons[0].remark.clone() };
    let derived = remark(&obligation(&marked(Json::Null), PRELIMINARY)).unwrap();
    assert!(derived.ja.contains("病歴"), "{derived:?}");

    // A "no" beside a marked item frees nobody: it is named, and the duty stands until it is corrected.
    let against = obligation(&marked(json!({ "known": false })), PRELIMINARY);
    assert_eq!(against.status, Status::Required);
    assert!(remark(&against).unwrap().ja.contains("病歴"));

    // Unmarked items do not answer the question.
    let plain = leak(&json!({
        "data_items": { "known": ["full_name"] },
        "special_care_data": null,
    }));
    assert_eq!(
        asks(&obligation(&plain, PRELIMINARY)),
        [FactKey::SpecialCareData]
    );
}

#[test]
fn gdpr_follows_role_and_risk() {
    let case = |risk: Json, role: &str, protection: &str| {
        json!({
            "gdpr_applies": { "known": true },
            "gdpr_risk": risk,
            "our_role": { "known": role },
            "protection": { "known": protection },
        })
    };
    let risk = |level: &str| json!({ "known": level });
    let open = json!({ "unknown": {} });
    use Status::{NotRequired as No, Required as Yes, Undecided as Open};
    for (facts, authority, subjects, controller) in [
        (
            case(risk("unlikely"), "own_data", "not_protected"),
            No,
            No,
            No,
        ),
        (case(risk("risk"), "own_data", "not_protected"), Yes, No, No),
        (
            case(risk("high_risk"), "delegator", "not_protected"),
            Yes,
            Yes,
            No,
        ),
        (
            case(risk("high_risk"), "own_data", "encrypted_key_safe"),
            Yes,
            No,
            No,
        ),
        (case(open, "own_data", "not_protected"), Yes, Open, No),
        (
            case(Json::Null, "own_data", "not_protected"),
            Open,
            Open,
            No,
        ),
        (
            case(risk("unlikely"), "delegatee", "not_protected"),
            No,
            No,
            Yes,
        ),
        (json!({ "gdpr_risk": risk("high_risk") }), No, No, No),
    ] {
        assert_eq!(status(facts.clone(), AUTHORITY), authority, "{facts}");
        assert_eq!(status(facts.clone(), SUBJECTS), subjects, "{facts}");
        assert_eq!(status(facts.clone(), CONTROLLER), controller, "{facts}");
    }
}
