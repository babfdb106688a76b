//! Management's view: numbers across incidents, the incidents behind each, and files of them.

mod view;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::SignedIn;
use super::incidents::downloads;
use crate::accounts::{Granted, can};
use crate::incidents::{Kind, Severity, State};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::reports::figures::{Deadlines, Figures, Line, Slice, phrases};
use crate::workflow::FiguresFormat;
use crate::workflow::figures::{Filter, Practice};

use view::{Field, View, fields, query_of};

/// How many incidents one page lists.
const ROWS: usize = 100;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/figures").route(web::get().to(show)))
        .service(web::resource("/figures/incidents").route(web::get().to(list)))
        .service(web::resource("/figures/export/{format}").route(web::get().to(export)));
}

type Asked = web::Query<Vec<(String, String)>>;

async fn show(signed: SignedIn, asked: Asked) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (filter, figures) = count(&signed, &asked).await?;
    page.view("figures/show")
        .title(page.text("figures-title"))
        .nav("figures")
        .respond(&View::new(&filter, &figures, page))
}

#[derive(Serialize)]
struct ListView {
    back: String,
    period: String,
    fields: Vec<Field>,
    from: String,
    to: String,
    slice: &'static str,
    about: String,
    found: usize,
    rows: Vec<Row>,
    earlier: Option<String>,
    later: Option<String>,
}

/// One incident of the list.
#[derive(Serialize)]
struct Row {
    href: String,
    number: String,
    title: String,
    practice: bool,
    kind: Option<Kind>,
    severity: Option<Severity>,
    state: State,
    declared_at: Instant,
    deadlines: Deadlines,
    people: Option<u64>,
    at_most: bool,
    open_actions: u64,
    overdue_actions: u64,
    /// How long the span took that is asked for, in words.
    took: Option<String>,
}

async fn list(signed: SignedIn, asked: Asked) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (filter, figures) = count(&signed, &asked).await?;
    let slice: Slice = given(&asked, "of").parse().unwrap_or(Slice::All);
    let found: Vec<&Line> = figures
        .lines
        .iter()
        .filter(|line| slice.holds(line))
        .collect();
    let number: usize = given(&asked, "page").parse().unwrap_or(0);
    let skipped = number.saturating_mul(ROWS);
    let writer = phrases(page.locale(), page.zone());
    let query = query_of(&filter);
    let at = |number: usize| format!("/figures/incidents?{query}&of={slice}&page={number}");
    let shown = found.iter().skip(skipped).take(ROWS);
    page.view("figures/incidents")
        .title(page.text("figures-list-title"))
        .nav("figures")
        .respond(&ListView {
            back: format!("/figures?{query}"),
            period: filter.period(&writer),
            fields: fields(&filter, page),
            from: view::month(filter.from),
            to: view::month(filter.to),
            slice: slice.as_str(),
            about: page.text(&format!("figures-slice-{slice}")),
            found: found.len(),
            rows: shown
                .map(|line| Row {
                    took: slice
                        .span()
                        .and_then(|span| line.minutes(span))
                        .map(|minutes| crate::reports::figures::span(Some(minutes), &writer)),
                    ..row(line)
                })
                .collect(),
            earlier: number.checked_sub(1).map(at),
            later: (found.len() > skipped.saturating_add(ROWS)).then(|| at(number + 1)),
        })
}

fn row(line: &Line) -> Row {
    Row {
        href: format!("/incidents/{}", line.id),
        number: line.number.clone(),
        title: line.title.clone(),
        practice: line.practice,
        kind: line.kind,
        severity: line.severity,
        state: line.state,
        declared_at: line.declared_at,
        deadlines: line.deadlines,
        people: line.people,
        at_most: line.people_at_most,
        open_actions: line.actions.open,
        overdue_actions: line.actions.overdue,
        took: None,
    }
}

async fn export(
    signed: SignedIn,
    format: web::Path<String>,
    asked: Asked,
) -> Result<HttpResponse, PageError> {
    let by: Granted<can::ViewIncidents> = signed.actor().grant()?;
    let format: FiguresFormat = format.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let (page, filter) = (&signed.page, read(&signed, &asked));
    let file = page
        .state()
        .house
        .figures_file(&by, filter, format, page.locale())
        .await?;
    Ok(downloads::attachment(
        &file.name,
        file.media_type,
        file.bytes,
    )?)
}

async fn count(signed: &SignedIn, asked: &Asked) -> Result<(Filter, Figures), PageError> {
    let by: Granted<can::ViewIncidents> = signed.actor().grant()?;
    let filter = read(signed, asked);
    let house = &signed.page.state().house;
    let figures = house.figures(&by, filter.clone()).await?;
    Ok((filter, figures))
}

/// The filter of the address; one that cannot be read is the usual one, which the form then shows.
fn read(signed: &SignedIn, asked: &Asked) -> Filter {
    let page = &signed.page;
    let today = page.now().in_zone(page.zone()).date();
    Filter::read(|name| given(asked, name), today).unwrap_or_else(|_| Filter::usual(today))
}

fn given<'a>(asked: &'a Asked, name: &str) -> &'a str {
    let found = asked.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value)
}

/// Whether practice incidents are among what is counted.
fn counts_practice(filter: &Filter) -> bool {
    filter.practice != Practice::Without
}
