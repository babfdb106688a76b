//! Notices on their way: checked, approved by a chain, to the people whom they were approved for.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Reply, Script, TestApp};

const BODY_JA: &str = "{{salutation}}\n\n概要：誤送信がありました。\n項目：{{data_items}}\n原因：設定の誤りです。\n二次被害のおそれ：不審な連絡にご注意ください。\n窓口：お問い合わせ窓口";
const BODY_EN: &str = "{{salutation}}\n\nWhat happened: a mail went astray.\nData: {{data_items}}\nCause: a wrong setting.\nConsequences: beware of fraud.\nMeasures: corrected.\nContact: our desk";

/// A server with a case and a roster in it.
struct Room {
    app: TestApp,
    case: String,
}

impl Room {
    fn new(roster: &str) -> Self {
        let app = TestApp::start("2026-11-20T00:30:00Z");
        let admin = app.script(Role::Administrator);
        admin
            .put(
                "/api/v1/organisation",
                json!({
                    "name_ja": "見本商事", "desk_name_ja": "お客様窓口",
                    "desk_email": "desk@shop.example.jp",
                }),
            )
            .ok();
        let commander = app.script(Role::Commander);
        let declared = commander
            .post("/api/v1/incidents", json!({"title": "名簿の誤送信"}))
            .ok();
        let case = format!("/api/v1/incidents/{}", text(&declared["id"]));
        let items = [("data_items", "full_name"), ("data_items", "email_address")];
        let path = format!("{case}/rosters");
        let taken = commander
            .upload(&path, &items, "r.csv", roster.as_bytes())
            .ok();
        assert_eq!(taken["state"], "imported", "{taken}");
        Self { app, case }
    }

    fn script(&self, role: Role) -> Script<'_> {
        self.app.script(role)
    }

    /// A notice of a kind with these texts in it; gives its address and version.
    fn notice(&self, kind: &str, content: &Value) -> (String, Value) {
        let responder = self.script(Role::Responder);
        let drafted = responder
            .post(&format!("{}/notices", self.case), json!({"kind": kind}))
            .ok();
        let path = format!("{}/notices/{}", self.case, text(&drafted["id"]));
        let mut whole = drafted["versions"][0]["content"].clone();
        for (part, words) in content.as_object().expect("parts") {
            whole[part] = words.clone();
        }
        let edited = responder
            .put(&path, json!({"content": whole, "version": 1}))
            .ok();
        (path, edited["version"].clone())
    }

    fn mail(&self) -> (String, Value) {
        self.notice(
            "customer_email",
            &json!({
                "subject": {"ja": "お知らせ", "en": "Notice"},
                "body": {"ja": BODY_JA, "en": BODY_EN},
            }),
        )
    }

    fn dispatch(&self, notice: &str, people: i64) -> Reply {
        self.script(Role::Commander)
            .post(&format!("{notice}/dispatch"), json!({"confirmed": people}))
    }

    fn entries(&self, kind: &str) -> Vec<Value> {
        let timeline = self
            .script(Role::Viewer)
            .get(&format!("{}/timeline?limit=1000", self.case))
            .ok();
        let entries = timeline["entries"].as_array().or(timeline.as_array());
        entries
            .expect("entries")
            .iter()
            .filter(|entry| entry["kind"] == kind)
            .cloned()
            .collect()
    }

    /// Lets every waiting export be written; gives the bytes of the one that holds this.
    fn export_of(&self, content: &str) -> Vec<u8> {
        let commander = self.script(Role::Commander);
        block(self.app.house().run_exporter()).expect("exports are written");
        let exports = commander.get(&format!("{}/exports", self.case)).ok();
        let exports = exports.as_array().expect("exports");
        let export = exports
            .iter()
            .find(|export| export["content"] == content)
            .expect("an export");
        assert_eq!(export["state"], "done", "{export}");
        let path = format!("{}/exports/{}/file", self.case, text(&export["id"]));
        let file = commander.get(&path);
        assert_eq!(file.status, 200, "{}", file.text());
        file.bytes
    }
}

