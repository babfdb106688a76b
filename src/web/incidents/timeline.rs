//! The timeline: what happened, in words, and the composer of notes.

mod curate;
mod filter;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use self::filter::{Asked, FilterForm};
use super::header::Header;
use super::overview;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept, local_instant};
use crate::accounts::can;
use crate::kernel::{Instant, Result};
use crate::playbooks::Link;
use crate::timeline::{self, Kind};
use crate::web::extract::Page;
use crate::web::words;
use crate::workflow::EntryView;

/// Entries on one page.
const PAGE: usize = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/incidents/{id}/timeline").route(web::get().to(show)))
        .service(
            web::resource("/incidents/{id}/notes")
                .route(web::get().to(back))
                .route(web::post().to(note)),
        )
        .configure(curate::routes);
}

/// One entry, or the heading of a day.
#[derive(Serialize)]
pub(super) struct Line {
    day: Option<String>,
    tone: &'static str,
    icon: &'static str,
    who: String,
    at: Instant,
    /// The time of the day, as the heading names the day.
    time: String,
    text: String,
    erased: bool,
    decision: bool,
    recorded_at: Option<Instant>,
    seq: i64,
    hash: String,
    hash_short: String,
    pinned: bool,
    corrected_by: Option<i64>,
    corrects: Option<i64>,
    files: Vec<File>,
}

/// A sealed file of an entry.
#[derive(Serialize)]
struct File {
    id: String,
    name: String,
}

/// Entries as lines in the order in which things happened, newest first.
///
/// The first of each day carries its heading. Pages are cut by the order of
/// recording, so what was recorded late stands where it happened on its page.
pub(super) fn lines(entries: &[EntryView], page: &Page) -> Vec<Line> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.occurred_at, entry.seq)));
    as_given(entries, page)
}

/// Entries as lines in the order in which they come; the first of each day carries its heading.
fn as_given<'a>(entries: impl IntoIterator<Item = &'a EntryView>, page: &Page) -> Vec<Line> {
    let mut latest = None;
    entries
        .into_iter()
        .map(|entry| {
            let there = entry.occurred_at.in_zone(page.zone());
            let fresh = latest != Some(there.date());
            latest = Some(there.date());
            Line {
                day: fresh.then(|| words::day(page.locale(), there.date())),
                ..line(entry, page)
            }
        })
        .collect()
}

/// One entry, without the heading of its day.
fn line(entry: &EntryView, page: &Page) -> Line {
    let there = entry.occurred_at.in_zone(page.zone());
    let (tone, icon) = look(entry.kind);
    // Seconds between both are the time that the transaction took, not a story.
    let apart = entry.recorded_at.since(entry.occurred_at).as_secs().abs() >= 60;
    let files = entry.evidence.iter().map(|file| File {
        id: file.id.to_string(),
        name: file.name.clone(),
    });
    Line {
        day: None,
        tone,
        icon,
        who: entry.actor.get(page.locale()).to_owned(),
        at: entry.occurred_at,
        time: there.strftime("%H:%M").to_string(),
        text: match &entry.text {
            Some(text) => text.get(page.locale()).to_owned(),
            None => page.text("timeline-erased"),
        },
        erased: entry.text.is_none(),
        decision: entry.kind == Kind::Decision,
        recorded_at: apart.then_some(entry.recorded_at),
        seq: entry.seq,
        hash_short: entry.hash.chars().take(12).collect(),
        hash: entry.hash.clone(),
        pinned: entry.pinned,
        corrected_by: entry.corrected_by,
        corrects: entry.corrects,
        files: files.collect(),
    }
}

#[derive(Serialize)]
struct View {
    head: Header,
    lines: Vec<Line>,
    filter: FilterForm,
    /// Where a pin leads back to: this page.
    back: String,
    earlier: Option<String>,
    newest: Option<String>,
    from: &'static str,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let asked = Asked::read(&asked);
    render(&signed, &case, &asked, FormState::default(), StatusCode::OK).await
}

async fn back(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    Ok(signed.page.go(&format!("/incidents/{id}/timeline"), ""))
}

