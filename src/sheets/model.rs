//! What a file is, what a row is, and why a file is refused.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Cells of text between delimiters.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// How the characters of a CSV file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Shift_JIS as Windows writes it, with 髙 and ㈱.
    Cp932,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// How a file is read.
///
/// [`survey`](super::survey) finds it; a person may correct it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// CSV or workbook; the next two count for CSV only, the last for a workbook only.
    pub format: Format,
    /// How characters are written.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub delimiter: char,
    /// The name of the sheet that is read.
    pub sheet: String,
}

/// What is in a file, before anything is taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// How the file was read.
    pub reading: Reading,
    /// The sheets of a workbook, in its order.
    pub sheets: Vec<Sheet>,
    /// How many rows are not blank, the header included.
    pub rows: u64,
    /// How many cells the widest row has.
    pub columns: usize,
    /// The first rows that are not blank.
    pub head: Vec<HeadRow>,
    /// How many cells are the result of a formula.
    pub formulas: u64,
    /// Whether cells are merged; only the top left one of them has text.
    pub merged: bool,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether Excel hides it.
    pub hidden: bool,
}

/// One of the first rows of a file, for a person to look at.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeadRow {
    /// The line in a CSV file, the row in a sheet, from 1.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

impl fmt::Debug for HeadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "HeadRow", self.number, self.cells.len())
    }
}

/// A row whose buffers are used again for the next one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Row {
    number: u64,
    text: String,
    cells: Vec<(usize, usize)>,
}

impl Row {
    /// The first line of the row in a CSV file, or the row in a sheet, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the row has no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The text of a cell, counted from 0.
    pub fn get(&self, index: usize) -> Option<&str> {
        let (start, end) = *self.cells.get(index)?;
        self.text.get(start..end)
    }

    /// The texts of all cells.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells
            .iter()
            .map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    pub(super) fn begin(&mut self, number: u64) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
    }

    /// The buffer for the next cell; [`end_cell`](Self::end_cell) closes it.
    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// The text of all cells, with or without what stands between them.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Makes a cell of what was written since `start`.
    pub(super) fn end_cell(&mut self, start: usize) {
        self.cells.push((start, self.text.len()));
    }

    /// Makes a cell of text that was written before.
    pub(super) fn cell(&mut self, start: usize, end: usize) {
        self.cells.push((start, end));
    }

    pub(super) fn is_blank(&self) -> bool {
        self.iter()
            .all(|cell| cell.chars().all(char::is_whitespace))
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "Row", self.number, self.cells.len())
    }
}

/// Says how many cells there are, not what they hold.
fn debug(f: &mut fmt::Formatter<'_>, name: &str, number: u64, cells: usize) -> fmt::Result {
    f.debug_struct(name)
        .field("number", &number)
        .field("cells", &cells)
        .finish()
}

/// Why a file is refused whole.
///
/// A row is the line in a CSV file or the row in a sheet, from 1. No variant holds a cell's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing but blank rows.
    #[error("the file is empty")]
    Empty,
    /// The bytes of a row are not characters in the encoding that fits best.
    #[error("row {row} holds characters in another encoding than the rest of the file")]
    WrongEncoding {
        /// The first such row.
        row: u64,
    },
    /// A picture, a PDF, an archive, or text with NUL bytes.
    #[error("the file is not a table: it holds binary data")]
    Binary,
    /// A quote that is never closed would swallow the rest of the file.
    #[error("the quote that opens in row {row} is never closed")]
    UnclosedQuote {
        /// Where the quote opens.
        row: u64,
    },
    /// Text after a closing quote.
    #[error("a quote in row {row} stands in the middle of a cell")]
    StrayQuote {
        /// Where the quote is.
        row: u64,
    },
    /// More text than a row of people can have.
    #[error("row {row} is longer than a row of a table can be")]
    LongRow {
        /// Which row.
        row: u64,
    },
    /// More columns than are read.
    #[error("row {row} has more than {} columns", super::MOST_COLUMNS)]
    TooManyColumns {
        /// Which row.
        row: u64,
    },
    /// An Office file that is no xlsx workbook, such as xls, xlsb, docx or ods.
    #[error("the file is not an .xlsx workbook; save it as .xlsx or CSV")]
    NotAWorkbook,
    /// Opening the workbook needs a password.
    #[error("the workbook is protected by a password; save it without one")]
    Encrypted,
    /// Every sheet is hidden.
    #[error("the workbook has no visible sheet")]
    NoVisibleSheet,
    /// The chosen sheet is not in the workbook.
    #[error("the workbook has no sheet with the chosen name")]
    NoSuchSheet,
    /// A part of the workbook unpacks to more than is read.
    #[error("the workbook is too large inside ({part})")]
    TooLargeInside {
        /// Which part.
        part: &'static str,
    },
    /// The file breaks the rules of its format.
    #[error("the file is damaged ({detail})")]
    Broken {
        /// What is broken; never text from the file.
        detail: &'static str,
    },
    /// The file could not be read.
    #[error("the file could not be read ({0})")]
    Io(io::ErrorKind),
}

impl From<io::Error> for Refusal {
    /// Keeps the kind only: the message of a foreign error may quote what was read.
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}
