//! Words of an export: headers, what a group has in common, what a filter says.

use super::super::catalogue::catalogue;
use super::super::model::{Filter, Traits};
use super::super::regions;
use super::super::register::{self, RosterItems};
use crate::kernel::{Locale, locale};

pub(super) fn text(locale: Locale, key: &str) -> String {
    locale::text(locale, key)
}

/// The header of a column.
pub(super) fn column(locale: Locale, column: &str) -> String {
    text(locale, &format!("export-column-{column}"))
}

pub(super) fn headers(locale: Locale, columns: &[(&str, u16)]) -> Vec<String> {
    columns.iter().map(|(key, _)| column(locale, key)).collect()
}

/// A label with what it is of.
pub(super) fn cell(locale: Locale, label: &str, value: &str) -> String {
    let variables = [("label", label.into()), ("value", value.into())];
    locale::text_with(locale, "export-labelled", &variables)
}

/// What all people of a group have in common, in words; made once for all of them.
pub(super) struct GroupWords {
    /// The language of their notices, which decides how a letter addresses them.
    pub locale: Locale,
    pub rosters: String,
    pub country: String,
    pub region: String,
    pub language: String,
    pub minor: String,
    pub data_items: String,
    /// The ids of the same.
    pub item_ids: Vec<String>,
    pub notice: String,
}

impl GroupWords {
    pub fn new(traits: &Traits, items: &RosterItems, locale: Locale) -> Self {
        let separator = text(locale, "list-separator");
        let rosters: Vec<_> = traits.rosters.iter().map(ToString::to_string).collect();
        let exposed = register::items_of(traits, items);
        // In the order of the catalogue, as the pages have them.
        let items: Vec<_> = catalogue()
            .items
            .iter()
            .filter(|item| exposed.contains(item.id.as_str()))
            .map(|item| item.name.get(locale))
            .collect();
        let region = traits.region.as_deref();
        Self {
            locale: traits.locale,
            rosters: rosters.join(&separator),
            country: traits.country.clone().unwrap_or_default(),
            region: region.map_or_else(String::new, |code| regions::name(code, locale)),
            language: text(locale, &format!("export-language-{}", traits.locale)),
            minor: traits.minor.map_or_else(String::new, |minor| {
                text(
                    locale,
                    &format!("export-minor-{}", if minor { "yes" } else { "no" }),
                )
            }),
            data_items: items.join("; "),
            item_ids: exposed.iter().map(|id| (*id).to_owned()).collect(),
            notice: text(locale, &format!("export-told-{}", traits.notice_state)),
        }
    }
}

/// What a filter says, for people: `国：JP、言語：日本語`; words for "everybody" when it narrows nothing.
pub fn filter_words(filter: &Filter, locale: Locale) -> String {
    let catalogue = catalogue();
    let category = filter.category.as_deref().map(|id| {
        let known = catalogue
            .categories
            .iter()
            .find(|category| category.id == id);
        known
            .map_or(id, |category| category.name.get(locale))
            .to_owned()
    });
    let item = filter.data_item.as_deref().map(|id| {
        let known = catalogue.item(id);
        known.map_or(id, |item| item.name.get(locale)).to_owned()
    });
    let place = |code: &String| match code.as_str() {
        "unknown" => text(locale, "export-unknown"),
        code => regions::name(code, locale),
    };
    let of = |key: String| text(locale, &key);
    let parts = [
        ("category", category),
        ("data_item", item),
        ("country", filter.country.as_ref().map(place)),
        ("region", filter.region.as_ref().map(place)),
        (
            "locale",
            filter.locale.map(|it| of(format!("export-language-{it}"))),
        ),
        (
            "minor",
            filter
                .minor
                .as_ref()
                .map(|it| of(format!("export-minor-{it}"))),
        ),
        (
            "channel",
            filter.channel.map(|it| of(format!("export-channel-{it}"))),
        ),
        (
            "notice_state",
            filter
                .notice_state
                .map(|it| of(format!("export-told-{it}"))),
        ),
        ("roster", filter.roster.map(|number| number.to_string())),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|(name, value)| {
            let label = text(locale, &format!("export-filter-{}", name.replace('_', "-")));
            value.map(|value| cell(locale, &label, &value))
        })
        .collect();
    if parts.is_empty() {
        text(locale, "export-filter-none")
    } else {
        parts.join(&text(locale, "list-separator"))
    }
}
