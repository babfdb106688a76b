//! Sealed files: handed in, listed, handed out on record.

use std::io::Read;

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use futures_util::stream;
use utoipa::ToSchema;

use super::bodies::{At, Created};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::{room, upload};
use crate::accounts::can;
use crate::evidence::{self, Evidence, EvidenceId, SealedReader};
use crate::incidents::IncidentId;
use crate::kernel::Problem;
use crate::workflow::SealedFile;

const PIECE: usize = 64 * 1024;

room!(seal, list, download);

/// A file and what it shows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read a piece at a time")]
struct EvidenceForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What it shows.
    note: Option<String>,
}

/// Seals a file as evidence.
#[utoipa::path(
    tag = "evidence",
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, body = SealedFile)),
)]
#[post("/incidents/{incident}/evidence")]
async fn seal(
    caller: Caller,
    id: At<IncidentId>,
    form: Multipart,
) -> Result<Created<SealedFile>, ApiError> {
    let by = caller.grant::<can::EditIncident>()?;
    let limit = caller.state().max_upload_bytes;
    let mut form = upload::read_form(caller.house(), caller.now, form, &["note"], limit).await?;
    let file = form.take_file()?;
    Ok(Created(caller.house().seal(&by, &id, file).await?))
}

/// The sealed files of an incident, in the order of recording.
#[utoipa::path(tag = "evidence", responses((status = 200, body = Vec<Evidence>)))]
#[get("/incidents/{incident}/evidence")]
async fn list(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Evidence>> {
    let files = caller
        .read(&id, |conn, id| evidence::list(conn, id.as_str()))
        .await?;
    Ok(web::Json(files))
}

/// Hands out a sealed file; that is on the timeline.
#[utoipa::path(
    tag = "evidence",
    responses((status = 200, content_type = "application/octet-stream", description = "The bytes as they were handed in")),
)]
#[get("/incidents/{incident}/evidence/{evidence}/content")]
async fn download(
    caller: Caller,
    at: At<(IncidentId, EvidenceId)>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, evidence) = &*at;
    let (evidence, reader) = caller.house().open_evidence(&by, id, evidence).await?;
    // Never the sender's media type: the bytes may be the attacker's own page.
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, attachment(&evidence.name)))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ))
        .streaming(pieces(reader)))
}

/// The header that makes a client save a file under its own name (RFC 6266, RFC 8187).
pub(super) fn attachment(name: &str) -> String {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}

/// The plain bytes of a sealed file, a piece at a time.
pub(super) fn pieces(
    reader: SealedReader,
) -> impl futures_util::Stream<Item = Result<web::Bytes, ApiError>> + 'static {
    stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let length = reader.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, std::io::Error>((piece, reader))
        })
        .await
        .map_err(Problem::internal)
        .and_then(|read| read.map_err(Problem::from));
        match read {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, reader)) => Some((Ok(piece.into()), Some(reader))),
            // The connection breaks off: a file that cannot be read whole is not passed off as whole.
            Err(problem) => Some((Err(problem.into()), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("名簿 \"a\".csv"),
            "attachment; filename*=UTF-8''%E5%90%8D%E7%B0%BF%20%22a%22.csv"
        );
    }
}
