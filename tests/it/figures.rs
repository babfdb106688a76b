//! Numbers across incidents: a small set of cases whose sums are known.

use std::io::Cursor;

use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::sheets::{self, Row};

use crate::support::app::TestApp;

const OCTOBER: &str = "2026-10-10T10:00:00+09:00";
const NOW: &str = "2026-11-20T10:00:00+09:00";

#[test]
fn the_numbers_are_those_of_the_cases() {
    let (app, _) = world();
    let figures = app.script(Role::Viewer).get("/api/v1/figures").ok();
    assert_eq!(figures["incidents"], 3, "practice does not count");
    assert_eq!(
        figures["by_kind"],
        json!([
            {"key": "leak", "incidents": 1},
            {"key": "misuse", "incidents": 1},
            {"key": "unknown", "incidents": 1},
        ])
    );
    assert!(
        figures["by_pattern"]
            .as_array()
            .expect("shares")
            .contains(&json!({"key": "cyberattack", "incidents": 1}))
    );
    let months = figures["by_month"].as_array().expect("months");
    assert_eq!(months.len(), 12, "also those without an incident");
    assert_eq!(months[9], json!({"key": "2026-09", "incidents": 0}));
    assert_eq!(months[10], json!({"key": "2026-10", "incidents": 1}));
    assert_eq!(months[11], json!({"key": "2026-11", "incidents": 2}));

    // Day 30 of the shop passed (APPI rules art. 8 para. 2); 72 hours of the fair were kept (GDPR art. 33).
    assert_eq!(
        figures["deadlines"],
        json!({"met": 1, "missed": 1, "open": 0})
    );
    assert_eq!(
        figures["people"],
        json!({"known": 2, "at_most": 1, "sum": 1_301, "largest": 1_001})
    );
    assert_eq!(figures["actions"], json!({"open": 2, "overdue": 1}));
    assert_eq!(figures["notices"], json!({"issued": 0, "delivered": 0}));

    // Detected after 12 hours and 2; known after 12 and 4: the median of two is their mean.
    assert_eq!(
        time(&figures, "to-detect"),
        json!({"span": "to-detect", "known": 2, "median_minutes": 420, "longest_minutes": 720})
    );
    assert_eq!(
        time(&figures, "to-know"),
        json!({"span": "to-know", "known": 2, "median_minutes": 480, "longest_minutes": 720})
    );
    assert_eq!(
        time(&figures, "to-report"),
        json!({"span": "to-report", "known": 1, "median_minutes": 1_499, "longest_minutes": 1_499})
    );
    assert_eq!(
        time(&figures, "to-notify"),
        json!({"span": "to-notify", "known": 0, "median_minutes": null, "longest_minutes": null})
    );
}

#[test]
fn a_filter_narrows_and_what_is_none_is_refused() {
    let (app, _) = world();
    let viewer = app.script(Role::Viewer);
    let count = |query: &str| {
        let figures = viewer.get(&format!("/api/v1/figures?{query}")).ok();
        figures["incidents"].as_u64().expect("a number")
    };
    assert_eq!(count("kind=leak"), 1);
    assert_eq!(count("kind=unknown"), 1);
    assert_eq!(count("pattern=phishing"), 1);
    assert_eq!(count("severity=1"), 1);
    assert_eq!(count("state=closed"), 0);
    assert_eq!(count("from=2026-10&to=2026-10"), 1);
    assert_eq!(count("from=2026-11&to=2026-10"), 3, "put in order");
    assert_eq!(count("from=2020-01&to=2026-09"), 0);
    assert_eq!(count("practice=with"), 4);
    let practice = viewer.get("/api/v1/figures?practice=only").ok();
    assert_eq!(practice["deadlines"]["missed"], 1);
    assert_eq!(practice["people"]["sum"], 5_000);
    for wrong in ["from=2026-13", "kind=nothing", "state=ajar"] {
        let refused = viewer.get(&format!("/api/v1/figures?{wrong}"));
        refused.problem("invalid-input");
    }
    let refused = viewer.get("/api/v1/figures?colour=blue");
    refused.problem("malformed-body");
}

#[test]
fn each_number_leads_to_its_incidents() {
    let (app, ids) = world();
    let mut browser = app.signed_in(Role::Viewer);
    let page = browser.open("/figures").text();
    assert!(page.contains("経営向け集計") && page.contains("期限を過ぎた義務"));
    assert!(page.contains("1,301"), "people affected");
    assert!(!page.contains("訓練のメール"), "the page names no incident");
    let list = |browser: &mut crate::support::app::Browser, query: &str| -> Vec<bool> {
        let page = browser.open(&format!("/figures/incidents?{query}")).text();
        let holds = |id: &String| page.contains(&format!("href=\"/incidents/{id}\""));
        ids.iter().map(holds).collect()
    };
    // In the order of `world`: shop, fair, note, practice.
    for (query, expected) in [
        ("of=all", [true, true, true, false]),
        ("of=missed", [true, false, false, false]),
        ("of=met", [false, true, false, false]),
        ("of=overdue-actions", [true, false, false, false]),
        ("of=open-actions", [true, true, false, false]),
        ("of=people", [true, true, false, false]),
        ("of=to-report", [false, true, false, false]),
        ("of=all&kind=unknown", [false, false, true, false]),
        ("of=missed&practice=only", [false, false, false, true]),
    ] {
        assert_eq!(list(&mut browser, query), expected, "{query}");
    }
}

