//! Facts as JSON: `{"people_affected": {"known": {"at_most": 1200}}}`.
//!
//! The kind of the question decides the form of the value, so the reader goes by
//! hand and every problem names the path of the wrong key. A problem repeats no
//! value, for a value may be personal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::{Answer, Count, Fact, FactKey, Facts, Kind, Value, is_item, places};
use crate::kernel::{Instant, LocaleText};

/// The longest free text, in characters.
pub(super) const LONGEST_TEXT: usize = 20_000;

/// What is wrong in a JSON document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonProblem {
    /// The keys from the root, joined by dots.
    pub path: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl JsonProblem {
    /// A problem at this path.
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// The same problem, seen from one level above.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        self.path = if self.path.is_empty() {
            parent.to_owned()
        } else {
            format!("{parent}.{}", self.path)
        };
        self
    }
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for JsonProblem {}

impl Facts {
    /// Reads facts; every problem names its path.
    pub fn from_json(json: &Json) -> Result<Self, Vec<JsonProblem>> {
        let Some(entries) = json.as_object() else {
            return Err(vec![JsonProblem::at("", "expected an object of facts")]);
        };
        let mut facts = Self::default();
        let mut problems = Vec::new();
        for (name, entry) in entries {
            let fact = name
                .parse::<FactKey>()
                .map_err(|_| JsonProblem::at("", "no such fact; see the schema for the names"))
                .and_then(|key| Ok((key, fact(key, entry)?)));
            match fact {
                Ok((key, fact)) => {
                    facts.0.insert(key, fact);
                }
                Err(problem) => problems.push(problem.under(name)),
            }
        }
        if problems.is_empty() {
            Ok(facts)
        } else {
            Err(problems)
        }
    }
}

impl Answer {
    /// Reads `{"known": …}` or `{"unknown": {"until": …}}` as an answer to this question.
    pub fn from_json(key: FactKey, json: &Json) -> Result<Self, JsonProblem> {
        let entry = json
            .as_object()
            .ok_or_else(|| JsonProblem::at("", "expected an object with known or unknown"))?;
        if let Some(name) = entry
            .keys()
            .find(|name| !["known", "unknown"].contains(&name.as_str()))
        {
            return Err(JsonProblem::at(
                name,
                "no such key; allowed: known, unknown",
            ));
        }
        match (entry.get("known"), entry.get("unknown")) {
            (Some(value), None) => value_from(key, value)
                .map(Self::Known)
                .map_err(|problem| problem.under("known")),
            (None, Some(unknown)) => until(unknown)
                .map(|until| Self::Unknown { until })
                .map_err(|problem| problem.under("unknown")),
            _ => Err(JsonProblem::at("", "expected either known or unknown")),
        }
    }

    /// The answer as JSON, as it is stored and as the interface gives it.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Known(value) => json!({ "known": value_to(value) }),
            Self::Unknown { until: None } => json!({ "unknown": {} }),
            Self::Unknown { until: Some(day) } => {
                json!({ "unknown": { "until": day.to_string() } })
            }
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, fact)| {
            let mut entry = fact.answer.to_json();
            if let (Some(entry), Some(known_at)) = (entry.as_object_mut(), fact.known_at) {
                entry.insert("known_at".to_owned(), json!(known_at));
            }
            (key.as_str(), entry)
        }))
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).map_err(|problems| {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            D::Error::custom(lines.join("; "))
        })
    }
}

impl schemars::JsonSchema for Facts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let properties: Map<String, Json> = FactKey::ALL
            .iter()
            .map(|key| (key.as_str().to_owned(), fact_schema(*key)))
            .collect();
        schemars::json_schema!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties
        })
    }
}

fn fact(key: FactKey, json: &Json) -> Result<Fact, JsonProblem> {
    let mut entry = json
        .as_object()
        .ok_or_else(|| JsonProblem::at("", "expected an object with known or unknown"))?
        .clone();
    let known_at = match entry.remove("known_at") {
        None => None,
        Some(instant) => Some(
            instant
                .as_str()
                .and_then(|text| text.parse::<Instant>().ok())
                .ok_or_else(|| JsonProblem::at("known_at", "expected RFC 3339 with an offset"))?,
        ),
    };
    let answer = Answer::from_json(key, &Json::Object(entry))?;
    Ok(Fact { answer, known_at })
}

