//! Turns tables that people have, CSV and Excel, into rows of text, and rows into such files.
//!
//! In comes any file at all, from people under pressure; out come rows, or one
//! [`Refusal`] that says what is wrong and where. [`survey`] reads a file once and
//! finds how it is written; a person may correct that, and [`rows`] then streams it.
//!
//! What this room refuses to do:
//!
//! - It never holds a file in memory and never writes a temporary file. Memory stays
//!   in the hundreds of KiB for CSV; a workbook's shared strings add at most some 75 MiB.
//! - It puts no cell's text into an error or a `Debug` output: cells are personal data.
//! - It knows nothing about rosters. What a column means is decided elsewhere.
//!
//! A workbook is read straight from its zip entries with quick-xml, not through a
//! spreadsheet library: those allocate what the file declares, clone styles per cell
//! format and panic with cell text in the message, and a hostile file can use each.

mod csv_writer;
mod delimiter;
mod model;
mod numbers;
mod package;
mod records;
mod sheet;
mod sniff;
mod strings;
mod text;
mod workbook;
mod xlsx_writer;
mod xml;

#[cfg(test)]
mod csv_tests;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod writer_tests;
#[cfg(test)]
mod xlsx_tests;

use std::io::{Read, Seek};

pub use csv_writer::{CsvEncoding, CsvWriter};
pub use model::{Encoding, Format, HeadRow, Reading, Refusal, Row, Sheet, Survey};
pub use xlsx_writer::XlsxWriter;

use package::Package;
use records::Records;
use sheet::SheetRows;
use sniff::Sniffed;
use workbook::Workbook;

/// A file has at most this many columns.
const MOST_COLUMNS: usize = 1000;
/// No row of a table of people is longer than this many bytes; one that is has lost its end.
const LONGEST_ROW: usize = 256 * 1024;
/// So many rows are shown to the person who checks how a file was read.
const HEAD_ROWS: usize = 20;

/// Reads the whole file once and finds how it is written.
///
/// Writes nothing and holds little. Every reason to refuse the file as a whole is found here.
pub fn survey<R: Read + Seek>(mut source: R) -> Result<Survey, Refusal> {
    match sniff::sniff(&mut source)? {
        Sniffed::Workbook => survey_workbook(source, None),
        Sniffed::Text(Some(encoding)) => survey_text(&mut source, encoding, None),
        Sniffed::Text(None) => survey_unmarked(&mut source),
    }
}

/// Reads the whole file once in the way that a person chose.
pub fn survey_as<R: Read + Seek>(mut source: R, reading: &Reading) -> Result<Survey, Refusal> {
    sniff::expect(&mut source, reading.format)?;
    match reading.format {
        Format::Csv => {
            let delimiter = delimiter::checked(reading.delimiter)?;
            survey_text(&mut source, reading.encoding, Some(delimiter))
        }
        Format::Xlsx => survey_workbook(source, Some(&reading.sheet)),
    }
}

/// Streams the rows of a file, its header included.
pub fn rows<R: Read + Seek>(mut source: R, reading: &Reading) -> Result<Rows<R>, Refusal> {
    sniff::expect(&mut source, reading.format)?;
    let kind = match reading.format {
        Format::Csv => {
            let delimiter = delimiter::checked(reading.delimiter)?;
            Kind::Csv(Records::open(source, reading.encoding, Some(delimiter))?)
        }
        Format::Xlsx => {
            let mut package = Package::open(source)?;
            let workbook = Workbook::read(&mut package)?;
            let part = workbook.sheet_part(&reading.sheet)?.to_owned();
            let context = workbook.into_context(&mut package)?;
            let stream = package.into_sheet(&part)?;
            Kind::Xlsx(Box::new(SheetRows::open(stream, context)?))
        }
    };
    Ok(Rows { kind })
}

/// The rows of a file, one at a time.
pub struct Rows<R: Read + Seek> {
    kind: Kind<R>,
}

enum Kind<R: Read + Seek> {
    Csv(Records<R>),
    Xlsx(Box<SheetRows<R>>),
}

