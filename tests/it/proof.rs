//! Evidence bundles: made by a server, checked by the product, by `verify.py` and by `sha256sum`, and attacked.

mod attacks;

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::incidents::IncidentId;
use shodo::kernel::{Locale, Sha256};
use shodo::proof::{self, Verdict};
use shodo::timeline::{KeptNote, checkpoint, public_key};
use shodo::workflow::BundleChoice;
use tempfile::TempDir;

use crate::start::process::{run, shodo, text};
use crate::support::app::TestApp;

const STATEMENT: &[u8] = "攻撃者からの脅迫文（写し）".as_bytes();

/// A case with two checkpoints, a sealed file and a roster, and the bundle of it.
struct Room {
    app: TestApp,
    incident: IncidentId,
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let app = TestApp::start("2026-11-20T00:30:00Z");
        let commander = app.script(Role::Commander);
        let made = commander.post(
            "/api/v1/incidents",
            json!({"title": "会員サイトへの不正アクセス"}),
        );
        let incident = made.ok()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/incidents/{incident}");
        commander
            .upload(
                &format!("{path}/evidence"),
                &[("note", "写し")],
                "statement.txt",
                STATEMENT,
            )
            .ok();
        commander
            .upload(
                &format!("{path}/rosters"),
                &[],
                "members.csv",
                "氏名\n架空 太郎\n".as_bytes(),
            )
            .ok();
        let room = Self {
            incident: incident.parse().unwrap(),
            folder: TempDir::new().unwrap(),
            app,
        };
        room.checkpoint();
        room.app.clock_to("2026-11-20T01:30:00Z");
        room.note("電話で事実を確認した");
        room
    }

    fn note(&self, text: &str) {
        let path = format!("/api/v1/incidents/{}/notes", self.incident);
        let reply = self
            .app
            .script(Role::Commander)
            .post(&path, json!({ "text": text }));
        assert_eq!(reply.status, 204, "{}", reply.text());
    }

    fn checkpoint(&self) -> String {
        let house = self.app.house();
        let made = house.store.write_blocking(|tx| {
            checkpoint::write(tx, house.vault.signing_key(), house.clock.now())
        });
        made.unwrap().expect("something happened since").note
    }

    fn bundle(&self, files: bool, payloads: bool) -> Vec<u8> {
        let choice = BundleChoice {
            locale: Locale::Ja,
            payloads,
            files,
        };
        let made = tokio::runtime::Runtime::new()
            .unwrap()
            .block_on(
                self.app
                    .house()
                    .export_bundle_as_system(&self.incident, choice),
            )
            .unwrap();
        let mut bytes = Vec::new();
        made.bundle.write(&mut bytes).unwrap();
        bytes
    }

    fn fingerprint(&self) -> Sha256 {
        public_key::fingerprint(self.app.house().vault.signing_key().public_key())
    }

    fn kept(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What `verify.py` prints, and whether it was content.
    fn python(&self, bundle: &[u8], arguments: &[&str]) -> (bool, String) {
        let script = self.kept("verify.py", proof::GUIDES[2].1.as_bytes());
        let bundle = self.kept("bundle.zip", bundle);
        let mut command = Command::new("python3");
        let output = run(command.arg(script).arg(bundle).args(arguments));
        let printed = text(&output.stdout);
        assert_eq!(text(&output.stderr), "", "{printed}");
        (output.status.success(), printed)
    }
}

fn check(bundle: &[u8], known: Option<Sha256>, kept: &[KeptNote]) -> Verdict {
    proof::check(Cursor::new(bundle), known, kept)
}

