//! The severity after ENISA, one question a page.

mod card;

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

pub(super) use self::card::{Card, card};

use self::card::{points, trimmed};
use super::super::header::Header;
use super::super::{Case, FormState, Submission, incident_id, kept};
use crate::accounts::{Capability, can};
use crate::affected::catalogue::catalogue;
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::playbooks::Link;
use crate::severity::{self, Answer, AnswerRecord, IdentifierRow, Part, Question, QuestionOption};
use crate::web::PageError;
use crate::web::extract::SignedIn;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/incidents/{id}/people/severity", web::get().to(begin))
        .service(
            web::resource("/incidents/{id}/people/severity/{question}")
                .route(web::get().to(show))
                .route(web::post().to(submit)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    key: Question,
    number: usize,
    all: usize,
    part: String,
    question: String,
    why: String,
    note: String,
    many: bool,
    options: Vec<OptionView>,
    /// The items of this case that point to the category.
    items: Vec<String>,
    columns: Vec<String>,
    table: Vec<Row>,
    unknown: bool,
    until: String,
    counted: bool,
    previous: Option<Question>,
    current: Option<String>,
    history: Vec<Past>,
    may_answer: bool,
    card: Card,
}

#[derive(Serialize)]
struct OptionView {
    id: String,
    label: String,
    points: String,
    base: bool,
    criteria: String,
    examples: Vec<String>,
    items: Vec<String>,
    checked: bool,
}

/// An identifier, and when it falls under each option.
#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    points: String,
    text: String,
}

/// An answer of the history.
#[derive(Serialize)]
struct Past {
    answer: String,
    by: String,
    recorded_at: Instant,
    stands: bool,
}

/// Leads to the first question without an answer, or to the result.
async fn begin(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let id = incident_id(&id)?;
    let incident = id.clone();
    let store = &signed.page.state().house.store;
    let answers = store
        .read(move |conn| Ok(severity::assess(conn, &incident)?.answers))
        .await?;
    let asked = severity::rules::asked(&answers);
    let next = asked.into_iter().find(|key| answers.get(*key).is_none());
    Ok(signed.page.go(&address(id.as_str(), next), ""))
}

async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let key = question(&path.1)?;
    let case = Case::find(&signed, &path.0).await?;
    let form = FormState::default();
    render(&signed, &case, key, None, form, StatusCode::OK).await
}

async fn submit(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, key) = (incident_id(&path.0)?, question(&path.1)?);
    let page = &signed.page;
    let house = &page.state().house;
    let answered = match Answer::from_form(key, form.pairs()) {
        Ok(answer) => house.answer_severity(&by, &id, vec![(key, answer)]).await,
        Err(problem) => Err(problem.into()),
    };
    if let Err(problem) = answered {
        let (state, status) = kept(&form, problem, page)?;
        let case = Case::find(&signed, id.as_str()).await?;
        return render(&signed, &case, key, Some(&form), state, status).await;
    }
    let next = if form.get("go") == "next" {
        let incident = id.clone();
        let answers = house
            .store
            .read(move |conn| Ok(severity::assess(conn, &incident)?.answers))
            .await?;
        let asked = severity::rules::asked(&answers);
        let open = |wanted: &Question| answers.get(*wanted).is_none();
        // The next one on the way; what was left behind comes after it.
        let ahead = asked
            .iter()
            .copied()
            .filter(|other| *other > key)
            .find(open);
        ahead.or_else(|| asked.iter().copied().find(open))
    } else {
        None
    };
    Ok(page.go(&address(id.as_str(), next), "flash-answered"))
}

/// The page of a question, or the result when there is none.
fn address(id: &str, question: Option<Question>) -> String {
    match question {
        Some(question) => format!("/incidents/{id}/people/severity/{question}"),
        None => format!("/incidents/{id}/people/data#severity"),
    }
}

