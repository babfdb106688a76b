//! Several people act at the same instant, on one server or several: one of them wins, once.

use std::sync::Barrier;

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Reply, TestApp};

const AT_ONCE: usize = 6;

#[test]
fn a_notice_goes_out_once_however_many_send_it() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let (admin, commander, legal, approver) = (
        app.script(Role::Administrator),
        app.script(Role::Commander),
        app.script(Role::Legal),
        app.script(Role::Approver),
    );
    let organisation = json!({
        "name_ja": "見本", "desk_name_ja": "窓口", "desk_email": "desk@shop.example.jp",
    });
    admin.put("/api/v1/organisation", organisation).ok();

    // Numbers of incidents: none twice, none left out.
    let declared = at_once(|place| {
        commander.post("/api/v1/incidents", json!({"title": format!("件 {place}")}))
    });
    let mut numbers: Vec<_> = declared
        .iter()
        .map(|reply| text(&reply.ok()["number"]))
        .collect();
    numbers.sort();
    let expected: Vec<_> = (1..=AT_ONCE).map(|n| format!("INC-2026-{n:04}")).collect();
    assert_eq!(numbers, expected);
    let case = format!("/api/v1/incidents/{}", text(&declared[0].ok()["id"]));

    // Answers: all are in the history, one stands.
    at_once(|place| {
        let path = format!("{case}/facts/people_affected");
        commander.put(&path, json!({"known": {"exactly": place}}))
    })
    .iter()
    .for_each(|reply| drop(reply.ok()));
    let facts = commander.get(&format!("{case}/facts")).ok();
    let people = facts
        .as_array()
        .expect("facts")
        .iter()
        .find(|fact| fact["key"] == "people_affected")
        .expect("the question");
    let history = people["history"].as_array().expect("a history");
    assert_eq!(history.len(), AT_ONCE);
    let standing = |answer: &&Value| answer["superseded_at"].is_null();
    assert_eq!(history.iter().filter(standing).count(), 1);

    // The same roster from several browsers: everybody once.
    let roster = "name,email\nA,a@example.jp\nB,b@example.jp\n";
    at_once(|_| commander.upload(&format!("{case}/rosters"), &[], "r.csv", roster.as_bytes()))
        .iter()
        .for_each(|reply| drop(reply.ok()));
    let counts = commander.get(&format!("{case}/people/counts")).ok();
    assert_eq!(counts["people"], 2);

    // Submission, approval and sending: one each.
    let notice = commander
        .post(
            &format!("{case}/notices"),
            json!({"kind": "customer_email"}),
        )
        .ok();
    let path = format!("{case}/notices/{}", text(&notice["id"]));
    let content = json!({
        "subject": {"ja": "お知らせ", "en": "Notice"},
        "body": {"ja": "{{salutation}}\n\nお知らせします。", "en": "{{salutation}}\n\nWe tell you."},
    });
    commander
        .put(&path, json!({"content": content, "version": 1}))
        .ok();
    commander.answer_warnings(&path);
    one_wins(&at_once(|_| {
        commander.post(&format!("{path}/submission"), json!({"version": 2}))
    }));
    one_wins(&at_once(|_| {
        legal.post(&format!("{path}/approval"), json!({"version": 2}))
    }));
    one_wins(&at_once(|_| {
        approver.post(&format!("{path}/approval"), json!({"version": 2}))
    }));
    one_wins(&at_once(|_| {
        commander.post(&format!("{path}/dispatch"), json!({"confirmed": 2}))
    }));
    let sendings = commander.get(&format!("{case}/dispatches")).ok();
    assert_eq!(sendings.as_array().expect("a list").len(), 1);
    // Approvers were asked once: the commander's own address is not among them.
    let to_people = |mails: &[crate::support::smtp::Taken]| {
        mails
            .iter()
            .filter(|mail| !mail.to[0].ends_with("@shop.example.jp"))
            .count()
    };
    for _ in 0..100 {
        if to_people(&app.sink.taken()) >= 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(to_people(&app.mails(1)), 2);

    // Nothing of all this broke a chain.
    let verdict = commander.get("/api/v1/timeline/verification").ok();
    assert_eq!(verdict["findings"], json!([]));
}

/// Lets several threads ask at the same instant.
fn at_once(ask: impl Fn(usize) -> Reply + Sync) -> Vec<Reply> {
    let barrier = Barrier::new(AT_ONCE);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|place| {
                let (ask, barrier) = (&ask, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    ask(place)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    })
}

/// One was taken, and every other was told that the state does not allow it any more.
#[track_caller]
fn one_wins(replies: &[Reply]) {
    let taken = replies.iter().filter(|reply| reply.status < 300).count();
    let told: Vec<_> = replies.iter().map(Reply::text).collect();
    assert_eq!(taken, 1, "{told:#?}");
    for reply in replies.iter().filter(|reply| reply.status >= 300) {
        assert_eq!(reply.status, 409, "{}", reply.text());
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
