//! Who is affected: figures, rosters, the people masked, and one person shown for a reason.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::Case;
use super::header::Header;
use crate::accounts::AccountId;
use crate::affected::catalogue::{Combination, catalogue};
use crate::affected::{Counts, Cursor, Filter, MaskedPerson, Roster, register, rosters, rules};
use crate::evidence;
use crate::incidents::facts::{FactKey, Facts, Value};
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::workflow::entries;

mod erase;
mod import;
mod keeping;
mod person;
mod problems;

/// How many people stand on one page.
const PAGE: usize = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        // Before a single person, whose address would take `keeping` for a number.
        .configure(keeping::routes)
        .configure(erase::routes)
        .route("/incidents/{id}/people", web::get().to(show))
        .service(
            web::resource("/incidents/{id}/people/import")
                .route(web::get().to(import::import_form))
                .route(web::post().to(import::import)),
        )
        .route(
            "/incidents/{id}/people/rosters/{roster}",
            web::get().to(problems::show),
        )
        .service(
            web::resource("/incidents/{id}/people/{person}")
                .route(web::get().to(person::ask_reason))
                .route(web::post().to(person::reveal)),
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

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let id = &case.incident.id;
    let after: Option<Cursor> = query
        .iter()
        .find(|(name, _)| name == "after")
        .map(|(_, after)| after.parse())
        .transpose()
        .map_err(|_| Problem::new(Code::NotFound))?;
    let (house, incident, now) = (page.state().house.clone(), id.clone(), page.now());
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let (key, incident) = (&house.vault, incident.as_str());
        Ok((
            register::page(conn, key, now, incident, &Filter::default(), after, PAGE)?,
            rosters::rosters(conn, incident)?,
            evidence::list(conn, incident)?,
        ))
    });
    let (found, rosters, files) = match read.await {
        Ok(read) => read,
        // Nobody can be listed any more; the page of keeping tells what happened.
        Err(problem) if problem.code == Code::Purged => {
            return Ok(page.go(&format!("/incidents/{id}/people/keeping"), ""));
        }
        Err(problem) => return Err(problem.into()),
    };
    let locale = page.locale();
    let counts = case.people.clone();
    let known: i64 = counts.by_country.values().sum();
    let items = items(&case.facts, &rosters);
    let base = format!("/incidents/{id}/people");
    let pages = Pages {
        previous: after.map(|_| format!("{base}#list")),
        next: found.next.map(|next| format!("{base}?after={next}#list")),
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
            people: found.people,
            counts,
        })
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
