//! The timeline: what happened, in words, and the composer of notes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept, local_instant};
use super::{overview, query};
use crate::accounts::can;
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Result};
use crate::playbooks::Link;
use crate::timeline::Kind;
use crate::web::extract::Page;
use crate::web::words;
use crate::workflow::EntryView;

/// Entries on one page.
const PAGE: usize = 50;
/// Entries that one read looks through while it filters.
const BATCH: i64 = 200;

crate::text_enum! {
    /// Which entries to show.
    enum Group {
        /// All of them.
        All = "all",
        /// What people wrote down.
        Notes = "notes",
        /// Steps.
        Steps = "steps",
        /// Answers and clock starts.
        Facts = "facts",
        /// Evidence and people.
        Data = "data",
        /// Notices, reports, reminders.
        Notices = "notices",
        /// The incident itself.
        Incident = "incident",
    }
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/incidents/{id}/timeline").route(web::get().to(show)))
        .service(
            web::resource("/incidents/{id}/notes")
                .route(web::get().to(back))
                .route(web::post().to(note)),
        );
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
}

/// Entries as lines in the order in which things happened, newest first.
///
/// The first of each day carries its heading. Pages are cut by the order of
/// recording, so what was recorded late stands where it happened on its page.
pub(super) fn lines(entries: &[EntryView], page: &Page) -> Vec<Line> {
    let mut latest = None;
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.occurred_at, entry.seq)));
    entries
        .into_iter()
        .map(|entry| {
            let there = entry.occurred_at.in_zone(page.zone());
            let fresh = latest != Some(there.date());
            latest = Some(there.date());
            let (tone, icon) = look(entry.kind);
            // Seconds between both are the time that the transaction took, not a story.
            let apart = entry.recorded_at.since(entry.occurred_at).as_secs().abs() >= 60;
            Line {
                day: fresh.then(|| words::day(page.locale(), there.date())),
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
            }
        })
        .collect()
}

#[derive(Serialize)]
struct View {
    head: Header,
    lines: Vec<Line>,
    groups: Vec<Filter>,
    earlier: Option<String>,
    newest: Option<String>,
    from: &'static str,
}

#[derive(Serialize)]
struct Filter {
    href: String,
    label: String,
    current: bool,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let group = query(&asked, "group").parse().unwrap_or(Group::All);
    let before = query(&asked, "before").parse().ok();
    render(
        &signed,
        &case,
        group,
        before,
        FormState::default(),
        StatusCode::OK,
    )
    .await
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
                render(&signed, &case, Group::All, None, state, status).await
            }
        }
    }
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    group: Group,
    before: Option<i64>,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let address = format!("/incidents/{}/timeline", case.incident.id);
    let (entries, more) = entries(page, &case.incident.id, group, before).await?;
    let earlier = entries.last().filter(|_| more);
    page.view("incidents/timeline")
        .title(case.page_title(page, Link::Timeline))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Timeline),
            lines: lines(&entries, page),
            groups: Group::ALL
                .iter()
                .map(|each| Filter {
                    href: format!("{address}?group={each}"),
                    label: page.text(&format!("timeline-group-{each}")),
                    current: *each == group,
                })
                .collect(),
            earlier: earlier.map(|entry| format!("{address}?group={group}&before={}", entry.seq)),
            newest: before.map(|_| format!("{address}?group={group}")),
            from: "timeline",
        })
}

/// One page of a group, newest first, and whether there are earlier ones.
async fn entries(
    page: &Page,
    id: &IncidentId,
    group: Group,
    mut before: Option<i64>,
) -> Result<(Vec<EntryView>, bool)> {
    let mut found = Vec::new();
    loop {
        let batch = page.state().house.timeline(id, before, BATCH).await?;
        let last = batch.last().map(|entry| entry.seq);
        found.extend(
            batch
                .into_iter()
                .filter(|entry| group == Group::All || group_of(entry.kind) == group),
        );
        // One more than a page tells whether there is another.
        if found.len() > PAGE || last.is_none_or(|seq| seq <= 1) {
            let more = found.len() > PAGE;
            found.truncate(PAGE);
            return Ok((found, more));
        }
        before = last;
    }
}

fn group_of(kind: Kind) -> Group {
    match kind.as_str().split('.').next().unwrap_or_default() {
        "note" | "decision" => Group::Notes,
        "step" | "playbook" => Group::Steps,
        "fact" | "clock" | "severity" => Group::Facts,
        "evidence" | "roster" | "people" => Group::Data,
        "notice" | "report" | "reminder" => Group::Notices,
        _ => Group::Incident,
    }
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
        Kind::RetentionSet => ("", "timer"),
        Kind::RegisterPurged | Kind::PersonErased | Kind::EvidenceDestroyed => ("alert", "trash-2"),
        Kind::PeopleRevealed => ("alert", "eye"),
        Kind::NoticeApproved => ("sent", "stamp"),
        Kind::NoticeDispatched | Kind::NoticeDelivered => ("sent", "send"),
        Kind::ReportFiled => ("sent", "landmark"),
        Kind::Decision | Kind::DutyRuled => ("dec", "gavel"),
        Kind::Note => ("", "message-square-text"),
        Kind::ReminderSent => ("alert", "bell"),
        _ => ("", "file-text"),
    }
}
