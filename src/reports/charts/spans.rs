//! How long it took to detect, contain, report and notify, and how that stood against each deadline.

use jiff::SignedDuration;

use super::super::document::Chart;
use super::super::model::{Obligation, Point, PostMortem};
use super::super::phrases::Phrases;
use super::super::rules::{self, Standing};
use super::canvas::{Area, BODY, Canvas, Ink, SMALL, Style, WIDTH, fit, share};
use super::{chart, numbers};

/// How many duties have a bar; the table of duties names all.
const DUTIES: usize = 8;
const ROW: i64 = 66;
const LEFT: i64 = 400;
const LONGEST: i64 = 540;
const WORDS: i64 = LEFT + LONGEST + 24;

struct Row {
    label: String,
    /// Towards whom, or from where to where.
    sub: String,
    /// How long it took, or has taken so far.
    took: SignedDuration,
    /// How long it may take.
    limit: Option<SignedDuration>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    Late,
    Open,
    Overdue,
}

/// The spans that are known and the duties with a date; `None` if there is neither.
pub fn spans(report: &PostMortem, phrases: &Phrases) -> Option<Chart> {
    let mut rows = measured(report, phrases);
    rows.extend(owed(report, phrases));
    if rows.is_empty() {
        return None;
    }
    let table = rows
        .iter()
        .map(|row| {
            let limit = row.limit.map(|limit| phrases.span(limit));
            vec![
                format!("{} ({})", row.label, row.sub),
                phrases.span(row.took),
                limit.unwrap_or_else(|| "—".to_owned()),
                phrases.word(state_key(row.state)),
            ]
        })
        .collect();
    let columns = [
        ("what", 40, false),
        ("took", 20, false),
        ("limit", 20, false),
        ("state", 20, false),
    ];
    let numbers = numbers(phrases, &columns, table);
    let drawn = draw(&rows, phrases);
    let note = phrases.word("chart-spans-note");
    Some(chart(phrases, "spans", note, drawn, numbers))
}

/// The four spans by which a response is measured.
fn measured(report: &PostMortem, phrases: &Phrases) -> Vec<Row> {
    [
        ("to-detect", Point::Occurred, Point::Detected),
        ("to-contain", Point::Detected, Point::Contained),
        ("to-report", Point::Known, Point::Reported),
        ("to-notify", Point::Known, Point::Notified),
    ]
    .into_iter()
    .filter_map(|(key, from, to)| {
        let took = rules::span(&report.milestones, from, to)?;
        let [from, to] = [from, to].map(|point| {
            let key = super::super::compose::point_key(point);
            phrases.word(&format!("fact-{key}"))
        });
        Some(Row {
            label: phrases.word(&format!("figure-{key}")),
            sub: phrases.word_with("from-to", &[("from", &from), ("to", &to)]),
            took,
            limit: None,
            state: State::Done,
        })
    })
    .collect()
}

/// The duties with a date, the earliest first, measured from when the organisation knew.
fn owed(report: &PostMortem, phrases: &Phrases) -> Vec<Row> {
    let Some(known) = rules::instant_of(&report.milestones, Point::Known) else {
        return Vec::new();
    };
    let now = report.cover.created_at;
    let mut rows: Vec<_> = report
        .obligations
        .iter()
        .filter_map(|duty: &Obligation| {
            let limit = rules::limit(duty.due, phrases.zone())?.since(known);
            let state = match rules::standing(duty, now, phrases.zone()) {
                Standing::Met => State::Done,
                Standing::Late(_) => State::Late,
                Standing::Open(_) => State::Open,
                Standing::Overdue(_) => State::Overdue,
                Standing::NotRequired | Standing::Undecided => return None,
            };
            let took = duty.fulfilled_at.unwrap_or(now).since(known);
            (!took.is_negative() && !limit.is_negative()).then(|| Row {
                label: duty.duty.get(phrases.locale()).to_owned(),
                sub: duty.recipient.get(phrases.locale()).to_owned(),
                took,
                limit: Some(limit),
                state,
            })
        })
        .collect();
    rows.sort_by_key(|row| row.limit);
    rows.truncate(DUTIES);
    rows
}

fn draw(rows: &[Row], phrases: &Phrases) -> (Canvas, i64) {
    let mut canvas = Canvas::default();
    let seconds = |span: SignedDuration| span.as_secs();
    let longest = rows
        .iter()
        .flat_map(|row| [Some(row.took), row.limit])
        .flatten()
        .map(seconds)
        .max()
        .unwrap_or(1);
    let mut top = 0;
    for row in rows {
        canvas.words(
            (0, top + 28),
            Style::BOLD,
            &fit(&row.label, BODY, LEFT - 24),
        );
        canvas.words(
            (0, top + 54),
            Style::SMALL,
            &fit(&row.sub, SMALL, LEFT - 24),
        );
        let bar = Area {
            x: LEFT,
            y: top + 19,
            width: share(seconds(row.took), longest, LONGEST).max(3),
            height: 28,
        };
        match row.state {
            State::Done => canvas.fill(bar, Ink::Key),
            State::Late => canvas.fill(bar, Ink::Bad),
            State::Open => canvas.frame(bar, Ink::Key, true),
            State::Overdue => canvas.frame(bar, Ink::Bad, true),
        }
        if let Some(limit) = row.limit {
            let x = LEFT + share(seconds(limit), longest, LONGEST);
            // Paper on both sides lets the line stand out on a bar, too.
            canvas.line((x, top + 8), (x, top + 58), Ink::White, 8);
            canvas.line((x, top + 8), (x, top + 58), Ink::Text, 4);
        }
        let room = WIDTH - WORDS;
        let took = if row.limit.is_some() {
            let key = state_key(row.state).trim_end_matches("-word");
            phrases.word_with(key, &[("span", &phrases.span(row.took))])
        } else {
            phrases.span(row.took)
        };
        match row.limit {
            Some(limit) => {
                let limit = phrases.word_with("chart-limit", &[("span", &phrases.span(limit))]);
                canvas.words((WORDS, top + 28), Style::BODY, &fit(&took, BODY, room));
                canvas.words((WORDS, top + 54), Style::SMALL, &fit(&limit, SMALL, room));
            }
            None => canvas.words((WORDS, top + 41), Style::BODY, &fit(&took, BODY, room)),
        }
        top += ROW;
        canvas.line((0, top), (WIDTH, top), Ink::Line, 1);
    }
    canvas.line((LEFT, 0), (LEFT, top), Ink::Quiet, 2);
    (canvas, top + 2)
}

/// The word for a state; without `-word`, the words for a state with its span.
fn state_key(state: State) -> &'static str {
    match state {
        State::Done => "chart-done-word",
        State::Late => "chart-late-word",
        State::Open => "chart-open-word",
        State::Overdue => "chart-overdue-word",
    }
}
