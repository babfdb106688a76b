//! Rosters: sealed as evidence, imported whole or not at all, shown masked.

use std::io::Read;

use diesel::connection::SimpleConnection;
use shodo::affected::{self, Counts, Field, NewRoster, Reason, Roster};
use shodo::evidence::{self, EvidenceId, Files, Upload, Verification};
use shodo::kernel::{Code, Instant, Locale, Problem, Result, locale};
use shodo::store::Conn;
use shodo::timeline::{self, Actor, Kind};
use shodo::vault::{Scope, Vault};

use crate::support::db::TestDb;

const INCIDENT: &str = "0199aaaa-0000-7000-8000-000000000001";
const PLAIN_ROSTER: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,国,言語,生年月日,住所,好きな色
A-001,髙橋 﨑子,タカハシ サキコ,Takahashi@Example.jp,090-1234-5678,日本,,2010-04-01,\"東京都千代田区1-1
㈱例 気付\",青
A-002,O'Brien Kate,,kate@example.com,,IE,en,1990/1/2,,
A-003,鈴木 一郎,スズキ イチロウ,,０３ー１２３４ー５６７８,JP,ja,,,赤
";

struct Room {
    db: TestDb,
    vault: Vault,
    files: Files,
    actor: Actor,
}

impl Room {
    fn new() -> Self {
        let db = TestDb::new();
        Self {
            vault: Vault::open_or_create(db.folder()).unwrap(),
            files: Files::in_data_dir(db.folder()),
            actor: Actor::account("0199aaaa-0000-7000-8000-0000000000aa"),
            db,
        }
    }

    fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> T {
        self.db.store().read_blocking(work).unwrap()
    }

    fn write<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.db.store().write_blocking(work)
    }

    fn seal(&self, name: &str, bytes: &[u8]) -> evidence::Recorded {
        let key = self
            .write(|tx| self.vault.key(tx, &Scope::incident(INCIDENT), now()))
            .unwrap();
        let prepared = evidence::prepare(&self.files, &key, now(), upload(name), bytes).unwrap();
        self.write(|tx| evidence::record(tx, &self.actor, now(), prepared))
            .unwrap()
    }

    fn import(&self, bytes: &[u8]) -> Result<Roster> {
        let evidence = self.seal("名簿.csv", bytes).evidence;
        self.import_sealed(&evidence.id, affected::DEFAULT_LIMIT)
    }

    fn import_sealed(&self, id: &EvidenceId, limit: u64) -> Result<Roster> {
        let items = ["full_name".to_owned(), "email_address".to_owned()];
        let new = NewRoster {
            incident_id: INCIDENT,
            evidence_id: id,
            source_system: "会員管理システム",
            collection_point: "friend_add",
            data_items: &items,
            limit,
        };
        let inspected = self.read(|conn| {
            Ok(
                affected::inspect(conn, &self.vault, &self.files, now(), &new)
                    .map(|found| found.rows),
            )
        });
        let imported = self
            .write(|tx| affected::import(tx, &self.vault, &self.files, &self.actor, now(), &new));
        // The look ahead and the import must agree, or a page would promise what fails later.
        match (&inspected, &imported) {
            (Ok(rows), Ok(roster)) => assert_eq!(i64::try_from(*rows), Ok(roster.rows)),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            (one, other) => panic!("inspect gave {one:?}, import gave {other:?}"),
        }
        imported
    }

    fn problems(&self, roster: &Roster) -> Vec<(i64, String, Reason)> {
        self.read(|conn| affected::problems(conn, &roster.id, 0, 1_000))
            .into_iter()
            .map(|problem| (problem.row, problem.column, problem.reason))
            .collect()
    }

    fn counts(&self) -> Counts {
        self.read(|conn| affected::counts(conn, INCIDENT))
    }

    fn entries(&self, kind: Kind) -> Vec<serde_json::Value> {
        self.read(|conn| timeline::all(conn, INCIDENT))
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(timeline::Entry::details)
            .collect()
    }

    /// Every byte that the database holds, where it is a file.
    fn database_bytes(&self) -> Vec<u8> {
        ["shodo.db", "shodo.db-wal"]
            .iter()
            .filter_map(|name| std::fs::read(self.db.folder().join(name)).ok())
            .collect::<Vec<_>>()
            .concat()
    }
}

