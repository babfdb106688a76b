//! Files as they come: a path in the name, nothing inside, another type than they claim, changed on disk.

use serde_json::json;

use super::{at, bytes_of, commander, declared, sealed};
use crate::support::app::TestApp;
use shodo::kernel::Sha256;

const NOW: &str = "2026-11-20T10:00:00+09:00";

#[test]
fn bad_files_are_named_plainly_and_nothing_is_lost() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    // A path becomes the name at its end, and lies nowhere but under its digest.
    let file = sealed(&script, &case, "..%2F../../etc/cron.d/job.csv", b"a,b\n");
    assert_eq!(file["name"], "job.csv");
    let stored = std::fs::read(bytes_of(&app, &file)).unwrap();
    assert_eq!(file["address"], Sha256::of(&stored).to_string());
    assert_ne!(file["address"], file["sha256"]);
    assert!(!stored.windows(3).any(|piece| piece == b"a,b"));
    // Nothing at all is kept, with the digest of nothing.
    let empty = sealed(&script, &case, "empty.log", b"");
    assert_eq!(
        (&empty["size"], &empty["found_type"]),
        (&json!(0), &json!(""))
    );
    assert_eq!(empty["sha256"], Sha256::of(b"").to_string());
    let content = script.get(&format!("{}/content", at(&case, &empty)));
    assert_eq!((content.status, content.bytes.len()), (200, 0));
    // A program that is called a photograph.
    let program = sealed(
        &script,
        &case,
        "photo.jpg",
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
    );
    let shown = script.get(&at(&case, &program)).ok();
    assert_eq!(shown["type_differs"], true, "{shown}");
    assert_eq!(shown["evidence"]["media_type"], "text/csv");
    let honest = script.get(&at(&case, &file)).ok();
    assert_eq!(honest["type_differs"], false, "{honest}");
    assert_eq!(honest["evidence"]["found_type"], "text/plain");
    // What has no name, or names another incident, is answered as absent.
    let other = declared(&script);
    script.get(&at(&other, &file)).problem("not-found");
    script
        .get(&format!("{case}/evidence/none"))
        .problem("not-found");
}

#[test]
fn what_was_changed_on_the_disk_is_found_and_told() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    let file = sealed(&script, &case, "access.log", &[b'x'; 100_000]);
    let verify = || {
        script
            .post(&format!("{}/verify", at(&case, &file)), json!({}))
            .ok()
    };
    assert_eq!(verify()["found"], "intact");
    let path = bytes_of(&app, &file);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[50_000] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(verify()["found"], "changed");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify()["found"], "missing");
    let log = script.get(&at(&case, &file)).ok()["log"].to_string();
    for words in [
        "記録時と同じ内容です",
        "記録時と内容が異なります",
        "所定の場所にファイルがありません",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
    // A viewer sees the log, and may put nothing on record.
    let viewer = app.script(shodo::accounts::Role::Viewer);
    viewer.get(&at(&case, &file)).ok();
    viewer
        .post(&format!("{}/verify", at(&case, &file)), json!({}))
        .problem("forbidden");
}
