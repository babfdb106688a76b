//! Evidence of an incident: sealed files, who kept them, and whether they are still what they were.

mod file;

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::uploads::{self, Received};
use super::{Case, downloads, incident_id};
use crate::accounts::{AccountId, can};
use crate::evidence::{self, Evidence, EvidenceId};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::{IncomingFile, entries};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/incidents/{id}/evidence")
                .route(web::get().to(list))
                .route(web::post().to(upload)),
        )
        .route(
            "/incidents/{id}/evidence/{file}/download",
            web::post().to(download),
        )
        .configure(file::routes);
}

#[derive(Serialize)]
struct View {
    head: Header,
    files: Vec<Line>,
    limit: String,
    same_as: Option<String>,
}

/// One sealed file.
#[derive(Serialize)]
struct Line {
    id: EvidenceId,
    name: String,
    size: String,
    sha256: String,
    note: String,
    by: String,
    recorded_at: Instant,
    /// Whether name or sender claim a type that the bytes are not.
    differs: bool,
    destroyed_at: Option<Instant>,
}

async fn list(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    render(&signed, &id, FormState::default(), None).await
}

async fn upload(
    signed: SignedIn,
    id: web::Path<String>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let Received { form, file } = uploads::receive(&request, page, body).await?;
    let sealed = match file {
        Some(file) => {
            let incoming = IncomingFile {
                note: form.get("note").to_owned(),
                ..file
            };
            page.state().house.seal(&by, &id, incoming).await
        }
        None => Err(Problem::field("file", "field-file-required")),
    };
    match sealed {
        Ok(sealed) if sealed.same_as.is_some() => {
            let name = sealed.evidence.name;
            render(&signed, &id, FormState::default(), Some(name)).await
        }
        Ok(_) => Ok(page.go(
            &format!("/incidents/{id}/evidence"),
            "flash-evidence-sealed",
        )),
        Err(problem) if problem.code == Code::InvalidInput => {
            let form = FormState::refused(&form, &on_the_file(problem), page.locale());
            render(&signed, &id, form, None).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Hands a file out; a form, because the timeline remembers it.
async fn download(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, file) = ids(&path)?;
    let house = &signed.page.state().house;
    let (evidence, reader) = house.open_evidence(&by, &id, &file).await?;
    let size = u64::try_from(evidence.size).map_err(Problem::internal)?;
    Ok(downloads::streamed(&evidence.name, size, reader)?)
}

async fn render(
    signed: &SignedIn,
    id: &IncidentId,
    form: FormState,
    same_as: Option<String>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id.as_str()).await?;
    let incident = id.clone();
    let files = page
        .state()
        .house
        .store
        .read(move |conn| evidence::list(conn, incident.as_str()))
        .await?;
    let locale = page.locale();
    let files = files
        .into_iter()
        .rev()
        .map(|file| line(file, &case.names, locale))
        .collect();
    page.view("incidents/evidence/list")
        .title(case.page_title(page, Link::Evidence))
        .nav("incidents")
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Evidence),
            files,
            limit: evidence::readable_size(page.state().max_upload_bytes),
            same_as,
        })
}

fn line(file: Evidence, names: &BTreeMap<AccountId, String>, locale: Locale) -> Line {
    Line {
        differs: file.type_differs(),
        destroyed_at: file.destroyed_at,
        by: entries::actor(&file.recorded_by, names)
            .get(locale)
            .to_owned(),
        size: rounded(file.size),
        id: file.id,
        name: file.name,
        sha256: file.sha256,
        note: file.note,
        recorded_at: file.recorded_at,
    }
}

/// A size in the largest unit that leaves a number, with one digit behind the point.
pub(super) fn rounded(bytes: i64) -> String {
    const UNITS: [(&str, i64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    UNITS.iter().find(|(_, unit)| bytes >= *unit).map_or_else(
        || format!("{bytes} B"),
        |(name, unit)| {
            let tenths = bytes.saturating_mul(10) / unit;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        },
    )
}

/// The room speaks of the file's name; the form has a field for the file.
fn on_the_file(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        if field.field == "name" {
            "file".clone_into(&mut field.field);
        }
    }
    problem
}

fn ids(path: &(String, String)) -> Result<(IncidentId, EvidenceId), PageError> {
    let file = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((incident_id(&path.0)?, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_easily() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KiB"),
            (3 << 20, "3.0 MiB"),
            (5_000_000_000, "4.6 GiB"),
        ] {
            assert_eq!(rounded(bytes), shown);
        }
    }
}
