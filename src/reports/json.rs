//! The report for programs: the model itself, under a version of its shape.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::PostMortem;
use crate::kernel::{Locale, Result};

/// Grows when a field changes its meaning or goes away; new fields do not change it.
pub const SCHEMA_VERSION: u32 = 1;

/// The post-mortem of one incident.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "PostMortem")]
struct Export<'a> {
    /// The version of this shape; 1 today.
    schema_version: u32,
    /// The language of what stands in one language only.
    locale: Locale,
    #[serde(flatten)]
    report: &'a PostMortem,
}

/// Writes the report as JSON, indented, instants as RFC 3339 in UTC.
///
/// # Errors
/// [`crate::kernel::Code::Internal`]: never, as the model holds no map with odd keys.
pub fn render(report: &PostMortem, locale: Locale) -> Result<Vec<u8>> {
    let export = Export {
        schema_version: SCHEMA_VERSION,
        locale,
        report,
    };
    Ok(serde_json::to_vec_pretty(&export)?)
}

/// The JSON Schema (2020-12) of what [`render`] writes.
pub fn schema() -> &'static serde_json::Value {
    static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(|| {
        schemars::generate::SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator()
            .into_root_schema_for::<Export<'static>>()
            .to_value()
    });
    &SCHEMA
}
