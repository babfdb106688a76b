//! The severity after ENISA and the data at risk: through the verbs, the API and the pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shodo::accounts::{Role, can};
use shodo::incidents::facts::{Answer as Fact, Count, FactKey, Value as FactValue};
use shodo::incidents::{Declaration, IncidentId};
use shodo::severity::{self, Answer, AnswerRecord, Level, Question};
use shodo::timeline::{self, Kind};

use crate::support::app::{Browser, PASSWORD, TestApp};

/// Answers that come to 3.25: financial data, by name, at one known recipient.
const SALARY_MAIL: [(&str, &str); 7] = [
    ("categories", "financial"),
    ("financial", "3"),
    ("identification", "maximum"),
    ("confidentiality", "known"),
    ("integrity", "none"),
    ("availability", "none"),
    ("malice", "no"),
];

#[test]
fn answers_are_kept_with_their_history_and_told_on_the_timeline() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let house = app.house();
    let commander = actor(&app, Role::Commander);
    let viewer = actor(&app, Role::Viewer);
    assert!(viewer.grant::<can::EditIncident>().is_err());
    let by = commander.grant::<can::EditIncident>().unwrap();
    let incident =
        run(house.declare(&commander.grant().unwrap(), declaration(), Vec::new())).unwrap();
    let id = incident.id;
    assert_eq!(assess(&app, &id).score, None);

    let answers = SALARY_MAIL.map(|(question, option)| (key(question), known(&[option])));
    run(house.answer_severity(&by, &id, answers.to_vec())).unwrap();
    let score = assess(&app, &id).score.unwrap();
    assert_eq!(score.se.to_string(), "3.25");
    assert_eq!(
        (score.lowest_level, score.highest_level),
        (Level::High, Level::High)
    );
    assert!(score.open.is_empty());

    // The same again is no news; another answer supersedes, and keeps the first.
    let again = vec![(Question::Malice, known(&["no"]))];
    run(house.answer_severity(&by, &id, again)).unwrap();
    app.clock_to("2026-11-20T01:00:00Z");
    let until = Some("2026-11-25".parse().unwrap());
    let unsure = vec![(Question::Malice, Answer::Unknown { until })];
    run(house.answer_severity(&by, &id, unsure)).unwrap();
    let history: Vec<_> = history(&app, &id)
        .into_iter()
        .filter(|record| record.question == Question::Malice)
        .collect();
    assert_eq!(history.len(), 2);
    assert_eq!(history[0].answer, known(&["no"]));
    assert_eq!(history[0].superseded_at, Some(history[1].recorded_at));
    assert_eq!(history[1].superseded_at, None);
    assert_eq!(&history[1].recorded_by, app.account(Role::Commander));
    let score = assess(&app, &id).score.unwrap();
    assert_eq!(score.se.to_string(), "3.25–3.75");
    assert_eq!(score.open, [Question::Malice]);

    // One entry for each change, in words.
    let entries = app
        .store()
        .read_blocking(|conn| timeline::of_kind(conn, id.as_str(), Kind::SeverityAnswered))
        .unwrap();
    assert_eq!(entries.len(), SALARY_MAIL.len() + 1);
    let last = entries.last().unwrap().details();
    assert_eq!(last["question_ja"], "悪意");
    assert_eq!(last["answer_ja"], "不明・確認中（2026-11-25に再確認）");

    // The flags come from the facts, and change no number.
    let legal = actor(&app, Role::Legal);
    for (fact, value) in [
        (
            FactKey::PeopleAffected,
            FactValue::Count(Count::Exactly(101)),
        ),
        (
            FactKey::Protection,
            FactValue::Choice("encrypted_key_safe".to_owned()),
        ),
    ] {
        let by = legal.grant().unwrap();
        let answer = Fact::Known(value);
        run(house.answer(&by, &id, fact, answer, None)).unwrap();
    }
    let assessed = assess(&app, &id);
    assert_eq!(assessed.score, Some(score));
    assert_eq!(assessed.flags.more_than_100_people, Some(true));
    assert_eq!(assessed.flags.unintelligible, Some(true));
}

#[test]
fn a_script_answers_all_or_nothing() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let commander = app.script(Role::Commander);
    let case = declared(&app);
    let path = format!("{case}/severity");
    let before = commander.get(&path).ok();
    assert_eq!(before["score"], Value::Null);
    assert_eq!(before["flags"]["unintelligible"], Value::Null);
    assert_eq!(before["questions"].as_array().unwrap().len(), 10);
    let caution = before["caution"]["en"].as_str().unwrap();
    assert!(caution.contains("Link4"), "{caution}");

    let wrong = json!({"malice": {"known": "no"}, "financial": {"known": "5"}, "mood": {}});
    let problem = commander.put(&path, wrong).problem("invalid-input");
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["financial.known", "mood"]);
    assert_eq!(commander.get(&path).ok()["score"], Value::Null);

    let mut body = json!({});
    for (question, option) in SALARY_MAIL {
        body[question] = json!({"known": option});
    }
    let after = commander.put(&path, body).ok();
    assert_eq!(after["score"]["se"]["lowest"], "3.25");
    assert_eq!(after["score"]["se"]["highest"], "3.25");
    assert_eq!(after["score"]["highest_level"], "high");
    let range = json!({"availability": {"unknown": {}}});
    let after = commander.put(&path, range).ok();
    assert_eq!(after["score"]["se"]["highest"], "3.75");
    assert_eq!(after["score"]["open"], json!(["availability"]));
    app.script(Role::Viewer)
        .put(&path, json!({}))
        .problem("forbidden");
}

