//! The register: filters, pages, counts, look-ups, and what people were told.

use shodo::affected::{self, Channel, Filter, NoticeState, PersonId, register};
use shodo::kernel::Locale;

use super::room::{INCIDENT, Room, now, usual};

fn room_of_two_rosters() -> Room {
    let room = Room::new();
    room.import(
        "氏名,email,電話,国,言語,未成年,住所\n\
         一,a1@example.jp,,JP,ja,はい,東京都\n\
         二,a2@example.jp,090-1111-0002,JP,ja,いいえ,\n\
         三,,090-1111-0003,,,,\n\
         四,a4@example.com,,US,en,,\n\
         五,,,FR,,,Paris\n"
            .as_bytes(),
    )
    .unwrap();
    let other = shodo::affected::NewRoster {
        data_items: vec!["purchase_history".to_owned()],
        ..usual()
    };
    room.import_as(
        INCIDENT,
        &other,
        "email,漏えい項目\na2@example.jp,\na6@example.jp,位置情報\n".as_bytes(),
    )
    .unwrap();
    room
}

#[test]
fn filters_narrow_and_their_totals_are_those_of_the_counts() {
    let room = room_of_two_rosters();
    let counts = room.counts();
    assert_eq!(counts.people, 6);
    let found = |filter: Filter| {
        let page = room.page(&filter);
        assert_eq!(
            i64::try_from(page.people.len()).unwrap(),
            page.total,
            "{filter:?}"
        );
        page.total
    };
    let text = |text: &str| Some(text.to_owned());
    let all = Filter::default;
    assert_eq!(found(all()), 6);
    assert_eq!(
        found(Filter {
            country: text("JP"),
            ..all()
        }),
        counts.by_country["JP"]
    );
    assert_eq!(
        found(Filter {
            country: text("unknown"),
            ..all()
        }),
        2
    );
    assert_eq!(
        found(Filter {
            locale: Some(Locale::En),
            ..all()
        }),
        counts.by_locale[&Locale::En]
    );
    assert_eq!(
        found(Filter {
            minor: text("yes"),
            ..all()
        }),
        counts.minors
    );
    assert_eq!(
        found(Filter {
            channel: Some(Channel::Email),
            ..all()
        }),
        counts.with_email
    );
    assert_eq!(
        found(Filter {
            channel: Some(Channel::Phone),
            ..all()
        }),
        2
    );
    assert_eq!(
        found(Filter {
            channel: Some(Channel::Post),
            ..all()
        }),
        2
    );
    assert_eq!(
        found(Filter {
            channel: Some(Channel::None),
            ..all()
        }),
        0
    );
    assert_eq!(
        found(Filter {
            roster: Some(1),
            ..all()
        }),
        5
    );
    assert_eq!(
        found(Filter {
            roster: Some(2),
            ..all()
        }),
        counts.by_roster[&2]
    );
    assert_eq!(
        found(Filter {
            category: text("behaviour"),
            ..all()
        }),
        2
    );
    assert_eq!(
        found(Filter {
            data_item: text("email_address"),
            ..all()
        }),
        5
    );
    let both = Filter {
        roster: Some(2),
        country: text("JP"),
        ..all()
    };
    assert_eq!(found(both), 1);
}

#[test]
fn pages_show_everybody_once_whatever_their_size() {
    let room = room_of_two_rosters();
    for limit in 1..8 {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = room.read(|conn| {
                register::page(
                    conn,
                    &room.vault,
                    now(),
                    INCIDENT,
                    &Filter::default(),
                    after,
                    limit,
                )
            });
            assert_eq!(page.total, 6);
            assert!(page.people.len() <= limit);
            seen.extend(page.people.iter().map(|person| person.id));
            after = page.next;
            // A place in the register survives its text, as an address carries it.
            after = after.map(|cursor| cursor.to_string().parse().unwrap());
            if after.is_none() {
                break;
            }
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((seen.len(), sorted.len()), (6, 6), "pages of {limit}");
    }
}

#[test]
fn the_desk_finds_by_any_contact_in_any_writing_and_counts_without_keeping_it() {
    let room = room_of_two_rosters();
    for contact in [
        "A2@EXAMPLE.JP",
        "ａ２＠example.jp",
        "09011110002",
        "+81 90-1111-0002",
    ] {
        assert_eq!(room.look_up(contact).len(), 1, "{contact}");
    }
    for contact in [
        "nobody@example.jp",
        "090-9999-9999",
        "'; DROP TABLE people; --",
        "",
    ] {
        assert!(room.look_up(contact).is_empty(), "{contact}");
    }
    for found in [true, false, true] {
        room.write(|tx| affected::count_lookup(tx, INCIDENT, "2026-11-23", found))
            .unwrap();
    }
    let counted = room.read(|conn| affected::lookups(conn, INCIDENT));
    assert_eq!(counted, [("2026-11-23".to_owned(), 2, 1)]);
}

#[test]
fn what_people_were_told_moves_them_and_keeps_the_counts() {
    let room = room_of_two_rosters();
    let told = |room: &Room, state| room.counts().by_notice.get(&state).copied().unwrap_or(0);
    assert_eq!(told(&room, NoticeState::NotTold), 6);
    let with_mail = Filter {
        channel: Some(Channel::Email),
        ..Filter::default()
    };
    assert_eq!(
        room.read(|conn| affected::count(conn, INCIDENT, &with_mail)),
        4
    );
    let not_mailed = room.look_up("a4@example.com");
    let queued: Vec<(PersonId, NoticeState)> = room
        .page(&with_mail)
        .people
        .iter()
        .map(|person| match not_mailed.contains(&person.id) {
            true => (person.id, NoticeState::Failed),
            false => (person.id, NoticeState::Queued),
        })
        .collect();
    room.write(|tx| affected::mark(tx, INCIDENT, &queued))
        .unwrap();
    assert_eq!(
        (
            told(&room, NoticeState::Queued),
            told(&room, NoticeState::Failed)
        ),
        (3, 1)
    );
    assert_eq!(told(&room, NoticeState::NotTold), 2);
    let sent: Vec<(PersonId, NoticeState)> = room
        .look_up("a1@example.jp")
        .into_iter()
        .map(|id| (id, NoticeState::Sent))
        .collect();
    room.write(|tx| affected::mark(tx, INCIDENT, &sent))
        .unwrap();
    // Saying it again changes nothing.
    room.write(|tx| affected::mark(tx, INCIDENT, &sent))
        .unwrap();
    assert_eq!(
        (
            told(&room, NoticeState::Sent),
            told(&room, NoticeState::Queued)
        ),
        (1, 2)
    );
    let page = room.page(&Filter {
        notice_state: Some(NoticeState::Sent),
        ..Filter::default()
    });
    assert_eq!(
        page.people.iter().map(|p| p.id).collect::<Vec<_>>(),
        room.look_up("a1@example.jp")
    );
}
