use std::io::Cursor;

use super::fixtures::{Repeated, Trickle, cells, read, read_as, refusal};
use super::*;

fn found(bytes: &[u8]) -> (Encoding, char) {
    let reading = read(bytes).unwrap().0.reading;
    (reading.encoding, reading.delimiter)
}

fn cp932(text: &str) -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
    units
        .into_iter()
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

const TEXT: &str = "氏名,メール\r\n髙橋 﨑,a@example.jp\r\n一ノ瀬,b@example.jp\r\n";

#[test]
fn finds_the_encoding() {
    let expected = cells(TEXT.as_bytes());
    assert_eq!(expected[1], ["髙橋 﨑", "a@example.jp"]);
    let files = [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{feff}{TEXT}").into_bytes(), Encoding::Utf8),
        (cp932(TEXT), Encoding::Cp932),
        (utf16(TEXT, true, true), Encoding::Utf16Le),
        (utf16(TEXT, true, false), Encoding::Utf16Le),
        (utf16(TEXT, false, true), Encoding::Utf16Be),
        (utf16(TEXT, false, false), Encoding::Utf16Be),
    ];
    for (bytes, encoding) in files {
        assert_eq!(found(&bytes), (encoding, ','));
        assert_eq!(cells(&bytes), expected, "{encoding:?}");
        for step in [1, 3] {
            let survey = survey(Trickle(Cursor::new(&bytes), step)).unwrap();
            assert_eq!((survey.reading.encoding, survey.rows), (encoding, 3));
        }
    }
}

#[test]
fn finds_cp932_behind_much_ascii() {
    let mut bytes = b"name,mail\n".repeat(100_000);
    bytes.extend(cp932("㈱髙橋,a@example.jp\n"));
    let (survey, rows) = read(&bytes).unwrap();
    assert_eq!(survey.reading.encoding, Encoding::Cp932);
    assert_eq!(
        rows[100_000],
        (100_001, vec!["㈱髙橋".into(), "a@example.jp".into()])
    );
}

#[test]
fn names_the_first_row_in_another_encoding() {
    let mut bytes = TEXT.as_bytes().to_vec();
    bytes.extend(cp932("佐藤,c@example.jp\r\n"));
    assert_eq!(refusal(&bytes), Refusal::WrongEncoding { row: 4 });
    // UTF-8 behind CP932 may well be CP932 too, but would be other characters.
    let mut bytes = cp932(TEXT);
    bytes.extend("齋藤さん,d\r\n".as_bytes());
    assert_eq!(refusal(&bytes), Refusal::WrongEncoding { row: 4 });
    // Cut in the middle of a character.
    let cut = "氏名\n髙橋".as_bytes();
    assert_eq!(
        refusal(&cut[..cut.len() - 1]),
        Refusal::WrongEncoding { row: 2 }
    );
    let utf16 = utf16("a,b\nc,d", true, true);
    assert_eq!(
        refusal(&utf16[..utf16.len() - 1]),
        Refusal::WrongEncoding { row: 2 }
    );
    // A byte that is nothing in either.
    assert_eq!(refusal(b"a,b\nc,\xff\n"), Refusal::WrongEncoding { row: 2 });
    let reading = Reading {
        encoding: Encoding::Utf8,
        ..read(b"a\n").unwrap().0.reading
    };
    assert_eq!(
        survey_as(Cursor::new(cp932(TEXT)), &reading).unwrap_err(),
        Refusal::WrongEncoding { row: 1 }
    );
}

#[test]
fn finds_the_delimiter() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = format!("a{delimiter}b{delimiter}c\n1{delimiter}\"x,;|\t\n\"{delimiter}3\n");
        assert_eq!(found(text.as_bytes()).1, delimiter);
    }
    assert_eq!(found(b"mail\na@example.jp\n").1, ',');
    assert_eq!(found(b"a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n").1, ';');
    assert_eq!(
        found("顧客名簿|2026\n氏名,住所,電話\n甲,乙,丙\n".as_bytes()).1,
        ','
    );
    assert_eq!(found(b"a;\"say \"\"x,y\"\" ;\"\nb;c\n").1, ';');
}

#[test]
fn a_person_may_choose_another_reading() {
    let reading = Reading {
        format: Format::Csv,
        encoding: Encoding::Utf8,
        delimiter: ':',
        sheet: String::new(),
    };
    let rows = read_as(b"a:b,c\n", &reading).unwrap();
    assert_eq!(rows[0].1, ["a", "b,c"]);
    for delimiter in ['"', '\n', '\r', '、', '\0', 'é'] {
        let reading = Reading {
            delimiter,
            ..reading.clone()
        };
        assert!(matches!(
            survey_as(Cursor::new(b"a"), &reading),
            Err(Refusal::Broken { .. })
        ));
    }
    let reading = Reading {
        format: Format::Xlsx,
        ..reading
    };
    assert_eq!(
        survey_as(Cursor::new(b"a"), &reading).unwrap_err(),
        Refusal::NotAWorkbook
    );
}

#[test]
fn counts_lines_as_an_editor_does() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "a,b\n\n\n\"x\ny\",1\n\n ,\n\u{3000}\nc,\"z\n\n\"\nd,2".replace('\n', end);
        let (survey, rows) = read(text.as_bytes()).unwrap();
        assert_eq!(
            rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            [1, 4, 9, 12],
            "{end:?}"
        );
        assert_eq!(rows[1].1, [format!("x{end}y"), "1".into()]);
        assert_eq!((survey.rows, survey.columns), (4, 2));
    }
    let mixed = read(b"a\r\rb\n\rc\r\n\"\r\n\r\"\nd").unwrap().1;
    let numbers: Vec<_> = mixed.iter().map(|row| row.0).collect();
    assert_eq!(numbers, [1, 3, 5, 9]);
}

