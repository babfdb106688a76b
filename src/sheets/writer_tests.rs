use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::fixtures::{cells, read};
use super::xlsx_writer::Limits;
use super::*;

const HEADER: [&str; 3] = ["氏名", "電話", "備考"];

#[test]
fn a_written_workbook_reads_back() {
    let rows = [
        ["髙橋 𠮷郎", "09012345678", " =1+1 "],
        ["a & <b> \"c\"", "", "x\u{1}\u{b}y\r\nz\rw"],
        ["", "", "_x000D_ and _x"],
    ];
    let mut writer = XlsxWriter::new(Vec::new(), "登録[簿]/1", &HEADER, &[20, 15]).unwrap();
    for row in &rows {
        writer.row(row).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let expected = [
        HEADER,
        ["髙橋 𠮷郎", "09012345678", " =1+1 "],
        ["a & <b> \"c\"", "", "xy\nz\nw"],
        ["", "", "_x000D_ and _x"],
    ];
    let (survey, all) = read(&bytes).unwrap();
    assert_eq!(survey.reading.sheet, "登録_簿__1");
    assert_eq!(
        all.into_iter().map(|row| row.1).collect::<Vec<_>>(),
        expected
    );

    let mut other = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let range = other.worksheet_range("登録_簿__1").unwrap();
    let text = |row, column| match range.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    };
    for (row, cells) in (0..).zip(expected) {
        for (column, cell) in (0..).zip(cells) {
            assert_eq!(text(row, column), cell);
        }
    }
}

#[test]
fn a_full_sheet_goes_on_in_the_next() {
    let limits = Limits {
        rows: 3,
        bytes: u64::MAX,
    };
    let name = "x".repeat(40);
    let mut writer = XlsxWriter::with_limits(Vec::new(), &name, &HEADER, &[], limits).unwrap();
    for number in 1..=5 {
        writer.row(&[&number.to_string()]).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let survey = survey(Cursor::new(&bytes)).unwrap();
    let names: Vec<_> = survey.sheets.iter().map(|it| it.name.clone()).collect();
    let short = "x".repeat(27);
    assert_eq!(
        names,
        [
            "x".repeat(31),
            format!("{short} (2)"),
            format!("{short} (3)")
        ]
    );
    let last = Reading {
        sheet: names[2].clone(),
        ..survey.reading
    };
    let rows = super::fixtures::read_as(&bytes, &last).unwrap();
    assert_eq!(rows[0].1, HEADER);
    assert_eq!(rows[1].1, ["5"]);

    let limits = Limits {
        rows: u64::MAX,
        bytes: 500,
    };
    let mut writer = XlsxWriter::with_limits(Vec::new(), "", &HEADER, &[], limits).unwrap();
    writer.row(&["1"]).unwrap();
    let bytes = writer.finish().unwrap();
    assert_eq!(read(&bytes).unwrap().0.sheets.len(), 2);
}

#[test]
fn a_cell_ends_where_excel_ends_it() {
    let long = "𠮷".repeat(20_000);
    let mut writer = XlsxWriter::new(Vec::new(), "a", &["h"], &[]).unwrap();
    writer.row(&[&long]).unwrap();
    let cell = cells(&writer.finish().unwrap())[1][0].clone();
    assert_eq!(cell.encode_utf16().count(), 32_767);
    assert!(cell.ends_with("𠮷…"));
    let whole = "a".repeat(32_767);
    let mut writer = XlsxWriter::new(Vec::new(), "a", &["h"], &[]).unwrap();
    writer.row(&[&whole]).unwrap();
    assert_eq!(cells(&writer.finish().unwrap())[1][0], whole);
}

#[test]
fn a_written_csv_file_reads_back() {
    let rows = [
        ["髙﨑㈱", "09012345678", "a,b \"c\"\r\nd"],
        ["", " x ", "\u{301c}"],
    ];
    for encoding in [CsvEncoding::Utf8Bom, CsvEncoding::Cp932] {
        let mut writer = CsvWriter::new(Vec::new(), encoding, &HEADER).unwrap();
        for row in &rows {
            writer.row(row).unwrap();
        }
        let (bytes, missing) = writer.finish().unwrap();
        assert_eq!(missing, 0);
        let (survey, all) = read(&bytes).unwrap();
        let all: Vec<_> = all.into_iter().map(|row| row.1).collect();
        assert_eq!(all[0], HEADER);
        assert_eq!(all[1], rows[0]);
        if encoding == CsvEncoding::Cp932 {
            assert_eq!(survey.reading.encoding, Encoding::Cp932);
            assert_eq!(all[2], ["", " x ", "～"]);
            let at = memchr::memmem::find(&bytes, b"\xfb\xfc\xfa\xb1\x87\x8a");
            assert_eq!(
                at,
                Some(
                    "氏名,電話,備考\r\n"
                        .chars()
                        .map(|c| if c.is_ascii() { 1 } else { 2 })
                        .sum()
                )
            );
        } else {
            assert!(bytes.starts_with(b"\xef\xbb\xbf"));
            assert_eq!(all[2], rows[1]);
        }
    }
}

#[test]
fn counts_what_cp932_cannot_hold() {
    let mut writer = CsvWriter::new(Vec::new(), CsvEncoding::Cp932, &["名"]).unwrap();
    writer.row(&["𠮷野家😀"]).unwrap();
    let (bytes, missing) = writer.finish().unwrap();
    assert_eq!(missing, 2);
    assert_eq!(cells(&bytes)[1], ["〓野家〓"]);
}

#[test]
fn no_cell_is_a_formula() {
    let mut writer = CsvWriter::new(Vec::new(), CsvEncoding::Utf8Bom, &["名"]).unwrap();
    let evil = [
        "=1", "+81", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x",
    ];
    for cell in evil.iter().chain(&["a=1", "x@example.jp"]) {
        writer.row(&[cell]).unwrap();
    }
    let all = cells(&writer.finish().unwrap().0);
    for (row, cell) in all[1..].iter().zip(evil) {
        assert_eq!(row[0], format!("'{cell}"));
    }
    assert_eq!(
        (all[11][0].as_str(), all[12][0].as_str()),
        ("a=1", "x@example.jp")
    );
}
