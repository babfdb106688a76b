//! The account of a case, as a document.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::At;
use super::caller::Caller;
use super::evidence::attachment;
use super::problem::ApiError;
use super::room;
use crate::accounts::can;
use crate::incidents::IncidentId;
use crate::kernel::Locale;
use crate::reports::{self, Format, Genre, Level};
use crate::workflow::Make;

room!(export, post_mortem_schema);

/// In which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Form {
    /// The post-mortem or the status report on one page; the post-mortem when nothing is said.
    #[param(inline)]
    genre: Option<Genre>,
    /// Markdown, HTML, PDF, DOCX or JSON; PDF when nothing is said.
    format: Option<Format>,
    /// The language; Japanese when nothing is said.
    locale: Option<Locale>,
    /// For whom, and so with which names of staff; internal when nothing is said.
    level: Option<Level>,
}

/// Exports the post-mortem or the status report; the export is on the timeline with its digest.
#[utoipa::path(
    tag = "report",
    responses((status = 200, content(
        (Vec<u8> = "application/pdf"),
        (String = "text/html"),
        (String = "text/markdown"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (String = "application/json"),
    ))),
)]
#[get("/incidents/{incident}/report")]
async fn export(
    caller: Caller,
    id: At<IncidentId>,
    form: web::Query<Form>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::ExportReport>()?;
    let make = Make {
        genre: form.genre.unwrap_or(Genre::PostMortem),
        format: form.format.unwrap_or(Format::Pdf),
        level: form.level.unwrap_or(Level::Internal),
        locale: form.locale.unwrap_or_default(),
    };
    let file = caller.house().export_report(&by, &id, make).await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header((header::CONTENT_DISPOSITION, attachment(&file.name)))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ))
        .body(file.bytes))
}

/// The JSON Schema of the post-mortem in the form `json`.
#[utoipa::path(
    tag = "report",
    responses((status = 200, content_type = "application/schema+json", body = Object)),
)]
#[get("/schemas/post-mortem")]
async fn post_mortem_schema(_caller: Caller) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/schema+json")
        .json(reports::json::schema())
}
