//! One roster: its columns to confirm, its progress, or what came of it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id, query};
use super::problems::{self, Problems};
use super::roster_list::{self, RosterLine};
use super::{PeopleTab, Tab, Tag, Text, draft, people_tabs};
use crate::accounts::{Granted, can};
use crate::affected::{Roster, RosterId, RosterState, rosters};
use crate::evidence::{self, Evidence};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::web::words;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    const ROSTER: &str = "/incidents/{id}/people/rosters/{roster}";
    let act = |path: &str| web::resource(format!("{ROSTER}/{path}")).route(web::get().to(back));
    config
        .route(ROSTER, web::get().to(show))
        .service(act("reading").route(web::post().to(draft::read_otherwise)))
        .service(act("columns").route(web::post().to(draft::confirm)))
        .service(act("pause").route(web::post().to(pause)))
        .service(act("resume").route(web::post().to(resume)))
        .service(act("take-back").route(web::post().to(take_back)));
}

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    roster: RosterLine,
    /// `work`, `paused`, `undoing`, `result`, `failed`, `undone` or `draft`.
    shape: &'static str,
    /// Why it failed, and what to do next.
    failure: Option<Text>,
    problems: Option<Problems>,
}

/// How an import gets on, in words.
#[derive(Clone, Serialize)]
pub(super) struct Progress {
    /// Rows that were taken, and all; for the bar.
    rows: i64,
    total: i64,
    percent: i64,
    /// E.g. `12,345 / 100,000 rows`.
    text: String,
    /// E.g. `8,200 rows per second`; empty while nothing was measured.
    rate: String,
    /// E.g. `about 2 minutes left`; empty while nothing was measured.
    left: String,
}

pub(super) fn progress(roster: &Roster, now: Instant, language: Locale) -> Progress {
    let progress = roster.progress(now);
    let with = |key: &str, variables: &[(&str, String)]| {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect();
        locale::text_with(language, key, &variables)
    };
    let number = words::number_text;
    let runs = roster.state == RosterState::Importing && progress.per_second > 0;
    let left = |seconds: i64| match seconds {
        ..60 => with(
            "progress-left-seconds",
            &[("number", seconds.max(1).to_string())],
        ),
        60..5_400 => with(
            "progress-left-minutes",
            &[("number", ((seconds + 59) / 60).to_string())],
        ),
        _ => with(
            "progress-left-hours",
            &[("number", ((seconds + 3_599) / 3_600).to_string())],
        ),
    };
    Progress {
        rows: progress.rows,
        total: progress.total.max(1),
        percent: progress.percent,
        text: with(
            "progress-rows",
            &[
                ("rows", number(progress.rows)),
                ("total", number(progress.total)),
            ],
        ),
        rate: if runs {
            with("progress-rate", &[("rows", number(progress.per_second))])
        } else {
            String::new()
        },
        left: progress
            .seconds_left
            .filter(|_| runs)
            .map(left)
            .unwrap_or_default(),
    }
}

/// The state of a roster as a word in a colour.
pub(super) fn state_tag(state: RosterState, language: Locale) -> Tag {
    let (tone, icon) = match state {
        RosterState::Draft => ("amber", "list-checks"),
        RosterState::Waiting => ("blue", "clock"),
        RosterState::Importing => ("blue", "refresh-cw"),
        RosterState::Paused => ("amber", "minus"),
        RosterState::Imported => ("green", "circle-check"),
        RosterState::Undoing => ("amber", "rotate-ccw"),
        RosterState::Undone => ("grey", "circle-slash"),
        RosterState::Failed => ("red", "circle-x"),
    };
    Tag {
        tone,
        icon,
        text: locale::text(language, &format!("roster-state-{state}")),
    }
}

