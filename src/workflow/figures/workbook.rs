//! The figures as a workbook: the numbers, and the incidents behind them.

use std::io;

use jiff::tz::TimeZone;

use super::named;
use crate::kernel::Instant;
use crate::reports::figures::{Figures, Line, Moments, Words, label};
use crate::reports::phrases::Phrases;
use crate::sheets::XlsxWriter;

/// The columns of the first sheet under `report-figures-<key>`, with their widths in characters.
const NUMBERS: [(&str, u16); 5] = [
    ("column-group", 22),
    ("column-figure", 44),
    ("column-number", 14),
    ("column-median", 16),
    ("column-longest", 16),
];
/// The columns of the second sheet in front of the moments.
const CASE: [(&str, u16); 8] = [
    ("column-incident", 16),
    ("column-title", 48),
    ("filter-kind", 18),
    ("filter-pattern", 34),
    ("filter-severity", 14),
    ("filter-state", 12),
    ("filter-practice", 10),
    ("column-declared", 20),
];
/// Those behind them.
const COUNTS: [(&str, u16); 10] = [
    ("column-people", 14),
    ("column-at-most", 14),
    ("met", 12),
    ("missed", 12),
    ("due", 12),
    ("issued", 12),
    ("delivered", 14),
    ("open-actions", 12),
    ("overdue-actions", 12),
    ("column-address", 44),
];

/// Writes the workbook; every cell is text, times stand in the zone of the phrases.
pub(super) fn write(figures: &Figures, words: &Words, phrases: &Phrases) -> io::Result<Vec<u8>> {
    let word = |key: &str| phrases.word(&format!("figures-{key}"));
    let header: Vec<_> = NUMBERS.iter().map(|(key, _)| word(key)).collect();
    let widths = NUMBERS.map(|(_, width)| width);
    let mut book = XlsxWriter::new(
        Vec::new(),
        &word("sheet-numbers"),
        &borrowed(&header),
        &widths,
    )?;
    for row in numbers(figures, words, phrases) {
        book.row(&borrowed(&row))?;
    }
    let moments = Moments::POINTS.map(|point| (moment_key(point), 20));
    let columns = CASE.iter().chain(&moments).chain(&COUNTS);
    let columns: Vec<_> = columns.copied().collect();
    let header: Vec<_> = columns.iter().map(|(key, _)| word(key)).collect();
    let widths: Vec<_> = columns.iter().map(|(_, width)| *width).collect();
    book.next_table(&word("sheet-incidents"), &borrowed(&header), &widths)?;
    for line in &figures.lines {
        book.row(&borrowed(&incident(line, phrases)))?;
    }
    book.finish()
}

fn numbers(figures: &Figures, words: &Words, phrases: &Phrases) -> Vec<Vec<String>> {
    let word = |key: &str| phrases.word(&format!("figures-{key}"));
    let plain =
        |group: &str, figure: String, number: u64| vec![word(group), figure, number.to_string()];
    let asked = [(word("filter-period"), words.period.clone())];
    let mut rows: Vec<Vec<String>> = asked
        .iter()
        .chain(&words.asked)
        .map(|(label, value)| vec![word("filter"), label.clone(), value.clone()])
        .collect();
    rows.push(plain("overview", word("incidents"), figures.incidents));
    for (of, shares) in [
        ("kind", &figures.by_kind),
        ("pattern", &figures.by_pattern),
        ("month", &figures.by_month),
    ] {
        let group = format!("by-{of}");
        rows.extend(
            shares
                .iter()
                .map(|share| plain(&group, label(of, share, phrases), share.incidents)),
        );
    }
    rows.extend(figures.times.iter().map(|time| {
        let minutes = |minutes: Option<i64>| minutes.map_or_else(String::new, |it| it.to_string());
        let mut row = plain("times", word(&format!("span-{}", time.span)), time.known);
        row.push(minutes(time.median_minutes));
        row.push(minutes(time.longest_minutes));
        row
    }));
    let (deadlines, people) = (figures.deadlines, figures.people);
    for (group, key, number) in [
        ("deadlines", "met", deadlines.met),
        ("deadlines", "missed", deadlines.missed),
        ("deadlines", "due", deadlines.open),
        ("column-people", "people", people.sum),
        ("column-people", "people-known", people.known),
        ("column-people", "people-at-most", people.at_most),
        ("notices", "issued", figures.notices.issued),
        ("notices", "delivered", figures.notices.delivered),
        ("actions", "open-actions", figures.actions.open),
        ("actions", "overdue-actions", figures.actions.overdue),
    ] {
        rows.push(plain(group, word(key), number));
    }
    if let Some(largest) = people.largest {
        rows.push(plain("column-people", word("largest"), largest));
    }
    rows
}

fn incident(line: &Line, phrases: &Phrases) -> Vec<String> {
    let locale = phrases.locale();
    let yes = |yes: bool| {
        let key = if yes { "figures-yes" } else { "figures-no" };
        phrases.word(key)
    };
    let mut row = vec![
        line.number.clone(),
        line.title.clone(),
        named(locale, "kind", line.kind.map(|it| it.as_str())),
        named(locale, "pattern", line.pattern.map(|it| it.as_str())),
        named(locale, "severity", line.severity.map(|it| it.as_str())),
        named(locale, "state", Some(line.state.as_str())),
        yes(line.practice),
        instant(line.declared_at, phrases.zone()),
    ];
    row.extend(Moments::POINTS.map(|point| {
        let at = line.moments.at(point);
        at.map_or_else(String::new, |at| instant(at, phrases.zone()))
    }));
    row.push(line.people.map_or_else(String::new, |it| it.to_string()));
    row.push(if line.people.is_some() {
        yes(line.people_at_most)
    } else {
        String::new()
    });
    row.extend(
        [
            line.deadlines.met,
            line.deadlines.missed,
            line.deadlines.open,
            line.notices.issued,
            line.notices.delivered,
            line.actions.open,
            line.actions.overdue,
        ]
        .map(|number| number.to_string()),
    );
    row.push(format!("/incidents/{}", line.id));
    row
}

/// `2026-11-22 14:32`, which spreadsheets sort as text.
fn instant(at: Instant, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

fn moment_key(point: crate::reports::model::Point) -> &'static str {
    use crate::reports::model::Point;
    match point {
        Point::Occurred => "at-occurred",
        Point::Detected => "at-detected",
        Point::Known => "at-known",
        Point::Declared => "column-declared",
        Point::Contained => "at-contained",
        Point::Reported => "at-reported",
        Point::Notified => "at-notified",
        Point::Closed => "at-closed",
    }
}

fn borrowed(cells: &[String]) -> Vec<&str> {
    cells.iter().map(String::as_str).collect()
}
