//! The questions about an incident, and their answers with history.

use std::collections::BTreeMap;

use actix_web::{get, put, web};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::bodies::{self, At};
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::accounts::{AccountId, can};
use crate::incidents::facts::{self, Answer as FactAnswer, FactKey, JsonProblem, Kind};
use crate::incidents::{self, FactRecord, IncidentId};
use crate::kernel::{Instant, Locale, LocaleText, Problem};

room!(list, put_answer);

/// A question, how it is answered, and its answers.
#[derive(Serialize, ToSchema)]
struct FactView {
    /// The question's key.
    key: FactKey,
    /// The question.
    question: LocaleText,
    /// Why it is asked.
    why: LocaleText,
    /// The form of its answer.
    #[schema(example = "one-of")]
    kind: &'static str,
    /// The options from which an answer chooses, with their words.
    options: BTreeMap<&'static str, LocaleText>,
    /// The answer that stands, as `{"known": …}` or `{"unknown": {"until": day}}`.
    #[schema(value_type = Option<Object>)]
    answer: Option<Json>,
    /// Every answer, oldest first.
    history: Vec<AnswerView>,
}

/// One answer.
#[derive(Serialize, ToSchema)]
struct AnswerView {
    /// The answer.
    #[schema(value_type = Object)]
    answer: Json,
    /// Since when it was known.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// Who recorded it.
    #[schema(value_type = String)]
    recorded_by: AccountId,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
    /// When a newer answer took its place; absent while it stands.
    #[schema(value_type = Option<String>, format = DateTime)]
    superseded_at: Option<Instant>,
}

/// Every question in the order in which a team would ask, with its answers.
#[utoipa::path(tag = "facts", responses((status = 200, body = Vec<FactView>)))]
#[get("/incidents/{incident}/facts")]
async fn list(caller: Caller, id: At<IncidentId>) -> Answer<Vec<FactView>> {
    let records = caller.read(&id, incidents::answers).await?;
    let views = FactKey::ALL
        .iter()
        .map(|key| FactView::of(*key, &records))
        .collect();
    Ok(web::Json(views))
}

/// Answers a question: `{"known": value}` or `{"unknown": {"until": day}}`, with `known_at` if it was known before now.
///
/// The form of each value stands in the JSON Schema of `shodo assess --schema`.
#[utoipa::path(
    tag = "facts",
    request_body(content = Object, example = json!({"known": {"at_most": 1200}})),
    responses((status = 200, body = FactView)),
)]
#[put("/incidents/{incident}/facts/{key}")]
async fn put_answer(
    caller: Caller,
    at: At<(IncidentId, FactKey)>,
    bodies::Json(body): bodies::Json<Json>,
) -> Answer<FactView> {
    let by = caller.grant::<can::AnswerFacts>()?;
    let (id, key) = &*at;
    let (answer, known_at) = read(*key, body)?;
    caller
        .house()
        .answer(&by, id, *key, answer, known_at)
        .await?;
    let records = caller.read(id, incidents::answers).await?;
    Ok(web::Json(FactView::of(*key, &records)))
}

fn read(key: FactKey, mut body: Json) -> Result<(FactAnswer, Option<Instant>), Problem> {
    let known_at = body
        .as_object_mut()
        .and_then(|object| object.remove("known_at"))
        .filter(|value| !value.is_null())
        .map(|value| {
            value
                .as_str()
                .and_then(|text| text.parse::<Instant>().ok())
                .ok_or_else(|| JsonProblem::at("known_at", "expected RFC 3339 with an offset"))
        })
        .transpose()
        .map_err(|problem| bodies::paths(vec![problem]))?;
    let answer =
        FactAnswer::from_json(key, &body).map_err(|problem| bodies::paths(vec![problem]))?;
    Ok((answer, known_at))
}

impl FactView {
    fn of(key: FactKey, records: &[FactRecord]) -> Self {
        let history: Vec<_> = records
            .iter()
            .filter(|record| record.key == key)
            .map(|record| AnswerView {
                answer: record.answer.to_json(),
                known_at: record.known_at,
                recorded_by: record.recorded_by.clone(),
                recorded_at: record.recorded_at,
                superseded_at: record.superseded_at,
            })
            .collect();
        Self {
            key,
            question: both(|locale| facts::question(key, locale)),
            why: both(|locale| facts::why(key, locale)),
            kind: kind(key),
            options: key
                .options()
                .iter()
                .map(|option| {
                    let words = both(|locale| facts::option_label(key, option, locale));
                    (*option, words)
                })
                .collect(),
            answer: history
                .iter()
                .find(|answer| answer.superseded_at.is_none())
                .map(|answer| answer.answer.clone()),
            history,
        }
    }
}

fn both(words: impl Fn(Locale) -> String) -> LocaleText {
    LocaleText {
        ja: words(Locale::Ja),
        en: words(Locale::En),
    }
}

fn kind(key: FactKey) -> &'static str {
    match key.kind() {
        Kind::YesNo => "yes-no",
        Kind::OneOf(_) => "one-of",
        Kind::SomeOf(_) => "some-of",
        Kind::Count => "count",
        Kind::Residence => "residence",
        Kind::Places => "places",
        Kind::Text => "text",
        Kind::Items => "data-items",
    }
}
