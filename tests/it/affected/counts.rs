//! Counts of the register become facts, and the law answers at once.

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Script, TestApp};

fn roster(people: usize) -> String {
    let mut file = String::from("氏名,email,国,生年月日\n");
    for number in 0..people {
        let country = ["JP", "JP", "DE"][number % 3];
        file.push_str(&format!("山田,u{number}@example.jp,{country},2015-04-01\n"));
    }
    file
}

/// The known answers, by question.
fn facts(api: &Script<'_>, case: &str) -> Value {
    let list = api.get(&format!("{case}/facts")).ok();
    list.as_array()
        .unwrap()
        .iter()
        .map(|fact| {
            (
                fact["key"].as_str().unwrap().to_owned(),
                fact["answer"].clone(),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn thresholds(api: &Script<'_>, case: &str) -> Vec<Value> {
    let entries = api.get(&format!("{case}/timeline?limit=500")).ok();
    let entries = entries.as_array().unwrap().clone();
    entries
        .into_iter()
        .filter(|entry| entry["kind"] == "people.threshold-crossed")
        .collect()
}

#[test]
fn a_roster_that_passes_a_threshold_is_told_with_when_it_became_known() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let api = app.script(Role::Commander);
    let incident = api
        .post("/api/v1/incidents", json!({ "title": "名簿の流出" }))
        .ok();
    let case = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
    for (fact, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
    ] {
        api.put(&format!("{case}/facts/{fact}"), json!({ "known": value }))
            .ok();
    }
    let path = format!("{case}/rosters");
    let items = [
        ("data_items", "email_address"),
        ("source_system", "会員管理"),
    ];

    let first = api
        .upload(&path, &items, "first.csv", roster(1_000).as_bytes())
        .ok();
    assert_eq!(first["people_added"], 1_000);
    let known = facts(&api, &case);
    let text = known.to_string();
    assert_eq!(
        known["people_affected"]["known"],
        json!({ "exactly": 1_000 }),
        "{text}"
    );
    assert_eq!(
        known["residence"]["known"],
        json!({ "DE": 333, "JP": 667 }),
        "{text}"
    );
    assert_eq!(known["minors_affected"]["known"], json!(true));
    assert_eq!(known["data_items"]["known"], json!(["email_address"]));
    assert!(
        thresholds(&api, &case).is_empty(),
        "1,000 is not more than 1,000"
    );

    // One more person, an hour later; and a row that may be one more.
    app.clock_to("2026-11-20T01:30:00Z");
    let more = "氏名,email\n佐藤,new@example.jp\n鈴木,new@example.jp\n";
    let second = api
        .upload(&path, &items, "second.csv", more.as_bytes())
        .ok();
    assert_eq!(
        (&second["people_added"], &second["conflict_count"]),
        (&json!(1), &json!(1))
    );
    let known = facts(&api, &case);
    assert_eq!(
        known["people_affected"]["known"],
        json!({ "at_most": 1_002 })
    );
    let told = thresholds(&api, &case);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["occurred_at"], "2026-11-20T01:30:00Z");
    let words = told[0]["text"]["ja"].as_str().unwrap();
    assert!(
        words.contains("1,002人") && words.contains("1,000人超"),
        "{words}"
    );

    // A number said by hand that is higher stays; a lower one gives way to the register.
    api.put(
        &format!("{case}/facts/people_affected"),
        json!({ "known": { "at_most": 5_000 } }),
    )
    .ok();
    let third = "email\nthird@example.jp\n";
    api.upload(&path, &items, "third.csv", third.as_bytes())
        .ok();
    assert_eq!(
        facts(&api, &case)["people_affected"]["known"],
        json!({ "at_most": 5_000 })
    );
    api.put(
        &format!("{case}/facts/people_affected"),
        json!({ "known": { "exactly": 7 } }),
    )
    .ok();
    api.upload(&path, &items, "fourth.csv", b"email\nfourth@example.jp\n")
        .ok();
    assert_eq!(
        facts(&api, &case)["people_affected"]["known"],
        json!({ "at_most": 1_004 })
    );

    // Taken back whole, the register says nothing any more; neither may the fact that came from it.
    for roster in api.get(&path).ok().as_array().unwrap() {
        let id = roster["id"].as_str().unwrap();
        api.send("DELETE", &format!("{path}/{id}"), None).ok();
    }
    let house = app.house().clone();
    let ended = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(house.run_importer());
    assert_eq!(ended.unwrap(), 4);
    assert_eq!(
        facts(&api, &case)["people_affected"],
        json!({ "unknown": {} })
    );
}
