//! The export in the words of VERIS: every pattern, every answer, and no free text.

use serde_json::{Value, json};
use shodo::accounts::{AccountId, Role};
use shodo::incidents::clock_starts::{ClockStart, ClockStartKind, ClockStarts};
use shodo::incidents::facts::{FactKey, Facts};
use shodo::incidents::{Incident, IncidentId, Pattern, State};
use shodo::kernel::Instant;
use shodo::veris::{self, Case};

use crate::support::app::TestApp;

const NOW: &str = "2026-11-25T01:00:00Z";

fn incident(pattern: Option<Pattern>) -> Incident {
    let now: Instant = NOW.parse().unwrap();
    Incident {
        id: IncidentId::fresh(now),
        number: "INC-2026-0001".to_owned(),
        title: "架空商店の名簿".to_owned(),
        kind: pattern.map(Pattern::kind),
        pattern,
        severity: None,
        practice: false,
        state: State::Open,
        commander_id: None,
        declared_by: AccountId::fresh(now),
        declared_at: now,
        closed_at: None,
        version: 1,
    }
}

fn exported(pattern: Option<Pattern>, facts: &Value, starts: &[(ClockStartKind, &str)]) -> Value {
    let mut named = ClockStarts::default();
    for (kind, at) in starts {
        let start = ClockStart {
            at: at.parse().unwrap(),
            zone: "Asia/Tokyo".to_owned(),
            said_by: "架空 太郎".to_owned(),
        };
        named.set(*kind, start);
    }
    let record = veris::export(&Case {
        incident: &incident(pattern),
        facts: &Facts::from_json(facts).unwrap(),
        starts: &named,
        zone: &jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
    });
    let problems = veris::check(&record);
    assert!(problems.is_empty(), "{problems:?} in {record:#}");
    record
}

#[test]
fn every_pattern_is_a_record_without_a_fault_with_and_without_answers() {
    let answers = json!({
        "breach_nature": {"known": ["leak", "loss"]},
        "data_items": {"known": ["full_name", "payment_card", "my_number"]},
        "discovered_by": {"known": "principal"},
        "established_in": {"known": ["JP", "US-CA"]},
        "people_affected": {"known": {"exactly": 1200}},
        "protection": {"known": "not_protected"},
        "ransom_paid": {"known": true},
        "sector": {"known": "finance"},
    });
    let patterns = Pattern::ALL.iter().copied().map(Some).chain([None]);
    for pattern in patterns {
        let blank = exported(pattern, &json!({}), &[]);
        assert_eq!(blank["security_incident"], "Suspected");
        let told = exported(pattern, &answers, &[]);
        assert_eq!(told["security_incident"], "Confirmed");
        assert_eq!(told["attribute"]["confidentiality"]["data_total"], 1200);
        assert_eq!(told["attribute"]["availability"]["variety"][0], "Loss");
        assert_eq!(told["victim"]["country"], json!(["JP", "US"]));
        assert_eq!(told["victim"]["industry"], "52");
        assert_eq!(told["victim"]["government"], json!(["NA"]));
        assert_eq!(blank["victim"]["government"], json!(["Unknown"]));
        if let Some(external) = told["actor"].get("external") {
            assert_eq!(external["motive"], json!(["Financial"]));
        }
    }
}

#[test]
fn every_option_that_is_told_is_a_word_of_veris() {
    for key in [
        FactKey::DiscoveredBy,
        FactKey::Protection,
        FactKey::Availability,
        FactKey::Sector,
    ] {
        for option in key.options() {
            let facts = json!({key.as_str(): {"known": option}});
            exported(Some(Pattern::Cyberattack), &facts, &[]);
        }
    }
    let disclosed = |nature: Value| {
        let facts = json!({"breach_nature": {"known": nature}});
        let record = exported(None, &facts, &[]);
        let disclosed = record["attribute"]["confidentiality"]["data_disclosure"].clone();
        (record["security_incident"].clone(), disclosed)
    };
    for (nature, incident, disclosure) in [
        (json!(["leak"]), "Confirmed", "Yes"),
        (json!(["leak_suspected"]), "Suspected", "Potentially"),
        (
            json!(["damage", "leak_suspected"]),
            "Confirmed",
            "Potentially",
        ),
        (json!(["loss"]), "Confirmed", "No"),
        (json!(["none"]), "Near miss", "No"),
    ] {
        assert_eq!(disclosed(nature), (json!(incident), json!(disclosure)));
    }
}

