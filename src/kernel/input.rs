//! Text that people type, parsed once at the edge.

use super::problem::FieldProblem;

/// One line: trimmed, not empty, at most `longest` characters, no control characters.
///
/// # Errors
/// The field with `field-required`, `field-too-long` or `field-control-characters`.
pub fn line(field: &str, text: &str, longest: usize) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(field, "field-required"));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(field, "field-control-characters"));
    }
    bounded(field, text, longest)
}

/// Several lines: as [`line()`], but line breaks and tabs may stand, and nothing at all is allowed.
///
/// # Errors
/// The field with `field-too-long` or `field-control-characters`.
pub fn paragraphs(field: &str, text: &str, longest: usize) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(wrong(field, "field-control-characters"));
    }
    bounded(field, text.trim(), longest)
}

/// A field and what is wrong with it.
pub fn wrong(field: &str, key: &'static str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        key,
        params: Vec::new(),
    }
}

fn bounded(field: &str, text: &str, longest: usize) -> Result<String, FieldProblem> {
    if text.chars().count() > longest {
        let params = vec![("maximum", longest.to_string())];
        return Err(FieldProblem {
            field: field.to_owned(),
            key: "field-too-long",
            params,
        });
    }
    Ok(text.to_owned())
}
