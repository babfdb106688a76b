//! Who is affected: the register, the desk, rosters and their import, questions to decide.
//!
//! One file a page. This file holds the addresses, the second row of tabs, and what several
//! pages show: data items by name, a person in a line, the way to the next page.

use std::collections::BTreeSet;

use actix_web::web;
use serde::Serialize;

use super::Case;
use crate::affected::catalogue::{Combination, catalogue};
use crate::affected::{MaskedPerson, NoticeState, Roster, rosters};
use crate::incidents::facts::{FactKey, Facts, Value};
use crate::kernel::{Locale, Result, locale};
use crate::web::extract::Page;
use crate::web::{places, words};
use crate::{affected, evidence};

mod conflicts;
mod data;
mod draft;
mod erase;
mod exports;
pub(super) mod filter;
mod import;
mod keeping;
mod look_up;
mod person;
mod problems;
mod register;
mod roster;
mod roster_list;
mod script;
mod severity;
mod shares;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/incidents/{id}/people", web::get().to(register::show))
        .service(
            web::resource("/incidents/{id}/people/look-up")
                .route(web::get().to(look_up::ask))
                .route(web::post().to(look_up::answer)),
        )
        .configure(exports::routes)
        .configure(keeping::routes)
        .configure(erase::routes)
        .service(
            web::resource("/incidents/{id}/people/import")
                .route(web::get().to(import::import_form))
                .route(web::post().to(import::import)),
        )
        .configure(conflicts::routes)
        .route(
            "/incidents/{id}/people/rosters",
            web::get().to(roster_list::show),
        )
        .configure(roster::routes)
        .configure(data::routes)
        .configure(severity::routes)
        // Behind the others, whose addresses it would take for a person.
        .service(
            web::resource("/incidents/{id}/people/{person}")
                .route(web::get().to(person::show))
                .route(web::post().to(person::reveal)),
        );
}

crate::text_enum! {
    /// A page about the affected people; its words stand under `people-tab-<tab>`.
    pub(super) enum PeopleTab {
        /// The register.
        Register = "register",
        /// Answers on the telephone.
        Desk = "look-up",
        /// Files and their import.
        Rosters = "rosters",
        /// Questions whether rows are one person.
        Conflicts = "conflicts",
        /// What was exposed.
        Data = "data",
        /// Files for others.
        Exports = "exports",
        /// How long the register is kept.
        Keeping = "keeping",
    }
}

/// One tab, for `{{> people-tabs}}`, which reads `people_tabs`.
#[derive(Serialize)]
pub(super) struct Tab {
    href: String,
    label: String,
    count: Option<String>,
    /// Whether the count asks for somebody's decision.
    asks: bool,
    current: bool,
}

/// The second row of tabs, with one current.
pub(super) async fn people_tabs(page: &Page, case: &Case, current: PeopleTab) -> Result<Vec<Tab>> {
    let incident = case.incident.id.clone();
    let (rosters, (joined, apart)) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let incident = incident.as_str();
            let rosters = rosters::rosters(conn, incident)?.len();
            Ok((rosters, affected::open_conflicts(conn, incident)?))
        })
        .await?;
    let base = address(case, "");
    let tabs = PeopleTab::ALL.iter().map(|tab| {
        let count = match tab {
            PeopleTab::Register => case.people.people,
            PeopleTab::Rosters => i64::try_from(rosters).unwrap_or(i64::MAX),
            PeopleTab::Conflicts => joined.saturating_add(apart),
            _ => 0,
        };
        Tab {
            href: match tab {
                PeopleTab::Register => base.clone(),
                other => format!("{base}/{other}"),
            },
            label: page.text(&format!("people-tab-{tab}")),
            count: (count > 0).then(|| words::number_text(count)),
            asks: *tab == PeopleTab::Conflicts && count > 0,
            current: *tab == current,
        }
    });
    Ok(tabs.collect())
}

