//! Watches the bytes of a CSV file on their way to the reader.
//!
//! The csv crate forgives what would lose people here: a quote that is never
//! closed swallows the rest of a file, and a stray quote joins rows. So each byte
//! passes this gate first. It also makes every line end `\n`, so that the rows can
//! be counted in one way.

use std::io::{self, Cursor, Read};

use super::columns;

/// No row of a roster is longer than this; one that is has lost its end.
const LONGEST_ROW: u64 = 256 * 1024;
const HEAD: u64 = 64 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why a file is refused whole; the row is the line in the file, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the file is empty")]
    Empty,
    #[error("row {0} is not UTF-8")]
    NotUtf8(u64),
    #[error("the quote that opens in row {0} is never closed")]
    UnclosedQuote(u64),
    #[error("a quote in row {0} stands in the middle of a cell")]
    StrayQuote(u64),
    #[error("row {0} is longer than a row of a roster can be")]
    LongRow(u64),
    #[error("no column is known")]
    NoUsableColumn,
    #[error("there is no row below the header")]
    NoRows,
}

/// The bytes of a file without its byte order mark, and its delimiter.
pub(super) fn open<R: Read>(mut source: R) -> io::Result<(u8, Watched<impl Read>)> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(BOM) {
        head.drain(..BOM.len());
    }
    if head.iter().all(u8::is_ascii_whitespace) && head.len() < 4096 {
        return Err(refused(Refusal::Empty));
    }
    let delimiter = columns::delimiter(&head);
    let watched = Watched {
        source: Cursor::new(head).chain(source),
        delimiter,
        state: State::CellStart,
        row: 1,
        quote_row: 1,
        row_bytes: 0,
        after_return: false,
        ended: false,
        failed: None,
        input: vec![0; 64 * 1024],
        output: Vec::new(),
        position: 0,
    };
    Ok((delimiter, watched))
}

/// The refusal inside an error that [`Watched`] gave, also when the csv reader wrapped it.
pub(super) fn refusal(error: &io::Error) -> Option<Refusal> {
    error.get_ref()?.downcast_ref().copied()
}

pub(super) fn refused(refusal: Refusal) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, refusal)
}

/// A reader that checks quoting and evens out line ends.
pub(super) struct Watched<R> {
    source: R,
    delimiter: u8,
    state: State,
    row: u64,
    quote_row: u64,
    row_bytes: u64,
    after_return: bool,
    ended: bool,
    failed: Option<Refusal>,
    input: Vec<u8>,
    output: Vec<u8>,
    position: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: it was the end, or the first of two.
    QuoteInQuoted,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position >= self.output.len() {
            if let Some(refusal) = self.failed {
                return Err(refused(refusal));
            }
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        let rest = self.output.get(self.position..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.position = self.position.saturating_add(length);
        Ok(length)
    }
}

impl<R: Read> Watched<R> {
    fn fill(&mut self) -> io::Result<()> {
        let mut input = std::mem::take(&mut self.input);
        let length = self.source.read(&mut input)?;
        self.output.clear();
        self.position = 0;
        if length == 0 {
            self.end();
        }
        for byte in input.iter().take(length) {
            if let Err(refusal) = self.take(*byte) {
                self.failed = Some(refusal);
                break;
            }
        }
        self.input = input;
        Ok(())
    }

    fn take(&mut self, byte: u8) -> Result<(), Refusal> {
        self.row_bytes = self.row_bytes.saturating_add(1);
        if self.row_bytes > LONGEST_ROW {
            return Err(match self.state {
                State::Quoted => Refusal::UnclosedQuote(self.quote_row),
                _ => Refusal::LongRow(self.row),
            });
        }
        if std::mem::take(&mut self.after_return) && byte == b'\n' {
            return Ok(());
        }
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::QuoteInQuoted,
            (State::Quoted, b'\n') => self.row = self.row.saturating_add(1),
            (State::Quoted, _) => {}
            (State::QuoteInQuoted, b'"') => self.state = State::Quoted,
            (_, b'\r' | b'\n') => {
                self.after_return = byte == b'\r';
                self.end_row();
                return Ok(());
            }
            (_, byte) if byte == self.delimiter => self.state = State::CellStart,
            (State::QuoteInQuoted, _) => return Err(Refusal::StrayQuote(self.row)),
            (State::CellStart, b'"') => {
                self.state = State::Quoted;
                self.quote_row = self.row;
            }
            (State::CellStart | State::Plain, _) => self.state = State::Plain,
        }
        self.output.push(byte);
        Ok(())
    }

    fn end_row(&mut self) {
        self.output.push(b'\n');
        self.state = State::CellStart;
        self.row = self.row.saturating_add(1);
        self.row_bytes = 0;
    }

    fn end(&mut self) {
        self.ended = true;
        if self.state == State::Quoted {
            self.failed = Some(Refusal::UnclosedQuote(self.quote_row));
        } else if self.row_bytes > 0 {
            // Also the last row ends with a line end.
            self.end_row();
        }
    }
}
