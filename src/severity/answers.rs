//! Answers: read from forms and JSON, told in words, kept with their history.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::model::Question;
use super::store::Row;
use crate::accounts::AccountId;
use crate::incidents::facts::JsonProblem;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Instant, Locale, Problem, Result, input, locale};

/// What somebody answered: options, or that it is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These options; exactly one where the question takes one.
    Known(BTreeSet<String>),
    /// This was asked, and is not known yet.
    Unknown {
        /// The day on which to ask again.
        until: Option<Date>,
    },
}

impl Answer {
    /// Reads the fields of a form: `value` (repeated where several may be chosen, or `unknown`), `state`, `until`.
    ///
    /// # Errors
    /// The field that is wrong.
    pub fn from_form(
        question: Question,
        fields: &[(String, String)],
    ) -> Result<Self, FieldProblem> {
        let all = |name: &'static str| {
            fields
                .iter()
                .filter(move |(field, _)| field == name)
                .map(|(_, value)| value.trim())
                .filter(|value| !value.is_empty())
        };
        if all("state")
            .chain(all("value"))
            .any(|text| text == "unknown")
        {
            let until = all("until").next().map(str::parse).transpose();
            return match until {
                Ok(until) => Ok(Self::Unknown { until }),
                Err(_) => Err(input::wrong("until", "fact-field-day")),
            };
        }
        let chosen: BTreeSet<String> = all("value").map(str::to_owned).collect();
        if chosen.is_empty() {
            return Err(input::wrong("value", "fact-field-required"));
        }
        Self::known(question, chosen).ok_or_else(|| input::wrong("value", "fact-field-choice"))
    }

    /// Reads `{"known": "option"}`, `{"known": ["option"]}` or `{"unknown": {"until": day}}`.
    ///
    /// # Errors
    /// The path of the wrong key; no value.
    pub fn from_json(question: Question, json: &Json) -> Result<Self, JsonProblem> {
        let object = json.as_object().filter(|object| object.len() == 1);
        let Some((state, value)) = object.and_then(|object| object.iter().next()) else {
            return Err(JsonProblem::at(
                "",
                "expected {\"known\": …} or {\"unknown\": {}}",
            ));
        };
        match state.as_str() {
            "known" => {
                let texts = match value {
                    Json::String(one) => Some([one.clone()].into()),
                    Json::Array(many) => many
                        .iter()
                        .map(|text| text.as_str().map(str::to_owned))
                        .collect(),
                    _ => None,
                };
                texts
                    .and_then(|texts| Self::known(question, texts))
                    .ok_or_else(|| JsonProblem::at("known", expected(question)))
            }
            "unknown" => {
                let wrong = || JsonProblem::at("unknown.until", "expected a day as 2026-11-25");
                let until = match value.get("until") {
                    None | Some(Json::Null) => None,
                    Some(day) => Some(
                        day.as_str()
                            .and_then(|day| day.parse().ok())
                            .ok_or_else(wrong)?,
                    ),
                };
                if value
                    .as_object()
                    .is_none_or(|object| object.keys().any(|key| key != "until"))
                {
                    return Err(JsonProblem::at(
                        "unknown",
                        "expected {} or {\"until\": day}",
                    ));
                }
                Ok(Self::Unknown { until })
            }
            _ => Err(JsonProblem::at("", "expected \"known\" or \"unknown\"")),
        }
    }

    /// The answer as [`Answer::from_json`] reads it.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Known(options) => json!({"known": options}),
            Self::Unknown { until: None } => json!({"unknown": {}}),
            Self::Unknown { until: Some(day) } => json!({"unknown": {"until": day}}),
        }
    }

    /// The answer in words.
    pub fn words(&self, question: Question, language: Locale) -> String {
        let chosen = match self {
            Self::Known(chosen) => chosen,
            Self::Unknown { until: None } => return locale::text(language, "fact-unknown"),
            Self::Unknown { until: Some(day) } => {
                let day = day.to_string().into();
                return locale::text_with(language, "fact-unknown-until", &[("day", day)]);
            }
        };
        let content = question.content();
        let names: Vec<_> = content
            .options
            .iter()
            .filter(|option| chosen.contains(&option.id))
            .map(|option| option.label.get(language))
            .collect();
        names.join(match language {
            Locale::Ja => "、",
            Locale::En => ", ",
        })
    }

    fn known(question: Question, chosen: BTreeSet<String>) -> Option<Self> {
        let content = question.content();
        let number_fits = chosen.len() == 1 || content.many && !chosen.is_empty();
        let all_there = chosen.iter().all(|id| content.option(id).is_some());
        (number_fits && all_there).then_some(Self::Known(chosen))
    }
}

