//! Whether a text still says what is known.

use super::{Against, Desk, FindingCode, Weight};
use crate::kernel::{Locale, LocaleText, locale};

/// Shorter answers, such as "yes", stand in any text by chance.
const TELLING: usize = 4;

pub(super) fn check(desk: &mut Desk<'_>, against: &Against) {
    for (key, drafted) in &against.drafted {
        let (before, now) = (
            drafted.get(desk.locale),
            against.now.get(key).map(|now| now.get(desk.locale)),
        );
        if now == Some(before) || before.chars().count() < TELLING {
            continue;
        }
        // The new answer may hold the old one: then only the old one standing alone is stale.
        let has_the_new = now.is_some_and(|now| !now.is_empty() && desk.text.contains(now));
        if desk.text.contains(before) && !has_the_new {
            desk.find(FindingCode::Contradiction, Weight::Warning, label(key));
        }
    }
    for number in people_numbers(desk.text, desk.locale) {
        if !against.people.is_empty() && !against.people.contains(&number) {
            let about = LocaleText {
                ja: format!("{number}人"),
                en: format!("{number} people"),
            };
            desk.find(FindingCode::PeopleNumber, Weight::Warning, about);
        }
    }
}

fn label(key: &str) -> LocaleText {
    let words = |locale| locale::text(locale, &format!("fact-{}-short", key.replace('_', "-")));
    LocaleText {
        ja: words(Locale::Ja),
        en: words(Locale::En),
    }
}

/// Numbers that count people: 1,204人, １２０４名, 1,204 people.
fn people_numbers(text: &str, locale: Locale) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let digit = match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            _ => None,
        };
        match digit {
            Some(digit) => digits.push(digit),
            None if matches!(c, ',' | '，') && !digits.is_empty() => {}
            None => {
                let tail: String = std::iter::once(c).chain(rest.clone().take(11)).collect();
                let counts = match locale {
                    Locale::Ja => tail.starts_with(['人', '名']),
                    Locale::En => [" people", " persons", " individuals", " customers"]
                        .iter()
                        .any(|word| tail.starts_with(word)),
                };
                if counts && let Ok(number) = digits.parse::<i64>() {
                    numbers.push(number);
                }
                digits.clear();
            }
        }
    }
    // Few people are counted for other reasons: two persons in charge, one in ten.
    numbers.retain(|number| *number >= 10);
    numbers
}
