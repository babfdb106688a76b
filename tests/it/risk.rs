//! The aid to the risk under GDPR, through the API and on the page of its question.

use serde_json::json;
use shodo::accounts::Role;

use crate::support::app::{PASSWORD, TestApp};

#[test]
fn the_aid_tells_what_to_answer_first_and_then_what_it_comes_to_and_chooses_nothing() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let commander = app.script(Role::Commander);
    let declared = json!({"title": "配送先の取り違え"});
    let incident = commander.post("/api/v1/incidents", declared).ok();
    let id = incident["id"].as_str().unwrap();
    let path = format!("/api/v1/incidents/{id}/risk");
    let question = format!("/incidents/{id}/facts/gdpr_risk");

    let viewer = app.script(Role::Viewer);
    let before = viewer.get(&path).ok();
    assert_eq!(before["aid"]["outcome"], "undecided");
    assert_eq!(before["aid"]["questions"][0], "breach_nature");
    assert_eq!(before["aid"]["basis"]["confidence"], "unverified");
    let caution = before["caution"]["en"].as_str().unwrap();
    assert!(caution.contains("not a decision"), "{caution}");

    let mut browser = app.browser();
    browser.open("/sign-in");
    let email = app.email(Role::Commander);
    browser.submit("/sign-in", &[("email", email), ("password", PASSWORD)]);
    let page = browser.open(&question).text();
    for words in [
        "まだいえない",
        "先に答える問い",
        "決定ではありません",
        "一次資料で未確認",
    ] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    assert!(page.contains(&format!("/incidents/{id}/facts/breach_nature")));

    for (key, value) in [
        ("breach_nature", json!(["leak"])),
        ("data_items", json!(["full_name", "address"])),
        ("recipients", json!(["unknown_recipients"])),
        ("improper_purpose", json!(true)),
        ("protection", json!("not_protected")),
    ] {
        let answer = json!({"known": value});
        let to = format!("/api/v1/incidents/{id}/facts/{key}");
        commander.put(&to, answer).ok();
    }
    let after = viewer.get(&path).ok();
    assert_eq!(after["aid"]["outcome"], "high_risk");
    assert_eq!(after["aid"]["questions"], json!([]));
    assert_eq!(
        after["aid"]["grounds"][0]["id"],
        "people_named_to_criminals"
    );
    let page = browser.open(&format!("{question}?lang=en")).text();
    for words in ["There is a high risk", "What makes it so", "not a decision"] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    assert!(!page.contains(" checked>"), "a person decides");
    let other = browser.open(&format!("/incidents/{id}/facts/protection"));
    assert!(!other.text().contains("aid-title"), "only its own question");
}
