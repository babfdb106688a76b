//! The course of an incident on an axis of time: a row for each milestone, and how much was written down when.

use super::super::document::Chart;
use super::super::model::{Point, PostMortem};
use super::super::phrases::Phrases;
use super::super::{compose, rules};
use super::canvas::{Area, BODY, Canvas, Ink, SMALL, Style, WIDTH, fit, share, width};
use super::ticks::ticks;
use super::{chart, many, numbers};
use crate::kernel::Instant;

const TOP: i64 = 40;
const ROW: i64 = 66;
const LEFT: i64 = 400;
const RIGHT: i64 = WIDTH - 30;
/// How many strokes the strip of entries has room for.
const STROKES: i64 = 210;

struct Row {
    label: String,
    at: Instant,
}

/// The milestones in the order of time; `None` with fewer than two, which have no course.
pub fn course(report: &PostMortem, phrases: &Phrases) -> Option<Chart> {
    let mut rows: Vec<Row> = Point::ALL
        .into_iter()
        .filter_map(|point| {
            let at = rules::instant_of(&report.milestones, point)?;
            let label = phrases.word(&format!("fact-{}", compose::point_key(point)));
            Some(Row { label, at })
        })
        .collect();
    if rows.len() < 2 {
        return None;
    }
    rows.sort_by_key(|row| row.at);
    let first = rows.first()?.at;
    let last = rows.last()?.at;
    let entries: Vec<_> = report
        .timeline
        .iter()
        .map(|entry| entry.occurred_at)
        .collect();
    // The axis holds every entry, also of what was done after the last milestone.
    let from = entries
        .iter()
        .copied()
        .min()
        .map_or(first, |at| at.min(first));
    let until = entries
        .iter()
        .copied()
        .max()
        .map_or(last, |at| at.max(last));
    let description = phrases.word_with(
        "chart-course-note",
        &[
            ("first", &phrases.instant(first)),
            ("last", &phrases.instant(last)),
            ("span", &phrases.span(last.since(first))),
            ("entries", &phrases.count(many(entries.len()))),
        ],
    );
    let after = |at: Instant| {
        if at == first {
            "—".to_owned()
        } else {
            format!("+{}", phrases.span(at.since(first)))
        }
    };
    let table = rows
        .iter()
        .map(|row| vec![row.label.clone(), phrases.instant(row.at), after(row.at)])
        .collect();
    let numbers = numbers(
        phrases,
        &[
            ("point", 40, false),
            ("at", 35, false),
            ("after", 25, false),
        ],
        table,
    );
    let drawn = draw(&rows, &entries, (from, until), first, phrases);
    Some(chart(phrases, "course", description, drawn, numbers))
}

fn draw(
    rows: &[Row],
    entries: &[Instant],
    (from, until): (Instant, Instant),
    first: Instant,
    phrases: &Phrases,
) -> (Canvas, i64) {
    let mut canvas = Canvas::default();
    let span = until.as_micros().saturating_sub(from.as_micros());
    let along = |at: Instant, length| {
        let passed = at.as_micros().saturating_sub(from.as_micros());
        share(passed, span, length)
    };
    let place = |at: Instant| LEFT + along(at, RIGHT - LEFT);
    let strip = if entries.is_empty() { 0 } else { ROW };
    let bottom = TOP + ROW * i64::try_from(rows.len()).unwrap_or(0) + strip;
    for tick in ticks(from, until, phrases) {
        let x = place(tick.at);
        canvas.line((x, TOP - 6), (x, bottom), Ink::Line, 2);
        // Words at an edge stay on the paper.
        let half = width(&tick.label, SMALL) / 2;
        let middle = x.clamp(LEFT + half - 20, WIDTH - half);
        canvas.words((middle, TOP - 14), Style::SMALL.middle(), &tick.label);
    }
    let mut top = TOP;
    for row in rows {
        let x = place(row.at);
        let base = top + ROW / 2;
        canvas.words(
            (0, top + 28),
            Style::BOLD,
            &fit(&row.label, BODY, LEFT - 24),
        );
        let when = fit(&phrases.instant(row.at), SMALL, LEFT - 24);
        canvas.words((0, top + 54), Style::SMALL, &when);
        canvas.line((place(first), base), (x, base), Ink::Key, 4);
        canvas.dot((x, base), 11, Ink::Key);
        if row.at > first {
            let words = format!("+{}", phrases.span(row.at.since(first)));
            // Behind the dot, or above its line where the paper ends.
            if x + 24 + width(&words, SMALL) <= WIDTH {
                canvas.words((x + 22, base + 7), Style::SMALL, &words);
            } else {
                canvas.words((x - 18, base - 10), Style::SMALL.end(), &words);
            }
        }
        top += ROW;
        canvas.line((0, top), (WIDTH, top), Ink::Line, 1);
    }
    if strip > 0 {
        strokes(&mut canvas, entries, top, phrases, |at, length| {
            along(at, length)
        });
    }
    (canvas, bottom + 4)
}

/// A stroke for each moment at which something happened; the higher, the more of it.
fn strokes(
    canvas: &mut Canvas,
    entries: &[Instant],
    top: i64,
    phrases: &Phrases,
    along: impl Fn(Instant, i64) -> i64,
) {
    let mut counts = std::collections::BTreeMap::<i64, i64>::new();
    for at in entries {
        let stroke = along(*at, STROKES);
        *counts.entry(stroke).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    canvas.words((0, top + 28), Style::BOLD, &phrases.word("chart-entries"));
    let count = phrases.count(many(entries.len()));
    let words = phrases.word_with("chart-entries-count", &[("count", &count)]);
    canvas.words((0, top + 54), Style::SMALL, &words);
    for (stroke, count) in counts {
        let height = share(count, most, ROW - 24).max(6);
        canvas.fill(
            Area {
                x: LEFT + share(stroke, STROKES, RIGHT - LEFT) - 2,
                y: top + ROW - 6 - height,
                width: 3,
                height,
            },
            Ink::Text,
        );
    }
}
