//! Builds files for the tests of this room.

use std::io::{self, Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Reading, Refusal, Row, Survey, rows, survey};

/// Rows with their numbers.
pub type Read_ = Vec<(u64, Vec<String>)>;

/// Surveys bytes and reads their rows as found.
pub fn read(bytes: &[u8]) -> Result<(Survey, Read_), Refusal> {
    let survey = survey(Cursor::new(bytes))?;
    let all = read_as(bytes, &survey.reading)?;
    assert_eq!(u64::try_from(all.len()).unwrap(), survey.rows);
    assert_eq!(
        all.iter().map(|row| row.1.len()).max(),
        Some(survey.columns)
    );
    for (row, head) in all.iter().zip(&survey.head) {
        assert_eq!((row.0, &row.1), (head.number, &head.cells));
    }
    Ok((survey, all))
}

pub fn read_as(bytes: &[u8], reading: &Reading) -> Result<Read_, Refusal> {
    let mut rows = rows(Cursor::new(bytes), reading)?;
    let mut row = Row::default();
    let mut all = Vec::new();
    while rows.next(&mut row)? {
        all.push((row.number(), row.iter().map(str::to_owned).collect()));
    }
    Ok(all)
}

/// The rows of bytes, as found.
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes)
        .unwrap()
        .1
        .into_iter()
        .map(|row| row.1)
        .collect()
}

pub fn refusal(bytes: &[u8]) -> Refusal {
    survey(Cursor::new(bytes)).unwrap_err()
}

pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A part that begins with a head and goes on with a pattern, again and again.
pub fn zipped_bomb(
    parts: &[(&str, &str)],
    name: &str,
    head: &str,
    pattern: &[u8],
    times: usize,
) -> Vec<u8> {
    let mut zip = ZipWriter::new_append(Cursor::new(zipped(parts))).unwrap();
    // Shared strings are bounded as they come out; packing them would only take time.
    let options = if name.ends_with("sharedStrings.xml") {
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
    } else {
        SimpleFileOptions::default().compression_level(Some(9))
    };
    zip.start_file(name, options).unwrap();
    zip.write_all(head.as_bytes()).unwrap();
    for _ in 0..times {
        zip.write_all(pattern).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub const ROOT: &str = r#"<Relationships xmlns="p"><Relationship Id="rId1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// A workbook under construction.
pub struct Book {
    pub sheets: Vec<(String, String, String)>,
    pub strings: String,
    pub styles: String,
    pub properties: String,
}

impl Book {
    /// A workbook with one sheet whose rows are given as XML.
    pub fn of(rows: &str) -> Self {
        Self {
            sheets: vec![("名簿".into(), String::new(), sheet(rows))],
            strings: String::new(),
            styles: String::new(),
            properties: String::new(),
        }
    }

    pub fn parts(&self) -> Vec<(String, String)> {
        let (mut list, mut relations) = (String::new(), String::new());
        let mut parts = Vec::new();
        for (index, (name, attributes, xml)) in self.sheets.iter().enumerate() {
            list += &format!(
                r#"<sheet name="{name}" sheetId="{index}" {attributes} r:id="r{index}"/>"#
            );
            relations += &format!(
                r#"<Relationship Id="r{index}" Type="http://x/worksheet" Target="worksheets/s{index}.xml"/>"#
            );
            parts.push((format!("xl/worksheets/s{index}.xml"), xml.clone()));
        }
        relations += r#"<Relationship Id="a" Type="http://x/styles" Target="/xl/styles.xml"/>"#;
        relations +=
            r#"<Relationship Id="b" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>"#;
        if !self.strings.is_empty() {
            parts.push((
                "xl/sharedStrings.xml".into(),
                format!("<sst>{}</sst>", self.strings),
            ));
        }
        if !self.styles.is_empty() {
            parts.push((
                "xl/styles.xml".into(),
                format!("<styleSheet>{}</styleSheet>", self.styles),
            ));
        }
        let properties = &self.properties;
        parts.push((
            "xl/workbook.xml".into(),
            format!("<workbook xmlns:r=\"r\"><workbookPr {properties}/><sheets>{list}</sheets></workbook>"),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!("<Relationships>{relations}</Relationships>"),
        ));
        parts.push(("_rels/.rels".into(), ROOT.into()));
        parts
    }

    pub fn bytes(&self) -> Vec<u8> {
        let parts = self.parts();
        let parts: Vec<_> = parts
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        zipped(&parts)
    }

    /// The workbook without a part, to be replaced by a bomb.
    pub fn bomb(&self, name: &str, head: &str, pattern: &[u8], times: usize) -> Vec<u8> {
        let parts = self.parts();
        let parts: Vec<_> = parts
            .iter()
            .filter(|part| part.0 != name)
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        zipped_bomb(&parts, name, head, pattern, times)
    }
}

pub fn sheet(rows: &str) -> String {
    format!("<worksheet><dimension ref=\"A1:ZZ9999999\"/><sheetData>{rows}</sheetData></worksheet>")
}

/// A source that gives little at a time.
pub struct Trickle<R>(pub R, pub usize);

impl<R: Read> Read for Trickle<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.1);
        self.0.read(&mut into[..most])
    }
}

impl<R: io::Seek> io::Seek for Trickle<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// A source of repeated bytes that is never in memory.
pub struct Repeated {
    pub head: Vec<u8>,
    pub byte: u8,
    pub length: u64,
    pub at: u64,
    /// How much was read in all.
    pub read: u64,
}

impl Read for Repeated {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        for slot in into {
            if self.at >= self.length {
                break;
            }
            let at = usize::try_from(self.at).unwrap();
            *slot = self.head.get(at).copied().unwrap_or(self.byte);
            self.at += 1;
            written += 1;
        }
        self.read += u64::try_from(written).unwrap();
        Ok(written)
    }
}

impl io::Seek for Repeated {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match to {
            io::SeekFrom::Start(at) => self.at = at,
            io::SeekFrom::End(_) => self.at = self.length,
            io::SeekFrom::Current(_) => {}
        }
        Ok(self.at)
    }
}
