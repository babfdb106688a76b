//! Splits text into the rows of a CSV file, and lets no row go wrong unseen.
//!
//! A lenient reader loses people here: a quote that is never closed swallows the rest
//! of a file, and a stray quote joins rows. So quoting is strict: a quote opens a cell
//! or is part of a plain one, and behind the quote that closes comes a delimiter or the
//! end of the line. Lines end with \n, \r or both, even mixed.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::delimiter;
use super::model::{Encoding, Refusal, Row};
use super::text::{Stop, Text};
use super::{LONGEST_ROW, MOST_COLUMNS};

/// The rows of a CSV file.
pub(super) struct Records<R> {
    text: Text<R>,
    delimiter: u8,
    /// The line on which the next row begins, from 1.
    line: u64,
    /// The last row ended with \r, so that a \n is still part of that end.
    after_return: bool,
    /// How many bytes of the rest are known to hold no quote.
    free_of_quotes: usize,
    /// For CP932, what rows in UTF-8 look like.
    disguises: Vec<char>,
}

/// What became of the attempt to read one row.
enum Attempt {
    Row {
        bytes: usize,
        breaks: u64,
    },
    /// The text ends in the middle; a quote may be open since a line.
    Short {
        quote: Option<u64>,
    },
}

impl<R: Read> Records<R> {
    /// Opens a file; without a delimiter, the first rows decide.
    pub(super) fn open(
        source: R,
        encoding: Encoding,
        delimiter: Option<u8>,
    ) -> Result<Self, Refusal> {
        let mut text = Text::new(source, encoding);
        text.fill();
        if let Some(Stop::Refused(refusal)) = text.stop()
            && text.rest().is_empty()
        {
            return Err(refusal.clone());
        }
        let delimiter = delimiter.unwrap_or_else(|| delimiter::find(text.rest()));
        Ok(Self {
            text,
            delimiter,
            line: 1,
            after_return: false,
            free_of_quotes: 0,
            disguises: match encoding {
                Encoding::Cp932 => disguises(),
                _ => Vec::new(),
            },
        })
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether what was read can hardly be anything but UTF-8.
    pub(super) fn was_surely_utf8(&self) -> bool {
        self.text.is_surely_utf8()
    }

    /// Reads the next row that is not blank.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Refusal> {
        loop {
            if self.text.rest().is_empty() && !self.more()? {
                return Ok(false);
            }
            if std::mem::take(&mut self.after_return) && self.text.rest().starts_with('\n') {
                self.take(1);
                continue;
            }
            if self.record(row)? && !row.is_blank() {
                if is_utf8_in_disguise(row.text(), &self.disguises) {
                    return Err(Refusal::WrongEncoding { row: row.number() });
                }
                return Ok(true);
            }
        }
    }

    /// Reads one row; false if its line is empty.
    fn record(&mut self, row: &mut Row) -> Result<bool, Refusal> {
        loop {
            row.begin(self.line);
            let last = matches!(self.text.stop(), Some(Stop::End));
            let attempt = self.attempt(row, last)?;
            let (bytes, breaks, quote) = match attempt {
                Attempt::Row { bytes, breaks } => (bytes, breaks, None),
                Attempt::Short { quote } => (self.text.rest().len(), 0, quote),
            };
            if bytes > LONGEST_ROW {
                return Err(match quote {
                    Some(row) => Refusal::UnclosedQuote { row },
                    None => Refusal::LongRow { row: self.line },
                });
            }
            match attempt {
                Attempt::Row { .. } => {
                    let end = self.text.rest().as_bytes().get(bytes);
                    self.after_return = end == Some(&b'\r');
                    self.take(bytes.saturating_add(usize::from(end.is_some())));
                    self.line = self.line.saturating_add(breaks).saturating_add(1);
                    return Ok(bytes > 0);
                }
                // At the very end only an open quote leaves a row short.
                Attempt::Short { quote: Some(row) } if last => {
                    return Err(Refusal::UnclosedQuote { row });
                }
                Attempt::Short { .. } => {
                    self.more()?;
                }
            }
        }
    }

    /// Reads on; false at the end of the file.
    fn more(&mut self) -> Result<bool, Refusal> {
        match self.text.stop() {
            None => {
                self.text.fill();
                Ok(true)
            }
            Some(Stop::End) => Ok(!self.text.rest().is_empty()),
            Some(Stop::Undecodable) => Err(Refusal::WrongEncoding { row: self.line }),
            Some(Stop::Refused(refusal)) => Err(refusal.clone()),
        }
    }

    fn take(&mut self, bytes: usize) {
        self.text.take(bytes);
        self.free_of_quotes = self.free_of_quotes.saturating_sub(bytes);
    }

    fn attempt(&mut self, row: &mut Row, last: bool) -> Result<Attempt, Refusal> {
        let rest = self.text.rest();
        let bytes = rest.as_bytes();
        let end = match memchr2(b'\n', b'\r', bytes) {
            Some(end) => end,
            None if last => bytes.len(),
            // Only a quote makes a difference now, and only its line is asked for.
            None if bytes.len() <= LONGEST_ROW => return Ok(Attempt::Short { quote: None }),
            None => bytes.len(),
        };
        // One search serves all rows up to the next quote, most often the whole block.
        if self.free_of_quotes < end {
            self.free_of_quotes = memchr(b'"', bytes).unwrap_or(bytes.len());
        }
        if self.free_of_quotes < end {
            return Quoted::new(rest, self.delimiter, self.line, last).read(row);
        }
        if end > LONGEST_ROW {
            return Ok(Attempt::Row {
                bytes: end,
                breaks: 0,
            });
        }
        let line = rest.get(..end).unwrap_or_default();
        row.text_mut().push_str(line);
        let mut start = 0;
        for position in memchr_iter(self.delimiter, line.as_bytes()) {
            row.cell(start, position);
            start = position.saturating_add(1);
        }
        row.cell(start, end);
        if row.len() > MOST_COLUMNS {
            return Err(Refusal::TooManyColumns { row: self.line });
        }
        Ok(Attempt::Row {
            bytes: end,
            breaks: 0,
        })
    }
}