#[test]
fn the_pages_ask_one_question_at_a_time_and_show_the_score() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let case = declared(&app);
    let base = format!("{}/people", case.trim_start_matches("/api/v1"));
    let commander = app.script(Role::Commander);
    let items = ["full_name", "age", "residence_area", "payment_card"];
    commander
        .put(&format!("{case}/facts/data_items"), json!({"known": items}))
        .ok();
    commander
        .upload(
            &format!("{case}/rosters"),
            &[("data_items", "payment_card")],
            "r.csv",
            b"name,email,minor\nA,a@example.jp,yes\nB,b@example.jp,no\n",
        )
        .ok();

    let mut browser = signed_in(&app, Role::Commander);
    let page = browser.open(&format!("{base}/data")).text();
    for words in [
        "リスクのあるデータ",
        "年齢・年代 + 居住地（都道府県・市区町村）",
        "規則7条2号",
        "一次資料で未確認",
        "未成年者の情報",
        "名簿に未成年者 1人",
        "2人",
        "Link4",
        "評価を始める",
    ] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    assert!(!page.contains("マイナンバー（特定個人情報）"), "not raised");

    let begin = browser.open(&format!("{base}/severity"));
    assert_eq!(begin.status, 303);
    assert_eq!(
        begin.header("location"),
        format!("{base}/severity/categories")
    );
    let page = browser.open(&format!("{base}/severity/categories")).text();
    for words in [
        "金銭のデータ",
        "収入、取引、口座の明細",
        "クレジットカード番号",
    ] {
        assert!(page.contains(words), "{words} is not on the page");
    }

    // Nothing chosen: the page again, with what is wrong.
    let nothing = browser.submit(&format!("{base}/severity/categories"), &[("go", "next")]);
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("回答してください"));

    let mut next = "categories".to_owned();
    let mut steps = 0;
    for (question, option) in SALARY_MAIL {
        assert_eq!(next, question);
        browser.open(&format!("{base}/severity/{question}"));
        let fields = [("value", option), ("go", "next")];
        let answered = browser.submit(&format!("{base}/severity/{question}"), &fields);
        assert_eq!(answered.status, 303, "{question}");
        let to = answered.header("location");
        steps += 1;
        if steps == SALARY_MAIL.len() {
            assert_eq!(to, format!("{base}/data#severity"));
        } else {
            next = to.rsplit('/').next().unwrap().to_owned();
        }
    }
    let page = browser.open(&format!("{base}/data")).text();
    assert!(page.contains("3.25") && page.contains("3以上4未満"));
    assert!(page.contains("回答を変える"));
    let page = browser
        .open(&format!("{base}/severity/identification"))
        .text();
    assert!(page.contains("小さな市町村で、同姓同名がほとんどいない"));
    assert!(page.contains("現在の回答"), "the history is shown");

    // Not knowing makes a range; another category that is not chosen does not count.
    browser.open(&format!("{base}/severity/malice"));
    let unsure = [
        ("value", "unknown"),
        ("until", "2026-11-25"),
        ("go", "result"),
    ];
    let answered = browser.submit(&format!("{base}/severity/malice"), &unsure);
    assert_eq!(answered.header("location"), format!("{base}/data#severity"));
    assert!(
        browser
            .open(&format!("{base}/data"))
            .text()
            .contains("3.25–3.75")
    );
    let other = browser.open(&format!("{base}/severity/sensitive")).text();
    assert!(other.contains("点数に入りません"));
    assert_eq!(browser.open(&format!("{base}/severity/mood")).status, 404);

    // Who may only look sees the criteria, and no form.
    let mut viewer = signed_in(&app, Role::Viewer);
    let page = viewer.open(&format!("{base}/severity/malice")).text();
    assert!(page.contains("不正アクセス、盗み") && !page.contains("保存して次へ"));
}

fn run<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

fn actor(app: &TestApp, role: Role) -> shodo::accounts::Actor {
    let id = app.account(role).clone();
    app.store()
        .read_blocking(|conn| shodo::accounts::get(conn, &id))
        .unwrap()
        .actor()
}

fn declaration() -> Declaration {
    Declaration {
        title: "給与明細の誤送信".to_owned(),
        kind: None,
        pattern: None,
        severity: None,
        practice: false,
    }
}

fn declared(app: &TestApp) -> String {
    let commander = app.script(Role::Commander);
    let incident = commander
        .post("/api/v1/incidents", json!({"title": "給与明細の誤送信"}))
        .ok();
    format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap())
}

fn signed_in(app: &TestApp, role: Role) -> Browser {
    let mut browser = app.browser();
    browser.open("/sign-in");
    let fields = [("email", app.email(role)), ("password", PASSWORD)];
    assert_eq!(browser.submit("/sign-in", &fields).status, 303);
    browser
}

fn key(text: &str) -> Question {
    text.parse().unwrap()
}

fn known(options: &[&str]) -> Answer {
    let options: BTreeSet<_> = options.iter().map(|option| (*option).to_owned()).collect();
    Answer::Known(options)
}

fn assess(app: &TestApp, id: &IncidentId) -> severity::Assessment {
    app.store()
        .read_blocking(|conn| severity::assess(conn, id))
        .unwrap()
}

fn history(app: &TestApp, id: &IncidentId) -> Vec<AnswerRecord> {
    app.store()
        .read_blocking(|conn| severity::answers(conn, id))
        .unwrap()
}
