//! The problems of one roster, a page of the table at a time.

use serde::Serialize;

use super::super::Case;
use super::{Pages, address};
use crate::affected::{Field, Reason, Roster, RosterProblem, rosters};
use crate::kernel::{Locale, Result, locale};
use crate::web::extract::Page;
use crate::web::words;

/// How many problems stand on one page.
const PAGE: usize = 100;

/// A piece of the table, and the way on.
#[derive(Serialize)]
pub(super) struct Problems {
    lines: Vec<Line>,
    /// All, those to correct, and each reason.
    filters: Vec<ReasonFilter>,
    pages: Pages,
}

#[derive(Serialize)]
struct ReasonFilter {
    href: String,
    label: String,
    count: i64,
    current: bool,
}

#[derive(Serialize)]
struct Line {
    row: i64,
    column: String,
    masked: String,
    reason: String,
    kept: bool,
    to_correct: bool,
}

/// One page; `only` is `to-correct`, a reason, or anything else for all.
pub(super) async fn read(
    page: &Page,
    case: &Case,
    roster: &Roster,
    after: i64,
    only: &str,
) -> Result<Problems> {
    let language = page.locale();
    let id = roster.id.clone();
    let wanted = reasons(only);
    let narrowed = wanted.clone();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let (mut found, counts) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let found = match &narrowed {
                Some(reasons) => rosters::problems_of(conn, &id, reasons, after, limit)?,
                None => rosters::problems(conn, &id, after, limit)?,
            };
            Ok((found, rosters::problem_counts(conn, &id)?))
        })
        .await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found
        .last()
        .filter(|_| more)
        .map(|problem| problem.position);
    let all = address(case, &format!("/rosters/{}", roster.id));
    let base = match wanted {
        Some(_) => format!("{all}?only={only}"),
        None => format!("{all}?only=all"),
    };
    let number = |reasons: &[Reason]| {
        let of = counts.iter().filter(|(reason, _)| reasons.contains(reason));
        of.map(|(_, count)| count).sum::<i64>()
    };
    let filter = |name: &str, label: String, of: &[Reason]| ReasonFilter {
        href: format!("{all}?only={name}#problems"),
        label,
        count: number(of),
        current: wanted.as_deref().unwrap_or(Reason::ALL) == of,
    };
    let text = |key: &str| locale::text(language, key);
    let to_correct = reasons("to-correct").unwrap_or_default();
    let mut filters = vec![
        filter("all", text("problems-all"), Reason::ALL),
        filter("to-correct", text("problems-to-correct"), &to_correct),
    ];
    filters.extend(counts.iter().map(|(reason, _)| {
        let words = text(&format!("roster-problem-{reason}"));
        filter(reason.as_str(), first_sentence(&words), &[*reason])
    }));
    let shown = i64::try_from(found.len()).unwrap_or(0);
    let of = number(wanted.as_deref().unwrap_or(Reason::ALL));
    let variables = [
        ("shown", words::number_text(shown).into()),
        ("all", words::number_text(of).into()),
    ];
    Ok(Problems {
        filters,
        pages: Pages {
            first: (after > 0).then(|| format!("{base}#problems")),
            next: last.map(|last| format!("{base}&after={last}#problems")),
            text: locale::text_with(language, "problems-shown-of", &variables),
        },
        lines: found
            .into_iter()
            .map(|problem| line(problem, language))
            .collect(),
    })
}

/// The reasons that a word of the address means; none for all.
fn reasons(only: &str) -> Option<Vec<Reason>> {
    if only == "to-correct" {
        let all = Reason::ALL.iter().copied();
        return Some(all.filter(|reason| reason.asks_for_correction()).collect());
    }
    only.parse().ok().map(|reason| vec![reason])
}

/// What is wrong, without what was done about it.
fn first_sentence(words: &str) -> String {
    let end = words.find(['。', '.']).unwrap_or(words.len());
    words.get(..end).unwrap_or(words).to_owned()
}

fn line(problem: RosterProblem, language: Locale) -> Line {
    let column = match problem.column.parse::<Field>() {
        Ok(field) => locale::text(language, &format!("person-field-{field}")),
        // The header's own words, or nothing where the whole row is meant.
        Err(_) => column_name(&problem.column, language),
    };
    Line {
        row: problem.row,
        column,
        masked: problem.masked,
        reason: locale::text(language, &format!("roster-problem-{}", problem.reason)),
        kept: problem.reason.keeps_row(),
        to_correct: problem.reason.asks_for_correction(),
    }
}

/// The name of a column; `#3`, which stands where its name might be a value, in words.
pub(super) fn column_name(name: &str, language: Locale) -> String {
    match name.strip_prefix('#').map(str::parse::<u32>) {
        Some(Ok(position)) => {
            let position = position.to_string();
            locale::text_with(language, "column-number", &[("number", position.into())])
        }
        _ => name.to_owned(),
    }
}
