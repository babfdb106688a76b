//! The clocks of all open incidents: list, month, and the feed that calendars read.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shodo::accounts::{self, Role, can};

use crate::support::app::{Reply, TestApp};

const NOW: &str = "2026-11-20T10:00:00+09:00";
/// Titles and statements may name people; the feed holds neither.
const SHOP: &str = "山田花子さん名義の不正ログイン";
const FAIR: &str = "欧州展示会の名簿の紛失";
const TEAM: &str = "営業部 鈴木一郎";

const FINAL: &str = "個人情報保護委員会への確報";
const AUTHORITY: &str = "監督機関への通知";

/// One component of a feed: its properties without parameters.
type Component = BTreeMap<String, String>;

#[test]
fn the_list_shows_all_incidents_the_soonest_first() {
    let app = TestApp::start(NOW);
    let (shop, fair) = (shop(&app), fair(&app));
    let mut browser = app.signed_in(Role::Viewer);
    let page = browser.open("/clocks").text();
    let list = list(&page);
    // 72 hours after becoming aware (GDPR art. 33) come before day 30, moved to Monday (APPI).
    let soon = list.find(AUTHORITY).expect("the supervisory authority");
    let late = list.find(FINAL).expect("the final report");
    assert!(soon < late, "{list}");
    assert!(list.contains(SHOP) && list.contains(FAIR));
    assert!(
        list.contains("2026年11月22日(日) 09:00（日本時間）"),
        "{list}"
    );
    assert!(
        list.contains("2026年12月21日(月)の終わりまで（日本時間）"),
        "{list}"
    );
    assert!(list.contains(&format!(
        "/incidents/{shop}/authorities#jp-appi-final-report"
    )));
    assert!(list.contains("<li class=\"deadline") && list.contains("<li class=\"target"));

    let targets = browser.open("/clocks?kind=target").text();
    assert!(!self::list(&targets).contains("<li class=\"deadline"));
    assert!(self::list(&targets).contains("<li class=\"target"));
    let one = browser.open(&format!("/clocks?incident={fair}")).text();
    assert!(self::list(&one).contains(AUTHORITY));
    assert!(!self::list(&one).contains(&format!("/incidents/{shop}")));
    let none = browser.open("/clocks?incident=nothing").text();
    assert!(self::list(&none).contains("条件に合う期限はありません"));
}

#[test]
fn a_clock_is_marked_while_its_duty_is_open_and_goes_when_it_is_met() {
    let app = TestApp::start(NOW);
    let fair = fair(&app);
    let mut browser = app.signed_in(Role::Legal);
    let mut row = || {
        let page = browser.open("/clocks").text();
        let list = list(&page).to_owned();
        let rows = list.split("<li class=").skip(1);
        rows.into_iter()
            .find(|row| row.contains(AUTHORITY))
            .map(str::to_owned)
    };
    assert!(row().expect("a row").contains("義務が生じる場合"));
    answer(&app, &fair, "gdpr_risk", json!("risk"));
    assert!(!row().expect("a row").contains("義務が生じる場合"));
    app.script(Role::Legal)
        .post(
            &format!("/api/v1/incidents/{fair}/filings"),
            json!({"duty_id": "eu-gdpr/notify-authority", "filed_at": "2026-11-20T09:59:00+09:00", "receipt": "R-1"}),
        )
        .ok();
    assert_eq!(row(), None, "it was met");
}

#[test]
fn a_month_shows_dues_holidays_and_closed_days() {
    let app = TestApp::start(NOW);
    let shop = shop(&app);
    let mut browser = app.signed_in(Role::Viewer);
    let november = browser.open("/clocks/calendar").text();
    assert!(november.contains("2026年11月</h2>") && november.contains("勤労感謝の日"));
    assert!(november.contains("/clocks/calendar?month&#x3D;2026-12"));
    assert!(november.contains("期限なし"), "an empty day says so");
    let december = browser.open("/clocks/calendar?month=2026-12").text();
    assert!(december.contains("年末年始の休日") && december.contains("閉庁日"));
    assert!(december.contains(&format!(
        "/incidents/{shop}/authorities#jp-appi-final-report"
    )));
    assert!(!december.contains("この月に期限はありません"));
    let far = browser.open("/clocks/calendar?month=2030-05").text();
    assert!(far.contains("この月に期限はありません") && far.contains("まだ公表されていません"));
    let odd = browser.open("/clocks/calendar?month=2026-99").text();
    assert!(odd.contains("2026年11月</h2>"));
}

