//! How severe the breach is for the people, after ENISA (2013): questions, answers, the score.

use std::collections::BTreeMap;

use actix_web::{get, put, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bodies::{self, At, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::{AccountId, can};
use crate::incidents::IncidentId;
use crate::incidents::facts::JsonProblem;
use crate::kernel::{Instant, Locale, LocaleText, locale};
use crate::severity::{self, AnswerRecord, Assessment, Flags, Part, Points, Question, Score};

room!(show, put_answers);

/// The severity of an incident.
#[derive(Serialize, ToSchema)]
struct SeverityView {
    /// Where the methodology is published.
    methodology: String,
    /// The score, as a range while something is not known; none before the first answer.
    score: Option<Score>,
    /// What is said beside the score.
    flags: Flags,
    /// Why the score decides no duty.
    caution: LocaleText,
    /// Every question, with its answers.
    questions: Vec<QuestionView>,
}

/// A question of the assessment, and its answers.
#[derive(Serialize, ToSchema)]
struct QuestionView {
    /// The question's key.
    key: Question,
    /// The question.
    question: LocaleText,
    /// The part of the formula.
    part: Part,
    /// Whether several options may be chosen.
    many: bool,
    /// Whether it counts with the categories that were chosen.
    asked: bool,
    /// The options.
    options: Vec<OptionView>,
    /// The answer that stands, as `{"known": [option]}` or `{"unknown": {"until": day}}`.
    #[schema(value_type = Option<Object>)]
    answer: Option<Value>,
    /// Every answer, oldest first.
    history: Vec<SeverityAnswerView>,
}

/// An option with its criteria.
#[derive(Serialize, ToSchema)]
struct OptionView {
    /// The option's key.
    key: String,
    /// What it brings.
    points: Points,
    /// Its name.
    label: LocaleText,
    /// When it applies.
    criteria: LocaleText,
}

/// One answer to a question of the assessment.
#[derive(Serialize, ToSchema)]
struct SeverityAnswerView {
    /// The answer.
    #[schema(value_type = Object)]
    answer: Value,
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

/// How severe the breach is for the people, after ENISA (2013). It decides no duty.
#[utoipa::path(tag = "severity", responses((status = 200, body = SeverityView)))]
#[get("/incidents/{incident}/severity")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<SeverityView> {
    Ok(web::Json(view(&caller, &id).await?))
}

/// Answers questions of the assessment, all or none; a question that is not named keeps its answer.
#[utoipa::path(
    tag = "severity",
    request_body(content = Object, example = json!({
        "categories": {"known": ["simple", "financial"]},
        "financial": {"known": "3"},
        "malice": {"unknown": {"until": "2026-11-25"}},
    })),
    responses((status = 200, body = SeverityView)),
)]
#[put("/incidents/{incident}/severity")]
async fn put_answers(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<BTreeMap<String, Value>>,
) -> Answer<SeverityView> {
    let by = caller.grant::<can::EditIncident>()?;
    let mut answers = Vec::new();
    let mut problems = Vec::new();
    for (key, value) in &body {
        let read = key
            .parse::<Question>()
            .map_err(|_| JsonProblem::at(key, "no such question"))
            .and_then(|question| {
                let answer = severity::Answer::from_json(question, value);
                let answer = answer.map_err(|problem| problem.under(key))?;
                Ok((question, answer))
            });
        match read {
            Ok(answer) => answers.push(answer),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(bodies::paths(problems).into());
    }
    // In the order of asking, so that the timeline reads well.
    answers.sort_by_key(|(question, _)| *question);
    caller.house().answer_severity(&by, &id, answers).await?;
    Ok(web::Json(view(&caller, &id).await?))
}

async fn view(caller: &Caller, id: &IncidentId) -> Result<SeverityView, ApiError> {
    let (assessment, history) = caller
        .read(id, |conn, id| {
            Ok((severity::assess(conn, id)?, severity::answers(conn, id)?))
        })
        .await?;
    let Assessment {
        answers,
        score,
        flags,
    } = assessment;
    let asked = severity::rules::asked(&answers);
    Ok(SeverityView {
        methodology: severity::methodology().url.clone(),
        score,
        flags,
        caution: LocaleText {
            ja: locale::text(Locale::Ja, "enisa-caution"),
            en: locale::text(Locale::En, "enisa-caution"),
        },
        questions: Question::ALL
            .iter()
            .map(|key| question(*key, asked.contains(key), &history))
            .collect(),
    })
}

fn question(key: Question, asked: bool, history: &[AnswerRecord]) -> QuestionView {
    let content = key.content();
    let history: Vec<_> = history
        .iter()
        .filter(|record| record.question == key)
        .map(|record| SeverityAnswerView {
            answer: record.answer.to_json(),
            recorded_by: record.recorded_by.clone(),
            recorded_at: record.recorded_at,
            superseded_at: record.superseded_at,
        })
        .collect();
    QuestionView {
        key,
        question: content.question.clone(),
        part: content.part,
        many: content.many,
        asked,
        options: content
            .options
            .iter()
            .map(|option| OptionView {
                key: option.id.clone(),
                points: option.points,
                label: option.label.clone(),
                criteria: option.criteria.clone(),
            })
            .collect(),
        answer: history
            .iter()
            .find(|answer| answer.superseded_at.is_none())
            .map(|answer| answer.answer.clone()),
        history,
    }
}
