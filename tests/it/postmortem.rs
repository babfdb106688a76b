//! The post-mortem: sections with versions and conflicts, proposals from the case, whys, factors, measures.

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Reply, TestApp};

const NOW: &str = "2026-11-20T00:30:00Z";

/// A server with a case in it.
struct Room {
    app: TestApp,
    /// The case's number in addresses of pages.
    id: String,
    /// Its address for scripts.
    case: String,
}

impl Room {
    fn new() -> Self {
        let app = TestApp::start(NOW);
        let declared = app
            .script(Role::Commander)
            .post("/api/v1/incidents", json!({"title": "名簿の誤送信"}))
            .ok();
        let id = declared["id"].as_str().expect("an id").to_owned();
        let case = format!("/api/v1/incidents/{id}");
        Self { app, id, case }
    }

    fn answer(&self, key: &str, value: Value) {
        self.app
            .script(Role::Commander)
            .put(
                &format!("{}/facts/{key}", self.case),
                json!({"known": value}),
            )
            .ok();
    }

    fn write(&self, role: Role, section: &str, body: &Value) -> Reply {
        let path = format!("{}/review/{section}", self.case);
        self.app.script(role).put(&path, body.clone())
    }

    fn sections(&self) -> Value {
        let viewer = self.app.script(Role::Viewer);
        viewer.get(&format!("{}/review", self.case)).ok()["sections"].clone()
    }

    fn section(&self, key: &str) -> Value {
        let all = self.sections();
        let found = all.as_array().expect("sections").iter();
        let mut found = found.filter(|one| one["section"] == key);
        found.next().expect("the section").clone()
    }

    fn versions(&self, section: &str) -> Vec<i64> {
        let viewer = self.app.script(Role::Viewer);
        let path = format!("{}/review/{section}/versions", self.case);
        let versions = viewer.get(&path).ok();
        let versions = versions.as_array().expect("versions").iter();
        versions
            .map(|version| version["version"].as_i64().expect("a number"))
            .collect()
    }

    fn changes_told(&self) -> usize {
        let viewer = self.app.script(Role::Viewer);
        let timeline = viewer
            .get(&format!("{}/timeline?limit=1000", self.case))
            .ok();
        let entries = timeline.as_array().expect("entries").iter();
        entries
            .filter(|entry| entry["kind"] == "review.changed")
            .count()
    }

    fn report(&self) -> String {
        let path = format!("{}/report?format=md&locale=ja", self.case);
        let report = self.app.script(Role::Commander).get(&path);
        assert_eq!(report.status, 200, "{}", report.text());
        report.text()
    }
}

fn text(body: &str, version: i64) -> Value {
    json!({"body": body, "version": version})
}

#[test]
fn each_save_is_a_version_and_nobody_overwrites_what_they_did_not_see() {
    let room = Room::new();
    let saved = room
        .write(Role::Commander, "impact", &text("最初の文", 0))
        .ok();
    assert_eq!(saved["version"], 1);
    // Somebody else, who read nothing yet, must not replace it.
    room.write(Role::Legal, "impact", &text("別の文", 0))
        .problem("edit-conflict");
    assert_eq!(room.section("impact")["content"]["text"], "最初の文");
    let saved = room.write(Role::Legal, "impact", &text("別の文", 1)).ok();
    assert_eq!(saved["version"], 2);
    assert_eq!(room.versions("impact"), [2, 1]);
    // The same text again is no version.
    room.write(Role::Legal, "impact", &text("別の文\r\n", 2))
        .ok();
    assert_eq!(room.versions("impact"), [2, 1]);
    assert_eq!(room.changes_told(), 2);
    // Other sections have versions of their own.
    assert_eq!(room.section("luck")["version"], 0);

    // Who may only look, looks.
    room.write(Role::Viewer, "impact", &text("x", 2))
        .problem("forbidden");
    let long = "あ".repeat(20_001);
    let refused = room.write(Role::Legal, "impact", &text(&long, 2));
    assert_eq!(
        refused.problem("invalid-input")["errors"][0]["field"],
        "body"
    );
    let at_the_limit = "あ".repeat(20_000);
    room.write(Role::Legal, "impact", &text(&at_the_limit, 2))
        .ok();
}