#[test]
fn without_incidents_the_pages_say_so() {
    let app = TestApp::start(NOW);
    let mut browser = app.signed_in(Role::Viewer);
    let list = browser.open("/clocks").text();
    assert!(list.contains("進行中の期限はありません"), "{list}");
    let month = browser.open("/clocks/calendar").text();
    assert!(month.contains("この月に期限はありません"));
    let feed = feed_of(&app, Role::Viewer);
    let text = app.browser().open(&feed).text();
    assert!(components(&text, "VEVENT").is_empty());
    // A calendar holds at least one component (RFC 5545, 3.6).
    assert_eq!(components(&text, "VTIMEZONE").len(), 1);
}

#[test]
fn the_feed_holds_each_due_point_and_nothing_about_people() {
    let app = TestApp::start(NOW);
    let (shop, fair) = (shop(&app), fair(&app));
    let address = feed_of(&app, Role::Legal);
    let reply = app.browser().open(&address);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "private, no-store");
    assert_eq!(
        reply.header("set-cookie"),
        "",
        "it needs no session, and begins none"
    );
    let text = reply.text();
    let unfolded = text.replace("\r\n ", "");
    for personal in [SHOP, FAIR, TEAM, "山田", "鈴木", "法務 令", "会員番号"] {
        assert!(!unfolded.contains(personal), "{personal} in the feed");
    }
    let events = components(&text, "VEVENT");
    let mut uids: Vec<_> = events.iter().map(|event| event["UID"].clone()).collect();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), events.len(), "each event has a name of its own");

    let last = of(&events, &format!("{shop}-jp-appi-final-report"));
    assert_eq!(
        (&*last["DTSTART"], &*last["DTEND"]),
        ("20261221", "20261222")
    );
    assert_eq!(last["SUMMARY"], format!("INC-2026-0001 {FINAL}（期限）"));
    assert_eq!(
        (&*last["STATUS"], &*last["TRIGGER"]),
        ("CONFIRMED", "-PT15H")
    );
    let about = &last["DESCRIPTION"];
    assert!(
        about.contains("8条2項") && about.contains("https://"),
        "{about}"
    );
    assert!(about.contains(&format!(
        "/incidents/{shop}/authorities#jp-appi-final-report"
    )));
    assert!(unfolded.contains("DTSTART;VALUE=DATE:20261221\r\n"));

    let hours = of(&events, &format!("{fair}-eu-gdpr-notify-authority"));
    assert_eq!(hours["DTSTART"], "20261122T000000Z");
    assert_eq!(
        (&*hours["STATUS"], &*hours["TRIGGER"]),
        ("TENTATIVE", "-P1D")
    );
    let target = events
        .iter()
        .find(|event| event["SUMMARY"].contains("目安"))
        .expect("a target");
    assert!(!target.contains_key("TRIGGER"), "a target rings no bell");

    // The same names at another time, so that calendars update what they have.
    app.clock_to("2026-11-20T12:00:00+09:00");
    let again = components(&app.browser().open(&address).text(), "VEVENT");
    let names = |events: &[Component]| -> Vec<String> {
        events.iter().map(|event| event["UID"].clone()).collect()
    };
    assert_eq!(names(&again), names(&events));

    // The language is the account's, whatever the browser asks for.
    let english = app.browser().open(&feed_of(&app, Role::Approver)).text();
    let last = components(&english, "VEVENT");
    let last = of(&last, &format!("{shop}-jp-appi-final-report"));
    assert!(last["SUMMARY"].starts_with("INC-2026-0001 Final report"));
    assert!(
        last["SUMMARY"].ends_with("(Deadline)"),
        "{}",
        last["SUMMARY"]
    );
}

#[test]
fn an_address_opens_nothing_once_it_was_replaced_removed_or_its_owner_disabled() {
    let app = TestApp::start(NOW);
    shop(&app);
    let opened = |address: &str| app.browser().open(address);
    let unknown = opened(&format!("/feeds/{}.ics", "A".repeat(43)));
    let refused = |address: &str| {
        let reply = opened(address);
        assert_eq!(shape(&reply), shape(&unknown), "{address}");
    };
    assert_eq!((unknown.status, unknown.bytes.len()), (404, 0));
    refused("/feeds/short.ics");

    let first = feed_of(&app, Role::Legal);
    assert_eq!(first.len(), "/feeds/.ics".len() + 43, "256 bits");
    assert_eq!(opened(&first).status, 200);
    let second = feed_of(&app, Role::Legal);
    refused(&first);
    assert_eq!(opened(&second).status, 200);

    let mut browser = app.signed_in(Role::Legal);
    let page = browser.open("/account").text();
    assert!(
        page.contains("最終取得") && !page.contains("/feeds/"),
        "shown once"
    );
    assert_eq!(browser.submit("/account/feed/remove", &[]).status, 303);
    refused(&second);
    browser.open("/account");
    assert_eq!(browser.submit("/account/feed/remove", &[]).status, 404);

    let third = feed_of(&app, Role::Legal);
    let now = app.house().clock.now();
    let set = |disabled: bool| {
        app.store()
            .write_blocking(|tx| {
                let admin = accounts::get(tx, app.account(Role::Administrator))?.actor();
                let by = admin.grant::<can::ManageAccounts>()?;
                if disabled {
                    accounts::disable(tx, &by, now, app.account(Role::Legal))
                } else {
                    accounts::enable(tx, &by, app.account(Role::Legal))
                }
            })
            .expect("an administrator may");
    };
    set(true);
    refused(&third);
    set(false);
    assert_eq!(opened(&third).status, 200);
}

