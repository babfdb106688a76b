//! Custody of one sealed file: its log, checks, handing over, holds, destruction with proof.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::{evidence, room};
use crate::accounts::can;
use crate::evidence::custody::Handover;
use crate::evidence::hold::{Hold, HoldId};
use crate::evidence::{Evidence, EvidenceId, Verification};
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Locale};
use crate::workflow::Custody;

room!(show, verify, give, hold, release, purge, proof);

/// To whom a file, or a copy of it, was given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Given {
    /// To whom, in at most 200 characters.
    to: String,
    /// By what way, in at most 200 characters.
    how: String,
    /// Why, in at most 1000 characters.
    reason: String,
    /// When; now when nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
}

/// What is to be held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHold {
    /// The file; everything of the incident when none is named.
    evidence_id: Option<EvidenceId>,
    /// Why, in at most 1000 characters.
    reason: String,
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    /// For the timeline, in at most 1000 characters.
    reason: String,
}

/// The confirmation of a destruction.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Destruction {
    /// The number of the incident.
    confirmed: String,
    /// For the timeline and the proof, in at most 1000 characters.
    reason: String,
}

/// What a check found.
#[derive(Serialize, ToSchema)]
struct Checked {
    /// Whether the file still is what was recorded.
    #[schema(value_type = String, example = "intact")]
    found: Verification,
}

/// In which language.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Language {
    /// `ja` or `en`.
    locale: Option<Locale>,
}

/// One sealed file with its holds and its custody log.
#[utoipa::path(tag = "evidence", responses((status = 200, body = Custody)))]
#[get("/incidents/{incident}/evidence/{evidence}")]
async fn show(caller: Caller, at: At<(IncidentId, EvidenceId)>) -> Answer<Custody> {
    caller.grant::<can::ViewIncidents>()?;
    let (id, file) = at.0;
    Ok(web::Json(caller.house().custody(&id, file).await?))
}

/// Reads a file whole and compares it with its digest; what was found is on the timeline.
#[utoipa::path(tag = "evidence", responses((status = 200, body = Checked)))]
#[post("/incidents/{incident}/evidence/{evidence}/verify")]
async fn verify(caller: Caller, at: At<(IncidentId, EvidenceId)>) -> Answer<Checked> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, file) = at.0;
    let found = caller.house().verify_evidence(&by, &id, file).await?;
    Ok(web::Json(Checked { found }))
}

/// Records that a file was given to somebody.
#[utoipa::path(tag = "evidence", request_body = Given, responses((status = 204)))]
#[post("/incidents/{incident}/evidence/{evidence}/given")]
async fn give(
    caller: Caller,
    at: At<(IncidentId, EvidenceId)>,
    body: Json<Given>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, file) = at.0;
    let Given {
        to,
        how,
        reason,
        at,
    } = body.0;
    let handover = Handover {
        to,
        how,
        reason,
        at,
    };
    caller
        .house()
        .give_evidence(&by, &id, file, handover)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Holds one file, or everything of the incident, back from destruction.
#[utoipa::path(tag = "evidence", request_body = NewHold, responses((status = 201, body = Hold)))]
#[post("/incidents/{incident}/evidence-holds")]
async fn hold(
    caller: Caller,
    id: At<IncidentId>,
    body: Json<NewHold>,
) -> Result<Created<Hold>, ApiError> {
    let by = caller.grant::<can::HoldEvidence>()?;
    let NewHold {
        evidence_id,
        reason,
    } = body.0;
    let set = caller
        .house()
        .hold_evidence(&by, &id, evidence_id, reason)
        .await?;
    Ok(Created(set))
}

/// Lifts a hold.
#[utoipa::path(tag = "evidence", request_body = Why, responses((status = 204)))]
#[post("/incidents/{incident}/evidence-holds/{hold}/release")]
async fn release(
    caller: Caller,
    at: At<(IncidentId, HoldId)>,
    body: Json<Why>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::HoldEvidence>()?;
    let (id, held) = at.0;
    caller
        .house()
        .release_evidence(&by, &id, held, body.0.reason)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Destroys the bytes of one file of a closed incident; its row and digest stay.
#[utoipa::path(tag = "evidence", request_body = Destruction, responses((status = 200, body = Evidence)))]
#[post("/incidents/{incident}/evidence/{evidence}/purge")]
async fn purge(
    caller: Caller,
    at: At<(IncidentId, EvidenceId)>,
    body: Json<Destruction>,
) -> Answer<Evidence> {
    let by = caller.grant::<can::PurgeRegister>()?;
    let (id, file) = at.0;
    let Destruction { confirmed, reason } = body.0;
    let gone = caller
        .house()
        .purge_evidence(&by, &id, file, reason, &confirmed)
        .await?;
    Ok(web::Json(gone))
}

/// The proof that a file was destroyed: what it was, who did it and why, and the entry that says so.
#[utoipa::path(
    tag = "evidence",
    responses((status = 200, content_type = "text/plain", description = "The proof")),
)]
#[get("/incidents/{incident}/evidence/{evidence}/proof")]
async fn proof(
    caller: Caller,
    at: At<(IncidentId, EvidenceId)>,
    asked: web::Query<Language>,
) -> Result<HttpResponse, ApiError> {
    caller.grant::<can::ViewIncidents>()?;
    let (id, file) = at.0;
    let name = format!("proof-{file}.txt");
    let locale = asked.locale.unwrap_or_default();
    let text = caller.house().purge_proof(&id, file, locale).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, evidence::attachment(&name)))
        .body(text))
}