fn expected(question: Question) -> String {
    let content = question.content();
    let ids: Vec<_> = content.options.iter().map(|o| o.id.as_str()).collect();
    let how_many = if content.many { "some" } else { "one" };
    format!("expected {how_many} of: {}", ids.join(", "))
}

/// The answers that stand, one for each question that was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub BTreeMap<Question, Answer>);

impl Answers {
    /// Those of a history that no newer answer replaced.
    pub fn standing(history: &[AnswerRecord]) -> Self {
        Self(
            history
                .iter()
                .filter(|record| record.superseded_at.is_none())
                .map(|record| (record.question, record.answer.clone()))
                .collect(),
        )
    }

    /// The answer to a question; none where nobody was asked.
    pub fn get(&self, question: Question) -> Option<&Answer> {
        self.0.get(&question)
    }

    /// The options of a question that is known.
    pub fn known(&self, question: Question) -> Option<&BTreeSet<String>> {
        match self.get(question)? {
            Answer::Known(options) => Some(options),
            Answer::Unknown { .. } => None,
        }
    }
}

/// One answer with its history: who gave it, and until when it stood.
#[derive(Clone, Debug)]
pub struct AnswerRecord {
    /// The question.
    pub question: Question,
    /// The answer.
    pub answer: Answer,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// When a newer answer took its place.
    pub superseded_at: Option<Instant>,
}

impl AnswerRecord {
    pub(super) fn of(row: Row) -> Result<Self> {
        let (question, answer, recorded_by, recorded_at, superseded_at) = row;
        let json = serde_json::from_str(&answer)?;
        Ok(Self {
            answer: Answer::from_json(question, &json).map_err(Problem::internal)?,
            question,
            recorded_by,
            recorded_at,
            superseded_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_from_json_and_wrong_ones_name_their_path() {
        let read = |question, json: Json| Answer::from_json(question, &json);
        for (question, json) in [
            (
                Question::Categories,
                json!({"known": ["financial", "simple"]}),
            ),
            (Question::Malice, json!({"known": ["yes"]})),
            (Question::Malice, json!({"unknown": {}})),
            (
                Question::Malice,
                json!({"unknown": {"until": "2026-11-25"}}),
            ),
        ] {
            assert_eq!(read(question, json.clone()).unwrap().to_json(), json);
        }
        assert_eq!(
            read(Question::Simple, json!({"known": "2"})),
            read(Question::Simple, json!({"known": ["2"]})),
        );
        for (question, json, path) in [
            (Question::Malice, json!({}), ""),
            (Question::Malice, json!("yes"), ""),
            (Question::Malice, json!({"known": "yes", "unknown": {}}), ""),
            (Question::Malice, json!({"known": "maybe"}), "known"),
            (Question::Malice, json!({"known": ["yes", "no"]}), "known"),
            (Question::Categories, json!({"known": []}), "known"),
            (Question::Categories, json!({"known": [1]}), "known"),
            (Question::Malice, json!({"unknown": true}), "unknown"),
            (
                Question::Malice,
                json!({"unknown": {"till": "x"}}),
                "unknown",
            ),
            (
                Question::Malice,
                json!({"unknown": {"until": "soon"}}),
                "unknown.until",
            ),
        ] {
            assert_eq!(
                read(question, json.clone()).unwrap_err().path,
                path,
                "{json}"
            );
        }
    }

    #[test]
    fn a_form_answers_with_options_or_with_not_known() {
        let form = |question, pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            Answer::from_form(question, &pairs)
        };
        let two = form(
            Question::Categories,
            &[("value", "simple"), ("value", "financial")],
        );
        assert!(matches!(two, Ok(Answer::Known(chosen)) if chosen.len() == 2));
        let unknown = form(
            Question::Malice,
            &[("value", "unknown"), ("until", "2026-11-25")],
        );
        assert!(matches!(unknown, Ok(Answer::Unknown { until: Some(_) })));
        let unknown = form(Question::Categories, &[("state", "unknown"), ("until", "")]);
        assert_eq!(unknown, Ok(Answer::Unknown { until: None }));
        for (pairs, field, key) in [
            (&[][..], "value", "fact-field-required"),
            (&[("value", "maybe")], "value", "fact-field-choice"),
            (
                &[("value", "yes"), ("value", "no")],
                "value",
                "fact-field-choice",
            ),
            (
                &[("value", "unknown"), ("until", "soon")],
                "until",
                "fact-field-day",
            ),
        ] {
            let problem = form(Question::Malice, pairs).unwrap_err();
            assert_eq!((problem.field.as_str(), problem.key), (field, key));
        }
    }
}
