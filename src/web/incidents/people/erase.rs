//! Erasing one affected person: what goes with them, why, and a number typed to be sure.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id, kept};
use super::{PeopleTab, Tab, people_tabs};
use crate::accounts::can;
use crate::affected::{MaskedPerson, PersonId, keeping, register};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Problem, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/{id}/people/{person}/erase")
            .route(web::get().to(ask))
            .route(web::post().to(erase)),
    );
}

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    base: String,
    person: MaskedPerson,
    person_number: String,
    files: Vec<String>,
}

async fn ask(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, person) = ids(&path)?;
    render(&signed, &id, person, None).await
}

async fn erase(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::PurgeRegister>()?;
    let (id, person) = ids(&path)?;
    let house = &signed.page.state().house;
    let erased = if form.get("confirmed").trim() == person.to_string() {
        let reason = form.get("reason").to_owned();
        house.erase_person(&by, &id, person, reason).await
    } else {
        Err(Problem::field("confirmed", "field-wrong-person-number"))
    };
    match erased {
        Ok(()) => Ok(signed
            .page
            .go(&format!("/incidents/{id}/people"), "flash-person-erased")),
        Err(problem) => {
            let refused = kept(&form, problem, &signed.page)?;
            render(&signed, &id, person, Some(refused)).await
        }
    }
}

async fn render(
    signed: &SignedIn,
    id: &IncidentId,
    person: PersonId,
    refused: Option<(FormState, StatusCode)>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::PurgeRegister>()?;
    let page = &signed.page;
    let case = Case::find(signed, id.as_str()).await?;
    let (house, incident, now) = (page.state().house.clone(), id.clone(), page.now());
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let incident = incident.as_str();
        Ok((
            register::person(conn, &house.vault, now, incident, person)?,
            keeping::files_of_person(conn, incident, person)?,
        ))
    });
    let (masked, files) = read.await?;
    let mut answer = page
        .view("incidents/people/erase")
        .title(page.text("erase-title"))
        .nav("incidents");
    let mut form = FormState::default();
    if let Some((refused, status)) = refused {
        form = refused;
        answer = answer.status(status);
    }
    answer.form(form).respond(&View {
        head: case.header(page, Link::People),
        people_tabs: people_tabs(page, &case, PeopleTab::Register).await?,
        base: format!("/incidents/{id}/people/{person}"),
        person: masked,
        person_number: person.to_string(),
        files: files.into_iter().map(|file| file.name).collect(),
    })
}

fn ids(path: &(String, String)) -> Result<(IncidentId, PersonId), PageError> {
    let person = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((incident_id(&path.0)?, person))
}
