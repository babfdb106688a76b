//! Changing what an incident is called, who commands it, and whether it goes on.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::declare::{KindCard, chosen_kind, chosen_severity, kind_cards};
use super::header::Header;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept};
use crate::accounts::{self, AccountId, Capability, can};
use crate::incidents::{Changes, Severity, State};
use crate::kernel::{Problem, Redacted, Result};
use crate::playbooks::Link;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/incidents/{id}/edit")
                .route(web::get().to(show))
                .route(web::post().to(submit)),
        )
        .service(
            web::resource("/incidents/{id}/commander")
                .route(web::get().to(back))
                .route(web::post().to(name_commander)),
        )
        .service(
            web::resource("/incidents/{id}/state")
                .route(web::get().to(back))
                .route(web::post().to(set_state)),
        );
}

/// Somebody of the team, to choose from.
#[derive(Serialize)]
pub(super) struct Person {
    pub(super) value: AccountId,
    pub(super) label: Redacted<String>,
}

/// Who may be given command or a step.
pub(super) async fn team(signed: &SignedIn) -> Result<Vec<Person>> {
    let store = &signed.page.state().house.store;
    let accounts = store
        .read(|conn| accounts::active_with(conn, Capability::EditIncident))
        .await?;
    Ok(accounts
        .into_iter()
        .map(|account| Person {
            value: account.id,
            label: account.name,
        })
        .collect())
}

#[derive(Serialize)]
struct View {
    head: Header,
    kinds: Vec<KindCard>,
    severities: &'static [Severity],
    people: Vec<Person>,
    version: i64,
    closed: bool,
    open_duties: usize,
    open_steps: usize,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::EditIncident>()?;
    let case = Case::find(&signed, &id).await?;
    render(&signed, &case, FormState::default(), StatusCode::OK).await
}

/// An address that takes forms; who comes without one is led to the page.
async fn back(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    Ok(signed.page.go(&format!("/incidents/{id}/edit"), ""))
}

async fn submit(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let id = incident_id(&id)?;
    let house = &signed.page.state().house;
    let changed = match read(&form) {
        Ok(changes) => house.change_incident(&by, &id, changes).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(_) => Ok(signed.page.go(&format!("/incidents/{id}"), "flash-saved")),
        Err(problem) => {
            let (state, status) = kept(&form, problem, &signed.page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, state, status).await
        }
    }
}

async fn name_commander(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let id = incident_id(&id)?;
    let house = &signed.page.state().house;
    let named = match form.get("commander").parse::<AccountId>() {
        Ok(commander) => house.name_commander(&by, &id, &commander).await,
        Err(_) => Err(Problem::field("commander", "field-invalid-choice")),
    };
    match named {
        Ok(_) => Ok(signed.page.go(&format!("/incidents/{id}"), "flash-saved")),
        Err(problem) => {
            let (state, status) = kept(&form, problem, &signed.page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, state, status).await
        }
    }
}

async fn set_state(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let id = incident_id(&id)?;
    let house = &signed.page.state().house;
    let wanted = form.get("state").parse::<State>();
    let set = match wanted {
        Ok(state) => house.set_state(&by, &id, state, version(&form)).await,
        Err(_) => Err(Problem::field("state", "field-invalid-choice")),
    };
    match set {
        Ok(incident) => {
            let flash = match incident.state {
                State::Open => "flash-reopened",
                State::Closed => "flash-closed",
            };
            Ok(signed.page.go(&format!("/incidents/{id}"), flash))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, &signed.page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, state, status).await
        }
    }
}

fn read(form: &Submission) -> Result<Changes> {
    let (kind, pattern) = chosen_kind(form)?;
    Ok(Changes {
        title: form.get("title").to_owned(),
        pattern,
        kind,
        severity: chosen_severity(form)?,
        version: version(form),
    })
}

/// The version that the person saw; none fits a form that lacks it, which is a conflict.
fn version(form: &Submission) -> i64 {
    form.get("version").parse().unwrap_or(0)
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    mut form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let incident = &case.incident;
    let what = match (incident.pattern, incident.kind) {
        (Some(pattern), _) => format!("pattern:{pattern}"),
        (None, Some(kind)) => format!("kind:{kind}"),
        (None, None) => String::new(),
    };
    let severity = incident.severity.map_or("", Severity::as_str);
    let commander = incident.commander_id.as_ref();
    form.fill([
        ("title", incident.title.clone()),
        ("what", what),
        ("severity", severity.to_owned()),
        (
            "commander",
            commander.map(ToString::to_string).unwrap_or_default(),
        ),
    ]);
    page.view("incidents/edit")
        .title(format!(
            "{} — {}",
            page.text("incident-edit"),
            incident.number
        ))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Overview),
            kinds: kind_cards(page),
            severities: Severity::ALL,
            people: team(signed).await?,
            version: incident.version,
            closed: incident.state == State::Closed,
            open_duties: case.open_duties(),
            open_steps: case.open_steps(),
        })
}
