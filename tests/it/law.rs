//! The law: facts in, obligations and dues out.
//!
//! Four parts: what a fact may be, when a duty arises, by when it is due, and
//! the files of the law themselves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where what it stands on is missing"
)]

mod assess;
mod content;
mod contradictions;
mod counting;
mod dues;
mod facts;
mod golden;
mod properties;
mod risk;

use serde_json::{Value, json};
use shodo::workflow::assess::{Input, Output, run};

/// Runs one input that must be good; of Japan's general law and GDPR where it names no regimes.
fn assess(input: &Value) -> Output {
    let mut input = input.clone();
    let fields = input.as_object_mut().expect("an object");
    fields
        .entry("regimes")
        .or_insert_with(|| json!(["jp-appi", "eu-gdpr"]));
    run(&Input::from_json(&input).expect("a good input"))
}

/// Facts of a plain leak at a business that handles its own, unprotected data; `more` is laid over.
fn leak(more: &Value) -> Value {
    let mut facts = json!({
        "personal_data_involved": { "known": true },
        "breach_nature": { "known": ["leak"] },
        "special_care_data": { "known": false },
        "property_damage_risk": { "known": false },
        "improper_purpose": { "known": false },
        "act_against_business": { "known": false },
        "people_affected": { "known": { "exactly": 1 } },
        "protection": { "known": "not_protected" },
        "our_role": { "known": "own_data" },
        "gdpr_applies": { "known": false },
        "my_number_involved": { "known": false },
        "contact_difficult": { "known": false }
    });
    let facts_map = facts.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        if value.is_null() {
            facts_map.remove(key);
        } else {
            facts_map.insert(key.clone(), value.clone());
        }
    }
    facts
}
