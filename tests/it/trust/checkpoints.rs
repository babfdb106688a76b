//! The chain of checkpoints, notes of both versions, clocks, and copies that were kept elsewhere.

use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use shodo::kernel::{Instant, Sha256};
use shodo::store::schema::checkpoints;
use shodo::timeline::{self, KeptNote, checkpoint, public_key};

use super::room::{INCIDENT, OTHER, Room, at, found, told};

#[test]
fn checkpoints_name_each_other_and_a_missing_one_is_named() {
    let room = Room::new();
    assert!(room.checkpoint(at("09:00:00")).is_none(), "nothing to say");
    let mut notes = Vec::new();
    for minute in 1..=4 {
        let now = at(&format!("09:0{minute}:00"));
        room.append(INCIDENT, now, "a note");
        notes.push(room.checkpoint(now).expect("a checkpoint"));
        assert!(room.checkpoint(now).is_none(), "nothing new was said");
    }
    let key = room.vault.signing_key().public_key();
    for (place, note) in notes.iter().enumerate() {
        let opened = note.open(key).unwrap();
        assert_eq!(opened.number, Some(note.seq));
        assert_eq!(usize::try_from(note.seq).unwrap(), place + 1);
        let before = place.checked_sub(1).map(|place| notes[place].digest());
        assert_eq!(opened.previous, before);
        assert_eq!(opened.first, place == 0);
        assert_eq!(opened.heads.len(), 1);
    }
    room.holds();
    assert_eq!(room.verify(&[]).checkpoints, 4);

    let delete = |seq: i64| room.run(&format!("DELETE FROM checkpoints WHERE seq = {seq}"));
    let restore = |place: usize| {
        put(
            &room,
            &notes[place].note,
            notes[place].seq,
            notes[place].created_at,
        )
    };
    // In the middle, and at the beginning.
    for (place, next) in [(1, "checkpoint 3"), (0, "checkpoint 2")] {
        delete(notes[place].seq);
        let findings = room.findings();
        found(&findings, &[next, "the checkpoints before it were removed"]);
        found(&findings, &[next, "does not follow"]);
        restore(place);
        room.holds();
    }
    // Closing the gap by new numbers.
    delete(2);
    room.run("UPDATE checkpoints SET seq = seq - 1 WHERE seq = 3");
    room.run("UPDATE checkpoints SET seq = seq - 1 WHERE seq = 4");
    let findings = room.findings();
    found(&findings, &["checkpoint 2", "it was renumbered"]);
    found(&findings, &["checkpoint 2", "does not follow"]);
    room.run("UPDATE checkpoints SET seq = seq + 1 WHERE seq = 3");
    room.run("UPDATE checkpoints SET seq = seq + 1 WHERE seq = 2");
    restore(1);
    room.holds();
    // A changed byte: the signature, and the name that the next one has of it.
    room.run("UPDATE checkpoints SET note = replace(note, '09:02:00', '09:02:01') WHERE seq = 2");
    let findings = room.findings();
    found(&findings, &["checkpoint 2", "its signature does not hold"]);
    found(&findings, &["checkpoint 3", "does not follow"]);
}

#[test]
fn only_a_copy_kept_elsewhere_shows_that_the_end_was_cut() {
    let room = Room::new();
    room.append(INCIDENT, at("09:00:00"), "one");
    let early = room.checkpoint(at("09:00:00")).unwrap();
    room.append(INCIDENT, at("10:00:00"), "two");
    let late = room.checkpoint(at("10:00:00")).unwrap();
    let kept = |note: &str| {
        [KeptNote {
            name: "copy.note".to_owned(),
            text: note.to_owned(),
        }]
    };
    assert_eq!(told(&room.verify(&kept(&early.note))), Vec::<String>::new());
    assert_eq!(told(&room.verify(&kept(&late.note))), Vec::<String>::new());

    // Somebody with the whole database cuts the entry, its head and the checkpoint that saw it.
    room.run("DELETE FROM checkpoints WHERE seq = 2");
    room.run("DELETE FROM timeline_entries WHERE seq = 2");
    room.run(
        "UPDATE timeline_heads SET seq = 1, hash = (SELECT hash FROM timeline_entries WHERE seq = 1)",
    );
    room.holds();
    assert_eq!(told(&room.verify(&kept(&early.note))), Vec::<String>::new());
    let findings = told(&room.verify(&kept(&late.note)));
    found(
        &findings,
        &["checkpoint 2 was removed from this server", "copy.note"],
    );
    found(
        &findings,
        &[
            INCIDENT,
            "entry 2",
            "copy.note saw this entry, and it is gone",
        ],
    );
    // And goes on from there, with the server's own key.
    room.append(INCIDENT, at("10:30:00"), "another two");
    room.checkpoint(at("10:30:00")).unwrap();
    room.holds();
    let findings = told(&room.verify(&kept(&late.note)));
    found(
        &findings,
        &["checkpoint 2 is not the one that was kept as copy.note"],
    );
    found(
        &findings,
        &["entry 2", "copy.note saw this entry with another hash"],
    );
    // A copy that somebody wrote by themselves.
    let findings = told(&room.verify(&kept(&late.note.replace("10:00", "10:01"))));
    found(&findings, &["copy.note", "its signature does not hold"]);
}