async fn note(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AddNote>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let noted = match local_instant(&form, "occurred_at", page.zone()) {
        Ok(occurred_at) => {
            let text = form.get("text").to_owned();
            let decision = form.is_on("decision");
            let house = &page.state().house;
            house.note(&by, &id, text, decision, occurred_at).await
        }
        Err(problem) => Err(problem),
    };
    let from_overview = form.get("from") == "overview";
    match noted {
        Ok(()) => {
            let tab = if from_overview {
                Link::Overview
            } else {
                Link::Timeline
            };
            let to = super::header::href(id.as_str(), tab);
            Ok(page.go(&to, "flash-noted"))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            if from_overview {
                overview::render(&signed, &case, state, status).await
            } else {
                render(&signed, &case, &Asked::default(), state, status).await
            }
        }
    }
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    asked: &Asked,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let id = &case.incident.id;
    let address = format!("/incidents/{id}/timeline");
    let house = &page.state().house;
    let order = asked.order();
    let found = house
        .search_timeline(id, asked.filter(page.zone()), order, asked.before, PAGE)
        .await?;
    let incident = id.clone();
    let pins = house
        .store
        .read(move |conn| timeline::pins(conn, incident.as_str()))
        .await?
        .len();
    let more = found.entries.last().filter(|_| found.more);
    let at = |before| format!("{address}{}", asked.behind(before).written());
    page.view("incidents/timeline")
        .title(case.page_title(page, Link::Timeline))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Timeline),
            lines: match order {
                timeline::Order::Recorded => lines(&found.entries, page),
                _ => as_given(&found.entries, page),
            },
            filter: asked.form(page, case, &address, pins),
            back: asked.written(),
            earlier: more.map(|entry| at(Some(entry.seq))),
            newest: asked.before.map(|_| at(None)),
            from: "timeline",
        })
}

/// The colour and the icon of an entry.
fn look(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::IncidentDeclared | Kind::IncidentReopened => ("alert", "siren"),
        Kind::IncidentClosed => ("ok", "flag"),
        Kind::IncidentChanged => ("", "pencil"),
        Kind::CommanderNamed | Kind::StepAssigned => ("", "user-round"),
        Kind::ClockStarted => ("alert", "timer"),
        Kind::PlaybookStarted => ("", "book-open"),
        Kind::StepStarted => ("", "play"),
        Kind::StepFinished => ("ok", "check"),
        Kind::StepSkipped => ("", "circle-slash"),
        Kind::StepReopened => ("", "rotate-ccw"),
        Kind::FactAnswered => ("", "circle-help"),
        Kind::SeverityAnswered => ("", "scale"),
        Kind::EvidenceSealed
        | Kind::EvidenceOpened
        | Kind::EvidenceSeen
        | Kind::EvidenceGiven
        | Kind::EvidenceVerified => ("", "paperclip"),
        Kind::EvidenceHeld | Kind::EvidenceReleased => ("alert", "scale"),
        Kind::RosterReceived | Kind::RosterStarted | Kind::RosterPaused | Kind::RosterImported => {
            ("", "database")
        }
        Kind::RosterFailed | Kind::RosterUndone => ("alert", "database"),
        Kind::ThresholdCrossed => ("alert", "triangle-alert"),
        Kind::ConflictDecided => ("", "users"),
        Kind::RegisterExported => ("alert", "download"),
        Kind::BundleExported => ("", "download"),
        Kind::RetentionSet => ("", "timer"),
        Kind::RegisterPurged | Kind::PersonErased | Kind::EvidenceDestroyed => ("alert", "trash-2"),
        Kind::PeopleRevealed => ("alert", "eye"),
        Kind::NoticeApproved => ("sent", "stamp"),
        Kind::NoticeDispatched | Kind::NoticeDelivered => ("sent", "send"),
        Kind::ReportFiled => ("sent", "landmark"),
        Kind::Decision | Kind::DutyRuled => ("dec", "gavel"),
        Kind::Note => ("", "message-square-text"),
        Kind::ReminderSent => ("alert", "bell"),
        Kind::EntryPinned | Kind::EntryUnpinned => ("", "flag"),
        Kind::EvidenceAttached | Kind::EvidenceDetached => ("", "paperclip"),
        _ => ("", "file-text"),
    }
}
