//! What somebody may do to a bundle, with and without the server's key, and who finds it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use shodo::kernel::Sha256;
use shodo::proof::{self, Bundle, Member};
use shodo::timeline::{KeptNote, public_key};
use shodo::vault::{SigningKey, Vault, note};
use tempfile::TempDir;

use super::{Room, check, packed, unpacked};

type Files = Vec<(String, Vec<u8>)>;

/// Signs the list of a changed bundle anew, as only the holder of the key can.
fn resealed(original: &[u8], files: Files, key: &SigningKey) -> Vec<u8> {
    let mut manifest = check(original, None, &[]).manifest.unwrap();
    manifest.files.clear();
    let entries = lines(&files);
    let last = entries.last().unwrap();
    manifest.entries = last["seq"].as_i64().unwrap();
    manifest.head = bytes(last["hash"].as_str().unwrap());
    let members = files
        .into_iter()
        .filter(|(name, _)| name != proof::MANIFEST)
        .map(|(name, bytes)| Member::bytes(name, bytes))
        .collect();
    let mut bundle = Vec::new();
    Bundle::seal(manifest, members, key)
        .write(&mut bundle)
        .unwrap();
    bundle
}

fn file<'f>(files: &'f mut Files, name: &str) -> &'f mut Vec<u8> {
    let found = files.iter_mut().find(|(file, _)| file.starts_with(name));
    &mut found.unwrap().1
}

fn lines(files: &Files) -> Vec<Value> {
    let (_, entries) = files
        .iter()
        .find(|(name, _)| name == proof::ENTRIES)
        .unwrap();
    let text = std::str::from_utf8(entries).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Changes the entries and writes them back.
fn entries(files: &mut Files, change: impl FnOnce(&mut Vec<Value>)) {
    let mut entries = lines(files);
    change(&mut entries);
    let text: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    *file(files, proof::ENTRIES) = text.into_bytes();
}

/// Puts other bytes into a file, wherever `old` stands first.
fn replace(bytes: &mut Vec<u8>, old: &str, new: &str) {
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(old), "{old} is not in {text}");
    *bytes = text.replacen(old, new, 1).into_bytes();
}

fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(&digits[place..place + 2], 16).unwrap())
        .collect()
}

fn other_key(folder: &TempDir) -> Vault {
    Vault::open_or_create(folder.path()).unwrap()
}

#[test]
fn what_is_changed_without_the_key_differs_from_the_list() {
    let room = Room::new();
    let original = room.bundle(true, true);
    type Attack = fn(&mut Files);
    let attacks: [(&str, Attack); 5] = [
        (
            "report.md: its digest is not the one on the list",
            |files| {
                file(files, "report.md")[0] ^= 1;
            },
        ),
        (
            "checkpoints/00000001.note: it is on the list, but not in the bundle",
            |files| {
                files.retain(|(name, _)| name != "checkpoints/00000001.note");
            },
        ),
        ("evidence/x: it is not on the list: it was added", |files| {
            files.push(("evidence/x".to_owned(), b"x".to_vec()));
        }),
        ("manifest.note: its signature does not hold", |files| {
            replace(
                file(files, proof::MANIFEST),
                "payloads included",
                "payloads left-out",
            );
        }),
        (
            "public-key.pem: its digest is not the one on the list",
            |files| {
                let folder = TempDir::new().unwrap();
                let vault = other_key(&folder);
                *file(files, proof::PUBLIC_KEY) =
                    public_key::pem(vault.signing_key().public_key()).into_bytes();
            },
        ),
    ];
    for (expected, attack) in attacks {
        let mut files = unpacked(&original);
        attack(&mut files);
        found(&room, &packed(&files), expected, &[]);
    }
}

#[test]
fn what_the_holder_of_the_key_changes_differs_from_entries_or_checkpoints() {
    let room = Room::new();
    let original = room.bundle(true, true);
    type Attack = fn(&mut Files);
    let attacks: [(&str, Attack); 10] = [
        ("its payload does not match its commitment", |files| {
            replace(file(files, proof::ENTRIES), "電話で", "電話と");
        }),
        ("its content does not match its hash", |files| {
            entries(files, |entries| {
                let at = entries[2]["occurred_at"].as_i64().unwrap();
                entries[2]["occurred_at"] = (at - 1).into();
            });
        }),
        ("checkpoint 1: its signature does not hold", |files| {
            replace(file(files, "checkpoints/00000001"), "T00:30", "T00:31");
        }),
        (
            "checkpoints/00000001.note: the list counts it, but does not name it",
            |files| {
                files.retain(|(name, _)| name != "checkpoints/00000001.note");
            },
        ),
        ("entry 3: this entry was removed or renumbered", |files| {
            entries(files, |entries| drop(entries.remove(2)));
        }),
        ("newest checkpoint", |files| {
            entries(files, |entries| drop(entries.pop()));
        }),
        ("entry 3", |files| {
            entries(files, |entries| entries.swap(2, 3))
        }),
        (
            "its bytes are not those that were sealed: they were replaced",
            |files| {
                file(files, "evidence/").push(b'!');
            },
        ),
        (
            "its digest is not the one of the entry that tells of its sealing",
            |files| {
                let text = String::from_utf8(file(files, proof::EVIDENCE).clone()).unwrap();
                let row: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
                let sha256 = row["sha256"].as_str().unwrap().to_owned();
                replace(
                    file(files, proof::EVIDENCE),
                    &sha256,
                    &Sha256::of(b"x").to_string(),
                );
            },
        ),
        (
            "its payload is gone, and no later entry tells of an erasure",
            |files| {
                entries(files, |entries| {
                    entries[1]["payload"] = Value::Null;
                    entries[1]["salt"] = "".into();
                });
            },
        ),
    ];
    for (expected, attack) in attacks {
        let mut files = unpacked(&original);
        attack(&mut files);
        let key = room.app.house().vault.signing_key();
        found(&room, &resealed(&original, files, key), expected, &[]);
    }
}

