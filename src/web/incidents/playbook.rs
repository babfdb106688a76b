//! The steps of an incident: what to do, why, when it counts as done, and who does it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::change::{Person, team};
use super::header::{Header, href};
use super::next::is_open;
use super::{Case, FormState, PageError, SignedIn, Submission, incident_id, kept};
use crate::accounts::{AccountId, Capability, can};
use crate::incidents::facts::{self, FactKey};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::playbooks::rules::{Move, moves, phase_state};
use crate::playbooks::{Link, Step, StepContent, StepId, StepState};
use crate::web::playbooks::target_words;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/incidents/{id}/playbook").route(web::get().to(show)))
        .service(
            web::resource("/incidents/{id}/steps/{step}/move")
                .route(web::get().to(back))
                .route(web::post().to(move_step)),
        )
        .service(
            web::resource("/incidents/{id}/steps/{step}/assign")
                .route(web::get().to(back))
                .route(web::post().to(assign)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    playbook_title: String,
    playbook_summary: String,
    playbook_id: String,
    phases: Vec<PhaseView>,
    people: Vec<Person>,
    may_edit: bool,
}

#[derive(Serialize)]
struct PhaseView {
    key: String,
    number: usize,
    title: String,
    goal: String,
    state: StepState,
    now: bool,
    settled: usize,
    steps: Vec<StepView>,
}

/// One step with everything that its page says.
#[derive(Serialize)]
struct StepView {
    id: StepId,
    key: String,
    version: i64,
    open: bool,
    state: StepState,
    title: String,
    what: String,
    why: String,
    extra: String,
    role: String,
    mine: bool,
    assignee: Option<AccountId>,
    assignee_name: Option<String>,
    started_at: Option<Instant>,
    finished_at: Option<Instant>,
    reason: Option<String>,
    reason_field: String,
    done: Vec<String>,
    target: String,
    target_at: Instant,
    late: bool,
    automatic: bool,
    links: Vec<Place>,
    facts: Vec<Wanted>,
    may_start: bool,
    may_finish: bool,
    may_skip: bool,
    may_reopen: bool,
}

#[derive(Serialize)]
struct Place {
    href: String,
    label: String,
}

/// A question that a step wants answered.
#[derive(Serialize)]
struct Wanted {
    href: String,
    label: String,
    answer: Option<String>,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    render(&signed, &case, FormState::default(), StatusCode::OK, None).await
}

/// An address that takes forms; who comes without one is led to the page.
async fn back(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let id = incident_id(&path.0)?;
    Ok(signed.page.go(&href(id.as_str(), Link::Playbook), ""))
}

async fn move_step(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, step) = (incident_id(&path.0)?, step_id(&path.1)?);
    let house = &signed.page.state().house;
    let version = form.get("version").parse().unwrap_or(0);
    let reason_field = format!("reason-{step}");
    let moved = match form.get("move").parse::<Move>() {
        Ok(step_move) => {
            let reason = form.get(&reason_field).to_owned();
            let moving = house.move_step(&by, &id, &step, version, step_move, reason);
            moving.await.map(|step| (step, step_move))
        }
        Err(_) => Err(Problem::field("move", "field-invalid-choice")),
    };
    match moved {
        Ok((step, step_move)) => {
            let flash = match step_move {
                Move::Start => "flash-step-started",
                Move::Finish => "flash-step-finished",
                Move::Skip => "flash-step-skipped",
                Move::Reopen => "flash-step-reopened",
            };
            Ok(signed.page.go(&place_of(id.as_str(), &step), flash))
        }
        Err(mut problem) => {
            // Each step has a field of its own for the reason, so that the message stands at the right one.
            for field in &mut problem.fields {
                if field.field == "reason" {
                    field.field.clone_from(&reason_field);
                }
            }
            refuse(&signed, &form, problem, id.as_str(), &step).await
        }
    }
}

async fn assign(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let (id, step) = (incident_id(&path.0)?, step_id(&path.1)?);
    let house = &signed.page.state().house;
    let assigned = match form.get("assignee").parse::<AccountId>() {
        Ok(assignee) => house.assign_step(&by, &id, &step, &assignee).await,
        Err(_) => Err(Problem::field(
            format!("assignee-{step}"),
            "field-invalid-choice",
        )),
    };
    match assigned {
        Ok(step) => {
            let to = place_of(id.as_str(), &step);
            Ok(signed.page.go(&to, "flash-step-assigned"))
        }
        Err(problem) => refuse(&signed, &form, problem, id.as_str(), &step).await,
    }
}

