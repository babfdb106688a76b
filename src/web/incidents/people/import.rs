//! The form that takes a roster, and what became of the file.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::uploads::{self, Received};
use super::super::{Case, incident_id};
use super::{Text, warning};
use crate::accounts::can;
use crate::affected::NewRoster;
use crate::affected::catalogue::catalogue;
use crate::evidence;
use crate::incidents::IncidentId;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Problem, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::FormState;
use crate::workflow::IncomingFile;

#[derive(Serialize)]
struct ImportView {
    head: Header,
    categories: Vec<CategoryChoice>,
    points: Vec<PointChoice>,
    combinations: Vec<Text>,
    limit: String,
}

#[derive(Serialize)]
struct CategoryChoice {
    id: String,
    icon: String,
    name: String,
    purpose: String,
    items: Vec<ItemChoice>,
}

#[derive(Serialize)]
struct ItemChoice {
    value: String,
    label: String,
    special_care: bool,
    property_damage: bool,
}

#[derive(Serialize)]
struct PointChoice {
    value: String,
    label: String,
    hint: String,
}

pub(super) async fn import_form(
    signed: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    render_import(&signed, &id, FormState::default()).await
}

pub(super) async fn import(
    signed: SignedIn,
    id: web::Path<String>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let Received { form, file } = uploads::receive(&request, page, body).await?;
    let new = NewRoster {
        source_system: form.get("source_system").to_owned(),
        collection_point: form.get("collection_point").to_owned(),
        data_items: form
            .all("data_items")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        ..NewRoster::default()
    };
    let imported = match file {
        Some(file) => {
            let note = page.text("people-roster-note");
            let incoming = IncomingFile { note, ..file };
            page.state()
                .house
                .import_roster(&by, &id, incoming, new)
                .await
        }
        None => Err(Problem::field("file", "field-file-required")),
    };
    match imported {
        Ok(roster) => Ok(page.go(
            &format!("/incidents/{id}/people/rosters/{}", roster.id),
            "flash-roster-imported",
        )),
        Err(problem) if matches!(problem.code, Code::InvalidInput | Code::UnreadableFile) => {
            let form = FormState::refused(&form, &on_the_file(problem), page.locale());
            render_import(&signed, &id, form).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn render_import(
    signed: &SignedIn,
    id: &IncidentId,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ImportRoster>()?;
    let page = &signed.page;
    let locale = page.locale();
    let case = Case::find(signed, id.as_str()).await?;
    let catalogue = catalogue();
    let categories = catalogue
        .categories
        .iter()
        .map(|category| CategoryChoice {
            id: category.id.clone(),
            icon: category.icon.clone(),
            name: category.name.get(locale).to_owned(),
            purpose: category.purpose.get(locale).to_owned(),
            items: catalogue
                .items_of(&category.id)
                .map(|item| ItemChoice {
                    value: item.id.clone(),
                    label: item.name.get(locale).to_owned(),
                    special_care: item.special_care,
                    property_damage: item.property_damage,
                })
                .collect(),
        })
        .collect();
    let points = catalogue
        .collection_points
        .iter()
        .map(|point| PointChoice {
            value: point.id.clone(),
            label: point.name.get(locale).to_owned(),
            hint: point.description.get(locale).to_owned(),
        })
        .collect();
    page.view("incidents/people/import")
        .title(page.text("people-import"))
        .nav("incidents")
        .form(form)
        .respond(&ImportView {
            head: case.header(page, Link::People),
            categories,
            points,
            combinations: catalogue
                .combinations
                .iter()
                .map(|combination| warning(combination, locale))
                .collect(),
            limit: evidence::readable_size(page.state().max_upload_bytes),
        })
}

/// What is wrong with the file itself, as words at its field: why, what to do, and that it was kept.
fn on_the_file(problem: Problem) -> Problem {
    if problem.code != Code::UnreadableFile {
        return problem;
    }
    let keys = [
        "problem-unreadable-file",
        "problem-unreadable-file-next",
        "people-unreadable-kept",
    ];
    let said = |key| FieldProblem {
        field: "file".to_owned(),
        key,
        params: problem.params.clone(),
    };
    Problem::fields(keys.map(said).into())
}