async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let (case, roster, files, all) = gather(&signed, &path).await?;
    let page = &signed.page;
    if roster.state == RosterState::Draft
        && let Ok(by) = signed.actor().grant::<can::ImportRoster>()
    {
        let found = page
            .state()
            .house
            .draft_roster(&by, &case.incident.id, &roster.id);
        match found.await {
            Ok(found) => {
                let form = FormState::default();
                return draft::render(&signed, &case, found, &files, &all, form, StatusCode::OK)
                    .await;
            }
            // Somebody confirmed it a moment ago.
            Err(problem) if problem.code == Code::WrongState => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    let after = query(&asked, "after").parse().unwrap_or_default();
    let language = page.locale();
    let file = files.iter().find(|file| file.id == roster.evidence_id);
    let problems = match roster.state {
        RosterState::Imported | RosterState::Paused => {
            Some(problems::read(page, &case, &roster, after, query(&asked, "only")).await?)
        }
        _ => None,
    };
    page.view("incidents/people/roster")
        .title(page.text("people-roster"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Rosters).await?,
            shape: shape(roster.state),
            failure: rosters::failure(&roster).map(|problem| Text {
                title: problem.title(language),
                text: problem.next_step(language),
            }),
            problems,
            roster: roster_list::line(
                &case,
                &roster,
                file,
                &roster_list::numbers(&all),
                page.now(),
                language,
            ),
        })
}

fn shape(state: RosterState) -> &'static str {
    match state {
        RosterState::Draft => "draft",
        RosterState::Waiting | RosterState::Importing => "work",
        RosterState::Paused => "paused",
        RosterState::Imported => "result",
        RosterState::Undoing => "undoing",
        RosterState::Undone => "undone",
        RosterState::Failed => "failed",
    }
}

/// The case, the roster of an address, the files of the incident and all its rosters.
pub(super) async fn gather(
    signed: &SignedIn,
    path: &(String, String),
) -> Result<(Case, Roster, Vec<Evidence>, Vec<Roster>)> {
    let case = Case::find(signed, &path.0).await?;
    let id = case.incident.id.clone();
    let roster = roster_id(&path.1)?;
    let house = &signed.page.state().house;
    let roster = house.roster_of(&id, &roster).await?;
    let read = house.store.read(move |conn| {
        let files = evidence::list(conn, id.as_str())?;
        Ok((files, rosters::rosters(conn, id.as_str())?))
    });
    let (files, all) = read.await?;
    Ok((case, roster, files, all))
}

async fn back(
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, roster) = (incident_id(&path.0)?, roster_id(&path.1)?);
    Ok(signed.page.go(&here(&id, &roster), ""))
}

async fn pause(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _: Submission,
) -> Result<HttpResponse, PageError> {
    let (by, id, roster) = acts(&signed, &path)?;
    let house = &signed.page.state().house;
    let done = house.pause_roster(&by, &id, &roster).await;
    acted(&signed, &id, &roster, done, "flash-roster-paused")
}

async fn resume(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _: Submission,
) -> Result<HttpResponse, PageError> {
    let (by, id, roster) = acts(&signed, &path)?;
    let house = &signed.page.state().house;
    let done = house.resume_roster(&by, &id, &roster).await;
    acted(&signed, &id, &roster, done, "flash-roster-resumed")
}

async fn take_back(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _: Submission,
) -> Result<HttpResponse, PageError> {
    let (by, id, roster) = acts(&signed, &path)?;
    let house = &signed.page.state().house;
    let done = house.take_back_roster(&by, &id, &roster).await;
    acted(&signed, &id, &roster, done, "flash-roster-taken-back")
}

type Acts = (Granted<can::ImportRoster>, IncidentId, RosterId);

fn acts(signed: &SignedIn, path: &(String, String)) -> Result<Acts> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    Ok((by, incident_id(&path.0)?, roster_id(&path.1)?))
}

/// Back to the roster. An import that ended meanwhile is no mistake of whoever pressed the button.
pub(super) fn acted(
    signed: &SignedIn,
    id: &IncidentId,
    roster: &RosterId,
    done: Result<Roster>,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    let flash = match done {
        Ok(_) => flash,
        Err(problem) if problem.code == Code::WrongState => "flash-roster-moved-on",
        Err(problem) => return Err(problem.into()),
    };
    Ok(signed.page.go(&here(id, roster), flash))
}

pub(super) fn roster_id(text: &str) -> Result<RosterId> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

pub(super) fn here(id: &IncidentId, roster: &RosterId) -> String {
    format!("/incidents/{id}/people/rosters/{roster}")
}
