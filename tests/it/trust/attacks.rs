//! Each way to falsify a record, by somebody who may write to the whole database; `shodo verify` names it.
//!
//! What no check on the server itself can see is said here too: the last attacker
//! also has the key, and only what was kept elsewhere tells.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::store::{DatabaseUrl, Store};
use shodo::timeline::{self, Actor, Event, Kind, checkpoint, public_key};
use shodo::vault::Vault;

use super::room::found;
use crate::support::app::TestApp;

const TABLES: [&str; 4] = [
    "timeline_entries",
    "timeline_heads",
    "checkpoints",
    "evidence",
];

/// A server with two incidents, files, and two checkpoints.
struct Scene {
    app: TestApp,
    /// The incident that is attacked, and one beside it.
    attacked: String,
    other: String,
    /// Copies of the checkpoints that somebody carried away.
    notes: Vec<PathBuf>,
    fingerprint: String,
}

impl Scene {
    fn new() -> Self {
        let app = TestApp::start("2026-11-20T00:00:00Z");
        let commander = app.script(Role::Commander);
        let declare = |title: &str| {
            let incident = commander.post("/api/v1/incidents", json!({ "title": title }));
            incident.ok()["id"].as_str().unwrap().to_owned()
        };
        let (attacked, other) = (declare("不正アクセス"), declare("誤送信"));
        let mut scene = Self {
            fingerprint: public_key::fingerprint(app.house().vault.signing_key().public_key())
                .to_string(),
            app,
            attacked,
            other,
            notes: Vec::new(),
        };
        for (hour, names) in [(1, ["一.csv", "二.csv"]), (2, ["三.csv", "四.csv"])] {
            scene.app.clock_to(&format!("2026-11-20T0{hour}:00:00Z"));
            let commander = scene.app.script(Role::Commander);
            let case = format!("/api/v1/incidents/{}", scene.attacked);
            for name in names {
                let content = format!("氏名\n{name} の人\n");
                let path = format!("{case}/evidence");
                let sealed = commander.upload(&path, &[], name, content.as_bytes());
                assert!(sealed.status < 300, "{}", sealed.text());
            }
            let note = json!({ "text": format!("{hour} 時の記録") });
            assert_eq!(commander.post(&format!("{case}/notes"), note).status, 204);
            let made = scene
                .app
                .house()
                .make_checkpoint_as_system()
                .unwrap()
                .unwrap();
            let path = scene.app.data_dir().with_file_name(format!("{hour}.note"));
            fs::write(&path, made.note).unwrap();
            scene.notes.push(path);
        }
        let keep = |table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table};");
        scene.sql(&TABLES.map(keep).concat());
        scene
    }

    fn store(&self) -> &Store {
        self.app.store()
    }

    fn sql(&self, sql: &str) {
        self.store()
            .write_blocking(|tx| Ok(tx.batch_execute(sql)?))
            .unwrap();
    }

    /// Puts everything back as it was before the attacks.
    fn heal(&self) {
        let back =
            |table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};");
        self.sql(&TABLES.map(back).concat());
    }

    /// Runs `shodo verify`; gives its findings, and its last words.
    fn verify(&self, options: &[&str]) -> (Vec<String>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shodo"));
        at_home(&self.app, command.arg("verify").args(options));
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let findings: Vec<_> = text(&output.stdout).lines().map(str::to_owned).collect();
        let words = text(&output.stderr);
        assert_eq!(output.status.success(), findings.is_empty(), "{words}");
        (findings, words)
    }

    /// Expects that an attack by this SQL is named with these words, then undoes it.
    #[track_caller]
    fn named(&self, attack: &str, parts: &[&str]) {
        let attack = attack.replace("{it}", &format!("incident_id = '{}'", self.attacked));
        self.sql(&attack);
        found(&self.verify(&[]).0, parts);
        self.heal();
    }

    fn kept(&self, hour: usize) -> [&str; 2] {
        ["--note", self.notes[hour - 1].to_str().unwrap()]
    }

    /// Takes a chain away and lays another one out, whose hashes all hold.
    fn rewrite(&self) {
        let id = &self.attacked;
        let entries = self
            .store()
            .read_blocking(|conn| timeline::all(conn, id))
            .unwrap();
        self.sql(&format!(
            "DELETE FROM timeline_entries WHERE incident_id = '{id}';
             DELETE FROM timeline_heads WHERE incident_id = '{id}';"
        ));
        self.store()
            .write_blocking(|tx| {
                for entry in &entries {
                    let mut payload = entry.details();
                    if entry.kind == Kind::Note {
                        payload["text"] = Value::from("何もなかった");
                    }
                    let event = Event {
                        incident_id: id,
                        kind: entry.kind,
                        actor: &Actor::SYSTEM,
                        occurred_at: Some(entry.occurred_at),
                        payload,
                    };
                    timeline::append(tx, entry.recorded_at, event)?;
                }
                Ok(())
            })
            .unwrap();
    }

    fn sealed_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(&self.app.data_dir().join("evidence"), &mut files);
        files.sort();
        files
    }
}

