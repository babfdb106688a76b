//! Whether a part is written, fits its form, and says what the law wants said.

use super::{Desk, FindingCode, Weight, same};
use crate::kernel::{Locale, LocaleText};
use crate::notices::rules;
use crate::notices::sheet::{Gaps, Part, Sheet};
use crate::notices::templates::language::VARIABLES;

/// What people leave in a text to fill in later.
const LEFTOVERS: &[&str] = &[
    "○○",
    "〇〇",
    "◯◯",
    "××",
    "△△",
    "●●",
    "XXX",
    "xxx",
    "TODO",
    "TBD",
    "FIXME",
    "[ ]",
    "[　]",
    "［　］",
    "＿＿",
    "____",
    "Lorem ipsum",
];

pub(super) fn check(desk: &mut Desk<'_>, sheet: &Sheet, part: &Part, wanted: bool) {
    let text = desk.text;
    if text.trim().is_empty() {
        if wanted && part.required {
            desk.find(FindingCode::Empty, Weight::Error, part.label.clone());
        }
        return;
    }
    let length = text.chars().count();
    if length > part.longest {
        let about = LocaleText {
            ja: format!("{length}字（上限 {}字）", part.longest),
            en: format!("{length} characters, at most {}", part.longest),
        };
        desk.find(FindingCode::TooLong, Weight::Error, about);
    }
    let gaps = rules::gaps(text);
    if gaps > 0 {
        let weight = match sheet.gaps {
            Gaps::Allowed => Weight::Note,
            Gaps::Warned => Weight::Warning,
            Gaps::Refused => Weight::Error,
        };
        let about = LocaleText {
            ja: format!("{gaps}か所"),
            en: gaps.to_string(),
        };
        desk.find(FindingCode::Gap, weight, about);
    }
    for leftover in leftovers(text, sheet.is_for_people()) {
        desk.find(FindingCode::Placeholder, Weight::Error, same(leftover));
    }
    if !wanted {
        return;
    }
    for content in &part.contents {
        let marks = content.marks.get(desk.locale);
        let says_it = marks.iter().any(|mark| contains(text, mark, desk.locale));
        if !(marks.is_empty() || says_it) {
            desk.find_by(
                FindingCode::MissingContent,
                Weight::Warning,
                content.name.clone(),
                content.article.clone(),
            );
        }
    }
}

fn contains(text: &str, mark: &str, locale: Locale) -> bool {
    match locale {
        Locale::Ja => text.contains(mark),
        Locale::En => text.to_lowercase().contains(&mark.to_lowercase()),
    }
}

/// Words that stand for something, and braces that name nothing.
fn leftovers(text: &str, for_people: bool) -> Vec<String> {
    let mut found: Vec<String> = LEFTOVERS
        .iter()
        .filter(|leftover| text.contains(*leftover))
        .map(|leftover| (*leftover).to_owned())
        .collect();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let (inside, tail) = after.split_once("}}").unwrap_or((after, ""));
        let is_variable =
            for_people && VARIABLES.contains(&inside.trim_matches(' ')) && !tail.starts_with('}');
        if !is_variable {
            let start: String = inside
                .chars()
                .filter(|c| !c.is_control())
                .take(20)
                .collect();
            found.push(format!("{{{{{start}}}}}"));
        }
        rest = tail;
    }
    found
}
