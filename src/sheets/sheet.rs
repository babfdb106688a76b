//! Streams the rows of one sheet.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::model::{Refusal, Row};
use super::numbers::{self, Kind};
use super::package::Part;
use super::strings::{rich_text, unescape};
use super::workbook::Context;
use super::xml::{BROKEN, Xml, attribute};
use super::{LONGEST_ROW, MOST_COLUMNS};

/// Where Excel's sheets end.
const LAST_ROW: u64 = 1_048_576;
const LAST_COLUMN: usize = 16_384;

/// The rows of a sheet.
pub(super) struct SheetRows<S> {
    xml: Xml<Part<S>>,
    context: Context,
    /// The number of the last row, from 1; 0 before the first.
    row: u64,
    formulas: u64,
    merged: bool,
    ended: bool,
    raw: String,
}

/// How the text of a cell is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stored {
    Number(Kind),
    Shared,
    Inline,
    Text,
    Bool,
    Date,
    Error,
}

impl<S: Read> SheetRows<S> {
    pub(super) fn open(mut xml: Xml<Part<S>>, context: Context) -> Result<Self, Refusal> {
        let mut in_sheet = false;
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "worksheet" => in_sheet = true,
                    "sheetData" if in_sheet => break,
                    _ if in_sheet => {}
                    _ => return Err(BROKEN),
                },
                Event::Eof => {
                    return Err(Refusal::Broken {
                        detail: "a sheet has no rows part",
                    });
                }
                _ => {}
            }
        }
        Ok(Self {
            xml,
            context,
            row: 0,
            formulas: 0,
            merged: false,
            ended: false,
            raw: String::new(),
        })
    }

    /// Reads the next row that is not blank.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Refusal> {
        while !self.ended {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "row" => {
                    let number = row_number(&element, self.row)?;
                    self.row = number;
                    row.begin(number);
                    self.cells(row)?;
                    if !row.is_blank() {
                        return Ok(true);
                    }
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End(_) => self.ended = true,
                Event::Eof => return Err(BROKEN),
                _ => {}
            }
        }
        Ok(false)
    }

    /// Reads what stands behind the rows, and tells whether cells are merged.
    pub(super) fn skip_to_end(&mut self) -> Result<bool, Refusal> {
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "mergeCell" => {
                    self.merged = true;
                }
                Event::Eof => return Ok(self.merged),
                _ => {}
            }
        }
    }

    pub(super) fn formulas(&self) -> u64 {
        self.formulas
    }

    /// Gives back what other sheets need too, and the bytes that this one unpacked to.
    pub(super) fn close(self) -> (Context, u64) {
        (self.context, self.xml.unpacked())
    }

    fn cells(&mut self, row: &mut Row) -> Result<(), Refusal> {
        let mut next_column = 0;
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    let (column, stored) = describe(&self.context, &element, next_column)?;
                    next_column = column.saturating_add(1);
                    let start = row.text_len();
                    self.cell(stored, row.text_mut())?;
                    let end = row.text_len();
                    if end == start {
                        continue;
                    }
                    // A format often reaches to the last column; only text counts.
                    if column >= MOST_COLUMNS {
                        return Err(Refusal::TooManyColumns { row: self.row });
                    }
                    while row.len() < column {
                        row.cell(start, start);
                    }
                    row.cell(start, end);
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(BROKEN),
                _ => {}
            }
        }
    }

    /// Adds the text of the cell whose element has just begun.
    fn cell(&mut self, stored: Stored, into: &mut String) -> Result<(), Refusal> {
        loop {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    // An inline string may have both; the first is its text.
                    "v" if stored != Stored::Inline => {
                        self.raw.clear();
                        self.xml.text(&mut self.raw)?;
                        self.value(stored, into)?;
                    }
                    "is" => rich_text(&mut self.xml, into)?,
                    "f" => {
                        self.formulas = self.formulas.saturating_add(1);
                        self.xml.skip()?;
                    }
                    _ => self.xml.skip()?,
                },
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(BROKEN),
                _ => {}
            }
            // A cell may hold several values, so that it needs its own limit.
            if into.len() > LONGEST_ROW {
                return Err(Refusal::LongRow { row: self.row });
            }
        }
    }

    fn value(&mut self, stored: Stored, into: &mut String) -> Result<(), Refusal> {
        let raw = self.raw.as_str();
        match stored {
            Stored::Number(kind) => numbers::push(raw, kind, self.context.from_1904, into),
            Stored::Shared if raw.trim().is_empty() => {}
            Stored::Shared => {
                let index = raw.trim().parse().ok();
                let text = index.and_then(|index| self.context.strings.get(index));
                into.push_str(text.ok_or(Refusal::Broken {
                    detail: "a cell of a sheet refers to a text that is not there",
                })?);
            }
            // A formula's text; an inline one never gets here.
            Stored::Text | Stored::Inline => {
                let start = into.len();
                into.push_str(raw);
                unescape(into, start);
            }
            Stored::Bool => into.push_str(match raw.trim() {
                "1" | "true" => "TRUE",
                "" => "",
                _ => "FALSE",
            }),
            Stored::Date => numbers::push_iso(raw, into),
            // #N/A and the like say that there is no value.
            Stored::Error => {}
        }
        Ok(())
    }
}

/// The column of a cell, and how its text is stored.
fn describe(
    context: &Context,
    element: &BytesStart<'_>,
    next_column: usize,
) -> Result<(usize, Stored), Refusal> {
    let (mut column, mut style, mut stored) = (next_column, 0, None);
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| BROKEN)?;
        match attribute.key.as_ref() {
            "r" => {
                column = column_of(&attribute.value).ok_or(Refusal::Broken {
                    detail: "a cell of a sheet has no valid place",
                })?;
            }
            "s" => style = attribute.value.parse().unwrap_or(0),
            "t" => stored = Some(attribute.value),
            _ => {}
        }
    }
    if column < next_column {
        return Err(Refusal::Broken {
            detail: "the cells of a sheet are out of order",
        });
    }
    let stored = match stored.as_deref() {
        Some("s") => Stored::Shared,
        Some("inlineStr" | "is") => Stored::Inline,
        Some("str") => Stored::Text,
        Some("b") => Stored::Bool,
        Some("d") => Stored::Date,
        Some("e") => Stored::Error,
        _ => Stored::Number(context.styles.get(style).copied().unwrap_or(Kind::Number)),
    };
    Ok((column, stored))
}

/// The number that a row states, or the one behind the last row.
fn row_number(element: &BytesStart<'_>, last: u64) -> Result<u64, Refusal> {
    let number = match attribute(element, "r")? {
        Some(number) => number.trim().parse().unwrap_or(0),
        None => last.saturating_add(1),
    };
    if number <= last {
        return Err(Refusal::Broken {
            detail: "the rows of a sheet are out of order",
        });
    }
    if number > LAST_ROW {
        return Err(Refusal::Broken {
            detail: "a sheet has more rows than Excel can hold",
        });
    }
    Ok(number)
}

/// The column of a place such as `AB12`, from 0.
fn column_of(place: &str) -> Option<usize> {
    let mut column = 0_usize;
    for letter in place.bytes().take_while(u8::is_ascii_alphabetic) {
        let digit = usize::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
        if column > LAST_COLUMN {
            return None;
        }
    }
    column.checked_sub(1)
}
