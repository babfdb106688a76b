//! The report as the server hands it out: by level, with its mark on the timeline.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::TestApp;

#[test]
fn a_report_for_others_names_nobody_by_today_s_name_or_an_earlier_one() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let commander = app.script(Role::Commander);
    let declared = json!({"title": "配送先の取り違え"});
    let incident = commander.post("/api/v1/incidents", declared).ok();
    let case = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
    let earlier = name_of(&commander.get(&format!("{case}/report?format=json")).ok());
    // Command was given under the earlier name, which stays in that entry.
    let rename = format!("UPDATE accounts SET name = '新姓 花子' WHERE name = '{earlier}'");
    let renamed = move |tx: &mut shodo::store::Conn| Ok(tx.batch_execute(&rename)?);
    app.store().write_blocking(renamed).unwrap();
    let email = app.email(Role::Commander).to_uppercase();
    let note = format!("{earlier}と新姓花子、{email}に連絡。");
    commander
        .post(&format!("{case}/notes"), json!({ "text": note }))
        .ok();

    let report = |query: &str| {
        app.script(Role::Viewer)
            .get(&format!("{case}/report?{query}"))
    };
    let inside = report("format=md").text();
    assert!(inside.contains("新姓 花子") && inside.contains(&earlier));
    for (level, shown) in [("regulator", "指揮者A"), ("public", "担当者")] {
        let outside = report(&format!("format=md&level={level}")).text();
        for name in ["新姓", &earlier, &email] {
            assert!(!outside.contains(name), "{name} for {level}: {outside}");
        }
        assert!(outside.contains(shown), "{outside}");
    }
    report("format=md&level=secret").problem("malformed-body");
    assert_eq!(report("format=docx&locale=en").status, 200);

    let exported = commander.get(&format!("{case}/timeline?limit=9")).ok();
    let words: Vec<_> = exported
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "report.exported")
        .map(|entry| entry["text"]["ja"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(words.len(), 5);
    for (words, level) in words.iter().zip(["社内用", "公開用", "当局提出用"]) {
        assert!(words.contains(level), "{words}");
    }
}

#[test]
fn where_it_stands_is_told_on_one_page_at_any_time() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let commander = app.script(Role::Commander);
    let declared = json!({"title": "配送先の取り違え"});
    let incident = commander.post("/api/v1/incidents", declared).ok();
    let id = incident["id"].as_str().unwrap();
    let report = format!("/api/v1/incidents/{id}/report?genre=status");
    let shown = commander.get(&format!("{report}&format=md")).text();
    assert!(
        shown.contains("状況報告") && shown.contains("次の期限"),
        "{shown}"
    );
    let pdf = commander.get(&report);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let refused = commander.get(&format!("{report}&format=json"));
    assert_eq!(
        refused.problem("invalid-input")["errors"][0]["field"],
        "format"
    );
    let told = commander
        .get(&format!("/api/v1/incidents/{id}/timeline?limit=1"))
        .ok();
    assert_eq!(
        told[0]["text"]["ja"],
        "状況報告を書き出しました（pdf、社内用）"
    );

    // The page keeps what was chosen, and says what there is not.
    let page = format!("/incidents/{id}/reports");
    let mut browser = app.signed_in(Role::Commander);
    browser.open(&page);
    let chosen = [
        ("genre", "status"),
        ("level", "internal"),
        ("format", "json"),
        ("locale", "ja"),
    ];
    let refused = browser.submit(&page, &chosen);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("状況報告はJSONでは作れません"));
}

#[test]
fn the_schema_is_published() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let schema = app.script(Role::Viewer).get("/api/v1/schemas/post-mortem");
    assert_eq!(schema.header("content-type"), "application/schema+json");
    let schema: Value = serde_json::from_slice(&schema.bytes).unwrap();
    assert_eq!(&schema, shodo::reports::json::schema());
}

fn name_of(report: &Value) -> String {
    report["cover"]["commander"].as_str().unwrap().to_owned()
}
