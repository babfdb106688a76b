//! The workspace of the post-mortem: sections, actions, and whether the timeline holds.

mod fields;
mod view;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::{Case, kept, query};
use crate::accounts::can;
use crate::incidents::{ActionId, IncidentId};
use crate::kernel::{Code, Problem, Result};
use crate::playbooks::Link;
use crate::postmortem::{self, Change, Content, Section};
use crate::timeline;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let base = "/incidents/{id}/review";
    config
        .service(
            web::resource(base)
                .app_data(web::PayloadConfig::new(1024 * 1024))
                .route(web::get().to(show))
                .route(web::post().to(write)),
        )
        .route(&format!("{base}/preview"), web::post().to(preview))
        .route(&format!("{base}/autosave"), web::post().to(autosave))
        .route(&format!("{base}/take"), web::post().to(take))
        .route(&format!("{base}/restore"), web::post().to(restore))
        .route(&format!("{base}/actions"), web::post().to(add_action))
        .route(
            &format!("{base}/actions/{{action}}"),
            web::post().to(settle_action),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    timeline: String,
    sections: Vec<view::Entry>,
    written: usize,
    open: view::Open,
    history: Vec<view::Past>,
    changes: Option<view::Changes>,
    conflict: Option<view::Conflict>,
    actions: Vec<view::ActionView>,
    open_actions: usize,
    reports: String,
    verified: Option<Verified>,
}

/// What a check of the timeline found.
#[derive(Serialize)]
struct Verified {
    entries: i64,
    /// The entries that do not hold: number, and what is wrong.
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    seq: Option<i64>,
    what: String,
}

/// How the page is shown this time.
struct Showing {
    section: Section,
    form: FormState,
    status: Option<StatusCode>,
    /// What was typed, where it was not saved.
    typed: Option<Content>,
    conflict: bool,
    /// Which version is compared with the one before it.
    compared: Option<i64>,
    verify: bool,
}

impl Showing {
    fn of(section: Section) -> Self {
        Self {
            section,
            form: FormState::default(),
            status: None,
            typed: None,
            conflict: false,
            compared: None,
            verify: false,
        }
    }
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let section = query(&asked, "section").parse().unwrap_or(Section::Summary);
    let showing = Showing {
        verify: asked.iter().any(|(name, _)| name == "verify"),
        compared: query(&asked, "version").parse().ok(),
        ..Showing::of(section)
    };
    render(&signed, &id, showing).await
}

async fn write(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&id)?;
    let (section, seen) = named(&form)?;
    let content = fields::content(&form, section)?;
    let change = by_hand(section, content.clone(), seen);
    let house = &signed.page.state().house;
    match house.write_section(&by, &incident, change).await {
        Ok(_) => Ok(saved(&signed, &incident, section)),
        Err(problem) => {
            let conflict = problem.code == Code::EditConflict;
            let (form, status) = kept(&form, problem, &signed.page)?;
            let showing = Showing {
                form,
                status: Some(status),
                typed: Some(content),
                conflict,
                ..Showing::of(section)
            };
            render(&signed, &id, showing).await
        }
    }
}

/// The version that a save while typing made; the script of the page puts it into the form.
#[derive(Serialize)]
struct Saved {
    version: i64,
}

/// Saves while somebody types: answers to the script of the page, which shows no page for it.
async fn autosave(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&id)?;
    let (section, seen) = named(&form)?;
    let change = Change {
        section,
        content: fields::content(&form, section)?,
        seen,
        automatic: true,
    };
    let house = &signed.page.state().house;
    let version = house.write_section(&by, &incident, change).await?;
    Ok(HttpResponse::Ok().json(Saved { version }))
}

/// Shows what was typed as it will be read; nothing is saved.
async fn preview(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::WritePostMortem>()?;
    let (section, _) = named(&form)?;
    let typed = fields::content(&form, section)?;
    let pairs = form.pairs().iter().filter(|(name, _)| name != "csrf");
    let showing = Showing {
        form: FormState::filled(pairs.map(|(name, value)| (name.as_str(), value.clone()))),
        typed: Some(typed),
        ..Showing::of(section)
    };
    render(&signed, &id, showing).await
}

/// Takes over what the case proposes for a section that nobody wrote.
async fn take(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&id)?;
    let (section, seen) = named(&form)?;
    let house = &signed.page.state().house;
    let whole = house.post_mortem(&incident, signed.page.locale()).await?;
    let told = whole
        .sections
        .into_iter()
        .find(|one| one.section == section && !section.is_generated())
        .and_then(|one| one.told)
        .ok_or_else(|| Problem::new(Code::WrongState))?;
    let change = by_hand(section, Content::Text(told.text), seen);
    house.write_section(&by, &incident, change).await?;
    Ok(saved(&signed, &incident, section))
}