/// Lets a command see the database and the folder of a server, and nothing else of this machine.
pub fn at_home(app: &TestApp, command: &mut Command) {
    let url = match app.store().url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.reveal().clone(),
    };
    command
        .current_dir(app.data_dir())
        .env_clear()
        .env("SHODO_DATABASE_URL", url)
        .env("SHODO_DATABASE_ALLOW_UNVERIFIED_TLS", "true")
        .env("SHODO_DATA_DIR", app.data_dir())
        .stdin(Stdio::null());
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn every_attack_on_the_record_is_named() {
    let scene = Scene::new();
    let (findings, words) = scene.verify(&["--files", "--key", &scene.fingerprint]);
    assert_eq!(findings, Vec::<String>::new());
    assert!(words.contains("4 files read, 0 destroyed"), "{words}");
    assert!(
        words.contains("2 incidents") && words.contains("2 checkpoints"),
        "{words}"
    );
    let (it, other) = (scene.attacked.as_str(), scene.other.as_str());
    let last: i64 = scene
        .store()
        .read_blocking(|conn| timeline::count(conn, it))
        .unwrap();
    assert!(last >= 6);

    // A changed byte: of the words, of the time, of who did it, of what was signed.
    scene.named(
        "UPDATE timeline_entries SET payload = replace(payload, '\"', ' ') WHERE seq = 2 AND {it}",
        &[it, "entry 2 ", "payload does not match its commitment"],
    );
    scene.named(
        "UPDATE timeline_entries SET occurred_at = occurred_at - 1 WHERE seq = 2 AND {it}",
        &[it, "entry 2 ", "content does not match its hash"],
    );
    scene.named(
        "UPDATE timeline_entries SET actor = 'system' WHERE seq = 2 AND {it}",
        &[it, "entry 2 ", "content does not match its hash"],
    );
    scene.named(
        "UPDATE checkpoints SET note = replace(note, 'T01:00:00Z', 'T01:00:01Z') WHERE seq = 1",
        &["checkpoint 1 ", "signature does not hold"],
    );
    // Words taken away as if by an erasure that no entry tells of.
    scene.named(
        "UPDATE timeline_entries SET payload = NULL, salt = commitment WHERE seq = 2 AND {it}",
        &[it, "entry 2 ", "erased"],
    );
    // A removed entry, in the middle and at the end, the head with it or not.
    scene.named(
        "DELETE FROM timeline_entries WHERE seq = 2 AND {it}",
        &[it, "entry 2:", "removed or renumbered"],
    );
    scene.named(
        &format!(
            "DELETE FROM timeline_entries WHERE seq > {} AND {{it}}",
            last - 2
        ),
        &[
            it,
            &format!("entries {} to {last} were removed from the end", last - 1),
        ],
    );
    let cut = format!(
        "DELETE FROM timeline_entries WHERE seq > {short} AND {{it}};
         UPDATE timeline_heads SET seq = {short},
            hash = (SELECT hash FROM timeline_entries WHERE seq = {short} AND {{it}}) WHERE {{it}};",
        short = last - 2
    );
    scene.named(&cut, &[it, "saw this entry, and it is gone"]);
    // A removed incident.
    scene.named(
        "DELETE FROM timeline_entries WHERE {it}; DELETE FROM timeline_heads WHERE {it};",
        &[it, "saw this entry, and it is gone"],
    );
    // Entries in another order, and entries in another's chain.
    scene.named(
        "UPDATE timeline_entries SET seq = 1002 WHERE seq = 2 AND {it};
         UPDATE timeline_entries SET seq = 2 WHERE seq = 3 AND {it};
         UPDATE timeline_entries SET seq = 3 WHERE seq = 1002 AND {it};",
        &[it, "entry 2 ", "does not follow"],
    );
    scene.named(
        &format!(
            "DELETE FROM timeline_entries WHERE incident_id = '{other}';
             UPDATE timeline_entries SET incident_id = '{other}' WHERE {{it}};"
        ),
        &[other, "entry 1 ", "content does not match its hash"],
    );
    // A removed checkpoint.
    scene.named(
        "DELETE FROM checkpoints WHERE seq = 1",
        &["checkpoint 2 ", "were removed"],
    );
    // A chain that was written anew and holds in itself.
    scene.rewrite();
    found(
        &scene.verify(&[]).0,
        &[it, "saw this entry with another hash"],
    );
    // Without the checkpoints that saw it nothing on the server tells; what was carried away does.
    scene.sql("DELETE FROM checkpoints");
    assert_eq!(scene.verify(&[]).0, Vec::<String>::new());
    let (findings, _) = scene.verify(&scene.kept(1));
    found(&findings, &["checkpoint 1 was removed from this server"]);
    found(&findings, &[it, "1.note saw this entry with another hash"]);
    scene.heal();
    assert_eq!(scene.verify(&[]).0, Vec::<String>::new());
}