impl<R: Read + Seek> Rows<R> {
    /// Puts the next row that is not blank into `row`; false at the end.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Refusal> {
        match &mut self.kind {
            Kind::Csv(records) => records.next(row),
            Kind::Xlsx(rows) => rows.next(row),
        }
    }
}

/// A file without a byte order mark: UTF-8 when it is that to the end, otherwise CP932.
fn survey_unmarked<R: Read + Seek>(source: &mut R) -> Result<Survey, Refusal> {
    let mut records = Records::open(&mut *source, Encoding::Utf8, None)?;
    let as_utf8 = take_stock(|row| records.next(row));
    let Err(Refusal::WrongEncoding { row: utf8_row }) = as_utf8 else {
        return finish_text(as_utf8?, Encoding::Utf8, records.delimiter());
    };
    // Text that was valid multi-byte UTF-8 for a while is UTF-8 with a broken place;
    // read as CP932 it would turn into other characters without an error.
    if records.was_surely_utf8() {
        return Err(Refusal::WrongEncoding { row: utf8_row });
    }
    sniff::rewind(source)?;
    match survey_text(source, Encoding::Cp932, None) {
        Err(Refusal::WrongEncoding { row }) => Err(Refusal::WrongEncoding {
            row: row.max(utf8_row),
        }),
        other => other,
    }
}

fn survey_text<R: Read + Seek>(
    source: &mut R,
    encoding: Encoding,
    delimiter: Option<u8>,
) -> Result<Survey, Refusal> {
    let mut records = Records::open(source, encoding, delimiter)?;
    let stock = take_stock(|row| records.next(row))?;
    finish_text(stock, encoding, records.delimiter())
}

fn finish_text(stock: Stock, encoding: Encoding, delimiter: u8) -> Result<Survey, Refusal> {
    if stock.rows == 0 {
        return Err(Refusal::Empty);
    }
    Ok(Survey {
        reading: Reading {
            format: Format::Csv,
            encoding,
            delimiter: char::from(delimiter),
            sheet: String::new(),
        },
        sheets: Vec::new(),
        rows: stock.rows,
        columns: stock.columns,
        head: stock.head,
        formulas: 0,
        merged: false,
    })
}

fn survey_workbook<R: Read + Seek>(source: R, chosen: Option<&str>) -> Result<Survey, Refusal> {
    let mut package = Package::open(source)?;
    let workbook = Workbook::read(&mut package)?;
    let sheets = workbook.sheets();
    let candidates = match chosen {
        Some(name) => vec![(name.to_owned(), workbook.sheet_part(name)?.to_owned())],
        None => workbook.visible_parts(),
    };
    if candidates.is_empty() {
        return Err(Refusal::NoVisibleSheet);
    }
    let mut context = workbook.into_context(&mut package)?;
    for (name, part) in candidates {
        let mut rows = SheetRows::open(package.sheet(&part)?, context)?;
        let stock = take_stock(|row| rows.next(row))?;
        let merged = rows.skip_to_end()?;
        let formulas = rows.formulas();
        let read;
        (context, read) = rows.close();
        package.spent(read);
        if stock.rows > 0 {
            return Ok(Survey {
                reading: Reading {
                    format: Format::Xlsx,
                    encoding: Encoding::Utf8,
                    delimiter: ',',
                    sheet: name,
                },
                sheets,
                rows: stock.rows,
                columns: stock.columns,
                head: stock.head,
                formulas,
                merged,
            });
        }
    }
    Err(Refusal::Empty)
}

#[derive(Default)]
struct Stock {
    rows: u64,
    columns: usize,
    head: Vec<HeadRow>,
}

fn take_stock(mut next: impl FnMut(&mut Row) -> Result<bool, Refusal>) -> Result<Stock, Refusal> {
    let mut stock = Stock::default();
    let mut row = Row::default();
    while next(&mut row)? {
        stock.rows = stock.rows.saturating_add(1);
        stock.columns = stock.columns.max(row.len());
        if stock.head.len() < HEAD_ROWS {
            stock.head.push(HeadRow {
                number: row.number(),
                cells: row.iter().map(str::to_owned).collect(),
            });
        }
    }
    Ok(stock)
}