#[test]
fn a_chain_is_gone_through_in_order_by_different_people_and_an_edit_voids_it() {
    let room = Room::new("name,email\nA,a@example.com\n");
    let (notice, version) = room.mail();
    let seen = json!({"version": version});
    let [responder, legal, commander, approver, admin] = [
        Role::Responder,
        Role::Legal,
        Role::Commander,
        Role::Approver,
        Role::Administrator,
    ]
    .map(|role| room.script(role));
    responder.answer_warnings(&notice);
    let submission = format!("{notice}/submission");
    let approval = format!("{notice}/approval");
    let handed_in = responder.post(&submission, seen.clone()).ok();
    let chain: Value = serde_json::from_str(&text(&handed_in["chain"])).expect("JSON");
    let roles: Vec<_> = chain
        .as_array()
        .expect("stages")
        .iter()
        .map(|it| &it["role"])
        .collect();
    assert_eq!(
        roles,
        [&json!("legal"), &json!("commander"), &json!("approver")]
    );

    responder.post(&approval, seen.clone()).problem("forbidden");
    commander
        .post(&approval, seen.clone())
        .problem("not-your-turn");
    admin.post(&approval, seen.clone()).problem("not-your-turn");
    legal.post(&approval, seen.clone()).ok();
    legal.post(&approval, seen.clone()).problem("wrong-state");

    // The commander lets an administrator decide; whoever had a hand in it cannot.
    let delegation = format!("{notice}/delegation");
    let to = |role| json!({"version": version, "to": room.app.account(role)});
    assert_eq!(
        fields(&commander.post(&delegation, to(Role::Legal))),
        ["to"]
    );
    assert_eq!(
        fields(&commander.post(&delegation, to(Role::Viewer))),
        ["to"]
    );
    approver
        .post(&delegation, to(Role::Administrator))
        .problem("not-your-turn");
    commander.post(&delegation, to(Role::Administrator)).ok();
    commander
        .post(&approval, seen.clone())
        .problem("not-your-turn");
    admin.post(&approval, seen.clone()).ok();
    assert_eq!(room.entries("notice.delegated").len(), 1);

    // An edit before the last stage begins everything anew.
    let mut content = responder.get(&notice).ok()["versions"][1]["content"].clone();
    content["subject"]["ja"] = json!("お詫びとお知らせ");
    let edited = responder
        .put(&notice, json!({"content": content, "version": version}))
        .ok();
    assert_eq!(
        (&edited["state"], &edited["stage"]),
        (&json!("draft"), &json!(0))
    );
    approver.post(&approval, seen).problem("edit-conflict");

    let approved = room
        .app
        .approve(Role::Responder, &notice, &edited["version"]);
    assert_eq!(approved["state"], "approved");
    // Every stage approved the very bytes that were handed in.
    let decisions = responder.get(&notice).ok()["decisions"].clone();
    let of_it: Vec<_> = decisions
        .as_array()
        .expect("decisions")
        .iter()
        .filter(|it| it["version"] == edited["version"])
        .map(|it| it["digest"].clone())
        .collect();
    assert_eq!(of_it.len(), 4);
    assert!(
        of_it
            .iter()
            .all(|digest| digest == &of_it[0] && digest.is_string())
    );

    // The document for those who approve on paper, in both forms.
    let pdf = responder.get(&format!("{notice}/document?locale=en"));
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    let docx = unzip(
        &responder.get(&format!("{notice}/document?docx=true")).bytes,
        "word/document.xml",
    );
    assert!(
        docx.contains("お詫びとお知らせ") && docx.contains(of_it[0].as_str().expect("a digest"))
    );
}

