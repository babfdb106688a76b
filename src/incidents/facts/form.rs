//! Answers as a page's form sends them.
//!
//! Fields: `state` (`known` or `unknown`), `until` (a day, with `unknown`), and by
//! the kind of the question `value` (`yes`/`no`, an option, an item id; repeated
//! where several may be chosen), `count` with `measure` (`exactly` or `at_most`),
//! `country` and `country_count` in turn, or `ja` and `en`. Problems carry no value.

use std::collections::{BTreeMap, BTreeSet};

use super::json::LONGEST_TEXT;
use super::{Answer, Count, FactKey, Kind, Value, is_item, places};
use crate::kernel::LocaleText;
use crate::kernel::problem::FieldProblem;

impl Answer {
    /// Reads the fields of a form as an answer to this question.
    pub fn from_form(key: FactKey, fields: &[(String, String)]) -> Result<Self, Vec<FieldProblem>> {
        let form = Form(fields);
        match form.one("state") {
            Some("unknown") => form.until().map(|until| Self::Unknown { until }),
            Some("known") | None => value(key, &form).map(Self::Known),
            Some(_) => Err(wrong("state", "fact-field-choice")),
        }
        .map_err(|problem| vec![problem])
    }
}

struct Form<'a>(&'a [(String, String)]);

impl<'a> Form<'a> {
    /// The trimmed value of a field; none where it is absent or empty.
    fn one(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    fn until(&self) -> Result<Option<jiff::civil::Date>, FieldProblem> {
        self.one("until")
            .map(|day| day.parse().map_err(|_| wrong("until", "fact-field-day")))
            .transpose()
    }
}

fn value(key: FactKey, form: &Form<'_>) -> Result<Value, FieldProblem> {
    match key.kind() {
        Kind::YesNo => match form.one("value") {
            Some("yes") => Ok(Value::YesNo(true)),
            Some("no") => Ok(Value::YesNo(false)),
            Some(_) => Err(wrong("value", "fact-field-choice")),
            None => Err(wrong("value", "fact-field-required")),
        },
        Kind::OneOf(options) => match form.one("value") {
            Some(option) if options.contains(&option) => Ok(Value::Choice(option.to_owned())),
            Some(_) => Err(wrong("value", "fact-field-choice")),
            None => Err(wrong("value", "fact-field-required")),
        },
        Kind::SomeOf(options) => {
            let chosen = chosen(form, |option| options.contains(&option))?;
            if chosen.contains("none") && chosen.len() > 1 {
                return Err(wrong("value", "fact-field-none-alone"));
            }
            Ok(Value::Choices(chosen))
        }
        Kind::Items => chosen(form, is_item).map(Value::Choices),
        Kind::Count => {
            let number = form
                .one("count")
                .ok_or_else(|| wrong("count", "fact-field-required"))?;
            let number = number_of(number).ok_or_else(|| wrong("count", "fact-field-number"))?;
            match form.one("measure") {
                Some("exactly") | None => Ok(Value::Count(Count::Exactly(number))),
                Some("at_most") => Ok(Value::Count(Count::AtMost(number))),
                Some(_) => Err(wrong("measure", "fact-field-choice")),
            }
        }
        Kind::Residence => residence(form).map(Value::Residence),
        Kind::Places => chosen_places(form).map(Value::Choices),
        Kind::Text => text(form).map(Value::Text),
    }
}

fn chosen(
    form: &Form<'_>,
    allowed: impl Fn(&str) -> bool,
) -> Result<BTreeSet<String>, FieldProblem> {
    let chosen: BTreeSet<_> = form.all("value").map(str::to_owned).collect();
    if chosen.is_empty() {
        return Err(wrong("value", "fact-field-required"));
    }
    if chosen.iter().all(|option| allowed(option)) {
        Ok(chosen)
    } else {
        Err(wrong("value", "fact-field-choice"))
    }
}

/// Places, each in a `country` of its own, or `none` as a `value`.
fn chosen_places(form: &Form<'_>) -> Result<BTreeSet<String>, FieldProblem> {
    let chosen: BTreeSet<_> = form
        .all("country")
        .map(str::to_ascii_uppercase)
        .chain(form.all("value").map(str::to_owned))
        .collect();
    if chosen.is_empty() {
        return Err(wrong("country", "fact-field-required"));
    }
    if chosen.contains("none") && chosen.len() > 1 {
        return Err(wrong("value", "fact-field-none-alone"));
    }
    if chosen
        .iter()
        .all(|code| code == "none" || places::is_place(code))
    {
        Ok(chosen)
    } else {
        Err(wrong("country", "fact-field-country"))
    }
}

/// Each `country_count` belongs to the `country` before it; a line without a country must be empty.
fn residence(form: &Form<'_>) -> Result<BTreeMap<String, Option<u64>>, FieldProblem> {
    let mut countries = BTreeMap::new();
    let mut latest: Option<String> = None;
    for (field, value) in form.0 {
        let value = value.trim();
        match field.as_str() {
            "country" if value.is_empty() => latest = None,
            "country" => {
                let code = value.to_ascii_uppercase();
                if !places::is_place(&code) {
                    return Err(wrong("country", "fact-field-country"));
                }
                countries.insert(code.clone(), None);
                latest = Some(code);
            }
            "country_count" if value.is_empty() => {}
            "country_count" => {
                let number =
                    number_of(value).ok_or_else(|| wrong("country_count", "fact-field-number"))?;
                let code = latest
                    .clone()
                    .ok_or_else(|| wrong("country", "fact-field-required"))?;
                countries.insert(code, Some(number));
            }
            _ => {}
        }
    }
    if countries.is_empty() {
        return Err(wrong("country", "fact-field-required"));
    }
    Ok(countries)
}

fn text(form: &Form<'_>) -> Result<LocaleText, FieldProblem> {
    let mut both = LocaleText::default();
    for (name, slot) in [("ja", &mut both.ja), ("en", &mut both.en)] {
        let words = form.one(name).unwrap_or_default();
        if words.contains('\0') {
            return Err(wrong(name, "fact-field-nul"));
        }
        if words.chars().count() > LONGEST_TEXT {
            return Err(FieldProblem {
                params: vec![("maximum", LONGEST_TEXT.to_string())],
                ..wrong(name, "fact-field-too-long")
            });
        }
        // Browsers send line ends as CR LF.
        *slot = words.replace("\r\n", "\n");
    }
    if both.ja.is_empty() && both.en.is_empty() {
        return Err(wrong("ja", "fact-field-required"));
    }
    Ok(both)
}

/// Reads `1,200`, `1200` and `１２００` alike.
fn number_of(text: &str) -> Option<u64> {
    let digits: String = text
        .trim_end_matches('人')
        .chars()
        .filter(|c| !matches!(c, ',' | '，'))
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
            other => Some(other),
        })
        .collect::<Option<_>>()?;
    digits.parse().ok()
}

fn wrong(field: &str, key: &'static str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        key,
        params: Vec::new(),
    }
}
