//! What was learnt: texts of the review, and the actions that follow.

use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::incidents::review::{self, Action, ReviewNote, Section};
use crate::incidents::{ActionId, IncidentId};

room!(show, write, add_action, settle_action);

/// The review of an incident.
#[derive(Serialize, ToSchema)]
struct ReviewView {
    /// Its texts.
    notes: Vec<ReviewNote>,
    /// What is to be done, open actions first.
    actions: Vec<Action>,
}

/// A text of the review.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// The text.
    body: String,
    /// The version that was read; 0 for none.
    version: i64,
}

/// Something to do so that it does not happen again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionBody {
    /// What is to be done.
    title: String,
    /// Who does it.
    owner: String,
    /// By which day (ISO 8601).
    #[schema(format = Date)]
    due_on: Option<String>,
}

/// Whether an action is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoneBody {
    /// Whether it is done.
    done: bool,
}

/// The review of an incident.
#[utoipa::path(tag = "review", responses((status = 200, body = ReviewView)))]
#[get("/incidents/{incident}/review")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<ReviewView> {
    Ok(web::Json(view(&caller, &id).await?))
}

/// Writes a text of the review.
#[utoipa::path(tag = "review", responses((status = 200, body = ReviewView)))]
#[put("/incidents/{incident}/review/{section}")]
async fn write(
    caller: Caller,
    at: At<(IncidentId, Section)>,
    Json(body): Json<NoteBody>,
) -> Answer<ReviewView> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, section) = &*at;
    caller
        .house()
        .write_review(&by, id, *section, body.body, body.version)
        .await?;
    Ok(web::Json(view(&caller, id).await?))
}

/// Adds an action that prevents the next incident.
#[utoipa::path(tag = "review", responses((status = 201, body = Action)))]
#[post("/incidents/{incident}/actions")]
async fn add_action(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<ActionBody>,
) -> Result<Created<Action>, ApiError> {
    let by = caller.grant::<can::EditIncident>()?;
    let action = caller
        .house()
        .add_action(&by, &id, body.title, body.owner, body.due_on)
        .await?;
    Ok(Created(action))
}

/// Marks an action as done, or as open again.
#[utoipa::path(tag = "review", responses((status = 204)))]
#[put("/incidents/{incident}/actions/{action}")]
async fn settle_action(
    caller: Caller,
    at: At<(IncidentId, ActionId)>,
    Json(body): Json<DoneBody>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, action) = &*at;
    caller
        .house()
        .settle_action(&by, id, action, body.done)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn view(caller: &Caller, id: &IncidentId) -> Result<ReviewView, ApiError> {
    let view = caller
        .read(id, |conn, id| {
            Ok(ReviewView {
                notes: review::notes(conn, id)?,
                actions: review::actions_of(conn, id)?,
            })
        })
        .await?;
    Ok(view)
}
