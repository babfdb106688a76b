//! What the team learned, what it will do, and how a reader can check this report.

use super::super::document::{Block, Cell, Tone};
use super::super::model::{PostMortem, Posture};
use super::super::phrases::Phrases;
use super::super::redaction::Level;
use super::{fact, heading, table, with_note};

pub fn review(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    if report.cover.level != Level::Internal {
        return vec![Block::aside(phrases.word("withheld"))];
    }
    let review = &report.review;
    [
        ("heading-well", &review.well),
        ("heading-badly", &review.badly),
        ("heading-luck", &review.luck),
    ]
    .into_iter()
    .flat_map(|(key, items)| {
        let content = if items.is_empty() {
            Block::aside(phrases.word("empty-review"))
        } else {
            Block::List {
                items: items.clone(),
            }
        };
        [heading(phrases, key), content]
    })
    .collect()
}

pub fn actions(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let today = report.cover.created_at.in_zone(phrases.zone()).date();
    let missing = |key| Cell::new(phrases.word(key)).tone(Tone::Warn);
    let rows = report
        .actions
        .iter()
        .map(|action| {
            let state = match (action.done_at, action.due) {
                (Some(at), _) => Cell::new(phrases.word("action-done"))
                    .below(Some(phrases.instant(at)))
                    .tone(Tone::Good),
                (None, Some(due)) if due < today => {
                    Cell::new(phrases.word("action-overdue")).tone(Tone::Bad)
                }
                (None, _) => Cell::new(phrases.word("action-open")).tone(Tone::Warn),
            };
            vec![
                Cell::new(&action.text),
                match &action.owner {
                    Some(owner) => Cell::new(owner),
                    None => missing("nobody"),
                },
                match action.due {
                    Some(due) => Cell::new(phrases.date(due)),
                    None => missing("no-date"),
                },
                state,
            ]
        })
        .collect();
    let columns = [("action", 16), ("owner", 6), ("until", 8), ("progress", 8)];
    vec![table(phrases, &columns, rows, "empty-actions")]
}

pub fn measures(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let rows = report
        .measures
        .iter()
        .map(|measure| {
            let (key, tone) = match measure.posture {
                Posture::NotReviewed => ("posture-not-reviewed", Tone::Warn),
                Posture::InPlace => ("posture-in-place", Tone::Good),
                Posture::Partial => ("posture-partial", Tone::Warn),
                Posture::Missing => ("posture-missing", Tone::Bad),
            };
            vec![
                Cell::new(measure.name.get(phrases.locale())),
                Cell::new(phrases.word(key)).tone(tone),
                match &measure.note {
                    Some(note) => Cell::new(note),
                    None => Cell::new("—").tone(Tone::Quiet),
                },
            ]
        })
        .collect();
    let columns = [("measure", 12), ("posture", 6), ("finding", 14)];
    with_note(
        (!report.measures.is_empty()).then(|| phrases.word("measures-note")),
        table(phrases, &columns, rows, "empty-measures"),
    )
}

pub fn verification(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let proof = &report.verification;
    let intact = match proof.intact {
        Some(true) => Cell::new(phrases.word("chain-intact")).tone(Tone::Good),
        Some(false) => Cell::new(phrases.word("chain-broken")).tone(Tone::Bad),
        None => Cell::new(phrases.word("chain-unchecked")).tone(Tone::Warn),
    };
    let absent = || Cell::new(phrases.word("not-recorded")).tone(Tone::Quiet);
    let mut rows = vec![
        fact(
            phrases,
            "entries",
            Cell::new(phrases.counted("entries", proof.entries)),
        ),
        fact(
            phrases,
            "head",
            proof
                .head
                .map_or_else(absent, |head| Cell::new(head.to_string())),
        ),
        fact(phrases, "intact", intact),
    ];
    if let Some(checkpoint) = &proof.checkpoint {
        rows.push(fact(phrases, "checkpoint", Cell::new(checkpoint)));
    }
    vec![
        Block::paragraph(phrases.word("verification-what")),
        Block::Facts { rows },
        Block::paragraph(phrases.word("verification-how")),
    ]
}