/// Makes an earlier version the newest again, as a version of its own.
async fn restore(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&id)?;
    let (section, seen) = named(&form)?;
    let number: i64 = form
        .get("number")
        .parse()
        .map_err(|_| Problem::new(Code::MalformedBody))?;
    let house = &signed.page.state().house;
    let versions = house.section_versions(&incident, section).await?;
    let earlier = versions
        .iter()
        .find(|version| version.version == number)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let change = by_hand(section, Content::stored(section, &earlier.body), seen);
    house.write_section(&by, &incident, change).await?;
    Ok(saved(&signed, &incident, section))
}

fn by_hand(section: Section, content: Content, seen: i64) -> Change {
    Change {
        section,
        content,
        seen,
        automatic: false,
    }
}

/// Back to the section, which says that it was saved.
fn saved(signed: &SignedIn, incident: &IncidentId, section: Section) -> HttpResponse {
    signed
        .page
        .go(&view::address(incident, section), "flash-saved")
}

/// The section that a form is about, and the version that it was made from.
fn named(form: &Submission) -> Result<(Section, i64)> {
    let malformed = || Problem::new(Code::MalformedBody);
    let section = form.get("section").parse().map_err(|_| malformed())?;
    let seen = form.get("version").parse().map_err(|_| malformed())?;
    Ok((section, seen))
}

async fn add_action(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&id)?;
    let text = |name: &str| form.get(name).to_owned();
    let due = Some(text("due_on")).filter(|due| !due.is_empty());
    let house = &signed.page.state().house;
    let added = house
        .add_action(&by, &incident, text("title"), text("owner"), due)
        .await;
    match added {
        Ok(_) => {
            let to = format!("/incidents/{incident}/review?section=actions#actions");
            Ok(signed.page.go(&to, "flash-action-added"))
        }
        Err(problem) => {
            let (form, status) = kept(&form, problem, &signed.page)?;
            let showing = Showing {
                form,
                status: Some(status),
                ..Showing::of(Section::Actions)
            };
            render(&signed, &id, showing).await
        }
    }
}

async fn settle_action(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::WritePostMortem>()?;
    let incident = super::incident_id(&path.0)?;
    let action: ActionId = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let done = form.get("done") == "yes";
    let house = &signed.page.state().house;
    house.settle_action(&by, &incident, &action, done).await?;
    let flash = if done {
        "flash-action-done"
    } else {
        "flash-action-open"
    };
    let to = format!("/incidents/{incident}/review?section=actions#actions");
    Ok(signed.page.go(&to, flash))
}

async fn render(signed: &SignedIn, id: &str, showing: Showing) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id).await?;
    let (house, incident) = (page.state().house.clone(), case.incident.id.clone());
    let (verify, section, locale) = (showing.verify, showing.section, page.locale());
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let findings = if verify {
            let public_key = house.vault.signing_key().public_key();
            let verdict = timeline::verify_incident(conn, public_key, incident.as_str())?;
            Some(verdict.findings)
        } else {
            None
        };
        Ok((
            house.post_mortem_in(conn, &incident, locale)?,
            postmortem::versions(conn, &incident, section)?,
            findings,
        ))
    });
    let (whole, versions, findings) = read.await?;
    let one = whole
        .sections
        .iter()
        .find(|one| one.section == section)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut form = showing.form;
    let typed = showing.typed.as_ref();
    let values = fields::values(&one.content);
    form.fill(
        values
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    form.fill(["title", "owner", "due_on"].map(|name| (name, String::new())));
    let title = page.text(&format!("section-{section}"));
    let mut answer = page
        .view("incidents/review/review")
        .title(format!("{title} — {}", case.page_title(page, Link::Review)))
        .nav("incidents");
    if let Some(status) = showing.status {
        answer = answer.status(status);
    }
    let id = &case.incident.id;
    let shown = View {
        head: case.header(page, Link::Review),
        base: format!("/incidents/{id}/review"),
        timeline: format!("/incidents/{id}/timeline"),
        sections: view::entries(page, id, &whole, section),
        written: whole
            .sections
            .iter()
            .filter(|one| !one.content.is_empty())
            .count(),
        open: view::open(page, one, typed, &case.names),
        history: view::history(id, &versions, &case.names),
        changes: showing
            .compared
            .and_then(|number| view::changes(locale, &versions, number)),
        conflict: typed
            .filter(|_| showing.conflict)
            .map(|typed| view::conflict(page, one, typed, &case.names)),
        open_actions: whole
            .actions
            .iter()
            .filter(|action| action.done_at.is_none())
            .count(),
        actions: view::actions(page, whole.actions.clone()),
        reports: format!("/incidents/{}/reports", case.incident.id),
        verified: findings.map(|findings| Verified {
            entries: case.entries,
            findings: findings
                .into_iter()
                .filter(|finding| finding.incident_id == id.as_str())
                .map(|finding| Finding {
                    seq: finding.seq,
                    what: finding.what,
                })
                .collect(),
        }),
    };
    answer.form(form).respond(&shown)
}