#[test]
fn a_number_that_is_not_sure_is_no_total_and_items_have_each_variety_once() {
    let facts = json!({
        "people_affected": {"known": {"at_most": 900}},
        "data_items": {"known": ["full_name", "address", "login_credentials"]},
    });
    let record = exported(Some(Pattern::AccountTakeover), &facts, &[]);
    let confidentiality = &record["attribute"]["confidentiality"];
    assert!(confidentiality.get("data_total").is_none());
    assert_eq!(
        confidentiality["data"],
        json!([{"variety": "Credentials"}, {"variety": "Personal"}])
    );
    assert_eq!(record["plus"]["shodo"]["people_affected"]["at_most"], 900);
}

#[test]
fn the_day_is_that_of_the_servers_zone_and_the_time_until_discovery_has_a_unit() {
    let occurred = (ClockStartKind::Occurred, "2026-11-19T15:30:00Z");
    let until = |detected: &str| {
        let starts = [occurred, (ClockStartKind::Detected, detected)];
        exported(None, &json!({}), &starts)["timeline"].clone()
    };
    let timeline = until("2026-11-19T16:15:00Z");
    // In Tokyo the 20th had begun.
    assert_eq!(
        timeline["incident"],
        json!({"year": 2026, "month": 11, "day": 20})
    );
    assert_eq!(
        timeline["discovery"],
        json!({"unit": "Minutes", "value": 45})
    );
    for (detected, discovery) in [
        ("2026-11-19T17:30:00Z", json!({"unit": "Hours", "value": 2})),
        ("2026-11-22T15:00:00Z", json!({"unit": "Days", "value": 2})),
        ("2026-11-19T15:29:00Z", json!({"unit": "Unknown"})),
    ] {
        assert_eq!(until(detected)["discovery"], discovery, "{detected}");
    }
    let undated = exported(None, &json!({}), &[]);
    assert_eq!(undated["timeline"]["incident"]["day"], 25);
    assert_eq!(undated["timeline"]["discovery"], json!({"unit": "Unknown"}));
}

#[test]
fn a_check_names_what_misses_and_words_that_are_none() {
    let mut record = exported(None, &json!({}), &[]);
    record["targeted"] = json!("Perhaps");
    record["victim"]["country"] = json!(["Japan"]);
    record["asset"].as_object_mut().unwrap().remove("cloud");
    record.as_object_mut().unwrap().remove("summary");
    let mut paths: Vec<_> = veris::check(&record)
        .into_iter()
        .map(|it| it.path)
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        ["asset.cloud", "summary", "targeted", "victim.country"]
    );
}

#[test]
fn the_interface_hands_out_a_record_and_nothing_that_a_person_wrote() {
    let app = TestApp::start(NOW);
    let commander = app.script(Role::Commander);
    let declared = json!({
        "title": "架空 太郎さんの名簿が外へ",
        "pattern": "account-takeover",
        "clock_starts": {"detected": {"at": "2026-11-24T15:30:00Z", "said_by": "架空 花子"}},
    });
    let declared = commander.post("/api/v1/incidents", declared).ok();
    let id = declared["id"].as_str().unwrap();
    for (key, value) in [
        (
            "overview",
            json!({"ja": "架空 太郎さんから電話", "en": "Taro Kaku called"}),
        ),
        ("breach_nature", json!(["leak"])),
    ] {
        let to = format!("/api/v1/incidents/{id}/facts/{key}");
        commander.put(&to, json!({"known": value})).ok();
    }
    let viewer = app.script(Role::Viewer);
    let record = viewer.get(&format!("/api/v1/incidents/{id}/veris")).ok();
    assert!(veris::check(&record).is_empty(), "{record:#}");
    assert_eq!(record["incident_id"], id);
    assert_eq!(
        record["action"]["hacking"]["variety"][0],
        "Use of stolen creds"
    );
    assert_eq!(record["timeline"]["incident"]["day"], 25);
    let text = record.to_string();
    for typed in ["架空", "Taro", "名簿"] {
        assert!(!text.contains(typed), "{typed} was exported: {text}");
    }
    let other = IncidentId::fresh(NOW.parse().unwrap());
    let nothing = viewer.get(&format!("/api/v1/incidents/{other}/veris"));
    assert_eq!(nothing.status, 404);
}
