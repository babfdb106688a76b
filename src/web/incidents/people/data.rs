//! The data at risk: items with people, what identifies together, what follows, how severe it is.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::Case;
use super::super::header::Header;
use super::severity::{self as card, Card};
use super::{PeopleTab, Tab, Text, people_tabs, warning};
use crate::affected::catalogue::{Confidence, Consequence, DataItem, Flag, Identifier, catalogue};
use crate::affected::{self, rules};
use crate::incidents::facts::{self, Answer, FactKey, Facts};
use crate::kernel::{Locale, Result, locale};
use crate::playbooks::Link;
use crate::severity;
use crate::web::PageError;
use crate::web::extract::SignedIn;

/// Questions whose answer may still raise a flag.
const RAISING: &[FactKey] = &[
    FactKey::DataItems,
    FactKey::SpecialCareData,
    FactKey::PropertyDamageRisk,
    FactKey::MyNumberInvolved,
    FactKey::MinorsAffected,
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/incidents/{id}/people/data", web::get().to(show));
}

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    base: String,
    categories: Vec<CategoryView>,
    /// Whether any roster says how many people an item concerns.
    counted: bool,
    combinations: Vec<Text>,
    flags: Vec<FlagView>,
    open: Vec<OpenQuestion>,
    card: Card,
}

#[derive(Serialize)]
struct CategoryView {
    icon: String,
    name: String,
    purpose: String,
    /// The greatest number among its items.
    people: Option<i64>,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    name: String,
    people: Option<i64>,
    /// How it identifies by itself, in words; empty when it does not.
    identifies: String,
    special_care: bool,
    property_damage: bool,
}

#[derive(Serialize)]
struct FlagView {
    id: String,
    icon: String,
    name: String,
    raised_by: Vec<String>,
    consequences: Vec<ConsequenceView>,
}

#[derive(Serialize)]
struct ConsequenceView {
    text: String,
    /// Nothing for advice.
    source: Option<SourceView>,
}

#[derive(Serialize)]
struct SourceView {
    title: String,
    url: String,
    unverified: bool,
}

/// A question that is not answered, or not known yet.
#[derive(Serialize)]
struct OpenQuestion {
    href: String,
    question: String,
    asked: bool,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let id = case.incident.id.clone();
    let store = &page.state().house.store;
    let people = case.people.by_item.clone();
    let (rosters, assessment) = store
        .read(move |conn| {
            Ok((
                affected::rosters::rosters(conn, id.as_str())?,
                severity::assess(conn, &id)?,
            ))
        })
        .await?;
    let language = page.locale();
    let items = super::items(&case.facts, &rosters);
    page.view("incidents/people/data")
        .title(format!(
            "{} — {}",
            page.text("risk-title"),
            case.incident.number
        ))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Data).await?,
            base: format!("/incidents/{}", case.incident.id),
            categories: categories(&items, &people, language),
            counted: !people.is_empty(),
            combinations: rules::identifying_combinations(items.iter().map(String::as_str))
                .into_iter()
                .map(|combination| warning(combination, language))
                .collect(),
            flags: flags(&items, &case, language),
            open: open_questions(&case, language),
            card: card::card(&assessment, &case, &signed),
        })
}

/// The categories that are concerned; `people` says how many an item concerns, where that is known.
fn categories(
    items: &BTreeSet<String>,
    people: &BTreeMap<String, i64>,
    language: Locale,
) -> Vec<CategoryView> {
    catalogue()
        .categories
        .iter()
        .filter_map(|category| {
            let items: Vec<_> = catalogue()
                .items_of(&category.id)
                .filter(|item| items.contains(&item.id))
                .map(|item| item_view(item, people, language))
                .collect();
            (!items.is_empty()).then(|| CategoryView {
                icon: category.icon.clone(),
                name: category.name.get(language).to_owned(),
                purpose: category.purpose.get(language).to_owned(),
                people: items.iter().filter_map(|item| item.people).max(),
                items,
            })
        })
        .collect()
}

