//! The overview: what to do next, how far the response is, what is known, what happened.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::clocks::{Moment, moments};
use super::header::{Header, href};
use super::next::{Next, waiting_for};
use super::timeline::{Line, lines};
use super::{Case, FormState, PageError, SignedIn};
use crate::incidents;
use crate::incidents::State;
use crate::incidents::facts::{self, Answer, FactKey};
use crate::kernel::{Result, locale};
use crate::notices::{Notice, NoticeState};
use crate::playbooks::rules::phase_state;
use crate::playbooks::{Link, PhaseContent, Step, StepState};
use crate::web::extract::Page;
use crate::web::playbooks::target_words;
use crate::web::words;

/// Entries of the timeline beside the overview.
const ENTRIES: i64 = 12;

/// What the figures show, in their order.
const FIGURES: &[FactKey] = &[
    FactKey::PeopleAffected,
    FactKey::DataItems,
    FactKey::Residence,
    FactKey::MinorsAffected,
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/incidents/{id}").route(web::get().to(show)));
}

/// A phase as the partial `phase` takes it.
#[derive(Serialize)]
struct PhaseCard {
    id: String,
    number: usize,
    title: String,
    sub: String,
    state: &'static str,
    state_label: String,
    open: bool,
    steps: Vec<StepLine>,
}

#[derive(Serialize)]
struct StepLine {
    href: String,
    title: String,
    state: &'static str,
    state_label: String,
    hints: Vec<Hint>,
}

#[derive(Serialize)]
struct Hint {
    icon: Option<&'static str>,
    text: String,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    value: String,
    href: String,
    answered: bool,
}

#[derive(Serialize)]
struct NoticeLine {
    href: String,
    label: String,
    version: i64,
    tone: &'static str,
    state_label: String,
}

#[derive(Serialize)]
struct View {
    head: Header,
    next: Next,
    playbook_id: String,
    playbook_title: String,
    steps_done: usize,
    steps_all: usize,
    phases: Vec<PhaseCard>,
    overview: Option<String>,
    figures: Vec<Figure>,
    questions: usize,
    notices: Vec<NoticeLine>,
    moments: Vec<Moment>,
    lines: Vec<Line>,
    entries: i64,
    from: &'static str,
    closed: bool,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    render(&signed, &case, FormState::default(), StatusCode::OK).await
}

/// The page; also for the composer of notes, when it was refused.
pub(super) async fn render(
    signed: &SignedIn,
    case: &Case,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let house = &page.state().house;
    let (actor, id) = (signed.actor().clone(), case.incident.id.clone());
    let (notices, names) = (case.notices.clone(), case.names.clone());
    let (waiting, records) = house
        .store
        .read(move |conn| {
            let name = |id: &_| names.get(id).cloned();
            let waiting = waiting_for(conn, &actor, &notices, name)?;
            Ok((waiting, incidents::starts_history(conn, &id)?))
        })
        .await?;
    let entries = house.timeline(&case.incident.id, None, ENTRIES).await?;
    let unanswered = |key: &&FactKey| case.facts.get(**key).is_none();
    page.view("incidents/overview")
        .title(case.page_title(page, Link::Overview))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Overview),
            next: case.next(page, signed.actor(), &waiting),
            playbook_id: case.playbook.id.clone(),
            playbook_title: case.playbook.title.get(page.locale()).to_owned(),
            steps_done: case.steps.len().saturating_sub(case.open_steps()),
            steps_all: case.steps.len(),
            phases: case.phases(page),
            overview: case
                .facts
                .get(FactKey::Overview)
                .map(|answer| facts::words(FactKey::Overview, answer, page.locale())),
            figures: FIGURES.iter().map(|key| case.figure(*key, page)).collect(),
            questions: case.duties.next_questions.iter().filter(unanswered).count(),
            notices: case
                .notices
                .iter()
                .map(|notice| case.notice_line(notice, page))
                .collect(),
            moments: moments(case, &records, page)
                .into_iter()
                .filter(|moment| moment.is_shown)
                .collect(),
            lines: lines(&entries, page),
            entries: case.entries,
            from: "overview",
            closed: case.incident.state == State::Closed,
        })
}

