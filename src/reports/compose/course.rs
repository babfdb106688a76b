//! What happened and what was decided.

use super::super::document::{Block, Cell, Tone};
use super::super::model::{Entry, PostMortem};
use super::super::phrases::Phrases;
use super::super::redaction::Level;
use super::{table, with_note};

pub fn timeline(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let rows = report
        .timeline
        .iter()
        .map(|entry| {
            let text = match &entry.text {
                Some(text) => Cell::new(text.get(phrases.locale())),
                None => Cell::new(phrases.word("erased")).tone(Tone::Quiet),
            };
            // A reader of the public is told the kind alone, and once.
            let kind = entry.kind.get(phrases.locale());
            let kind = (text.text != kind).then(|| kind.to_owned());
            vec![
                Cell::new(phrases.count(entry.seq)).tone(Tone::Quiet),
                Cell::new(phrases.instant(entry.occurred_at)).below(recorded(entry, phrases)),
                text.below(kind),
                Cell::new(&entry.actor),
                Cell::new(entry.hash.to_string().chars().take(8).collect::<String>())
                    .tone(Tone::Quiet),
            ]
        })
        .collect();
    let columns = [
        ("seq", 3),
        ("occurred", 9),
        ("event", 18),
        ("actor", 5),
        ("hash", 5),
    ];
    with_note(
        (!report.timeline.is_empty()).then(|| phrases.word("timeline-note")),
        table(phrases, &columns, rows, "empty-timeline"),
    )
}

pub fn decisions(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    if report.cover.level == Level::Public {
        return vec![Block::aside(phrases.word("withheld"))];
    }
    let rows = report
        .decisions
        .iter()
        .map(|decision| {
            let reason = match &decision.reason {
                Some(reason) => Cell::new(reason),
                None => Cell::new(phrases.word("no-reason")).tone(Tone::Quiet),
            };
            vec![
                Cell::new(phrases.instant(decision.at)),
                Cell::new(decision.text.get(phrases.locale())),
                reason,
                Cell::new(&decision.by),
            ]
        })
        .collect();
    let columns = [("when", 9), ("decision", 13), ("reason", 11), ("by", 5)];
    vec![table(phrases, &columns, rows, "empty-decisions")]
}

/// When an entry was written down, where that differs from when it happened.
fn recorded(entry: &Entry, phrases: &Phrases) -> Option<String> {
    // Minutes are what the reader sees; within one, nothing differs.
    let gap = entry.recorded_at.since(entry.occurred_at).unsigned_abs();
    if gap.as_secs() < 60 {
        return None;
    }
    let at = if phrases.same_day(entry.occurred_at, entry.recorded_at) {
        phrases.clock(entry.recorded_at)
    } else {
        phrases.instant(entry.recorded_at)
    };
    Some(phrases.word_with("recorded-at", &[("at", &at)]))
}
