//! One entry on a page of its own: choosing it for the report, and the files that belong to it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{
    Case, FormState, PageError, SignedIn, Submission, incident_id, kept, local_instant,
};
use super::filter::Asked;
use super::{Line, line};
use crate::accounts::can;
use crate::evidence;
use crate::kernel::{Code, Problem, Result};
use crate::playbooks::Link;
use crate::timeline::Kind;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/incidents/{id}/timeline/{seq}").route(web::get().to(show)))
        .service(web::resource("/incidents/{id}/timeline/{seq}/pin").route(web::post().to(pin)))
        .service(
            web::resource("/incidents/{id}/timeline/{seq}/evidence").route(web::post().to(attach)),
        )
        .service(
            web::resource("/incidents/{id}/timeline/{seq}/correction")
                .route(web::post().to(correct)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    entry: Line,
    /// Whether the entry may still be said anew.
    correctable: bool,
    /// Sealed files that do not belong to the entry yet.
    others: Vec<Other>,
}

#[derive(Serialize)]
struct Other {
    id: String,
    name: String,
}

type Address = web::Path<(String, String)>;

/// The number in an address; another text names nothing.
fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

async fn show(signed: SignedIn, address: Address) -> Result<HttpResponse, PageError> {
    let (id, seq) = address.into_inner();
    let case = Case::find(&signed, &id).await?;
    render(&signed, &case, number(&seq)?, FormState::default()).await
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    seq: i64,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let house = &page.state().house;
    let id = case.incident.id.clone();
    let entry = house.timeline_entry(&id, seq).await?;
    let files = house
        .store
        .read(move |conn| evidence::list(conn, id.as_str()))
        .await?;
    let others = files
        .into_iter()
        .filter(|file| file.destroyed_at.is_none())
        .filter(|file| entry.evidence.iter().all(|there| there.id != file.id))
        .map(|file| Other {
            id: file.id.to_string(),
            name: file.name,
        });
    page.view("incidents/timeline-entry")
        .title(case.page_title(page, Link::Timeline))
        .nav("incidents")
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Timeline),
            others: others.collect(),
            correctable: matches!(entry.kind, Kind::Note | Kind::Decision)
                && entry.text.is_some()
                && entry.corrected_by.is_none(),
            entry: line(&entry, page),
        })
}

/// Chooses an entry, or takes it out; leads back to the list that the button stood in.
async fn pin(
    signed: SignedIn,
    address: Address,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AddNote>()?;
    let (id, seq) = address.into_inner();
    let (id, seq) = (incident_id(&id)?, number(&seq)?);
    let (page, wanted) = (&signed.page, form.is_on("pinned"));
    let house = &page.state().house;
    house.pin_entry(&by, &id, seq, wanted).await?;
    let flash = if wanted {
        "flash-entry-pinned"
    } else {
        "flash-entry-unpinned"
    };
    if form.get("from") == "entry" {
        return Ok(page.go(&format!("/incidents/{id}/timeline/{seq}"), flash));
    }
    // Read and written anew: what a form sends is never an address as it stands.
    let back = form.get("back").trim_start_matches('?').as_bytes();
    let pairs: Vec<_> = url::form_urlencoded::parse(back).into_owned().collect();
    let back = Asked::read(&pairs).written();
    Ok(page.go(
        &format!("/incidents/{id}/timeline{back}#entry-{seq}"),
        flash,
    ))
}

async fn attach(
    signed: SignedIn,
    address: Address,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AddNote>()?;
    let (id, seq) = address.into_inner();
    let (id, seq) = (incident_id(&id)?, number(&seq)?);
    let (page, wanted) = (&signed.page, !form.is_on("detach"));
    let attached = match form.get("evidence").parse() {
        Ok(file) => {
            let house = &page.state().house;
            house.attach_evidence(&by, &id, seq, &file, wanted).await
        }
        Err(_) => Err(Problem::field("evidence", "field-required")),
    };
    match attached {
        Ok(()) => {
            let flash = if wanted {
                "flash-evidence-attached"
            } else {
                "flash-evidence-detached"
            };
            Ok(page.go(&format!("/incidents/{id}/timeline/{seq}"), flash))
        }
        Err(problem) => {
            let (state, _) = kept(&form, problem, page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, seq, state).await
        }
    }
}

/// Says a note anew; leads to the timeline, where the new entry stands.
async fn correct(
    signed: SignedIn,
    address: Address,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AddNote>()?;
    let (id, seq) = address.into_inner();
    let (id, seq) = (incident_id(&id)?, number(&seq)?);
    let page = &signed.page;
    let house = &page.state().house;
    let corrected = match local_instant(&form, "occurred_at", page.zone()) {
        Ok(at) => {
            let text = form.get("text").to_owned();
            house.correct_note(&by, &id, seq, text, at).await
        }
        Err(problem) => Err(problem),
    };
    match corrected {
        Ok(()) => Ok(page.go(
            &format!("/incidents/{id}/timeline/{seq}"),
            "flash-entry-corrected",
        )),
        Err(problem) => {
            let (state, _) = kept(&form, problem, page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, seq, state).await
        }
    }
}
