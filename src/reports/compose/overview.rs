//! Summary and key figures.

use super::super::charts;
use super::super::document::{Block, Cell, Figure, Tone};
use super::super::model::{Delivery, Headcount, Point, PostMortem};
use super::super::passages;
use super::super::phrases::Phrases;
use super::super::rules::{self, Standing};
use super::{fact, heading};

pub fn summary(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    if report.summary.is_empty() {
        return vec![Block::aside(phrases.word("empty-summary"))];
    }
    report
        .summary
        .iter()
        .flat_map(|passage| {
            let words = passage
                .text
                .as_deref()
                .filter(|text| !text.trim().is_empty());
            [
                Block::Heading {
                    text: passage.heading.get(phrases.locale()).to_owned(),
                },
                match words {
                    Some(text) if passage.markdown => Block::Passage {
                        pieces: passages::pieces(text),
                    },
                    Some(text) => Block::paragraph(text),
                    None => Block::aside(phrases.word("open")),
                },
            ]
        })
        .collect()
}

pub fn figures(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let mut blocks = vec![
        Block::Figures {
            items: counts(report, phrases),
        },
        heading(phrases, "heading-spans"),
        Block::Figures {
            items: spans(report, phrases),
        },
    ];
    blocks.extend(charts::spans(report, phrases).map(Block::Chart));
    blocks.extend([
        heading(phrases, "heading-milestones"),
        Block::Facts {
            rows: Point::ALL
                .into_iter()
                .map(|point| {
                    let value = match rules::instant_of(&report.milestones, point) {
                        Some(at) => Cell::new(phrases.instant(at)),
                        None => Cell::new(phrases.word("not-recorded")).tone(Tone::Quiet),
                    };
                    fact(phrases, point_key(point), value)
                })
                .collect(),
        },
    ]);
    blocks.extend(charts::course(report, phrases).map(Block::Chart));
    blocks
}

/// Where each number of a delivery leads the eye.
pub fn delivery_tones(delivery: &Delivery) -> [(&'static str, u64, Tone); 5] {
    let unless_none = |count, tone| if count > 0 { tone } else { Tone::Quiet };
    [
        (
            "sent",
            delivery.sent,
            unless_none(delivery.sent, Tone::Good),
        ),
        (
            "pending",
            delivery.pending,
            unless_none(delivery.pending, Tone::Warn),
        ),
        (
            "failed",
            delivery.failed,
            unless_none(delivery.failed, Tone::Bad),
        ),
        (
            "uncertain",
            delivery.uncertain,
            unless_none(delivery.uncertain, Tone::Warn),
        ),
        (
            "unreachable",
            delivery.unreachable,
            unless_none(delivery.unreachable, Tone::Warn),
        ),
    ]
}

/// The number of people affected, in words.
pub fn headcount(affected: Headcount, phrases: &Phrases) -> String {
    match affected {
        Headcount::Exact(count) => phrases.counted("people", count),
        Headcount::AtMost(count) => {
            let count = phrases.counted("people", count);
            phrases.word_with("at-most", &[("count", &count)])
        }
        Headcount::Unknown => phrases.word("open"),
    }
}

fn counts(report: &PostMortem, phrases: &Phrases) -> Vec<Figure> {
    let people = &report.people;
    let affected_tone = match people.affected {
        Headcount::Exact(_) => Tone::Plain,
        Headcount::AtMost(_) | Headcount::Unknown => Tone::Warn,
    };
    let mut items = vec![
        figure(
            phrases,
            "affected",
            headcount(people.affected, phrases),
            affected_tone,
        ),
        match people.reachable {
            Some(count) => figure(
                phrases,
                "reachable",
                phrases.counted("people", count),
                Tone::Plain,
            ),
            None => figure(phrases, "reachable", phrases.word("open"), Tone::Warn),
        },
        duties(report, phrases),
    ];
    items.extend(
        delivery_tones(&people.delivery)
            .into_iter()
            // What did not happen is left to the section on notices.
            .filter(|(key, count, _)| *key == "sent" || *count > 0)
            .map(|(key, count, tone)| {
                figure(phrases, key, phrases.counted("messages", count), tone)
            }),
    );
    items
}

fn duties(report: &PostMortem, phrases: &Phrases) -> Figure {
    if report.obligations.is_empty() {
        // Nothing was assessed: no duty fulfilled would read as none owed.
        return figure(phrases, "duties", phrases.word("open"), Tone::Warn);
    }
    let standings: Vec<_> = report
        .obligations
        .iter()
        .map(|duty| rules::standing(duty, report.cover.created_at, phrases.zone()))
        .collect();
    let count = |wanted: fn(&Standing) -> bool| {
        u64::try_from(standings.iter().filter(|standing| wanted(standing)).count())
            .unwrap_or(u64::MAX)
    };
    let done = count(|standing| matches!(standing, Standing::Met | Standing::Late(_)));
    let missed = count(|standing| matches!(standing, Standing::Late(_) | Standing::Overdue(_)));
    let waiting = count(|standing| matches!(standing, Standing::Open(_) | Standing::Undecided));
    let tone = match (missed, waiting) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Warn,
        _ => Tone::Bad,
    };
    Figure {
        note: Some(phrases.word_with(
            "figure-duties-note",
            &[
                ("missed", &phrases.count(missed)),
                ("waiting", &phrases.count(waiting)),
            ],
        )),
        ..figure(phrases, "duties", phrases.counted("duties", done), tone)
    }
}

fn spans(report: &PostMortem, phrases: &Phrases) -> Vec<Figure> {
    [
        ("to-detect", Point::Occurred, Point::Detected),
        ("to-contain", Point::Detected, Point::Contained),
        ("to-report", Point::Known, Point::Reported),
        ("to-notify", Point::Known, Point::Notified),
    ]
    .into_iter()
    .map(|(key, from, to)| {
        let (value, tone) = match rules::span(&report.milestones, from, to) {
            Some(span) => (phrases.span(span), Tone::Plain),
            None => ("—".to_owned(), Tone::Quiet),
        };
        let ends = [from, to].map(|point| phrases.word(&format!("fact-{}", point_key(point))));
        let [from, to] = ends;
        Figure {
            note: Some(phrases.word_with("from-to", &[("from", &from), ("to", &to)])),
            ..figure(phrases, key, value, tone)
        }
    })
    .collect()
}

fn figure(phrases: &Phrases, key: &str, value: String, tone: Tone) -> Figure {
    Figure {
        label: phrases.word(&format!("figure-{key}")),
        value,
        note: None,
        tone,
    }
}

/// The end of a point's key among the words.
pub fn point_key(point: Point) -> &'static str {
    match point {
        Point::Occurred => "occurred",
        Point::Detected => "detected",
        Point::Known => "known",
        Point::Declared => "declared",
        Point::Contained => "contained",
        Point::Reported => "reported",
        Point::Notified => "notified",
        Point::Closed => "closed",
    }
}
