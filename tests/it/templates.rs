//! Templates of notices and approval chains: who may write them, what is refused, what a draft makes of them.

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Reply, Script, TestApp};

const NOW: &str = "2026-11-20T10:00:00+09:00";
const CAUSE: &str = "/api/v1/notice-templates/ppc_preliminary/cause/ja";
const OWN: &str = "当社の調査による原因：\r\n{{#if (known \"cause\")}}{{fact \"cause\"}}{{else}}調査中（{{fact \"occurred\"}}）{{/if}}";

fn declared(api: &Script, title: &str) -> String {
    let incident = api
        .post("/api/v1/incidents", json!({ "title": title }))
        .ok();
    incident["id"].as_str().expect("an id").to_owned()
}

fn cause(api: &Script, id: &str, text: &str) {
    api.put(
        &format!("/api/v1/incidents/{id}/facts/cause"),
        json!({ "known": { "ja": text, "en": "" } }),
    )
    .ok();
}

fn message(reply: &Reply) -> String {
    let problem = reply.problem("invalid-input");
    problem["errors"][0]["message"]
        .as_str()
        .expect("a message")
        .to_owned()
}

fn drafted(api: &Script, id: &str) -> String {
    let notice = api
        .post(
            &format!("/api/v1/incidents/{id}/notices"),
            json!({ "kind": "ppc_preliminary" }),
        )
        .ok();
    notice["versions"][0]["content"]["cause"]["ja"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn an_own_text_is_written_tried_used_and_taken_back() {
    let app = TestApp::start(NOW);
    let legal = app.script(Role::Legal);
    let id = declared(&legal, "会員サイトへの不正アクセス");
    let before = legal.get(CAUSE).ok();
    assert_eq!(before["number"], 0);
    assert_eq!(before["body"], before["built_in"]);
    let product = drafted(&legal, &id);

    // Tried on real facts: what is not known is a gap, and nothing is kept.
    let tried = |body: &str| {
        let body = json!({ "body": body, "incident_id": id });
        legal.post(&format!("{CAUSE}/preview"), body).ok()
    };
    let open = tried(OWN);
    assert_eq!(open["gaps"], 1);
    assert_eq!(
        open["text"],
        "当社の調査による原因：\n調査中（【確認中：発生日時】）"
    );
    cause(&legal, &id, "設定の誤り");
    assert_eq!(tried(OWN)["text"], "当社の調査による原因：\n設定の誤り");
    assert_eq!(legal.get(CAUSE).ok(), before);

    // Written, it is what drafts are made from; the number goes up with each version.
    let saved = legal.put(CAUSE, json!({ "body": OWN, "seen": 0 })).ok();
    assert_eq!(saved["number"], 1);
    assert_eq!(saved["body"], OWN.replace("\r\n", "\n"));
    assert_eq!(
        saved["editions"][0]["author_id"],
        json!(app.account(Role::Legal))
    );
    assert_eq!(drafted(&legal, &id), "当社の調査による原因：\n設定の誤り");
    let kinds = legal.get("/api/v1/notice-templates").ok();
    let preliminary = kinds.as_array().expect("kinds").iter();
    let own: Vec<_> = preliminary
        .filter(|kind| kind["own"] != 0)
        .map(|kind| (&kind["kind"], &kind["own"]))
        .collect();
    assert_eq!(own, [(&json!("ppc_preliminary"), &json!(1))]);

    // Taken back, the product's text is used again, and the own one stays among the versions.
    let reset = |seen: i64| legal.send("DELETE", &format!("{CAUSE}?seen={seen}"), None);
    reset(0).problem("edit-conflict");
    let after = reset(1).ok();
    assert_eq!(
        (&after["number"], &after["body"]),
        (&json!(2), &before["body"])
    );
    assert_eq!(after["editions"][0]["body"], saved["body"]);
    assert_eq!(after["editions"][1]["body"], Value::Null);
    assert_ne!(drafted(&legal, &id), "当社の調査による原因：\n設定の誤り");
    assert!(product.contains("確認中"));
}

#[test]
fn a_text_for_one_type_of_incident_leaves_the_others_alone() {
    let app = TestApp::start(NOW);
    let legal = app.script(Role::Legal);
    let path = "/api/v1/notice-templates/customer_email/body/en";
    let phishing = format!("{path}?variant=misuse-phishing");
    let saved = legal
        .put(
            &phishing,
            json!({ "body": "{{salutation}}\nBeware.", "seen": 0 }),
        )
        .ok();
    assert_eq!(saved["variant"], "misuse-phishing");
    let general = legal.get(path).ok();
    assert_eq!(
        (&general["variant"], &general["number"]),
        (&json!("general"), &json!(0))
    );
    // A reader is named where there is one, and nowhere else.
    let refused = legal.put(CAUSE, json!({ "body": "{{salutation}}", "seen": 0 }));
    assert!(message(&refused).contains("salutation"));

    for nowhere in [
        format!("{path}?variant=nobody"),
        "/api/v1/notice-templates/customer_email/nothing/en".to_owned(),
        "/api/v1/notice-templates/customer_email/body/fr".to_owned(),
        "/api/v1/notice-templates/nothing/body/en".to_owned(),
        format!("{CAUSE}?variant=misuse-phishing"),
    ] {
        legal.get(&nowhere).problem("not-found");
    }
}

#[test]
fn what_the_language_does_not_have_is_refused_with_its_line() {
    let app = TestApp::start(NOW);
    let legal = app.script(Role::Legal);
    let id = declared(&legal, "見本");
    let refused = |body: &str| {
        let saved = legal.put(CAUSE, json!({ "body": body, "seen": 0 }));
        let words = message(&saved);
        let tried = json!({ "body": body, "incident_id": id });
        let tried = legal.post(&format!("{CAUSE}/preview"), tried);
        assert_eq!(message(&tried), words, "a trial says the same");
        words
    };
    assert_eq!(
        refused("a\nb\n{{organisation.password}}"),
        "Line 3: “organisation.password” cannot stand in braces. The list below shows what can."
    );
    assert!(refused("a\n{{today").starts_with("Line 2: "));
    assert!(refused("{{#if (known \"cause\")}}a").contains("beginning or end"));
    assert!(refused(&"{{#if organisation.name}}".repeat(4)).contains("three deep"));
    assert!(refused(&"{{today}}".repeat(301)).contains("300"));
    assert!(refused(&"a".repeat(20_001)).contains("20"));
    assert!(!refused(" ").is_empty());
    for hostile in [
        "{{lookup this \"organisation\"}}",
        "{{#each @root}}{{this}}{{/each}}",
        "{{{organisation.name}}}",
        "{{> layouts/app}}",
        "{{@root.organisation}}",
    ] {
        assert!(refused(hostile).starts_with("Line 1: "), "{hostile}");
    }
    // Neither depth nor number exhausts anything: the server still answers.
    refused(&"{{#if organisation.name}}".repeat(2_000));
    refused(&"{{fact \"cause\"}}".repeat(10_000));
    assert_eq!(legal.get(CAUSE).ok()["number"], 0, "nothing was kept");
}

#[test]
fn who_may_write_is_asked_and_everybody_may_read() {
    let app = TestApp::start(NOW);
    let id = declared(&app.script(Role::Commander), "見本");
    let body = json!({ "body": "自社の文", "seen": 0 });
    for role in [
        Role::Commander,
        Role::Responder,
        Role::Approver,
        Role::Viewer,
    ] {
        let api = app.script(role);
        api.put(CAUSE, body.clone()).problem("forbidden");
        api.send("DELETE", &format!("{CAUSE}?seen=0"), None)
            .problem("forbidden");
        api.get(CAUSE).ok();
        let tried = json!({ "body": "{{today}}", "incident_id": id });
        api.post(&format!("{CAUSE}/preview"), tried).ok();

        let mut browser = app.signed_in(role);
        let page = browser.open("/templates/ppc_preliminary?part=cause&locale=ja");
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("自社の文として保存"), "{role}");
        let fields = [
            ("part", "cause"),
            ("locale", "ja"),
            ("seen", "0"),
            ("body", "x"),
        ];
        assert_eq!(
            browser.submit("/templates/ppc_preliminary", &fields).status,
            403
        );
        assert_eq!(
            browser
                .submit("/templates/ppc_preliminary/reset", &fields)
                .status,
            403
        );
        let chain = [("role1", "approver")];
        assert_eq!(
            browser
                .submit("/approval-chains/ppc_preliminary", &chain)
                .status,
            403
        );
    }
    app.script(Role::Administrator).put(CAUSE, body).ok();
    let stranger = app.script_with("");
    stranger.get(CAUSE).problem("unauthenticated");
    assert_eq!(app.browser().open("/templates").status, 303);
    // Without being an administrator, a legal person is led there by the menu.
    let page = app.signed_in(Role::Legal).open("/templates").text();
    assert!(page.contains("href=\"/templates\"") && !page.contains("href=\"/accounts\""));
}

#[test]
fn the_page_previews_saves_and_shows_what_somebody_else_wrote() {
    let app = TestApp::start(NOW);
    let legal = app.script(Role::Legal);
    let old = declared(&legal, "古いインシデント");
    cause(&legal, &old, "古い原因");
    app.clock_to("2026-11-21T10:00:00+09:00");
    let new = declared(&legal, "新しいインシデント");
    cause(&legal, &new, "新しい原因");

    let mut browser = app.signed_in(Role::Legal);
    let list = browser.open("/templates").text();
    assert!(list.contains("href=\"/templates/press_release\"") && list.contains("すべて製品の文"));
    let at = "/templates/ppc_preliminary?variant=&part=cause&locale=ja";
    let page = browser.open(at).text();
    assert!(
        page.contains("新しい原因"),
        "the newest incident is the example"
    );
    assert!(page.contains("<code>{{fact &quot;secondary_damage&quot;}}</code>"));
    assert!(!page.contains("organisation.password"));
    let fields = |body: &'static str, seen: &'static str| {
        [
            ("part", "cause"),
            ("locale", "ja"),
            ("variant", ""),
            ("seen", seen),
            ("body", body),
        ]
    };

    // A preview of what is being typed, on a chosen incident.
    let mut asked = fields("原因は{{fact \"cause\"}}。{{fact \"prevention\"}}", "0").to_vec();
    asked.push(("incident", old.as_str()));
    let shown = browser.submit("/templates/ppc_preliminary/preview", &asked);
    assert_eq!(shown.status, 200);
    let shown = shown.text();
    assert!(
        shown.contains("原因は古い原因。<mark class=\"gap\">【確認中："),
        "{shown}"
    );
    assert!(
        shown.contains("原因は{{fact &quot;cause&quot;}}。"),
        "what was typed stays"
    );
    let wrong = browser.submit(
        "/templates/ppc_preliminary/preview",
        &fields("a\n{{nobody}}", "0"),
    );
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("2行目：「nobody」は差し込めません"));
    assert_eq!(
        legal.get(CAUSE).ok()["number"],
        0,
        "a preview keeps nothing"
    );

    // Saved; then somebody else, who had read the product's text, saves too.
    let to = browser.submit("/templates/ppc_preliminary", &fields("法務の文", "0"));
    assert_eq!((to.status, to.header("location")), (303, at));
    let mut other = app.signed_in(Role::Administrator);
    other.open(at);
    let conflict = other.submit("/templates/ppc_preliminary", &fields("管理者の文", "0"));
    assert_eq!(conflict.status, 409);
    let page = conflict.text();
    assert!(page.contains("先にほかの人が書き換えました") && page.contains("法務 令"));
    assert!(page.contains(">法務の文</p>") && page.contains(">管理者の文</textarea>"));
    assert!(
        page.contains("name=\"seen\" value=\"1\""),
        "who saves again has seen it"
    );
    assert!(page.contains("<ins>管理者</ins>") && page.contains("<del>法務</del>"));
    assert_eq!(legal.get(CAUSE).ok()["body"], "法務の文");
    let again = other.submit("/templates/ppc_preliminary", &fields("管理者の文", "1"));
    assert_eq!(again.status, 303);

    // Versions with what each changed.
    let page = browser
        .open(&format!("{at}&version=2&against=before"))
        .text();
    assert!(page.contains("第1版から第2版への変更") && page.contains("<ins>管理者</ins>"));
    let page = browser.open(&format!("{at}&version=1")).text();
    assert!(page.contains("製品の文から第1版への変更"));
    let reset = browser.submit("/templates/ppc_preliminary/reset", &fields("", "2"));
    assert_eq!(reset.status, 303);
    let page = browser.open(at).text();
    assert!(page.contains("製品の文に戻した") && !page.contains("自社の文・第"));
    assert_eq!(legal.get(CAUSE).ok()["number"], 3);
}