#[test]
fn files_hold_the_same_numbers() {
    let (app, _) = world();
    let mut browser = app.signed_in(Role::Viewer);
    let book = browser.open("/figures/export/xlsx");
    assert_eq!(book.status, 200);
    let survey = sheets::survey(Cursor::new(&book.bytes)).expect("a workbook");
    let sheets: Vec<_> = survey.sheets.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(sheets, ["集計", "インシデント"]);
    let numbers = rows(&book.bytes, "集計");
    let number = |figure: &str| {
        let found = numbers.iter().find(|row| row[1] == figure);
        found.map(|row| row[2].clone()).expect(figure)
    };
    assert_eq!(number("期限を過ぎた義務"), "1");
    assert_eq!(number("影響を受けた人（合計）"), "1301");
    assert_eq!(number("期限を過ぎた再発防止策"), "1");
    let incidents = rows(&book.bytes, "インシデント");
    assert_eq!(incidents.len(), 4, "a header and three incidents");
    assert!(
        incidents
            .iter()
            .flatten()
            .any(|cell| cell == "会員サイトの漏えい")
    );
    assert!(
        incidents
            .iter()
            .flatten()
            .all(|cell| cell != "訓練のメール")
    );

    let pdf = browser.open("/figures/export/pdf?practice=with");
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(browser.open("/figures/export/docx").status, 404);
}

fn time(figures: &Value, span: &str) -> Value {
    let times = figures["times"].as_array().expect("times");
    let found = times.iter().find(|time| time["span"] == span);
    found.expect("a span").clone()
}

fn rows(book: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut reading = sheets::survey(Cursor::new(book))
        .expect("a workbook")
        .reading;
    reading.sheet = sheet.to_owned();
    let mut stream = sheets::rows(Cursor::new(book), &reading).expect("a sheet");
    let (mut all, mut row) = (Vec::new(), Row::default());
    while stream.next(&mut row).expect("a row") {
        all.push(row.iter().map(str::to_owned).collect());
    }
    all
}

/// A leak of October with a missed deadline, a misuse of November that was reported in time,
/// an incident of which nothing is known, and practice; gives their ids in this order.
fn world() -> (TestApp, [String; 4]) {
    let app = TestApp::start(OCTOBER);
    let shop = declare(
        &app,
        json!({
            "title": "会員サイトの漏えい", "pattern": "cyberattack", "severity": "1",
            "clock_starts": {
                "occurred": moment("2026-10-09T09:00:00+09:00"),
                "detected": moment("2026-10-09T21:00:00+09:00"),
                "any_department_knew": moment("2026-10-10T09:00:00+09:00"),
            },
        }),
    );
    leaked(&app, &shop, json!({"exactly": 1_001}));
    app.clock_to(NOW);
    let fair = declare(
        &app,
        json!({
            "title": "展示会の名簿", "pattern": "phishing",
            "clock_starts": {
                "occurred": moment("2026-11-19T03:00:00+09:00"),
                "detected": moment("2026-11-19T05:00:00+09:00"),
                "aware": moment("2026-11-19T09:00:00+09:00"),
            },
        }),
    );
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["loss"])),
        ("people_affected", json!({"at_most": 300})),
        ("our_role", json!("own_data")),
        ("established_in", json!(["DE"])),
        ("gdpr_risk", json!("risk")),
    ] {
        answer(&app, &fair, key, value);
    }
    app.script(Role::Legal)
        .post(
            &format!("/api/v1/incidents/{fair}/filings"),
            json!({"duty_id": "eu-gdpr/notify-authority", "filed_at": "2026-11-20T09:59:00+09:00", "receipt": "R-1"}),
        )
        .ok();
    let note = declare(&app, json!({"title": "差出人不明の連絡"}));
    let practice = declare(
        &app,
        json!({
            "title": "訓練のメール", "pattern": "cyberattack", "practice": true,
            "clock_starts": {"any_department_knew": moment("2026-10-01T09:00:00+09:00")},
        }),
    );
    leaked(&app, &practice, json!({"exactly": 5_000}));
    for (id, due_on, done) in [
        (&shop, Some("2026-11-19"), false),
        (&shop, Some("2026-11-18"), true),
        (&fair, Some("2026-11-20"), false),
        (&practice, Some("2026-11-01"), false),
    ] {
        let script = app.script(Role::Legal);
        let path = format!("/api/v1/incidents/{id}/actions");
        let body = json!({"title": "権限の点検", "owner": "情報システム部", "due_on": due_on});
        let made = script.post(&path, body).ok();
        if done {
            let action = made["id"].as_str().expect("an id");
            let body = json!({"done": true});
            assert!(script.put(&format!("{path}/{action}"), body).status < 300);
        }
    }
    (app, [shop, fair, note, practice])
}

/// Facts under which Japan's law asks for a final report by day 30.
fn leaked(app: &TestApp, id: &str, people: Value) {
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
        ("people_affected", people),
        ("protection", json!("not_protected")),
        ("our_role", json!("own_data")),
    ] {
        answer(app, id, key, value);
    }
}

fn moment(at: &str) -> Value {
    json!({"at": at, "said_by": "情報システム部"})
}

fn declare(app: &TestApp, body: Value) -> String {
    let made = app
        .script(Role::Commander)
        .post("/api/v1/incidents", body)
        .ok();
    made["id"].as_str().expect("an id").to_owned()
}

fn answer(app: &TestApp, incident: &str, key: &str, value: Value) {
    let path = format!("/api/v1/incidents/{incident}/facts/{key}");
    app.script(Role::Legal)
        .put(&path, json!({"known": value}))
        .ok();
}
