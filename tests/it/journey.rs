//! The whole walk, told once: from the first word about an attack to the exported account.
//!
//! Real people of a team act through the interface for scripts, each with a token
//! of their own; sign-in goes through the pages. Mail goes to a real SMTP server.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::timeline::{self, Entry};

use crate::support::app::{PASSWORD, Reply, TestApp};

/// Six rows: four people, one of them without a usable address; one person twice; one row cut short.
const ROSTER: &str = "\
氏名,フリガナ,メールアドレス,電話番号,会員番号,言語,国,生年月日,好きな色
山田 花子,ヤマダ ハナコ,hanako@example.jp,090-0000-0001,C-001,日本語,日本,1985-04-01,青
Anna Schmidt,,anna@example.com,,C-002,en,ドイツ,1990-02-03,
佐藤 健,サトウ ケン,ken.example.jp,090-0000-0003,C-003,ja,JP,2012-05-05,
山田 花子,ヤマダ ハナコ,hanako@example.jp,090-0000-0001,C-001,日本語,日本,1985-04-01,赤
鈴木 一郎,ichiro@example.jp
高橋 さくら,タカハシ サクラ,sakura@example.jp,,C-004,ja,JP,,
";

#[test]
fn from_the_first_word_to_the_exported_account() {
    // Friday morning in Tokyo.
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let [admin, commander, legal, responder, approver, viewer] = [
        Role::Administrator,
        Role::Commander,
        Role::Legal,
        Role::Responder,
        Role::Approver,
        Role::Viewer,
    ]
    .map(|role| app.script(role));

    // The organisation that notices will name.
    viewer.get("/api/v1/organisation").problem("not-found");
    let refused = admin.put("/api/v1/organisation", json!({"name_ja": "見本商店"}));
    assert_eq!(fields(&refused), ["desk_name_ja", "desk_phone"]);
    let organisation = json!({
        "name_ja": "株式会社見本商店", "name_en": "Mihon Shop Inc.",
        "representative": "代表 太一", "address": "東京都千代田区見本1-1",
        "desk_name_ja": "お客様情報保護窓口", "desk_name_en": "Privacy Desk",
        "desk_phone": "03-0000-0000", "desk_email": "privacy@shop.example.jp",
    });
    commander
        .put("/api/v1/organisation", organisation.clone())
        .problem("forbidden");
    let saved = admin.put("/api/v1/organisation", organisation).ok();
    assert_eq!(saved["name_en"], "Mihon Shop Inc.");

    // Declare: the monitoring service wrote at 09:14, and the commander takes command.
    viewer
        .post("/api/v1/incidents", json!({"title": "?"}))
        .problem("forbidden");
    let incident = commander
        .post(
            "/api/v1/incidents",
            json!({
                "title": "会員サイトへの不正アクセス",
                "pattern": "cyberattack",
                "clock_starts": {
                    "detected": {"at": "2026-11-20T09:14:00+09:00", "said_by": "監視サービス"},
                    "any_department_knew": {"at": "2026-11-20T09:20:00+09:00", "said_by": "情報システム部"},
                },
            }),
        )
        .ok();
    assert_eq!(incident["number"], "INC-2026-0001");
    assert_eq!(incident["kind"], "leak");
    assert_eq!(
        incident["commander_id"],
        json!(app.account(Role::Commander).as_str())
    );
    let case = format!(
        "/api/v1/incidents/{}",
        incident["id"].as_str().expect("an id")
    );

    // Guide: the playbook of the pattern, with steps that finish by themselves and steps that people move.
    let playbook = viewer.get(&format!("{case}/steps")).ok();
    assert_eq!(playbook["id"], "leak-cyberattack");
    let steps = playbook["steps"].as_array().expect("steps");
    let own_words = |step: &&Value| !step["title"]["ja"].as_str().unwrap_or_default().is_empty();
    assert_eq!(steps.iter().filter(own_words).count(), steps.len());
    assert!(steps.iter().any(|step| step["state"] == "done"));
    let todo = steps
        .iter()
        .find(|step| step["state"] == "todo" && step["completes_on"].is_null())
        .expect("a step for people");
    let step = format!("{case}/steps/{}", todo["id"].as_str().expect("an id"));
    let assigned = commander
        .put(
            &format!("{step}/assignee"),
            json!({"account_id": app.account(Role::Responder).as_str()}),
        )
        .ok();
    let started = responder
        .post(
            &format!("{step}/moves"),
            json!({"move": "start", "version": assigned["version"]}),
        )
        .ok();
    assert_eq!(started["state"], "doing");
    responder
        .post(
            &format!("{step}/moves"),
            json!({"move": "finish", "version": assigned["version"]}),
        )
        .problem("edit-conflict");
    let unreasoned = responder.post(
        &format!("{step}/moves"),
        json!({"move": "skip", "version": started["version"]}),
    );
    assert_eq!(fields(&unreasoned), ["reason"]);
    let finished = responder
        .post(
            &format!("{step}/moves"),
            json!({"move": "finish", "version": started["version"]}),
        )
        .ok();
    assert_eq!(finished["state"], "done");

    // Facts: before anything is known the law is undecided and says what to ask.
    let duty = |id: &str| -> Value {
        let duties = viewer.get(&format!("{case}/duties")).ok();
        let all = duties["duties"].as_array().expect("duties").clone();
        all.into_iter()
            .find(|duty| duty["obligation"]["duty_id"] == id)
            .unwrap_or_else(|| panic!("no duty {id}"))
    };
    assert_eq!(duty("jp-appi/preliminary-report")["state"], "undecided");
    let duties = viewer.get(&format!("{case}/duties")).ok();
    assert!(
        !duties["next_questions"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
    let wrong = responder.put(
        &format!("{case}/facts/people_affected"),
        json!({"known": {"about": 4}}),
    );
    assert_eq!(fields(&wrong), ["known.about"]);
    viewer
        .put(&format!("{case}/facts/cause"), json!({"unknown": {}}))
        .problem("forbidden");
    let answer = |key: &str, value: Value| {
        responder
            .put(&format!("{case}/facts/{key}"), json!({"known": value}))
            .ok();
    };
    answer("personal_data_involved", json!(true));
    answer("breach_nature", json!(["leak"]));
    answer("our_role", json!("own_data"));
    answer("sector", json!("not_delegated"));
    answer("protection", json!("not_protected"));
    answer("special_care_data", json!(false));
    answer("improper_purpose", json!(true));
    answer("act_against_business", json!(true));
    answer("people_affected", json!({"at_most": 1200}));
    answer(
        "data_items",
        json!(["full_name", "email_address", "phone_number"]),
    );
    answer("residence", json!({"JP": null, "DE": null}));
    responder
        .put(
            &format!("{case}/facts/cause"),
            json!({"unknown": {"until": "2026-11-24"}}),
        )
        .ok();

    // Roster: sealed, imported whole, every problem kept.
    app.clock_to("2026-11-20T01:00:00Z");
    let roster = responder
        .upload(
            &format!("{case}/rosters"),
            &[
                ("source_system", "会員管理システム"),
                ("data_items", "full_name"),
                ("data_items", "email_address"),
            ],
            "会員名簿.csv",
            ROSTER.as_bytes(),
        )
        .ok();
    assert_eq!(
        [
            &roster["rows"],
            &roster["people_added"],
            &roster["duplicates"]
        ],
        [&json!(6), &json!(4), &json!(1)]
    );
    let problems = viewer
        .get(&format!(
            "{case}/rosters/{}/problems",
            roster["id"].as_str().expect("an id")
        ))
        .ok();
    let told: Vec<_> = problems
        .as_array()
        .expect("problems")
        .iter()
        .map(|problem| {
            (
                problem["row"].as_i64().expect("a row"),
                text(&problem["reason"]),
            )
        })
        .collect();
    for expected in [
        (1, "column-not-kept"),
        (4, "invalid-email"),
        (5, "duplicate-in-file"),
        (6, "wrong-column-count"),
    ] {
        assert!(
            told.iter()
                .any(|told| (told.0, told.1.as_str()) == expected),
            "{expected:?} in {told:?}"
        );
    }
    let counts = viewer.get(&format!("{case}/people/counts")).ok();
    assert_eq!(
        [&counts["people"], &counts["with_email"], &counts["minors"]],
        [&json!(4), &json!(3), &json!(1)]
    );
    let people = viewer
        .get(&format!("{case}/people?limit=10"))
        .ok()
        .to_string();
    for secret in ["花子", "hanako@", "schmidt", "0000-0001"] {
        assert!(
            !people.to_lowercase().contains(secret),
            "{secret} in {people}"
        );
    }
    let evidence = viewer.get(&format!("{case}/evidence")).ok();
    assert_eq!(evidence[0]["name"], "会員名簿.csv");
    let content = format!(
        "{case}/evidence/{}/content",
        evidence[0]["id"].as_str().expect("an id")
    );
    viewer.get(&content).problem("forbidden");
    assert_eq!(responder.get(&content).bytes, ROSTER.as_bytes());
    // Nothing plain is left behind, neither of the upload nor of the sealed file.
    for file in files_under(&app.data_dir()) {
        let bytes = std::fs::read(&file).expect("a readable file");
        assert!(
            !contains(&bytes, b"hanako@example.jp"),
            "{}",
            file.display()
        );
    }

    // Duties: an attack with an improper purpose gives 60 days; day 1 is the day of knowing.
    answer("people_affected", json!({"exactly": 4}));
    let preliminary = duty("jp-appi/preliminary-report");
    assert_eq!(preliminary["state"], "open");
    let due = |duty: &Value, clock: &str| -> Value {
        let dues = duty["dues"].as_array().expect("dues");
        dues.iter()
            .find(|due| due["clock"] == clock)
            .unwrap_or_else(|| panic!("no clock {clock} in {dues:?}"))
            .clone()
    };
    assert_eq!(due(&preliminary, "day-3")["at"]["day"], "2026-11-22");
    assert_eq!(due(&preliminary, "day-5")["at"]["day"], "2026-11-24");
    assert_eq!(due(&preliminary, "day-5")["kind"], "target");
    let report = duty("jp-appi/final-report");
    assert_eq!(due(&report, "day-60")["at"]["day"], "2027-01-18");
    assert_eq!(duty("eu-gdpr/notify-authority")["state"], "undecided");
    commander
        .put(
            &format!("{case}/clock-starts/aware"),
            json!({"at": "2026-11-20T10:00:00+09:00", "zone": "Asia/Tokyo", "said_by": "指揮者"}),
        )
        .ok();
    legal
        .put(
            &format!("{case}/facts/gdpr_applies"),
            json!({"known": true}),
        )
        .ok();
    legal
        .put(
            &format!("{case}/facts/gdpr_risk"),
            json!({"known": "high_risk"}),
        )
        .ok();
    let authority = duty("eu-gdpr/notify-authority");
    assert_eq!(authority["state"], "open");
    assert_eq!(
        due(&authority, "hours-72")["instant"],
        "2026-11-23T01:00:00Z"
    );
    // The same facts without an incident give the same answer.
    let assessed = viewer
        .post(
            "/api/v1/assessments",
            json!({
                "facts": {
                    "personal_data_involved": {"known": true}, "breach_nature": {"known": ["leak"]},
                    "our_role": {"known": "own_data"}, "protection": {"known": "not_protected"},
                    "improper_purpose": {"known": true}, "act_against_business": {"known": true},
                },
                "clock_starts": {"any_department_knew": {"at": "2026-11-20T09:20:00+09:00"}},
            }),
        )
        .ok();
    assert!(
        assessed["dues"]
            .as_array()
            .expect("dues")
            .iter()
            .any(|due| due["clock"] == "day-60" && due["at"]["day"] == "2027-01-18")
    );

    // Draft: what is not known is marked, and an answer fills it.
    let drafted = legal
        .post(
            &format!("{case}/notices"),
            json!({"kind": "ppc_preliminary"}),
        )
        .ok();
    let first = &drafted["versions"][0];
    assert!(
        strings(&first["gaps"]).contains(&"cause".to_owned()),
        "{first}"
    );
    let cause = text(&first["content"]["cause"]["ja"]);
    assert!(
        cause.contains("【確認中") && cause.contains("11月24日"),
        "{cause}"
    );
    app.clock_to("2026-11-22T04:00:00Z");
    for (key, ja, en) in [
        (
            "overview",
            "会員サイトに不正アクセスがあり、会員情報が持ち出されました。",
            "Someone broke into the member site and took member data.",
        ),
        (
            "cause",
            "未修正の脆弱性が悪用されました。",
            "An unpatched weakness was used.",
        ),
        (
            "secondary_damage",
            "現時点で確認されていません。",
            "None is known so far.",
        ),
        (
            "containment",
            "サイトを停止し、経路を遮断しました。",
            "We took the site down and closed the way in.",
        ),
        (
            "advice_to_people",
            "ほかのサービスで同じパスワードをお使いの場合は変更してください。",
            "If you use the same password elsewhere, change it.",
        ),
        (
            "response_to_people",
            "個別にメールで連絡します。",
            "We will write to each person.",
        ),
        (
            "prevention",
            "脆弱性の監視を強化します。",
            "We will watch for weaknesses more closely.",
        ),
    ] {
        answer(key, json!({"ja": ja, "en": en}));
    }
    let drafted = legal
        .post(
            &format!("{case}/notices"),
            json!({"kind": "ppc_preliminary"}),
        )
        .ok();
    let filled = &drafted["versions"][0];
    assert!(!strings(&filled["gaps"]).contains(&"cause".to_owned()));
    assert!(text(&filled["content"]["cause"]["ja"]).contains("未修正の脆弱性"));

    // Edit, hand in: the author cannot approve, a viewer neither, and a stale version nobody.
    let filing = format!("{case}/notices/{}", drafted["id"].as_str().expect("an id"));
    let mut content = filled["content"].clone();
    content["other"] =
        json!({"ja": "警察に相談済みです。", "en": "The police have been consulted."});
    let edited = legal
        .put(&filing, json!({"content": content, "version": 1}))
        .ok();
    assert_eq!(edited["version"], 2);
    legal
        .put(&filing, json!({"content": content, "version": 1}))
        .problem("edit-conflict");
    content["remarks"] = json!({"ja": "?", "en": "?"});
    let no_part = legal.put(&filing, json!({"content": content, "version": 2}));
    assert_eq!(fields(&no_part), ["remarks"]);
    // What the checks warn of has to be answered, or it is not handed in.
    let unanswered = legal.post(&format!("{filing}/submission"), json!({"version": 2}));
    let found = legal.answer_warnings(&filing);
    let warned = found["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["weight"] == "warning")
        .count();
    if warned > 0 {
        assert_eq!(fields(&unanswered).len(), warned);
        legal
            .post(&format!("{filing}/submission"), json!({"version": 2}))
            .ok();
    }
    viewer
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .problem("forbidden");
    legal
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .problem("four-eyes");
    // The commander comes before the approver; the only lawyer wrote it.
    approver
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .problem("not-your-turn");
    let back = approver
        .post(
            &format!("{filing}/return"),
            json!({"version": 2, "reason": "件数を確認してください"}),
        )
        .ok();
    assert_eq!(back["state"], "draft");
    legal
        .post(&format!("{filing}/submission"), json!({"version": 2}))
        .ok();
    let half = commander
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .ok();
    assert_eq!(
        (&half["state"], &half["stage"]),
        (&json!("submitted"), &json!(1))
    );
    commander
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .problem("wrong-state");
    let approved = approver
        .post(&format!("{filing}/approval"), json!({"version": 2}))
        .ok();
    assert_eq!(approved["state"], "approved");
    // Twice handed in: the commander was told twice, the approver once, when it was their turn.
    let team = app.mails(3);
    let told = |role| {
        team.iter()
            .filter(|mail| mail.to == [app.email(role)])
            .collect::<Vec<_>>()
    };
    let to_approver = told(Role::Approver);
    assert_eq!((told(Role::Commander).len(), to_approver.len()), (2, 1));
    assert!(team.iter().all(|mail| mail.to != [app.email(Role::Legal)]));
    assert!(team.iter().all(|mail| mail.to != [app.email(Role::Viewer)]));
    assert!(to_approver[0].subject.contains("Your approval is needed"));

    // File: the clock stops.
    app.clock_to("2026-11-22T05:00:00Z");
    let ahead = legal.post(
        &format!("{case}/filings"),
        json!({"duty_id": "jp-appi/preliminary-report", "filed_at": "2026-11-23T00:00:00Z"}),
    );
    assert_eq!(fields(&ahead), ["filed_at"]);
    let no_duty = legal.post(
        &format!("{case}/filings"),
        json!({"duty_id": "jp-appi/nothing", "filed_at": "2026-11-22T04:00:00Z"}),
    );
    assert_eq!(fields(&no_duty), ["duty_id"]);
    let other_duty = legal.post(
        &format!("{case}/filings"),
        json!({"duty_id": "jp-appi/final-report", "notice_id": drafted["id"], "filed_at": "2026-11-22T04:00:00Z"}),
    );
    assert_eq!(fields(&other_duty), ["notice_id"]);
    legal
        .post(
            &format!("{case}/filings"),
            json!({
                "duty_id": "jp-appi/preliminary-report", "notice_id": drafted["id"],
                "filed_at": "2026-11-22T13:55:00+09:00", "receipt": "R8-0001",
            }),
        )
        .ok();
    let met = duty("jp-appi/preliminary-report");
    assert_eq!(
        (text(&met["state"]), text(&met["receipt"])),
        ("met".to_owned(), "R8-0001".to_owned())
    );

    // Tell the people: drafted, approved by a second person, sent to the right number.
    let mail = responder
        .post(
            &format!("{case}/notices"),
            json!({"kind": "customer_email"}),
        )
        .ok();
    let notice = format!("{case}/notices/{}", mail["id"].as_str().expect("an id"));
    let mut content = mail["versions"][0]["content"].clone();
    if !mail["versions"][0]["gaps"]
        .as_array()
        .expect("gaps")
        .is_empty()
    {
        let refused = responder.post(&format!("{notice}/submission"), json!({"version": 1}));
        refused.problem("invalid-input");
    }
    content["body"] = json!({
        "ja": "{{salutation}}\n\n会員サイトへの不正アクセスにより、お客様の情報が持ち出されました。",
        "en": "{{salutation}}\n\nSomeone broke into our member site and took data about you.",
    });
    let edited = responder
        .put(&notice, json!({"content": content, "version": 1}))
        .ok();
    let seen = json!({"version": edited["version"]});
    commander
        .post(&format!("{notice}/dispatch"), json!({"confirmed": 3}))
        .problem("wrong-state");
    assert_eq!(
        app.approve(Role::Responder, &notice, &seen["version"])["state"],
        "approved"
    );
    legal
        .post(&format!("{notice}/dispatch"), json!({"confirmed": 3}))
        .problem("forbidden");
    let miscounted = commander.post(&format!("{notice}/dispatch"), json!({"confirmed": 4}));
    assert_eq!(fields(&miscounted), ["confirmed"]);
    let before = app.mails(1).len();
    let dispatch = commander
        .post(&format!("{notice}/dispatch"), json!({"confirmed": 3}))
        .ok();
    assert_eq!(
        [&dispatch["audience"], &dispatch["unreachable"]],
        [&json!(3), &json!(1)]
    );
    commander
        .post(&format!("{notice}/dispatch"), json!({"confirmed": 3}))
        .problem("wrong-state");

    // Delivered: one mail for each reachable person, each in their language, none twice.
    let taken = app.mails(before + 3);
    let mut to_people: Vec<_> = taken
        .iter()
        .filter(|mail| !mail.to[0].ends_with("@shop.example.jp"))
        .map(|mail| {
            assert_eq!(mail.defects, Vec::<String>::new());
            (mail.to.join(","), mail.text.clone().unwrap_or_default())
        })
        .collect();
    to_people.sort();
    let recipients: Vec<_> = to_people.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(
        recipients,
        ["anna@example.com", "hanako@example.jp", "sakura@example.jp"]
    );
    assert!(to_people[0].1.contains("Anna Schmidt") && to_people[0].1.contains("Someone broke in"));
    assert!(to_people[1].1.contains("山田 花子") && to_people[1].1.contains("不正アクセス"));
    assert!(to_people[2].1.contains("高橋 さくら"));
    let deliveries = eventually(|| {
        let path = format!(
            "{case}/dispatches/{}/deliveries?state=sent",
            dispatch["id"].as_str().expect("an id")
        );
        let sent = viewer.get(&path).ok();
        (sent.as_array().expect("a list").len() == 3).then_some(sent)
    });
    assert!(!deliveries.to_string().contains("example"), "{deliveries}");
    let dispatches = viewer.get(&format!("{case}/dispatches")).ok();
    assert_eq!(dispatches[0]["counts"]["sent"], 3);
    assert_eq!(duty("jp-appi/notice-to-principals")["state"], "met");

    // The scheduler's own work: reminders of what is still open, and the end of the delivery.
    app.clock_to("2026-11-22T10:00:00Z");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    assert!(runtime.block_on(app.house().remind()).expect("reminders") > 0);
    assert_eq!(
        runtime.block_on(app.house().remind()).expect("reminders"),
        0
    );
    assert_eq!(
        runtime
            .block_on(app.house().conclude_deliveries())
            .expect("an end"),
        1
    );
    assert_eq!(
        runtime
            .block_on(app.house().conclude_deliveries())
            .expect("an end"),
        0
    );

    // Learn, decide, close.
    legal
        .post(
            &format!("{case}/notes"),
            json!({"text": "会員サイトを再開しない。", "decision": true}),
        )
        .ok();
    commander
        .put(
            &format!("{case}/review/went-well"),
            json!({"body": "監視が早く気付いた。", "version": 0}),
        )
        .ok();
    let action = commander
        .post(
            &format!("{case}/actions"),
            json!({"title": "修正の適用を自動化する", "owner": "情報システム部", "due_on": "2026-12-25"}),
        )
        .ok();
    commander
        .put(
            &format!("{case}/actions/{}", action["id"].as_str().expect("an id")),
            json!({"done": true}),
        )
        .ok();
    let now = viewer.get(&case).ok();
    commander
        .put(
            &format!("{case}/state"),
            json!({"state": "closed", "version": now["version"]}),
        )
        .ok();

    // Browser: a person signs in by the page and sees the start, not the form.
    let mut browser = app.browser();
    let turned_away = browser.open("/");
    assert_eq!(turned_away.status, 303);
    assert!(turned_away.header("location").starts_with("/sign-in"));
    assert_eq!(browser.open("/sign-in").status, 200);
    let email = app.email(Role::Commander).to_owned();
    let wrong = browser.submit(
        "/sign-in",
        &[("email", &email), ("password", "not the word at all")],
    );
    assert_eq!(wrong.status, 422);
    browser.open("/sign-in");
    let signed_in = browser.submit(
        "/sign-in",
        &[
            ("email", &email),
            ("password", PASSWORD),
            ("next", "/account"),
        ],
    );
    assert_eq!(
        (signed_in.status, signed_in.header("location")),
        (303, "/account")
    );
    let account = browser.open("/account");
    assert_eq!(account.status, 200);
    assert!(account.text().contains("指揮 司"));
    // The cookie of a browser opens no interface for scripts.
    browser.open("/api/v1/me").problem("unauthenticated");

    // Record: everything is on the timeline, and nothing in it was changed.
    let entries = viewer.get(&format!("{case}/timeline?limit=1000")).ok();
    let entries = entries.as_array().expect("entries");
    let kinds: std::collections::BTreeSet<_> =
        entries.iter().map(|entry| text(&entry["kind"])).collect();
    for kind in [
        "incident.declared",
        "incident.commander-named",
        "clock.started",
        "playbook.started",
        "step.assigned",
        "step.started",
        "step.finished",
        "fact.answered",
        "evidence.sealed",
        "roster.imported",
        "evidence.opened",
        "notice.drafted",
        "notice.edited",
        "notice.submitted",
        "notice.sent-back",
        "notice.approved",
        "report.filed",
        "notice.dispatched",
        "notice.delivered",
        "reminder.sent",
        "decision.recorded",
        "review.changed",
        "incident.closed",
    ] {
        assert!(kinds.contains(kind), "{kind} is not on the timeline");
    }
    for entry in entries {
        for language in ["ja", "en"] {
            let words = text(&entry["text"][language]);
            assert!(
                !words.is_empty() && !words.starts_with("entry-") && !words.contains("{$"),
                "{entry}"
            );
        }
    }
    assert!(intact(&viewer.get("/api/v1/timeline/verification")));
    every_changed_column_is_named(&app, &viewer, text(&incident["id"]).as_str());

    // Account: five forms in two languages, each with the case in it.
    for (locale, word) in [
        ("ja", "会員サイトへの不正アクセス"),
        ("en", "Mihon Shop Inc."),
    ] {
        for (format, media_type, begins) in [
            ("md", "text/markdown; charset=utf-8", "#"),
            ("html", "text/html; charset=utf-8", "<!DOCTYPE html>"),
            ("json", "application/json", "{"),
            (
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "PK",
            ),
            ("pdf", "application/pdf", "%PDF-"),
        ] {
            let report = viewer.get(&format!("{case}/report?format={format}&locale={locale}"));
            assert_eq!(report.status, 200, "{}", report.text());
            assert_eq!(report.header("content-type"), media_type);
            assert!(
                report
                    .header("content-disposition")
                    .contains("INC-2026-0001")
            );
            let body = report.text();
            assert!(
                body.to_lowercase().starts_with(&begins.to_lowercase()),
                "{format}"
            );
            if format == "md" {
                // What the server did by itself bears its name in the reader's language.
                assert_eq!(body.contains("| システム |"), locale == "ja");
            }
            if !matches!(format, "pdf" | "docx") {
                assert!(
                    body.contains(word) && body.contains("R8-0001"),
                    "{locale} {format}"
                );
                assert!(!body.contains("hanako"), "a person in the {format}");
            }
        }
    }
    let exports = viewer.get(&format!("{case}/timeline?limit=10")).ok();
    let exports = exports.as_array().expect("entries");
    assert!(
        exports
            .iter()
            .all(|entry| entry["kind"] == "report.exported")
    );
    assert!(intact(&viewer.get("/api/v1/timeline/verification")));
}

/// Changes one byte of every stored column of one entry in turn, and expects the check to name the entry.
fn every_changed_column_is_named(
    app: &TestApp,
    viewer: &crate::support::app::Script<'_>,
    incident: &str,
) {
    let id = incident.to_owned();
    let entries = app
        .store()
        .read_blocking(|conn| timeline::all(conn, &id))
        .expect("entries");
    let entry = &entries[6];
    let run = |sql: String| {
        app.store()
            .write_blocking(|tx| {
                tx.batch_execute(&sql).expect("raw SQL");
                Ok(())
            })
            .expect("a write");
    };
    for (column, changed, original) in columns(entry, app.is_postgres()) {
        // The row is found by what stays: its id, unless that is what changes.
        let by = if column == "id" {
            |entry: &Entry| {
                format!(
                    "incident_id = '{}' AND seq = {}",
                    entry.incident_id, entry.seq
                )
            }
        } else {
            |entry: &Entry| format!("id = '{}'", entry.id)
        };
        let row = by(entry);
        run(format!(
            "UPDATE timeline_entries SET {column} = {changed} WHERE {row}"
        ));
        let verdict = viewer.get("/api/v1/timeline/verification").ok();
        let named = verdict["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .any(|finding| finding["seq"] == entry.seq && finding["incident_id"] == incident);
        assert!(named, "{column} was changed, and the check says {verdict}");
        run(format!(
            "UPDATE timeline_entries SET {column} = {original} WHERE {row}"
        ));
        let healed = viewer.get("/api/v1/timeline/verification");
        assert!(intact(&healed), "{column} was restored: {}", healed.text());
    }
    // A removed entry is named as well.
    let newest = entries.last().expect("an entry");
    run(format!(
        "DELETE FROM timeline_entries WHERE id = '{}'",
        newest.id
    ));
    let verdict = viewer.get("/api/v1/timeline/verification").ok();
    assert_eq!(verdict["intact"], false);
    let all: Vec<_> = columns(newest, app.is_postgres());
    let names: Vec<_> = all.iter().map(|(name, _, _)| *name).collect();
    let values: Vec<_> = all.iter().map(|(_, _, value)| value.clone()).collect();
    run(format!(
        "INSERT INTO timeline_entries ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    ));
    assert!(intact(&viewer.get("/api/v1/timeline/verification")));
}

/// Every column of an entry: its name, a value of which one byte differs, and its own value.
fn columns(entry: &Entry, postgres: bool) -> Vec<(&'static str, String, String)> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let text = |name, value: &str| {
        let mut changed: Vec<char> = value.chars().collect();
        let last = changed.last_mut().expect("a character");
        *last = if *last == '1' { '2' } else { '1' };
        (
            name,
            quoted(&changed.into_iter().collect::<String>()),
            quoted(value),
        )
    };
    let blob = |name, value: &[u8]| {
        let literal = |bytes: &[u8]| {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            if postgres {
                format!("'\\x{digits}'")
            } else {
                format!("x'{digits}'")
            }
        };
        let mut changed = value.to_vec();
        changed[0] ^= 1;
        (name, literal(&changed), literal(value))
    };
    let number = |name, value: i64| (name, (value + 1).to_string(), value.to_string());
    vec![
        text("incident_id", &entry.incident_id),
        // One more would be the neighbour's number.
        (
            "seq",
            (entry.seq + 1_000).to_string(),
            entry.seq.to_string(),
        ),
        text("id", entry.id.as_str()),
        text("kind", entry.kind.as_str()),
        text("actor", &entry.actor),
        number("occurred_at", entry.occurred_at.as_micros()),
        number("recorded_at", entry.recorded_at.as_micros()),
        blob("salt", &entry.salt),
        text("payload", entry.payload.as_deref().expect("a payload")),
        blob("commitment", &entry.commitment),
        blob("prev_hash", &entry.prev_hash),
        blob("hash", &entry.hash),
    ]
}

fn intact(reply: &Reply) -> bool {
    reply.ok()["intact"] == json!(true)
}

#[track_caller]
fn fields(reply: &Reply) -> Vec<String> {
    let problem = reply.problem("invalid-input");
    let errors = problem["errors"].as_array().expect("a list").clone();
    errors.iter().map(|error| text(&error["field"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(text).collect()
}

/// Asks until there is an answer, at most some seconds.
fn eventually<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..100 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("it did not come about in ten seconds")
}

fn files_under(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
