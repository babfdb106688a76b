//! `kill -9` in the middle of writing: what was acknowledged is there afterwards.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::process::{Server, printed, run, shodo, text};
use crate::support::db::TestDb;

const ROUNDS: u32 = 4;
const WRITERS: u32 = 3;

#[test]
fn a_kill_during_writes_loses_nothing_that_was_acknowledged() {
    let db = TestDb::unmigrated();
    let folder = db.folder();
    let api = Api::on(&db);

    let server = Server::start(on(&db, &["serve"]));
    let made = api.post(
        &server.address,
        "/incidents",
        &json!({ "title": "名簿の誤送信" }),
    );
    let (status, incident) = made.expect("an answer");
    assert_eq!(status, 201, "{incident}");
    let notes = format!("/incidents/{}/notes", incident["id"].as_str().unwrap());
    assert!(server.terminate().0.success());

    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for round in 0..ROUNDS {
        let server = Server::start(on(&db, &["serve"]));
        let before = acknowledged.lock().unwrap().len();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (api, address, notes) = (api.clone(), server.address.clone(), notes.clone());
                let acknowledged = Arc::clone(&acknowledged);
                thread::spawn(move || {
                    for number in 0.. {
                        let note = format!("記録 {round}-{writer}-{number}");
                        match api.post(&address, &notes, &json!({ "text": note })) {
                            Some((204, _)) => acknowledged.lock().unwrap().insert(note),
                            Some((status, body)) => panic!("a note was answered {status}: {body}"),
                            // The server is gone; whether the last note is kept, nobody promised.
                            None => return,
                        };
                    }
                })
            })
            .collect();
        // The moment must differ, so that the kills hit different steps of a write.
        thread::sleep(Duration::from_millis(300 + 83 * u64::from(round)));
        server.kill();
        for writer in writers {
            writer.join().expect("the writers saw no wrong answer");
        }
        let written = acknowledged.lock().unwrap().len() - before;
        assert!(
            written > 0,
            "the kill of round {round} must hit a server that writes"
        );

        let server = Server::start(on(&db, &["serve"]));
        let kept = api.notes(&server.address, &incident);
        let missing: Vec<_> = acknowledged
            .lock()
            .unwrap()
            .difference(&kept)
            .cloned()
            .collect();
        assert_eq!(
            missing,
            Vec::<String>::new(),
            "after the kill of round {round}"
        );
        server.kill();
    }

    let verdict = run(&mut on(&db, &["verify"]));
    assert!(verdict.status.success(), "{}", text(&verdict.stdout));
    assert_eq!(text(&verdict.stdout), "");
    assert!(
        text(&verdict.stderr).contains(": 0 findings"),
        "{}",
        text(&verdict.stderr)
    );
    assert!(Path::new(folder).join("data/master.key").is_file());
}

/// A command on the test's own database.
pub fn on(db: &TestDb, arguments: &[&str]) -> Command {
    let mut command = shodo(db.folder(), arguments);
    command
        .env("SHODO_DATABASE_URL", db.url())
        .env("SHODO_DATA_DIR", db.folder().join("data"));
    command
}

/// The interface for scripts, as a script uses it.
#[derive(Clone)]
pub struct Api {
    pub agent: ureq::Agent,
    pub token: String,
}

impl Api {
    /// An administrator's token on a database that has nobody yet.
    pub fn on(db: &TestDb) -> Self {
        let somebody = ["--email", "admin@example.jp", "--name", "管理 太郎"];
        printed(&mut on(db, &[&["create-admin"], &somebody[..]].concat()));
        let token = printed(&mut on(db, &[&["token", "create"], &somebody[..]].concat()));
        Self {
            agent: super::browser(),
            token: token.trim().to_owned(),
        }
    }

    /// Gives the JSON of an address.
    pub fn get(&self, address: &str, path: &str) -> Option<Value> {
        let mut answer = self
            .agent
            .get(&format!("{address}/api/v1{path}"))
            .header("authorization", &format!("Bearer {}", self.token))
            .call()
            .ok()?;
        answer.body_mut().read_json().ok()
    }

    /// Gives status and body; nothing when the connection broke before the answer was whole.
    pub fn post(&self, address: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
        let mut answer = self
            .agent
            .post(&format!("{address}/api/v1{path}"))
            .header("authorization", &format!("Bearer {}", self.token))
            .send_json(body)
            .ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Some((answer.status().as_u16(), body))
    }

    /// The texts of all notes on an incident's timeline.
    fn notes(&self, address: &str, incident: &Value) -> BTreeSet<String> {
        let id = incident["id"].as_str().unwrap();
        let mut texts = BTreeSet::new();
        let mut before = String::new();
        loop {
            let path = format!("{address}/api/v1/incidents/{id}/timeline?limit=500{before}");
            let mut answer = self
                .agent
                .get(&path)
                .header("authorization", &format!("Bearer {}", self.token))
                .call()
                .expect("an answer");
            let page: Vec<Value> = answer.body_mut().read_json().expect("a list");
            let Some(last) = page.last() else {
                return texts;
            };
            before = format!("&before={}", last["seq"]);
            texts.extend(
                page.iter()
                    .filter(|entry| entry["kind"] == "note.added")
                    .map(|entry| entry["text"]["ja"].as_str().unwrap().to_owned()),
            );
        }
    }
}
