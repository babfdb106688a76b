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
use crate::reports::Format;

room!(export);

/// In which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Form {
    /// Markdown, HTML or PDF; PDF when nothing is said.
    format: Option<Format>,
    /// The language; Japanese when nothing is said.
    locale: Option<Locale>,
}

/// Exports the post-mortem; the export is on the timeline with its digest.
#[utoipa::path(
    tag = "report",
    responses((status = 200, content(
        (Vec<u8> = "application/pdf"),
        (String = "text/html"),
        (String = "text/markdown"),
    ))),
)]
#[get("/incidents/{incident}/report")]
async fn export(
    caller: Caller,
    id: At<IncidentId>,
    form: web::Query<Form>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::ExportReport>()?;
    let format = form.format.unwrap_or(Format::Pdf);
    let file = caller
        .house()
        .export_report(&by, &id, format, form.locale.unwrap_or_default())
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header((header::CONTENT_DISPOSITION, attachment(&file.name)))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ))
        .body(file.bytes))
}
