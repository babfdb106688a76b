//! The page of record and proof, and the same for scripts and the command line.

use std::process::Command;

use diesel::connection::SimpleConnection;
use serde_json::json;
use shodo::accounts::Role;
use shodo::kernel::Sha256;
use shodo::timeline::{checkpoint, public_key};

use crate::support::app::TestApp;

#[test]
fn checkpoints_are_made_listed_handed_out_and_checked() {
    let app = TestApp::start("2026-11-20T00:00:00Z");
    let key = app.house().vault.signing_key().public_key().to_vec();
    let (commander, viewer) = (app.script(Role::Commander), app.script(Role::Viewer));
    // Nothing was recorded yet.
    commander
        .post("/api/v1/checkpoints", json!({}))
        .problem("not-found");
    viewer
        .get("/api/v1/timeline/verification/last")
        .problem("not-found");
    let mut browser = app.signed_in(Role::Commander);
    let page = browser.open("/trust");
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("チェックポイントはまだありません"),
        "{}",
        page.text()
    );

    let incident = commander
        .post("/api/v1/incidents", json!({ "title": "誤送信" }))
        .ok();
    // By the page, then for scripts: nothing new is to be said.
    assert_eq!(browser.submit("/trust/checkpoints", &[]).status, 303);
    assert!(
        browser
            .open("/trust")
            .text()
            .contains("チェックポイントを作成しました")
    );
    let made = commander.post("/api/v1/checkpoints", json!({})).ok();
    assert_eq!(made["number"], 1);
    viewer
        .post("/api/v1/checkpoints", json!({}))
        .problem("forbidden");
    let listed = viewer.get("/api/v1/checkpoints").ok();
    assert_eq!(listed, json!([made]));
    assert_eq!(viewer.get("/api/v1/checkpoints?after=1").ok(), json!([]));
    assert_eq!(viewer.get("/api/v1/checkpoints/1").ok(), made);
    viewer.get("/api/v1/checkpoints/2").problem("not-found");
    let handed = browser.open("/trust/checkpoints/1");
    assert_eq!(handed.header("content-type"), "text/plain; charset=utf-8");
    let note = handed.text();
    assert_eq!(json!(note), made["note"]);
    assert_eq!(
        json!(Sha256::of(note.as_bytes()).to_string()),
        made["sha256"]
    );
    assert_eq!(checkpoint::open(&note, &key).unwrap().heads.len(), 1);
    assert_eq!(browser.open("/trust/checkpoints/2").status, 404);
    assert_eq!(browser.open("/trust/checkpoints/x").status, 404);

    // The key and its fingerprint, in groups on the page.
    let fingerprint = public_key::fingerprint(&key).to_string();
    let said = viewer.get("/api/v1/public-key").ok();
    assert_eq!(
        said,
        json!({ "pem": public_key::pem(&key), "fingerprint": fingerprint })
    );
    assert_eq!(
        browser.open("/trust/public-key.pem").text(),
        public_key::pem(&key)
    );
    assert!(browser.open("/trust").text().contains(&fingerprint[60..]));

    // The check of everything.
    assert_eq!(browser.submit("/trust/checks", &[]).status, 303);
    assert!(browser.open("/trust").text().contains("改ざんはありません"));
    let last = viewer.get("/api/v1/timeline/verification/last").ok();
    assert_eq!(last["intact"], true);
    assert_eq!(last["key_fingerprint"], json!(fingerprint));
    app.store()
        .write_blocking(|tx| {
            Ok(tx.batch_execute("UPDATE timeline_entries SET actor = 'x' WHERE seq = 1")?)
        })
        .unwrap();
    assert_eq!(browser.submit("/trust/checks", &[]).status, 303);
    let page = browser.open("/trust").text();
    assert!(page.contains("does not match its hash"), "{page}");
    assert!(page.contains(incident["id"].as_str().unwrap()));
    // A viewer may check, and is not offered what they may not do.
    let mut viewing = app.signed_in(Role::Viewer);
    let page = viewing.open("/trust").text();
    assert!(!page.contains("action=\"/trust/checkpoints\""), "{page}");
    assert_eq!(viewing.submit("/trust/checks", &[]).status, 303);
    assert_eq!(app.browser().open("/trust").status, 303);
}

#[test]
fn the_command_prints_a_note_that_can_be_kept() {
    let app = TestApp::start("2026-11-20T00:00:00Z");
    let commander = app.script(Role::Commander);
    commander
        .post("/api/v1/incidents", json!({ "title": "誤送信" }))
        .ok();
    let mut command = Command::new(env!("CARGO_BIN_EXE_shodo"));
    super::attacks::at_home(&app, command.arg("checkpoint"));
    let output = command.output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let key = app.house().vault.signing_key().public_key();
    let opened = checkpoint::open(&printed, key).unwrap();
    assert_eq!((opened.number, opened.heads.len()), (Some(1), 1));
    // Byte for byte what the server keeps.
    assert_eq!(
        json!(printed),
        commander.get("/api/v1/checkpoints/1").ok()["note"]
    );
}
