//! Who was affected, by which data, and what they and the authorities were told.

use super::super::charts;
use super::super::document::{Block, Cell, Fact, Tone};
use super::super::model::{Notice, PostMortem, Roster};
use super::super::phrases::Phrases;
use super::overview::{delivery_tones, headcount};
use super::{fact, heading, open, table};

pub fn people(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let mut blocks = vec![Block::Facts {
        rows: people_facts(report, phrases),
    }];
    blocks.extend(charts::residence(report, phrases).map(Block::Chart));
    blocks.push(heading(phrases, "heading-data"));
    let rows = report
        .data
        .iter()
        .map(|data| {
            let items: Vec<_> = data
                .items
                .iter()
                .map(|item| item.get(phrases.locale()))
                .collect();
            vec![
                Cell::new(data.category.get(phrases.locale())),
                Cell::new(items.join(comma(phrases))),
                counted(data.people, phrases),
            ]
        })
        .collect();
    let columns = [("category", 8), ("items", 18), ("people", 6)];
    blocks.push(table(phrases, &columns, rows, "empty-data"));
    blocks.extend(charts::categories(report, phrases).map(Block::Chart));
    blocks.push(heading(phrases, "heading-rosters"));
    if report.rosters.is_empty() {
        blocks.push(Block::aside(phrases.word("empty-rosters")));
    }
    for roster in &report.rosters {
        blocks.extend(roster_blocks(roster, phrases));
    }
    blocks
}

pub fn notices(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    if report.notices.is_empty() {
        return vec![Block::aside(phrases.word("empty-notices"))];
    }
    let chart = charts::delivery(report, phrases).map(Block::Chart);
    let notices = report.notices.iter().flat_map(|notice| {
        [
            Block::Heading {
                text: notice.kind.get(phrases.locale()).to_owned(),
            },
            Block::Facts {
                rows: notice_facts(notice, phrases),
            },
        ]
    });
    chart.into_iter().chain(notices).collect()
}

fn people_facts(report: &PostMortem, phrases: &Phrases) -> Vec<Fact> {
    let people = &report.people;
    let mut rows = vec![
        fact(
            phrases,
            "affected",
            Cell::new(headcount(people.affected, phrases)),
        ),
        fact(phrases, "reachable", counted(people.reachable, phrases)),
        fact(phrases, "unreachable", counted(people.unreachable, phrases)),
        fact(
            phrases,
            "minors",
            people.minors.map_or_else(
                || open(phrases),
                |minors| Cell::new(headcount(minors, phrases)),
            ),
        ),
    ];
    if !people.residence.is_empty() {
        let lines: Vec<_> = people
            .residence
            .iter()
            .map(|residence| {
                let count = phrases.counted("people", residence.people);
                let place = residence.place.get(phrases.locale());
                phrases.word_with("pair", &[("name", place), ("value", &count)])
            })
            .collect();
        rows.push(fact(phrases, "residence", Cell::new(lines.join("\n"))));
    }
    rows
}

fn roster_blocks(roster: &Roster, phrases: &Phrases) -> Vec<Block> {
    let plain = |count| Cell::new(phrases.counted("rows", count));
    let problems_tone = match roster.problem_count {
        0 => Tone::Good,
        _ => Tone::Warn,
    };
    let mut blocks = vec![Block::Facts {
        rows: vec![
            fact(phrases, "file", Cell::new(&roster.file)),
            fact(phrases, "source", Cell::new(&roster.source)),
            fact(
                phrases,
                "collection-point",
                Cell::new(roster.collection_point.get(phrases.locale())),
            ),
            fact(phrases, "rows", plain(roster.rows)),
            fact(
                phrases,
                "people-added",
                Cell::new(phrases.counted("people", roster.people_added)),
            ),
            fact(phrases, "duplicates", plain(roster.duplicates)),
            fact(
                phrases,
                "problems",
                Cell::new(phrases.counted("problems", roster.problem_count)).tone(problems_tone),
            ),
            fact(phrases, "digest", Cell::new(roster.digest.to_string())),
        ],
    }];
    if roster.problem_count == 0 {
        return blocks;
    }
    let rows = roster
        .problems
        .iter()
        .map(|problem| {
            vec![
                Cell::new(phrases.count(problem.row)),
                Cell::new(&problem.column),
                Cell::new(problem.reason.get(phrases.locale())),
            ]
        })
        .collect();
    let columns = [("row", 4), ("column", 8), ("problem", 20)];
    blocks.push(table(phrases, &columns, rows, "problems-elsewhere"));
    let shown = u64::try_from(roster.problems.len()).unwrap_or(u64::MAX);
    if shown > 0 && shown < roster.problem_count {
        blocks.push(Block::aside(phrases.word_with(
            "problems-shown",
            &[
                ("shown", &phrases.count(shown)),
                ("all", &phrases.count(roster.problem_count)),
            ],
        )));
    }
    blocks
}

fn notice_facts(notice: &Notice, phrases: &Phrases) -> Vec<Fact> {
    let version = phrases.count(notice.version);
    let issued = match notice.issued_at {
        Some(at) => Cell::new(phrases.instant(at)).below(notice.receipt.clone()),
        None => Cell::new(phrases.word("not-issued")).tone(Tone::Warn),
    };
    let approvals: Vec<_> = notice
        .approvals
        .iter()
        .map(|approval| {
            phrases.word_with(
                "approval",
                &[
                    ("role", approval.role.get(phrases.locale())),
                    ("by", &approval.by),
                    ("at", &phrases.instant(approval.at)),
                ],
            )
        })
        .collect();
    let approvals = match approvals.is_empty() {
        true => Cell::new(phrases.word("not-approved")).tone(Tone::Warn),
        false => Cell::new(approvals.join("\n")),
    };
    let mut rows = vec![
        fact(
            phrases,
            "notice-state",
            Cell::new(notice.state.get(phrases.locale()))
                .below(Some(phrases.word_with("version", &[("version", &version)]))),
        ),
        fact(phrases, "issued", issued),
        fact(phrases, "approvals", approvals),
    ];
    if let Some(delivery) = &notice.delivery {
        let lines: Vec<_> = delivery_tones(delivery)
            .into_iter()
            .map(|(key, count, _)| {
                let name = phrases.word(&format!("figure-{key}"));
                let count = phrases.counted("messages", count);
                phrases.word_with("pair", &[("name", &name), ("value", &count)])
            })
            .collect();
        rows.push(fact(phrases, "delivery", Cell::new(lines.join("\n"))));
    }
    if let Some(digest) = &notice.digest {
        rows.push(fact(phrases, "digest", Cell::new(digest.to_string())));
    }
    rows
}

fn counted(count: Option<u64>, phrases: &Phrases) -> Cell {
    match count {
        Some(count) => Cell::new(phrases.counted("people", count)),
        None => open(phrases),
    }
}

/// What stands between the items of a list. No locale file holds it, since Fluent trims spaces.
fn comma(phrases: &Phrases) -> &'static str {
    match phrases.locale() {
        crate::kernel::Locale::Ja => "、",
        crate::kernel::Locale::En => ", ",
    }
}
