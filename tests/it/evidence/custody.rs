//! Custody: handed over, held, destroyed with proof.

use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::timeline::{self, Kind};

use super::{at, bytes_of, commander, declared, sealed};
use crate::support::app::{Script, TestApp};

const NOW: &str = "2026-11-20T10:00:00+09:00";

fn close(script: &Script<'_>, case: &str) {
    let now = script.get(case).ok();
    let body = json!({"state": "closed", "version": now["version"]});
    script.put(&format!("{case}/state"), body).ok();
}

fn number(script: &Script<'_>, case: &str) -> String {
    script.get(case).ok()["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_handing_over_is_told_and_checked() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    let file = sealed(&script, &case, "disk.img", b"bytes");
    let give = |body: Value| script.post(&format!("{}/given", at(&case, &file)), body);
    give(json!({"to": " ", "how": "post", "reason": "analysis"})).problem("invalid-input");
    give(json!({
        "to": "Example Forensics", "how": "by hand", "reason": "analysis",
        "at": "2026-11-20T10:01:00+09:00",
    }))
    .problem("invalid-input");
    give(json!({
        "to": "Example Forensics", "how": "by hand", "reason": "analysis",
        "at": "2026-11-19T18:00:00+09:00",
    }))
    .ok();
    script.get(&format!("{}/content", at(&case, &file)));
    let log = script.get(&at(&case, &file)).ok()["log"].clone();
    let kinds: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["kind"])
        .collect();
    assert_eq!(
        kinds,
        ["evidence.sealed", "evidence.given", "evidence.opened"]
    );
    assert_eq!(log[1]["occurred_at"], "2026-11-19T09:00:00Z");
    assert_eq!(
        log[1]["text"]["en"],
        "Gave the evidence “disk.img” to Example Forensics (by hand): analysis"
    );
}

#[test]
fn a_hold_refuses_destruction_until_it_is_lifted() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    let file = sealed(&script, &case, "mail.eml", b"From: a\n");
    let holds = format!("{case}/evidence-holds");
    app.script(Role::Responder)
        .post(&holds, json!({"reason": "claim"}))
        .problem("forbidden");
    let legal = app.script(Role::Legal);
    legal
        .post(&holds, json!({"reason": " "}))
        .problem("invalid-input");
    let whole = legal
        .post(&holds, json!({"reason": "claim of a customer"}))
        .ok();
    let single = legal
        .post(
            &holds,
            json!({"reason": "police", "evidence_id": file["id"]}),
        )
        .ok();
    let stranger = declared(&script);
    legal
        .post(
            &format!("{stranger}/evidence-holds"),
            json!({"reason": "x", "evidence_id": file["id"]}),
        )
        .problem("not-found");

    close(&script, &case);
    let number = number(&script, &case);
    let purge = || {
        let body = json!({"confirmed": number, "reason": "kept long enough"});
        script.post(&format!("{}/purge", at(&case, &file)), body)
    };
    purge().problem("evidence-held");
    // The register goes with its rosters, so a hold on everything refuses that, too.
    script
        .post(&format!("{case}/purge"), json!({"confirmed": number}))
        .problem("evidence-held");
    let lift = |hold: &Value| {
        let path = format!("{holds}/{}/release", hold["id"].as_str().unwrap());
        legal.post(&path, json!({"reason": "settled"}))
    };
    lift(&whole).ok();
    purge().problem("evidence-held");
    lift(&single).ok();
    lift(&single).problem("wrong-state");
    assert!(bytes_of(&app, &file).exists());
    assert!(purge().ok()["destroyed_at"].is_string());
    assert!(!bytes_of(&app, &file).exists());
    let shown = script.get(&at(&case, &file)).ok();
    assert_eq!(shown["holds"].as_array().unwrap().len(), 2);
    assert!(shown["holds"][0]["lifted_at"].is_string());
}

