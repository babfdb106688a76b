//! The problems of one roster, a page of the table at a time.

use serde::Serialize;

use super::super::Case;
use super::{Pages, address};
use crate::affected::{Field, Roster, RosterProblem, rosters};
use crate::kernel::{Locale, Result, locale};
use crate::web::extract::Page;
use crate::web::words;

/// How many problems stand on one page.
const PAGE: usize = 100;

/// A piece of the table, and the way on.
#[derive(Serialize)]
pub(super) struct Problems {
    lines: Vec<Line>,
    only_to_correct: bool,
    all_href: String,
    only_href: String,
    pages: Pages,
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

pub(super) async fn read(
    page: &Page,
    case: &Case,
    roster: &Roster,
    after: i64,
    only_to_correct: bool,
) -> Result<Problems> {
    let language = page.locale();
    let id = roster.id.clone();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = page
        .state()
        .house
        .store
        .read(move |conn| {
            if only_to_correct {
                rosters::problems_to_correct(conn, &id, after, limit)
            } else {
                rosters::problems(conn, &id, after, limit)
            }
        })
        .await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more).map(|problem| problem.position);
    let all = address(case, &format!("/rosters/{}", roster.id));
    let only = format!("{all}?only=to-correct");
    let (base, joint) = if only_to_correct { (&only, '&') } else { (&all, '?') };
    let shown = i64::try_from(found.len()).unwrap_or(0);
    Ok(Problems {
        only_to_correct,
        pages: Pages {
            first: (after > 0).then(|| format!("{base}#problems")),
            next: last.map(|last| format!("{base}{joint}after={last}#problems")),
            text: if only_to_correct {
                let shown = words::number_text(shown);
                locale::text_with(language, "problems-shown", &[("shown", shown.into())])
            } else {
                locale::text_with(
                    language,
                    "problems-shown-of",
                    &[
                        ("shown", words::number_text(shown).into()),
                        ("all", words::number_text(roster.problem_count).into()),
                    ],
                )
            },
        },
        lines: found
            .into_iter()
            .map(|problem| line(problem, language))
            .collect(),
        all_href: format!("{all}#problems"),
        only_href: format!("{only}#problems"),
    })
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
