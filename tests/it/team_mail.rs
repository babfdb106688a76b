//! Mails to the team: each once, none in quiet hours, and a deadline of the law at any hour.

use std::cell::Cell;

use serde_json::{Value, json};
use shodo::accounts::{self, MailWishes, Quiet, Role};
use shodo::kernel::Locale;
use shodo::outbox::TeamMessage;

use crate::support::app::{Script, TestApp};
use crate::support::smtp::Taken;

/// A server, an incident, and what the mail server took so far.
struct Case {
    app: TestApp,
    id: String,
    seen: Cell<usize>,
}

/// The final report is due at the end of Monday, 21 December 2026 (see `reminders.rs`).
const DECLARED: &str = "2026-11-20T10:00:00+09:00";

impl Case {
    fn new() -> Self {
        let app = TestApp::start(DECLARED);
        let made = app
            .script(Role::Commander)
            .post(
                "/api/v1/incidents",
                json!({
                    "title": "会員サイトへの不正アクセス",
                    "clock_starts": {"any_department_knew": {"at": "2026-11-20T09:20:00+09:00", "said_by": "情報システム部"}},
                }),
            )
            .ok();
        let id = made["id"].as_str().expect("an id").to_owned();
        Self {
            app,
            id,
            seen: Cell::new(0),
        }
    }

    /// Answers the questions that make the reports to the Commission due.
    fn with_duties(self) -> Self {
        for (key, value) in [
            ("personal_data_involved", json!(true)),
            ("breach_nature", json!(["leak"])),
            ("people_affected", json!({"exactly": 1_001})),
            ("protection", json!("not_protected")),
            ("our_role", json!("own_data")),
        ] {
            let path = format!("/api/v1/incidents/{}/facts/{key}", self.id);
            self.app
                .script(Role::Legal)
                .put(&path, json!({"known": value}))
                .ok();
        }
        self
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/incidents/{}/{rest}", self.id)
    }

    fn commander(&self) -> Script<'_> {
        self.app.script(Role::Commander)
    }

    fn wish(&self, role: Role, change: impl FnOnce(&mut MailWishes)) {
        let id = self.app.account(role).clone();
        let mut wishes = MailWishes::default();
        change(&mut wishes);
        self.app
            .store()
            .write_blocking(move |tx| {
                let actor = accounts::get(tx, &id)?.actor();
                accounts::save_mail_wishes(tx, &actor, &wishes)
            })
            .expect("kept");
    }

    /// Switches the day's mail off for everybody, where it would only be in the way.
    fn without_digests(self) -> Self {
        for role in Role::ALL {
            self.wish(*role, |wishes| wishes.digest = false);
        }
        self
    }

    /// Lets the jobs run at an instant; gives what the mail server took since the last look.
    fn tick(&self, at: &str) -> Vec<Taken> {
        self.app.clock_to(at);
        let queued = block(self.app.house().mail_the_team()).expect("the job runs");
        let new = self.arrived(queued);
        assert_eq!(new.len(), queued, "{new:?}");
        assert_eq!(block(self.app.house().mail_the_team()).expect("again"), 0);
        new
    }

    /// What arrived since the last look, once there are this many.
    fn arrived(&self, number: usize) -> Vec<Taken> {
        let seen = self.seen.get();
        if number == 0 && self.app.sink.taken().len() == seen {
            return Vec::new();
        }
        let mut all = self.app.mails(seen + number);
        self.seen.set(all.len());
        all.split_off(seen)
    }

    /// The steps that nobody has begun.
    fn steps(&self) -> Vec<Value> {
        let playbook = self.commander().get(&self.path("steps")).ok();
        let steps = playbook["steps"].as_array().expect("steps");
        let todo = steps.iter().filter(|step| step["state"] == "todo");
        todo.cloned().collect()
    }

    fn assign(&self, step: &Value, to: Role) {
        let path = self.path(&format!("steps/{}/assignee", text(&step["id"])));
        self.commander()
            .put(&path, json!({"account_id": self.app.account(to)}))
            .ok();
    }

    /// Drafts a notice, and hands it in as the legal person.
    fn hand_in(&self, kind: &str) -> String {
        let legal = self.app.script(Role::Legal);
        let notice = legal
            .post(&self.path("notices"), json!({"kind": kind}))
            .ok();
        let path = self.path(&format!("notices/{}", text(&notice["id"])));
        let content = if kind == "customer_email" {
            json!({
                "subject": {"ja": "お知らせ", "en": "Notice"},
                "body": {"ja": "{{salutation}}\n\nお知らせします。", "en": "{{salutation}}\n\nWe tell you."},
            })
        } else {
            notice["versions"][0]["content"].clone()
        };
        let edited = legal
            .put(&path, json!({"content": content, "version": 1}))
            .ok();
        legal.answer_warnings(&path);
        legal
            .post(
                &format!("{path}/submission"),
                json!({"version": edited["version"]}),
            )
            .ok();
        path
    }
}

