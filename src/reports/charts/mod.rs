//! The numbers of a report as pictures.
//!
//! A post-mortem comes in; SVG with a title, a description and the same numbers as a
//! table goes out, or nothing where there is nothing to draw. Every meaning stands in
//! words or in a shape, so that a copy in black and white says the same. It refuses
//! numbers that the report does not hold.

mod bars;
mod canvas;
mod counts;
mod course;
mod delivery;
mod people;
pub mod picture;
mod spans;
mod ticks;

pub use counts::counts;
pub use course::course;
pub use delivery::delivery;
pub use people::{categories, residence};
pub use spans::spans;

use super::document::{Cell, Chart, Column, Table};
use super::phrases::Phrases;
pub use canvas::escape;

use canvas::Canvas;

/// A chart whose words are `report-chart-<key>`.
fn chart(
    phrases: &Phrases,
    key: &str,
    description: String,
    (canvas, height): (Canvas, i64),
    numbers: Table,
) -> Chart {
    let title = phrases.word(&format!("chart-{key}"));
    Chart {
        svg: canvas.finish(height, &title, &description),
        title,
        description,
        summary: phrases.word("chart-numbers"),
        numbers,
    }
}

/// The numbers behind a chart: headers `report-chart-column-<key>`, with their share of
/// the width in percent and whether they are numbers.
fn numbers(phrases: &Phrases, columns: &[(&str, u16, bool)], rows: Vec<Vec<String>>) -> Table {
    let cells = |row: Vec<String>| {
        row.into_iter()
            .zip(columns)
            .map(|(text, (_, _, numeric))| Cell {
                numeric: *numeric,
                ..Cell::new(text)
            })
            .collect()
    };
    Table {
        rows: rows.into_iter().map(cells).collect(),
        columns: columns
            .iter()
            .map(|(key, width, numeric)| Column {
                label: phrases.word(&format!("chart-column-{key}")),
                width: *width,
                numeric: *numeric,
            })
            .collect(),
    }
}

/// A count as a length; more than anybody counts is as much as can be drawn.
fn length(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The number of things in a list.
fn many(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