fn now() -> Instant {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn upload(name: &str) -> Upload<'_> {
    Upload {
        incident_id: INCIDENT,
        name,
        media_type: "text/csv",
        note: "",
        limit: evidence::DEFAULT_LIMIT,
    }
}

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
        (roster.rows, roster.people_added, roster.duplicates),
        (3, 3, 0)
    );
    assert_eq!(roster.items(), ["full_name", "email_address"]);
    let not_kept = (1, "好きな色".to_owned(), Reason::ColumnNotKept);
    assert_eq!(room.problems(&roster), [not_kept]);

    let counts = room.counts();
    assert_eq!(
        (counts.people, counts.with_email, counts.with_phone),
        (3, 2, 2)
    );
    assert_eq!((counts.with_line, counts.reachable), (0, 3));
    assert_eq!((counts.minors, counts.adults), (1, 1));
    assert_eq!((counts.by_country["JP"], counts.by_country["IE"]), (2, 1));
    assert_eq!(
        (counts.by_locale[&Locale::Ja], counts.by_locale[&Locale::En]),
        (2, 1)
    );

    let page = room.read(|conn| affected::people_page(conn, &room.vault, now(), INCIDENT, None, 2));
    let masks: Vec<_> = page
        .iter()
        .map(|p| (p.name.as_str(), p.email.as_str(), p.phone.as_str()))
        .collect();
    assert_eq!(
        masks,
        [
            ("髙*", "T***@Example.jp", "***78"),
            ("O*", "k***@example.com", "")
        ]
    );
    let last = Some(&page[1].id);
    let rest = room.read(|conn| affected::people_page(conn, &room.vault, now(), INCIDENT, last, 2));
    assert_eq!(
        (rest.len(), rest[0].name.as_str(), rest[0].email.as_str()),
        (1, "鈴*", "")
    );

    let reveal = |reason: &'static str| {
        room.write(|tx| affected::reveal(tx, &room.vault, &room.actor, now(), &page[0].id, reason))
    };
    assert_eq!(reveal("  ").unwrap_err().fields[0].key, "field-required");
    let person = reveal("本人からの問い合わせ").unwrap();
    let shown = |value: Option<shodo::kernel::Redacted<String>>| value.unwrap().into_revealed();
    assert_eq!(format!("{:?}", person.fields.name), "Some([redacted])");
    assert_eq!(shown(person.fields.name), "髙橋 﨑子");
    assert_eq!(shown(person.fields.email), "Takahashi@Example.jp");
    assert_eq!(
        shown(person.fields.address),
        "東京都千代田区1-1\r\n㈱例 気付"
    );
    assert_eq!(person.minor, Some(true));
    let told = room.entries(Kind::PeopleRevealed);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["reason"], "本人からの問い合わせ");
    assert!(!told[0].to_string().contains("髙橋"));

    let mut mails = Vec::new();
    let reached = room.read(|conn| {
        affected::for_each_reachable(conn, &room.vault, now(), INCIDENT, |_, person| {
            mails.push((person.email.into_revealed(), person.locale));
            Ok(())
        })
    });
    assert_eq!(reached, 2);
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
    // What is only in memory would make this test pass without meaning anything.
    room.write(|tx| Ok(tx.batch_execute("SELECT 1")?)).unwrap();
    let mut haystack = if room.db.is_postgres() {
        room.read(|conn| Ok(dump(conn)))
    } else {
        let bytes = room.database_bytes();
        let table = bytes.windows(13).any(|window| window == b"person_roster");
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
    assert_eq!(room.read(|conn| affected::rosters(conn, INCIDENT)).len(), 3);
}

