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
        let texts = catalogue.items.iter().map(|item| &item.name);
        let texts = texts.chain(catalogue.combinations.iter().map(|c| &c.explanation));
        let texts = texts.chain(catalogue.collection_points.iter().map(|p| &p.description));
        for text in texts {
            assert!(!text.ja.is_empty() && !text.en.is_empty(), "{text:?}");
        }
    }
}