#[test]
fn errors_keep_a_notice_back_and_warnings_want_an_answer() {
    let room = Room::new("name,email\nA,a@example.com\n");
    let body = format!("{BODY_JA}\n詳しくは https://news.example.org/ をご覧ください。○○部より");
    let (notice, version) = room.notice(
        "customer_email",
        &json!({
            "subject": {"ja": "お知らせ", "en": "Notice"},
            "body": {"ja": body, "en": BODY_EN},
        }),
    );
    let responder = room.script(Role::Responder);
    let found = responder.answer_warnings(&notice);
    let codes = |found: &Value, weight: &str| -> Vec<String> {
        let all = found["findings"].as_array().expect("findings");
        let of_weight = all.iter().filter(|it| it["weight"] == weight);
        of_weight.map(|it| text(&it["code"])).collect()
    };
    assert_eq!(codes(&found, "error"), ["placeholder"]);
    assert!(
        codes(&found, "warning").contains(&"link".to_owned()),
        "{found}"
    );
    let refused = responder.post(&format!("{notice}/submission"), json!({"version": version}));
    assert_eq!(fields(&refused), ["body.ja"]);

    // Corrected, the answer to the link still stands; a new warning is not answered by it.
    let mut content = responder.get(&notice).ok()["versions"][1]["content"].clone();
    content["body"]["ja"] = json!(body.replace("○○部", "広報部") + "\n電話 090-1234-5678");
    let edited = responder
        .put(&notice, json!({"content": content, "version": version}))
        .ok();
    let refused = responder.post(
        &format!("{notice}/submission"),
        json!({"version": edited["version"]}),
    );
    let open = fields(&refused);
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(
        open[0].starts_with("answer.personal-data:body:ja:"),
        "{open:?}"
    );
    room.app
        .approve(Role::Responder, &notice, &edited["version"]);

    // A changed fact is noticed in a text that says the old one.
    let commander = room.script(Role::Commander);
    let cause = |ja: &str| json!({"known": {"ja": ja, "en": format!("Cause: {ja}")}});
    let fact = format!("{}/facts/cause", room.case);
    commander.put(&fact, cause("宛先の入力の誤り")).ok();
    let report = commander
        .post(
            &format!("{}/notices", room.case),
            json!({"kind": "ppc_preliminary"}),
        )
        .ok();
    let report = format!("{}/notices/{}", room.case, text(&report["id"]));
    let checks = || commander.get(&format!("{report}/checks")).ok();
    assert!(!codes(&checks(), "warning").contains(&"contradiction".to_owned()));
    commander.put(&fact, cause("第三者による操作")).ok();
    assert!(codes(&checks(), "warning").contains(&"contradiction".to_owned()));
}

#[test]
fn a_notice_goes_to_those_it_was_approved_for_and_names_each_ones_own_data() {
    let long = "長".repeat(10_000);
    let room = Room::new(&format!(
        "name,email,country,language\n髙橋 さくら,sakura@example.jp,JP,ja\nKate O'Brien,kate@example.com,IE,en\n{long},long@example.jp,JP,ja\n"
    ));
    let responder = room.script(Role::Responder);
    let (notice, version) = room.mail();
    let readers = responder
        .put(
            &format!("{notice}/readers"),
            json!({"version": version, "filter": {"country": "JP"}}),
        )
        .ok();
    let version = readers["version"].clone();
    let approved = room.app.approve(Role::Responder, &notice, &version);
    let audience: Value = serde_json::from_str(&text(&approved["audience"])).expect("JSON");
    assert_eq!(audience["people"], 2);
    assert_eq!(audience["filter"]["channel"], "email");

    // Somebody new in the register was not approved for.
    let commander = room.script(Role::Commander);
    let more = "name,email,country\nB,b@example.jp,JP\n";
    commander
        .upload(
            &format!("{}/rosters", room.case),
            &[("data_items", "full_name")],
            "more.csv",
            more.as_bytes(),
        )
        .ok();
    let changed = room.dispatch(&notice, 2);
    assert_eq!(fields(&changed), ["confirmed"]);
    assert!(
        changed.text().contains("The register changed"),
        "{}",
        changed.text()
    );
    // Handed in again – an edit and back – it goes out.
    let edited = responder
        .put(
            &format!("{notice}/readers"),
            json!({"version": version, "filter": {"country": "JP", "data_item": "email_address"}}),
        )
        .ok();
    room.app
        .approve(Role::Responder, &notice, &edited["version"]);
    let before = room.app.mails(1).len();
    let dispatch = room.dispatch(&notice, 2).ok();
    assert_eq!(
        [&dispatch["audience"], &dispatch["unreachable"]],
        [&json!(2), &json!(2)]
    );
    let mails = room.app.mails(before + 2);
    let to = |address: &str| mails.iter().find(|mail| mail.to == [address]);
    let sakura = to("sakura@example.jp")
        .expect("a mail")
        .text
        .clone()
        .expect("a text");
    assert!(sakura.starts_with("髙橋 さくら 様"), "{sakura}");
    assert!(sakura.contains("項目：氏名、メールアドレス"), "{sakura}");
    let long = to("long@example.jp")
        .expect("a mail")
        .text
        .clone()
        .expect("a text");
    assert!(!long.contains(&"長".repeat(101)), "{long}");
    assert!(to("kate@example.com").is_none() && to("b@example.jp").is_none());

    // A test goes to whoever asks, with a made-up reader, in both languages.
    let (draft, _) = room.mail();
    let before = room.app.mails(1).len();
    assert_eq!(
        responder.post(&format!("{draft}/test"), json!({})).status,
        204
    );
    let mails = room.app.mails(before + 2);
    let tests: Vec<_> = mails
        .iter()
        .filter(|mail| {
            mail.subject.contains("お知らせ") && mail.subject.starts_with("【試し送り】")
        })
        .collect();
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0].to, [room.app.email(Role::Responder)]);
}

