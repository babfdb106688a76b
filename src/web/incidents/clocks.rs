//! The moments from which the law counts: who said what, and what was said before.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::header::Header;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept, local_instant};
use crate::accounts::can;
use crate::incidents::clock_starts::{ClockStart, ClockStartKind, is_zone};
use crate::incidents::{self, StartRecord};
use crate::kernel::{Instant, Problem, Result, dates};
use crate::playbooks::Link;
use crate::regulations::{Counting, StartFrom};
use crate::web::extract::Page;

/// Zones to choose from beside the server's own; a statement may come from abroad.
const ZONES: &[&str] = &[
    "Asia/Tokyo",
    "UTC",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Kolkata",
    "Australia/Sydney",
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/{id}/clocks")
            .route(web::get().to(show))
            .route(web::post().to(submit)),
    );
}

/// One of the moments, with what was said of it.
#[derive(Serialize)]
pub(super) struct Moment {
    kind: ClockStartKind,
    /// Whether a running clock counts from it, or somebody named it.
    pub(super) is_shown: bool,
    label: String,
    about: String,
    current: Option<Said>,
    earlier: Vec<Said>,
}

/// One statement.
#[derive(Serialize)]
struct Said {
    at: String,
    said_by: String,
    recorded_by: String,
    recorded_at: Instant,
}

/// The moments of every incident, and those from which a running clock counts first.
fn wanted(case: &Case) -> Vec<ClockStartKind> {
    let mut wanted = vec![
        ClockStartKind::Occurred,
        ClockStartKind::Detected,
        ClockStartKind::AnyDepartmentKnew,
        ClockStartKind::Aware,
    ];
    let running = case.duties.duties.iter().filter(|duty| duty.is_running());
    for clock in running.flat_map(|duty| &duty.obligation.duty().clocks) {
        let parts = match &clock.counting {
            Counting::Earliest { of } => of.as_slice(),
            _ => &[],
        };
        let firsts = std::iter::once(&clock.starts)
            .chain(parts.iter().map(|part| &part.starts))
            .filter_map(|starts| starts.first());
        wanted.extend(firsts.filter_map(|start| match start {
            StartFrom::Moment(kind) => Some(*kind),
            StartFrom::Filed(_) => None,
        }));
    }
    wanted
}

/// The moments with their history, newest statement first.
pub(super) fn moments(case: &Case, records: &[StartRecord], page: &Page) -> Vec<Moment> {
    let key = |kind: ClockStartKind| kind.as_str().replace('_', "-");
    let wanted = wanted(case);
    ClockStartKind::ALL
        .iter()
        .map(|kind| {
            let of_kind = || records.iter().rev().filter(|record| record.kind == *kind);
            Moment {
                kind: *kind,
                is_shown: wanted.contains(kind) || of_kind().next().is_some(),
                label: page.text(&format!("law-clock-{}", key(*kind))),
                about: page.text(&format!("law-clock-{}-about", key(*kind))),
                current: of_kind()
                    .find(|record| record.superseded_at.is_none())
                    .map(|record| said(case, record, page)),
                earlier: of_kind()
                    .filter(|record| record.superseded_at.is_some())
                    .map(|record| said(case, record, page))
                    .collect(),
            }
        })
        .collect()
}

#[derive(Serialize)]
struct View {
    head: Header,
    moments: Vec<Moment>,
    zones: Vec<Zone>,
}

#[derive(Serialize)]
struct Zone {
    value: String,
    label: String,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    render(&signed, &case, FormState::default(), StatusCode::OK).await
}

async fn submit(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let id = incident_id(&id)?;
    let house = &signed.page.state().house;
    let recorded = match read(&form) {
        Ok((kind, start)) => house.start_clock(&by, &id, kind, start).await,
        Err(problem) => Err(problem),
    };
    match recorded {
        Ok(()) => {
            let to = format!("/incidents/{id}/clocks");
            Ok(signed.page.go(&to, "flash-clock-recorded"))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, &signed.page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, state, status).await
        }
    }
}

fn read(form: &Submission) -> Result<(ClockStartKind, ClockStart)> {
    let kind = form
        .get("kind")
        .parse()
        .map_err(|_| Problem::field("kind", "field-invalid-choice"))?;
    let zone = form.get("zone").to_owned();
    if !is_zone(&zone) {
        return Err(Problem::field("zone", "field-unknown-zone"));
    }
    let time_zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let at = local_instant(form, "at", &time_zone)?
        .ok_or_else(|| Problem::field("at", "field-required"))?;
    let said_by = form.get("said_by").to_owned();
    Ok((kind, ClockStart { at, zone, said_by }))
}

fn said(case: &Case, record: &StartRecord, page: &Page) -> Said {
    let there = record.start.at.in_zone(&record.start.time_zone());
    Said {
        at: dates::zoned_in(&there, page.locale()),
        said_by: record.start.said_by.clone(),
        recorded_by: case.name(&record.recorded_by).unwrap_or_default(),
        recorded_at: record.recorded_at,
    }
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    mut form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let own = page.zone().iana_name().unwrap_or("UTC");
    let wanted = wanted(case);
    let mut missing = wanted
        .iter()
        .rev()
        .filter(|kind| case.starts.get(**kind).is_none());
    // The moment on which APPI's deadlines rest is asked for first.
    let first = match case.starts.get(ClockStartKind::AnyDepartmentKnew) {
        None => ClockStartKind::AnyDepartmentKnew,
        Some(_) => *missing.next().unwrap_or(&ClockStartKind::AnyDepartmentKnew),
    };
    form.fill([("kind", first.to_string()), ("zone", own.to_owned())]);
    let id = case.incident.id.clone();
    let store = &page.state().house.store;
    let records = store
        .read(move |conn| incidents::starts_history(conn, &id))
        .await?;
    let mut zones: Vec<&str> = vec![own];
    zones.extend(ZONES.iter().filter(|zone| **zone != own));
    page.view("incidents/clocks")
        .title(format!(
            "{} — {}",
            page.text("clocks-page-title"),
            case.incident.number
        ))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Overview),
            moments: moments(case, &records, page),
            zones: zones
                .into_iter()
                .map(|zone| Zone {
                    value: zone.to_owned(),
                    label: zone.replace('_', " "),
                })
                .collect(),
        })
}
