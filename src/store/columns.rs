//! What each column holds: personal, secret or operational, and for how long.

use std::collections::BTreeMap;

use serde::Deserialize;

const SOURCE: &str = include_str!("columns.toml");

/// The classification of one table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// How long a row is kept, in words.
    pub retention: String,
    /// Columns about a person.
    #[serde(default)]
    pub personal: Vec<String>,
    /// Columns that nobody may be shown.
    #[serde(default)]
    pub secret: Vec<String>,
    /// All other columns.
    #[serde(default)]
    pub operational: Vec<String>,
}

/// Every table by its name.
///
/// # Errors
/// When `columns.toml` is no valid TOML; a test reads it.
pub fn classification() -> Result<BTreeMap<String, Table>, toml::de::Error> {
    toml::from_str(SOURCE)
}