#[test]
fn letters_and_line_messages_are_handed_over_by_people_and_told_so() {
    let line: String = (0..501)
        .map(|number| format!("L{number},,U{number:032x},,\n"))
        .collect();
    let room = Room::new(&format!(
        "name,email,line_user_id,postcode,address\n髙橋 さくら,,,100-0001,東京都千代田区1-1\nKate,,,,1 Main Street\n{line}"
    ));
    let commander = room.script(Role::Commander);

    // Letters: a PDF in a ZIP, then the record that they were posted.
    let (letter, version) = room.notice(
        "customer_letter",
        &json!({"subject": {"ja": "お詫び", "en": "Apology"}, "body": {"ja": BODY_JA, "en": BODY_EN}}),
    );
    room.app.approve(Role::Responder, &letter, &version);
    let told = || {
        let counts = commander.get(&format!("{}/people/counts", room.case)).ok();
        counts["by_notice"]["sent"].as_i64().unwrap_or(0)
    };
    let dispatch = room.dispatch(&letter, 2).ok();
    let zip = room.export_of("letter-pdfs");
    let pdf = unzip_bytes(&zip, "letters-0001.pdf");
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(told(), 0);
    let met = || {
        let duties = commander.get(&format!("{}/duties", room.case)).ok();
        let duties = duties["duties"].as_array().expect("duties").clone();
        let duty = duties
            .iter()
            .find(|it| {
                it["duty_id"] == "jp-appi/notice-to-principals"
                    || it["obligation"]["duty_id"] == "jp-appi/notice-to-principals"
            })
            .cloned();
        duty.is_some_and(|duty| duty["state"] == "met")
    };
    assert!(!met(), "nobody was told yet");
    let hand_over = format!(
        "{}/dispatches/{}/hand-over",
        room.case,
        text(&dispatch["id"])
    );
    assert_eq!(
        fields(&commander.post(&hand_over, json!({"how": " "}))),
        ["handed_over"]
    );
    let how = json!({"how": "発送代行に2通を渡しました（受付 4711）"});
    commander.post(&hand_over, how.clone()).ok();
    commander.post(&hand_over, how).problem("wrong-state");
    block(room.app.house().run_sendings()).expect("people are marked");
    assert_eq!(told(), 2);

    // LINE: five hundred ids a file.
    let (message, version) = room.notice(
        "customer_line",
        &json!({"body": {"ja": "大切なお知らせです。", "en": "An important notice."}}),
    );
    room.app.approve(Role::Responder, &message, &version);
    room.dispatch(&message, 501).ok();
    let zip = room.export_of("line-ids");
    let first = String::from_utf8(unzip_bytes(&zip, "line-user-ids-0001.txt")).expect("text");
    let second = String::from_utf8(unzip_bytes(&zip, "line-user-ids-0002.txt")).expect("text");
    assert_eq!((first.lines().count(), second.lines().count()), (500, 1));
    assert!(
        first
            .lines()
            .all(|id| id.starts_with('U') && id.len() == 33)
    );

    // The proof, person by person.
    commander
        .post(
            &format!("{}/exports", room.case),
            json!({"content": "deliveries", "format": "csv-utf8", "reason": "監査", "locale": "ja"}),
        )
        .ok();
    let proof = String::from_utf8(room.export_of("deliveries")).expect("UTF-8");
    assert_eq!(proof.lines().count(), 3, "{proof}");
    let sakura = proof
        .lines()
        .find(|line| line.contains("髙橋"))
        .expect("a line");
    for words in ["郵送", "送信済み", "受付 4711", "2026-11-20T00:30:00"] {
        assert!(sakura.contains(words), "{words}: {sakura}");
    }
}