fn question(text: &str) -> Result<Question> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    key: Question,
    sent: Option<&Submission>,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let language = page.locale();
    let id = case.incident.id.clone();
    let store = &page.state().house.store;
    let (assessment, history, rosters) = store
        .read(move |conn| {
            Ok((
                severity::assess(conn, &id)?,
                severity::answers(conn, &id)?,
                crate::affected::rosters::rosters(conn, id.as_str())?,
            ))
        })
        .await?;
    let affected = super::items(&case.facts, &rosters);
    let content = key.content();
    let asked = severity::rules::asked(&assessment.answers);
    let place = asked.iter().position(|other| *other == key);
    let current = assessment.answers.get(key);
    let chosen = chosen(current, sent);
    let pointing = content.category.as_deref().and_then(|category| {
        let categories = Question::Categories.content();
        categories.option(category)
    });
    let (unknown, until) = match (sent, current) {
        (Some(form), _) => {
            let unknown = form.get("state") == "unknown" || form.get("value") == "unknown";
            (unknown, form.get("until").to_owned())
        }
        (None, Some(Answer::Unknown { until })) => {
            (true, until.map(|day| day.to_string()).unwrap_or_default())
        }
        _ => (false, String::new()),
    };
    let view = View {
        head: case.header(page, Link::People),
        base: format!("/incidents/{}/people", case.incident.id),
        key,
        number: place.map_or(0, |place| place.saturating_add(1)),
        all: asked.len(),
        part: page.text(&format!("enisa-part-{}", content.part)),
        question: content.question.get(language).to_owned(),
        why: content.why.get(language).to_owned(),
        note: content.note.get(language).to_owned(),
        many: content.many,
        options: content
            .options
            .iter()
            .map(|option| {
                let checked = chosen.contains(&option.id);
                option_view(option, content.part, checked, &affected, language)
            })
            .collect(),
        items: pointing
            .map(|option| names(option, &affected, language))
            .unwrap_or_default(),
        columns: if content.table.is_empty() {
            Vec::new()
        } else {
            let options = content.options.iter();
            options.map(|o| points(content.part, o.points)).collect()
        },
        table: content
            .table
            .iter()
            .map(|row| self::row(row, &content.options, language))
            .collect(),
        unknown,
        until,
        counted: place.is_some(),
        previous: place
            .and_then(|place| place.checked_sub(1))
            .and_then(|before| asked.get(before).copied()),
        current: current.map(|answer| answer.words(key, language)),
        history: history
            .iter()
            .rev()
            .filter(|record| record.question == key)
            .map(|record| past(record, case, language))
            .collect(),
        may_answer: signed.actor().may(Capability::EditIncident),
        card: card(&assessment, case, signed).beside_a_question(),
    };
    page.view("incidents/people/severity")
        .title(format!(
            "{} — {}",
            content.short.get(language),
            case.incident.number
        ))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&view)
}

fn option_view(
    option: &QuestionOption,
    part: Part,
    checked: bool,
    affected: &BTreeSet<String>,
    language: Locale,
) -> OptionView {
    OptionView {
        id: option.id.clone(),
        label: option.label.get(language).to_owned(),
        points: points(part, option.points),
        base: option.base,
        criteria: option.criteria.get(language).to_owned(),
        examples: option
            .examples
            .iter()
            .map(|example| example.get(language).to_owned())
            .collect(),
        items: names(option, affected, language),
        checked,
    }
}

/// The names of this case's items that point to an option.
fn names(option: &QuestionOption, affected: &BTreeSet<String>, language: Locale) -> Vec<String> {
    let items = option.items.iter().filter(|item| affected.contains(*item));
    items
        .filter_map(|item| catalogue().item(item))
        .map(|item| item.name.get(language).to_owned())
        .collect()
}

fn row(row: &IdentifierRow, options: &[QuestionOption], language: Locale) -> Row {
    Row {
        name: row.name.get(language).to_owned(),
        cells: row
            .cells
            .iter()
            .zip(options)
            .map(|(cell, option)| Cell {
                points: trimmed(option.points),
                text: cell.get(language).to_owned(),
            })
            .collect(),
    }
}

fn past(record: &AnswerRecord, case: &Case, language: Locale) -> Past {
    Past {
        answer: record.answer.words(record.question, language),
        by: case.name(&record.recorded_by).unwrap_or_default(),
        recorded_at: record.recorded_at,
        stands: record.superseded_at.is_none(),
    }
}

fn chosen(current: Option<&Answer>, sent: Option<&Submission>) -> BTreeSet<String> {
    match (sent, current) {
        (Some(form), _) => form.all("value").into_iter().map(str::to_owned).collect(),
        (None, Some(Answer::Known(chosen))) => chosen.clone(),
        _ => BTreeSet::new(),
    }
}