/// The address of a page about the affected people; `path` begins with a slash, or is empty.
pub(super) fn address(case: &Case, path: &str) -> String {
    format!("/incidents/{}/people{path}", case.incident.id)
}

#[derive(Serialize)]
struct Text {
    title: String,
    text: String,
}

/// The way through a list whose pages are found by where the one before ended.
#[derive(Serialize)]
struct Pages {
    first: Option<String>,
    next: Option<String>,
    text: String,
}

/// One person as a line of a list shows them.
#[derive(Serialize)]
struct PersonLine {
    id: i64,
    name: String,
    email: String,
    phone: String,
    has_line: bool,
    has_post: bool,
    minor: Option<bool>,
    /// Country and region in words; empty where neither is known.
    place: String,
    language: String,
    notice: Tag,
    items: Vec<String>,
    rosters: Vec<i64>,
}

/// A state as a word in a colour.
#[derive(Serialize)]
struct Tag {
    tone: &'static str,
    icon: &'static str,
    text: String,
}

fn person_line(person: MaskedPerson, language: Locale) -> PersonLine {
    let country = person.country.as_deref();
    let region = person.region.as_deref();
    let place = [
        country.map(|code| places::country(language, code)),
        region.map(|code| places::region(language, code)),
    ];
    PersonLine {
        id: person.id.number(),
        name: person.name,
        email: person.email,
        phone: person.phone,
        has_line: person.has_line,
        has_post: person.has_post,
        minor: person.minor,
        place: place.into_iter().flatten().collect::<Vec<_>>().join(" "),
        language: locale::text(language, &format!("people-language-{}", person.locale)),
        notice: notice_tag(person.notice_state, language),
        items: item_names(person.data_items.iter().map(String::as_str), language),
        rosters: person.rosters,
    }
}

fn notice_tag(state: NoticeState, language: Locale) -> Tag {
    let (tone, icon) = match state {
        NoticeState::NotTold => ("grey", "circle"),
        NoticeState::Queued => ("blue", "clock"),
        NoticeState::Sent => ("green", "circle-check"),
        NoticeState::Failed => ("red", "circle-x"),
    };
    Tag {
        tone,
        icon,
        text: locale::text(language, &format!("notice-state-{state}")),
    }
}

/// The items that the facts or a roster name.
fn items(facts: &Facts, rosters: &[Roster]) -> BTreeSet<String> {
    let mut items: BTreeSet<String> = rosters.iter().flat_map(Roster::items).collect();
    if let Some(Value::Choices(chosen)) = facts.known(FactKey::DataItems) {
        items.extend(chosen.iter().cloned());
    }
    items
}

/// Data items by name, in the order of the catalogue.
fn item_names<'a>(ids: impl IntoIterator<Item = &'a str>, language: Locale) -> Vec<String> {
    let ids: Vec<_> = ids.into_iter().collect();
    let items = catalogue().items.iter();
    items
        .filter(|item| ids.contains(&item.id.as_str()))
        .map(|item| item.name.get(language).to_owned())
        .collect()
}

/// A roster by its number and where it is from.
fn roster_name(roster: &Roster, file: Option<&evidence::Evidence>, language: Locale) -> String {
    let source = match (roster.source_system.as_str(), file) {
        ("", Some(file)) => file.name.as_str(),
        (source, _) => source,
    };
    let variables = [
        ("number", roster.number.to_string().into()),
        ("source", source.into()),
    ];
    locale::text_with(language, "roster-name", &variables)
}

/// A combination of items: their names, and why together they identify.
fn warning(combination: &Combination, language: Locale) -> Text {
    let names: Vec<_> = combination
        .items
        .iter()
        .filter_map(|id| catalogue().item(id))
        .map(|item| item.name.get(language))
        .collect();
    Text {
        title: names.join(" + "),
        text: combination.explanation.get(language).to_owned(),
    }
}
