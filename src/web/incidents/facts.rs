//! The questions: all of them with their answers, and one a page to answer.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::answer_fields::{Fields, fields};
use super::contradictions::ContradictionLine;
use super::header::Header;
use super::risk_aid::AidView;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept, local_instant};
use crate::accounts::can;
use crate::incidents::facts::{self, Answer, FactKey};
use crate::incidents::{self, FactRecord};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::playbooks::Link;
use crate::regulations::Regulation;
use crate::web::extract::Page;

/// The questions in the groups of the list.
const GROUPS: &[(&str, &[FactKey])] = &[
    (
        "happened",
        &[
            FactKey::Overview,
            FactKey::DiscoveredBy,
            FactKey::PersonalDataInvolved,
            FactKey::BreachNature,
            FactKey::ImproperPurpose,
            FactKey::ActAgainstBusiness,
            FactKey::IncidentSignificant,
            FactKey::IncidentMaterial,
            FactKey::RansomPaid,
            FactKey::VulnerabilityExploited,
            FactKey::Cause,
            FactKey::Containment,
        ],
    ),
    (
        "data",
        &[
            FactKey::DataItems,
            FactKey::SpecialCareData,
            FactKey::PropertyDamageRisk,
            FactKey::MyNumberInvolved,
            FactKey::DataPlannedAsPersonalData,
            FactKey::CommunicationsSecrecy,
            FactKey::Protection,
            FactKey::Recipients,
            FactKey::Retrieved,
            FactKey::MisuseRuledOut,
            FactKey::Availability,
        ],
    ),
    (
        "people",
        &[
            FactKey::PeopleAffected,
            FactKey::MinorsAffected,
            FactKey::Residence,
            FactKey::ContactDifficult,
            FactKey::SeriousHarm,
            FactKey::VitalServicesAffected,
            FactKey::SecondaryDamage,
            FactKey::ResponseToPeople,
            FactKey::AdviceToPeople,
        ],
    ),
    (
        "role",
        &[
            FactKey::EstablishedIn,
            FactKey::Serves,
            FactKey::RegulatedAs,
            FactKey::OurRole,
            FactKey::DelegatorNotified,
            FactKey::Sector,
            FactKey::GdprApplies,
            FactKey::GdprRisk,
        ],
    ),
    (
        "after",
        &[
            FactKey::Publication,
            FactKey::Prevention,
            FactKey::OtherReference,
        ],
    ),
];

/// How many of the questions that decide come first on the list.
const NEXT: usize = 6;
/// How many regimes are named beside a question.
const NAMED: usize = 3;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/incidents/{id}/facts").route(web::get().to(list)))
        .service(
            web::resource("/incidents/{id}/facts/{key}")
                .route(web::get().to(show))
                .route(web::post().to(submit)),
        );
}

/// A question as the list shows it.
#[derive(Serialize)]
struct Line {
    href: String,
    label: String,
    question: String,
    /// `known`, `unknown` or `open`.
    state: &'static str,
    answer: Option<String>,
    since: Option<Instant>,
    decides: Decides,
}

/// The regimes whose duties wait for an answer: the first few by name, and how many more.
#[derive(Serialize)]
struct Decides {
    names: Vec<String>,
    more: usize,
}

#[derive(Serialize)]
struct Group {
    key: &'static str,
    title: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct ListView {
    head: Header,
    contradictions: Vec<ContradictionLine>,
    next: Vec<Line>,
    groups: Vec<Group>,
    known: usize,
    all: usize,
}

#[derive(Serialize)]
struct QuestionView {
    head: Header,
    key: FactKey,
    label: String,
    question: String,
    why: String,
    /// For the question on the risk under GDPR: what the facts point to. It chooses nothing.
    aid: Option<AidView>,
    fields: Fields,
    decides: Decides,
    current: Option<String>,
    is_unknown: bool,
    history: Vec<Past>,
    /// How many questions that decide a duty still wait after this one.
    waiting: usize,
    may_answer: bool,
}

/// An answer of the history.
#[derive(Serialize)]
struct Past {
    answer: String,
    by: String,
    recorded_at: Instant,
    known_at: Option<Instant>,
    stands: bool,
}

async fn list(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let page = &signed.page;
    let next = case.duties.next_questions.iter();
    page.view("incidents/facts")
        .title(case.page_title(page, Link::Facts))
        .nav("incidents")
        .respond(&ListView {
            head: case.header(page, Link::Facts),
            contradictions: case.contradictions(page),
            next: next.take(NEXT).map(|key| case.line(*key, page)).collect(),
            groups: GROUPS
                .iter()
                .map(|(key, questions)| Group {
                    key,
                    title: page.text(&format!("facts-group-{key}")),
                    lines: questions.iter().map(|key| case.line(*key, page)).collect(),
                })
                .collect(),
            known: case
                .facts
                .0
                .values()
                .filter(|fact| matches!(fact.answer, Answer::Known(_)))
                .count(),
            all: FactKey::ALL.len(),
        })
}

async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let key = fact_key(&path.1)?;
    let case = Case::find(&signed, &path.0).await?;
    render(
        &signed,
        &case,
        key,
        None,
        FormState::default(),
        StatusCode::OK,
    )
    .await
}