#[test]
fn notes_of_the_first_version_still_open_but_never_after_the_second() {
    let room = Room::new();
    for minute in ["00", "01"] {
        let now = at(&format!("09:{minute}:00"));
        room.append(INCIDENT, now, "a note");
        let seq = minute.parse::<i64>().unwrap() + 1;
        put(&room, &first_version(&room, now), seq, now);
    }
    room.append(INCIDENT, at("09:02:00"), "a note");
    let second = room.checkpoint(at("09:02:00")).unwrap();
    assert_eq!(second.seq, 3);
    let before = room
        .db
        .store()
        .read_blocking(|conn| Ok(checkpoint::numbered(conn, 2)?))
        .unwrap()
        .unwrap();
    let opened = second.open(room.vault.signing_key().public_key()).unwrap();
    assert_eq!(
        (opened.previous, opened.first),
        (Some(before.digest()), false)
    );
    room.holds();

    // Behind the second version it would name nothing that was before it.
    let now = at("09:03:00");
    room.append(INCIDENT, now, "a note");
    put(&room, &first_version(&room, now), 4, now);
    found(&room.findings(), &["checkpoint 4", "does not follow"]);
}

#[test]
fn a_clock_that_ran_back_is_named_and_one_that_was_set_right_is_not() {
    let room = Room::new();
    room.append(INCIDENT, at("09:00:00"), "one");
    // Writers queue, and NTP sets clocks right by seconds.
    room.append(INCIDENT, at("08:51:00"), "two");
    room.checkpoint(at("08:52:00")).unwrap();
    room.append(INCIDENT, at("08:50:30"), "three");
    room.checkpoint(at("08:51:00")).unwrap();
    room.holds();
    // An entry from before what stands before it.
    room.append(INCIDENT, at("08:49:00"), "four");
    found(
        &room.findings(),
        &[
            INCIDENT,
            "entry 4",
            "recorded earlier",
            "the clock was set back",
        ],
    );
    // An entry from before a checkpoint that it follows, in a chain that is in order by itself.
    let room = Room::new();
    room.append(INCIDENT, at("09:00:00"), "one");
    room.checkpoint(at("12:00:00")).unwrap();
    room.append(INCIDENT, at("09:30:00"), "two");
    found(
        &room.findings(),
        &["entry 2", "recorded earlier than an entry or a checkpoint"],
    );
    // A checkpoint from before the one before it.
    room.checkpoint(at("11:00:00")).unwrap();
    found(
        &room.findings(),
        &["checkpoint 2", "made earlier than the one before it"],
    );
}

