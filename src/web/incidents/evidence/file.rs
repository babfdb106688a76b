//! The page of one sealed file: what it is, its custody, and what may be done with it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, downloads, kept, local_instant, timeline};
use super::{ids, rounded};
use crate::accounts::can;
use crate::evidence::custody::Handover;
use crate::evidence::hold::{Hold, HoldId};
use crate::evidence::preview::is_shown;
use crate::evidence::{EvidenceId, Verification};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::entries;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let at = |verb: &str| web::resource(format!("/incidents/{{id}}/evidence/{{file}}{verb}"));
    config
        .service(at("").route(web::get().to(show)))
        .service(at("/verify").route(web::post().to(verify)))
        .service(at("/preview").route(web::post().to(preview)))
        .service(at("/given").route(web::post().to(give)))
        .service(at("/hold").route(web::post().to(hold)))
        .service(at("/release").route(web::post().to(release)))
        .service(at("/purge").route(web::post().to(purge)))
        .service(at("/proof").route(web::get().to(proof)));
}

type FilePath = web::Path<(String, String)>;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    /// Which view of the timeline an entry's buttons lead to: the whole.
    back: String,
    file: Facts,
    holds: Vec<HoldLine>,
    /// Whether a hold stands, so that a destruction would be refused.
    held: bool,
    closed: bool,
    incident_number: String,
    lines: Vec<timeline::Line>,
    /// What a check that was asked for just now found.
    found: Option<Verification>,
}

/// What the row says.
#[derive(Serialize)]
struct Facts {
    name: String,
    note: String,
    size: String,
    is_empty: bool,
    sha256: String,
    address: String,
    claimed_type: String,
    found_type: String,
    differs: bool,
    /// Whether a preview is tried.
    shown: bool,
    /// Whether it goes with the register of affected people.
    is_roster: bool,
    by: String,
    recorded_at: Instant,
    destroyed_at: Option<Instant>,
}

/// One hold.
#[derive(Serialize)]
struct HoldLine {
    id: HoldId,
    whole: bool,
    reason: String,
    by: String,
    set_at: Instant,
    lifted_by: Option<String>,
    lifted_at: Option<Instant>,
    lift_reason: String,
}

async fn show(signed: SignedIn, path: FilePath) -> Result<HttpResponse, PageError> {
    render(&signed, &path, FormState::default(), StatusCode::OK, None).await
}

async fn verify(
    signed: SignedIn,
    path: FilePath,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, file) = ids(&path)?;
    let house = &signed.page.state().house;
    let found = house.verify_evidence(&by, &id, file).await?;
    let state = FormState::default();
    render(&signed, &path, state, StatusCode::OK, Some(found)).await
}

/// What may be shown of a file, in a tab of its own. By POST, because it is told on the timeline.
async fn preview(
    signed: SignedIn,
    path: FilePath,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, file) = ids(&path)?;
    let house = &signed.page.state().house;
    Ok(downloads::shown(
        house.preview_evidence(&by, &id, file).await?,
    ))
}

async fn give(
    signed: SignedIn,
    path: FilePath,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, file) = ids(&path)?;
    let page = &signed.page;
    let given = match local_instant(&form, "at", page.zone()) {
        Ok(at) => {
            let handover = Handover {
                to: form.get("to").to_owned(),
                how: form.get("how").to_owned(),
                reason: form.get("given_reason").to_owned(),
                at,
            };
            page.state()
                .house
                .give_evidence(&by, &id, file, handover)
                .await
        }
        Err(problem) => Err(problem),
    };
    answer(
        &signed,
        &path,
        &form,
        given,
        "given_reason",
        "flash-custody-given",
    )
    .await
}

async fn hold(
    signed: SignedIn,
    path: FilePath,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::HoldEvidence>()?;
    let (id, file) = ids(&path)?;
    let reason = form.get("hold_reason").to_owned();
    let file = (!form.is_on("whole")).then_some(file);
    let house = &signed.page.state().house;
    let set = house.hold_evidence(&by, &id, file, reason).await.map(drop);
    answer(
        &signed,
        &path,
        &form,
        set,
        "hold_reason",
        "flash-custody-held",
    )
    .await
}

