//! Answers and moments that cannot all be true are named; the assessment goes on.

use serde_json::{Value as Json, json};

use super::assess;

fn found(input: &Json) -> Vec<String> {
    let output = assess(input);
    let kinds = output.contradictions.iter();
    kinds.map(|it| it.kind.to_string()).collect()
}

#[test]
fn each_contradiction_is_named_and_its_opposite_is_none() {
    let at = |hour: u8| json!({ "at": format!("2026-11-20T{hour:02}:00:00+09:00") });
    for (wrong, right, kind) in [
        (
            json!({ "clock_starts": { "occurred": at(10), "aware": at(9) } }),
            json!({ "clock_starts": { "occurred": at(9), "aware": at(9) } }),
            "known-before-occurred",
        ),
        (
            json!({ "clock_starts": { "detected": at(10), "aware": at(9) } }),
            json!({ "clock_starts": { "detected": at(9), "aware": at(10) } }),
            "aware-before-known",
        ),
        (
            json!({ "clock_starts": { "detected": at(10), "classified": at(9) } }),
            json!({ "clock_starts": { "detected": at(9), "classified": at(10) } }),
            "decided-before-known",
        ),
        (
            json!({ "facts": {
                "people_affected": { "known": { "at_most": 100 } },
                "residence": { "known": { "JP": 60, "DE": 41 } },
            } }),
            json!({ "facts": {
                "people_affected": { "known": { "at_most": 100 } },
                // The whole country and a part of it are not counted twice.
                "residence": { "known": { "US": 60, "US-CA": 60, "DE": 40 } },
            } }),
            "more-residents-than-people",
        ),
        (
            json!({ "facts": { "residence": { "known": { "US": 60, "US-CA": 50, "US-NY": 11 } } } }),
            json!({ "facts": { "residence": { "known": { "US": null, "US-CA": 50, "US-NY": 11 } } } }),
            "more-in-parts-than-in-country",
        ),
        (
            json!({ "facts": {
                "personal_data_involved": { "known": false },
                "people_affected": { "known": { "exactly": 1 } },
            } }),
            json!({ "facts": {
                "personal_data_involved": { "known": false },
                "people_affected": { "known": { "exactly": 0 } },
            } }),
            "no-personal-data-but-people",
        ),
        (
            json!({ "facts": {
                "my_number_involved": { "known": false },
                "data_items": { "known": ["my_number"] },
            } }),
            json!({ "facts": {
                "my_number_involved": { "unknown": {} },
                "data_items": { "known": ["my_number"] },
            } }),
            "no-my-number-but-item",
        ),
        (
            json!({ "facts": {
                "special_care_data": { "known": false },
                "data_items": { "known": ["health_information"] },
            } }),
            json!({ "facts": {
                "special_care_data": { "known": false },
                "data_items": { "known": ["full_name"] },
            } }),
            "no-special-care-but-item",
        ),
        (
            json!({ "facts": {
                "property_damage_risk": { "known": false },
                "data_items": { "known": ["payment_card"] },
            } }),
            json!({ "facts": {
                "property_damage_risk": { "unknown": {} },
                "data_items": { "known": ["payment_card"] },
            } }),
            "no-property-damage-but-item",
        ),
        (
            json!({ "facts": {
                "breach_nature": { "known": ["none"] },
                "recipients": { "known": ["unknown_recipients"] },
            } }),
            json!({ "facts": {
                "breach_nature": { "known": ["none"] },
                "recipients": { "known": ["none"] },
            } }),
            "nothing-happened-but-recipients",
        ),
        (
            json!({ "facts": {
                "our_role": { "known": "own_data" },
                "delegator_notified": { "known": true },
            } }),
            json!({ "facts": {
                "our_role": { "known": "delegatee" },
                "delegator_notified": { "known": true },
            } }),
            "delegator-told-but-own-data",
        ),
        (
            json!({ "facts": {
                "retrieved": { "known": true },
                "recipients": { "known": ["public_internet"] },
            } }),
            json!({ "facts": {
                "retrieved": { "known": true },
                "recipients": { "known": ["known_recipient"] },
            } }),
            "retrieved-but-public",
        ),
    ] {
        assert!(found(&wrong).contains(&kind.to_owned()), "{kind}: {wrong}");
        assert_eq!(found(&right), [""; 0], "{right}");
    }
}

#[test]
fn negative_numbers_and_false_places_are_refused() {
    for facts in [
        json!({ "people_affected": { "known": { "exactly": -1 } } }),
        json!({ "residence": { "known": { "JP": -5 } } }),
        json!({ "residence": { "known": { "Japan": 5 } } }),
        json!({ "serves": { "known": ["EU"], } , "established_in": { "known": ["none", "JP"] } }),
    ] {
        let input = json!({ "facts": facts });
        assert!(
            shodo::workflow::assess::Input::from_json(&input).is_err(),
            "{input}"
        );
    }
}