#[test]
fn destruction_needs_a_closed_incident_and_leaves_a_proof() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    let file = sealed(&script, &case, "image.raw", b"some bytes");
    let other = sealed(&script, &case, "other.raw", b"other bytes");
    let number = number(&script, &case);
    let path = format!("{}/purge", at(&case, &file));
    let proof = format!("{}/proof?locale=en", at(&case, &file));
    let body = json!({"confirmed": number, "reason": "no longer needed"});
    script.post(&path, body.clone()).problem("wrong-state");
    close(&script, &case);
    script
        .post(&path, json!({"confirmed": "INC-1999-0001", "reason": "x"}))
        .problem("invalid-input");
    script
        .post(&path, json!({"confirmed": number, "reason": ""}))
        .problem("invalid-input");
    app.script(Role::Legal)
        .post(&path, body.clone())
        .problem("forbidden");
    script.get(&proof).problem("not-found");
    assert!(bytes_of(&app, &file).exists());

    script.post(&path, body.clone()).ok();
    script.post(&path, body).problem("purged");
    assert!(!bytes_of(&app, &file).exists());
    assert!(bytes_of(&app, &other).exists());
    script
        .get(&format!("{}/content", at(&case, &file)))
        .problem("purged");
    let verified = script
        .post(&format!("{}/verify", at(&case, &file)), json!({}))
        .ok();
    assert_eq!(verified["found"], "destroyed");

    let id = case.rsplit('/').next().unwrap().to_owned();
    let entry = app
        .store()
        .read_blocking(|conn| timeline::of_kind(conn, &id, Kind::EvidenceDestroyed))
        .unwrap()
        .remove(0);
    let hash: String = entry
        .hash
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let text = script.get(&proof);
    assert_eq!(text.status, 200, "{}", text.text());
    assert!(text.header("content-disposition").starts_with("attachment"));
    let text = text.text();
    for line in [
        format!("Incident: {number}"),
        "File name: image.raw".to_owned(),
        "Size in bytes: 10".to_owned(),
        format!(
            "SHA-256 of the content: {}",
            file["sha256"].as_str().unwrap()
        ),
        "Reason: no longer needed".to_owned(),
        format!("Timeline entry: {}", entry.seq),
        format!("SHA-256 of the entry: {hash}"),
    ] {
        assert!(
            text.lines().any(|of| of == line),
            "{line:?} is not in\n{text}"
        );
    }
    assert!(text.contains(file["address"].as_str().unwrap()), "{text}");
}

#[test]
fn the_page_of_a_file_holds_gives_and_destroys() {
    let app = TestApp::start(NOW);
    let script = commander(&app);
    let case = declared(&script);
    let file = sealed(
        &script,
        &case,
        "photo.jpg",
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
    );
    let page = at(&case, &file).replace("/api/v1", "");
    let mut browser = app.signed_in(Role::Commander);
    let shown = browser.open(&page);
    assert_eq!(shown.status, 200, "{}", shown.text());
    for words in [
        "photo.jpg",
        "業務で使うパソコンでは開かないでください",
        "事案を終了してから",
    ] {
        assert!(shown.text().contains(words), "{words}: {}", shown.text());
    }
    let refused = browser.submit(
        &format!("{page}/given"),
        &[("to", "調査会社"), ("how", "手渡し")],
    );
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(
        refused.text().contains("id=\"given_reason-error\""),
        "{}",
        refused.text()
    );
    let checked = browser.submit(&format!("{page}/verify"), &[]);
    assert!(
        checked.text().contains("保管したときのままです"),
        "{}",
        checked.text()
    );
    browser.open(&page);
    browser.submit(&format!("{page}/hold"), &[("hold_reason", "訴訟")]);
    assert!(
        browser
            .open(&page)
            .text()
            .contains("廃棄禁止（保全）になっています")
    );
    let hold = script.get(&at(&case, &file)).ok()["holds"][0]["id"].clone();
    let hold = hold.as_str().unwrap();
    browser.submit(
        &format!("{page}/release"),
        &[("hold", hold), ("release_reason", "和解")],
    );
    close(&script, &case);
    browser.open(&page);
    let number = number(&script, &case);
    browser.submit(
        &format!("{page}/purge"),
        &[("purge_reason", "保管期限"), ("confirmed", &number)],
    );
    let gone = browser.open(&page).text();
    assert!(gone.contains("廃棄の証明"), "{gone}");
    assert!(!gone.contains("内容を廃棄する"), "{gone}");
    assert!(!bytes_of(&app, &file).exists());
}
