//! The fields of an answer, by the kind of its question, filled with what was sent or is known.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Submission;
use crate::affected::catalogue;
use crate::incidents::facts::{self, Answer, Count, FactKey, Kind, Value, places};
use crate::kernel::{LocaleText, locale};
use crate::web::extract::Page;

/// Empty lines that the question of residence offers beside the filled ones.
const SPARE_LINES: usize = 3;

/// What the form of a question holds; only the part of its kind is filled.
#[derive(Debug, Default, Serialize)]
pub(super) struct Fields {
    /// `radio`, `check`, `count`, `residence`, `text` or `items`.
    kind: &'static str,
    options: Vec<Choice>,
    groups: Vec<ItemGroup>,
    count: String,
    at_most: bool,
    lines: Vec<CountryLine>,
    countries: Vec<Country>,
    ja: String,
    en: String,
    unknown: bool,
    until: String,
    known_at: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    label: String,
    marks: Vec<String>,
    checked: bool,
}

/// The data items of one category.
#[derive(Debug, Serialize)]
struct ItemGroup {
    icon: String,
    title: String,
    purpose: String,
    options: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct CountryLine {
    country: String,
    count: String,
    first: bool,
}

#[derive(Debug, Serialize)]
struct Country {
    code: String,
    label: String,
}

/// The fields, filled with what was sent, else with the answer that stands.
pub(super) fn fields(
    key: FactKey,
    current: Option<&Answer>,
    sent: Option<&Submission>,
    page: &Page,
) -> Fields {
    let mut fields = match sent {
        Some(form) => from_sent(form),
        None => from_answer(current),
    };
    let chosen = match sent {
        Some(form) => form.all("value").into_iter().map(str::to_owned).collect(),
        None => chosen(current),
    };
    let choice = |value: &str, label: String| Choice {
        checked: chosen.contains(value),
        value: value.to_owned(),
        label,
        marks: Vec::new(),
    };
    let options = |options: &[&str]| -> Vec<Choice> {
        let label = |option: &str| facts::option_label(key, option, page.locale());
        options
            .iter()
            .map(|option| choice(option, label(option)))
            .collect()
    };
    match key.kind() {
        Kind::YesNo => {
            fields.kind = "radio";
            fields.options = ["yes", "no"]
                .iter()
                .map(|value| choice(value, page.text(&format!("fact-{value}"))))
                .collect();
        }
        Kind::OneOf(all) => {
            fields.kind = "radio";
            fields.options = options(all);
        }
        Kind::SomeOf(all) => {
            fields.kind = "check";
            fields.options = options(all);
        }
        Kind::Items => {
            fields.kind = "items";
            fields.groups = item_groups(&chosen, page);
        }
        Kind::Count => fields.kind = "count",
        Kind::Residence => {
            fields.kind = "residence";
            fields.add_spare_lines(page);
        }
        Kind::Places => {
            fields.kind = "places";
            fields.options = vec![choice("none", page.text("fact-places-none"))];
            if sent.is_none() {
                fields.lines = chosen
                    .iter()
                    .filter(|code| *code != "none")
                    .map(|code| CountryLine::of(code))
                    .collect();
            }
            fields.add_spare_lines(page);
        }
        Kind::Text => fields.kind = "text",
    }
    fields
}

impl Fields {
    /// Offers empty lines beside the filled ones, and the places to choose from.
    fn add_spare_lines(&mut self, page: &Page) {
        self.countries = countries(&self.lines, page);
        self.lines
            .extend((0..SPARE_LINES).map(|_| CountryLine::of("")));
        for (place, line) in self.lines.iter_mut().enumerate() {
            line.first = place == 0;
        }
    }
}

impl CountryLine {
    fn of(country: &str) -> Self {
        Self {
            country: country.to_owned(),
            count: String::new(),
            first: false,
        }
    }
}

fn from_sent(form: &Submission) -> Fields {
    let mut lines: Vec<CountryLine> = Vec::new();
    for (name, value) in form.pairs() {
        match (name.as_str(), lines.last_mut()) {
            ("country", _) => lines.push(CountryLine {
                country: value.clone(),
                count: String::new(),
                first: lines.is_empty(),
            }),
            ("country_count", Some(line)) => line.count.clone_from(value),
            _ => {}
        }
    }
    lines.retain(|line| !line.country.is_empty() || !line.count.is_empty());
    Fields {
        count: form.get("count").to_owned(),
        at_most: form.get("measure") == "at_most",
        lines,
        ja: form.get("ja").to_owned(),
        en: form.get("en").to_owned(),
        unknown: form.get("state") == "unknown" || form.get("value") == "unknown",
        until: form.get("until").to_owned(),
        known_at: form.get("known_at").to_owned(),
        ..Fields::default()
    }
}

fn from_answer(answer: Option<&Answer>) -> Fields {
    let mut fields = Fields::default();
    match answer {
        Some(Answer::Unknown { until }) => {
            fields.unknown = true;
            fields.until = until.map(|day| day.to_string()).unwrap_or_default();
        }
        Some(Answer::Known(Value::Count(count))) => {
            fields.count = count.highest().to_string();
            fields.at_most = matches!(count, Count::AtMost(_));
        }
        Some(Answer::Known(Value::Residence(countries))) => {
            fields.lines = countries
                .iter()
                .enumerate()
                .map(|(place, (country, count))| CountryLine {
                    country: country.clone(),
                    count: count.map(|count| count.to_string()).unwrap_or_default(),
                    first: place == 0,
                })
                .collect();
        }
        Some(Answer::Known(Value::Text(text))) => {
            fields.ja.clone_from(&text.ja);
            fields.en.clone_from(&text.en);
        }
        _ => {}
    }
    fields
}

fn chosen(answer: Option<&Answer>) -> BTreeSet<String> {
    match answer {
        Some(Answer::Known(Value::YesNo(yes))) => {
            [if *yes { "yes" } else { "no" }.to_owned()].into()
        }
        Some(Answer::Known(Value::Choice(option))) => [option.clone()].into(),
        Some(Answer::Known(Value::Choices(options))) => options.clone(),
        _ => BTreeSet::new(),
    }
}

fn item_groups(chosen: &BTreeSet<String>, page: &Page) -> Vec<ItemGroup> {
    let catalogue = catalogue::catalogue();
    let locale = page.locale();
    let words = |text: &LocaleText| text.get(locale).to_owned();
    catalogue
        .categories
        .iter()
        .map(|category| ItemGroup {
            icon: category.icon.clone(),
            title: words(&category.name),
            purpose: words(&category.purpose),
            options: catalogue
                .items
                .iter()
                .filter(|item| item.category == category.id)
                .map(|item| Choice {
                    value: item.id.clone(),
                    label: words(&item.name),
                    marks: [
                        (item.special_care, "item-special-care"),
                        (item.property_damage, "item-property-damage"),
                    ]
                    .into_iter()
                    .filter(|(applies, _)| *applies)
                    .map(|(_, key)| locale::text(locale, key))
                    .collect(),
                    checked: chosen.contains(&item.id),
                })
                .collect(),
        })
        .collect()
}

/// The places to choose from; one that was answered by its code alone is added.
fn countries(lines: &[CountryLine], page: &Page) -> Vec<Country> {
    let label = |code: &str| format!("{} ({code})", places::name(code, page.locale()));
    let known = places::all().iter().map(|place| place.code.as_str());
    let others = lines
        .iter()
        .map(|line| line.country.as_str())
        .filter(|code| !code.is_empty() && !places::all().iter().any(|place| place.code == *code));
    known
        .chain(others)
        .map(|code| Country {
            code: code.to_owned(),
            label: label(code),
        })
        .collect()
}
