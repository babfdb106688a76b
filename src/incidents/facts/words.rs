//! Questions and answers in words, for pages and reports.

use fluent_bundle::FluentValue;

use super::{Answer, Count, FactKey, Kind, Value, item_name, items, places};
use crate::kernel::Locale;
use crate::kernel::locale::{text, text_with};

/// The question in plain words.
pub fn question(key: FactKey, locale: Locale) -> String {
    text(locale, &format!("fact-{}", dashed(key.as_str())))
}

/// Why it is asked, and which duty hangs on it.
pub fn why(key: FactKey, locale: Locale) -> String {
    text(locale, &format!("fact-{}-why", dashed(key.as_str())))
}

/// The short name of what is asked.
pub fn label(key: FactKey, locale: Locale) -> String {
    text(locale, &format!("fact-{}-short", dashed(key.as_str())))
}

/// The words of one option; a data item has its name from the catalogue.
pub fn option_label(key: FactKey, option: &str, locale: Locale) -> String {
    if key.kind() == Kind::Items {
        return item_name(option)
            .map_or_else(|| option.to_owned(), |name| name.get(locale).to_owned());
    }
    let key = format!("fact-{}-{}", dashed(key.as_str()), dashed(option));
    text(locale, &key)
}

/// The options of a question, in its order; the items of the catalogue where it asks for those.
fn options(key: FactKey) -> impl Iterator<Item = &'static str> {
    let catalogue = (key.kind() == Kind::Items)
        .then(items)
        .into_iter()
        .flatten()
        .map(|(id, _)| id);
    key.options().iter().copied().chain(catalogue)
}

/// An answer in words.
pub fn words(key: FactKey, answer: &Answer, locale: Locale) -> String {
    let value = match answer {
        Answer::Known(value) => value,
        Answer::Unknown { until: None } => return text(locale, "fact-unknown"),
        Answer::Unknown { until: Some(day) } => {
            let day = day.to_string().into();
            return text_with(locale, "fact-unknown-until", &[("day", day)]);
        }
    };
    match value {
        Value::YesNo(true) => text(locale, "fact-yes"),
        Value::YesNo(false) => text(locale, "fact-no"),
        Value::Choice(option) => option_label(key, option, locale),
        Value::Choices(chosen) if key.kind() == Kind::Places => {
            if chosen.contains("none") {
                return text(locale, "fact-places-none");
            }
            list(chosen.iter().map(|code| places::name(code, locale)), locale)
        }
        Value::Choices(chosen) => list(
            // In the order of the question, not of the ids.
            options(key)
                .filter(|option| chosen.contains(*option))
                .map(|option| option_label(key, option, locale)),
            locale,
        ),
        Value::Count(Count::Exactly(number)) => people("fact-people", *number, locale),
        Value::Count(Count::AtMost(number)) => people("fact-people-at-most", *number, locale),
        Value::Residence(countries) => list(
            countries.iter().map(|(country, number)| match number {
                Some(number) => format!(
                    "{}: {}",
                    places::name(country, locale),
                    people("fact-people", *number, locale)
                ),
                None => places::name(country, locale),
            }),
            locale,
        ),
        // One language is better than a gap where only one was written.
        Value::Text(both) if both.get(locale).is_empty() => match locale {
            Locale::Ja => both.en.clone(),
            Locale::En => both.ja.clone(),
        },
        Value::Text(both) => both.get(locale).to_owned(),
    }
}

/// A number with a comma at each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn people(key: &str, number: u64, locale: Locale) -> String {
    let one = u8::from(number == 1);
    let variables = [
        ("number", FluentValue::from(grouped(number))),
        ("one", FluentValue::from(one)),
    ];
    text_with(locale, key, &variables)
}

fn list(parts: impl Iterator<Item = String>, locale: Locale) -> String {
    let parts: Vec<_> = parts.collect();
    parts.join(match locale {
        Locale::Ja => "、",
        Locale::En => ", ",
    })
}

/// Fluent keys have no underscore by custom of the house.
fn dashed(name: &str) -> String {
    name.replace('_', "-")
}