#[test]
fn the_clock_of_the_server_cannot_be_set_back_unseen() {
    let scene = Scene::new();
    // A note as of before the deadline, by a server whose clock was set back.
    let late = "2026-11-20T00:20:00Z".parse().unwrap();
    let append = || {
        let event = Event {
            incident_id: &scene.other,
            kind: Kind::Note,
            actor: &Actor::SYSTEM,
            occurred_at: None,
            payload: json!({ "text": "期限の前に" }),
        };
        let done = scene
            .store()
            .write_blocking(|tx| timeline::append(tx, late, event));
        done.unwrap();
    };
    append();
    // Its chain is in order by itself: a checkpoint of two o'clock saw it without this entry.
    found(
        &scene.verify(&[]).0,
        &[
            &scene.other,
            "recorded earlier than an entry or a checkpoint",
            "set back",
        ],
    );
    let key = scene.app.house().vault.signing_key();
    scene
        .store()
        .write_blocking(|tx| checkpoint::write(tx, key, late))
        .unwrap();
    found(
        &scene.verify(&[]).0,
        &["checkpoint 3 ", "made earlier than the one before it"],
    );
}

#[test]
fn a_replaced_or_missing_file_is_named() {
    let scene = Scene::new();
    let files = scene.sealed_files();
    assert_eq!(files.len(), 4);
    let it = scene.attacked.as_str();
    let bytes: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let check = |parts: &[&str]| {
        let quiet = scene.verify(&[]).0;
        let (findings, words) = scene.verify(&["--files"]);
        found(&findings, parts);
        (quiet, words)
    };
    // One byte; another sealed file of the same server; none.
    let mut changed = bytes[0].clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&files[0], &changed).unwrap();
    let (quiet, words) = check(&[it, "file ", "changed or replaced"]);
    assert_eq!(
        quiet,
        Vec::<String>::new(),
        "the chains know nothing of bytes on the disk"
    );
    assert!(words.contains("3 files read"), "{words}");
    fs::write(&files[0], &bytes[1]).unwrap();
    check(&[it, "file ", "changed or replaced"]);
    fs::remove_file(&files[0]).unwrap();
    check(&[it, "file ", "not in its place"]);
    fs::write(&files[0], &bytes[0]).unwrap();
    // The row: another digest, none, or "it was destroyed".
    for (attack, said) in [
        (
            "UPDATE evidence SET sha256 = (SELECT max(sha256) FROM kept_evidence)",
            "another digest than the entry",
        ),
        ("DELETE FROM evidence", "its row was removed"),
        (
            "UPDATE evidence SET destroyed_at = recorded_at",
            "destroyed, and no entry tells of that",
        ),
    ] {
        scene.sql(attack);
        found(&scene.verify(&["--files"]).0, &[it, "file ", said]);
        scene.heal();
    }
    assert_eq!(scene.verify(&["--files"]).0, Vec::<String>::new());
}

/// The attacker has everything that the server has, and signs all anew with a key of their own.
#[test]
fn another_key_is_known_by_what_was_written_down_elsewhere() {
    let scene = Scene::new();
    let theirs = tempfile::tempdir().unwrap();
    let vault = Vault::open_or_create(theirs.path()).unwrap();
    // Only the checkpoints are signed anew: the server's key does not open them.
    scene.sql("DELETE FROM checkpoints");
    scene.rewrite();
    let now = scene.app.house().clock.now();
    scene
        .store()
        .write_blocking(|tx| checkpoint::write(tx, vault.signing_key(), now))
        .unwrap();
    found(
        &scene.verify(&[]).0,
        &["checkpoint 1 ", "signed with another key"],
    );
    // The key is replaced too. Nothing on the server is left that tells.
    let key = scene.app.data_dir().join("signing.key");
    fs::copy(theirs.path().join("signing.key"), &key).unwrap();
    let (findings, words) = scene.verify(&[]);
    assert_eq!(findings, Vec::<String>::new());
    assert!(
        words.contains("compare it with what was written down elsewhere"),
        "{words}"
    );
    let (findings, words) = scene.verify(&["--key", &scene.fingerprint.to_uppercase()]);
    found(
        &findings,
        &["the key that signs checkpoints is not the one that you named"],
    );
    assert!(words.contains(": 1 findings"), "{words}");
    found(
        &scene.verify(&scene.kept(2)).0,
        &["2.note", "signed with another key"],
    );
}
