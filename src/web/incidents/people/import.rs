//! The form that takes a roster, and what became of the file.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::uploads::{self, Received};
use super::super::{Case, incident_id, query};
use super::{PeopleTab, Tab, Text, people_tabs, roster_name, warning};
use crate::accounts::can;
use crate::affected::catalogue::catalogue;
use crate::affected::{NewRoster, Roster};
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
    people_tabs: Vec<Tab>,
    /// The roster whose rows are handed in corrected: its id, and its name.
    corrects: Option<Text>,
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
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    let corrects = corrected(&signed, &id, query(&asked, "corrects")).await?;
    let mut form = FormState::default();
    if let Some(roster) = &corrects {
        // The same people with the same data: only the file is another.
        form.fill([
            ("source_system", roster.source_system.clone()),
            ("collection_point", roster.collection_point.clone()),
            (
                "period_from",
                roster.period_from.clone().unwrap_or_default(),
            ),
            ("period_to", roster.period_to.clone().unwrap_or_default()),
        ]);
        form.tick("data_items", roster.items());
    }
    render_import(&signed, &id, corrects, form).await
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
    let corrects = corrected(&signed, &id, form.get("corrects")).await?;
    let items = form.all("data_items").into_iter().map(str::to_owned);
    let new = NewRoster {
        source_system: form.get("source_system").to_owned(),
        collection_point: form.get("collection_point").to_owned(),
        data_items: items.collect(),
        period_from: form.get("period_from").to_owned(),
        period_to: form.get("period_to").to_owned(),
        corrects: corrects.as_ref().map(|roster| roster.id.clone()),
    };
    let received = match file {
        Some(file) => {
            let note = page.text("people-roster-note");
            let incoming = IncomingFile { note, ..file };
            let house = &page.state().house;
            house.receive_roster(&by, &id, incoming, new).await
        }
        None => Err(Problem::field("file", "field-file-required")),
    };
    match received {
        Ok(draft) => {
            let to = super::roster::here(&id, &draft.roster.id);
            Ok(page.go(&to, "flash-roster-received"))
        }
        Err(problem) if matches!(problem.code, Code::InvalidInput | Code::UnreadableFile) => {
            let problem = on_the_file(problem, "file");
            let form = FormState::refused(&form, &problem, page.locale());
            render_import(&signed, &id, corrects, form).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The roster of this incident whose rows come corrected; none where nothing is said.
async fn corrected(signed: &SignedIn, id: &IncidentId, text: &str) -> Result<Option<Roster>> {
    if text.is_empty() {
        return Ok(None);
    }
    let roster = super::roster::roster_id(text)?;
    let house = &signed.page.state().house;
    house.roster_of(id, &roster).await.map(Some)
}

async fn render_import(
    signed: &SignedIn,
    id: &IncidentId,
    corrects: Option<Roster>,
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
            people_tabs: people_tabs(page, &case, PeopleTab::Rosters).await?,
            corrects: corrects.map(|roster| Text {
                title: roster_name(&roster, None, locale),
                text: roster.id.to_string(),
            }),
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

/// What is wrong with the file itself, as words at a field: why, what to do, and that it was kept.
pub(super) fn on_the_file(problem: Problem, field: &str) -> Problem {
    if problem.code != Code::UnreadableFile {
        return problem;
    }
    let keys = [
        "problem-unreadable-file",
        "problem-unreadable-file-next",
        "people-unreadable-kept",
    ];
    let said = |key| FieldProblem {
        field: field.to_owned(),
        key,
        params: problem.params.clone(),
    };
    Problem::fields(keys.map(said).into())
}
