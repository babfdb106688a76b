//! What an import makes of a roster.

use shodo::affected::{self, Channel, Field, Filter, NewRoster, Reason};
use shodo::kernel::{Locale, locale};
use shodo::store::Conn;
use shodo::timeline::Kind;

use super::room::{INCIDENT, OTHER_INCIDENT, PLAIN_ROSTER, Room, now, usual, walk};

#[test]
fn a_roster_goes_in_sealed_and_comes_out_as_typed_only_when_revealed() {
    let room = Room::new();
    let with_bom = [
        b"\xef\xbb\xbf",
        PLAIN_ROSTER.replace('\n', "\r\n").as_bytes(),
    ]
    .concat();
    let roster = room.import(&with_bom).unwrap();
    assert_eq!(
        (
            roster.rows,
            roster.total_rows,
            roster.people_added,
            roster.duplicates
        ),
        (3, 3, 3, 0)
    );
    assert_eq!(roster.items(), ["full_name", "email_address"]);
    let not_kept = (1, "好きな色".to_owned(), Reason::ColumnNotKept);
    assert_eq!(room.problems(&roster), [not_kept]);

    let counts = room.counts();
    assert_eq!(
        (counts.people, counts.with_email, counts.with_phone),
        (3, 2, 2)
    );
    assert_eq!(
        (counts.with_line, counts.reachable, counts.with_post),
        (0, 3, 1)
    );
    assert_eq!((counts.minors, counts.adults), (1, 1));
    assert_eq!((counts.by_country["JP"], counts.by_country["IE"]), (2, 1));
    assert_eq!(
        (counts.by_locale[&Locale::Ja], counts.by_locale[&Locale::En]),
        (2, 1)
    );
    assert_eq!(
        (counts.by_item["full_name"], counts.by_category["contact"]),
        (3, 3)
    );

    let people = room.people();
    let masks: Vec<_> = people
        .iter()
        .map(|p| (p.name.as_str(), p.email.as_str(), p.phone.as_str()))
        .collect();
    assert_eq!(
        masks,
        [
            ("髙*", "T***@Example.jp", "***78"),
            ("O*", "k***@example.com", ""),
            ("鈴*", "", "***78"),
        ]
    );
    let reveal = |reason: &'static str| {
        room.write(|tx| {
            shodo::affected::reveal(
                tx,
                &room.vault,
                &room.actor,
                now(),
                INCIDENT,
                people[0].id,
                reason,
            )
        })
    };
    assert_eq!(reveal("  ").unwrap_err().fields[0].key, "field-required");
    let person = reveal("本人からの問い合わせ").unwrap();
    assert_eq!(format!("{:?}", person.record.name), "Some([redacted])");
    let shown = |value: Option<shodo::kernel::Redacted<String>>| value.unwrap().into_revealed();
    assert_eq!(person.record.minor, Some(true));
    assert_eq!(person.rows, [(1, 2)]);
    assert_eq!(shown(person.record.name), "髙橋 﨑子");
    assert_eq!(shown(person.record.email), "Takahashi@Example.jp");
    assert_eq!(
        shown(person.record.address),
        "東京都千代田区1-1\r\n㈱例 気付"
    );
    let told = room.entries(Kind::PeopleRevealed);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["reason"], "本人からの問い合わせ");
    assert!(!told[0].to_string().contains("髙橋"));

    let mut mails = Vec::new();
    let with_mail = Filter {
        channel: Some(Channel::Email),
        ..Filter::default()
    };
    // One at a time, as a sending goes on behind where it stopped.
    let mut after = None;
    loop {
        let (people, next) = room.read(|conn| {
            affected::recipients(conn, &room.vault, now(), INCIDENT, &with_mail, after, 1)
        });
        mails.extend(people.into_iter().map(|person| {
            let email = person.email.expect("an address").into_revealed();
            (email, person.locale)
        }));
        after = match next {
            Some(next) => Some(next),
            None => break,
        };
    }
    let expected = [
        ("Takahashi@Example.jp", Locale::Ja),
        ("kate@example.com", Locale::En),
    ];
    assert_eq!(
        mails,
        expected.map(|(email, locale)| (email.to_owned(), locale))
    );
}

