//! Exports of the register: ordered with a reason, written meanwhile, handed out on record.

use actix_web::http::header;
use actix_web::{HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::evidence::{attachment, pieces};
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::affected::export::{self, Export, ExportContent, ExportFormat, ExportId, NewExport};
use crate::affected::{Filter, RosterId};
use crate::incidents::IncidentId;
use crate::kernel::{Locale, Problem};

room!(order, list, show, cancel, download);

/// What is wanted, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// `register`, `letters` or `problems`.
    content: ExportContent,
    /// `xlsx`, `csv-utf8` or `csv-cp932`.
    format: ExportFormat,
    /// Which people; of no account for `problems`.
    #[serde(default)]
    filter: Filter,
    /// The roster whose rows are to be corrected; for `problems` only.
    #[schema(value_type = Option<String>)]
    roster: Option<RosterId>,
    /// What it is needed for; that goes on the timeline.
    reason: String,
    /// The language of headers and words; otherwise the caller's own.
    locale: Option<Locale>,
}

/// An export with what it was narrowed by.
#[derive(Serialize, ToSchema)]
struct ExportView {
    #[serde(flatten)]
    export: Export,
    /// Which people.
    filter: Filter,
    /// How far it has come, 0 to 100.
    percent: i64,
}

/// Orders an export of the register; the answer does not wait for it.
#[utoipa::path(tag = "people", request_body = Order, responses((status = 201, body = ExportView)))]
#[post("/incidents/{incident}/exports")]
async fn order(
    caller: Caller,
    id: At<IncidentId>,
    body: Json<Order>,
) -> Result<Created<ExportView>, ApiError> {
    let by = caller.grant::<can::ExportRegister>()?;
    let order = body.0;
    let new = NewExport {
        content: order.content,
        format: order.format,
        filter: order.filter,
        roster: order.roster,
        reason: order.reason,
        locale: order.locale.unwrap_or(caller.actor.locale),
        notice: None,
    };
    let export = caller.house().export_register(&by, &id, new).await?;
    Ok(Created(view(export)?))
}

/// The exports of an incident, the newest first.
#[utoipa::path(tag = "people", responses((status = 200, body = Vec<ExportView>)))]
#[get("/incidents/{incident}/exports")]
async fn list(caller: Caller, id: At<IncidentId>) -> Answer<Vec<ExportView>> {
    caller.grant::<can::ExportRegister>()?;
    let exports = caller
        .read(&id, |conn, id| export::list(conn, id.as_str()))
        .await?;
    let views: Result<Vec<_>, Problem> = exports.into_iter().map(view).collect();
    Ok(web::Json(views?))
}

/// One export, and how far it has come.
#[utoipa::path(tag = "people", responses((status = 200, body = ExportView)))]
#[get("/incidents/{incident}/exports/{export}")]
async fn show(caller: Caller, at: At<(IncidentId, ExportId)>) -> Answer<ExportView> {
    let by = caller.grant::<can::ExportRegister>()?;
    Ok(web::Json(view(
        caller.house().export_of(&by, &at.0.0, &at.0.1).await?,
    )?))
}

/// Stops an export that waits or is being written.
#[utoipa::path(tag = "people", responses((status = 200, body = ExportView)))]
#[delete("/incidents/{incident}/exports/{export}")]
async fn cancel(caller: Caller, at: At<(IncidentId, ExportId)>) -> Answer<ExportView> {
    let by = caller.grant::<can::ExportRegister>()?;
    Ok(web::Json(view(
        caller.house().cancel_export(&by, &at.0.0, &at.0.1).await?,
    )?))
}

/// Hands out the file of an export; that is on the timeline.
#[utoipa::path(
    tag = "people",
    responses((status = 200, content_type = "application/octet-stream", description = "The file, with the digest that its row names")),
)]
#[get("/incidents/{incident}/exports/{export}/file")]
async fn download(
    caller: Caller,
    at: At<(IncidentId, ExportId)>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::ExportRegister>()?;
    let (name, _, reader) = caller.house().open_export(&by, &at.0.0, &at.0.1).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&name)))
        .streaming(pieces(reader)))
}

fn view(export: Export) -> Result<ExportView, Problem> {
    Ok(ExportView {
        filter: export.filter()?,
        percent: export.percent(),
        export,
    })
}
