//! Writes a workbook as a stream: to any `Write`, in constant memory.
//!
//! rust_xlsxwriter is deliberately not used. It needs all cells in memory, or, in its
//! constant-memory mode, spools them in clear to a temporary file, which the rule on
//! personal data forbids. The few parts of a workbook of text are written here instead.
//!
//! Every cell is text and is formatted as text, so that a name such as `=1+1` stays one
//! even when someone edits the cell, and a phone number keeps its first zero.

use std::fmt::Write as _;
use std::io::{self, Write};

use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::strings;

/// Where a sheet of Excel ends.
const MOST_ROWS: u64 = 1_048_576;
/// A part below 4 GiB needs no zip64, which some readers lack in streamed files.
const MOST_BYTES: u64 = 3 << 30;
/// In UTF-16, as Excel counts.
const LONGEST_CELL: usize = 32_767;
const LONGEST_NAME: usize = 31;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A workbook that is written row by row.
pub struct XlsxWriter<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    name: String,
    header: Vec<String>,
    widths: Vec<u16>,
    limits: Limits,
    sheets: u64,
    /// How many of the sheets hold the table that is written now.
    parts: u64,
    /// What the sheets are called.
    names: Vec<String>,
    /// Rows in this sheet, the header included.
    rows: u64,
    bytes: u64,
    xml: String,
}

/// Where a sheet ends; tests end it sooner.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

impl<W: Write> XlsxWriter<W> {
    /// Begins a workbook; `widths` are the columns' widths in characters.
    pub fn new(out: W, sheet_name: &str, header: &[&str], widths: &[u16]) -> io::Result<Self> {
        let limits = Limits {
            rows: MOST_ROWS,
            bytes: MOST_BYTES,
        };
        Self::with_limits(out, sheet_name, header, widths, limits)
    }

    pub(super) fn with_limits(
        out: W,
        sheet_name: &str,
        header: &[&str],
        widths: &[u16],
        limits: Limits,
    ) -> io::Result<Self> {
        let mut writer = Self {
            zip: ZipWriter::new_stream(out),
            name: sheet_name_of(sheet_name),
            header: header.iter().map(|it| (*it).to_owned()).collect(),
            widths: widths.to_vec(),
            limits,
            sheets: 0,
            parts: 0,
            names: Vec::new(),
            rows: 0,
            bytes: 0,
            xml: String::new(),
        };
        writer.begin_sheet()?;
        Ok(writer)
    }

    /// Ends the table, and begins another one on a sheet of its own; the names must differ.
    pub fn next_table(
        &mut self,
        sheet_name: &str,
        header: &[&str],
        widths: &[u16],
    ) -> io::Result<()> {
        self.end_sheet()?;
        self.name = sheet_name_of(sheet_name);
        self.header = header.iter().map(|it| (*it).to_owned()).collect();
        self.widths = widths.to_vec();
        self.parts = 0;
        self.begin_sheet()
    }

    /// Writes a row; behind the last row of a sheet the next one goes on.
    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        if self.rows >= self.limits.rows || self.bytes >= self.limits.bytes {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.push_row(cells.iter().copied(), 2);
        self.flush_xml()
    }

    /// Writes the parts that list the sheets, and gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_sheet()?;
        self.part("xl/workbook.xml", &self.workbook())?;
        self.part("xl/_rels/workbook.xml.rels", &self.relations())?;
        self.part("xl/styles.xml", &styles())?;
        let root = format!(
            "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        self.part("_rels/.rels", &root)?;
        self.part("[Content_Types].xml", &self.content_types())?;
        let mut out = self.zip.finish()?.into_inner();
        out.flush()?;
        Ok(out)
    }

    fn begin_sheet(&mut self) -> io::Result<()> {
        self.sheets = self.sheets.saturating_add(1);
        self.parts = self.parts.saturating_add(1);
        self.names.push(numbered(&self.name, self.parts));
        self.rows = 0;
        self.bytes = 0;
        let name = format!("xl/worksheets/sheet{}.xml", self.sheets);
        self.zip.start_file(name, SimpleFileOptions::default())?;
        let _ = write!(
            self.xml,
            "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\">\
             <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
             </sheetView></sheetViews>"
        );
        if !self.widths.is_empty() {
            self.xml.push_str("<cols>");
            for (column, width) in (1_u32..).zip(&self.widths) {
                let width = width.clamp(&1, &255);
                let _ = write!(
                    self.xml,
                    "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>"
                );
            }
            self.xml.push_str("</cols>");
        }
        self.xml.push_str("<sheetData>");
        let header = std::mem::take(&mut self.header);
        self.push_row(header.iter().map(String::as_str), 1);
        self.header = header;
        self.flush_xml()
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        self.xml.push_str("</sheetData>");
        if !self.header.is_empty() {
            let (last, rows) = (column_name(self.header.len()), self.rows);
            let _ = write!(self.xml, "<autoFilter ref=\"A1:{last}{rows}\"/>");
        }
        self.xml.push_str("</worksheet>");
        self.flush_xml()
    }

