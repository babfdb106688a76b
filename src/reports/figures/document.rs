//! The numbers on A4 pages.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::super::charts;
use super::super::document::{
    Block, Cell, Column, Document, Fact, Figure, Mark, Section, Table, Tone,
};
use super::super::pdf;
use super::super::phrases::Phrases;
use super::{Figures, Share, UNKNOWN};
use crate::kernel::{Instant, Locale, Result, locale};

/// What the document says of itself.
#[derive(Clone, Debug)]
pub struct Words {
    /// The name of the organisation.
    pub organisation: String,
    /// From which month to which, in words.
    pub period: String,
    /// Which incidents were asked for: names with values.
    pub asked: Vec<(String, String)>,
    /// Whether practice incidents count.
    pub practice: bool,
    /// When it was made.
    pub at: Instant,
}

/// Sets the numbers in type.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn render(figures: &Figures, words: Words, phrases: &Phrases) -> Result<Vec<u8>> {
    pdf::render_figures(&document(figures, words, phrases)).map(|pdf| pdf.bytes)
}

/// The numbers in words and blocks.
pub fn document(figures: &Figures, words: Words, phrases: &Phrases) -> Document {
    let parts = [
        ("overview", overview(figures, phrases)),
        ("counts", counts(figures, phrases)),
        ("times", times(figures, phrases)),
    ];
    let sections = (1..)
        .zip(parts)
        .map(|(number, (id, blocks))| Section {
            number,
            id,
            heading: phrases.word(&format!("figures-{id}")),
            blocks,
        })
        .collect();
    Document {
        lang: phrases.locale().as_str(),
        genre: phrases.word("figures-genre"),
        title: words.period,
        number: String::new(),
        practice: words.practice.then(|| Mark {
            text: phrases.word("practice"),
            note: phrases.word("figures-practice-note"),
        }),
        classification: locale::text(phrases.locale(), "classification-internal"),
        organisation: words.organisation,
        made: phrases.instant(words.at),
        zone_note: phrases.word_with("zone-note", &[("zone", phrases.zone_name())]),
        contents: phrases.word("contents"),
        substitution_note: phrases.word("substitution-note"),
        facts: words
            .asked
            .into_iter()
            .map(|(label, value)| Fact {
                label,
                value: Cell::new(value),
            })
            .collect(),
        sections,
    }
}

fn overview(figures: &Figures, phrases: &Phrases) -> Vec<Block> {
    let bad = |count: u64| if count > 0 { Tone::Bad } else { Tone::Plain };
    let figure = |key: &str, count: u64, tone| Figure {
        label: phrases.word(&format!("figures-{key}")),
        value: phrases.count(count),
        note: None,
        tone,
    };
    let (deadlines, people) = (figures.deadlines, figures.people);
    let largest = people.largest.map_or_else(
        || phrases.word("figures-none-known"),
        |largest| phrases.count(largest),
    );
    vec![
        Block::Figures {
            items: vec![
                figure("incidents", figures.incidents, Tone::Plain),
                figure("met", deadlines.met, Tone::Plain),
                figure("missed", deadlines.missed, bad(deadlines.missed)),
                figure("due", deadlines.open, Tone::Plain),
            ],
        },
        Block::Figures {
            items: vec![
                figure("people", people.sum, Tone::Plain),
                Figure {
                    value: largest,
                    ..figure("largest", 0, Tone::Plain)
                },
                figure("issued", figures.notices.issued, Tone::Plain),
                figure("delivered", figures.notices.delivered, Tone::Plain),
            ],
        },
        Block::Figures {
            items: vec![
                figure("open-actions", figures.actions.open, Tone::Plain),
                figure(
                    "overdue-actions",
                    figures.actions.overdue,
                    bad(figures.actions.overdue),
                ),
            ],
        },
        Block::aside(phrases.word("figures-deadlines-note")),
        Block::aside(phrases.word_with(
            "figures-people-note",
            &[
                ("known", &phrases.count(people.known)),
                ("bounds", &phrases.count(people.at_most)),
            ],
        )),
    ]
}

fn counts(figures: &Figures, phrases: &Phrases) -> Vec<Block> {
    if figures.incidents == 0 {
        return vec![Block::aside(phrases.word("figures-nothing"))];
    }
    [
        ("kind", &figures.by_kind),
        ("pattern", &figures.by_pattern),
        ("month", &figures.by_month),
    ]
    .into_iter()
    .map(|(of, shares)| {
        let rows: Vec<_> = shares
            .iter()
            .map(|share| (label(of, share, phrases), share.incidents))
            .collect();
        Block::Chart(charts::counts(phrases, of, &rows))
    })
    .collect()
}

/// What a share is called: of a kind or a pattern its name, of a month that.
pub fn label(of: &str, share: &Share, phrases: &Phrases) -> String {
    if of != "month" {
        return locale::text(phrases.locale(), &format!("{of}-{}", share.key));
    }
    let first: Option<Date> = format!("{}-01", share.key).parse().ok();
    first.map_or_else(|| UNKNOWN.to_owned(), |first| phrases.month(first))
}

/// Minutes in words, or the word for nothing known.
pub fn span(minutes: Option<i64>, phrases: &Phrases) -> String {
    minutes.map_or_else(
        || phrases.word("figures-none-known"),
        |minutes| phrases.span(SignedDuration::from_mins(minutes)),
    )
}

fn times(figures: &Figures, phrases: &Phrases) -> Vec<Block> {
    let columns = [
        ("span", 46, false),
        ("median", 18, true),
        ("longest", 18, true),
        ("known", 18, true),
    ];
    let rows = figures.times.iter().map(|time| {
        let number = |text: String| Cell {
            numeric: true,
            ..Cell::new(text)
        };
        vec![
            Cell::new(phrases.word(&format!("figures-span-{}", time.span))),
            number(span(time.median_minutes, phrases)),
            number(span(time.longest_minutes, phrases)),
            number(phrases.count(time.known)),
        ]
    });
    vec![
        Block::aside(phrases.word("figures-times-note")),
        Block::Table(Table {
            rows: rows.collect(),
            columns: columns
                .map(|(key, width, numeric)| Column {
                    label: phrases.word(&format!("figures-{key}")),
                    width,
                    numeric,
                })
                .into(),
        }),
    ]
}

/// A writer of figures for one reader.
pub fn phrases(locale: Locale, zone: &jiff::tz::TimeZone) -> Phrases {
    Phrases::new(locale, zone.iana_name().unwrap_or("UTC"))
}
