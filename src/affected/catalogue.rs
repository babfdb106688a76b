//! The catalogue of data items, from `content/data_items.toml`.
//!
//! Comes from a file of the product, so a mistake in it is a defect of ours; a
//! test reads the file whole.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::kernel::LocaleText;

static CATALOGUE: LazyLock<Result<Catalogue, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(include_str!("../../content/data_items.toml")));
static EMPTY: Catalogue = Catalogue {
    version: 0,
    categories: Vec::new(),
    items: Vec::new(),
    collection_points: Vec::new(),
    combinations: Vec::new(),
    flags: Vec::new(),
};

/// Every data item that a roster may hold, and what is said of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The catalogue's version.
    pub version: u32,
    /// Groups of items, in the order of the pages.
    pub categories: Vec<Category>,
    /// The items.
    pub items: Vec<DataItem>,
    /// Where data came from.
    pub collection_points: Vec<CollectionPoint>,
    /// Items that identify only together.
    pub combinations: Vec<Combination>,
    /// What some items bring with them.
    pub flags: Vec<Flag>,
}

/// A group of data items with one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The stable id.
    pub id: String,
    /// Its name.
    pub name: LocaleText,
    /// What such data are held for; use outside it is misuse.
    pub purpose: LocaleText,
    /// The name of its icon.
    pub icon: String,
}

/// One kind of data about a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataItem {
    /// The stable id.
    pub id: String,
    /// The category's id.
    pub category: String,
    /// Its name.
    pub name: LocaleText,
    /// How far it identifies a person by itself.
    pub identifier: Identifier,
    /// Whether it falls under APPI Rules art. 7(i).
    pub special_care: bool,
    /// Whether it falls under APPI Rules art. 7(ii) by the regulator's own examples.
    pub property_damage: bool,
}

/// How far an item identifies a person by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// Points to a person without other items.
    Direct,
    /// 個人識別符号.
    IndividualIdentificationCode,
    /// Only together with other items.
    None,
}

/// Where data of a roster were collected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionPoint {
    /// The stable id.
    pub id: String,
    /// Its name.
    pub name: LocaleText,
    /// How it narrows down who is affected.
    pub description: LocaleText,
}

/// Items that identify a person only when they are together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The stable id.
    pub id: String,
    /// The items' ids.
    pub items: BTreeSet<String>,
    /// Why they identify.
    pub explanation: LocaleText,
}

/// A kind of data that brings something with it: a duty, a risk, a way to act.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The stable id.
    pub id: String,
    /// The name of its icon.
    pub icon: String,
    /// Its name.
    pub name: LocaleText,
    /// The items that raise it; none for [`Flag::MINORS`], which people raise.
    pub items: BTreeSet<String>,
    /// What follows.
    pub consequences: Vec<Consequence>,
}

/// Something that follows from a flag.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// What follows, and what to do.
    pub text: LocaleText,
    /// What it rests on; advice has no source.
    #[serde(default)]
    pub source: Option<Source>,
}

/// An article or a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name.
    pub title: LocaleText,
    /// Where it is.
    pub url: String,
    /// Whether the consequence was checked against it.
    pub confidence: Confidence,
}

crate::text_enum! {
    /// Whether something was checked against its source.
    pub enum Confidence {
        /// Read in the source, or in two independent ones.
        Verified = "verified",
        /// Not yet checked; the pages show this mark.
        Unverified = "unverified",
    }
}

impl Flag {
    /// The flag that is raised by the people, not by an item.
    pub const MINORS: &'static str = "minors";
}

/// The catalogue of this build.
pub fn catalogue() -> &'static Catalogue {
    CATALOGUE.as_ref().unwrap_or_else(|error| {
        tracing::error!(%error, "content/data_items.toml cannot be read");
        &EMPTY
    })
}

impl Catalogue {
    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&DataItem> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The collection point with this id.
    pub fn collection_point(&self, id: &str) -> Option<&CollectionPoint> {
        self.collection_points.iter().find(|point| point.id == id)
    }

    /// The items of one category, in order.
    pub fn items_of(&self, category: &str) -> impl Iterator<Item = &DataItem> {
        self.items
            .iter()
            .filter(move |item| item.category == category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_and_refers_only_to_what_it_has() {
        let catalogue = CATALOGUE.as_ref().unwrap();
        assert!(catalogue.items.len() >= 30);
        let ids: BTreeSet<_> = catalogue.items.iter().map(|item| &item.id).collect();
        assert_eq!(ids.len(), catalogue.items.len(), "an id is there twice");
        for category in ["basic", "contact", "behaviour", "device", "location"] {
            assert!(catalogue.items_of(category).count() > 0, "{category}");
        }
        for item in &catalogue.items {
            let known = catalogue.categories.iter().any(|c| c.id == item.category);
            assert!(known, "{} is in no category", item.id);
        }
        for combination in &catalogue.combinations {
            assert!(combination.items.len() > 1, "{}", combination.id);
            for item in &combination.items {
                assert!(ids.contains(item), "{} names {item}", combination.id);
            }
        }
        let mut flags = BTreeSet::new();
        for flag in &catalogue.flags {
            assert!(flags.insert(&flag.id), "{} is there twice", flag.id);
            assert_eq!(flag.items.is_empty(), flag.id == Flag::MINORS);
            for item in &flag.items {
                assert!(ids.contains(item), "{} names {item}", flag.id);
            }
            assert!(!flag.consequences.is_empty(), "{}", flag.id);
            for source in flag.consequences.iter().filter_map(|c| c.source.as_ref()) {
                assert!(source.url.starts_with("https://"), "{}", source.url);
                assert!(!source.title.ja.is_empty() && !source.title.en.is_empty());
            }
        }
        // What the law marks is flagged.
        for item in &catalogue.items {
            let raises = |id: &str| {
                let mut flags = catalogue.flags.iter();
                flags.any(|flag| flag.id == id && flag.items.contains(&item.id))
            };
            assert_eq!(item.special_care, raises("special_care"), "{}", item.id);
            assert!(!item.property_damage || raises("payment"), "{}", item.id);
        }
        let texts = catalogue.items.iter().map(|item| &item.name);
        let texts = texts.chain(catalogue.combinations.iter().map(|c| &c.explanation));
        let flags = || catalogue.flags.iter();
        let texts = texts.chain(flags().map(|flag| &flag.name));
        let texts = texts.chain(flags().flat_map(|f| &f.consequences).map(|c| &c.text));
        let texts = texts.chain(catalogue.collection_points.iter().map(|p| &p.description));
        for text in texts {
            assert!(!text.ja.is_empty() && !text.en.is_empty(), "{text:?}");
        }
    }
}
