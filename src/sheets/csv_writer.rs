//! Writes a CSV file that Excel opens as it is, and that does nothing there.

use std::io::{self, Write};

use encoding_rs::EncoderResult;

/// How the characters of a written CSV file are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvEncoding {
    /// UTF-8 with the byte order mark by which Excel knows it.
    Utf8Bom,
    /// Shift_JIS as Windows writes it.
    Cp932,
}

/// 〓, which Japanese print sets where a character is missing.
const MISSING: [u8; 2] = [0x81, 0xac];

/// A CSV file that is written row by row.
pub struct CsvWriter<W: Write> {
    out: W,
    encoding: CsvEncoding,
    line: String,
    encoded: Vec<u8>,
    missing: u64,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file with its header row.
    pub fn new(mut out: W, encoding: CsvEncoding, header: &[&str]) -> io::Result<Self> {
        if encoding == CsvEncoding::Utf8Bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = Self {
            out,
            encoding,
            line: String::new(),
            encoded: Vec::new(),
            missing: 0,
        };
        writer.row(header)?;
        Ok(writer)
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        self.line.clear();
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            push_cell(cell, cells.len() == 1, &mut self.line);
        }
        self.line.push_str("\r\n");
        match self.encoding {
            CsvEncoding::Utf8Bom => self.out.write_all(self.line.as_bytes()),
            CsvEncoding::Cp932 => {
                self.encode();
                self.out.write_all(&self.encoded)
            }
        }
    }

    /// Ends the file; also gives how many characters CP932 could not hold.
    pub fn finish(mut self) -> io::Result<(W, u64)> {
        self.out.flush()?;
        Ok((self.out, self.missing))
    }

    fn encode(&mut self) {
        self.encoded.clear();
        let mut encoder = encoding_rs::SHIFT_JIS.new_encoder();
        let mut rest = self.line.as_str();
        loop {
            self.encoded.reserve(rest.len().saturating_add(16));
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut self.encoded, true);
            rest = rest.get(read..).unwrap_or_default();
            match result {
                EncoderResult::InputEmpty => return,
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(character) => match sibling(character) {
                    Some(bytes) => self.encoded.extend_from_slice(&bytes),
                    None => {
                        self.encoded.extend_from_slice(&MISSING);
                        self.missing = self.missing.saturating_add(1);
                    }
                },
            }
        }
    }
}

/// The same sign where Unicode has it twice and CP932 knows the other one.
///
/// A Mac types the first 〜 and ‖, Windows the second.
fn sibling(character: char) -> Option<[u8; 2]> {
    Some(match character {
        '\u{301c}' => [0x81, 0x60],
        '\u{2016}' => [0x81, 0x61],
        '\u{2014}' => [0x81, 0x5c],
        '\u{00a2}' => [0x81, 0x91],
        '\u{00a3}' => [0x81, 0x92],
        '\u{00ac}' => [0x81, 0xca],
        _ => return None,
    })
}

fn push_cell(cell: &str, is_alone: bool, line: &mut String) {
    let harmless = if is_formula(cell) { "'" } else { "" };
    let needs_quotes = cell.contains([',', '"', '\r', '\n', '\t'])
        || cell.starts_with(' ')
        || cell.ends_with(' ')
        // A line without anything would be no row.
        || (is_alone && cell.is_empty());
    if !needs_quotes {
        line.push_str(harmless);
        line.push_str(cell);
        return;
    }
    line.push('"');
    line.push_str(harmless);
    for (index, piece) in cell.split('"').enumerate() {
        if index > 0 {
            line.push_str("\"\"");
        }
        line.push_str(piece);
    }
    line.push('"');
}

/// Whether a spreadsheet would calculate the cell: a name such as `=HYPERLINK(…)` is an attack.
///
/// A Japanese Excel also takes the wide forms of the signs.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
