//! Questions that no rule answers: both sides under masks, and the two buttons that decide.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id, query};
use super::{Pages, PeopleTab, Tab, address, people_tabs};
use crate::accounts::can;
use crate::affected::{self, Compared, Conflict, ConflictId, Decision, Reason};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::Submission;
use crate::web::words;
use crate::workflow::entries;

/// How many open questions, and how many decided ones, stand on one page.
const PAGE: usize = 20;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/incidents/{id}/people/conflicts", web::get().to(show))
        .service(
            web::resource("/incidents/{id}/people/conflicts/{conflict}")
                .route(web::get().to(back))
                .route(web::post().to(decide)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    open: Vec<Open>,
    open_count: i64,
    open_pages: Pages,
    decided: Vec<Decided>,
    decided_pages: Pages,
}

/// A question that waits for somebody.
#[derive(Serialize)]
struct Open {
    id: String,
    title: String,
    reason: String,
    /// Whether the row was merged into the person, rather than counted by itself.
    merged: bool,
    one: String,
    one_href: Option<String>,
    other: String,
    other_href: String,
    /// What both sides say.
    fields: Vec<Line>,
    /// What only one side says, by name.
    only_one: String,
    only_other: String,
}

/// One field of both sides.
#[derive(Serialize)]
struct Line {
    label: String,
    one: String,
    other: String,
    same: bool,
}

#[derive(Serialize)]
struct Decided {
    title: String,
    reason: String,
    decision: String,
    same: bool,
    by: String,
    at: Option<Instant>,
    href: String,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let language = page.locale();
    let place = |name: &str| match query(&asked, name) {
        "" => Ok(None),
        text => {
            let id = text.parse::<ConflictId>();
            id.map(Some).map_err(|_| Problem::new(Code::NotFound))
        }
    };
    let (after, decided_after) = (place("after")?, place("decided")?);
    let (first, decided_first) = (after.is_some(), decided_after.is_some());
    let (house, incident, now) = (
        page.state().house.clone(),
        case.incident.id.clone(),
        page.now(),
    );
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let incident = incident.as_str();
        let open = affected::conflicts(conn, incident, false, after.as_ref(), limit)?;
        let mut compared = Vec::new();
        for conflict in open {
            let fields = affected::compare(conn, &house.vault, now, &conflict)?;
            compared.push((conflict, fields));
        }
        let decided = affected::conflicts(conn, incident, true, decided_after.as_ref(), limit)?;
        Ok((compared, decided, affected::open_conflicts(conn, incident)?))
    });
    let (mut open, mut decided, (joined, apart)) = read.await?;
    let base = address(&case, "/conflicts");
    let next = next_of(&open, |(conflict, _)| conflict);
    let decided_next = next_of(&decided, |conflict| conflict);
    open.truncate(PAGE);
    decided.truncate(PAGE);
    let open_count = joined.saturating_add(apart);
    page.view("incidents/people/conflicts")
        .title(page.text("people-conflicts"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Conflicts).await?,
            open_count,
            open_pages: Pages {
                first: first.then(|| base.clone()),
                next: next.map(|id| format!("{base}?after={id}")),
                text: shown(open.len(), Some(open_count), language),
            },
            open: open
                .into_iter()
                .map(|(conflict, fields)| question(&case, &conflict, &fields, language))
                .collect(),
            decided_pages: Pages {
                first: decided_first.then(|| format!("{base}#decided")),
                next: decided_next.map(|id| format!("{base}?decided={id}#decided")),
                text: shown(decided.len(), None, language),
            },
            decided: decided
                .iter()
                .map(|conflict| past(&case, conflict, language))
                .collect(),
        })
}

async fn back(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let id = incident_id(&path.0)?;
    Ok(signed.page.go(&here(&id), ""))
}

async fn decide(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    let id = incident_id(&path.0)?;
    let conflict = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let decision: Decision = form
        .get("decision")
        .parse()
        .map_err(|_| Problem::field("decision", "field-invalid-choice"))?;
    let house = &signed.page.state().house;
    let flash = match house.decide_conflict(&by, &id, &conflict, decision).await {
        Ok(_) => "flash-conflict-decided",
        // Somebody decided it a moment ago, or its roster was taken back.
        Err(problem) if matches!(problem.code, Code::WrongState | Code::NotFound) => {
            "flash-conflict-moved-on"
        }
        Err(problem) => return Err(problem.into()),
    };
    Ok(signed.page.go(&here(&id), flash))
}

fn here(id: &IncidentId) -> String {
    format!("/incidents/{id}/people/conflicts")
}

fn next_of<T>(found: &[T], conflict: impl Fn(&T) -> &Conflict) -> Option<String> {
    let last = found
        .get(PAGE.saturating_sub(1))
        .filter(|_| found.len() > PAGE);
    last.map(|last| conflict(last).id.to_string())
}

fn shown(number: usize, all: Option<i64>, language: Locale) -> String {
    let number = words::number_text(i64::try_from(number).unwrap_or(0));
    let mut variables = vec![("shown", number.into())];
    match all {
        Some(all) => {
            variables.push(("all", words::number_text(all).into()));
            locale::text_with(language, "problems-shown-of", &variables)
        }
        None => locale::text_with(language, "problems-shown", &variables),
    }
}

fn question(case: &Case, conflict: &Conflict, fields: &[Compared], language: Locale) -> Open {
    let merged = conflict.reason == Reason::NameDiffers;
    let other = if merged {
        "conflict-side-earlier"
    } else {
        "conflict-side-other"
    };
    let label = |field: &Compared| locale::text(language, &format!("person-field-{}", field.field));
    let only = |of: fn(&Compared) -> bool| {
        let labels: Vec<_> = fields.iter().filter(|field| of(field)).map(label).collect();
        labels.join(&locale::text(language, "list-separator"))
    };
    Open {
        only_one: only(|field| field.other.is_empty()),
        only_other: only(|field| field.one.is_empty()),
        id: conflict.id.to_string(),
        title: row_name(conflict, language),
        reason: reason(conflict, language),
        merged,
        one: locale::text(language, "conflict-side-row"),
        one_href: (!merged).then(|| address(case, &format!("/{}", conflict.person_id))),
        other: locale::text(language, other),
        other_href: address(case, &format!("/{}", conflict.other_id)),
        fields: fields
            .iter()
            .filter_map(|field| {
                Some(Line {
                    label: label(field),
                    one: field.one.clone(),
                    other: field.other.clone(),
                    same: field.same?,
                })
            })
            .collect(),
    }
}

fn past(case: &Case, conflict: &Conflict, language: Locale) -> Decided {
    let decision = conflict.decision.unwrap_or(Decision::Different);
    let by = conflict.decided_by.as_deref().unwrap_or_default();
    Decided {
        title: row_name(conflict, language),
        reason: reason(conflict, language),
        decision: locale::text(language, &format!("conflict-decision-{decision}")),
        same: decision == Decision::Same,
        by: entries::actor(by, &case.names).get(language).to_owned(),
        at: conflict.decided_at,
        href: address(case, &format!("/{}", conflict.person_id)),
    }
}

fn reason(conflict: &Conflict, language: Locale) -> String {
    let key = match conflict.reason {
        Reason::NameDiffers => "conflict-name-differs",
        _ => "conflict-shared-contact",
    };
    locale::text(language, key)
}

fn row_name(conflict: &Conflict, language: Locale) -> String {
    let variables = [
        ("roster", conflict.roster_number.to_string().into()),
        ("row", words::number_text(conflict.row).into()),
    ];
    locale::text_with(language, "roster-row", &variables)
}
