//! A person decides beside the rule, filings keep what they said, and the past is looked at again.

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Script, TestApp};

const NOW: &str = "2026-11-20T10:00:00+09:00";
const AUTHORITY: &str = "eu-gdpr/notify-authority";
const PRELIMINARY: &str = "jp-appi/preliminary-report";

fn declared(api: &Script) -> String {
    let incident = api
        .post(
            "/api/v1/incidents",
            json!({
                "title": "会員サイトへの不正アクセス",
                "clock_starts": {"any_department_knew": {"at": "2026-11-16T09:00:00+09:00", "said_by": "情報システム部"}},
            }),
        )
        .ok();
    incident["id"].as_str().expect("an id").to_owned()
}

fn answer(api: &Script, id: &str, key: &str, value: &Value) {
    api.put(
        &format!("/api/v1/incidents/{id}/facts/{key}"),
        json!({ "known": value }),
    )
    .ok();
}

fn duty(duties: &Value, id: &str) -> Value {
    let all = duties["duties"].as_array().expect("duties");
    all.iter()
        .find(|duty| duty["obligation"]["duty_id"] == id)
        .expect("the duty")
        .clone()
}

/// A leak at a European shop of which nobody knows yet how high the risk is.
fn european(api: &Script, id: &str) {
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
        ("gdpr_applies", json!(true)),
        ("our_role", json!("own_data")),
        ("gdpr_risk", json!("risk")),
        ("people_affected", json!({"exactly": 800})),
    ] {
        answer(api, id, key, &value);
    }
}

#[test]
fn a_decision_stands_beside_the_rule_and_can_be_taken_back() {
    let app = TestApp::start(NOW);
    let api = app.script(Role::Legal);
    let id = declared(&api);
    european(&api, &id);
    let path = format!("/api/v1/incidents/{id}/rulings");
    let duties = || api.get(&format!("/api/v1/incidents/{id}/duties")).ok();
    let ruling = |ruling: &str, reason: &str| json!({ "duty_id": AUTHORITY, "ruling": ruling, "reason": reason });
    assert_eq!(duty(&duties(), AUTHORITY)["state"], "overdue");

    // Without a reason, by somebody without the capability, about nothing: refused.
    assert_eq!(api.post(&path, ruling("not_required", " ")).status, 422);
    let responder = app.script(Role::Responder);
    assert_eq!(
        responder.post(&path, ruling("not_required", "x")).status,
        403
    );
    let nothing = json!({ "duty_id": "eu-gdpr/nothing", "ruling": "required", "reason": "x" });
    assert_eq!(api.post(&path, nothing).status, 422);
    assert_eq!(api.post(&path, ruling("withdrawn", "x")).status, 409);

    api.post(
        &path,
        ruling("not_required", "受領者が削除を書面で確認した"),
    )
    .ok();
    // The account tells of the decision, and of no report that is merely advised.
    let report = api
        .get(&format!(
            "/api/v1/incidents/{id}/report?format=md&locale=ja"
        ))
        .text();
    assert!(report.contains("受領者が削除を書面で確認した"), "{report}");
    assert!(
        report.contains("個人情報保護委員会への速報") && !report.contains("JPCERT"),
        "{report}"
    );

    let ruled = duty(&duties(), AUTHORITY);
    assert_eq!(
        ruled["obligation"]["status"], "required",
        "the rule's own word stays"
    );
    assert_eq!(ruled["obligation"]["overruled"], "not_required");
    assert_eq!(ruled["state"], "not-required");
    assert_eq!(ruled["dues"], json!([]));

    let mut browser = app.signed_in(Role::Legal);
    let page = browser
        .open(&format!(
            "/incidents/{id}/authorities/duty?duty={AUTHORITY}"
        ))
        .text();
    assert!(page.contains("受領者が削除を書面で確認した"), "{page}");
    assert!(page.contains("不要と判断（通知しない）"));

    // A duty that does not arise by the rule can be taken as arisen: then it has its clocks.
    let report =
        json!({ "duty_id": PRELIMINARY, "ruling": "required", "reason": "念のため報告する" });
    api.post(&path, report).ok();
    let ruled = duty(&duties(), PRELIMINARY);
    assert_eq!(ruled["obligation"]["overruled"], "required");
    assert!(
        ruled["dues"]
            .as_array()
            .is_some_and(|dues| !dues.is_empty())
    );

    api.post(&path, ruling("withdrawn", "事実の訂正")).ok();
    assert_eq!(duty(&duties(), AUTHORITY)["state"], "overdue");
    let all = api.get(&path).ok();
    assert_eq!(
        all.as_array().map(Vec::len),
        Some(3),
        "nothing is overwritten"
    );
    let timeline = api.get(&format!("/api/v1/incidents/{id}/timeline")).ok();
    assert!(timeline.to_string().contains("duty.ruled"));
}

