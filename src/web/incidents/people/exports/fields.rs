//! The fields that narrow an export, with the choices that this register has.

use serde::Serialize;

use super::super::super::Case;
use super::Choice;
use crate::affected::catalogue::catalogue;
use crate::affected::{Channel, Filter, NoticeState, Roster, export};
use crate::kernel::{Locale, locale};

/// One field that narrows.
#[derive(Serialize)]
pub(super) struct Select {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

/// The fields that narrow, with what the register of this incident has.
pub(super) fn filters(case: &Case, rosters: &[Roster], locale: Locale) -> Vec<Select> {
    let counts = &case.people;
    let catalogue = catalogue();
    let said = |value: &str, key: String| choice_of(value, locale::text(locale, &key));
    let filter = |name: &str, value: &str| {
        let filter = match name {
            "country" => Filter {
                country: Some(value.to_owned()),
                ..Filter::default()
            },
            _ => Filter {
                region: Some(value.to_owned()),
                ..Filter::default()
            },
        };
        choice_of(value, export::filter_words(&filter, locale))
    };
    let categories = catalogue
        .categories
        .iter()
        .filter(|category| counts.by_category.contains_key(&category.id))
        .map(|category| choice_of(&category.id, category.name.get(locale).to_owned()));
    let items = counts
        .by_item
        .keys()
        .filter_map(|id| catalogue.item(id))
        .map(|item| choice_of(&item.id, item.name.get(locale).to_owned()));
    let numbered = rosters
        .iter()
        .filter(|roster| roster.state.counts())
        .map(|roster| {
            let number = roster.number.to_string();
            let words = locale::text_with(
                locale,
                "export-roster-of",
                &[("number", number.as_str().into())],
            );
            let named = Some(roster.source_system.as_str()).filter(|name| !name.is_empty());
            choice_of(
                &number,
                named.map_or(words.clone(), |name| format!("{words} {name}")),
            )
        });
    let languages = Locale::ALL
        .iter()
        .map(|it| said(it.as_str(), format!("export-language-{it}")));
    let minors = ["yes", "no", "unknown"]
        .iter()
        .map(|it| said(it, format!("export-minor-{it}")));
    let channels = Channel::ALL
        .iter()
        .map(|it| said(it.as_str(), format!("export-channel-{it}")));
    let states = NoticeState::ALL
        .iter()
        .map(|it| said(it.as_str(), format!("export-told-{it}")));
    let fields: [(&'static str, Vec<Choice>); 9] = [
        ("roster", numbered.collect()),
        ("category", categories.collect()),
        ("data_item", items.collect()),
        (
            "country",
            counts
                .by_country
                .keys()
                .map(|code| filter("country", code))
                .collect(),
        ),
        (
            "region",
            counts
                .by_region
                .keys()
                .map(|code| filter("region", code))
                .collect(),
        ),
        ("locale", languages.collect()),
        ("minor", minors.collect()),
        ("channel", channels.collect()),
        ("notice_state", states.collect()),
    ];
    fields
        .into_iter()
        .map(|(name, options)| Select {
            name,
            label: locale::text(locale, &format!("export-filter-{}", name.replace('_', "-"))),
            options,
        })
        .collect()
}

fn choice_of(value: &str, label: String) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        hint: None,
    }
}
