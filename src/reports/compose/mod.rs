//! Turns the model into a [`Document`] for one reader.
//!
//! The post-mortem and the reader's phrases come in, sections of blocks go out.
//! It refuses to know Markdown, HTML and typst.

mod course;
mod law;
mod lessons;
mod overview;
mod people;

pub use overview::{headcount, point_key};

use super::document::{Block, Cell, Column, Document, Fact, Mark, Section, Table, Tone};
use super::model::{Cover, PostMortem};
use super::phrases::Phrases;

/// The whole report in the reader's language.
pub fn document(report: &PostMortem, phrases: &Phrases) -> Document {
    let chapters = [
        ("summary", overview::summary(report, phrases)),
        ("figures", overview::figures(report, phrases)),
        ("timeline", course::timeline(report, phrases)),
        ("decisions", course::decisions(report, phrases)),
        ("obligations", law::obligations(report, phrases)),
        ("people", people::people(report, phrases)),
        ("notices", people::notices(report, phrases)),
        ("review", lessons::review(report, phrases)),
        ("actions", lessons::actions(report, phrases)),
        ("measures", lessons::measures(report, phrases)),
        ("verification", lessons::verification(report, phrases)),
    ];
    let sections = (1..)
        .zip(chapters)
        .map(|(number, (id, blocks))| Section {
            number,
            id,
            heading: phrases.word(&format!("section-{id}")),
            blocks,
        })
        .collect();
    Document {
        sections,
        ..head(report, phrases)
    }
}

/// What stands around the sections of any document about an incident.
pub fn head(report: &PostMortem, phrases: &Phrases) -> Document {
    let cover = &report.cover;
    Document {
        lang: phrases.locale().as_str(),
        genre: phrases.word("genre"),
        title: cover.title.clone(),
        number: cover.number.clone(),
        practice: cover.practice.then(|| Mark {
            text: phrases.word("practice"),
            note: phrases.word("practice-note"),
        }),
        classification: cover.classification.get(phrases.locale()).to_owned(),
        organisation: cover.organisation.get(phrases.locale()).to_owned(),
        made: phrases.instant(cover.created_at),
        zone_note: phrases.word_with("zone-note", &[("zone", phrases.zone_name())]),
        contents: phrases.word("contents"),
        substitution_note: phrases.word("substitution-note"),
        facts: cover_facts(cover, phrases),
        sections: Vec::new(),
    }
}

fn cover_facts(cover: &Cover, phrases: &Phrases) -> Vec<Fact> {
    let kind = match (&cover.kind, &cover.pattern) {
        (Some(kind), pattern) => Cell::new(kind.get(phrases.locale())).below(
            pattern
                .as_ref()
                .map(|pattern| pattern.get(phrases.locale()).to_owned()),
        ),
        (None, _) => open(phrases),
    };
    let severity = match &cover.severity {
        Some(severity) => Cell::new(severity.get(phrases.locale())),
        None => open(phrases),
    };
    let commander = match &cover.commander {
        Some(name) => Cell::new(name),
        None => Cell::new(phrases.word("nobody")).tone(Tone::Warn),
    };
    vec![
        fact(phrases, "number", Cell::new(&cover.number)),
        fact(
            phrases,
            "organisation",
            Cell::new(cover.organisation.get(phrases.locale())),
        ),
        fact(phrases, "kind", kind),
        fact(phrases, "severity", severity),
        fact(
            phrases,
            "state",
            Cell::new(cover.state.get(phrases.locale())),
        ),
        fact(phrases, "commander", commander),
        fact(
            phrases,
            "made",
            Cell::new(phrases.instant(cover.created_at)).below(Some(
                phrases.word_with("zone-note", &[("zone", phrases.zone_name())]),
            )),
        ),
        fact(phrases, "made-by", Cell::new(&cover.created_by)),
    ]
}

/// A row of a fact list whose label is `report-fact-<key>`.
fn fact(phrases: &Phrases, key: &str, value: Cell) -> Fact {
    Fact {
        label: phrases.word(&format!("fact-{key}")),
        value,
    }
}

/// A table whose headers are `report-column-<key>`, or the words for an empty one.
///
/// The widths are shares; they leave as percentages.
fn table(
    phrases: &Phrases,
    columns: &[(&str, u16)],
    mut rows: Vec<Vec<Cell>>,
    empty: &str,
) -> Block {
    if rows.is_empty() {
        return Block::aside(phrases.word(empty));
    }
    let whole = columns.iter().map(|(_, share)| share).sum::<u16>().max(1);
    let columns: Vec<_> = columns
        .iter()
        .map(|(key, share)| Column {
            label: phrases.word(&format!("column-{key}")),
            width: share * 100 / whole,
            numeric: matches!(*key, "people" | "row"),
        })
        .collect();
    for row in &mut rows {
        for (cell, column) in row.iter_mut().zip(&columns) {
            cell.numeric = column.numeric;
        }
    }
    Block::Table(Table { columns, rows })
}

/// A block after the note that introduces it, if there is something to introduce.
fn with_note(note: Option<String>, block: Block) -> Vec<Block> {
    note.map(Block::aside).into_iter().chain([block]).collect()
}

fn heading(phrases: &Phrases, key: &str) -> Block {
    Block::Heading {
        text: phrases.word(key),
    }
}

/// The words for what nobody knows yet.
fn open(phrases: &Phrases) -> Cell {
    Cell::new(phrases.word("open")).tone(Tone::Warn)
}
