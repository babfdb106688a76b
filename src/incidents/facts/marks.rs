//! What the rules need of the catalogue of data items: names and two marks.
//!
//! The whole catalogue, with categories and combinations, is read by the room of
//! affected people; this reads only what decides a duty.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::kernel::LocaleText;

/// A property of a data item on which a duty can hang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Special-care-required information, Rules art. 7(1).
    SpecialCare,
    /// Misuse may cause damage to property, Rules art. 7(2).
    PropertyDamage,
}

/// Every item id of the catalogue with its name, in the order of the catalogue.
pub fn items() -> impl Iterator<Item = (&'static str, &'static LocaleText)> {
    ITEMS.iter().map(|item| (item.id.as_str(), &item.name))
}

/// Whether the catalogue has this item.
pub fn is_item(id: &str) -> bool {
    find(id).is_some()
}

/// The name of an item of the catalogue.
pub fn item_name(id: &str) -> Option<&'static LocaleText> {
    find(id).map(|item| &item.name)
}

/// Whether an item carries a mark.
pub(super) fn has(id: &str, mark: Mark) -> bool {
    find(id).is_some_and(|item| match mark {
        Mark::SpecialCare => item.special_care,
        Mark::PropertyDamage => item.property_damage,
    })
}

#[derive(Deserialize)]
struct Catalogue {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    name: LocaleText,
    special_care: bool,
    property_damage: bool,
}

static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the build, and a test reads it"
    )]
    let catalogue: Catalogue = toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/content/data_items.toml"
    )))
    .expect("content/data_items.toml is a catalogue");
    catalogue.items
});

fn find(id: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.id == id)
}