#[test]
fn automatic_saves_of_one_person_are_one_version_for_ten_minutes() {
    let room = Room::new();
    let save = |role, body: &str, version: i64| {
        let body = json!({"body": body, "version": version, "automatic": true});
        room.write(role, "summary", &body)
    };
    assert_eq!(save(Role::Commander, "あ", 0).ok()["version"], 1);
    room.app.clock_to("2026-11-20T00:35:00Z");
    assert_eq!(save(Role::Commander, "あい", 1).ok()["version"], 2);
    assert_eq!(room.versions("summary"), [2]);
    assert_eq!(room.changes_told(), 1, "one entry, not one a save");
    // Whoever read the text before the second save is told that it is not the newest.
    save(Role::Legal, "う", 1).problem("edit-conflict");
    // Somebody else's is a version of its own.
    assert_eq!(save(Role::Legal, "あいう", 2).ok()["version"], 3);
    assert_eq!(room.versions("summary"), [3, 2]);
    // Ten minutes after it was begun, a version has ended.
    room.app.clock_to("2026-11-20T00:44:59Z");
    assert_eq!(save(Role::Legal, "あいうえ", 3).ok()["version"], 4);
    room.app.clock_to("2026-11-20T00:45:00Z");
    assert_eq!(save(Role::Legal, "あいうえお", 4).ok()["version"], 5);
    assert_eq!(room.versions("summary"), [5, 4, 2]);
    // What is saved by hand ends it at once, even unchanged.
    room.write(Role::Legal, "summary", &text("あいうえお", 5))
        .ok();
    assert_eq!(save(Role::Legal, "か", 6).ok()["version"], 7);
    assert_eq!(room.versions("summary"), [7, 6, 4, 2]);
    assert_eq!(room.changes_told(), 4);
}

#[test]
fn whys_factors_and_measures_reach_the_report() {
    let room = Room::new();
    let whys = json!({"content": {"whys": [
        {"question": "なぜ公開されたか", "answer": "初期設定のままだった"},
        {"question": "", "answer": ""},
        {"question": "", "answer": "確認の手順がなかった"},
    ]}, "version": 0});
    room.write(Role::Commander, "whys", &whys).ok();
    let kept = room.section("whys")["content"]["whys"].clone();
    assert_eq!(kept.as_array().map(Vec::len), Some(2), "{kept}");
    let factors = json!({"content": {"factors": [
        {"category": "supplier", "text": "委託先の点検が止まっていた"},
    ]}, "version": 0});
    room.write(Role::Commander, "factors", &factors).ok();
    let measures = json!({"content": {"measures": [
        {"measure": "training", "posture": "missing", "finding": "2年間、実施していない"},
        {"measure": "two-step", "posture": "in-place", "finding": ""},
    ]}, "version": 0});
    room.write(Role::Commander, "measures", &measures).ok();
    room.write(Role::Commander, "communication", &text("電話で伝えた。", 0))
        .ok();

    let report = room.report();
    for part in [
        "なぜ公開されたか",
        "確認の手順がなかった",
        "委託先の点検が止まっていた",
        "2年間、実施していない",
        "電話で伝えた。",
    ] {
        assert!(report.contains(part), "{part} is missing in:\n{report}");
    }
    let line = |name: &str| {
        let mut lines = report.lines().filter(|line| line.contains(name));
        lines.next().expect("the measure").to_owned()
    };
    assert!(line("従業員への研修").contains("未実施"), "{report}");
    assert!(line("2段階認証").contains("実施済み"), "{report}");
    assert!(line("担当者は必要最小限").contains("未確認"), "{report}");

    // Rows go into their own section alone, and each measure once.
    room.write(Role::Commander, "luck", &factors)
        .problem("invalid-input");
    let twice = json!({"content": {"measures": [
        {"measure": "training", "posture": "missing", "finding": ""},
        {"measure": "training", "posture": "partial", "finding": ""},
    ]}, "version": 1});
    room.write(Role::Commander, "measures", &twice)
        .problem("invalid-input");
}

