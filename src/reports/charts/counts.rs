//! How many incidents share something.

use super::super::document::Chart;
use super::super::phrases::Phrases;
use super::bars::{self, Bar};
use super::{chart, numbers};

/// Bars for names with their numbers of incidents; titled `report-chart-figures-<of>`.
pub fn counts(phrases: &Phrases, of: &str, rows: &[(String, u64)]) -> Chart {
    let bars: Vec<_> = rows
        .iter()
        .map(|(label, count)| Bar {
            label: label.clone(),
            count: *count,
            words: phrases.count(*count),
        })
        .collect();
    let table = rows
        .iter()
        .map(|(label, count)| vec![label.clone(), phrases.count(*count)])
        .collect();
    chart(
        phrases,
        &format!("figures-{of}"),
        phrases.word(&format!("chart-figures-{of}-note")),
        bars::draw(&bars),
        numbers(
            phrases,
            &[("what", 70, false), ("incidents", 30, true)],
            table,
        ),
    )
}
