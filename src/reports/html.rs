//! One self-contained HTML page: no script, no request, printable on A4.

use std::sync::LazyLock;

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, TemplateError};

use super::document::Document;
use crate::kernel::{Problem, Result};

/// The report as an HTML page.
pub fn render(document: &Document) -> Result<String> {
    let templates = TEMPLATES.as_ref().map_err(Problem::internal)?;
    templates
        .render("report", document)
        .map_err(Problem::internal)
}

static TEMPLATES: LazyLock<Result<Handlebars<'static>, TemplateError>> = LazyLock::new(|| {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_helper("css_string", Box::new(css_string));
    for (name, source) in [
        (
            "report",
            include_str!("../../templates/reports/report.html.hbs"),
        ),
        (
            "style",
            include_str!("../../templates/reports/report.css.hbs"),
        ),
        (
            "cell",
            // Its last line break would show in a cell, where line breaks are kept.
            include_str!("../../templates/reports/cell.html.hbs").trim_end(),
        ),
        (
            "run",
            include_str!("../../templates/reports/run.html.hbs").trim_end(),
        ),
    ] {
        templates.register_template_string(name, source)?;
    }
    Ok(templates)
});

/// Text for a quoted CSS string: every character by its number, so that none can end the string.
fn css_string(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = helper
        .param(0)
        .and_then(|param| param.value().as_str())
        .unwrap_or_default();
    for character in text.chars() {
        out.write(&format!("\\{:x} ", u32::from(character)))?;
    }
    Ok(())
}
