//! The report for Word: the same blocks, with styles that Word's navigation knows.
//!
//! Headings carry the built-in styles `Heading1` and `Heading2`, the table of contents
//! has its entries, a table's first row is repeated on each page. Every text is one run
//! of plain characters: the library escapes it, so that none can become markup.

mod contents;
mod pictures;
mod written;

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, Header, LineSpacing, NumPages, PageMargin, PageNum, Paragraph,
    Run, RunFonts, Shading, Style, StyleType, Table as WordTable, TableBorder, TableBorderPosition,
    TableBorders, TableCell, TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use super::document::{Block, Cell, Column, Document, Fact, Figure, Section, Table, Tone};
use crate::kernel::{Problem, Result};

/// The width between the margins of an A4 page, in twentieths of a point.
const WIDTH: usize = 9_638;
/// How the library writes that a row is not split, and with what Word repeats it.
const WHOLE_ROW: &str = "<w:cantSplit />";
const REPEATED_ROW: &str = "<w:cantSplit /><w:tblHeader />";

/// Writes the report as a DOCX file.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] when the library cannot write it.
pub fn render(document: &Document) -> Result<Vec<u8>> {
    let docx = cover(sheet(document), document);
    let docx = document.sections.iter().try_fold(docx, section)?;
    let mut parts = docx.build();
    // The library knows no repeated rows; only rows of headers are kept whole. A text of a
    // person cannot look like one: its angle brackets are escaped.
    let body = String::from_utf8(parts.document).map_err(Problem::internal)?;
    let tables = document.sections.iter().flat_map(|section| &section.blocks);
    let tables = tables
        .filter(|block| matches!(block, Block::Table(_)))
        .count();
    if body.matches(WHOLE_ROW).count() != tables {
        return Err(Problem::internal(
            "the rows of headers of a DOCX are not as expected",
        ));
    }
    parts.document = body.replace(WHOLE_ROW, REPEATED_ROW).into_bytes();
    parts.document = pictures::described(parts.document, document)?;
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes.into_inner())
}

/// An empty A4 page in the product's font; `top` is its upper margin in twentieths of a point.
pub fn paper(top: i32) -> Docx {
    Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(PageMargin {
            top,
            bottom: 1_134,
            left: 1_134,
            right: 1_134,
            ..PageMargin::new()
        })
        .default_fonts(
            RunFonts::new()
                .east_asia("BIZ UDPゴシック")
                .ascii("BIZ UDPGothic")
                .hi_ansi("BIZ UDPGothic"),
        )
        .default_size(20)
}

/// [`paper`] with styles, header and footer.
fn sheet(document: &Document) -> Docx {
    let heading = |id: &str, name: &str, level, size| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .based_on("Normal")
            .next("Normal")
            .q_format(true)
            .outline_lvl(level)
            .size(size)
            .bold()
            .color("1F2A44")
    };
    let mark = document.practice.as_ref().map_or_else(
        || document.classification.clone(),
        |practice| format!("{}  {}", practice.text, document.classification),
    );
    let header = Paragraph::new()
        .align(AlignmentType::Right)
        .add_run(run(&mark, Tone::Plain).size(16));
    // The fields of the library take no size; their paragraph's style does.
    let footer = Paragraph::new()
        .style("Footer")
        .align(AlignmentType::Center)
        .add_run(run(&format!("{}  ", document.number), Tone::Quiet))
        .add_page_num(PageNum::new())
        .add_run(text(" / "))
        .add_num_pages(NumPages::new());
    paper(1_304)
        .add_style(
            Style::new("Title", StyleType::Paragraph)
                .name("Title")
                .size(40)
                .bold(),
        )
        .add_style(
            Style::new("Footer", StyleType::Paragraph)
                .name("footer")
                .based_on("Normal")
                .size(16),
        )
        .add_style(heading("Heading1", "heading 1", 0, 28))
        .add_style(heading("Heading2", "heading 2", 1, 23))
        .add_style(heading("Heading3", "heading 3", 2, 20))
        .header(Header::new().add_paragraph(header))
        .footer(Footer::new().add_paragraph(footer))
}

fn cover(docx: Docx, document: &Document) -> Docx {
    let mut docx = docx
        .add_paragraph(line(&document.genre, Tone::Quiet))
        .add_paragraph(
            Paragraph::new()
                .style("Title")
                .add_run(text(&document.title)),
        )
        .add_paragraph(line(&document.classification, Tone::Bad));
    if let Some(practice) = &document.practice {
        let note = format!("{} — {}", practice.text, practice.note);
        docx = docx.add_paragraph(line(&note, Tone::Warn));
    }
    let docx = docx
        .add_table(facts(&document.facts))
        .add_paragraph(Paragraph::new())
        .add_paragraph(bold(&document.contents));
    contents::entries(&document.sections)
        .into_iter()
        .fold(docx, Docx::add_paragraph)
}

fn section(docx: Docx, section: &Section) -> Result<Docx> {
    let heading = Paragraph::new()
        .style("Heading1")
        .keep_next(true)
        .line_spacing(LineSpacing::new().before(360).after(120))
        .add_bookmark_start(section.number, contents::mark(section))
        .add_run(text(&contents::title(section)))
        .add_bookmark_end(section.number);
    let docx = docx.add_paragraph(heading);
    section.blocks.iter().try_fold(docx, block)
}

