//! What the law asked, and how each duty was answered.

use super::super::document::{Block, Cell, Fact, Tone};
use super::super::model::{Due, Obligation, PostMortem, Verdict};
use super::super::phrases::Phrases;
use super::super::rules::{self, Standing};
use super::{fact, heading, table};

pub fn obligations(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let answered: Vec<_> = report
        .obligations
        .iter()
        .map(|duty| {
            let standing = rules::standing(duty, report.cover.created_at, phrases.zone());
            (duty, standing_cell(duty, &standing, phrases))
        })
        .collect();
    let rows = answered
        .iter()
        .map(|(duty, standing)| {
            vec![
                Cell::new(duty.duty.get(phrases.locale()))
                    .below(Some(duty.recipient.get(phrases.locale()).to_owned())),
                Cell::new(duty.citation.get(phrases.locale())),
                due(duty, phrases),
                standing.clone(),
            ]
        })
        .collect();
    let columns = [("duty", 12), ("citation", 9), ("due", 9), ("standing", 10)];
    let mut blocks = vec![table(phrases, &columns, rows, "empty-obligations")];
    if !answered.is_empty() {
        blocks.push(heading(phrases, "heading-reasons"));
        blocks.push(Block::Facts {
            rows: answered
                .iter()
                .map(|(duty, _)| Fact {
                    label: duty.duty.get(phrases.locale()).to_owned(),
                    value: reasons(duty, phrases),
                })
                .collect(),
        });
    }
    let overruled: Vec<_> = report
        .obligations
        .iter()
        .filter_map(|duty| overruling(duty, phrases))
        .collect();
    if !overruled.is_empty() {
        blocks.push(heading(phrases, "heading-overruled"));
        blocks.extend(overruled);
    }
    if report.obligations.iter().any(|duty| !duty.verified) {
        blocks.push(Block::aside(phrases.word("unverified-note")));
    }
    blocks
}

fn standing_cell(duty: &Obligation, standing: &Standing, phrases: &Phrases) -> Cell {
    let with_span = |key, span| phrases.word_with(key, &[("span", &phrases.span(span))]);
    let cell = match standing {
        // Only a duty with a limit can be met "in time".
        Standing::Met if matches!(duty.due, Due::Promptly | Due::Nothing) => {
            Cell::new(phrases.word("standing-done")).tone(Tone::Good)
        }
        Standing::Met => Cell::new(phrases.word("standing-met")).tone(Tone::Good),
        Standing::Late(span) => Cell::new(with_span("standing-late", *span)).tone(Tone::Bad),
        Standing::Open(Some(span)) => {
            Cell::new(with_span("standing-open-left", *span)).tone(Tone::Warn)
        }
        Standing::Open(None) => Cell::new(phrases.word("standing-open")).tone(Tone::Warn),
        Standing::Overdue(span) => Cell::new(with_span("standing-overdue", *span)).tone(Tone::Bad),
        Standing::NotRequired => Cell::new(phrases.word("standing-not-required")).tone(Tone::Quiet),
        Standing::Undecided => Cell::new(phrases.word("standing-undecided")).tone(Tone::Warn),
    };
    let mut lines = Vec::new();
    lines.extend(duty.fulfilled_at.map(|at| phrases.instant(at)));
    lines.extend(duty.proof.clone());
    cell.below((!lines.is_empty()).then(|| lines.join("\n")))
}

fn due(duty: &Obligation, phrases: &Phrases) -> Cell {
    let cell = match duty.due {
        Due::At(at) => Cell::new(phrases.instant(at)),
        Due::On(day) => Cell::new(phrases.date(day)),
        Due::StartMissing => Cell::new(phrases.word("start-missing")).tone(Tone::Warn),
        Due::Promptly => Cell::new(phrases.word("promptly")),
        Due::Nothing => Cell::new("—").tone(Tone::Quiet),
    };
    cell.below(duty.provisional.then(|| phrases.word("provisional")))
}

fn reasons(duty: &Obligation, phrases: &Phrases) -> Cell {
    let mut lines: Vec<String> = duty
        .reasons
        .iter()
        .map(|reason| reason.get(phrases.locale()).to_owned())
        .collect();
    if let Verdict::Undecided(question) = &duty.verdict {
        let question = question.get(phrases.locale());
        lines.push(phrases.word_with("depends-on", &[("question", question)]));
    }
    if lines.is_empty() {
        lines.push(phrases.word("no-reason"));
    }
    let unverified = (!duty.verified).then(|| phrases.word("unverified"));
    Cell::new(lines.join("\n")).below(unverified)
}

fn overruling(duty: &Obligation, phrases: &Phrases) -> Option<Block> {
    let overruled = duty.overruled.as_ref()?;
    let duty = Cell::new(duty.duty.get(phrases.locale()));
    Some(Block::Facts {
        rows: vec![
            fact(phrases, "duty", duty),
            fact(phrases, "overruled-by", Cell::new(&overruled.by)),
            fact(
                phrases,
                "overruled-at",
                Cell::new(phrases.instant(overruled.at)),
            ),
            fact(phrases, "overruled-why", Cell::new(&overruled.reason)),
        ],
    })
}
