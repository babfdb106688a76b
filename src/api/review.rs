//! The post-mortem: its sections with their versions, and the actions that follow.

use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::incidents::{ActionId, IncidentId};
use crate::kernel::{Locale, Problem};
use crate::postmortem::{Action, Change, Content, Section, Version};
use crate::workflow::Workspace;

room!(show, write, versions, add_action, settle_action);

/// What is written into a section: `body` for Markdown, or `content` for any shape.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// Markdown.
    body: Option<String>,
    /// Markdown or rows, as the section holds them.
    content: Option<Content>,
    /// The version that was read; 0 for none.
    version: i64,
    /// Whether it is saved while somebody types: such saves are taken together for ten minutes.
    #[serde(default)]
    automatic: bool,
}

/// The number that a save got.
#[derive(Serialize, ToSchema)]
struct Saved {
    /// The version that stands now.
    version: i64,
}

/// In which language the case proposes texts.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `ja` or `en`.
    #[serde(default)]
    locale: Option<Locale>,
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

/// The post-mortem of an incident: what is written, and what the case tells of each section.
#[utoipa::path(tag = "review", params(Asked), responses((status = 200, body = Workspace)))]
#[get("/incidents/{incident}/review")]
async fn show(caller: Caller, id: At<IncidentId>, asked: web::Query<Asked>) -> Answer<Workspace> {
    caller.grant::<can::ViewIncidents>()?;
    let locale = asked.locale.unwrap_or(Locale::Ja);
    Ok(web::Json(caller.house().post_mortem(&id, locale).await?))
}

/// Writes a section of the post-mortem.
#[utoipa::path(tag = "review", responses((status = 200, body = Saved)))]
#[put("/incidents/{incident}/review/{section}")]
async fn write(
    caller: Caller,
    at: At<(IncidentId, Section)>,
    Json(body): Json<NoteBody>,
) -> Answer<Saved> {
    let by = caller.grant::<can::WritePostMortem>()?;
    let (id, section) = &*at;
    let content = match (body.body, body.content) {
        (Some(text), None) => Content::Text(text),
        (None, Some(content)) => content,
        _ => return Err(Problem::field("content", "field-required").into()),
    };
    let change = Change {
        section: *section,
        content,
        seen: body.version,
        automatic: body.automatic,
    };
    let version = caller.house().write_section(&by, id, change).await?;
    Ok(web::Json(Saved { version }))
}

/// Every version of a section, the newest first.
#[utoipa::path(tag = "review", responses((status = 200, body = Vec<Version>)))]
#[get("/incidents/{incident}/review/{section}/versions")]
async fn versions(caller: Caller, at: At<(IncidentId, Section)>) -> Answer<Vec<Version>> {
    caller.grant::<can::ViewIncidents>()?;
    let (id, section) = &*at;
    Ok(web::Json(
        caller.house().section_versions(id, *section).await?,
    ))
}

/// Adds an action that prevents the next incident.
#[utoipa::path(tag = "review", responses((status = 201, body = Action)))]
#[post("/incidents/{incident}/actions")]
async fn add_action(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<ActionBody>,
) -> Result<Created<Action>, ApiError> {
    let by = caller.grant::<can::WritePostMortem>()?;
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
    let by = caller.grant::<can::WritePostMortem>()?;
    let (id, action) = &*at;
    caller
        .house()
        .settle_action(&by, id, action, body.done)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
