//! Reminders of coming and passed deadlines: once each, also after the server was down.

use serde_json::json;
use shodo::accounts::Role;
use shodo::timeline::{self, Kind};

use crate::support::app::TestApp;

/// Administrator, commander and legal record filings, so these three are told.
const TOLD: usize = 3;

#[test]
fn a_deadline_is_told_once_at_each_threshold_and_once_after_downtime() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let legal = app.script(Role::Legal);
    let incident = app
        .script(Role::Commander)
        .post(
            "/api/v1/incidents",
            json!({
                "title": "会員サイトへの不正アクセス",
                "clock_starts": {"any_department_knew": {"at": "2026-11-20T09:20:00+09:00", "said_by": "情報システム部"}},
            }),
        )
        .ok();
    let id = incident["id"].as_str().expect("an id").to_owned();
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
        ("people_affected", json!({"exactly": 1_001})),
        ("protection", json!("not_protected")),
        ("our_role", json!("own_data")),
    ] {
        legal
            .put(
                &format!("/api/v1/incidents/{id}/facts/{key}"),
                json!({"known": value}),
            )
            .ok();
    }

    // The final report is due on day 30, 19 December: a Saturday, so Monday the 21st (Rules art. 8(2)).
    assert_eq!(
        remind(&app, "2026-12-18T20:00:00+09:00"),
        0,
        "three days and more before"
    );
    assert_eq!(
        remind(&app, "2026-12-19T08:00:00+09:00"),
        TOLD,
        "72 hours before"
    );
    assert_eq!(remind(&app, "2026-12-19T08:00:20+09:00"), 0, "told already");

    // Down over 24, 6 and 1 hours and over the deadline: one mail each on return, not four.
    assert_eq!(
        remind(&app, "2026-12-22T09:00:00+09:00"),
        TOLD,
        "the deadline has passed"
    );
    assert_eq!(remind(&app, "2026-12-22T09:00:20+09:00"), 0, "told already");

    let told = app
        .store()
        .read_blocking(|conn| timeline::of_kind(conn, &id, Kind::ReminderSent))
        .expect("entries");
    let thresholds: Vec<_> = told
        .iter()
        .map(|entry| entry.details()["threshold_hours"].clone())
        .collect();
    assert_eq!(thresholds, [json!(72), json!(0)]);

    // A filing stops the clock.
    legal
        .post(
            &format!("/api/v1/incidents/{id}/filings"),
            json!({"duty_id": "jp-appi/final-report", "filed_at": "2026-12-22T09:30:00+09:00"}),
        )
        .problem("invalid-input");
    app.clock_to("2026-12-22T10:00:00+09:00");
    legal
        .post(
            &format!("/api/v1/incidents/{id}/filings"),
            json!({"duty_id": "jp-appi/final-report", "filed_at": "2026-12-22T09:30:00+09:00", "receipt": "R-1"}),
        )
        .ok();
    let duties = legal.get(&format!("/api/v1/incidents/{id}/duties")).ok();
    let last = duties["duties"]
        .as_array()
        .expect("duties")
        .iter()
        .find(|duty| duty["obligation"]["duty_id"] == "jp-appi/final-report")
        .expect("the final report");
    assert_eq!(last["state"], "met-late");
    assert_eq!(remind(&app, "2027-01-20T09:00:00+09:00"), 0);
}

/// Moves the clock, lets the job run, and counts the mails it queued.
fn remind(app: &TestApp, at: &str) -> usize {
    app.clock_to(at);
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(app.house().remind())
        .expect("the job runs")
}
