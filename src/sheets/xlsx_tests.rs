use std::io::Cursor;

use super::fixtures::{Book, ROOT, cells, read, read_as, refusal, sheet, zipped};
use super::*;

fn too_large(part: &'static str) -> Refusal {
    Refusal::TooLargeInside { part }
}

#[test]
fn reads_every_kind_of_cell() {
    let mut book = Book::of(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="3" spans="1:9"><c r="A3" t="inlineStr"><is><t xml:space="preserve"> a &amp; &#x9AD9; </t></is></c>
        <c r="B3"><v>9012345678</v></c><c r="C3" s="1"><v>40269</v></c><c r="D3" s="2"><v>40269.5236111111</v></c>
        <c r="E3" t="b"><v>1</v></c><c r="F3" t="e"><f>NA()</f><v>#N/A</v></c>
        <c r="G3" t="str"><f>A1&amp;B1</f><v>x_x000D_y</v></c><c r="H3"><f>1+1</f><v>2</v></c><c r="I3" t="d"><v>2010-04-01T00:00:00</v></c></row>
        <row r="7"><c r="C7"><v>1.50</v></c><c r="D7" s="1"/></row>"#,
    );
    book.strings =
        r#"<si><t>山田</t><rPh sb="0" eb="1"><t>ヤマ</t></rPh><phoneticPr fontId="1"/></si>
        <si><r><rPr><b/></rPr><t>太</t></r><r><t>郎</t></r></si><si/>"#
            .into();
    book.styles = r#"<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="57"/><xf numFmtId="176"/></cellXfs>"#
        .into();
    let (survey, rows) = read(&book.bytes()).unwrap();
    assert_eq!(rows[0], (1, vec!["山田".into(), "太郎".into()]));
    assert_eq!(
        rows[1].1,
        [
            " a & 髙 ",
            "9012345678",
            "2010-04-01",
            "2010-04-01 12:34:00",
            "TRUE",
            "",
            "x\ry",
            "2",
            "2010-04-01"
        ]
    );
    assert_eq!(rows[2], (7, vec!["".into(), "".into(), "1.5".into()]));
    assert_eq!(
        (survey.formulas, survey.merged, survey.columns),
        (3, false, 9)
    );
    assert_eq!(survey.reading.sheet, "名簿");

    book.properties = r#"date1904="1""#.into();
    assert_eq!(cells(&book.bytes())[1][2], "2014-04-02");
}

