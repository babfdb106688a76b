//! The proof of a case: the key to write down, what a bundle holds, and the bundle itself.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::{Case, downloads, incident_id};
use crate::accounts::{Capability, can};
use crate::kernel::{Instant, Locale};
use crate::playbooks::Link;
use crate::timeline::{checkpoint, public_key};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::BundleChoice;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/{id}/proof")
            .route(web::get().to(show))
            .route(web::post().to(download)),
    );
}

#[derive(Serialize)]
struct View {
    head: Header,
    /// The fingerprint in groups, as people compare it.
    fingerprint: Vec<String>,
    entries: i64,
    newest: Option<Newest>,
    locales: Vec<Choice>,
    contents: Vec<Choice>,
}

/// The newest checkpoint of the server.
#[derive(Serialize)]
struct Newest {
    number: i64,
    at: Instant,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    hint: Option<String>,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let page = &signed.page;
    let house = &page.state().house;
    let newest = house
        .store
        .read(|conn| Ok(checkpoint::newest(conn)?))
        .await?;
    let key = public_key::fingerprint(house.vault.signing_key().public_key()).to_string();
    let digits: Vec<char> = key.chars().collect();
    let content = |value: &'static str| Choice {
        value,
        label: page.text(&format!("bundle-{value}")),
        hint: Some(page.text(&format!("bundle-{value}-hint"))),
    };
    let mut contents = vec![content("payloads")];
    if signed.actor().may(Capability::EditIncident) {
        contents.push(content("files"));
    }
    let defaults = vec![
        ("locale", page.locale().to_string()),
        ("contents", "payloads".to_owned()),
    ];
    page.view("incidents/proof")
        .title(format!(
            "{} — {} {}",
            page.text("proof-title"),
            case.incident.number,
            case.incident.title
        ))
        .nav("incidents")
        .form(FormState::filled(defaults))
        .respond(&View {
            head: case.header(page, Link::Evidence),
            fingerprint: digits
                .chunks(8)
                .map(|group| group.iter().collect())
                .collect(),
            entries: case.entries,
            newest: newest.map(|newest| Newest {
                number: newest.seq,
                at: newest.created_at,
            }),
            locales: vec![
                Choice {
                    value: "ja",
                    label: "日本語".to_owned(),
                    hint: None,
                },
                Choice {
                    value: "en",
                    label: "English".to_owned(),
                    hint: None,
                },
            ],
            contents,
        })
}

/// Makes a bundle; a form, because the timeline remembers it.
async fn download(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ExportReport>()?;
    let id = incident_id(&id)?;
    let contents = form.all("contents");
    let choice = BundleChoice {
        locale: form
            .get("locale")
            .parse::<Locale>()
            .unwrap_or(signed.page.locale()),
        payloads: contents.contains(&"payloads"),
        files: contents.contains(&"files"),
    };
    let house = &signed.page.state().house;
    let made = house.export_bundle(&by, &id, choice).await?;
    Ok(downloads::piped(
        &made.name.clone(),
        "application/zip",
        made.pieces(),
    )?)
}
