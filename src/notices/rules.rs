//! What a text may hold, and how a mail's HTML comes from its text; pure.

use crate::kernel::problem::FieldProblem;
use crate::kernel::{Locale, LocaleText, input};

use super::checks::FindingCode;
use super::templates::language::VARIABLES;
use super::{Content, NoticeKind};

/// What begins a gap in a draft, in Japanese and in English.
const GAPS: [&str; 2] = ["【確認中", "[To be confirmed"];

/// The longest text of any part; a form's own limit is checked when the notice is handed in.
const LONGEST_PART: usize = 20_000;

/// Takes what a person edited: every part is there, within bounds, and safe as a template.
///
/// # Errors
/// Every field that is wrong.
pub fn parse(kind: NoticeKind, content: &Content) -> Result<Content, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut parsed = Content::default();
    for key in content.0.keys().filter(|key| kind.sheet().part(key).is_none()) {
        problems.push(input::wrong(key, "field-unknown"));
    }
    for part in kind.parts() {
        let mut text = LocaleText::default();
        for (locale, target) in [(Locale::Ja, &mut text.ja), (Locale::En, &mut text.en)] {
            let field = format!("{}.{locale}", part.key);
            let typed = content.part(&part.key, locale);
            let parsed = if part.one_line && !typed.trim().is_empty() {
                input::line(&field, typed, part.longest)
            } else {
                input::paragraphs(&field, typed, LONGEST_PART)
            };
            match parsed {
                Ok(_) if kind.is_sent_to_people() && !only_known_variables(typed) => {
                    problems.push(input::wrong(&field, "field-unknown-variable"));
                }
                Ok(parsed) => *target = parsed,
                Err(problem) => problems.push(problem),
            }
        }
        parsed.0.insert(part.key.clone(), text);
    }
    if problems.is_empty() {
        Ok(parsed)
    } else {
        Err(problems)
    }
}

/// The words for an error of the checks, beside its field.
pub fn field_key(code: FindingCode) -> &'static str {
    match code {
        FindingCode::Empty => "field-required",
        FindingCode::Gap => "field-open-gap",
        FindingCode::TooLong => "field-too-long-for-form",
        FindingCode::Placeholder => "field-placeholder",
        FindingCode::SecretNumber => "field-secret-number",
        FindingCode::UnsafeLink => "field-unsafe-link",
        FindingCode::Direction => "field-direction",
        FindingCode::MissingContent
        | FindingCode::PersonalData
        | FindingCode::Contradiction
        | FindingCode::PeopleNumber
        | FindingCode::Link
        | FindingCode::Language => "field-warning-unanswered",
    }
}

/// Whether anything in a notice is still 確認中.
pub fn has_gap(content: &Content) -> bool {
    content
        .0
        .values()
        .any(|text| gaps(&text.ja) + gaps(&text.en) > 0)
}

/// The mark of what is still being found out.
pub fn gap(locale: Locale, what: &str) -> String {
    match locale {
        Locale::Ja => format!("【確認中：{what}】"),
        Locale::En => format!("[To be confirmed: {what}]"),
    }
}

/// How many gaps a text still has.
pub fn gaps(text: &str) -> usize {
    GAPS.iter().map(|mark| text.matches(mark).count()).sum()
}

/// The HTML of a mail, from its text: paragraphs and line breaks, everything else escaped.
///
/// Variables stay, so that the outbox fills them in for each person.
pub fn html(subject: &str, body: &str, locale: Locale) -> String {
    let mut paragraphs = String::new();
    for paragraph in body
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
    {
        let lines: Vec<_> = paragraph
            .lines()
            .map(|line| escape(line.trim_end()))
            .collect();
        paragraphs.push_str(&format!(
            "<p style=\"margin:0 0 1.2em\">{}</p>\n",
            lines.join("<br>\n")
        ));
    }
    format!(
        "<!doctype html>\n<html lang=\"{locale}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
         <body style=\"margin:0;padding:24px 16px;background:#ffffff;color:#1a1a1c\">\n\
         <div style=\"max-width:640px;margin:0 auto;font-family:'Hiragino Sans','Noto Sans JP','Yu Gothic UI',Meiryo,sans-serif;font-size:16px;line-height:1.8\">\n\
         {paragraphs}</div>\n</body>\n</html>\n",
        escape(subject),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn only_known_variables(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = rest.get(start + 2..).unwrap_or_default();
        let Some(end) = inside.find("}}") else {
            return false;
        };
        if !VARIABLES.contains(&inside.get(..end).unwrap_or_default().trim()) {
            return false;
        }
        rest = inside.get(end + 2..).unwrap_or_default();
        // A third brace would print the value unescaped.
        if rest.starts_with('}') {
            return false;
        }
    }
    !rest.contains("}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_variables_pass() {
        for good in ["", "Hello", "{{salutation}}\nHello", "{{ salutation }}"] {
            assert!(only_known_variables(good), "{good}");
        }
        for bad in [
            "{{nobody}}",
            "{{{salutation}}}",
            "{{#each x}}",
            "{{salutation",
            "salutation}}",
            "{{@root}}",
            "{{> p}}",
        ] {
            assert!(!only_known_variables(bad), "{bad}");
        }
    }

    #[test]
    fn html_escapes_what_people_wrote() {
        let html = html(
            "件名 <b>",
            "一行目\n二行目 <script>\n\n{{salutation}}",
            Locale::Ja,
        );
        assert!(html.contains("一行目<br>\n二行目 &lt;script&gt;"));
        assert!(html.contains("<p style=\"margin:0 0 1.2em\">{{salutation}}</p>"));
        assert!(!html.contains("<script>") && !html.contains("<b>"));
    }
}