/// The files of a bundle in their order.
fn unpacked(bundle: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bundle)).unwrap();
    (0..zip.len())
        .map(|place| {
            let mut file = zip.by_index(place).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn unpack_into(folder: &Path, bundle: &[u8]) {
    for (name, bytes) in unpacked(bundle) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_bundle_holds_for_every_checker_and_tells_what_it_holds() {
    let room = Room::new();
    let bundle = room.bundle(true, true);
    let verdict = check(&bundle, Some(room.fingerprint()), &[]);
    assert_eq!(verdict.findings, []);
    let manifest = verdict.manifest.unwrap();
    assert_eq!(manifest.checkpoints, (1, 2));
    // The statement came along; the roster, sealed under the people's key, only with its digest.
    assert_eq!((verdict.evidence, verdict.bytes), (2, 1));

    let fingerprint = room.fingerprint().to_string();
    let (held, printed) = room.python(&bundle, &["--key", &fingerprint]);
    assert!(held, "{printed}");
    assert!(printed.ends_with("Everything holds.\n"), "{printed}");

    let file = room.kept("bundle.zip", &bundle);
    let told = run(shodo(room.folder.path(), ["verify"]).arg(&file));
    assert!(told.status.success(), "{}", text(&told.stderr));
    let told = text(&told.stderr);
    assert!(told.contains("the bundle's own"), "{told}");
    assert!(
        !room.folder.path().join("shodo-data").exists(),
        "a bundle is checked without a server's folder"
    );

    let files = unpacked(&bundle);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "README.ja.txt",
        "README.en.txt",
        "verify.py",
        "report.pdf",
        "report.md",
        "report.json",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let all = files
        .iter()
        .flat_map(|(_, bytes)| bytes)
        .copied()
        .collect::<Vec<u8>>();
    assert!(
        find(&all, STATEMENT),
        "the bytes of evidence were asked for"
    );
    assert!(
        !find(&all, "架空 太郎".as_bytes()),
        "nobody who is affected is in a bundle"
    );

    // As the READMEs say it is done by hand.
    let folder = TempDir::new().unwrap();
    unpack_into(folder.path(), &bundle);
    let script = "sha256sum -c manifest.note 2>/dev/null && head -n -2 manifest.note > body \
        && tail -n 1 manifest.note | awk '{print $3}' | base64 -d | tail -c 64 > signature \
        && openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in body -sigfile signature \
        && openssl pkey -pubin -in public-key.pem -outform DER | sha256sum";
    let by_hand = run(Command::new("sh")
        .args(["-c", script])
        .current_dir(folder.path()));
    let printed = text(&by_hand.stdout);
    assert!(
        by_hand.status.success(),
        "{printed}{}",
        text(&by_hand.stderr)
    );
    assert!(printed.contains(&fingerprint), "{printed}");

    let entries: Value = room
        .app
        .script(Role::Viewer)
        .get(&format!(
            "/api/v1/incidents/{}/timeline?limit=9",
            room.incident
        ))
        .ok();
    let kinds: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["kind"])
        .collect();
    assert_eq!(kinds[..2], ["bundle.exported", "evidence.opened"]);
    let digest = Sha256::of(&files[0].1).to_string();
    assert!(entries[0]["text"]["en"].as_str().unwrap().contains(&digest));
}

#[test]
fn without_payloads_entries_tell_nothing_and_still_hold() {
    let room = Room::new();
    let bundle = room.bundle(false, false);
    let verdict = check(&bundle, None, &[]);
    assert_eq!(verdict.findings, []);
    assert_eq!((verdict.evidence, verdict.bytes), (2, 0));
    let (held, printed) = room.python(&bundle, &[]);
    assert!(held, "{printed}");
    let entries = &unpacked(&bundle)
        .into_iter()
        .find(|(name, _)| name == proof::ENTRIES)
        .unwrap()
        .1;
    let entries = String::from_utf8(entries.clone()).unwrap();
    assert!(!entries.contains("電話"), "{entries}");
    assert!(entries.lines().count() > 4);
}

#[test]
fn the_command_line_writes_a_bundle_that_it_then_checks() {
    let room = Room::new();
    let db_folder = room.app.data_dir();
    let number = check(&room.bundle(false, true), None, &[])
        .manifest
        .unwrap()
        .number;
    let mut command = shodo(room.folder.path(), ["bundle", &number, "-o", "case.zip"]);
    command
        .env("SHODO_DATA_DIR", &db_folder)
        .env("SHODO_DATABASE_URL", room.app.database_url());
    let made = run(&mut command);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(text(&made.stdout).contains(&room.fingerprint().to_string()));
    let fingerprint = room.fingerprint().to_string().to_uppercase();
    let arguments = ["verify", "case.zip", "--key", &fingerprint];
    let checked = run(&mut shodo(room.folder.path(), arguments));
    assert_eq!(text(&checked.stdout), "");
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    let other = "0".repeat(64);
    let checked = run(&mut shodo(
        room.folder.path(),
        ["verify", "case.zip", "--key", &other],
    ));
    assert!(!checked.status.success());
    assert!(text(&checked.stdout).contains("not the key that you named"));
}

#[test]
fn pages_and_scripts_hand_bundles_out_and_evidence_only_to_those_who_may_take_it() {
    let room = Room::new();
    let page = format!("/incidents/{}/proof", room.incident);
    let mut browser = room.app.signed_in(Role::Commander);
    let shown = browser.open(&page);
    assert_eq!(shown.status, 200);
    let fingerprint = room.fingerprint().to_string();
    assert!(shown.text().contains(&fingerprint[..8]), "{}", shown.text());
    let fields = [
        ("contents", "payloads"),
        ("contents", "files"),
        ("locale", "en"),
    ];
    let made = browser.submit(&page, &fields);
    assert_eq!(
        (made.status, made.header("content-type")),
        (200, "application/zip")
    );
    assert!(
        made.header("content-disposition")
            .contains("INC-2026-0001-")
    );
    let verdict = check(&made.bytes, Some(room.fingerprint()), &[]);
    assert_eq!((verdict.findings, verdict.bytes), (Vec::new(), 1));

    let mut browser = room.app.signed_in(Role::Viewer);
    assert!(!browser.open(&page).text().contains("value=\"files\""));
    assert_eq!(browser.submit(&page, &fields).status, 403);
    assert_eq!(browser.submit(&page, &fields[2..]).status, 200);

    let path = format!("/api/v1/incidents/{}/bundle", room.incident);
    let viewer = room.app.script(Role::Viewer);
    assert_eq!(viewer.get(&format!("{path}?files=true")).status, 403);
    let made = viewer.get(&format!("{path}?payloads=false&locale=en"));
    assert_eq!(made.status, 200);
    assert_eq!(check(&made.bytes, None, &[]).findings, []);
}

fn find(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}
