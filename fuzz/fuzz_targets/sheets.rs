//! Reads arbitrary bytes as a table: as they are, and as parts of a workbook.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;

#[path = "../../src/sheets/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the writers are not fuzzed")]
mod sheets;

use sheets::{Row, Survey, rows, survey, survey_as};

fuzz_target!(|data: &[u8]| {
    let Some((mode, data)) = data.split_first() else {
        return;
    };
    match mode % 4 {
        0 => read(data),
        1 => read(&workbook(data, b"<sst><si><t>a</t></si></sst>", STYLES)),
        2 => read(&workbook(SHEET, data, STYLES)),
        _ => read(&workbook(SHEET, b"<sst><si><t>a</t></si></sst>", data)),
    }
});

const SHEET: &[u8] = b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>40269.5</v></c></row></sheetData></worksheet>";
const STYLES: &[u8] = b"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>";
const WORKBOOK: &[u8] = b"<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const RELATIONS: &[u8] = b"<Relationships><Relationship Id=\"r1\" Type=\"/worksheet\" Target=\"s.xml\"/><Relationship Id=\"r2\" Type=\"/sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"r3\" Type=\"/styles\" Target=\"u.xml\"/></Relationships>";
const ROOT: &[u8] = b"<Relationships><Relationship Id=\"r1\" Type=\"/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

fn read(bytes: &[u8]) {
    let Ok(found) = survey(Cursor::new(bytes)) else {
        return;
    };
    let Survey {
        reading, rows: all, ..
    } = &found;
    let again = survey_as(Cursor::new(bytes), reading).expect("what survey found can be chosen");
    assert_eq!(again, found);
    let mut rows = rows(Cursor::new(bytes), reading).expect("what survey read can be read");
    let mut row = Row::default();
    let (mut count, mut last) = (0, 0);
    while rows.next(&mut row).expect("survey found every reason to refuse") {
        count += 1;
        assert!(row.number() > last && !row.is_empty() && row.len() <= found.columns);
        last = row.number();
    }
    assert_eq!(count, *all);
}

fn workbook(sheet: &[u8], strings: &[u8], styles: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored);
    for (name, content) in [
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/s.xml", sheet),
        ("xl/t.xml", strings),
        ("xl/u.xml", styles),
    ] {
        zip.start_file(name, options).expect("memory is writable");
        zip.write_all(content).expect("memory is writable");
    }
    zip.finish().expect("memory is writable").into_inner()
}