#[test]
fn a_large_sending_is_queued_by_and_by_and_nobody_is_left_out_or_written_to_twice() {
    let people: String = (0..4_500)
        .map(|number| format!("P{number},p{number}@example.jp\n"))
        .collect();
    let room = Room::new(&format!("name,email\n{people}"));
    let (notice, version) = room.mail();
    room.app.approve(Role::Responder, &notice, &version);
    let commander = room.script(Role::Commander);
    let dispatch = room.dispatch(&notice, 4_500).ok();
    let base = format!("{}/dispatches/{}", room.case, text(&dispatch["id"]));
    let pause = |paused| commander.put(&format!("{base}/paused"), json!({"paused": paused}));
    assert_eq!(pause(true).status, 204);
    let counts = || commander.get(&format!("{}/dispatches", room.case)).ok()[0]["counts"].clone();
    let total = |counts: &Value| -> i64 {
        counts
            .as_object()
            .expect("counts")
            .values()
            .filter_map(Value::as_i64)
            .sum()
    };
    assert_eq!(total(&counts()), 2_000, "the first lot");
    // The people whose state changes meanwhile move within the register; two servers go on at once.
    let house = room.app.house();
    block(async {
        let (one, two) = tokio::join!(house.run_sendings(), house.run_sendings());
        assert_eq!(one.expect("queued") + two.expect("queued"), 2_500);
    });
    assert_eq!(total(&counts()), 4_500);
    let deliveries = |skip: usize| {
        let page = commander
            .get(&format!("{base}/deliveries?limit=1000&skip={skip}"))
            .ok();
        page.as_array()
            .expect("a page")
            .iter()
            .map(|it| text(&it["person_id"]))
            .collect::<Vec<_>>()
    };
    let mut subjects: Vec<_> = (0..5).flat_map(|page| deliveries(page * 1_000)).collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 4_500);

    let withdrawn = commander
        .post(&format!("{base}/cancellation"), json!({}))
        .ok();
    let after = counts();
    assert_eq!(withdrawn["withdrawn"], after["cancelled"]);
    assert_eq!(after["queued"], 0);
    assert_eq!(total(&after), 4_500);
    for kind in ["notice.sending-paused", "notice.sending-cancelled"] {
        assert_eq!(room.entries(kind).len(), 1, "{kind}");
    }
}

fn block<F: Future>(future: F) -> F::Output {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(future)
}

fn unzip_bytes(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a ZIP file");
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .unwrap_or_else(|_| panic!("{name} is missing"))
        .read_to_end(&mut bytes)
        .expect("bytes");
    bytes
}

fn unzip(zip: &[u8], name: &str) -> String {
    String::from_utf8(unzip_bytes(zip, name)).expect("UTF-8")
}

fn fields(reply: &Reply) -> Vec<String> {
    let problem = reply.problem("invalid-input");
    let errors = problem["errors"].as_array().expect("a list").clone();
    errors.iter().map(|error| text(&error["field"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