#[test]
fn a_section_that_nobody_wrote_shows_what_the_case_tells() {
    let room = Room::new();
    room.answer("cause", json!({"ja": "宛先の設定を誤った。", "en": ""}));
    room.answer("people_affected", json!({"exactly": 1234}));
    let cause = room.section("root-cause");
    assert_eq!(cause["told"]["text"], "宛先の設定を誤った。");
    assert_eq!(cause["told"]["worth"], "fact");
    assert_eq!(cause["version"], 0, "a proposal is not saved");
    let impact = room.section("impact");
    let proposed = impact["told"]["text"].as_str().expect("a text");
    assert!(
        proposed.contains("1,234人") && proposed.contains("損害賠償"),
        "{proposed}"
    );
    let minimisation = room.section("minimisation");
    assert_eq!(minimisation["told"]["worth"], "question");
    assert_eq!(room.section("obligations")["told"]["worth"], "record");
    // What asks questions never stands in a report.
    let report = room.report();
    assert!(report.contains("宛先の設定を誤った。"));
    assert!(!report.contains("補償や見舞い"), "{report}");

    // In the reader's language.
    let viewer = room.app.script(Role::Viewer);
    let english = viewer
        .get(&format!("{}/review?locale=en", room.case))
        .ok()
        .to_string();
    assert!(english.contains("1,234 people are affected."), "{english}");

    // Taken over from the page, it is a version like any other.
    let mut browser = room.app.signed_in(Role::Commander);
    let at = format!("/incidents/{}/review?section=root-cause", room.id);
    let page = browser.open(&at).text();
    assert!(page.contains("案件からの文案") && page.contains("宛先の設定を誤った。"));
    let take = format!("/incidents/{}/review/take", room.id);
    let taken = browser.submit(&take, &[("section", "root-cause"), ("version", "0")]);
    assert_eq!((taken.status, taken.header("location")), (303, at.as_str()));
    assert_eq!(room.section("root-cause")["version"], 1);
    assert!(!browser.open(&at).text().contains("案件からの文案"));
}

#[test]
fn the_page_previews_hostile_text_shows_conflicts_and_goes_back() {
    let room = Room::new();
    let base = format!("/incidents/{}/review", room.id);
    let at = format!("{base}?section=luck");
    let mut browser = room.app.signed_in(Role::Commander);
    browser.open(&at);
    let fields = |body, version| [("section", "luck"), ("version", version), ("body", body)];

    let hostile = "# 見出し\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://a.example/p.png)";
    let shown = browser.submit(&format!("{base}/preview"), &fields(hostile, "0"));
    assert_eq!(shown.status, 200);
    let page = shown.text();
    let region = page.split("id=\"preview\"").nth(1).expect("a preview");
    let region = region.split("</div>").next().expect("its end");
    assert!(region.contains("<h4>見出し</h4>"), "{region}");
    for part in ["<script", "href=", "<img"] {
        assert!(!region.contains(part), "{part} in {region}");
    }
    assert_eq!(
        room.section("luck")["version"],
        0,
        "a preview keeps nothing"
    );

    let saved = browser.submit(&base, &fields("月曜だった", "0"));
    assert_eq!((saved.status, saved.header("location")), (303, at.as_str()));
    let mut other = room.app.signed_in(Role::Legal);
    other.open(&at);
    let conflict = other.submit(&base, &fields("火曜だった", "0"));
    assert_eq!(conflict.status, 409);
    let page = conflict.text();
    assert!(page.contains(">月曜だった</p>") && page.contains(">火曜だった</textarea>"));
    assert!(page.contains("<ins>火</ins>") && page.contains("<del>月</del>"));
    assert!(page.contains("name=\"version\" value=\"1\""));
    assert_eq!(other.submit(&base, &fields("火曜だった", "1")).status, 303);

    // Versions, what one changed, and back to the first.
    let page = browser.open(&format!("{at}&version=2")).text();
    assert!(page.contains("第2版の変更点") && page.contains("<ins>火</ins>"));
    let back = [("section", "luck"), ("version", "2"), ("number", "1")];
    assert_eq!(
        browser.submit(&format!("{base}/restore"), &back).status,
        303
    );
    assert_eq!(room.section("luck")["content"]["text"], "月曜だった");
    assert_eq!(room.versions("luck"), [3, 2, 1]);

    // Rows are fields of their own, and what is wrong stands beside its field.
    let long = "a".repeat(2_001);
    let mut rows = vec![("section", "whys"), ("version", "0")];
    rows.extend([("answer-1", "初期設定のまま"), ("answer-2", long.as_str())]);
    let refused = browser.submit(&base, &rows);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(page.contains("id=\"answer-2-error\"") && page.contains(">初期設定のまま</textarea>"));
    if let Some(last) = rows.last_mut() {
        last.1 = "手順がない";
    }
    assert_eq!(browser.submit(&base, &rows).status, 303);
    assert_eq!(
        room.section("whys")["content"]["whys"][1]["answer"],
        "手順がない"
    );

    // Who may only look sees the text and no form for it.
    let mut viewer = room.app.signed_in(Role::Viewer);
    let page = viewer.open(&at).text();
    assert!(page.contains("月曜だった") && !page.contains("section-editor"));
    let refused = viewer.submit(&base, &fields("x", "3"));
    assert_eq!(refused.status, 403);
}