fn block(docx: Docx, block: &Block) -> Result<Docx> {
    Ok(match block {
        Block::Heading { text: words } => docx.add_paragraph(
            Paragraph::new()
                .style("Heading2")
                .keep_next(true)
                .line_spacing(LineSpacing::new().before(200).after(80))
                .add_run(text(words)),
        ),
        Block::Paragraph { text, quiet } => {
            let tone = if *quiet { Tone::Quiet } else { Tone::Plain };
            text.lines()
                .fold(docx, |docx, words| docx.add_paragraph(line(words, tone)))
        }
        // Word puts two tables together that nothing stands between.
        Block::Figures { items } => docx
            .add_table(figures(items))
            .add_paragraph(Paragraph::new()),
        Block::Facts { rows } => docx.add_table(facts(rows)).add_paragraph(Paragraph::new()),
        Block::Table(rows) => docx.add_table(table(rows)).add_paragraph(Paragraph::new()),
        Block::Passage { pieces } => pieces.iter().fold(docx, written::piece),
        Block::Chart(chart) => pictures::add(docx, chart)?,
        Block::List { items } => items.iter().fold(docx, |docx, item| {
            let paragraph = Paragraph::new()
                .indent(Some(360), None, None, None)
                .add_run(text(&format!("• {item}")));
            docx.add_paragraph(paragraph)
        }),
    })
}

/// A table with fine lines between its rows, and room around what stands in them.
fn ruled(rows: Vec<TableRow>) -> WordTable {
    use TableBorderPosition::{Bottom, InsideH, Top};
    let borders = [Top, Bottom, InsideH]
        .into_iter()
        .fold(TableBorders::with_empty(), |borders, position| {
            borders.set(TableBorder::new(position).size(4).color("C9CFDA"))
        });
    WordTable::new(rows)
        .width(WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(50, 50, 50, 50))
        .set_borders(borders)
}

fn facts(rows: &[Fact]) -> WordTable {
    let rows = rows
        .iter()
        .map(|fact| {
            let label = TableCell::new()
                .width(2_600, WidthType::Dxa)
                .shading(Shading::new().fill("EEF2FC"))
                .add_paragraph(bold(&fact.label));
            TableRow::new(vec![label, cell(&fact.value, WIDTH - 2_600)])
        })
        .collect();
    ruled(rows)
}

fn figures(items: &[Figure]) -> WordTable {
    let rows = items
        .iter()
        .map(|figure| {
            let value = Cell::new(&figure.value)
                .below(figure.note.clone())
                .tone(figure.tone);
            let label = TableCell::new()
                .width(4_000, WidthType::Dxa)
                .add_paragraph(line(&figure.label, Tone::Plain));
            TableRow::new(vec![label, cell(&value, WIDTH - 4_000)])
        })
        .collect();
    ruled(rows)
}

fn table(table: &Table) -> WordTable {
    let width = |column: &Column| WIDTH * usize::from(column.width) / 100;
    let header = table
        .columns
        .iter()
        .map(|column| {
            TableCell::new()
                .width(width(column), WidthType::Dxa)
                .shading(Shading::new().fill("EEF2FC"))
                .add_paragraph(bold(&column.label))
        })
        .collect();
    let rows = table.rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&table.columns)
            .map(|(value, column)| cell(value, width(column)))
            .collect();
        TableRow::new(cells)
    });
    let header = TableRow::new(header).cant_split();
    ruled([header].into_iter().chain(rows).collect())
}

fn cell(value: &Cell, width: usize) -> TableCell {
    let align = |paragraph: Paragraph| {
        if value.numeric {
            paragraph.align(AlignmentType::Right)
        } else {
            paragraph
        }
    };
    let words = value.text.lines().map(|words| (words, value.tone));
    let sub = value.sub.iter().flat_map(|sub| sub.lines());
    let mut cell = TableCell::new().width(width, WidthType::Dxa);
    let mut empty = true;
    for (words, tone) in words.chain(sub.map(|words| (words, Tone::Quiet))) {
        cell = cell.add_paragraph(align(apart().add_run(run(words, tone).size(17))));
        empty = false;
    }
    // A cell without a paragraph is a fault in Word's eyes.
    if empty {
        cell = cell.add_paragraph(Paragraph::new());
    }
    cell
}

fn bold(words: &str) -> Paragraph {
    apart().add_run(text(words).size(18).bold())
}

/// A paragraph whose lines keep apart: the Latin letters of the font are taller than it says.
fn apart() -> Paragraph {
    Paragraph::new().line_spacing(LineSpacing::new().line(280))
}

fn line(words: &str, tone: Tone) -> Paragraph {
    Paragraph::new()
        .line_spacing(LineSpacing::new().after(80).line(300))
        .add_run(run(words, tone))
}

fn run(words: &str, tone: Tone) -> Run {
    let run = text(words);
    match tone {
        Tone::Plain => run,
        Tone::Good => run.color("17693A"),
        Tone::Warn => run.color("8A4B00"),
        Tone::Bad => run.color("B3261E"),
        Tone::Quiet => run.color("5A6478"),
    }
}

/// A run without what XML cannot hold.
fn text(words: &str) -> Run {
    let words: String = words
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    Run::new().add_text(words)
}