fn until(json: &Json) -> Result<Option<jiff::civil::Date>, JsonProblem> {
    let entry = json
        .as_object()
        .ok_or_else(|| JsonProblem::at("", "expected an object, empty or with until"))?;
    if let Some(name) = entry.keys().find(|name| *name != "until") {
        return Err(JsonProblem::at(name, "no such key; allowed: until"));
    }
    match entry.get("until") {
        None | Some(Json::Null) => Ok(None),
        Some(day) => day
            .as_str()
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| JsonProblem::at("until", "expected a day such as 2026-11-25")),
    }
}

fn value_from(key: FactKey, json: &Json) -> Result<Value, JsonProblem> {
    let wrong = |message: &str| JsonProblem::at("", message);
    match key.kind() {
        Kind::YesNo => json
            .as_bool()
            .map(Value::YesNo)
            .ok_or_else(|| wrong("expected true or false")),
        Kind::OneOf(options) => json
            .as_str()
            .filter(|option| options.contains(option))
            .map(|option| Value::Choice(option.to_owned()))
            .ok_or_else(|| wrong(&format!("expected one of: {}", options.join(", ")))),
        Kind::SomeOf(options) => {
            let chosen = strings(json, |option| options.contains(&option)).ok_or_else(|| {
                wrong(&format!(
                    "expected a list of some of: {}",
                    options.join(", ")
                ))
            })?;
            if chosen.contains("none") && chosen.len() > 1 {
                return Err(wrong("none stands alone"));
            }
            Ok(Value::Choices(chosen))
        }
        Kind::Items => strings(json, is_item)
            .map(Value::Choices)
            .ok_or_else(|| wrong("expected a list of ids of content/data_items.toml")),
        Kind::Count => count(json).map(Value::Count),
        Kind::Residence => residence(json).map(Value::Residence),
        Kind::Places => {
            let chosen = strings(json, |code| code == "none" || places::is_place(code))
                .ok_or_else(|| wrong("expected a list of places such as JP and US-CA, or none"))?;
            if chosen.contains("none") && chosen.len() > 1 {
                return Err(wrong("none stands alone"));
            }
            Ok(Value::Choices(chosen))
        }
        Kind::Text => locale_text(json).map(Value::Text),
    }
}

fn value_to(value: &Value) -> Json {
    match value {
        Value::YesNo(yes) => json!(yes),
        Value::Choice(option) => json!(option),
        Value::Choices(options) => json!(options),
        Value::Count(Count::Exactly(number)) => json!({ "exactly": number }),
        Value::Count(Count::AtMost(number)) => json!({ "at_most": number }),
        Value::Residence(countries) => json!(countries),
        Value::Text(text) => json!({ "ja": text.ja, "en": text.en }),
    }
}

fn strings(json: &Json, allowed: impl Fn(&str) -> bool) -> Option<BTreeSet<String>> {
    let list = json.as_array().filter(|list| !list.is_empty())?;
    list.iter()
        .map(|entry| {
            let text = entry.as_str()?;
            allowed(text).then(|| text.to_owned())
        })
        .collect()
}

fn count(json: &Json) -> Result<Count, JsonProblem> {
    const SHAPE: &str = r#"expected {"exactly": number} or {"at_most": number}"#;
    let entry = json
        .as_object()
        .filter(|entry| entry.len() == 1)
        .ok_or_else(|| JsonProblem::at("", SHAPE))?;
    let (name, number) = entry
        .iter()
        .next()
        .ok_or_else(|| JsonProblem::at("", SHAPE))?;
    let number = number
        .as_u64()
        .ok_or_else(|| JsonProblem::at(name, "expected a whole number, 0 or more"));
    match name.as_str() {
        "exactly" => number.map(Count::Exactly),
        "at_most" => number.map(Count::AtMost),
        _ => Err(JsonProblem::at(name, SHAPE)),
    }
}

