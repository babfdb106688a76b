//! What people wrote in Markdown, in the report for Word.

use docx_rs::{
    BreakType, Docx, LineSpacing, Paragraph, Run, Shading, TableCell, TableRow, WidthType,
};

use super::super::passages::{Piece, Run as Words};
use super::{Tone, WIDTH, line, ruled, run};

/// A part of what a person wrote in Markdown.
pub fn piece(docx: Docx, piece: &Piece) -> Docx {
    match piece {
        Piece::Words {
            indent,
            marker,
            quote,
            runs,
        } => {
            let before = Run::new().add_text(if marker.is_empty() {
                String::new()
            } else {
                format!("{marker} ")
            });
            let left = i32::try_from(indent.saturating_mul(360)).unwrap_or_default();
            let tone = if *quote { Tone::Quiet } else { Tone::Plain };
            let paragraph = written(Paragraph::new().add_run(before), runs, tone)
                .line_spacing(LineSpacing::new().after(60).line(300))
                .indent(Some(left), None, None, None);
            docx.add_paragraph(paragraph)
        }
        Piece::Title { runs } => docx.add_paragraph(
            written(Paragraph::new(), runs, Tone::Plain)
                .style("Heading3")
                .keep_next(true),
        ),
        Piece::Code { text } => text.split('\n').fold(docx, |docx, words| {
            let paragraph = line(words, Tone::Quiet).indent(Some(360), None, None, None);
            docx.add_paragraph(paragraph)
        }),
        Piece::Grid { rows } => {
            let count = rows.first().map_or(1, Vec::len).max(1);
            let rows = rows.iter().enumerate().map(|(place, row)| {
                let cells = row.iter().map(|runs| {
                    let cell = TableCell::new().width(WIDTH / count, WidthType::Dxa);
                    let paragraph = written(Paragraph::new(), runs, Tone::Plain);
                    if place == 0 {
                        cell.shading(Shading::new().fill("EEF2FC"))
                            .add_paragraph(paragraph)
                    } else {
                        cell.add_paragraph(paragraph)
                    }
                });
                TableRow::new(cells.collect())
            });
            docx.add_table(ruled(rows.collect()))
                .add_paragraph(Paragraph::new())
        }
    }
}

/// Adds runs with their look; line breaks stay.
fn written(mut paragraph: Paragraph, runs: &[Words], tone: Tone) -> Paragraph {
    for words in runs {
        for (place, part) in words.text.split('\n').enumerate() {
            let mut run = run(part, tone);
            if words.bold {
                run = run.bold();
            }
            if words.italic {
                run = run.italic();
            }
            if place > 0 {
                paragraph = paragraph.add_run(Run::new().add_break(BreakType::TextWrapping));
            }
            paragraph = paragraph.add_run(run);
        }
    }
    paragraph
}
