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
    for key in content
        .0
        .keys()
        .filter(|key| kind.sheet().part(key).is_none())
    {
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
        FindingCode::TooLong => "field-longer-than-form",
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

/// The HTML of a mail, from its text: headings, paragraphs, lists and links; everything else escaped.
///
/// A heading is the first line of a paragraph that begins with ■ or stands in capitals; a list
/// is made of lines that begin with ・ or a hyphen. Variables stay, so that the outbox fills
/// them in for each person.
pub fn html(subject: &str, body: &str, locale: Locale) -> String {
    let paragraphs: String = body
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(paragraph)
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{locale}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
         <body style=\"margin:0;padding:24px 16px;background:#ffffff;color:#1a1a1c\">\n\
         <div style=\"max-width:640px;margin:0 auto;font-family:'Hiragino Sans','Noto Sans JP','Yu Gothic UI',Meiryo,sans-serif;font-size:16px;line-height:1.8\">\n\
         {paragraphs}</div>\n</body>\n</html>\n",
        escape(subject),
    )
}

fn paragraph(text: &str) -> String {
    let mut html = String::new();
    let mut lines = text.lines().map(str::trim_end).peekable();
    if let Some(heading) = lines.peek().and_then(|line| heading(line)) {
        html.push_str(&format!(
            "<h2 style=\"margin:1.6em 0 .4em;padding-left:10px;border-left:4px solid #0017c1;font-size:17px;line-height:1.4\">{}</h2>\n",
            escape(&heading)
        ));
        lines.next();
    }
    let mut rest = lines.collect::<Vec<_>>();
    while !rest.is_empty() {
        let is_list = rest.first().copied().and_then(item).is_some();
        let end = rest
            .iter()
            .position(|line| item(line).is_some() != is_list)
            .unwrap_or(rest.len());
        let tail = rest.split_off(end);
        if is_list {
            let items: String = rest
                .iter()
                .filter_map(|line| item(line))
                .map(|line| format!("<li style=\"margin:.3em 0\">{}</li>\n", linked(line)))
                .collect();
            html.push_str(&format!(
                "<ul style=\"margin:0 0 1.2em;padding-left:1.4em\">\n{items}</ul>\n"
            ));
        } else {
            let lines: Vec<_> = rest.iter().map(|line| linked(line)).collect();
            html.push_str(&format!(
                "<p style=\"margin:0 0 1.2em\">{}</p>\n",
                lines.join("<br>\n")
            ));
        }
        rest = tail;
    }
    html
}

/// The words of a heading: behind a ■, or of a line in capitals.
fn heading(line: &str) -> Option<String> {
    if let Some(words) = line.strip_prefix('■') {
        return Some(words.trim().to_owned());
    }
    let letters = line.chars().filter(|c| c.is_ascii_alphabetic()).count();
    let shouts = letters >= 5
        && line
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | '-' | ',' | '\''));
    let mut words = line.to_ascii_lowercase();
    shouts.then(|| {
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        words
    })
}

fn item(line: &str) -> Option<&str> {
    line.strip_prefix('・').or_else(|| line.strip_prefix("- "))
}

/// A line with its https addresses as links.
fn linked(line: &str) -> String {
    let mut html = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("https://") {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '{' | '}'))
            .unwrap_or(from.len());
        let whole = from.get(..end).unwrap_or_default();
        let url = whole.trim_end_matches(['.', ',', ')', ';', ':', '!', '?']);
        let shown = escape(url);
        html.push_str(&escape(before));
        html.push_str(&format!(
            "<a href=\"{shown}\" style=\"color:#0017c1\">{shown}</a>"
        ));
        rest = from.get(url.len()..).unwrap_or_default();
        if url.len() <= "https://".len() {
            break;
        }
    }
    html.push_str(&escape(rest));
    html
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

    #[test]
    fn html_has_headings_lists_and_links() {
        let body = "■ お願い\n次の点です。\n・一つ\n・二つ https://shop.example.jp/a?b=1&c。\n\nWHAT WE ASK YOU TO DO\n- one\nThen this.";
        let html = html("件名", body, Locale::Ja);
        for part in [
            ">お願い</h2>",
            "<p style=\"margin:0 0 1.2em\">次の点です。</p>",
            "<li style=\"margin:.3em 0\">一つ</li>",
            "<a href=\"https://shop.example.jp/a?b=1&amp;c\" style",
            "</a>。</li>",
            ">What we ask you to do</h2>",
            ">one</li>",
            ">Then this.</p>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        // An abbreviation on a line of its own is no heading.
        assert_eq!(heading("NIST"), None);
        assert_eq!(heading("{{salutation}}"), None);
    }
}
