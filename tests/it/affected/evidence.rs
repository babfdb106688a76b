//! Evidence: sealed, opened on record, verified, swept.

use std::io::Read;

use shodo::evidence::{self, Upload, Verification};
use shodo::kernel::{Code, Problem, Result};
use shodo::timeline::Kind;
use shodo::vault::Scope;

use super::room::{INCIDENT, Room, now, params, upload, walk};

#[test]
fn a_file_over_the_limit_is_refused_when_it_is_sealed() {
    let room = Room::new();
    let key = room
        .write(|tx| room.vault.key(tx, &Scope::incident(INCIDENT), now()))
        .unwrap();
    let before = walk(&room.db.folder().join("evidence"));
    let upload = Upload {
        limit: 1 << 10,
        ..upload("big.bin")
    };
    let endless = std::io::repeat(b'a').take(1 << 40);
    let problem = evidence::prepare(&room.files, &key, now(), upload, endless).unwrap_err();
    assert_eq!(
        (problem.code, params(&problem)),
        (Code::TooLarge, vec![("limit", "1 KiB")])
    );
    assert_eq!(
        walk(&room.db.folder().join("evidence")),
        before,
        "a part was left behind"
    );
}

#[test]
fn evidence_is_sealed_opened_verified_and_its_opening_told() {
    let room = Room::new();
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
    let first = room.seal("C:\\logs\\access.log", &bytes);
    assert_eq!(first.evidence.name, "access.log");
    assert_eq!(first.evidence.size, 800_000);
    assert!(first.same_as.is_none());
    let again = room.seal("copy.log", &bytes);
    assert_eq!(again.same_as.unwrap().id, first.evidence.id);
    assert_eq!(room.read(|conn| evidence::list(conn, INCIDENT)).len(), 2);
    let told = room.entries(Kind::EvidenceSealed);
    assert_eq!(told[0]["sha256"], first.evidence.sha256);
    assert_eq!(told[1]["same_as"], first.evidence.id.as_str());

    let id = &first.evidence.id;
    let (_, mut reader) = room
        .write(|tx| evidence::open(tx, &room.vault, &room.files, &room.actor, now(), id))
        .unwrap();
    let mut opened = Vec::new();
    reader.read_to_end(&mut opened).unwrap();
    assert!(opened == bytes);
    assert_eq!(room.entries(Kind::EvidenceOpened).len(), 1);

    let verify = || room.read(|conn| evidence::verify(conn, &room.vault, &room.files, now(), id));
    assert_eq!(verify(), Verification::Intact);
    let path = walk(&room.db.folder().join("evidence"))
        .into_iter()
        .find(|path| path.ends_with(&first.evidence.address))
        .unwrap();
    let mut sealed = std::fs::read(&path).unwrap();
    sealed[400_000] ^= 1;
    std::fs::write(&path, &sealed).unwrap();
    assert_eq!(verify(), Verification::Changed);
    std::fs::write(&path, &sealed[..10]).unwrap();
    assert_eq!(verify(), Verification::Changed);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify(), Verification::Missing);
}

#[test]
fn the_sweep_takes_what_no_row_names_and_leaves_the_young() {
    let room = Room::new();
    let kept = room.seal("kept.txt", b"kept").evidence;
    let key = room
        .write(|tx| room.vault.key(tx, &Scope::incident(INCIDENT), now()))
        .unwrap();
    let prepare =
        |name| evidence::prepare(&room.files, &key, now(), upload(name), &b"x"[..]).unwrap();
    // The transaction fails after the file was recorded: row and entry go, the file stays for the sweep.
    let lost = prepare("lost.txt");
    let outcome: Result<()> = room.write(|tx| {
        evidence::record(tx, &room.actor, now(), lost)?;
        Err(Problem::new(Code::Unavailable))
    });
    assert!(outcome.is_err());
    drop(prepare("dropped.txt"));
    let folder = room.db.folder().join("evidence");
    assert_eq!(walk(&folder).len(), 2);
    let hours = |hours| now().plus(jiff::SignedDuration::from_hours(hours));
    let sweep = |at| room.read(|conn| evidence::sweep(conn, &room.files, at));
    assert_eq!(sweep(now()), 0);
    assert_eq!(sweep(hours(2)), 1);
    assert_eq!(sweep(hours(2)), 0);
    assert!(walk(&folder)[0].ends_with(&kept.address));
}
