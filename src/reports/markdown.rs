//! Markdown (CommonMark with tables), in which no one else's text can become markup.

use std::sync::LazyLock;

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
    TemplateError,
};

use super::document::Document;
use super::passages::{Piece, Run};
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
    templates.register_helper("passage", Box::new(passage_of));
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

/// A passage, as Markdown of ours.
fn passage_of(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let pieces = helper.param(0).map(|param| param.value().clone());
    let pieces: Vec<Piece> =
        serde_json::from_value(pieces.unwrap_or_default()).map_err(RenderErrorReason::from)?;
    Ok(out.write(&passage(&pieces))?)
}

/// Writes the parts of a passage, a paragraph each.
pub fn passage(pieces: &[Piece]) -> String {
    let parts: Vec<String> = pieces.iter().map(piece).collect();
    parts.join("\n\n")
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Words {
            indent,
            marker,
            quote,
            runs,
        } => {
            let quote = if *quote { "> " } else { "" };
            let steps = indent.saturating_sub(usize::from(!quote.is_empty()));
            // Four spaces are within an item under any marker, and no code under one.
            let (step, marker) = match marker.as_str() {
                "" => (steps, String::new()),
                "•" => (steps.saturating_sub(1), "- ".to_owned()),
                number => (steps.saturating_sub(1), format!("{number} ")),
            };
            let before = format!("{quote}{}", "    ".repeat(step));
            let lines = run_lines(runs).join(&format!("\\\n{quote}{}", "    ".repeat(steps)));
            format!("{before}{marker}{lines}")
        }
        Piece::Title { runs } => format!("#### {}", run_lines(runs).join(" ")),
        Piece::Code { text } => {
            let longest = text
                .split(|c| c != '`')
                .map(str::len)
                .max()
                .unwrap_or_default();
            let fence = "`".repeat(longest.saturating_add(1).max(3));
            format!("{fence}\n{text}\n{fence}")
        }
        Piece::Grid { rows } => {
            let row = |cells: &Vec<Vec<Run>>| {
                let cells: Vec<_> = cells
                    .iter()
                    .map(|runs| run_lines(runs).join("<br>"))
                    .collect();
                format!("| {} |", cells.join(" | "))
            };
            let mut lines: Vec<String> = rows.iter().map(row).collect();
            if let Some(head) = rows.first() {
                lines.insert(1, format!("|{}", "---|".repeat(head.len())));
            }
            lines.join("\n")
        }
    }
}

/// Runs as lines of Markdown, each showing exactly its characters.
fn run_lines(runs: &[Run]) -> Vec<String> {
    let mut text = String::new();
    let mut stressed = false;
    for run in runs {
        let lines: Vec<String> = run.text.split('\n').map(escape_part).collect();
        let look = match (run.bold, run.italic) {
            (true, true) => "***",
            (true, false) => "**",
            (false, true) => "*",
            (false, false) => "",
        };
        // Only so do the marks hold beside any neighbour.
        let holds = !stressed
            && lines.len() == 1
            && run.text.starts_with(char::is_alphanumeric)
            && run.text.ends_with(char::is_alphanumeric);
        let look = if holds { look } else { "" };
        stressed = !look.is_empty();
        text.push_str(&format!("{look}{}{look}", lines.join("\n")));
    }
    text.lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// A part of a line, which may come to stand at its beginning or after a number.
fn escape_part(part: &str) -> String {
    let dot = if part.starts_with(['.', ')', ':', '@']) {
        "\\"
    } else {
        ""
    };
    let escaped = escape(part);
    match escaped.starts_with('\\') {
        true => escaped,
        false => format!("{dot}{escaped}"),
    }
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