#[test]
fn the_post_mortem_stays_open_after_closing_and_a_purge_keeps_it() {
    let room = Room::new();
    room.write(Role::Commander, "went-well", &text("早く気付いた。", 0))
        .ok();
    let commander = room.app.script(Role::Commander);
    let now = commander.get(&room.case).ok();
    commander
        .put(
            &format!("{}/state", room.case),
            json!({"state": "closed", "version": now["version"]}),
        )
        .ok();
    room.write(
        Role::Commander,
        "went-well",
        &text("早く気付き、止めた。", 1),
    )
    .ok();
    let rule = json!({"keep_until": "2026-11-20", "basis": "社内規程"});
    commander
        .put(&format!("{}/retention", room.case), rule)
        .ok();
    room.app
        .script(Role::Administrator)
        .post(
            &format!("{}/purge", room.case),
            json!({"confirmed": now["number"]}),
        )
        .ok();
    assert_eq!(
        room.section("went-well")["content"]["text"],
        "早く気付き、止めた。"
    );
}

#[test]
fn what_is_typed_is_saved_and_a_conflict_stops_it() {
    let room = Room::new();
    let base = format!("/incidents/{}/review", room.id);
    let fields = |body, version| [("section", "luck"), ("version", version), ("body", body)];
    let mut browser = room.app.signed_in(Role::Commander);
    let page = browser.open(&format!("{base}?section=luck")).text();
    assert!(page.contains(&format!("data-autosave=\"{base}/autosave\"")));
    let autosave = format!("{base}/autosave");
    let saved = browser.submit(&autosave, &fields("月", "0"));
    assert_eq!(
        (saved.status, saved.text().as_str()),
        (200, "{\"version\":1}")
    );
    browser.open(&format!("{base}?section=luck"));
    let saved = browser.submit(&autosave, &fields("月曜", "1"));
    assert_eq!(saved.text(), "{\"version\":2}");
    // One version while somebody types.
    assert_eq!(room.versions("luck"), [2]);
    let mut other = room.app.signed_in(Role::Legal);
    other.open(&format!("{base}?section=luck"));
    assert_eq!(other.submit(&autosave, &fields("火曜", "1")).status, 409);
    assert_eq!(room.section("luck")["content"]["text"], "月曜");
    let mut viewer = room.app.signed_in(Role::Viewer);
    viewer.open("/account");
    assert_eq!(viewer.submit(&autosave, &fields("x", "2")).status, 403);
}