#[test]
fn reads_quotes_strictly() {
    assert_eq!(
        cells(b"a,\"b\"\"c\"\"\",\"\",d\n"),
        [["a", "b\"c\"", "", "d"]]
    );
    // A quote inside a plain cell is part of it: 5" and the like.
    assert_eq!(cells(b"a,5\"\nb,\"c\""), [["a", "5\""], ["b", "c"]]);
    assert_eq!(refusal(b"a,b\n\"x\" y,c\n"), Refusal::StrayQuote { row: 2 });
    assert_eq!(
        refusal(b"a,b\n\"x\n\ny\" ,c\n"),
        Refusal::StrayQuote { row: 4 }
    );
    assert_eq!(
        refusal(b"a,b\nc,\"d\ne,f\n"),
        Refusal::UnclosedQuote { row: 2 }
    );
    assert_eq!(
        refusal(b"a,b\n\"c\nd\",\"e\n\n"),
        Refusal::UnclosedQuote { row: 3 }
    );
    assert_eq!(refusal(b"\""), Refusal::UnclosedQuote { row: 1 });
    assert_eq!(refusal(b"\"\"\""), Refusal::UnclosedQuote { row: 1 });
}

/// Every way to cut a file into blocks gives the same rows.
#[test]
fn blocks_leave_no_mark() {
    let mut text = String::new();
    for number in 0..9000 {
        let pad = "あ".repeat(number % 37);
        text += &format!("{number},\"q{pad}\"\"\r\n\",{pad}x\r\n");
    }
    let rows = read(text.as_bytes()).unwrap().1;
    assert_eq!(rows.len(), 9000);
    for (number, row) in rows.iter().enumerate() {
        let pad = "あ".repeat(number % 37);
        assert_eq!(row.0, u64::try_from(number).unwrap() * 2 + 1);
        assert_eq!(
            row.1,
            [
                number.to_string(),
                format!("q{pad}\"\r\n"),
                format!("{pad}x")
            ]
        );
    }
}

#[test]
fn refuses_what_is_no_table() {
    for bytes in [
        &b""[..],
        b"\n\r\n",
        b"\xef\xbb\xbf",
        b"  \n\t\n",
        b",,\n,,\n",
        b"\xff\xfe",
    ] {
        assert_eq!(refusal(bytes), Refusal::Empty, "{bytes:?}");
    }
    for bytes in [
        &b"\x89PNG\r\n\x1a\n\0\0"[..],
        b"%PDF-1.7\n",
        b"\x1f\x8b\x08\0",
        b"a,b\0c\n",
        b"\x7fELF\x02\x01\x01\0\0\0\0\0",
        b"PK\x05\x06",
        b"\xff\xd8\xff\xe0",
    ] {
        assert_eq!(refusal(bytes), Refusal::Binary, "{bytes:?}");
    }
    let mut late = b"a,b\n".repeat(200_000);
    late.push(0);
    assert_eq!(refusal(&late), Refusal::Binary);
}

#[test]
fn bounds_rows_and_columns() {
    let wide = "x,".repeat(10_000) + "\n";
    assert_eq!(refusal(wide.as_bytes()), Refusal::TooManyColumns { row: 1 });
    let quoted = "a\n".to_owned() + &"\"x\",".repeat(10_000) + "\n";
    assert_eq!(
        refusal(quoted.as_bytes()),
        Refusal::TooManyColumns { row: 2 }
    );
    assert_eq!(read("x,".repeat(999).as_bytes()).unwrap().0.columns, 1000);

    let long = |length: usize| format!("a\n{}\nb\n", "x".repeat(length));
    assert_eq!(read(long(LONGEST_ROW).as_bytes()).unwrap().0.rows, 3);
    assert_eq!(
        refusal(long(LONGEST_ROW + 1).as_bytes()),
        Refusal::LongRow { row: 2 }
    );
    let closed = format!("a\n\"{}\"\n", "x\n".repeat(200_000));
    assert_eq!(
        refusal(closed.as_bytes()),
        Refusal::UnclosedQuote { row: 2 }
    );
}

#[test]
fn does_not_buffer_a_field_of_50_mb() {
    for (head, refused) in [
        ("a,b\nc,", Refusal::LongRow { row: 2 }),
        ("a,b\nc,\"", Refusal::UnclosedQuote { row: 2 }),
    ] {
        let mut source = Repeated {
            head: head.into(),
            byte: b'x',
            length: 50_000_000,
            at: 0,
            read: 0,
        };
        assert_eq!(survey(&mut source).unwrap_err(), refused);
        assert!(source.read < 1_000_000);
    }
}

#[test]
fn shows_no_cell_in_debug_output() {
    let (survey, _) = read("氏名,x\n山田,y\n".as_bytes()).unwrap();
    let mut row = Row::default();
    let mut rows = rows(Cursor::new("山田,y\n".as_bytes()), &survey.reading).unwrap();
    assert!(rows.next(&mut row).unwrap());
    let shown = format!("{survey:?} {row:?}");
    assert!(!shown.contains("山田") && !shown.contains("氏名"));
    assert_eq!(
        (row.get(0), row.get(1), row.get(2)),
        (Some("山田"), Some("y"), None)
    );
}

#[test]
fn passes_on_the_kind_of_an_io_error() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("山田"))
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, _: std::io::SeekFrom) -> std::io::Result<u64> {
            Ok(0)
        }
    }
    let refusal = survey(Failing).unwrap_err();
    assert_eq!(refusal, Refusal::Io(std::io::ErrorKind::Other));
    assert!(!refusal.to_string().contains("山田"));
}
