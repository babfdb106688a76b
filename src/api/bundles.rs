//! A case in one file that anybody can check without this server.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use futures_util::StreamExt;
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
use crate::workflow::BundleChoice;

room!(bundle);

/// What is wanted in it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The language of the report; Japanese when nothing is said.
    locale: Option<Locale>,
    /// Whether entries come with what they tell; otherwise only with the commitments to it.
    #[serde(default = "yes")]
    payloads: bool,
    /// Whether the bytes of the incident's evidence come along, in plain.
    #[serde(default)]
    files: bool,
}

fn yes() -> bool {
    true
}

/// Makes an evidence bundle; the timeline keeps the digest of its list.
#[utoipa::path(
    tag = "report",
    responses((status = 200, content_type = "application/zip", description = "The bundle; `verify.py` in it checks it")),
)]
#[get("/incidents/{incident}/bundle")]
async fn bundle(
    caller: Caller,
    id: At<IncidentId>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::ExportReport>()?;
    let choice = BundleChoice {
        locale: wanted.locale.unwrap_or_default(),
        payloads: wanted.payloads,
        files: wanted.files,
    };
    let made = caller.house().export_bundle(&by, &id, choice).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // What is packed already is not packed again.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&made.name)))
        .streaming(Box::pin(
            made.pieces().map(|piece| piece.map(web::Bytes::from)),
        )))
}