/// Reads a row with quotes in it.
struct Quoted<'a> {
    rest: &'a str,
    delimiter: u8,
    line: u64,
    last: bool,
    at: usize,
    breaks: u64,
}

impl<'a> Quoted<'a> {
    fn new(rest: &'a str, delimiter: u8, line: u64, last: bool) -> Self {
        Self {
            rest,
            delimiter,
            line,
            last,
            at: 0,
            breaks: 0,
        }
    }

    fn read(mut self, row: &mut Row) -> Result<Attempt, Refusal> {
        loop {
            let start = row.text_len();
            if self.byte(self.at) == Some(b'"') {
                let quote_line = self.line.saturating_add(self.breaks);
                match self.quoted_cell(row)? {
                    Cell::Whole => {}
                    Cell::Short => return Ok(Attempt::Short { quote: None }),
                    Cell::Open => {
                        return Ok(Attempt::Short {
                            quote: Some(quote_line),
                        });
                    }
                }
            } else if !self.plain_cell(row) {
                return Ok(Attempt::Short { quote: None });
            }
            row.end_cell(start);
            if row.len() > MOST_COLUMNS {
                return Err(Refusal::TooManyColumns { row: self.line });
            }
            if self.byte(self.at) != Some(self.delimiter) {
                return Ok(Attempt::Row {
                    bytes: self.at,
                    breaks: self.breaks,
                });
            }
            self.at = self.at.saturating_add(1);
        }
    }

    /// Reads up to a delimiter or line end; false if neither is there yet.
    fn plain_cell(&mut self, row: &mut Row) -> bool {
        let bytes = self.tail(self.at).as_bytes();
        let length = match memchr3(self.delimiter, b'\n', b'\r', bytes) {
            Some(length) => length,
            None if self.last => bytes.len(),
            None => return false,
        };
        self.copy(row, length);
        true
    }

    fn quoted_cell(&mut self, row: &mut Row) -> Result<Cell, Refusal> {
        self.at = self.at.saturating_add(1);
        loop {
            let Some(length) = memchr(b'"', self.tail(self.at).as_bytes()) else {
                return Ok(Cell::Open);
            };
            let breaks = breaks(self.tail(self.at).get(..length).unwrap_or_default());
            self.breaks = self.breaks.saturating_add(breaks);
            self.copy(row, length);
            self.at = self.at.saturating_add(1);
            match self.byte(self.at) {
                Some(b'"') => {
                    row.text_mut().push('"');
                    self.at = self.at.saturating_add(1);
                }
                Some(b'\n' | b'\r') => return Ok(Cell::Whole),
                Some(byte) if byte == self.delimiter => return Ok(Cell::Whole),
                Some(_) => {
                    return Err(Refusal::StrayQuote {
                        row: self.line.saturating_add(self.breaks),
                    });
                }
                None if self.last => return Ok(Cell::Whole),
                None => return Ok(Cell::Short),
            }
        }
    }

    fn copy(&mut self, row: &mut Row, length: usize) {
        let piece = self.tail(self.at).get(..length).unwrap_or_default();
        row.text_mut().push_str(piece);
        self.at = self.at.saturating_add(length);
    }

    fn tail(&self, at: usize) -> &'a str {
        self.rest.get(at..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.rest.as_bytes().get(at).copied()
    }
}

enum Cell {
    Whole,
    /// It is not clear yet whether the last quote closes.
    Short,
    /// The quote is not closed yet.
    Open,
}

/// The characters of CP932 whose bytes begin as a character of UTF-8 does.
///
/// Most bytes are something in CP932, so that rows added in UTF-8 would turn into other
/// characters without an error. These are rare kanji and narrow kana, so that hardly a
/// row needs a closer look.
fn disguises() -> Vec<char> {
    let wide = (0xe2..=0xef_u8).flat_map(|lead| (0x80..=0xbf_u8).map(move |trail| [lead, trail]));
    let narrow = (0xc2..=0xdf_u8).map(|byte| [byte, b' ']);
    let bytes: Vec<u8> = wide.chain(narrow).flatten().collect();
    let (text, _) = encoding_rs::SHIFT_JIS.decode_without_bom_handling(&bytes);
    let mut characters: Vec<char> = text.chars().filter(|it| !it.is_ascii()).collect();
    characters.sort_unstable();
    characters.dedup();
    characters
}

/// Whether a row of a CP932 file was written in UTF-8; no row of real Japanese is both by chance.
fn is_utf8_in_disguise(text: &str, disguises: &[char]) -> bool {
    let Some(first) = text.chars().find(|it| !it.is_ascii()) else {
        return false;
    };
    if disguises.binary_search(&first).is_err() {
        return false;
    }
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(text);
    std::str::from_utf8(&bytes)
        .is_ok_and(|other| other.chars().filter(|it| *it >= '\u{800}').count() >= 2)
}

/// How many line breaks there are, each \n, \r or both together.
fn breaks(text: &str) -> u64 {
    let bytes = text.as_bytes();
    // Most cells have none.
    if memchr2(b'\n', b'\r', bytes).is_none() {
        return 0;
    }
    let pairs = memchr::memmem::find_iter(bytes, b"\r\n").count();
    let all = memchr::memchr2_iter(b'\n', b'\r', bytes).count();
    u64::try_from(all.saturating_sub(pairs)).unwrap_or(u64::MAX)
}