async fn submit(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AnswerFacts>()?;
    let (id, key) = (incident_id(&path.0)?, fact_key(&path.1)?);
    let page = &signed.page;
    let house = &page.state().house;
    let read = local_instant(&form, "known_at", page.zone()).and_then(|known_at| {
        let answer = Answer::from_form(key, &pairs(&form)).map_err(Problem::fields)?;
        Ok((answer, known_at))
    });
    let answered = match read {
        Ok((answer, known_at)) => house.answer(&by, &id, key, answer, known_at).await,
        Err(problem) => Err(problem),
    };
    match answered {
        Ok(()) => {
            let next = if form.get("go") == "next" {
                let duties = house.duties(&id).await?;
                let case = Case::find(&signed, id.as_str()).await?;
                let mut open = duties.next_questions.into_iter();
                open.find(|next| *next != key && case.facts.get(*next).is_none())
            } else {
                None
            };
            let to = match next {
                Some(next) => format!("/incidents/{id}/facts/{next}"),
                None => format!("/incidents/{id}/facts"),
            };
            Ok(page.go(&to, "flash-answered"))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, key, Some(&form), state, status).await
        }
    }
}

/// The fields as the room reads them; among the options of a choice, "unknown" is the state.
pub(super) fn pairs(form: &Submission) -> Vec<(String, String)> {
    let mut pairs = form.pairs().to_vec();
    if form.get("value") == "unknown" {
        pairs.push(("state".to_owned(), "unknown".to_owned()));
    }
    pairs
}

fn fact_key(text: &str) -> Result<FactKey> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    key: FactKey,
    sent: Option<&Submission>,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let locale = page.locale();
    let id = case.incident.id.clone();
    let store = &page.state().house.store;
    let records = store
        .read(move |conn| incidents::answers(conn, &id))
        .await?;
    let current = case.facts.get(key);
    let waits = |next: &&FactKey| **next != key && case.facts.get(**next).is_none();
    page.view("incidents/fact")
        .title(format!(
            "{} — {}",
            facts::label(key, locale),
            case.incident.number
        ))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&QuestionView {
            head: case.header(page, Link::Facts),
            key,
            label: facts::label(key, locale),
            question: facts::question(key, locale),
            why: facts::why(key, locale),
            aid: AidView::of(case, key, page),
            fields: fields(key, current, sent, page),
            decides: case.decides(key, page),
            current: current.map(|answer| facts::words(key, answer, locale)),
            is_unknown: matches!(current, Some(Answer::Unknown { .. })),
            history: records
                .iter()
                .rev()
                .filter(|record| record.key == key)
                .map(|record| case.past(record, page))
                .collect(),
            waiting: case.duties.next_questions.iter().filter(waits).count(),
            may_answer: signed.actor().may(crate::accounts::Capability::AnswerFacts),
        })
}

impl Case {
    fn line(&self, key: FactKey, page: &Page) -> Line {
        let locale = page.locale();
        let fact = self.facts.0.get(&key);
        Line {
            href: format!("/incidents/{}/facts/{key}", self.incident.id),
            label: facts::label(key, locale),
            question: facts::question(key, locale),
            state: match fact.map(|fact| &fact.answer) {
                Some(Answer::Known(_)) => "known",
                Some(Answer::Unknown { .. }) => "unknown",
                None => "open",
            },
            answer: fact.map(|fact| facts::words(key, &fact.answer, locale)),
            since: fact.and_then(|fact| fact.known_at),
            decides: self.decides(key, page),
        }
    }

    /// The regimes that wait for the answer to a question, in the order of the law's files.
    fn decides(&self, key: FactKey, page: &Page) -> Decides {
        let mut regimes: Vec<&Regulation> = Vec::new();
        for duty in &self.duties.duties {
            let regime = duty.obligation.regulation();
            if duty.obligation.questions.contains(key)
                && !regimes.iter().any(|it| it.id == regime.id)
            {
                regimes.push(regime);
            }
        }
        let named = regimes.iter().take(NAMED);
        Decides {
            names: named
                .map(|regime| regime.title.get(page.locale()).to_owned())
                .collect(),
            more: regimes.len().saturating_sub(NAMED),
        }
    }

    fn past(&self, record: &FactRecord, page: &Page) -> Past {
        let apart = record.recorded_at.since(record.known_at).as_secs() >= 60;
        Past {
            answer: facts::words(record.key, &record.answer, page.locale()),
            by: self.name(&record.recorded_by).unwrap_or_default(),
            recorded_at: record.recorded_at,
            known_at: apart.then_some(record.known_at),
            stands: record.superseded_at.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_shows_every_question_once() {
        let mut shown: Vec<_> = GROUPS.iter().flat_map(|(_, keys)| *keys).collect();
        shown.sort();
        assert_eq!(shown, FactKey::ALL.iter().collect::<Vec<_>>());
    }
}
