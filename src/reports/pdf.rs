//! The report as A4 pages.

use std::sync::LazyLock;

use typst::syntax::Source;

use super::document::Document;
pub use super::typesetting::Pdf;
use super::typesetting::{set, substitute};
use crate::kernel::Result;

static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../../templates/reports/report.typ")));

static STATUS: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../../templates/reports/status.typ")));

static FIGURES: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../../templates/reports/figures.typ")));

/// The template and what it reads as `report.json`: what [`render`] sets.
///
/// # Errors
/// Never; the document has no map with odd keys.
pub fn sources(document: &Document) -> Result<(&'static str, serde_json::Value)> {
    Ok((TEMPLATE.text(), data(document)?.0))
}

/// Sets the report in type.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn render(document: &Document) -> Result<Pdf> {
    render_by(&TEMPLATE, document)
}

/// Sets a status report in type, on one page.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn render_status(document: &Document) -> Result<Pdf> {
    render_by(&STATUS, document)
}

/// Sets the numbers of many incidents in type.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn render_figures(document: &Document) -> Result<Pdf> {
    render_by(&FIGURES, document)
}

fn render_by(template: &'static Source, document: &Document) -> Result<Pdf> {
    let (data, substituted) = data(document)?;
    let ident = format!("{} {}", document.number, document.made);
    let pdf = set(template, "report.json", &data, ident)?;
    Ok(Pdf { substituted, ..pdf })
}

fn data(document: &Document) -> Result<(serde_json::Value, usize)> {
    let mut data = serde_json::to_value(document)?;
    let substituted = substitute(&mut data);
    if substituted == 0 {
        // The note explains a mark that then occurs nowhere.
        if let Some(data) = data.as_object_mut() {
            data.insert("substitution_note".to_owned(), serde_json::Value::Null);
        }
    }
    Ok((data, substituted))
}