#[test]
fn takes_the_first_visible_sheet_with_rows() {
    let mut book = Book::of("");
    let row = |text: &str| sheet(&format!("<row><c t=\"str\"><v>{text}</v></c></row>"));
    book.sheets
        .push(("隠し".into(), r#"state="hidden""#.into(), row("hidden")));
    book.sheets.push(("二".into(), String::new(), row("two")));
    book.sheets
        .push(("三".into(), r#"state="visible""#.into(), row("three")));
    let bytes = book.bytes();
    let (survey, rows) = read(&bytes).unwrap();
    assert_eq!(
        (survey.reading.sheet.as_str(), rows[0].1[0].as_str()),
        ("二", "two")
    );
    let hidden: Vec<_> = survey.sheets.iter().map(|it| it.hidden).collect();
    assert_eq!(hidden, [false, true, false, false]);
    for (name, text) in [("隠し", "hidden"), ("三", "three")] {
        let reading = Reading {
            sheet: name.into(),
            ..survey.reading.clone()
        };
        assert_eq!(survey_as(Cursor::new(&bytes), &reading).unwrap().rows, 1);
        assert_eq!(read_as(&bytes, &reading).unwrap()[0].1, [text]);
    }
    let reading = Reading {
        sheet: "無".into(),
        ..survey.reading.clone()
    };
    assert_eq!(
        survey_as(Cursor::new(&bytes), &reading).unwrap_err(),
        Refusal::NoSuchSheet
    );
    let reading = Reading {
        format: Format::Csv,
        ..reading
    };
    assert_eq!(
        survey_as(Cursor::new(&bytes), &reading).unwrap_err(),
        Refusal::Binary
    );

    book.sheets.truncate(2);
    assert_eq!(refusal(&book.bytes()), Refusal::Empty);
    book.sheets.remove(0);
    assert_eq!(refusal(&book.bytes()), Refusal::NoVisibleSheet);
}

#[test]
fn sees_merged_cells() {
    let mut book = Book::of("<row><c><v>1</v></c></row>");
    book.sheets[0].2 = book.sheets[0].2.replace(
        "</worksheet>",
        "<mergeCells count=\"1\"><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>",
    );
    assert!(read(&book.bytes()).unwrap().0.merged);
}

#[test]
fn reads_prefixed_elements() {
    let mut book = Book::of("");
    book.sheets[0].2 = "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"2\"><x:c r=\"B2\" t=\"str\"><x:v>a</x:v></x:c></x:row></x:sheetData></x:worksheet>".into();
    assert_eq!(
        read(&book.bytes()).unwrap().1,
        [(2, vec![String::new(), "a".into()])]
    );
}

#[test]
fn only_text_makes_a_column() {
    let styled = "<row><c r=\"A1\"><v>1</v></c><c r=\"XFD1\" s=\"3\"/></row>";
    assert_eq!(read(&Book::of(styled).bytes()).unwrap().0.columns, 1);
    let wide = styled.replace(" s=\"3\"/>", "><v>1</v></c>");
    assert_eq!(
        refusal(&Book::of(&wide).bytes()),
        Refusal::TooManyColumns { row: 1 }
    );
}

#[test]
fn refuses_broken_sheets() {
    for rows in [
        "<row r=\"2\"><c><v>1</v></c></row><row r=\"1\"><c><v>1</v></c></row>",
        "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"9999999999999999999999\"/>",
        "<row r=\"1048577\"/>",
        "<row><c r=\"ZZZZZZZZZZZZZZZZ1\"><v>1</v></c></row>",
        "<row><c r=\"1\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>0</v></c></row>",
        "<row><c><v>1</c></row>",
        "<row><c t=\"str\"><v>&evil;</v></c></row>",
        "<row><c t=\"str\"><v>&#xD800;</v></c></row>",
    ] {
        assert!(
            matches!(refusal(&Book::of(rows).bytes()), Refusal::Broken { .. }),
            "{rows}"
        );
    }
    let long = format!(
        "<row><c t=\"str\"><v>{}</v></c></row>",
        "x".repeat(LONGEST_ROW + 1)
    );
    assert_eq!(
        refusal(&Book::of(&long).bytes()),
        Refusal::LongRow { row: 1 }
    );
    let many = format!(
        "<row><c t=\"str\">{}</c></row>",
        "<v>12345678</v>".repeat(50_000)
    );
    assert_eq!(
        refusal(&Book::of(&many).bytes()),
        Refusal::LongRow { row: 1 }
    );
    let deep = "<a>".repeat(100_000);
    assert!(matches!(
        refusal(&Book::of(&deep).bytes()),
        Refusal::Broken { .. }
    ));
}

#[test]
fn refuses_bombs() {
    let book = Book::of("<row><c><v>1</v></c></row>");
    let part = "xl/worksheets/s0.xml";
    // 3 MiB between two tags.
    let spaces = vec![b' '; 1 << 20];
    let bytes = book.bomb(part, "<worksheet>", &spaces, 3);
    assert_eq!(refusal(&bytes), too_large("text"));
    let bytes = book.bomb(part, "<worksheet a='", &spaces, 3);
    assert_eq!(refusal(&bytes), too_large("text"));
    // No run is long here, but 70 MiB come out of 70 KiB.
    let mut row = spaces;
    row[..2].copy_from_slice(b"<a");
    row[(1 << 20) - 2..].copy_from_slice(b"/>");
    let bytes = book.bomb(part, "<worksheet><sheetData>", &row, 70);
    assert!(bytes.len() < 100_000);
    assert_eq!(refusal(&bytes), too_large("sheet"));
    // Shared strings beyond 64 MiB deflated, styles beyond 16 MiB.
    let text = format!("<si><t>{}</t></si>", random_letters(200_000));
    let bytes = book.bomb("xl/sharedStrings.xml", "<sst>", text.as_bytes(), 460);
    assert_eq!(
        refusal(&declaring_one_byte(&bytes)),
        too_large("shared strings")
    );
    let bytes = book.bomb("xl/styles.xml", "<styleSheet>", &row, 17);
    assert_eq!(refusal(&bytes), too_large("definitions"));
}

/// Letters that hardly deflate.
fn random_letters(length: usize) -> String {
    let mut state = 1_u32;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'?' + u8::try_from(state >> 26).unwrap())
        })
        .collect()
}

#[test]
fn reads_many_shared_strings_in_any_order() {
    let number = |it: usize| it * 7_919 % 100_003;
    let text = |it: usize| match it {
        // Longer than what is kept inflated, between short ones.
        50_000 => "長".repeat(40_000),
        it => format!("会員{it}@example.jp"),
    };
    let mut book = Book::of(
        &(0..300)
            .map(|row| {
                let cells: String = (0..10)
                    .map(|column| {
                        let it = if column == 5 {
                            50_000
                        } else {
                            number(row * 10 + column)
                        };
                        format!("<c t=\"s\"><v>{it}</v></c>")
                    })
                    .collect();
                format!("<row>{cells}</row>")
            })
            .collect::<String>(),
    );
    book.strings = (0..100_003)
        .map(|it| format!("<si><t>{}</t></si>", text(it)))
        .collect();
    let cells = cells(&book.bytes());
    assert_eq!(cells.len(), 300);
    for (row, found) in cells.iter().enumerate() {
        for (column, found) in found.iter().enumerate() {
            let it = if column == 5 {
                50_000
            } else {
                number(row * 10 + column)
            };
            assert_eq!(*found, text(it), "row {row}, column {column}");
        }
    }
}

/// The central directory says that every part unpacks to 1 byte.
fn declaring_one_byte(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"PK\x01\x02") {
        at += found + 24;
        bytes[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
    }
    bytes
}

#[test]
fn believes_no_declared_size_or_count() {
    let mut book = Book::of("<row><c t=\"s\"><v>0</v></c></row>");
    book.strings = "<si><t>a</t></si>".into();
    let parts: Vec<_> = book
        .parts()
        .into_iter()
        .map(|(name, xml)| {
            (
                name,
                xml.replace(
                    "<sst>",
                    "<sst count=\"1\" uniqueCount=\"18446744073709551615\">",
                ),
            )
        })
        .collect();
    let parts: Vec<_> = parts
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(cells(&zipped(&parts)), [["a"]]);
    assert_eq!(cells(&declaring_one_byte(&zipped(&parts))), [["a"]]);
}

#[test]
fn refuses_long_lists() {
    let mut parts: Vec<(String, &str)> = (0..2001).map(|it| (format!("x{it}"), "")).collect();
    parts.push(("_rels/.rels".into(), ROOT));
    let parts: Vec<_> = parts.iter().map(|(a, b)| (a.as_str(), *b)).collect();
    assert_eq!(refusal(&zipped(&parts)), too_large("list of parts"));
    let mut book = Book::of("");
    let one = book.sheets[0].clone();
    book.sheets = vec![one; 1001];
    assert_eq!(refusal(&book.bytes()), too_large("list of sheets"));
}

#[test]
fn names_are_only_names() {
    let book = Book::of("<row><c><v>1</v></c></row>");
    let parts = book.parts();
    let mut parts: Vec<_> = parts
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    parts.push(("../../etc/passwd", "x"));
    parts.push(("/XL/Worksheets\\s9.xml", "x"));
    assert_eq!(cells(&zipped(&parts)), [["1"]]);
}

#[test]
fn tells_other_files_from_workbooks() {
    assert_eq!(refusal(&zipped(&[("a.txt", "x")])), Refusal::Binary);
    assert_eq!(
        refusal(&zipped(&[("mimetype", "x"), ("content.xml", "x")])),
        Refusal::NotAWorkbook
    );
    let docx = ROOT.replace("xl/workbook.xml", "word/document.xml");
    let parts = [
        ("_rels/.rels", docx.as_str()),
        ("word/document.xml", "<document/>"),
    ];
    assert_eq!(refusal(&zipped(&parts)), Refusal::NotAWorkbook);
    let xlsb = ROOT.replace("workbook.xml", "workbook.bin");
    assert_eq!(
        refusal(&zipped(&[("_rels/.rels", &xlsb)])),
        Refusal::NotAWorkbook
    );
    let whole = Book::of("").bytes();
    assert!(matches!(
        refusal(&whole[..whole.len() / 2]),
        Refusal::Broken { .. }
    ));
    assert!(matches!(refusal(b"PK\x03\x04"), Refusal::Broken { .. }));
}

#[test]
fn tells_old_and_encrypted_office_files() {
    let mut ole2 = vec![0; 2048];
    ole2[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    ole2[30] = 9;
    ole2[48] = 1;
    assert_eq!(refusal(&ole2), Refusal::NotAWorkbook);
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    ole2[1024..1024 + name.len()].copy_from_slice(&name);
    assert_eq!(refusal(&ole2), Refusal::Encrypted);
}

#[test]
fn sees_a_flipped_bit() {
    let book = Book::of("<row><c><v>1</v></c></row>");
    let bytes = book.bomb(
        "xl/sharedStrings.xml",
        "<sst>",
        b"<si><t>0901</t></si></sst>",
        1,
    );
    let at = memchr::memmem::find(&bytes, b"0901").unwrap();
    let mut flipped = bytes.clone();
    flipped[at + 3] ^= 1;
    assert_eq!(cells(&bytes), [["1"]]);
    let broken = Refusal::Broken {
        detail: "the checksum of a part is wrong",
    };
    assert_eq!(refusal(&flipped), broken);
}

#[test]
fn counts_what_all_sheets_unpack_to() {
    let bytes = zipped(&[("x", "y")]);
    let mut package = Package::open(Cursor::new(bytes)).unwrap();
    package.spent(u64::MAX);
    let mut xml = package.sheet("x").unwrap();
    assert_eq!(xml.next().unwrap_err(), too_large("sheet"));
}