#[test]
fn the_check_of_one_incident_is_about_that_one() {
    let room = Room::new();
    for incident in [INCIDENT, OTHER] {
        for minute in 0..3 {
            room.append(incident, at(&format!("09:0{minute}:00")), "a note");
        }
    }
    // More checkpoints than it reads.
    for minute in 10..59 {
        room.append(OTHER, at(&format!("09:{minute}:00")), "a note");
        room.checkpoint(at(&format!("09:{minute}:00"))).unwrap();
    }
    for minute in 10..19 {
        room.append(OTHER, at(&format!("10:{minute}:00")), "a note");
        room.checkpoint(at(&format!("10:{minute}:00"))).unwrap();
    }
    let verdict = room.verify_incident(INCIDENT);
    assert_eq!(told(&verdict), Vec::<String>::new());
    assert_eq!((verdict.incidents, verdict.entries), (1, 3));
    assert_eq!(verdict.checkpoints, 50);
    room.run(&format!(
        "UPDATE timeline_entries SET actor = 'nobody' WHERE seq = 2 AND incident_id = '{OTHER}'"
    ));
    assert_eq!(room.verify_incident(INCIDENT).findings, []);
    found(
        &told(&room.verify_incident(OTHER)),
        &["entry 2", "does not match its hash"],
    );
    // All of it is gone.
    room.run(&format!(
        "DELETE FROM timeline_entries WHERE incident_id = '{INCIDENT}'"
    ));
    let findings = told(&room.verify_incident(INCIDENT));
    found(&findings, &["entries 1 to 3 were removed from the end"]);
    found(&findings, &["saw this entry, and it is gone"]);
    room.run(&format!(
        "DELETE FROM timeline_heads WHERE incident_id = '{INCIDENT}'"
    ));
    let findings = told(&room.verify_incident(INCIDENT));
    found(&findings, &["saw this entry, and it is gone"]);
}

#[test]
fn a_database_of_which_nothing_holds_gives_a_bounded_verdict() {
    let room = Room::new();
    for _ in 0..1_100 {
        room.append(INCIDENT, at("09:00:00"), "x");
    }
    room.run("UPDATE timeline_entries SET actor = 'nobody'");
    let verdict = room.verify(&[]);
    assert_eq!((verdict.findings.len(), verdict.more), (1_000, 100));
    assert_eq!(verdict.entries, 1_100);
}

/// Another program reads the key, and its fingerprint is what that program prints.
#[test]
fn openssl_reads_the_public_key_and_checks_a_note() {
    let room = Room::new();
    room.append(INCIDENT, at("09:00:00"), "one");
    let note = room.checkpoint(at("09:00:00")).unwrap().note;
    let key = room.vault.signing_key().public_key();
    let folder = room.db.folder();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let pem = file("public-key.pem", public_key::pem(key).as_bytes());
    let der = openssl(&["pkey", "-pubin", "-in", &pem, "-outform", "DER"]).unwrap();
    assert_eq!(Sha256::of(&der), public_key::fingerprint(key));

    // The signed text ends before the empty line; four bytes name the key, the rest is the signature.
    let (body, line) = note.rsplit_once("\n— ").unwrap();
    let signature = STANDARD
        .decode(line.split_whitespace().nth(1).unwrap())
        .unwrap();
    let signature = file("signature", &signature[4..]);
    let check = |text: &str| {
        let text = file("body", text.as_bytes());
        let arguments = [
            "pkeyutl", "-verify", "-pubin", "-inkey", &pem, "-rawin", "-in", &text, "-sigfile",
            &signature,
        ];
        openssl(&arguments).is_some()
    };
    assert!(check(body));
    assert!(!check(&body.replace("09:00", "09:01")));
}

/// What `openssl` printed, when it was content.
fn openssl(arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("openssl")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .expect("the openssl command");
    output.status.success().then_some(output.stdout)
}

/// Puts a row where checkpoints are kept.
fn put(room: &Room, note: &str, seq: i64, now: Instant) {
    let row = (
        checkpoints::id.eq(shodo::kernel::id::fresh(now)),
        checkpoints::note.eq(note),
        checkpoints::created_at.eq(now),
        checkpoints::seq.eq(seq),
    );
    room.db
        .store()
        .write_blocking(|tx| {
            Ok(diesel::insert_into(checkpoints::table)
                .values(row)
                .execute(tx)?)
        })
        .unwrap();
}

/// A note as the first version wrote it: a count of chains, no number, no note before it.
fn first_version(room: &Room, now: Instant) -> String {
    const ORIGIN: &str = "shodo/timeline/1";
    let key = room.vault.signing_key();
    let (seq, hash) = room
        .db
        .store()
        .read_blocking(|conn| timeline::head(conn, INCIDENT))
        .unwrap()
        .unwrap();
    let body = format!(
        "{ORIGIN}\n1\n{now}\n{INCIDENT} {seq} {}\n",
        STANDARD.encode(hash)
    );
    let named = [ORIGIN.as_bytes(), b"\n\x01", key.public_key()].concat();
    let name = Sha256::of(&named);
    let signature = [&name.as_bytes()[..4], &key.sign(body.as_bytes())].concat();
    format!("{body}\n— {ORIGIN} {}\n", STANDARD.encode(signature))
}