impl Case {
    fn phases(&self, page: &Page) -> Vec<PhaseCard> {
        let current = self.current_phase();
        (1..)
            .zip(&self.playbook.phases)
            .map(|(number, phase)| {
                let steps: Vec<_> = self
                    .steps
                    .iter()
                    .filter(|step| step.phase == phase.key)
                    .collect();
                let states: Vec<_> = steps.iter().map(|step| step.state).collect();
                let now = current == Some(phase.key);
                let (state, label) = match phase_state(&states) {
                    StepState::Done => ("done", "step-done"),
                    _ if now => ("now", "phase-now"),
                    StepState::Doing => ("now", "step-doing"),
                    _ => ("todo", "step-todo"),
                };
                PhaseCard {
                    id: format!("phase-{}", phase.key),
                    number,
                    title: page.text(&format!("phase-{}", phase.key)),
                    sub: sub(phase, &states, page),
                    state,
                    state_label: page.text(label),
                    open: now,
                    steps: steps
                        .into_iter()
                        .map(|step| self.step_line(step, page))
                        .collect(),
                }
            })
            .collect()
    }

    fn step_line(&self, step: &Step, page: &Page) -> StepLine {
        let content = self.playbook.step(&step.step_key);
        let assignee = step.assignee_id.as_ref().and_then(|id| self.name(id));
        let mut hints = Vec::new();
        match (assignee, content) {
            (Some(name), _) => hints.push(Hint {
                icon: Some("user-round"),
                text: name,
            }),
            (None, Some(content)) => hints.push(Hint {
                icon: None,
                text: page.text(&format!("role-{}", content.role)),
            }),
            (None, None) => {}
        }
        match (step.finished_at, content) {
            (Some(at), _) => hints.push(Hint {
                icon: None,
                text: words::date_time(page.locale(), at, page.zone()),
            }),
            (None, Some(content)) => hints.push(Hint {
                icon: Some("clock"),
                text: target_words(content.target_minutes, page),
            }),
            (None, None) => {}
        }
        StepLine {
            href: format!(
                "{}#step-{}",
                href(self.incident.id.as_str(), Link::Playbook),
                step.step_key
            ),
            title: content.map_or_else(
                || step.step_key.clone(),
                |content| content.title.get(page.locale()).to_owned(),
            ),
            state: step.state.as_str(),
            state_label: page.text(&format!("step-{}", step.state)),
            hints,
        }
    }

    fn figure(&self, key: FactKey, page: &Page) -> Figure {
        let answer = self.facts.get(key);
        let value = match answer {
            Some(Answer::Known(facts::Value::Choices(chosen))) if chosen.len() > 2 => {
                let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
                locale::text_with(page.locale(), "figure-items", &[("count", count.into())])
            }
            Some(Answer::Unknown { .. }) => page.text("fact-unknown"),
            Some(answer) => facts::words(key, answer, page.locale()),
            None => page.text("fact-not-asked"),
        };
        Figure {
            label: facts::label(key, page.locale()),
            value,
            href: format!("/incidents/{}/facts/{key}", self.incident.id),
            answered: matches!(answer, Some(Answer::Known(_))),
        }
    }

    fn notice_line(&self, notice: &Notice, page: &Page) -> NoticeLine {
        NoticeLine {
            href: format!("/incidents/{}/notices/{}", self.incident.id, notice.id),
            label: notice.kind.sheet().title.get(page.locale()).to_owned(),
            version: notice.version,
            tone: match notice.state {
                NoticeState::Draft => "grey",
                NoticeState::Submitted => "amber",
                NoticeState::Approved => "blue",
                NoticeState::Issued => "green",
            },
            state_label: page.text(&format!("notice-state-{}", notice.state)),
        }
    }
}

fn sub(phase: &PhaseContent, states: &[StepState], page: &Page) -> String {
    let settled = states
        .iter()
        .filter(|state| matches!(state, StepState::Done | StepState::Skipped))
        .count();
    format!(
        "{settled}/{} · {}",
        states.len(),
        phase.goal.get(page.locale())
    )
}
