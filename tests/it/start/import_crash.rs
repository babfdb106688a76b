//! `kill -9` at random moments of an import: afterwards everybody is there, exactly once.

use std::time::Duration;

use serde_json::{Value, json};
use shodo::kernel::random;

use super::crash::{Api, on};
use super::process::Server;
use crate::support::db::TestDb;

/// Kills on SQLite. On PostgreSQL another server could be at work, so each of ours waits half a minute before it goes on.
const KILLS: usize = 20;
const KILLS_ON_POSTGRES: usize = 1;
const ROWS: usize = 48_000;

/// A roster in which some people stand twice, and some cells are wrong.
fn roster() -> String {
    let mut file = String::from("会員番号,氏名,email,電話,国\n");
    for row in 0..ROWS {
        let person = if row % 9 == 8 { row / 2 } else { row };
        let phone = if row % 50 == 7 {
            "12-34".to_owned()
        } else {
            format!("090{person:08}")
        };
        file.push_str(&format!(
            "A{person},山田 {},u{person}@example.jp,{phone},JP\n",
            person % 3
        ));
    }
    file
}

fn hand_in(api: &Api, address: &str, incident: &str) -> String {
    let line = "----shodo-test";
    let body = format!(
        "--{line}\r\nContent-Disposition: form-data; name=\"wait\"\r\n\r\nno\r\n\
         --{line}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"roster.csv\"\r\nContent-Type: text/csv\r\n\r\n{}\r\n--{line}--\r\n",
        roster()
    );
    let mut answer = api
        .agent
        .post(&format!("{address}/api/v1/incidents/{incident}/rosters"))
        .header("authorization", &format!("Bearer {}", api.token))
        .header(
            "content-type",
            &format!("multipart/form-data; boundary={line}"),
        )
        .send(body)
        .expect("an answer");
    let roster: Value = answer.body_mut().read_json().expect("a roster");
    assert_eq!(answer.status().as_u16(), 201, "{roster}");
    roster["id"].as_str().unwrap().to_owned()
}

fn declare(api: &Api, address: &str) -> String {
    let made = api.post(address, "/incidents", &json!({ "title": "名簿の流出" }));
    let (status, incident) = made.expect("an answer");
    assert_eq!(status, 201, "{incident}");
    incident["id"].as_str().unwrap().to_owned()
}

fn progress(api: &Api, address: &str, incident: &str, roster: &str) -> Value {
    api.get(address, &format!("/incidents/{incident}/rosters/{roster}"))
        .unwrap_or(Value::Null)
}

fn wait_until_imported(api: &Api, address: &str, incident: &str, roster: &str) -> Value {
    for _ in 0..2_400 {
        let now = progress(api, address, incident, roster);
        if now["state"] == "imported" {
            return now;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the import did not end within two minutes");
}

/// What must not depend on interruptions: figures, counts and every problem.
fn outcome(api: &Api, address: &str, incident: &str, roster: &str, done: &Value) -> Value {
    let mut problems = Vec::new();
    loop {
        let path = format!(
            "/incidents/{incident}/rosters/{roster}/problems?limit=1000&after={}",
            problems.len()
        );
        let Some(Value::Array(page)) = api.get(address, &path) else {
            panic!("no problems")
        };
        if page.is_empty() {
            break;
        }
        problems.extend(page.into_iter().map(|mut problem| {
            problem["roster_id"] = Value::Null;
            problem
        }));
    }
    let counts = api.get(address, &format!("/incidents/{incident}/people/counts"));
    json!({
        "rows": done["rows"], "people_added": done["people_added"],
        "duplicates": done["duplicates"], "problem_count": done["problem_count"],
        "conflict_count": done["conflict_count"], "problems": problems, "counts": counts,
    })
}

#[test]
fn a_kill_during_an_import_changes_nothing_of_its_outcome() {
    let db = TestDb::unmigrated();
    let api = Api::on(&db);
    let mut server = Server::start(on(&db, &["serve"]));
    let whole = declare(&api, &server.address);
    let id = hand_in(&api, &server.address, &whole);
    let done = wait_until_imported(&api, &server.address, &whole, &id);
    let expected = outcome(&api, &server.address, &whole, &id, &done);
    assert_eq!(expected["rows"], ROWS);

    let mut incident = declare(&api, &server.address);
    let mut id = hand_in(&api, &server.address, &incident);
    let kills = if db.is_postgres() {
        KILLS_ON_POSTGRES
    } else {
        KILLS
    };
    let mut met = 0;
    for _ in 0..kills * 5 {
        let [low, high] = random::bytes::<2>();
        std::thread::sleep(Duration::from_millis(
            u64::from(low) * 2 + u64::from(high) / 8,
        ));
        let seen = progress(&api, &server.address, &incident, &id);
        if seen["state"] == "imported" {
            let now = outcome(&api, &server.address, &incident, &id, &seen);
            assert_eq!(now, expected, "after {met} kills");
            incident = declare(&api, &server.address);
            id = hand_in(&api, &server.address, &incident);
            continue;
        }
        server.kill();
        server = Server::start(on(&db, &["serve"]));
        met += 1;
        if met == kills {
            break;
        }
    }
    assert_eq!(met, kills, "kills that met a running import");
    let done = wait_until_imported(&api, &server.address, &incident, &id);
    assert_eq!(
        outcome(&api, &server.address, &incident, &id, &done),
        expected
    );
    server.kill();
}