/// The page again with what is wrong; after a conflict it shows what the other person did.
async fn refuse(
    signed: &SignedIn,
    form: &Submission,
    problem: Problem,
    id: &str,
    step: &StepId,
) -> Result<HttpResponse, PageError> {
    let (state, status) = kept(form, problem, &signed.page)?;
    let case = Case::find(signed, id).await?;
    render(signed, &case, state, status, Some(step)).await
}

fn step_id(text: &str) -> Result<StepId> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

fn place_of(incident: &str, step: &Step) -> String {
    format!("{}#step-{}", href(incident, Link::Playbook), step.step_key)
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    form: FormState,
    status: StatusCode,
    touched: Option<&StepId>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let current = case.current_phase();
    let first = case.steps.iter().find(|step| is_open(step));
    let shown = touched.or_else(|| first.map(|step| &step.id));
    let phases = (1..)
        .zip(&case.playbook.phases)
        .map(|(number, phase)| {
            let of_phase = || case.steps.iter().filter(|step| step.phase == phase.key);
            let states: Vec<_> = of_phase().map(|step| step.state).collect();
            PhaseView {
                key: phase.key.to_string(),
                number,
                title: page.text(&format!("phase-{}", phase.key)),
                goal: phase.goal.get(page.locale()).to_owned(),
                state: phase_state(&states),
                now: current == Some(phase.key),
                settled: of_phase().filter(|step| !is_open(step)).count(),
                steps: of_phase()
                    .filter_map(|step| Some((step, case.playbook.step(&step.step_key)?)))
                    .map(|(step, content)| case.step_view(signed, step, content, shown))
                    .collect(),
            }
        })
        .collect();
    let may_edit = signed.actor().may(Capability::EditIncident);
    page.view("incidents/playbook")
        .title(case.page_title(page, Link::Playbook))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Playbook),
            playbook_title: case.playbook.title.get(page.locale()).to_owned(),
            playbook_summary: case.playbook.summary.get(page.locale()).to_owned(),
            playbook_id: case.playbook.id.clone(),
            phases,
            people: if may_edit {
                team(signed).await?
            } else {
                Vec::new()
            },
            may_edit,
        })
}

impl Case {
    fn step_view(
        &self,
        signed: &SignedIn,
        step: &Step,
        content: &StepContent,
        shown: Option<&StepId>,
    ) -> StepView {
        let page = &signed.page;
        let locale = page.locale();
        let id = self.incident.id.as_str();
        let target = jiff::SignedDuration::from_mins(content.target_minutes);
        let target_at = self.incident.declared_at.plus(target);
        let allowed = moves(step.state);
        let actor = signed.actor();
        StepView {
            id: step.id.clone(),
            key: step.step_key.clone(),
            version: step.version,
            open: shown == Some(&step.id),
            state: step.state,
            title: content.title.get(locale).to_owned(),
            what: content.what.get(locale).to_owned(),
            why: content.why.get(locale).to_owned(),
            extra: content.extra.get(locale).to_owned(),
            role: page.text(&format!("role-{}", content.role)),
            mine: match &step.assignee_id {
                Some(assignee) => *assignee == actor.id,
                None => content.role == actor.role,
            },
            assignee: step.assignee_id.clone(),
            assignee_name: step.assignee_id.as_ref().and_then(|id| self.name(id)),
            started_at: step.started_at,
            finished_at: step.finished_at,
            reason: step.reason.clone(),
            reason_field: format!("reason-{}", step.id),
            done: content.done.get(locale).to_vec(),
            target: target_words(content.target_minutes, page),
            target_at,
            late: is_open(step) && target_at < page.now(),
            automatic: content.completes_on.is_some(),
            links: content
                .links
                .iter()
                .filter(|link| **link != Link::Playbook)
                .map(|link| Place {
                    href: href(id, *link),
                    label: page.text(&format!("link-{link}")),
                })
                .collect(),
            facts: content
                .facts
                .iter()
                .filter_map(|key| key.parse::<FactKey>().ok())
                .map(|key| Wanted {
                    href: format!("/incidents/{id}/facts/{key}"),
                    label: facts::label(key, locale),
                    answer: self
                        .facts
                        .get(key)
                        .map(|answer| facts::words(key, answer, locale)),
                })
                .collect(),
            may_start: allowed.contains(&Move::Start),
            may_finish: allowed.contains(&Move::Finish),
            may_skip: allowed.contains(&Move::Skip),
            may_reopen: allowed.contains(&Move::Reopen),
        }
    }
}