#[test]
fn no_personal_value_stands_in_the_database_or_in_the_sealed_file() {
    let room = Room::new();
    room.import(PLAIN_ROSTER.as_bytes()).unwrap();
    let mut haystack = if room.db.is_postgres() {
        room.read(|conn| Ok(dump(conn)))
    } else {
        let bytes = room.database_bytes();
        let table = bytes.windows(11).any(|window| window == b"person_keys");
        assert!(table, "the database file was not read");
        bytes
    };
    for entry in walk(&room.db.folder().join("evidence")) {
        haystack.extend(std::fs::read(entry).unwrap());
    }
    assert!(haystack.len() > 1_000);
    for value in [
        "髙橋",
        "﨑子",
        "サキコ",
        "akahashi@",
        "kate@example",
        "Brien",
        "1234-5678",
        "9012345678",
        "312345678",
        "千代田",
        "2010-04-01",
        "A-001",
    ] {
        let found = haystack
            .windows(value.len())
            .any(|window| window == value.as_bytes());
        assert!(!found, "{value} stands there in clear");
    }
}

#[test]
fn people_are_recognised_in_other_writing_and_filled_up() {
    let room = Room::new();
    let roster = room
        .import(
            "氏名,email,電話\n\
             山田太郎,TARO@example.jp,\n\
             山田　太郎,taro@EXAMPLE.JP,090-1111-2222\n\
             山田 太郎,,+81 90 1111 2222\n\
             山田花子,hanako@example.jp,０９０１１１１２２２２\n"
                .as_bytes(),
        )
        .unwrap();
    // Hanako shares the telephone, but has an address of her own: she is told, too.
    assert_eq!((roster.people_added, roster.duplicates), (2, 2));
    assert_eq!(
        room.problems(&roster),
        [
            (3, String::new(), Reason::DuplicateInFile),
            (4, String::new(), Reason::DuplicateInFile),
            (5, "phone".to_owned(), Reason::SharedContact),
        ]
    );
    let counts = room.counts();
    assert_eq!(
        (counts.people, counts.with_email, counts.with_phone),
        (2, 2, 2)
    );
    // The desk finds both for the telephone, and one for each address.
    assert_eq!(room.look_up("090-1111-2222").len(), 2);
    assert_eq!(room.look_up("ＴＡＲＯ＠example.jp").len(), 1);

    let later = room
        .import(
            "会員番号;氏名;メール\n77;山田 大郎;taro@example.jp\n78;佐藤;sato@example.jp\n"
                .as_bytes(),
        )
        .unwrap();
    assert_eq!((later.people_added, later.duplicates), (1, 1));
    assert_eq!(
        room.problems(&later),
        [
            (2, String::new(), Reason::DuplicateOfEarlierRoster),
            (2, "name".to_owned(), Reason::NameDiffers),
        ]
    );
    assert_eq!(room.counts().people, 3);
    // The customer number came with the second roster, and recognises from now on.
    let third = room
        .import("会員番号,email\n77,other@example.jp\n".as_bytes())
        .unwrap();
    assert_eq!((third.people_added, third.duplicates), (0, 1));
    assert_eq!(room.rosters().len(), 3);
    assert_eq!(room.look_up("77"), room.look_up("other@example.jp"));
}