async fn release(
    signed: SignedIn,
    path: FilePath,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::HoldEvidence>()?;
    let (id, _) = ids(&path)?;
    let hold: HoldId = form
        .get("hold")
        .parse()
        .map_err(|_| Problem::new(Code::NotFound))?;
    let reason = form.get("release_reason").to_owned();
    let house = &signed.page.state().house;
    let lifted = house.release_evidence(&by, &id, hold, reason).await;
    answer(
        &signed,
        &path,
        &form,
        lifted,
        "release_reason",
        "flash-custody-released",
    )
    .await
}

async fn purge(
    signed: SignedIn,
    path: FilePath,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::PurgeRegister>()?;
    let (id, file) = ids(&path)?;
    let reason = form.get("purge_reason").to_owned();
    let confirmed = form.get("confirmed");
    let house = &signed.page.state().house;
    let gone = house
        .purge_evidence(&by, &id, file, reason, confirmed)
        .await;
    let gone = gone.map(drop);
    answer(
        &signed,
        &path,
        &form,
        gone,
        "purge_reason",
        "flash-custody-purged",
    )
    .await
}

/// The proof that a file was destroyed, as a text to keep.
async fn proof(signed: SignedIn, path: FilePath) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let (id, file) = ids(&path)?;
    let page = &signed.page;
    let name = format!("proof-{file}.txt");
    let text = page
        .state()
        .house
        .purge_proof(&id, file, page.locale())
        .await?;
    Ok(downloads::attachment(
        &name,
        "text/plain; charset=utf-8",
        text.into_bytes(),
    )?)
}

/// Back to the page, or the page with what is wrong; the verbs say `reason`, the form has a name of its own for it.
async fn answer(
    signed: &SignedIn,
    path: &(String, String),
    form: &Submission,
    outcome: Result<()>,
    reason: &str,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    match outcome {
        Ok(()) => {
            let (id, file) = ids(path)?;
            Ok(signed.page.go(&address(&id, &file), flash))
        }
        Err(mut problem) => {
            for field in &mut problem.fields {
                if field.field == "reason" {
                    reason.clone_into(&mut field.field);
                }
            }
            let (state, status) = kept(form, problem, &signed.page)?;
            render(signed, path, state, status, None).await
        }
    }
}

async fn render(
    signed: &SignedIn,
    path: &(String, String),
    form: FormState,
    status: StatusCode,
    found: Option<Verification>,
) -> Result<HttpResponse, PageError> {
    let (id, wanted) = ids(path)?;
    let page = &signed.page;
    let case = Case::find(signed, id.as_str()).await?;
    let known = page.state().house.custody(&id, wanted.clone()).await?;
    let name = |account: &str| {
        entries::actor(account, &case.names)
            .get(page.locale())
            .to_owned()
    };
    let line = |hold: Hold| HoldLine {
        whole: hold.evidence_id.is_none(),
        by: name(&hold.set_by),
        lifted_by: hold.lifted_by.as_deref().map(name),
        id: hold.id,
        reason: hold.reason,
        set_at: hold.set_at,
        lifted_at: hold.lifted_at,
        lift_reason: hold.lift_reason,
    };
    let file = known.evidence;
    page.view("incidents/evidence/file")
        .title(format!("{} — {}", file.name, case.incident.number))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Evidence),
            base: address(&id, &wanted),
            back: String::new(),
            held: known.holds.iter().any(|hold| hold.lifted_at.is_none()),
            holds: known.holds.into_iter().map(line).collect(),
            closed: case.incident.closed_at.is_some(),
            incident_number: case.incident.number.clone(),
            lines: timeline::lines(&known.log, page),
            found,
            file: Facts {
                is_roster: file.belongs_to_register(),
                differs: known.type_differs,
                shown: is_shown(&file.found_type),
                is_empty: file.size == 0,
                size: rounded(file.size),
                by: name(&file.recorded_by),
                name: file.name,
                note: file.note,
                sha256: file.sha256,
                address: file.address,
                claimed_type: file.media_type,
                found_type: file.found_type,
                recorded_at: file.recorded_at,
                destroyed_at: file.destroyed_at,
            },
        })
}

fn address(id: &IncidentId, file: &EvidenceId) -> String {
    format!("/incidents/{id}/evidence/{file}")
}