/// An incident under Japan's law alone: its day-30 deadline is certain.
fn shop(app: &TestApp) -> String {
    let id = declare(
        app,
        SHOP,
        json!({"any_department_knew": moment("2026-11-20T09:20:00+09:00")}),
    );
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["leak"])),
        ("people_affected", json!({"exactly": 1_001})),
        ("protection", json!("not_protected")),
        ("our_role", json!("own_data")),
    ] {
        answer(app, &id, key, value);
    }
    id
}

/// An incident of an establishment in Germany whose risk nobody has judged yet.
fn fair(app: &TestApp) -> String {
    let id = declare(
        app,
        FAIR,
        json!({"aware": moment("2026-11-19T09:00:00+09:00")}),
    );
    for (key, value) in [
        ("personal_data_involved", json!(true)),
        ("breach_nature", json!(["loss"])),
        ("our_role", json!("own_data")),
        ("established_in", json!(["DE"])),
    ] {
        answer(app, &id, key, value);
    }
    id
}

fn moment(at: &str) -> Value {
    json!({"at": at, "said_by": TEAM})
}

fn declare(app: &TestApp, title: &str, starts: Value) -> String {
    let body = json!({"title": title, "clock_starts": starts});
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

/// Makes the person's feed on the account's page, and gives the path of its address.
fn feed_of(app: &TestApp, role: Role) -> String {
    let mut browser = app.signed_in(role);
    browser.open("/account");
    let page = browser.submit("/account/feed", &[]);
    assert_eq!(page.status, 200);
    let page = page.text();
    let address = page
        .split("id=\"feed-address\">")
        .nth(1)
        .expect("the address");
    let address = address.split('<').next().unwrap_or_default();
    let path = address.find("/feeds/").expect("a path");
    address[path..].to_owned()
}

/// The part of the page with the rows: the filter names every incident.
fn list(page: &str) -> &str {
    page.split("id=\"clocks\"").nth(1).expect("the list")
}

/// What a caller may learn from an answer: status, body, and headers but time and request.
fn shape(reply: &Reply) -> (u16, Vec<u8>, BTreeMap<String, String>) {
    let headers = reply
        .headers
        .keys()
        .map(|name| (name.to_string(), reply.header(name.as_str()).to_owned()))
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .collect();
    (reply.status, reply.bytes.clone(), headers)
}

/// Reads the components of a kind as RFC 5545 folds and escapes them.
fn components(feed: &str, kind: &str) -> Vec<Component> {
    assert!(feed.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    assert!(feed.ends_with("END:VCALENDAR\r\n"));
    for line in feed.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line}");
    }
    let unfolded = feed.replace("\r\n ", "");
    let whole = format!("BEGIN:{kind}\r\n");
    let end = format!("END:{kind}\r\n");
    unfolded
        .split(&whole)
        .skip(1)
        .map(|rest| rest.split(&end).next().unwrap_or_default())
        .map(|body| {
            let mut read = Component::new();
            for line in body.split_terminator("\r\n") {
                let (name, value) = line.split_once(':').expect("a property");
                let name = name.split(';').next().unwrap_or_default();
                // The alarm's own description follows the event's.
                read.entry(name.to_owned())
                    .or_insert_with(|| unescaped(value));
            }
            read
        })
        .collect()
}

fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut escaped = false;
    for character in value.chars() {
        match (escaped, character) {
            (false, '\\') => {
                escaped = true;
                continue;
            }
            (true, 'n') => out.push('\n'),
            (true, other) => {
                assert!(matches!(other, '\\' | ';' | ','), "\\{other} in {value}");
                out.push(other);
            }
            (false, other) => out.push(other),
        }
        escaped = false;
    }
    out
}

fn of<'a>(events: &'a [Component], name: &str) -> &'a Component {
    let found = events.iter().find(|event| event["UID"].starts_with(name));
    found.unwrap_or_else(|| panic!("no {name} in {events:#?}"))
}
