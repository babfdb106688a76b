//! Questions whether two rows are one person, decided either way.

use shodo::affected::{self, Conflict, Decision, Reason};
use shodo::kernel::Code;
use shodo::timeline::Kind;

use super::room::{INCIDENT, OTHER_INCIDENT, Room, now};

fn open(room: &Room) -> Vec<Conflict> {
    room.read(|conn| affected::conflicts(conn, INCIDENT, false, None, 100))
}

fn decide(room: &Room, conflict: &Conflict, decision: Decision) -> shodo::kernel::Result<Conflict> {
    room.write(|tx| {
        affected::decide(
            tx,
            &room.vault,
            &room.actor,
            now(),
            INCIDENT,
            &conflict.id,
            decision,
        )
    })
}

#[test]
fn one_address_and_two_names_are_one_person_until_somebody_says_otherwise() {
    let room = Room::new();
    room.import(
        "氏名,email,電話\n山田太郎,home@example.jp,\n山田花子,home@example.jp,090-1111-2222\n髙橋,t@example.jp,\n高橋,t@example.jp,\n"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(room.counts().people, 2);
    let conflicts = open(&room);
    assert_eq!(
        conflicts.len(),
        1,
        "a variant of a character is no other name"
    );
    assert_eq!(
        (conflicts[0].reason, conflicts[0].row),
        (Reason::NameDiffers, 3)
    );
    assert_eq!(
        room.read(|conn| affected::open_conflicts(conn, INCIDENT)),
        (1, 0)
    );

    let decided = decide(&room, &conflicts[0], Decision::Different).unwrap();
    assert_eq!(decided.decision, Some(Decision::Different));
    assert_eq!(room.counts().people, 3);
    // Both have the address, each has their own name, the telephone is hers alone.
    assert_eq!(room.look_up("home@example.jp").len(), 2);
    let hers = room.look_up("090-1111-2222");
    assert_eq!(hers.len(), 1);
    let person = room.reveal(hers[0]);
    assert_eq!(person.record.name.unwrap().reveal(), "山田花子");
    assert_eq!(person.rows, [(1, 3)]);
    assert!(open(&room).is_empty());
    assert_eq!(room.entries(Kind::ConflictDecided).len(), 1);
    let again = decide(&room, &conflicts[0], Decision::Same).unwrap_err();
    assert_eq!(again.code, Code::WrongState);
}

#[test]
fn a_shared_telephone_is_two_people_until_somebody_says_otherwise() {
    let room = Room::new();
    let roster = room
        .import(
            "氏名,email,電話\n山田太郎,work@example.jp,090-1111-2222\n山田太郎,home@example.jp,090-1111-2222\n"
                .as_bytes(),
        )
        .unwrap();
    assert_eq!((roster.people_added, roster.conflict_count), (2, 1));
    let before = room.everything();
    let conflict = open(&room).remove(0);
    assert_eq!(conflict.reason, Reason::SharedContact);
    assert_ne!(conflict.person_id, conflict.other_id);
    let elsewhere = room.write(|tx| {
        affected::decide(
            tx,
            &room.vault,
            &room.actor,
            now(),
            OTHER_INCIDENT,
            &conflict.id,
            Decision::Same,
        )
    });
    assert_eq!(elsewhere.unwrap_err().code, Code::NotFound);
    decide(&room, &conflict, Decision::Same).unwrap();
    assert_eq!(room.counts().people, 1);
    for contact in ["work@example.jp", "home@example.jp", "09011112222"] {
        assert_eq!(room.look_up(contact).len(), 1, "{contact}");
    }
    let person = room.reveal(room.look_up("home@example.jp")[0]);
    assert_eq!(person.rows, [(1, 2), (1, 3)]);
    assert_ne!(room.everything(), before);
    room.undo(&roster.id);
    assert_eq!(
        (room.counts().people, room.number_of("person_keys")),
        (0, 0)
    );
}

#[test]
fn keeping_what_was_done_changes_nobody() {
    let room = Room::new();
    room.import("氏名,email\n山田太郎,home@example.jp\n山田花子,home@example.jp\n".as_bytes())
        .unwrap();
    let before = room.everything();
    let conflict = open(&room).remove(0);
    decide(&room, &conflict, Decision::Same).unwrap();
    assert_eq!(room.everything(), before);
    let decided = room.read(|conn| affected::conflicts(conn, INCIDENT, true, None, 10));
    assert_eq!(decided.len(), 1);
    assert_eq!(decided[0].decided_by.as_deref(), Some(room.actor.as_str()));
}
