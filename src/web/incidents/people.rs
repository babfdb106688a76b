//! Who is affected: figures, rosters, the people masked, and one person shown for a reason.

use std::collections::{BTreeMap, BTreeSet};

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::header::Header;
use super::uploads::{self, Received};
use super::{Case, incident_id};
use crate::accounts::{AccountId, can};
use crate::affected::catalogue::{Combination, catalogue};
use crate::affected::{self, Counts, MaskedPerson, Person, PersonId, Roster, rules};
use crate::evidence;
use crate::incidents::IncidentId;
use crate::incidents::facts::{FactKey, Facts, Value};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Locale, Problem, Redacted, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::{RosterOrigin, entries};

mod problems;

/// How many people stand on one page.
const PAGE: i64 = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/incidents/{id}/people", web::get().to(show))
        .service(
            web::resource("/incidents/{id}/people/import")
                .route(web::get().to(import_form))
                .route(web::post().to(import)),
        )
        .route(
            "/incidents/{id}/people/rosters/{roster}",
            web::get().to(problems::show),
        )
        .service(
            web::resource("/incidents/{id}/people/{person}")
                .route(web::get().to(ask_reason))
                .route(web::post().to(reveal)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    counts: Counts,
    /// Of those who can be reached, how many only otherwise than by e-mail; and how many not at all.
    unreachable: i64,
    countries: Vec<Country>,
    country_unknown: i64,
    rosters: Vec<RosterLine>,
    categories: Vec<CategoryLine>,
    warnings: Vec<Text>,
    people: Vec<MaskedPerson>,
    pages: Pages,
}

#[derive(Serialize)]
struct Country {
    code: String,
    people: i64,
}

#[derive(Serialize)]
struct RosterLine {
    id: String,
    file: String,
    sha256: String,
    source_system: String,
    collection_point: String,
    items: Vec<String>,
    rows: i64,
    people_added: i64,
    duplicates: i64,
    rejected: i64,
    problems: i64,
    by: String,
    recorded_at: Instant,
}

/// A category of data items, and which of them are concerned.
#[derive(Serialize)]
struct CategoryLine {
    icon: String,
    name: String,
    items: Vec<String>,
    special_care: bool,
    property_damage: bool,
}

#[derive(Serialize)]
struct Text {
    title: String,
    text: String,
}

#[derive(Serialize)]
struct Pages {
    previous: Option<String>,
    next: Option<String>,
    text: String,
}

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

#[derive(Serialize)]
struct PersonView {
    head: Header,
    person: MaskedPerson,
    shown: Option<Vec<Shown>>,
}

/// One field of a person, unmasked.
#[derive(Serialize)]
struct Shown {
    label: String,
    value: Redacted<String>,
    unusable: bool,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let id = &case.incident.id;
    let after: Option<PersonId> = query
        .iter()
        .find(|(name, _)| name == "after")
        .map(|(_, after)| after.parse())
        .transpose()
        .map_err(|_| Problem::new(Code::NotFound))?;
    let (house, incident, now) = (page.state().house.clone(), id.clone(), page.now());
    let from = after.clone();
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let (key, incident) = (&house.vault, incident.as_str());
        Ok((
            affected::people_page(conn, key, now, incident, from.as_ref(), PAGE + 1)?,
            affected::rosters(conn, incident)?,
            evidence::list(conn, incident)?,
        ))
    });
    let (mut people, rosters, files) = read.await?;
    let more = people.len() > usize::try_from(PAGE).unwrap_or_default();
    if more {
        people.pop();
    }
    let locale = page.locale();
    let counts = case.people.clone();
    let known: i64 = counts.by_country.values().sum();
    let items = items(&case.facts, &rosters);
    let base = format!("/incidents/{id}/people");
    let pages = Pages {
        previous: after.map(|_| format!("{base}#list")),
        next: people
            .last()
            .filter(|_| more)
            .map(|last| format!("{base}?after={}#list", last.id)),
        text: String::new(),
    };
    page.view("incidents/people/list")
        .title(case.page_title(page, Link::People))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            unreachable: counts.people - counts.reachable,
            country_unknown: counts.people - known,
            countries: countries(&counts),
            categories: categories(&items, locale),
            warnings: rules::identifying_combinations(items.iter().map(String::as_str))
                .into_iter()
                .map(|combination| warning(combination, locale))
                .collect(),
            rosters: rosters
                .into_iter()
                .rev()
                .map(|roster| {
                    let file = files.iter().find(|file| file.id == roster.evidence_id);
                    roster_line(roster, file, &case.names, locale)
                })
                .collect(),
            pages,
            people,
            counts,
        })
}