#[test]
fn an_approval_chain_is_chosen_and_given_back() {
    let app = TestApp::start(NOW);
    let mut browser = app.signed_in(Role::Administrator);
    let standing = |browser: &mut crate::support::app::Browser| {
        let page = browser.open("/approval-chains").text();
        let kind = page
            .split("id=\"kind-ppc_preliminary\"")
            .nth(1)
            .expect("the kind");
        let chain = kind.split("</ol>").next().expect("a chain");
        let parts = chain.split("<li>").skip(1);
        let words: Vec<_> = parts
            .map(|part| {
                let part = part.split("</li>").next().expect("an end");
                part.rsplit('>').next().expect("a word").to_owned()
            })
            .collect();
        words.join("→")
    };
    let product = standing(&mut browser);
    assert!(product.starts_with("起案→"), "{product}");

    let path = "/approval-chains/ppc_preliminary";
    // A choice that was left empty is no approver; the order is that of the form.
    let chosen = [("role1", "approver"), ("role2", ""), ("role3", "legal")];
    assert_eq!(browser.submit(path, &chosen).status, 303);
    assert_eq!(standing(&mut browser), "起案→承認者→法務");
    let nobody = browser.submit(path, &[("role1", "")]);
    assert_eq!(nobody.status, 422);
    assert!(nobody.text().contains("1つ以上5つまで"));
    for bad in ["viewer", "responder", "king"] {
        assert_eq!(browser.submit(path, &[("role1", bad)]).status, 422, "{bad}");
    }
    assert_eq!(
        browser.submit("/approval-chains/nothing", &chosen).status,
        404
    );
    assert_eq!(standing(&mut browser), "起案→承認者→法務");
    assert_eq!(browser.submit(&format!("{path}/reset"), &[]).status, 303);
    assert_eq!(standing(&mut browser), product);

    // What is handed in from now on is approved by them, in that order.
    let responder = app.script(Role::Responder);
    let id = declared(&responder, "見本");
    let notices = format!("/api/v1/incidents/{id}/notices");
    let handed_in = || {
        let draft = responder
            .post(&notices, json!({ "kind": "internal_notice" }))
            .ok();
        let one = format!("{notices}/{}", draft["id"].as_str().expect("an id"));
        let mut content = draft["versions"][0]["content"].clone();
        for (_, part) in content.as_object_mut().expect("parts") {
            for (_, text) in part.as_object_mut().expect("texts") {
                *text = json!("");
            }
        }
        for (_, part) in content.as_object_mut().expect("parts") {
            part["ja"] = json!("全員への通知です。");
        }
        responder
            .put(&one, json!({ "content": content, "version": 1 }))
            .ok();
        let notice = responder
            .post(&format!("{one}/submission"), json!({ "version": 2 }))
            .ok();
        let chain: Value =
            serde_json::from_str(notice["chain"].as_str().expect("a chain")).expect("JSON");
        let stages = chain.as_array().expect("stages").iter();
        stages
            .map(|stage| stage["role"].as_str().expect("a role").to_owned())
            .collect::<Vec<_>>()
    };
    let usual = handed_in();
    let path = "/approval-chains/internal_notice";
    let chosen = [("role1", "approver"), ("role5", "commander")];
    assert_eq!(browser.submit(path, &chosen).status, 303);
    assert_eq!(handed_in(), ["approver", "commander"]);
    assert_eq!(browser.submit(&format!("{path}/reset"), &[]).status, 303);
    assert_eq!(handed_in(), usual);
}

