//! The timeline is searched, entries are chosen for the report, files are put to entries.

use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::timeline::{self, Actor, Event, Filter, Group, Kind, Order};

use crate::support::app::{Script, TestApp};
use crate::support::db::TestDb;

const INCIDENT: &str = "0192f0c0-0000-7000-8000-00000000000a";

fn declared(api: &Script) -> String {
    let incident = api
        .post("/api/v1/incidents", json!({"title": "見本の件"}))
        .ok();
    format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap())
}

fn note(api: &Script, case: &str, text: &str, at: &str, decision: bool) {
    let body = json!({"text": text, "decision": decision, "occurred_at": at});
    api.post(&format!("{case}/notes"), body).ok();
}

/// The texts of what a query of the timeline finds, notes without their heads.
fn found(api: &Script, case: &str, query: &str) -> Vec<String> {
    let entries = api.get(&format!("{case}/timeline?{query}")).ok();
    let entries = entries.as_array().unwrap().iter();
    entries
        .map(|entry| entry["text"]["en"].as_str().unwrap().to_owned())
        .collect()
}

fn number_of(api: &Script, case: &str, text: &str) -> i64 {
    let entries = api.get(&format!("{case}/timeline?group=notes")).ok();
    let entry = entries
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["text"]["en"].as_str().unwrap().contains(text))
        .unwrap()
        .clone();
    entry["seq"].as_i64().unwrap()
}

