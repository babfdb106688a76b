//! Until when affected people's data are kept, and their destruction.

use actix_web::{HttpResponse, delete, get, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::bodies::{At, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::affected::{NewRetention, PersonId, Retention, keeping};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Problem};

room!(show, set, purge, erase);

/// A rule.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// The last day on which the register is kept.
    #[schema(format = Date)]
    keep_until: String,
    /// Why until then, in at most 500 characters.
    basis: String,
    /// The version that was seen; 0 where no rule stands yet.
    #[serde(default)]
    version: i64,
}

/// The confirmation of a destruction.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// The number of the incident.
    confirmed: String,
}

/// Why somebody is erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// For the timeline, in at most 500 characters; it must not name the person.
    reason: String,
}

/// Until when the register of an incident is kept, and whether it was destroyed.
#[utoipa::path(tag = "people", responses((status = 200, body = Retention)))]
#[get("/incidents/{incident}/retention")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<Retention> {
    let found = caller
        .read(&id, |conn, id| keeping::retention(conn, id.as_str()))
        .await?;
    let found = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(web::Json(found))
}

/// Decides until when the register of an incident is kept.
#[utoipa::path(tag = "people", request_body = Rule, responses((status = 200, body = Retention)))]
#[put("/incidents/{incident}/retention")]
async fn set(caller: Caller, id: At<IncidentId>, body: Json<Rule>) -> Answer<Retention> {
    let by = caller.grant::<can::EditIncident>()?;
    let new = NewRetention {
        keep_until: body.0.keep_until,
        basis: body.0.basis,
        version: body.0.version,
    };
    Ok(web::Json(
        caller.house().set_retention(&by, &id, new).await?,
    ))
}

/// Destroys the register of an incident: its key at once, rows and files in the minutes that follow.
#[utoipa::path(
    tag = "people",
    request_body = Confirmation,
    responses((status = 202, body = Retention)),
)]
#[post("/incidents/{incident}/purge")]
async fn purge(
    caller: Caller,
    id: At<IncidentId>,
    body: Json<Confirmation>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::PurgeRegister>()?;
    let begun = caller.house().purge(&by, &id, &body.0.confirmed).await?;
    Ok(HttpResponse::Accepted().json(begun))
}

/// Erases one affected person, with the sealed roster files that hold them.
#[utoipa::path(tag = "people", request_body = Reason, responses((status = 204)))]
#[delete("/incidents/{incident}/people/{person}")]
async fn erase(
    caller: Caller,
    at: At<(IncidentId, String)>,
    body: Json<Reason>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::PurgeRegister>()?;
    let (id, person) = at.0;
    let person: PersonId = person.parse().map_err(|_| Problem::new(Code::NotFound))?;
    caller
        .house()
        .erase_person(&by, &id, person, body.0.reason)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
