//! Markdown (CommonMark with tables), in which no one else's text can become markup.

use std::sync::LazyLock;

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, TemplateError};

use super::document::Document;
use crate::kernel::{Problem, Result};

/// The report as Markdown text.
pub fn render(document: &Document) -> Result<String> {
    let templates = TEMPLATES.as_ref().map_err(Problem::internal)?;
    templates
        .render("report", document)
        .map_err(Problem::internal)
}

static TEMPLATES: LazyLock<Result<Handlebars<'static>, TemplateError>> = LazyLock::new(|| {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    // HTML's escapes mean nothing here; every text passes a helper below instead.
    templates.register_escape_fn(handlebars::no_escape);
    templates.register_helper("text", Box::new(text));
    templates.register_helper("inline", Box::new(inline));
    templates.register_template_string(
        "report",
        include_str!("../../templates/reports/report.md.hbs"),
    )?;
    Ok(templates)
});

/// Running text: line breaks stay, as hard breaks.
fn text(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    Ok(out.write(&escaped_lines(argument(helper)).join("\\\n"))?)
}

/// Text in a heading, a list or a table's cell, where a line break would end it.
fn inline(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    Ok(out.write(&escaped_lines(argument(helper)).join("<br>"))?)
}

fn argument<'a>(helper: &'a Helper<'_>) -> &'a str {
    helper
        .param(0)
        .and_then(|param| param.value().as_str())
        .unwrap_or_default()
}

fn escaped_lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(escape)
        .collect()
}

/// Escapes one line so that CommonMark shows exactly its characters.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() + 8);
    // What makes a line a list, a heading or a rule does so only at its start.
    let marker = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = marker.len() < line.len() && marker.starts_with(['.', ')']);
    let digits = line.len() - marker.len();
    let mut before = None;
    for (position, character) in line.char_indices() {
        let special = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '#' | '+' | '-' | '=' => position == 0,
            '.' | ')' if numbered && position == digits => true,
            // A bare address must not become a link: it may be the attacker's.
            '.' => escaped.to_ascii_lowercase().ends_with("www"),
            ':' => line
                .get(position..)
                .is_some_and(|rest| rest.starts_with("://")),
            '@' => before.is_some_and(|c: char| c.is_ascii_alphanumeric()),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        if !character.is_control() {
            escaped.push(character);
        }
        before = Some(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a CommonMark reader shows for an escaped line.
    fn shown(line: &str) -> String {
        // All but smart punctuation, which changes quotation marks by design.
        let options = pulldown_cmark::Options::all()
            .difference(pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION);
        let source = escape(line);
        let mut text = String::new();
        for event in pulldown_cmark::Parser::new_ext(&source, options) {
            match event {
                pulldown_cmark::Event::Text(part) => text.push_str(&part),
                pulldown_cmark::Event::Start(pulldown_cmark::Tag::Paragraph)
                | pulldown_cmark::Event::End(pulldown_cmark::TagEnd::Paragraph) => {}
                other => panic!("{line:?} became markup: {other:?}"),
            }
        }
        text
    }

    #[test]
    fn shows_exactly_what_was_written() {
        for line in [
            "plain words, 髙橋 﨑子 ①",
            "# not a heading",
            "- not a list",
            "+ not a list",
            "1. not a list",
            "12) not a list",
            "---",
            "===",
            "> not a quotation",
            "*no* _emphasis_ ~~at~~ `all`",
            "[no](https://example.com) ![image](x)",
            "<script>alert(1)</script> &amp; &#64;",
            "a | b | c",
            r"back\slash \* end\",
            "$x^2$ and $$y$$",
            "customers_2026-11.csv",
            "[^1] [x]",
        ] {
            assert_eq!(shown(line), line);
        }
    }

    #[test]
    fn leaves_no_address_that_a_reader_would_link() {
        assert_eq!(escape("https://example.com/a"), r"https\://example.com/a");
        assert_eq!(escape("WWW.example.com"), r"WWW\.example.com");
        assert_eq!(escape("desk@example.jp"), r"desk\@example.jp");
    }
}