fn block<T>(work: impl std::future::Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(work)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn night() -> Option<Quiet> {
    Quiet::parse("22:00", "07:00").expect("times")
}

fn to(mails: &[Taken]) -> Vec<&str> {
    let mut to: Vec<_> = mails
        .iter()
        .map(|mail| mail.to[0].split('@').next().expect("a name"))
        .collect();
    to.sort_unstable();
    to
}

#[test]
fn steps_are_told_in_one_mail_after_the_quiet_hours() {
    let case = Case::new().without_digests();
    case.wish(Role::Responder, |wishes| {
        wishes.digest = false;
        wishes.quiet = night();
    });
    let steps = case.steps();
    case.app.clock_to("2026-11-20T23:30:00+09:00");
    for step in &steps[..3] {
        case.assign(step, Role::Responder);
    }
    // Given to somebody else before the night is over, and one that its person took by themselves.
    case.assign(&steps[2], Role::Legal);
    case.assign(&steps[3], Role::Commander);

    let mails = case.tick("2026-11-20T23:30:20+09:00");
    assert_eq!(to(&mails), ["legal"]);
    assert!(case.tick("2026-11-21T06:59:40+09:00").is_empty());
    let mails = case.tick("2026-11-21T07:00:00+09:00");
    assert_eq!(to(&mails), ["responder"]);
    let body = mails[0].text.as_deref().expect("text");
    for step in &steps[..2] {
        let title = text(&step["title"]["ja"]);
        assert_eq!(body.matches(title).count(), 1, "{title} in {body}");
    }
    assert!(!body.contains(text(&steps[2]["title"]["ja"])), "{body}");
    assert!(body.contains("指揮 司"), "{body}");

    // Who wants no such mail gets none, and none later either.
    case.wish(Role::Responder, |wishes| {
        wishes.digest = false;
        wishes.assigned = false;
    });
    case.assign(&steps[4], Role::Responder);
    assert!(case.tick("2026-11-21T08:00:00+09:00").is_empty());
    case.wish(Role::Responder, |wishes| wishes.digest = false);
    assert!(case.tick("2026-11-21T08:01:00+09:00").is_empty());
}

#[test]
fn two_servers_send_each_mail_once() {
    let case = Case::new().with_duties();
    let steps = case.steps();
    for step in &steps[..4] {
        case.assign(step, Role::Responder);
    }
    case.hand_in("ppc_preliminary");
    let asked = case.arrived(1);
    assert_eq!(to(&asked), ["commander"], "the first of the chain");
    // The next morning: the day's mail for six, steps for one, and the approval that still waits.
    case.app.clock_to("2026-11-21T09:00:00+09:00");
    let (one, two) = (case.app.house().clone(), case.app.another_house());
    let (first, second) = block(async { tokio::join!(one.mail_the_team(), two.mail_the_team()) });
    let queued = first.expect("one") + second.expect("two");
    assert_eq!(queued, 8);
    let mails = case.arrived(queued);
    let mut sent: Vec<_> = mails
        .iter()
        .map(|mail| (mail.to[0].clone(), mail.subject.clone()))
        .collect();
    sent.sort();
    sent.dedup();
    assert_eq!((mails.len(), sent.len()), (8, 8), "{sent:?}");
}

#[test]
fn an_approval_is_asked_for_again_and_near_its_deadline_at_any_hour() {
    let case = Case::new().with_duties().without_digests();
    case.wish(Role::Approver, |wishes| {
        wishes.digest = false;
        wishes.quiet = night();
    });
    case.wish(Role::Administrator, |wishes| {
        wishes.digest = false;
        wishes.approval = false;
    });
    // The last target of the preliminary report: the end of day 5, 24 November.
    case.app.clock_to("2026-11-22T20:00:00+09:00");
    let path = case.hand_in("ppc_preliminary");
    assert_eq!(
        to(&case.arrived(1)),
        ["commander"],
        "the first of the chain"
    );
    assert!(case.tick("2026-11-22T23:59:40+09:00").is_empty());
    // Four hours on: again.
    let mails = case.tick("2026-11-23T00:00:00+09:00");
    assert_eq!(to(&mails), ["commander"]);
    assert!(mails[0].subject.starts_with("【Shodo】承認待ち"));
    let body = mails[0].text.as_deref().expect("text");
    assert!(body.contains("2026年11月24日(火) 23:59"), "{body}");
    // The commander approves in the night; the next of the chain is asked in the morning.
    let version = case.commander().get(&path).ok()["version"].clone();
    let seen = json!({"version": version});
    case.commander()
        .post(&format!("{path}/approval"), seen.clone())
        .ok();
    assert!(case.tick("2026-11-23T01:00:00+09:00").is_empty());
    let mails = case.tick("2026-11-23T07:00:00+09:00");
    assert_eq!(to(&mails), ["approver"]);
    assert!(case.tick("2026-11-23T10:59:00+09:00").is_empty());
    let mails = case.tick("2026-11-23T20:00:00+09:00");
    assert_eq!(to(&mails), ["approver"]);
    // 24 hours before, in the middle of the night: whose turn it is, whatever they wish.
    let mails = case.tick("2026-11-24T00:00:00+09:00");
    assert_eq!(to(&mails), ["approver"]);
    // Down over six hours and one hour before: one mail on return, not two.
    let mails = case.tick("2026-11-24T23:10:00+09:00");
    assert_eq!(to(&mails), ["approver"]);
    case.app
        .script(Role::Approver)
        .post(&format!("{path}/approval"), seen)
        .ok();
    assert!(case.tick("2026-11-25T12:00:00+09:00").is_empty());
}

#[test]
fn an_approval_handed_in_at_night_is_asked_for_in_the_morning() {
    let case = Case::new().without_digests();
    for role in Role::ALL {
        case.wish(*role, |wishes| {
            wishes.digest = false;
            wishes.quiet = night();
        });
    }
    case.app.clock_to("2026-11-20T23:00:00+09:00");
    case.hand_in("customer_email");
    assert!(case.arrived(0).is_empty());
    assert!(case.tick("2026-11-21T06:00:00+09:00").is_empty());
    let mails = case.tick("2026-11-21T07:00:10+09:00");
    assert_eq!(to(&mails), ["commander"]);
    assert!(mails.iter().all(|mail| {
        mail.subject.contains("承認のお願い") || mail.subject.contains("Your approval is needed")
    }));
}

#[test]
fn nobody_reacts_and_the_chain_is_told_step_by_step() {
    let case = Case::new().with_duties().without_digests();
    for role in Role::ALL {
        // The law's clocks do not wait.
        case.wish(*role, |wishes| {
            wishes.digest = false;
            wishes.quiet = Quiet::parse("00:00", "23:59").expect("times");
        });
    }
    let escalations = |mails: Vec<Taken>| {
        let of: Vec<_> = mails
            .into_iter()
            .filter(|mail| {
                mail.subject.contains("対応が確認できません")
                    || mail.subject.contains("No response recorded")
            })
            .collect();
        to(&of).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // Six hours before the end of 21 December.
    assert_eq!(
        to(&case.tick("2026-12-21T18:00:00+09:00")),
        ["admin", "commander", "legal"]
    );
    assert!(case.tick("2026-12-21T18:59:00+09:00").is_empty());
    assert_eq!(
        escalations(case.tick("2026-12-21T19:00:00+09:00")),
        ["commander"]
    );
    assert_eq!(
        escalations(case.tick("2026-12-21T20:00:00+09:00")),
        ["admin", "approver", "legal"]
    );
    // One hour before; somebody notes that they work on it, so nobody above is told.
    case.tick("2026-12-21T23:00:00+09:00");
    case.app.clock_to("2026-12-21T23:05:00+09:00");
    case.app
        .script(Role::Responder)
        .post(
            &case.path("notes"),
            json!({"text": "委員会と電話で調整中です。"}),
        )
        .ok();
    assert!(case.tick("2026-12-21T23:40:00+09:00").is_empty());
    // It passes, the server is down for the night: both levels on return, everybody once.
    case.tick("2026-12-22T00:00:10+09:00");
    assert_eq!(
        escalations(case.tick("2026-12-22T08:00:00+09:00")),
        ["admin", "approver", "commander", "legal"]
    );
    assert!(case.tick("2026-12-22T12:00:00+09:00").is_empty());
}

#[test]
fn the_day_is_told_once_to_each_and_names_nobody_affected() {
    let case = Case::new().with_duties();
    let roster = "name,email\n漏洩 花子,hanako.leaked@example.jp\n";
    case.commander()
        .upload(&case.path("rosters"), &[], "名簿.csv", roster.as_bytes())
        .ok();
    case.wish(Role::Viewer, |wishes| wishes.digest = false);
    case.wish(Role::Legal, |wishes| {
        wishes.quiet = Quiet::parse("22:00", "09:00").expect("times")
    });
    let step = case.steps()[0].clone();
    case.app.clock_to("2026-11-20T11:00:00+09:00");
    case.assign(&step, Role::Responder);
    case.hand_in("customer_email");
    assert_eq!(to(&case.arrived(1)), ["commander"]);
    // The accounts are younger than this morning: the day's mail begins tomorrow.
    assert_eq!(to(&case.tick("2026-11-20T11:00:20+09:00")), ["responder"]);

    let before = case.tick("2026-11-21T08:29:59+09:00");
    assert!(before.iter().all(|mail| !mail.subject.contains("対応状況")));
    // Down at half past eight: on return.
    let mails = case.tick("2026-11-21T08:47:00+09:00");
    assert_eq!(to(&mails), ["admin", "approver", "commander", "responder"]);
    assert_eq!(to(&case.tick("2026-11-21T09:00:00+09:00")), ["legal"]);
    let of = |name: &str| {
        mails
            .iter()
            .find(|mail| mail.to[0].starts_with(name))
            .expect("a mail")
    };
    let responder = of("responder").text.as_deref().expect("text");
    assert!(
        responder.contains(text(&step["title"]["ja"])),
        "{responder}"
    );
    let lines = responder.replace("\r\n", "\n");
    assert!(
        lines.contains("あなたの承認を待つ文書\nありません"),
        "{lines}"
    );
    // Whose turn it is hears of the approval; the approver's turn comes later.
    let approver = of("approver").text.as_deref().expect("text");
    let waiting = of("commander").text.as_deref().expect("text");
    assert!(
        waiting.contains("本人への通知（電子メール）（INC-2026-0001）")
            || waiting.contains("Notice to the people affected (e-mail) (INC-2026-0001)"),
        "{waiting}"
    );
    assert!(!approver.contains("(INC-2026-0001)\n"), "{approver}");
    assert!(approver.contains("21 Dec 2026 (Mon) 23:59"), "{approver}");
    for mail in &mails {
        for part in [&mail.text, &mail.html] {
            let part = part.as_deref().expect("a part");
            assert!(!part.contains("漏洩") && !part.contains("leaked"), "{part}");
            assert!(
                part.contains("INC-2026-0001 会員サイトへの不正アクセス"),
                "{part}"
            );
        }
        assert!(!mail.subject.contains("漏洩"));
    }
    let next: Vec<_> = case
        .tick("2026-11-22T08:30:00+09:00")
        .into_iter()
        .filter(|mail| mail.subject.contains("対応状況") || mail.subject.contains("Where things"))
        .collect();
    assert_eq!(to(&next), ["admin", "approver", "commander", "responder"]);
}

#[test]
fn without_an_open_incident_the_day_is_silent() {
    let app = TestApp::start(DECLARED);
    let case = Case {
        id: String::new(),
        seen: Cell::new(0),
        app,
    };
    assert!(case.tick("2026-11-21T08:30:00+09:00").is_empty());
    case.commander()
        .post("/api/v1/incidents", json!({"title": "午後の宣言"}))
        .ok();
    // What begins later in the day is told by its own mails, and by the next morning's.
    assert!(case.tick("2026-11-21T15:00:00+09:00").is_empty());
    assert_eq!(case.tick("2026-11-22T08:30:00+09:00").len(), 6);
}

#[test]
fn each_mail_has_exactly_one_link() {
    const LINK: &str = "https://shodo.example.jp/the-one-place";
    for message in TeamMessage::ALL {
        for locale in Locale::ALL {
            let variables = message
                .variables()
                .iter()
                .map(|name| match *name {
                    "link" => ("link".to_owned(), LINK.to_owned()),
                    name => (name.to_owned(), name.to_uppercase()),
                })
                .collect();
            let mail = message.render(*locale, &variables).expect("a mail");
            let html = mail.html.expect("HTML");
            assert_eq!(mail.text.matches("://").count(), 1, "{message} {locale}");
            assert_eq!(mail.text.matches(LINK).count(), 1, "{message} {locale}");
            assert_eq!(html.matches("<a ").count(), 1, "{message} {locale}");
            assert_eq!(html.matches("href=").count(), 1, "{message} {locale}");
            assert!(
                html.contains(&format!("href=\"{LINK}\"")),
                "{message} {locale}"
            );
            assert!(!mail.subject.contains("http"), "{message} {locale}");
        }
    }
}

#[test]
fn the_account_page_keeps_wishes_and_says_what_is_wrong() {
    let app = TestApp::start(DECLARED);
    let mut browser = app.signed_in(Role::Responder);
    let page = browser.open("/account").text();
    for name in ["assigned", "approval", "digest"] {
        assert!(
            page.contains(&format!("name=\"{name}\" value=\"on\" checked")),
            "{name}"
        );
    }
    assert!(
        page.contains("法定の期限は"),
        "what cannot be switched off is said"
    );
    let fields = [
        ("assigned", "on"),
        ("quiet_from", "22:00"),
        ("quiet_until", "07:00"),
    ];
    assert_eq!(browser.submit("/account/mail", &fields).status, 303);
    let page = browser.open("/account").text();
    assert!(page.contains("name=\"assigned\" value=\"on\" checked"));
    assert!(!page.contains("name=\"digest\" value=\"on\" checked"));
    assert!(page.contains("value=\"22:00\"") && page.contains("value=\"07:00\""));

    let wrong = [
        ("digest", "on"),
        ("quiet_from", "22:00"),
        ("quiet_until", ""),
    ];
    let refused = browser.submit("/account/mail", &wrong);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(page.contains("22:00 のように"), "{page}");
    assert!(page.contains("name=\"digest\" value=\"on\" checked"));
    assert!(
        !page.contains("name=\"assigned\" value=\"on\" checked"),
        "as it was sent"
    );
    let id = app.account(Role::Responder).clone();
    let kept = app
        .store()
        .read_blocking(move |conn| accounts::mail_wishes(conn, &id))
        .expect("wishes");
    assert!(
        kept.assigned && !kept.digest && kept.quiet.is_some(),
        "{kept:?}"
    );
}

#[test]
fn actions_outlive_their_incident_until_they_are_done() {
    let case = Case::new();
    for role in Role::ALL.iter().filter(|role| **role != Role::Approver) {
        case.wish(*role, |wishes| wishes.digest = false);
    }
    let add = |title: &str, due: &str| {
        let body = json!({"title": title, "owner": "情報システム部", "due_on": due});
        case.commander().post(&case.path("actions"), body).ok()
    };
    let first = add("二段階認証の義務化", "2026-11-27");
    add("委託先の点検", "2026-12-24");
    let version = case.commander().get(case.path("").trim_end_matches('/')).ok()["version"].clone();
    case.commander()
        .put(
            &case.path("state"),
            json!({"state": "closed", "version": version}),
        )
        .ok();
    case.tick("2026-11-20T11:00:00+09:00");
    let told = |at: &str| {
        let mails = case.tick(at);
        let text = mails.first().map(|mail| mail.text.clone().expect("text"));
        text.map(|text| (text.contains("二段階認証"), text.contains("委託先の点検")))
    };
    // A week before its day, and not yet for the other.
    assert_eq!(told("2026-11-21T08:31:00+09:00"), Some((true, false)));
    let board = case.app.signed_in(Role::Viewer).open("/incidents").text();
    assert!(board.contains("href=\"/actions\""), "{board}");
    let listed = || case.app.signed_in(Role::Viewer).open("/actions").text();
    let page = listed();
    assert!(page.contains("二段階認証の義務化") && page.contains("委託先の点検"));
    assert!(!page.contains("期限超過"), "{page}");
    // Past its day it goes on being told.
    assert_eq!(told("2026-12-01T08:31:00+09:00"), Some((true, false)));
    assert!(listed().contains("期限超過 1件"));
    case.commander()
        .put(
            &case.path(&format!("actions/{}", text(&first["id"]))),
            json!({"done": true}),
        )
        .ok();
    assert_eq!(told("2026-12-02T08:31:00+09:00"), None);
    assert!(!listed().contains("二段階認証の義務化"));
}