#[test]
fn every_problem_of_a_row_is_kept_with_its_line() {
    let room = Room::new();
    let long = "x".repeat(201);
    let file = format!(
        "氏名\tメール\t電話番号\t国\t言語\t生年月日\tLINE ID\t備考\r\n\
         \r\n\
         甲\tb@localhost\t12-34\tAtlantis\ttlh\t2010-02-30\t@shop\t\r\n\
         乙\ta@example.jp\r\n\
         \t\t\t\t\t\t\tmemo\r\n\
         丙\u{0}\tc@example.jp\t\t\t\t\t\t\r\n\
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
    assert_eq!(
        (roster.rows, roster.people_added, roster.rejected()),
        (7, 5, 2)
    );
    assert_eq!(room.counts().with_email, 3);
    // What was typed is not lost: the person who calls can be found and the cell corrected.
    let page = room.read(|conn| affected::people_page(conn, &room.vault, now(), INCIDENT, None, 1));
    let person = room
        .write(|tx| affected::reveal(tx, &room.vault, &room.actor, now(), &page[0].id, "確認"))
        .unwrap();
    assert_eq!(
        person.fields.unusable[&Field::Email].reveal(),
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
        assert!(
            locale::has(Locale::Ja, &format!("person-field-{field}")),
            "{field}"
        );
        assert!(
            locale::has(Locale::En, &format!("person-field-{field}")),
            "{field}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_trusted_is_refused_whole_with_the_row() {
    let room = Room::new();
    room.import(PLAIN_ROSTER.as_bytes()).unwrap();
    let before = room.counts();
    let many = "甲,a@example.jp\n".repeat(5_000);
    let cp932 = [
        "name,email\n".as_bytes(),
        many.as_bytes(),
        b"\x8eR\x93c,b@example.jp\n",
    ]
    .concat();
    let cases: [(&str, Vec<u8>, &str, &str); 12] = [
        ("empty", Vec::new(), "empty", "1"),
        ("blank", b"\xef\xbb\xbf\r\n \r\n".to_vec(), "empty", "1"),
        ("header only", "氏名,email\r\n".into(), "no-rows", "1"),
        (
            "no header",
            "山田,taro@example.jp\n".into(),
            "no-usable-column",
            "1",
        ),
        ("CP932", cp932, "not-utf8", "5002"),
        (
            "CP932 header",
            b"\x8e\x81\x96\xbc,email\n".to_vec(),
            "not-utf8",
            "1",
        ),
        (
            "UTF-16",
            b"\xff\xfen\0a\0m\0e\0\n\0a\0".to_vec(),
            "not-utf8",
            "1",
        ),
        (
            "unclosed quote",
            format!("氏名,email\n{many}\"乙,b@example.jp\n{many}").into(),
            "unclosed-quote",
            "5002",
        ),
        (
            "long unclosed quote",
            format!("氏名,email\n\"乙,b@example.jp\n{}", many.repeat(8)).into(),
            "unclosed-quote",
            "2",
        ),
        (
            "stray quote",
            "氏名,email\n甲,a@example.jp\n\"乙\"丙,b@example.jp\n".into(),
            "stray-quote",
            "3",
        ),
        (
            "quote closed by another row",
            "氏名,email\n\"乙,b@example.jp\n\"丙\",c@example.jp\n".into(),
            "stray-quote",
            "3",
        ),
        (
            "no line ends",
            format!("氏名,email\n{}", "x".repeat(300_000)).into(),
            "long-row",
            "2",
        ),
    ];
    for (what, bytes, reason, row) in cases {
        let problem = room.import(&bytes).expect_err(what);
        assert_eq!(problem.code, Code::UnreadableFile, "{what}");
        assert_eq!(
            params(&problem),
            [("reason", reason), ("row", row)],
            "{what}"
        );
        for language in [Locale::Ja, Locale::En] {
            assert!(!problem.title(language).contains('$'), "{what}");
            assert!(problem.next_step(language).chars().count() > 20, "{what}");
        }
        assert_eq!(room.counts(), before, "{what}");
    }
    assert_eq!(room.read(|conn| affected::rosters(conn, INCIDENT)).len(), 1);
    assert_eq!(room.entries(Kind::RosterImported).len(), 1);
}

#[test]
fn a_file_over_the_limit_is_refused_when_sealed_and_when_imported() {
    let room = Room::new();
    let bytes = PLAIN_ROSTER.as_bytes();
    let evidence = room.seal("名簿.csv", bytes).evidence;
    let problem = room.import_sealed(&evidence.id, 100).unwrap_err();
    assert_eq!(
        (problem.code, params(&problem)),
        (Code::TooLarge, vec![("limit", "100 B")])
    );

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
fn unknown_data_items_and_collection_points_are_refused() {
    let room = Room::new();
    let evidence = room.seal("名簿.csv", PLAIN_ROSTER.as_bytes()).evidence;
    let items = ["shoe_size".to_owned()];
    let new = NewRoster {
        incident_id: INCIDENT,
        evidence_id: &evidence.id,
        source_system: "",
        collection_point: "moon",
        data_items: &items,
        limit: affected::DEFAULT_LIMIT,
    };
    let problem = room
        .write(|tx| affected::import(tx, &room.vault, &room.files, &room.actor, now(), &new))
        .unwrap_err();
    let fields: Vec<_> = problem
        .fields
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    assert_eq!(fields, ["data_items", "collection_point"]);
    assert_eq!(room.counts(), Counts::default());

    let other = NewRoster {
        incident_id: "0199aaaa-0000-7000-8000-000000000002",
        data_items: &[],
        collection_point: "",
        ..new
    };
    let problem = room
        .write(|tx| affected::import(tx, &room.vault, &room.files, &room.actor, now(), &other))
        .unwrap_err();
    assert_eq!(problem.code, Code::NotFound);
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
        .find(|path| path.ends_with(id.as_str()))
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
    assert!(walk(&folder)[0].ends_with(kept.id.as_str()));
}

fn params(problem: &Problem) -> Vec<(&str, &str)> {
    problem
        .params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    paths.sort();
    paths
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
        "person_rosters",
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
