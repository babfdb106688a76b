//! Delivery of the notices over time: a column for each stretch, with what was taken and what came to nothing.

use jiff::SignedDuration;

use super::super::document::Chart;
use super::super::model::{DeliveryStep, PostMortem};
use super::super::phrases::Phrases;
use super::canvas::{Area, Canvas, Ink, SMALL, Style, WIDTH, share, width};
use super::ticks::ticks;
use super::{chart, length, numbers};
use crate::kernel::Instant;

const LEFT: i64 = 130;
const RIGHT: i64 = WIDTH - 20;
const TOP: i64 = 64;
const HEIGHT: i64 = 300;
const BOTTOM: i64 = TOP + HEIGHT;

/// What became of the messages when; `None` before anything has.
pub fn delivery(report: &PostMortem, phrases: &Phrases) -> Option<Chart> {
    let course = &report.people.delivery_course;
    let (first, last) = (course.steps.first()?.from, course.steps.last()?.from);
    let stretch = SignedDuration::from_mins(i64::try_from(course.minutes.max(1)).ok()?);
    let rows = course
        .steps
        .iter()
        .map(|step| {
            vec![
                phrases.instant(step.from),
                phrases.count(step.sent),
                phrases.count(step.failed),
            ]
        })
        .collect();
    let columns = [
        ("from", 50, false),
        ("sent", 25, true),
        ("failed", 25, true),
    ];
    let table = numbers(phrases, &columns, rows);
    let sum = |of: fn(&DeliveryStep) -> u64| {
        let all = course.steps.iter().map(of).sum();
        phrases.counted("messages", all)
    };
    let description = phrases.word_with(
        "chart-delivery-note",
        &[
            ("span", &phrases.span(stretch)),
            ("sent", &sum(|step| step.sent)),
            ("failed", &sum(|step| step.failed)),
        ],
    );
    let until = last.plus(stretch);
    let columns = until.since(first).as_secs() / stretch.as_secs().max(1);
    let wide = ((RIGHT - LEFT) / columns.max(1)).clamp(2, 120);
    let mut canvas = Canvas::default();
    let span = until.since(first).as_secs();
    let place = |at: Instant| {
        // A few columns stand together on the left, and do not grow into walls.
        LEFT + share(at.since(first).as_secs(), span, columns * wide)
    };
    let top = ceiling(
        course
            .steps
            .iter()
            .map(|step| step.sent + step.failed)
            .max()?,
    );
    axis(&mut canvas, top, phrases);
    for tick in ticks(first, until, phrases) {
        let x = place(tick.at);
        canvas.line((x, BOTTOM), (x, BOTTOM + 8), Ink::Quiet, 2);
        let half = width(&tick.label, SMALL) / 2;
        let middle = x.clamp(half, WIDTH - half);
        canvas.words((middle, BOTTOM + 34), Style::SMALL.middle(), &tick.label);
    }
    for step in &course.steps {
        column(&mut canvas, step, place(step.from), wide, top);
    }
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), Ink::Quiet, 2);
    legend(&mut canvas, phrases);
    Some(chart(
        phrases,
        "delivery",
        description,
        (canvas, BOTTOM + 46),
        table,
    ))
}

/// Lines for nothing, half and the top, with their numbers.
fn axis(canvas: &mut Canvas, top: u64, phrases: &Phrases) {
    let half = top.is_multiple_of(2).then_some(top / 2);
    for count in [Some(0), half, Some(top)].into_iter().flatten() {
        let y = BOTTOM - share(length(count), length(top), HEIGHT);
        canvas.line((LEFT, y), (RIGHT, y), Ink::Line, 2);
        let words = phrases.count(count);
        canvas.words((LEFT - 12, y + 7), Style::SMALL.end(), &words);
    }
}

/// What was taken stands filled below; what failed stands open above it.
fn column(canvas: &mut Canvas, step: &DeliveryStep, x: i64, wide: i64, top: u64) {
    let high = |count: u64| match count {
        0 => 0,
        count => share(length(count), length(top), HEIGHT).max(4),
    };
    let width = if wide > 6 { wide - 2 } else { wide };
    let (sent, failed) = (high(step.sent), high(step.failed));
    let area = |y, height| Area {
        x: x + 1,
        y,
        width,
        height,
    };
    if sent > 0 {
        canvas.fill(area(BOTTOM - sent, sent), Ink::Key);
    }
    if failed > 0 {
        canvas.frame(area(BOTTOM - sent - failed, failed), Ink::Bad, false);
    }
}

fn legend(canvas: &mut Canvas, phrases: &Phrases) {
    let sent = phrases.word("chart-column-sent");
    let square = |x| Area {
        x,
        y: 8,
        width: 24,
        height: 24,
    };
    canvas.fill(square(LEFT), Ink::Key);
    canvas.words((LEFT + 34, 28), Style::BODY, &sent);
    let next = LEFT + 34 + width(&sent, Style::BODY.size) + 48;
    canvas.frame(square(next), Ink::Bad, false);
    let failed = phrases.word("chart-column-failed");
    canvas.words((next + 34, 28), Style::BODY, &failed);
}

/// The next of 1, 2, 5, 10, 20, 50 … that is not below a count.
fn ceiling(count: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 5] {
            let top = power.saturating_mul(step);
            if top >= count {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        let tops = [0, 1, 3, 12, 50, 51, 12_480].map(ceiling);
        assert_eq!(tops, [1, 1, 5, 20, 50, 100, 20_000]);
        assert_eq!(ceiling(u64::MAX), u64::MAX);
    }
}
