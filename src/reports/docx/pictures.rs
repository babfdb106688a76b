//! Charts in a DOCX file: PNG, since not every program that opens it shows SVG.

use docx_rs::{Docx, Paragraph, Pic, Run};

use super::super::charts::{self, picture};
use super::super::document::{Block, Chart, Document, Tone};
use super::{bold, line};
use crate::kernel::{Problem, Result};

/// The width between the margins, in English metric units.
const WIDTH: u32 = 6_120_000;
/// What the library writes of every picture alike.
const PROPERTIES: &str = "<wp:docPr id=\"1\" name=\"Figure\" />";

/// A chart with its title and its note.
pub fn add(docx: Docx, chart: &Chart) -> Result<Docx> {
    let picture = picture::draw(&chart.svg)?;
    let height = u64::from(WIDTH) * u64::from(picture.height) / u64::from(picture.width.max(1));
    let height = u32::try_from(height).map_err(Problem::internal)?;
    let shown =
        Pic::new_with_dimensions(picture.png, picture.width, picture.height).size(WIDTH, height);
    Ok(docx
        .add_paragraph(bold(&chart.title).keep_next(true))
        .add_paragraph(line(&chart.description, Tone::Quiet).keep_next(true))
        .add_paragraph(Paragraph::new().add_run(Run::new().add_image(shown)))
        .add_paragraph(Paragraph::new()))
}

/// The body with a number of its own for each picture, and the words for whoever cannot see it.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] when the library wrote the pictures in another way.
pub fn described(body: Vec<u8>, document: &Document) -> Result<Vec<u8>> {
    let body = String::from_utf8(body).map_err(Problem::internal)?;
    let mut parts = body.split(PROPERTIES);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    let charts = document.sections.iter().flat_map(|section| &section.blocks);
    let mut charts = charts.filter_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    });
    for (number, part) in (1..).zip(parts.by_ref()) {
        let chart = charts.next().ok_or_else(unexpected)?;
        let words = format!("{}: {}", chart.title, chart.description);
        whole.push_str(&format!(
            "<wp:docPr id=\"{number}\" name=\"Figure {number}\" descr=\"{}\" />",
            charts::escape(&words)
        ));
        whole.push_str(part);
    }
    match charts.next() {
        None => Ok(whole.into_bytes()),
        Some(_) => Err(unexpected()),
    }
}

fn unexpected() -> Problem {
    Problem::internal("the pictures of a DOCX are not as expected")
}