async fn import_form(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    render_import(&signed, &id, FormState::default()).await
}

async fn import(
    signed: SignedIn,
    id: web::Path<String>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let Received { form, file } = uploads::receive(&request, page, body).await?;
    let origin = RosterOrigin {
        source_system: form.get("source_system").to_owned(),
        collection_point: form.get("collection_point").to_owned(),
        data_items: form
            .all("data_items")
            .into_iter()
            .map(str::to_owned)
            .collect(),
    };
    let imported = match file {
        Some(file) => {
            let note = page.text("people-roster-note");
            let incoming = file.incoming(&note, page.state().max_upload_bytes);
            page.state()
                .house
                .import_roster(&by, &id, incoming, origin)
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

async fn ask_reason(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, person) = ids(&path)?;
    render_person(&signed, &id, &person, None, FormState::default()).await
}

/// Shows one person on the answer itself: the values never stand behind an address.
async fn reveal(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::RevealPeople>()?;
    let (id, person) = ids(&path)?;
    // Looks for the person in this incident first; a person of another one is not found.
    masked(&signed, &id, &person).await?;
    let house = &signed.page.state().house;
    match house
        .reveal(&by, &person, form.get("reason").to_owned())
        .await
    {
        Ok(shown) => render_person(&signed, &id, &person, Some(shown), FormState::default()).await,
        Err(problem) if problem.code == Code::InvalidInput => {
            let form = FormState::refused(&form, &problem, signed.page.locale());
            render_person(&signed, &id, &person, None, form).await
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

async fn render_person(
    signed: &SignedIn,
    id: &IncidentId,
    person: &PersonId,
    shown: Option<Person>,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::RevealPeople>()?;
    let page = &signed.page;
    let person = masked(signed, id, person).await?;
    let case = Case::find(signed, id.as_str()).await?;
    page.view("incidents/people/person")
        .title(page.text("people-person"))
        .nav("incidents")
        .form(form)
        .respond(&PersonView {
            head: case.header(page, Link::People),
            person,
            shown: shown.map(|person| unmasked(person, page.locale())),
        })
}

/// One person of this incident, masked.
///
/// The people are read in the order of their ids, so the page behind the id just
/// before begins with the person, if the incident has them.
async fn masked(
    signed: &SignedIn,
    id: &IncidentId,
    person: &PersonId,
) -> Result<MaskedPerson, PageError> {
    let (house, now) = (signed.page.state().house.clone(), signed.page.now());
    let (id, person) = (id.clone(), person.clone());
    let store = house.store.clone();
    let found = store.read(move |conn| {
        let number = uuid::Uuid::parse_str(person.as_str()).map_err(Problem::internal)?;
        let before = uuid::Uuid::from_u128(number.as_u128().saturating_sub(1));
        let before = before.to_string().parse().map_err(Problem::internal)?;
        affected::people_page(conn, &house.vault, now, id.as_str(), Some(&before), 1)?
            .pop()
            .filter(|found| found.id == person)
            .ok_or_else(|| Problem::new(Code::NotFound))
    });
    Ok(found.await?)
}

fn unmasked(person: Person, locale: Locale) -> Vec<Shown> {
    let Person { fields, .. } = person;
    let mut shown = Vec::new();
    let text = |key: &str| crate::kernel::locale::text(locale, &format!("person-field-{key}"));
    let known = [
        ("name", fields.name),
        ("kana", fields.kana),
        ("email", fields.email),
        ("phone", fields.phone),
        ("line-user-id", fields.line_user_id),
        ("customer-number", fields.customer_number),
        ("birth-date", fields.birth_date),
        ("postcode", fields.postcode),
        ("address", fields.address),
    ];
    for (key, value) in known {
        if let Some(value) = value {
            let label = text(key);
            shown.push(Shown {
                label,
                value,
                unusable: false,
            });
        }
    }
    for (field, value) in fields.unusable {
        shown.push(Shown {
            label: text(field.as_str()),
            value,
            unusable: true,
        });
    }
    shown
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

/// The items that the facts or a roster name.
fn items(facts: &Facts, rosters: &[Roster]) -> BTreeSet<String> {
    let mut items: BTreeSet<String> = rosters.iter().flat_map(Roster::items).collect();
    if let Some(Value::Choices(chosen)) = facts.known(FactKey::DataItems) {
        items.extend(chosen.iter().cloned());
    }
    items
}

fn categories(items: &BTreeSet<String>, locale: Locale) -> Vec<CategoryLine> {
    let catalogue = catalogue();
    catalogue
        .categories
        .iter()
        .filter_map(|category| {
            let of_it: Vec<_> = catalogue
                .items_of(&category.id)
                .filter(|item| items.contains(&item.id))
                .collect();
            let any = !of_it.is_empty();
            any.then(|| CategoryLine {
                icon: category.icon.clone(),
                name: category.name.get(locale).to_owned(),
                special_care: of_it.iter().any(|item| item.special_care),
                property_damage: of_it.iter().any(|item| item.property_damage),
                items: of_it
                    .iter()
                    .map(|item| item.name.get(locale).to_owned())
                    .collect(),
            })
        })
        .collect()
}

/// A combination of items: their names, and why together they identify.
fn warning(combination: &Combination, locale: Locale) -> Text {
    let names: Vec<_> = combination
        .items
        .iter()
        .filter_map(|id| catalogue().item(id))
        .map(|item| item.name.get(locale))
        .collect();
    Text {
        title: names.join(" + "),
        text: combination.explanation.get(locale).to_owned(),
    }
}

fn countries(counts: &Counts) -> Vec<Country> {
    let mut countries: Vec<_> = counts
        .by_country
        .iter()
        .map(|(code, people)| Country {
            code: code.clone(),
            people: *people,
        })
        .collect();
    countries.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.code.cmp(&b.code)));
    countries
}

fn roster_line(
    roster: Roster,
    file: Option<&evidence::Evidence>,
    names: &BTreeMap<AccountId, String>,
    locale: Locale,
) -> RosterLine {
    let catalogue = catalogue();
    let by = entries::actor(&roster.recorded_by, names);
    RosterLine {
        id: roster.id.to_string(),
        file: file.map(|file| file.name.clone()).unwrap_or_default(),
        sha256: file.map(|file| file.sha256.clone()).unwrap_or_default(),
        items: roster
            .items()
            .iter()
            .filter_map(|id| catalogue.item(id))
            .map(|item| item.name.get(locale).to_owned())
            .collect(),
        collection_point: catalogue
            .collection_point(&roster.collection_point)
            .map(|point| point.name.get(locale).to_owned())
            .unwrap_or_default(),
        rejected: roster.rejected(),
        source_system: roster.source_system,
        rows: roster.rows,
        people_added: roster.people_added,
        duplicates: roster.duplicates,
        problems: roster.problem_count,
        by: by.get(locale).to_owned(),
        recorded_at: roster.recorded_at,
    }
}

fn ids(path: &(String, String)) -> Result<(IncidentId, PersonId), PageError> {
    let person = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((incident_id(&path.0)?, person))
}