fn item_view(item: &DataItem, people: &BTreeMap<String, i64>, language: Locale) -> ItemView {
    ItemView {
        name: item.name.get(language).to_owned(),
        people: people.get(&item.id).copied(),
        identifies: match item.identifier {
            Identifier::Direct => locale::text(language, "risk-identifies-alone"),
            Identifier::IndividualIdentificationCode => {
                locale::text(language, "risk-identification-code")
            }
            Identifier::None => String::new(),
        },
        special_care: item.special_care,
        property_damage: item.property_damage,
    }
}

/// The flags that the items, the people or an answer raise.
fn flags(items: &BTreeSet<String>, case: &Case, language: Locale) -> Vec<FlagView> {
    let listed = case.people.minors > 0;
    let minors = listed || case.facts.yes_no(FactKey::MinorsAffected) == Some(true);
    let answered = answered(&case.facts);
    let raising = items.iter().map(String::as_str);
    let raising = raising.chain(answered.iter().map(|(item, _)| *item));
    rules::raised_flags(raising, minors)
        .into_iter()
        .map(|flag| FlagView {
            id: flag.id.clone(),
            icon: flag.icon.clone(),
            name: flag.name.get(language).to_owned(),
            raised_by: raised_by(flag, items, case, language),
            consequences: flag
                .consequences
                .iter()
                .map(|consequence| consequence_view(consequence, language))
                .collect(),
        })
        .collect()
}

/// Items that an answer of "yes" stands for, where nobody chose the item itself.
fn answered(facts: &Facts) -> Vec<(&'static str, FactKey)> {
    [
        ("special_care_information", FactKey::SpecialCareData),
        ("my_number", FactKey::MyNumberInvolved),
    ]
    .into_iter()
    .filter(|(_, key)| facts.yes_no(*key) == Some(true))
    .collect()
}

/// What raises a flag: names of items, and answers.
fn raised_by(flag: &Flag, items: &BTreeSet<String>, case: &Case, language: Locale) -> Vec<String> {
    let mut reasons: Vec<String> = flag
        .items
        .iter()
        .filter(|item| items.contains(*item))
        .filter_map(|item| catalogue().item(item))
        .map(|item| item.name.get(language).to_owned())
        .collect();
    let mut answers: Vec<FactKey> = answered(&case.facts)
        .into_iter()
        .filter(|(item, _)| flag.items.contains(*item))
        .map(|(_, key)| key)
        .collect();
    if flag.id == Flag::MINORS {
        if case.people.minors > 0 {
            let count = crate::web::words::number_text(case.people.minors).into();
            reasons.push(locale::text_with(
                language,
                "risk-minors-listed",
                &[("count", count)],
            ));
        }
        if case.facts.yes_no(FactKey::MinorsAffected) == Some(true) {
            answers.push(FactKey::MinorsAffected);
        }
    }
    reasons.extend(answers.into_iter().filter_map(|key| {
        let answer = facts::words(key, case.facts.get(key)?, language);
        let label = facts::label(key, language).into();
        let variables = [("label", label), ("answer", answer.into())];
        Some(locale::text_with(language, "risk-answered", &variables))
    }));
    reasons
}

fn consequence_view(consequence: &Consequence, language: Locale) -> ConsequenceView {
    ConsequenceView {
        text: consequence.text.get(language).to_owned(),
        source: consequence.source.as_ref().map(|source| SourceView {
            title: source.title.get(language).to_owned(),
            url: source.url.clone(),
            unverified: source.confidence == Confidence::Unverified,
        }),
    }
}

fn open_questions(case: &Case, language: Locale) -> Vec<OpenQuestion> {
    RAISING
        .iter()
        .filter(|key| !matches!(case.facts.get(**key), Some(Answer::Known(_))))
        .map(|key| OpenQuestion {
            href: format!("/incidents/{}/facts/{key}", case.incident.id),
            question: facts::question(*key, language),
            asked: case.facts.get(*key).is_some(),
        })
        .collect()
}
