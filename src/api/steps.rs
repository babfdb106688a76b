//! The steps of the playbook: what to do next, who does it, how far it is.

use actix_web::{get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Json};
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::accounts::{AccountId, Role, can};
use crate::incidents::{self, IncidentId};
use crate::kernel::LocaleText;
use crate::playbooks::{self, Move, Playbook, Step, StepId};

room!(list, move_step, assign);

/// The playbook that an incident follows, with its steps.
#[derive(Serialize, ToSchema)]
struct PlaybookView {
    /// E.g. `leak-account-takeover`.
    id: String,
    /// Counts changes of the handbook.
    version: u32,
    /// Its name.
    title: LocaleText,
    /// How to recognise it, and what matters most.
    summary: LocaleText,
    /// The steps, in order.
    steps: Vec<StepView>,
}

/// One step, with what the handbook says of it.
#[derive(Serialize, ToSchema)]
struct StepView {
    /// Where it stands.
    #[serde(flatten)]
    step: Step,
    /// What to do, in a line.
    title: LocaleText,
    /// What to do, in Markdown.
    what: LocaleText,
    /// Why.
    why: LocaleText,
    /// What is special in this playbook, in Markdown.
    extra: LocaleText,
    /// Whose step it is.
    role: Option<Role>,
    /// The questions that it wants answered.
    facts: Vec<String>,
    /// Minutes after declaring by which it should be done.
    target_minutes: Option<i64>,
    /// What finishes it by itself.
    completes_on: Option<String>,
    /// What can be done with it now.
    moves: Vec<Move>,
}

/// What is done to a step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveBody {
    /// The move.
    #[serde(rename = "move")]
    step_move: Move,
    /// The version that was read.
    version: i64,
    /// Why; required to skip.
    #[serde(default)]
    reason: String,
}

/// Who does a step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssigneeBody {
    /// An account of the team.
    #[schema(value_type = String)]
    account_id: AccountId,
}

/// The steps of the playbook that the incident follows now.
#[utoipa::path(tag = "steps", responses((status = 200, body = PlaybookView)))]
#[get("/incidents/{incident}/steps")]
async fn list(caller: Caller, id: At<IncidentId>) -> Answer<PlaybookView> {
    let house = caller.house().clone();
    let view = caller
        .read(&id, move |conn, id| {
            let incident = incidents::find(conn, id)?;
            let playbook = house.playbook_of(&incident);
            let steps = playbooks::steps(conn, id.as_str(), &playbook.id)?;
            Ok(PlaybookView {
                id: playbook.id.clone(),
                version: playbook.version,
                title: playbook.title.clone(),
                summary: playbook.summary.clone(),
                steps: steps
                    .into_iter()
                    .map(|step| StepView::of(playbook, step))
                    .collect(),
            })
        })
        .await?;
    Ok(web::Json(view))
}

/// Starts, finishes, skips or reopens a step.
#[utoipa::path(tag = "steps", responses((status = 200, body = Step)))]
#[post("/incidents/{incident}/steps/{step}/moves")]
async fn move_step(
    caller: Caller,
    at: At<(IncidentId, StepId)>,
    Json(body): Json<MoveBody>,
) -> Answer<Step> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, step) = &*at;
    let step = caller
        .house()
        .move_step(&by, id, step, body.version, body.step_move, body.reason)
        .await?;
    Ok(web::Json(step))
}

/// Gives a step to a person of the team.
#[utoipa::path(tag = "steps", responses((status = 200, body = Step)))]
#[put("/incidents/{incident}/steps/{step}/assignee")]
async fn assign(
    caller: Caller,
    at: At<(IncidentId, StepId)>,
    Json(body): Json<AssigneeBody>,
) -> Answer<Step> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, step) = &*at;
    let step = caller
        .house()
        .assign_step(&by, id, step, &body.account_id)
        .await?;
    Ok(web::Json(step))
}

impl StepView {
    fn of(playbook: &Playbook, step: Step) -> Self {
        let moves = playbooks::rules::moves(step.state);
        // A step that the handbook no longer has keeps its state and loses its words.
        let Some(content) = playbook.step(&step.step_key) else {
            return Self {
                step,
                title: LocaleText::default(),
                what: LocaleText::default(),
                why: LocaleText::default(),
                extra: LocaleText::default(),
                role: None,
                facts: Vec::new(),
                target_minutes: None,
                completes_on: None,
                moves,
            };
        };
        Self {
            step,
            title: content.title.clone(),
            what: content.what.clone(),
            why: content.why.clone(),
            extra: content.extra.clone(),
            role: Some(content.role),
            facts: content.facts.clone(),
            target_minutes: Some(content.target_minutes),
            completes_on: content.completes_on.clone(),
            moves,
        }
    }
}
