//! What was learnt: texts, actions, and whether the timeline holds.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::{Case, kept};
use crate::accounts::can;
use crate::incidents::ActionId;
use crate::incidents::review::{self, Action, Section};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::playbooks::Link;
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
    sections: Vec<SectionView>,
    actions: Vec<ActionView>,
    open_actions: usize,
    reports: String,
    verified: Option<Verified>,
    conflict: Option<Conflict>,
}

/// One text of the review.
#[derive(Serialize)]
struct SectionView {
    section: Section,
    label: String,
    hint: String,
    version: i64,
    recorded_at: Option<Instant>,
    rows: usize,
}

#[derive(Serialize)]
struct ActionView {
    #[serde(flatten)]
    action: Action,
    overdue: bool,
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

/// What somebody else wrote into the same text meanwhile.
#[derive(Serialize)]
struct Conflict {
    label: String,
    body: String,
    at: Option<Instant>,
}

/// How the page is shown this time.
#[derive(Default)]
struct Showing {
    form: FormState,
    status: Option<StatusCode>,
    conflict: Option<Section>,
    verify: bool,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let showing = Showing {
        verify: query.iter().any(|(name, _)| name == "verify"),
        ..Showing::default()
    };
    render(&signed, &id, showing).await
}

async fn write(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let incident = super::incident_id(&id)?;
    let malformed = || Problem::new(Code::MalformedBody);
    let section: Section = form.get("section").parse().map_err(|_| malformed())?;
    let version = form.get("version").parse().map_err(|_| malformed())?;
    let body = form.get(section.as_str()).to_owned();
    let house = &signed.page.state().house;
    match house
        .write_review(&by, &incident, section, body, version)
        .await
    {
        Ok(()) => {
            let to = format!("/incidents/{incident}/review#{section}");
            Ok(signed.page.go(&to, "flash-saved"))
        }
        Err(mut problem) => {
            // The room says "body"; on the page each text is a field of its own.
            for field in &mut problem.fields {
                section.as_str().clone_into(&mut field.field);
            }
            let conflict = (problem.code == Code::EditConflict).then_some(section);
            let (form, status) = kept(&form, problem, &signed.page)?;
            let showing = Showing {
                form,
                status: Some(status),
                conflict,
                verify: false,
            };
            render(&signed, &id, showing).await
        }
    }
}

async fn add_action(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let incident = super::incident_id(&id)?;
    let text = |name: &str| form.get(name).to_owned();
    let due = Some(text("due_on")).filter(|due| !due.is_empty());
    let house = &signed.page.state().house;
    let added = house
        .add_action(&by, &incident, text("title"), text("owner"), due)
        .await;
    match added {
        Ok(_) => {
            let to = format!("/incidents/{incident}/review#actions");
            Ok(signed.page.go(&to, "flash-action-added"))
        }
        Err(problem) => {
            let (form, status) = kept(&form, problem, &signed.page)?;
            let showing = Showing {
                form,
                status: Some(status),
                ..Showing::default()
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
    let by = signed.actor().grant::<can::EditIncident>()?;
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
    let to = format!("/incidents/{incident}/review#actions");
    Ok(signed.page.go(&to, flash))
}

async fn render(signed: &SignedIn, id: &str, showing: Showing) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id).await?;
    let (house, incident) = (page.state().house.clone(), case.incident.id.clone());
    let verify = showing.verify;
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
            review::notes(conn, &incident)?,
            review::actions_of(conn, &incident)?,
            findings,
        ))
    });
    let (notes, actions, findings) = read.await?;
    let note = |section: Section| notes.iter().find(|note| note.section == section);
    let label = |section: Section| page.text(&format!("section-{section}"));
    let body = |section| {
        note(section)
            .map(|note| note.body.clone())
            .unwrap_or_default()
    };
    let mut form = showing.form;
    form.fill(
        Section::ALL
            .iter()
            .map(|section| (section.as_str(), body(*section))),
    );
    form.fill(["title", "owner", "due_on"].map(|name| (name, String::new())));
    let today = page.now().in_zone(page.zone()).date().to_string();
    let mut answer = page
        .view("incidents/review/review")
        .title(case.page_title(page, Link::Review))
        .nav("incidents");
    if let Some(status) = showing.status {
        answer = answer.status(status);
    }
    let view = View {
        head: case.header(page, Link::Review),
        base: format!("/incidents/{}/review", case.incident.id),
        timeline: format!("/incidents/{}/timeline", case.incident.id),
        sections: Section::ALL
            .iter()
            .map(|section| SectionView {
                section: *section,
                label: label(*section),
                hint: page.text(&format!("section-{section}-hint")),
                version: note(*section).map_or(0, |note| note.version),
                recorded_at: note(*section).map(|note| note.recorded_at),
                rows: body(*section)
                    .lines()
                    .count()
                    .saturating_add(2)
                    .clamp(4, 20),
            })
            .collect(),
        open_actions: actions
            .iter()
            .filter(|action| action.done_at.is_none())
            .count(),
        actions: actions
            .into_iter()
            .map(|action| ActionView {
                // Days in ISO text sort as days.
                overdue: action.done_at.is_none()
                    && action.due_on.as_ref().is_some_and(|due| *due < today),
                action,
            })
            .collect(),
        reports: format!("/incidents/{}/reports", case.incident.id),
        verified: findings.map(|findings| Verified {
            entries: case.entries,
            findings: findings
                .into_iter()
                .filter(|finding| finding.incident_id == case.incident.id.as_str())
                .map(|finding| Finding {
                    seq: finding.seq,
                    what: finding.what,
                })
                .collect(),
        }),
        conflict: showing.conflict.map(|section| Conflict {
            label: label(section),
            body: body(section),
            at: note(section).map(|note| note.recorded_at),
        }),
    };
    answer.form(form).respond(&view)
}