#[test]
fn the_organisation_takes_website_domains_and_officer() {
    let app = TestApp::start(NOW);
    let api = app.script(Role::Administrator);
    let body = |website: &str, domains: &str| {
        json!({
            "name_ja": "株式会社見本", "desk_name_ja": "窓口", "desk_email": "desk@shop.example.jp",
            "website": website, "web_domains": domains,
            "dpo_name": "小川 直", "dpo_contact": "dpo@shop.example.jp",
        })
    };
    let fields = |reply: &Reply| -> Vec<Value> {
        let problem = reply.problem("invalid-input");
        let errors = problem["errors"].as_array().expect("errors").iter();
        errors.map(|error| error["field"].clone()).collect()
    };
    let path = "/api/v1/organisation";
    let wrong = api.put(
        path,
        body("http://shop.example.jp", "https://shop.example.jp/x"),
    );
    assert_eq!(fields(&wrong), ["website", "web_domains"]);
    let saved = api
        .put(
            path,
            body(
                "https://www.shop.example.jp/",
                "info.example.jp、example.com",
            ),
        )
        .ok();
    assert_eq!(saved["web_domains"], "info.example.jp, example.com");
    assert_eq!(saved["dpo_name"], "小川 直");
    assert_eq!(api.get(path).ok(), saved);

    let mut browser = app.signed_in(Role::Administrator);
    let page = browser.open("/organisation").text();
    for shown in [
        "https://www.shop.example.jp/",
        "info.example.jp, example.com",
        "dpo@shop.example.jp",
    ] {
        assert!(page.contains(&format!("value=\"{shown}\"")), "{shown}");
    }
    let form = [
        ("name_ja", "株式会社見本"),
        ("desk_name_ja", "窓口"),
        ("desk_email", "desk@shop.example.jp"),
        ("website", "ftp://shop.example.jp"),
        ("web_domains", "localhost"),
    ];
    let refused = browser.submit("/organisation", &form);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(page.contains("https:// から始まるアドレス") && page.contains("ドメインだけを入力"));
}
