//! One imported roster, and every problem of its file.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::Case;
use super::super::header::Header;
use super::{Pages, RosterLine, roster_line};
use crate::affected::{self, Field, RosterId, RosterProblem};
use crate::evidence;
use crate::kernel::{Code, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;

/// How many problems stand on one page.
const PAGE: i64 = 200;

#[derive(Serialize)]
struct View {
    head: Header,
    roster: RosterLine,
    problems: Vec<Line>,
    pages: Pages,
}

#[derive(Serialize)]
struct Line {
    row: i64,
    column: String,
    reason: String,
    kept: bool,
}

pub(super) async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &path.0).await?;
    let id = &case.incident.id;
    let roster: RosterId = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let after: i64 = query
        .iter()
        .find(|(name, _)| name == "after")
        .and_then(|(_, after)| after.parse().ok())
        .unwrap_or_default();
    let page = &signed.page;
    let (locale, incident) = (page.locale(), id.clone());
    let (roster, file, problems) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let roster = affected::rosters::roster(conn, &roster)?;
            if roster.incident_id != incident.as_str() {
                return Err(Problem::new(Code::NotFound));
            }
            let problems = affected::rosters::problems(conn, &roster.id, after, PAGE)?;
            let file = evidence::find(conn, &roster.evidence_id)?;
            Ok((roster, file, problems))
        })
        .await?;
    let roster = roster_line(roster, Some(&file), &case.names, locale);
    let base = format!("/incidents/{id}/people/rosters/{}", roster.id);
    let last = problems.last().map_or(0, |problem| problem.position);
    let first = problems.first().map_or(0, |problem| problem.position);
    let pages = Pages {
        previous: (after > 0).then(|| format!("{base}?after={}", (after - PAGE).max(0))),
        next: (last > 0 && last < roster.problems).then(|| format!("{base}?after={last}")),
        text: locale::text_with(
            locale,
            "people-problems-range",
            &[
                ("first", first.to_string().into()),
                ("last", last.to_string().into()),
                ("all", roster.problems.to_string().into()),
            ],
        ),
    };
    page.view("incidents/people/roster")
        .title(page.text("people-roster"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            roster,
            problems: problems
                .into_iter()
                .map(|problem| line(problem, locale))
                .collect(),
            pages,
        })
}

fn line(problem: RosterProblem, locale: Locale) -> Line {
    let column = match problem.column.parse::<Field>() {
        Ok(field) => locale::text(locale, &format!("person-field-{field}")),
        // The header's own words, or nothing where the whole row is meant.
        Err(_) => problem.column,
    };
    Line {
        row: problem.row,
        column,
        reason: locale::text(locale, &format!("roster-problem-{}", problem.reason)),
        kept: problem.reason.keeps_row(),
    }
}
