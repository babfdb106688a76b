//! Files of real life: encodings, workbooks, and what cannot be trusted.

use std::io::{Cursor, Write};

use shodo::affected::rosters;
use shodo::kernel::{Code, Locale};
use shodo::timeline::Kind;
use zip::write::SimpleFileOptions;

use super::room::{INCIDENT, PLAIN_ROSTER, Room, params, usual};

/// A workbook with one sheet of this XML, as a spreadsheet program stores it.
pub fn workbook(sheet_data: &str, shared: Option<&str>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut put = |name: &str, text: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(head.as_bytes()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    put(
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"#,
    );
    put(
        "_rels/.rels",
        &format!(
            r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="名簿" sheetId="1" r:id="r1"/></sheets></workbook>"#
        ),
    );
    put(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/worksheets/sheet1.xml",
        &format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet_data}</sheetData></worksheet>"#),
    );
    if let Some(shared) = shared {
        put(
            "xl/sharedStrings.xml",
            &format!(r#"<sst xmlns="{main}">{shared}</sst>"#),
        );
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_encoding_gives_the_same_people() {
    let text = PLAIN_ROSTER.replace('\n', "\r\n");
    let utf16 = |bytes: fn(u16) -> [u8; 2], bom: [u8; 2]| {
        let units = text.encode_utf16().flat_map(bytes);
        bom.into_iter().chain(units).collect::<Vec<u8>>()
    };
    let files = [
        ("UTF-8", text.clone().into_bytes()),
        (
            "UTF-8 with BOM",
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        ),
        // 髙, 﨑 and ㈱ are in the Windows code page, and not in JIS X 0208.
        ("CP932", encoding_rs::SHIFT_JIS.encode(&text).0.into_owned()),
        ("UTF-16LE", utf16(u16::to_le_bytes, [0xff, 0xfe])),
        ("UTF-16BE", utf16(u16::to_be_bytes, [0xfe, 0xff])),
    ];
    let mut first = None;
    for (what, bytes) in files {
        let room = Room::new();
        let roster = room.import(&bytes).expect(what);
        assert_eq!(roster.people_added, 3, "{what}");
        let everything = room.everything();
        assert!(everything.concat().contains("髙橋 﨑子"), "{what}");
        assert_eq!(
            first.get_or_insert(everything.clone()),
            &everything,
            "{what}"
        );
    }
}

#[test]
fn a_workbook_is_read_with_shared_strings_numbers_and_gaps() {
    let room = Room::new();
    let shared = [
        "氏名",
        "電話番号",
        "メールアドレス",
        "髙橋 﨑子",
        "a@example.jp",
    ]
    .map(|text| format!("<si><t>{text}</t></si>"))
    .concat();
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="inlineStr"><is><t>会員番号</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>3</v></c><c r="C3" t="s"><v>4</v></c><c r="D3"><v>12345</v></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>鈴木</t></is></c><c r="B4" t="str"><f>"090"</f><v>090-1111-2222</v></c></row>"#;
    let roster = room.import(&workbook(rows, Some(&shared))).unwrap();
    assert_eq!((roster.people_added, roster.rejected()), (2, 0));
    assert_eq!(room.look_up("12345").len(), 1);
    assert_eq!(room.look_up("09011112222").len(), 1);
    let first = room.reveal(room.look_up("a@example.jp")[0]);
    assert_eq!(first.rows, [(1, 3)]);
}

#[test]
fn a_header_below_a_title_is_found() {
    let room = Room::new();
    let file =
        "顧客名簿（2026年11月）,,\n氏名,メール,電話\n山田,a@example.jp,\n佐藤,,090-1111-2222\n";
    let roster = room.import(file.as_bytes()).unwrap();
    assert_eq!(
        (roster.total_rows, roster.people_added, roster.rejected()),
        (2, 2, 0)
    );
}

#[test]
fn a_file_that_cannot_be_trusted_is_refused_whole_with_the_row() {
    let room = Room::new();
    room.import(PLAIN_ROSTER.as_bytes()).unwrap();
    let before = room.counts();
    let many = "甲,a@example.jp\n".repeat(5_000);
    let mixed = [
        "name,email\n".as_bytes(),
        many.as_bytes(),
        b"\x8eR\x93c,b@example.jp\n",
    ]
    .concat();
    let wide = vec!["x"; 10_000].join(",");
    let bomb = workbook(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#,
        Some(&format!("<si><t>{}</t></si>", "a".repeat(100 << 20))),
    );
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("empty", Vec::new(), "empty", "1"),
        ("blank", b"\xef\xbb\xbf\r\n \r\n".to_vec(), "empty", "1"),
        ("header only", "氏名,email\r\n".into(), "no-rows", "1"),
        ("mixed encodings", mixed, "wrong-encoding", "5002"),
        (
            "unclosed quote",
            format!("氏名,email\n{many}\"乙,b@example.jp\n{many}").into(),
            "unclosed-quote",
            "5002",
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
            "a field of 50 MB",
            format!("氏名,email\n{}", "x".repeat(50 << 20)).into(),
            "long-row",
            "2",
        ),
        (
            "10,000 columns",
            format!("{wide}\n{wide}\n").into(),
            "too-many-columns",
            "1",
        ),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            "binary",
            "1",
        ),
        (
            "an old workbook",
            [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600]].concat(),
            "not-a-workbook",
            "1",
        ),
        ("a zip bomb", bomb, "too-large-inside", "1"),
    ];
    for (what, bytes, reason, row) in cases {
        let problem = rosters::inspect(Cursor::new(&bytes), None).expect_err(what);
        assert_eq!(problem.code, Code::UnreadableFile, "{what}");
        assert_eq!(
            params(&problem),
            [("reason", reason), ("row", row)],
            "{what}"
        );
        for language in [Locale::Ja, Locale::En] {
            let (title, next) = (problem.title(language), problem.next_step(language));
            assert!(!title.contains('$'), "{what}");
            assert!(next.chars().count() > 15, "{what}");
        }
        let problem = room.import(&bytes).expect_err(what);
        assert_eq!(
            params(&problem),
            [("reason", reason), ("row", row)],
            "{what}"
        );
        assert_eq!(room.counts(), before, "{what}");
    }
    assert_eq!(room.rosters().len(), 1);
    assert_eq!(room.entries(Kind::RosterImported).len(), 1);
}

