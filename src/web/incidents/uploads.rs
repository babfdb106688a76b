//! Forms with a file: read as they come, the file to its waiting place.
//!
//! Nothing of a file is kept before the form's secret was checked, so `csrf` must
//! be the first field.

use std::io::Write;

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use futures_util::StreamExt;

use crate::evidence::{self, Incoming};
use crate::kernel::{Code, Problem, Result};
use crate::web::extract::Page;
use crate::web::form::{Submission, check_origin};
use crate::workflow::IncomingFile;

/// The longest text field beside a file, in bytes.
const LONGEST_FIELD: usize = 64 * 1024;
const MOST_FIELDS: usize = 200;

/// What a form with a file held.
pub struct Received {
    /// The text fields.
    pub form: Submission,
    /// The file; none when nobody chose one.
    pub file: Option<IncomingFile>,
}

/// Reads a form with one file; a file above the server's limit is refused, its bytes unread on disk.
///
/// # Errors
/// [`Code::CrossSite`], [`Code::TooLarge`], [`Code::MalformedBody`].
pub async fn receive(request: &HttpRequest, page: &Page, mut body: Multipart) -> Result<Received> {
    let limit = page.state().max_upload_bytes;
    let mut pairs = Vec::new();
    let mut file = None;
    let mut trusted = false;
    while let Some(field) = body.next().await {
        let mut field = field.map_err(malformed)?;
        let name = field.name().unwrap_or_default().to_owned();
        let sent_name = field
            .content_disposition()
            .and_then(|disposition| disposition.get_filename())
            .map(str::to_owned);
        match sent_name {
            None => {
                let text = text(&mut field).await?;
                if name == "csrf" {
                    check_origin(request, page, &text)?;
                    trusted = true;
                } else {
                    pairs.push((name, text));
                }
                if pairs.len() > MOST_FIELDS {
                    return Err(Problem::new(Code::MalformedBody));
                }
            }
            Some(_) if !trusted => return Err(Problem::new(Code::CrossSite)),
            // A browser sends a part without a name when no file was chosen.
            Some(sent_name) if sent_name.is_empty() || file.is_some() => drain(&mut field).await,
            Some(sent_name) => {
                let media_type = field
                    .content_type()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                file = Some(IncomingFile {
                    name: sent_name,
                    media_type,
                    note: String::new(),
                    bytes: store(&mut field, page, limit).await?,
                    limit,
                });
            }
        }
    }
    if !trusted {
        return Err(Problem::new(Code::CrossSite));
    }
    Ok(Received {
        form: Submission::from_pairs(pairs)?,
        file,
    })
}

async fn text(field: &mut Field) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        bytes.extend_from_slice(&chunk.map_err(malformed)?);
        if bytes.len() > LONGEST_FIELD {
            return Err(Problem::with(Code::TooLarge, &[("limit", "64 KiB")]));
        }
    }
    String::from_utf8(bytes).map_err(malformed)
}

async fn store(field: &mut Field, page: &Page, limit: u64) -> Result<Incoming> {
    let (files, now) = (page.state().house.files.clone(), page.now());
    let (bytes, mut file) = blocking(move || files.incoming(now)).await?;
    let mut size = 0_u64;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(malformed)?;
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if size > limit {
            // Browsers show no answer while they still send, so the rest is read and let go.
            drain(field).await;
            let limit = evidence::readable_size(limit);
            return Err(Problem::with(Code::TooLarge, &[("limit", &limit)]));
        }
        file = blocking(move || {
            file.write_all(&chunk)?;
            Ok(file)
        })
        .await?;
    }
    blocking(move || file.finish()).await?;
    Ok(bytes)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Problem::internal)?
}

async fn drain(field: &mut Field) {
    while let Some(Ok(_)) = field.next().await {}
}

fn malformed(error: impl std::fmt::Display) -> Problem {
    Problem::new(Code::MalformedBody).caused_by(error.to_string())
}