fn residence(json: &Json) -> Result<BTreeMap<String, Option<u64>>, JsonProblem> {
    let entries = json
        .as_object()
        .filter(|entries| !entries.is_empty())
        .ok_or_else(|| {
            JsonProblem::at("", r#"expected countries such as {"JP": 1100, "DE": null}"#)
        })?;
    entries
        .iter()
        .map(|(country, number)| {
            if !places::is_place(country) {
                return Err(JsonProblem::at(
                    country,
                    "expected an ISO 3166 code such as JP or US-CA",
                ));
            }
            match number {
                Json::Null => Ok((country.clone(), None)),
                number => number
                    .as_u64()
                    .map(|number| (country.clone(), Some(number)))
                    .ok_or_else(|| {
                        JsonProblem::at(country, "expected a whole number, 0 or more, or null")
                    }),
            }
        })
        .collect()
}

fn locale_text(json: &Json) -> Result<LocaleText, JsonProblem> {
    let entry = json
        .as_object()
        .ok_or_else(|| JsonProblem::at("", "expected an object with ja, en or both"))?;
    let mut text = LocaleText::default();
    for (name, words) in entry {
        let slot = match name.as_str() {
            "ja" => &mut text.ja,
            "en" => &mut text.en,
            _ => return Err(JsonProblem::at(name, "no such key; allowed: ja, en")),
        };
        *slot = words
            .as_str()
            .filter(|words| words.chars().count() <= LONGEST_TEXT && !words.contains('\0'))
            .ok_or_else(|| {
                JsonProblem::at(
                    name,
                    "expected text of at most 20000 characters without NUL",
                )
            })?
            .to_owned();
    }
    if text.ja.is_empty() && text.en.is_empty() {
        return Err(JsonProblem::at("", "expected words in ja, en or both"));
    }
    Ok(text)
}

const PLACE: &str = "^[A-Z]{2}(-[A-Z0-9]{1,4})?$";

fn fact_schema(key: FactKey) -> Json {
    let number = json!({ "type": "integer", "minimum": 0 });
    let known = match key.kind() {
        Kind::YesNo => json!({ "type": "boolean" }),
        Kind::OneOf(options) => json!({ "enum": options }),
        Kind::SomeOf(options) => {
            json!({ "type": "array", "minItems": 1, "items": { "enum": options } })
        }
        Kind::Items => {
            let ids: Vec<_> = super::items().map(|(id, _)| id).collect();
            json!({ "type": "array", "minItems": 1, "items": { "enum": ids } })
        }
        Kind::Count => json!({ "oneOf": [
            { "type": "object", "properties": { "exactly": number }, "required": ["exactly"], "additionalProperties": false },
            { "type": "object", "properties": { "at_most": number }, "required": ["at_most"], "additionalProperties": false },
        ]}),
        Kind::Residence => json!({
            "type": "object", "minProperties": 1,
            "propertyNames": { "pattern": PLACE },
            "additionalProperties": { "type": ["integer", "null"], "minimum": 0 },
        }),
        Kind::Places => json!({
            "type": "array", "minItems": 1,
            "items": { "type": "string", "pattern": format!("{PLACE}|^none$") },
        }),
        Kind::Text => json!({
            "type": "object", "minProperties": 1, "additionalProperties": false,
            "properties": { "ja": { "type": "string" }, "en": { "type": "string" } },
        }),
    };
    let known_at = json!({ "type": "string", "format": "date-time" });
    let until = json!({ "type": ["string", "null"], "format": "date" });
    json!({
        "description": super::question(key, crate::kernel::Locale::En),
        "oneOf": [
            {
                "type": "object", "additionalProperties": false, "required": ["known"],
                "properties": { "known": known, "known_at": known_at },
            },
            {
                "type": "object", "additionalProperties": false, "required": ["unknown"],
                "properties": {
                    "unknown": {
                        "type": "object", "additionalProperties": false,
                        "properties": { "until": until },
                    },
                    "known_at": known_at,
                },
            },
        ],
    })
}