#[test]
fn a_late_filing_gives_the_reasons_that_the_law_asks_for_and_keeps_what_it_said() {
    let app = TestApp::start(NOW);
    let api = app.script(Role::Legal);
    let id = declared(&api);
    european(&api, &id);
    let path = format!("/api/v1/incidents/{id}/filings");
    let filing = |stage: &str, reason: &str| {
        json!({
            "duty_id": AUTHORITY, "filed_at": "2026-11-20T09:00:00+09:00", "receipt": "DPA-1",
            "stage": stage, "late_reason": reason,
        })
    };
    // 72 hours from the 16th ended on the 19th (art. 33(1): reasons for the delay).
    let refused = api
        .post(&path, filing("preliminary", ""))
        .problem("invalid-input");
    assert!(refused["errors"].to_string().contains("late_reason"));
    let kept = api
        .post(&path, filing("preliminary", "人数の確定に時間を要した"))
        .ok();
    assert_eq!(kept["stage"], "preliminary");
    let contents: Value =
        serde_json::from_str(kept["contents"].as_str().expect("contents")).unwrap();
    assert!(
        contents["nature"]["ja"]
            .as_str()
            .is_some_and(|text| text.contains("800人"))
    );

    // What changed since is told item by item.
    answer(&api, &id, "people_affected", &json!({ "exactly": 950 }));
    answer(&api, &id, "containment", &json!({ "ja": "遮断した" }));
    let mut browser = app.signed_in(Role::Legal);
    let page = browser
        .open(&format!(
            "/incidents/{id}/authorities/duty?duty={AUTHORITY}"
        ))
        .text();
    for words in [
        "950人",
        "800人",
        "変更あり",
        "追加",
        "未記入",
        "人数の確定に時間を要した",
        "DPA-1",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn the_past_is_seen_with_what_was_known_then() {
    let app = TestApp::start(NOW);
    let api = app.script(Role::Legal);
    let id = declared(&api);
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
        ("special_care_data", json!(false)),
        ("property_damage_risk", json!(false)),
        ("improper_purpose", json!(false)),
        ("act_against_business", json!(false)),
        ("protection", json!("not_protected")),
        ("our_role", json!("own_data")),
        ("people_affected", json!({"exactly": 800})),
    ] {
        answer(&api, &id, key, &value);
    }
    let status = |query: &str| {
        let duties = api
            .get(&format!("/api/v1/incidents/{id}/duties{query}"))
            .ok();
        duty(&duties, "jp-appi/final-report")
    };
    assert_eq!(status("")["obligation"]["status"], "not_required");

    // Three days later it is known that there are more: a new trigger, which counts from then.
    app.clock_to("2026-11-23T15:00:00+09:00");
    answer(&api, &id, "people_affected", &json!({ "exactly": 1_001 }));
    let now = status("");
    assert_eq!(now["obligation"]["status"], "required");
    let due = &now["dues"][0];
    assert_eq!(
        due["at"]["day"], "2026-12-22",
        "day 1 is 23 November: {due}"
    );
    assert_eq!(due["counted_anew"], true);

    let then = status("?as_of=2026-11-21T00:00:00%2B09:00");
    assert_eq!(then["obligation"]["status"], "not_required");
    let mut browser = app.signed_in(Role::Viewer);
    let page = browser
        .open(&format!(
            "/incidents/{id}/authorities?as_of=2026-11-21T00:00"
        ))
        .text();
    assert!(page.contains("の時点で分かっていたこと"), "{page}");
}

#[test]
fn the_same_questions_are_asked_without_an_incident() {
    let app = TestApp::start(NOW);
    let mut browser = app.signed_in(Role::Viewer);
    let page = browser.open("/what-if").text();
    assert!(page.contains("name=\"key\""), "{page}");
    let facts = json!({
        "personal_data_involved": {"known": true}, "breach_nature": {"known": ["leak"]},
        "people_affected": {"known": {"exactly": 1_001}}, "our_role": {"known": "own_data"},
    });
    let form = [
        ("facts", facts.to_string()),
        ("key", "protection".to_owned()),
        ("value", "not_protected".to_owned()),
    ];
    let form: Vec<_> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let page = browser.submit("/what-if", &form).text();
    assert!(page.contains("個人情報保護委員会への速報"), "{page}");
    // What was carried by hand and is no answer is refused.
    assert_eq!(
        browser
            .submit("/what-if", &[("facts", "{\"x\":1}"), ("key", "protection")])
            .status,
        422
    );
}