#[test]
fn every_problem_of_a_row_is_kept_with_its_line_and_a_masked_value() {
    let room = Room::new();
    let long = "x".repeat(201);
    let file = format!(
        "氏名\tメール\t電話番号\t国\t言語\t生年月日\tLINE ID\t備考\r\n\
         \r\n\
         甲\tb@localhost\t12-34\tAtlantis\ttlh\t2010-02-30\t@shop\t\r\n\
         乙\ta@example.jp\r\n\
         \t\t\t\t\t\t\tmemo\r\n\
         丙\u{1}\tc@example.jp\t\t\t\t\t\t\r\n\
         {long}\td@example.jp\t\t\t\t\t\t\r\n\
         \"丁\r\n戊\"\te@example.jp\t\t\t\t\t\t\r\n\
         己\t\t\t\t\t\t\t"
    );
    let roster = room.import(file.as_bytes()).unwrap();
    let row = |line, field: &str, reason| (line, field.to_owned(), reason);
    assert_eq!(
        room.problems(&roster),
        [
            row(1, "備考", Reason::ColumnNotKept),
            row(3, "email", Reason::InvalidEmail),
            row(3, "phone", Reason::UnreadablePhone),
            row(3, "country", Reason::UnknownCountry),
            row(3, "language", Reason::UnknownLanguage),
            row(3, "birth-date", Reason::BadDate),
            row(3, "line-user-id", Reason::InvalidLineUserId),
            row(3, "", Reason::NoContact),
            row(4, "", Reason::WrongColumnCount),
            row(5, "", Reason::EmptyRow),
            row(6, "name", Reason::ControlCharacters),
            row(7, "name", Reason::TooLong),
            row(8, "name", Reason::ControlCharacters),
            row(10, "", Reason::NoContact),
        ]
    );
    let problems = room.read(|conn| shodo::affected::rosters::problems(conn, &roster.id, 0, 3));
    assert_eq!(
        (problems[1].masked.as_str(), problems[2].masked.as_str()),
        ("b**********", "1****")
    );
    assert_eq!(
        (roster.rows, roster.people_added, roster.rejected()),
        (7, 5, 2)
    );
    assert_eq!(room.counts().with_email, 3);
    // What was typed is not lost: the person who calls can be found and the cell corrected.
    let first = room.people()[0].id;
    let person = room.reveal(first);
    assert_eq!(
        person.record.unusable[&Field::Email].reveal(),
        "b@localhost"
    );
    for reason in Reason::ALL {
        for language in [Locale::Ja, Locale::En] {
            assert!(
                locale::has(language, &format!("roster-problem-{reason}")),
                "{reason}"
            );
        }
    }
    for field in Field::ALL {
        for language in [Locale::Ja, Locale::En] {
            assert!(
                locale::has(language, &format!("person-field-{field}")),
                "{field}"
            );
        }
    }
}

#[test]
fn unknown_data_items_and_collection_points_and_periods_are_refused() {
    let room = Room::new();
    let new = NewRoster {
        collection_point: "moon".to_owned(),
        data_items: vec!["shoe_size".to_owned()],
        period_from: "2026-11-02".to_owned(),
        period_to: "2026-11-01".to_owned(),
        ..usual()
    };
    let problem = room
        .hand_in(INCIDENT, &new, PLAIN_ROSTER.as_bytes())
        .unwrap_err();
    let fields: Vec<_> = problem
        .fields
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    assert_eq!(fields, ["data_items", "collection_point", "period_to"]);
    assert_eq!(room.counts().people, 0);
}

#[test]
fn rows_may_say_which_data_items_and_where_people_live() {
    let room = Room::new();
    let roster = room
        .import(
            "email,国,都道府県,漏えい項目\n\
             a@example.jp,,東京都,電話番号\n\
             b@example.com,US,CA,\n\
             c@example.com,US,Texas,電話番号、好きな色\n"
                .as_bytes(),
        )
        .unwrap();
    assert_eq!(
        room.problems(&roster),
        [(4, "data-items".to_owned(), Reason::UnknownDataItem)]
    );
    let counts = room.counts();
    assert_eq!(
        (
            counts.by_item["email_address"],
            counts.by_item["phone_number"]
        ),
        (3, 2)
    );
    let regions: Vec<_> = counts.by_region.keys().map(String::as_str).collect();
    assert_eq!(regions, ["JP-13", "US-CA", "US-TX"]);
    assert_eq!((counts.by_country["JP"], counts.by_country["US"]), (1, 2));
}