#[test]
fn the_timeline_is_narrowed_and_ordered_by_the_database() {
    let app = TestApp::start("2026-11-20T12:00:00+09:00");
    let (commander, legal) = (app.script(Role::Commander), app.script(Role::Legal));
    let case = declared(&commander);
    note(
        &commander,
        &case,
        "Third: 100% sure",
        "2026-11-20T09:00:00+09:00",
        false,
    );
    note(&legal, &case, "First", "2026-11-18T00:00:00+09:00", true);
    note(
        &commander,
        &case,
        "Second: Ｘ社へ連絡",
        "2026-11-19T23:59:59+09:00",
        false,
    );

    // By group and kind.
    let recorded = ["Second: Ｘ社へ連絡", "Decision: First", "Third: 100% sure"];
    assert_eq!(found(&legal, &case, "group=notes"), recorded);
    assert_eq!(
        found(&legal, &case, "group=notes&kind=decision.recorded"),
        ["Decision: First"]
    );
    assert!(found(&legal, &case, "group=steps&kind=note.added").is_empty());
    assert_eq!(found(&legal, &case, "kind=incident.declared").len(), 1);

    // By what happened when, and in that order.
    let course = ["Decision: First", "Second: Ｘ社へ連絡", "Third: 100% sure"];
    assert_eq!(found(&legal, &case, "group=notes&order=course"), course);
    let mut backwards = course;
    backwards.reverse();
    assert_eq!(
        found(&legal, &case, "group=notes&order=occurred"),
        backwards
    );
    assert_eq!(
        found(&legal, &case, "group=notes&from=2026-11-19&to=2026-11-19"),
        ["Second: Ｘ社へ連絡"]
    );
    assert_eq!(
        found(&legal, &case, "group=notes&to=2026-11-18"),
        ["Decision: First"]
    );

    // By who, with the server as somebody.
    let person = app.account(Role::Legal).to_string();
    assert_eq!(
        found(&legal, &case, &format!("person={person}")),
        ["Decision: First"]
    );
    let all = found(&legal, &case, "limit=1000").len();
    let mine = found(
        &legal,
        &case,
        &format!("person={}", app.account(Role::Commander)),
    )
    .len();
    let servers = found(&legal, &case, "person=system").len();
    assert_eq!(all, mine + servers + 1);

    // By text: of either case, with the signs that LIKE knows, never by the names of variables.
    assert_eq!(found(&legal, &case, "text=SECOND"), ["Second: Ｘ社へ連絡"]);
    assert_eq!(
        found(&legal, &case, "text=%EF%BC%B8%E7%A4%BE"),
        ["Second: Ｘ社へ連絡"]
    );
    assert_eq!(found(&legal, &case, "text=0%25%20s"), ["Third: 100% sure"]);
    assert!(found(&legal, &case, "text=0_%20s").is_empty());
    assert!(found(&legal, &case, "text=text&group=notes").is_empty());

    // Pages of two in each order, one after the other, give what one page gives.
    for order in ["recorded", "occurred", "course"] {
        let whole = found(&legal, &case, &format!("order={order}&limit=1000"));
        let (mut pages, mut behind) = (Vec::new(), String::new());
        loop {
            let path = format!("{case}/timeline?order={order}&limit=2{behind}");
            let page = legal.get(&path).ok();
            let page = page.as_array().unwrap().clone();
            let Some(last) = page.last() else { break };
            behind = format!("&before={}", last["seq"]);
            let text = |entry: &Value| entry["text"]["en"].as_str().unwrap().to_owned();
            pages.extend(page.iter().map(text));
        }
        assert_eq!(pages, whole, "{order}");
    }

    // What is none is named.
    for (query, field) in [
        ("from=2026-13-01", "from"),
        ("to=x", "to"),
        ("evidence=1", "evidence"),
    ] {
        let problem = legal.get(&format!("{case}/timeline?{query}"));
        let problem = problem.problem("invalid-input");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    legal
        .get(&format!("{case}/timeline?order=course&before=9999"))
        .problem("not-found");
    legal
        .get(&format!("{case}/timeline?group=everything"))
        .problem("malformed-body");
}

#[test]
fn entries_are_chosen_for_the_report_and_carry_files() {
    let app = TestApp::start("2026-11-20T12:00:00+09:00");
    let (commander, viewer) = (app.script(Role::Commander), app.script(Role::Viewer));
    let case = declared(&commander);
    note(
        &commander,
        &case,
        "Door found open",
        "2026-11-19T08:00:00+09:00",
        false,
    );
    note(
        &commander,
        &case,
        "Camera switched off",
        "2026-11-18T08:00:00+09:00",
        false,
    );
    let sealed = commander.upload(&format!("{case}/evidence"), &[], "door.txt", b"open");
    let sealed = sealed.ok();
    let file = sealed["evidence"]["id"]
        .as_str()
        .or(sealed["id"].as_str())
        .unwrap()
        .to_owned();
    let (door, camera) = (
        number_of(&commander, &case, "Door"),
        number_of(&commander, &case, "Camera"),
    );
    let pin = |seq: i64| format!("{case}/timeline/{seq}/pin");
    let attached = |seq: i64| format!("{case}/timeline/{seq}/evidence/{file}");

    // Who may only look chooses nothing; an entry that is not there cannot be chosen.
    viewer.put(&pin(door), json!({})).problem("forbidden");
    viewer.put(&attached(door), json!({})).problem("forbidden");
    commander.put(&pin(9_999), json!({})).problem("not-found");
    commander
        .put(&attached(9_999), json!({}))
        .problem("not-found");

    // Twice chosen is chosen once, and told once.
    commander.put(&pin(door), json!({})).ok();
    commander.put(&pin(door), json!({})).ok();
    commander.put(&pin(camera), json!({})).ok();
    assert_eq!(
        found(&viewer, &case, "pinned=true&order=course"),
        ["Camera switched off", "Door found open"]
    );
    let told = found(&viewer, &case, "kind=timeline.pinned");
    assert_eq!(told.len(), 2, "{told:?}");
    commander.send("DELETE", &pin(camera), None).ok();
    commander.send("DELETE", &pin(camera), None).ok();
    assert_eq!(found(&viewer, &case, "pinned=true"), ["Door found open"]);
    assert_eq!(found(&viewer, &case, "kind=timeline.unpinned").len(), 1);

    // A file of this incident belongs to an entry of this incident.
    commander.put(&attached(door), json!({})).ok();
    commander.put(&attached(door), json!({})).ok();
    let other = declared(&commander);
    commander
        .put(&format!("{other}/timeline/1/evidence/{file}"), json!({}))
        .problem("not-found");
    let entry = viewer.get(&format!("{case}/timeline/{door}")).ok();
    assert_eq!(entry["evidence"], json!([{"id": file, "name": "door.txt"}]));
    assert_eq!(entry["pinned"], true);
    for query in ["evidence=any", &format!("evidence={file}")] {
        assert_eq!(found(&viewer, &case, query), ["Door found open"]);
    }

    // The page shows both, and its buttons do what the API does.
    let mut browser = app.signed_in(Role::Commander);
    let page = case.replace("/api/v1", "");
    let shown = browser.open(&format!("{page}/timeline?view=report")).text();
    assert!(shown.contains("Door found open") && shown.contains("door.txt"));
    assert!(!shown.contains("Camera switched off"));
    let back = [
        ("pinned", "yes"),
        ("back", "?group=notes&order=course&evil=//x"),
    ];
    let reply = browser.submit(&format!("{page}/timeline/{camera}/pin"), &back);
    assert_eq!(reply.status, 303);
    assert_eq!(
        reply.header("location"),
        format!("{page}/timeline?group=notes&order=course#entry-{camera}")
    );
    let shown = browser.open(&format!("{page}/timeline?view=report")).text();
    let place = |text: &str| shown.find(text).expect(text);
    assert!(place("Camera switched off") < place("Door found open"));
    browser.open(&format!("{page}/timeline/{camera}"));
    let path = format!("{page}/timeline/{camera}/evidence");
    let reply = browser.submit(&path, &[("evidence", &file)]);
    assert_eq!(reply.status, 303);
    assert_eq!(found(&viewer, &case, "evidence=any").len(), 2);
    browser.open(&format!("{page}/timeline/{camera}"));
    browser.submit(&path, &[("evidence", &file), ("detach", "yes")]);
    assert_eq!(found(&viewer, &case, "evidence=any"), ["Door found open"]);

    // Nothing of this touched the chain.
    let verdict = viewer.get("/api/v1/timeline/verification").ok();
    assert_eq!(verdict["intact"], true, "{verdict}");
}

#[test]
fn a_note_is_corrected_by_a_new_entry_and_both_stay() {
    let app = TestApp::start("2026-11-20T12:00:00+09:00");
    let (commander, viewer) = (app.script(Role::Commander), app.script(Role::Viewer));
    let case = declared(&commander);
    note(
        &commander,
        &case,
        "Locked at 9",
        "2026-11-19T09:00:00+09:00",
        true,
    );
    let old = number_of(&commander, &case, "Locked");
    let path = |seq: i64| format!("{case}/timeline/{seq}/correction");
    let said = |text: &str| json!({"text": text});
    viewer.post(&path(old), said("x")).problem("forbidden");
    commander
        .post(&path(old), said(" "))
        .problem("invalid-input");
    commander
        .post(
            &path(old),
            json!({"text": "x", "occurred_at": "2026-11-20T12:00:01+09:00"}),
        )
        .problem("invalid-input");
    commander.post(&path(9_999), said("x")).problem("not-found");
    // What nobody wrote by hand is no note to be corrected.
    commander.post(&path(1), said("x")).problem("wrong-state");

    commander.post(&path(old), said("Locked at 10")).ok();
    let newer = number_of(&commander, &case, "Locked at 10");
    let entry = |seq: i64| viewer.get(&format!("{case}/timeline/{seq}")).ok();
    let (before, after) = (entry(old), entry(newer));
    assert_eq!(before["corrected_by"], newer);
    assert_eq!(before["text"]["en"], "Decision: Locked at 9");
    assert_eq!(after["corrects"], old);
    assert_eq!(after["kind"], "decision.recorded");
    assert_eq!(after["occurred_at"], before["occurred_at"]);
    let words = format!("Decision: Locked at 10 (corrects entry {old})");
    assert_eq!(after["text"]["en"], words.as_str());
    // The one that stands now is corrected next, never the same twice.
    commander
        .post(&path(old), said("Locked at 11"))
        .problem("edit-conflict");
    let mut browser = app.signed_in(Role::Commander);
    let page = case.replace("/api/v1", "");
    browser.open(&format!("{page}/timeline/{newer}"));
    let reply = browser.submit(
        &format!("{page}/timeline/{newer}/correction"),
        &[
            ("text", "Locked at 11"),
            ("occurred_at", "2026-11-19T11:00"),
        ],
    );
    assert_eq!(reply.status, 303);
    let last = entry(newer + 1);
    assert_eq!(last["corrects"], newer);
    assert_eq!(last["occurred_at"], "2026-11-19T02:00:00Z");
    let shown = browser.open(&format!("{page}/timeline")).text();
    assert!(shown.contains(&format!("記録{old}の訂正")));
    assert_eq!(
        viewer.get("/api/v1/timeline/verification").ok()["intact"],
        true
    );
}

#[test]
fn a_page_of_ten_thousand_entries_is_as_quick_as_one_of_a_hundred() {
    let db = TestDb::new();
    let few = INCIDENT.replace("00a", "00b");
    for (incident, entries) in [(INCIDENT, 10_000), (few.as_str(), 100)] {
        fill(&db, incident, entries);
    }
    let filters = [
        Filter::default(),
        Filter {
            group: Some(Group::Notes),
            ..Filter::default()
        },
        Filter {
            actor: Some("system".to_owned()),
            ..Filter::default()
        },
        Filter {
            text: Some("note".to_owned()),
            ..Filter::default()
        },
    ];
    for filter in filters {
        for order in Order::ALL {
            let page = |incident: &str, behind| {
                let begun = Instant::now();
                let found = db
                    .store()
                    .read_blocking(|conn| {
                        timeline::find(conn, incident, &filter, *order, Some(behind), 50)
                    })
                    .unwrap();
                assert!(found.entries.len() >= 49, "{}", found.entries.len());
                begun.elapsed()
            };
            // The quickest of some: a busy machine makes the others longer, never this one shorter.
            let quickest = |incident: &str, middle: i64| {
                let times = (0..15).map(|_| page(incident, middle));
                times.min().unwrap_or_default()
            };
            let (many, few) = (quickest(INCIDENT, 5_000), quickest(&few, 50));
            // A scan of thousands takes many times as long.
            assert!(
                many < few * 5 + Duration::from_millis(5),
                "{order} {filter:?}: {many:?} at 10,000, {few:?} at 100"
            );
        }
    }
}

/// So many entries of one incident: copies of the first with their own number, id and time.
fn fill(db: &TestDb, incident: &str, entries: i64) {
    let incident_id = incident.to_owned();
    let (tail, last) = incident.split_at(incident.len() - 12);
    let base = 100_000_000_000 * i64::from(last.ends_with('a')) + 100_000_000_000;
    let copies = format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST(2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {entries})
         INSERT INTO timeline_entries (incident_id, seq, id, kind, actor, occurred_at, recorded_at,
             salt, payload, commitment, prev_hash, hash)
         SELECT e.incident_id, n.i, '{tail}' || CAST({base} + n.i AS TEXT), e.kind, e.actor,
             e.occurred_at + n.i * 60000000, e.recorded_at + n.i * 60000000,
             e.salt, e.payload, e.commitment, e.prev_hash, e.hash
         FROM n, timeline_entries e WHERE e.incident_id = '{incident}' AND e.seq = 1"
    );
    db.store()
        .write_blocking(move |tx| {
            let now = "2026-11-20T03:00:00Z".parse().unwrap();
            let event = Event {
                incident_id: &incident_id,
                kind: Kind::Note,
                actor: &Actor::SYSTEM,
                occurred_at: None,
                payload: json!({"text": "a note of some length, as people write them on the day"}),
            };
            timeline::append(tx, now, event)?;
            diesel::sql_query(copies).execute(tx)?;
            // As the database does by itself after a while: it must know how much there is.
            Ok(diesel::sql_query("ANALYZE timeline_entries").execute(tx)?)
        })
        .unwrap();
}