#[test]
fn an_incident_that_a_checkpoint_no_longer_names_is_missed() {
    let room = Room::new();
    let original = room.bundle(false, true);
    let key = room.app.house().vault.signing_key();
    let mut files = unpacked(&original);
    let note = file(&mut files, "checkpoints/00000002");
    let text = String::from_utf8(note.clone()).unwrap();
    let id = room.incident.to_string();
    let kept: String = note::body(&text)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with(&id))
        .map(|line| format!("{line}\n"))
        .collect();
    *note = note::sign(key, "shodo/timeline/2", &kept).into_bytes();
    let bundle = resealed(&original, files, key);
    found(&room, &bundle, "newest checkpoint does not vouch", &[]);
}

#[test]
fn another_key_is_found_by_its_fingerprint_and_by_a_checkpoint_that_was_kept() {
    let room = Room::new();
    let kept = room.checkpoint();
    let original = room.bundle(false, true);
    let folder = TempDir::new().unwrap();
    let vault = other_key(&folder);
    let key = vault.signing_key();
    let mut files = unpacked(&original);
    *file(&mut files, proof::PUBLIC_KEY) = public_key::pem(key.public_key()).into_bytes();
    let mut before = "none".to_owned();
    for (name, note) in &mut files {
        if !name.starts_with("checkpoints/") {
            continue;
        }
        let text = String::from_utf8(note.clone()).unwrap();
        let mut lines: Vec<&str> = note::body(&text).unwrap().lines().collect();
        lines[3] = &before;
        let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let signed = note::sign(key, "shodo/timeline/2", &body);
        before = STANDARD.encode(Sha256::of(signed.as_bytes()).as_bytes());
        *note = signed.into_bytes();
    }
    let forged = resealed(&original, files, key);
    // By itself it holds together: that is why a key has to be known from elsewhere.
    assert_eq!(check(&forged, None, &[]).findings, []);
    let known = room.fingerprint().to_string();
    found(
        &room,
        &forged,
        "it is not the key that you named",
        &["--key", &known],
    );
    let path = room.kept("kept.note", kept.as_bytes());
    let path = path.to_str().unwrap();
    found(
        &room,
        &forged,
        "it was signed with another key",
        &["--checkpoint", path],
    );
    // The true bundle agrees with what was kept.
    let kept = KeptNote {
        name: path.to_owned(),
        text: kept,
    };
    assert_eq!(
        check(&original, None, std::slice::from_ref(&kept)).findings,
        []
    );

    // The same key, another history: what was kept cannot be signed away.
    let body = note::body(&kept.text).unwrap().replace("T01:30", "T01:31");
    let server = room.app.house().vault.signing_key();
    let other = note::sign(server, "shodo/timeline/2", &body);
    std::fs::write(path, &other).unwrap();
    let expected = "the bundle holds another checkpoint of the same number";
    found(&room, &original, expected, &["--checkpoint", path]);
}

#[test]
fn a_clock_that_was_set_back_is_named_and_one_that_was_set_right_is_not() {
    let room = Room::new();
    let set = |instant: &str| room.app.house().clock.set(instant.parse().unwrap());
    // Nine minutes back: writers that queue, and clocks that are set right, are no lie.
    set("2026-11-20T01:21:00Z");
    room.note("時計を合わせた");
    assert_eq!(check(&room.bundle(false, true), None, &[]).findings, []);
    set("2026-11-20T00:50:00Z");
    room.note("期限に間に合ったことにする");
    let bundle = room.bundle(false, true);
    let expected =
        "it was recorded earlier than an entry or a checkpoint before it: the clock was set back";
    found(&room, &bundle, expected, &[]);
    let what = "it was made earlier than the one before it: the clock was set back";
    found(&room, &bundle, what, &[]);
}

/// Both checkers must name it; `arguments` are those of `verify.py`.
#[track_caller]
fn found(room: &Room, bundle: &[u8], expected: &str, arguments: &[&str]) {
    let mut known = None;
    let mut kept = Vec::new();
    for pair in arguments.chunks(2) {
        match pair[0] {
            "--key" => known = Some(pair[1].parse().unwrap()),
            _ => kept.push(KeptNote {
                name: pair[1].to_owned(),
                text: std::fs::read_to_string(pair[1]).unwrap(),
            }),
        }
    }
    let findings: Vec<String> = check(bundle, known, &kept)
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        findings.iter().any(|finding| finding.contains(expected)),
        "the product must say {expected:?}, and said {findings:#?}"
    );
    let (held, printed) = room.python(bundle, arguments);
    assert!(!held, "verify.py was content with: {expected}");
    assert!(
        printed.contains(expected),
        "verify.py must say {expected:?}, and said {printed}"
    );
}