    fn push_row<'a>(&mut self, cells: impl Iterator<Item = &'a str>, style: u8) {
        self.rows = self.rows.saturating_add(1);
        let _ = write!(self.xml, "<row r=\"{}\">", self.rows);
        for (index, cell) in cells.enumerate() {
            if cell.is_empty() {
                continue;
            }
            let column = column_name(index.saturating_add(1));
            let _ = write!(
                self.xml,
                "<c r=\"{column}{}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                self.rows
            );
            push_text(cell, &mut self.xml);
            self.xml.push_str("</t></is></c>");
        }
        self.xml.push_str("</row>");
    }

    fn flush_xml(&mut self) -> io::Result<()> {
        self.zip.write_all(self.xml.as_bytes())?;
        let length = u64::try_from(self.xml.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        self.xml.clear();
        Ok(())
    }

    fn part(&mut self, name: &str, xml: &str) -> io::Result<()> {
        self.zip.start_file(name, SimpleFileOptions::default())?;
        self.zip.write_all(xml.as_bytes())
    }

    fn workbook(&self) -> String {
        let mut xml = format!(
            "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView/></bookViews><sheets>"
        );
        for (number, sheet) in (1_u64..).zip(&self.names) {
            let mut name = String::new();
            push_text(sheet, &mut name);
            let _ = write!(
                xml,
                "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"
            );
        }
        xml.push_str("</sheets></workbook>");
        xml
    }

    fn relations(&self) -> String {
        let mut xml = format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">");
        for number in 1..=self.sheets {
            let _ = write!(
                xml,
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" \
                 Target=\"worksheets/sheet{number}.xml\"/>"
            );
        }
        let _ = write!(
            xml,
            "<Relationship Id=\"rIdStyles\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
        );
        xml
    }

    fn content_types(&self) -> String {
        let mut xml = format!(
            "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPES}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPES}.styles+xml\"/>"
        );
        for number in 1..=self.sheets {
            let _ = write!(
                xml,
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
                 ContentType=\"{TYPES}.worksheet+xml\"/>"
            );
        }
        xml.push_str("</Types>");
        xml
    }
}

/// Style 0 is the default, 1 the bold header, 2 text.
fn styles() -> String {
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\">\
         <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
         <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"3\">\
         <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
         <xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>\
         <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
         </cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
         </styleSheet>"
    )
}

/// Adds text as XML, without what XML cannot hold and no longer than a cell can be.
fn push_text(text: &str, xml: &mut String) {
    let is_long = text.len() > LONGEST_CELL && text.encode_utf16().count() > LONGEST_CELL;
    let mut room = LONGEST_CELL.saturating_sub(usize::from(is_long));
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let Some(left) = room.checked_sub(character.len_utf16()) else {
            break;
        };
        room = left;
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            // A line break in a cell of Excel is \n.
            '\r' if characters.peek().is_some_and(|(_, next)| *next == '\n') => {}
            '\r' => xml.push('\n'),
            '\n' | '\t' => xml.push(character),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {}
            // Excel would take this for an escape of its own.
            '_' if strings::escaped(text.get(index..).unwrap_or_default()).is_some() => {
                xml.push_str("_x005F_");
            }
            character => xml.push(character),
        }
    }
    if is_long {
        xml.push('…');
    }
}

/// The name of a column from 1: A, Z, AA.
fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    while let Some(rest) = column.checked_sub(1) {
        let letter = u8::try_from(rest % 26).unwrap_or(0).saturating_add(b'A');
        letters.push(char::from(letter));
        column = rest / 26;
    }
    letters.iter().rev().collect()
}

/// A name that Excel takes for a sheet.
fn sheet_name_of(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|character| match character {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' => '_',
            character if character.is_control() => '_',
            character => character,
        })
        .collect();
    let name = shortened(name.trim_matches('\''), LONGEST_NAME);
    if name.trim().is_empty() {
        "Sheet".to_owned()
    } else {
        name
    }
}

fn numbered(name: &str, number: u64) -> String {
    if number <= 1 {
        return name.to_owned();
    }
    let suffix = format!(" ({number})");
    shortened(name, LONGEST_NAME.saturating_sub(suffix.len())) + &suffix
}

fn shortened(text: &str, most: usize) -> String {
    let mut units = 0_usize;
    text.chars()
        .take_while(|character| {
            units = units.saturating_add(character.len_utf16());
            units <= most
        })
        .collect()
}