#[test]
fn a_mapping_is_remembered_for_the_next_file_of_the_same_header() {
    let room = Room::new();
    let file = "名まえ,連絡先A,連絡先B\n山田,a@example.jp,090-1234-5678\n".as_bytes();
    let id = room.hand_in(INCIDENT, &usual(), file).unwrap();
    assert!(
        room.roster(&id)
            .layout()
            .unwrap()
            .columns
            .iter()
            .all(Option::is_none)
    );
    let chosen = [Some(Field::Name), Some(Field::Email), Some(Field::Phone)];
    let digest = shodo::affected::rosters::inspect(std::io::Cursor::new(file), None)
        .unwrap()
        .header_digest;
    // Nothing in the first rows is a header that we know, so nothing of them may be remembered.
    assert_eq!(digest, "");
    let twice = [Some(Field::Email), Some(Field::Email), None];
    for (columns, key) in [
        (&twice, "field-column-twice"),
        (&[None, None, None], "field-no-usable-column"),
    ] {
        let problem = room
            .write(|tx| {
                shodo::affected::rosters::confirm(tx, &room.actor, now(), &id, columns, &digest)
            })
            .unwrap_err();
        assert_eq!(problem.fields[0].key, key);
    }
    room.write(|tx| {
        shodo::affected::rosters::confirm(tx, &room.actor, now(), &id, &chosen, &digest)
    })
    .unwrap();

    let known = "会員,氏名,連絡先,電話\n7,山田,a@example.jp,090-1234-5678\n".as_bytes();
    let id = room.hand_in(INCIDENT, &usual(), known).unwrap();
    let layout = room.roster(&id).layout().unwrap();
    assert_eq!(
        layout.columns,
        [None, Some(Field::Name), None, Some(Field::Phone)]
    );
    let digest = shodo::affected::rosters::inspect(std::io::Cursor::new(known), None)
        .unwrap()
        .header_digest;
    let chosen = [
        Some(Field::CustomerNumber),
        Some(Field::Name),
        Some(Field::Email),
        Some(Field::Phone),
    ];
    room.write(|tx| {
        shodo::affected::rosters::confirm(tx, &room.actor, now(), &id, &chosen, &digest)
    })
    .unwrap();
    let next = "会員, 氏 名 ,連絡先,電話\n8,佐藤,b@example.jp,\n".as_bytes();
    let id = room.hand_in(OTHER_INCIDENT, &usual(), next).unwrap();
    assert_eq!(room.roster(&id).layout().unwrap().columns, chosen);
}

#[test]
fn the_same_roster_twice_adds_nobody_and_another_incident_has_people_of_its_own() {
    let room = Room::new();
    room.import(PLAIN_ROSTER.as_bytes()).unwrap();
    let again = room.import(PLAIN_ROSTER.as_bytes()).unwrap();
    assert_eq!((again.people_added, again.duplicates), (0, 3));
    assert_eq!(room.counts().people, 3);
    let other = room
        .import_as(OTHER_INCIDENT, &usual(), PLAIN_ROSTER.as_bytes())
        .unwrap();
    assert_eq!((other.number, other.people_added), (1, 3));
    let counts = room.read(|conn| shodo::affected::counts(conn, OTHER_INCIDENT));
    assert_eq!(counts.people, 3);
    // The look-up of one incident says nothing of the other's people.
    let found = room.look_up("kate@example.com");
    assert_eq!(found.len(), 1);
    assert!(found[0].number() <= 3);
}

/// Everything that the rooms' tables hold on PostgreSQL, as text and as bytes.
fn dump(conn: &mut Conn) -> Vec<u8> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Text {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    #[derive(QueryableByName)]
    struct Bytes {
        #[diesel(sql_type = diesel::sql_types::Binary)]
        bytes: Vec<u8>,
    }
    let mut all = Vec::new();
    for table in [
        "rosters",
        "roster_problems",
        "people",
        "person_keys",
        "person_rows",
        "person_groups",
        "person_conflicts",
        "timeline_entries",
    ] {
        let rows: Vec<Text> = diesel::sql_query(format!("SELECT t::text AS text FROM {table} t"))
            .load(conn)
            .unwrap();
        all.extend(rows.into_iter().flat_map(|row| row.text.into_bytes()));
    }
    let rows: Vec<Bytes> = diesel::sql_query("SELECT sealed AS bytes FROM people")
        .load(conn)
        .unwrap();
    all.extend(rows.into_iter().flat_map(|row| row.bytes));
    all
}
