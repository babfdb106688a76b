//! The tables of `content/veris`: what patterns and answers of ours are in VERIS.
//!
//! The files are part of the build, so a mistake in them is a defect of ours; the
//! tests of this room read them whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::incidents::Pattern;

/// The row of patterns that VERIS does not know.
const UNKNOWN: &str = "unknown";

static PATTERNS: LazyLock<BTreeMap<String, PatternRow>> =
    LazyLock::new(|| read(include_str!("../../content/veris/patterns.toml")));

static FACTS: LazyLock<FactTables> =
    LazyLock::new(|| read(include_str!("../../content/veris/facts.toml")));

static ENUMERATIONS: LazyLock<Enumerations> =
    LazyLock::new(|| read(include_str!("../../content/veris/enumerations.toml")));

/// What the pattern alone says of an incident.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternRow {
    /// The member `action`.
    pub action: Value,
    /// The member `actor`.
    pub actor: Value,
    /// Varieties of assets.
    pub assets: Vec<String>,
    /// The member `targeted`.
    pub targeted: String,
    /// Varieties of integrity; none where it is untouched.
    pub integrity: Vec<String>,
}

/// What answers are in VERIS, each by the option that was chosen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactTables {
    /// The variety of a data item, where it is not `Personal`.
    pub items: BTreeMap<String, String>,
    /// The member `discovery_method`, by `discovered_by`.
    pub discovery: BTreeMap<String, Value>,
    /// The state of the data, by `protection`.
    pub state: BTreeMap<String, String>,
    /// The member `attribute.availability`, by `availability`.
    pub availability: BTreeMap<String, Value>,
    /// The code of NAICS, by `sector`.
    pub industry: BTreeMap<String, String>,
}

/// The words that VERIS allows, field by field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enumerations {
    /// Where the standard is published.
    #[expect(dead_code, reason = "the file says where its words come from")]
    source: String,
    /// What a record says in `schema_version`.
    version: String,
    /// Fields, with dots between their keys and no place in lists, and their words.
    pub fields: BTreeMap<String, Vec<String>>,
}

/// The version of VERIS that records of ours follow.
pub fn version() -> &'static str {
    &ENUMERATIONS.version
}

/// The row of a pattern.
pub(super) fn pattern(pattern: Option<Pattern>) -> &'static PatternRow {
    static NONE: LazyLock<PatternRow> = LazyLock::new(PatternRow::default);
    let name = pattern.map_or(UNKNOWN, Pattern::as_str);
    PATTERNS
        .get(name)
        .or_else(|| PATTERNS.get(UNKNOWN))
        .unwrap_or(&NONE)
}

/// The tables of answers.
pub(super) fn facts() -> &'static FactTables {
    &FACTS
}

/// The words that VERIS allows.
pub(super) fn enumerations() -> &'static Enumerations {
    &ENUMERATIONS
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the build, and tests read them"
)]
fn read<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("a table of content/veris")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::facts::{FactKey, is_item};

    #[test]
    fn every_pattern_has_a_row_and_every_row_is_one() {
        let mut names: Vec<_> = Pattern::ALL.iter().map(|it| it.as_str()).collect();
        names.push(UNKNOWN);
        names.sort_unstable();
        let rows: Vec<_> = PATTERNS.keys().map(String::as_str).collect();
        assert_eq!(rows, names);
    }

    #[test]
    fn tables_of_answers_name_options_and_items_that_exist() {
        let facts = facts();
        assert!(facts.items.keys().all(|id| is_item(id)));
        for (key, options) in [
            (
                FactKey::DiscoveredBy,
                facts.discovery.keys().collect::<Vec<_>>(),
            ),
            (FactKey::Protection, facts.state.keys().collect()),
            (FactKey::Availability, facts.availability.keys().collect()),
            (FactKey::Sector, facts.industry.keys().collect()),
        ] {
            for option in options {
                assert!(key.options().contains(&option.as_str()), "{key}: {option}");
            }
        }
    }
}