#[test]
fn a_file_that_changes_its_mind_later_is_taken_back() {
    // What the look ahead let pass cannot fail later, unless the file is another one by then.
    let room = Room::new();
    let many: String = (0..9_000)
        .map(|n| format!("Kate,u{n}@example.com\n"))
        .collect();
    let bytes = [
        "name,email\n".as_bytes(),
        many.as_bytes(),
        b"\x8eR\x93c,b@example.jp\n",
    ]
    .concat();
    let id = room.wait_for_import(INCIDENT, &usual(), &bytes).unwrap();
    let roster = room.roster(&id);
    let layout = roster.layout.replace("cp932", "utf8");
    assert_ne!(layout, roster.layout);
    use diesel::prelude::*;
    let statement = format!("UPDATE rosters SET layout = '{layout}' WHERE id = '{id}'");
    room.write(|tx| Ok(diesel::sql_query(statement).execute(tx)?))
        .unwrap();
    let outcome = room.run(&id).unwrap();
    let shodo::affected::intake::Outcome::Refused(refusal) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        room.counts().people >= 8_000,
        "what came before was written"
    );
    room.write(|tx| rosters::give_up(tx, &id, &refusal))
        .unwrap();
    let done = shodo::affected::intake::undo(
        room.db.store(),
        &room.vault,
        &room.clock,
        &id,
        |tx, now, roster| rosters::tell_end(tx, &room.actor, now, roster),
    );
    assert!(done.unwrap());
    let roster = room.roster(&id);
    assert_eq!(roster.state, shodo::affected::RosterState::Failed);
    let failure = roster.failure.unwrap();
    assert!(
        failure.contains("wrong-encoding") && failure.contains("9002"),
        "{failure}"
    );
    assert_eq!(room.counts().people, 0);
    assert_eq!(room.entries(Kind::RosterFailed).len(), 1);
}
