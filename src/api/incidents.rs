//! Incidents: declared, changed, commanded, closed; when their clocks began.

use std::collections::BTreeMap;

use actix_web::{get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::{AccountId, can};
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::{
    self, Changes, Declaration, Incident, IncidentId, Kind, Pattern, Severity, StartRecord, State,
};
use crate::kernel::Instant;

room!(
    declare,
    list,
    show,
    change,
    name_commander,
    set_state,
    list_clock_starts,
    start_clock
);

/// A declaration; a title is enough.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeclarationBody {
    /// What happened, in a line.
    title: String,
    /// The kind, if it can be said.
    kind: Option<Kind>,
    /// The pattern, if it can be said; it decides the kind.
    pattern: Option<Pattern>,
    /// The severity, if it can be said.
    severity: Option<Severity>,
    /// 訓練: a practice incident, marked so everywhere.
    #[serde(default)]
    practice: bool,
    /// When clocks began, as far as it can be said at once.
    #[serde(default)]
    clock_starts: BTreeMap<ClockStartKind, ClockStart>,
}

/// Title, kind, pattern and severity as they shall be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangesBody {
    /// What happened, in a line.
    title: String,
    /// The kind, when there is no pattern yet.
    kind: Option<Kind>,
    /// The pattern; it decides the kind, and brings its playbook.
    pattern: Option<Pattern>,
    /// The severity.
    severity: Option<Severity>,
    /// The version that was read.
    version: i64,
}

/// Who takes command.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CommanderBody {
    /// An account of the team.
    #[schema(value_type = String)]
    account_id: AccountId,
}

/// Whether the response goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StateBody {
    /// The new state.
    state: State,
    /// The version that was read.
    version: i64,
}

/// One statement of a clock start.
#[derive(Serialize, ToSchema)]
struct ClockStartView {
    /// Which moment.
    kind: ClockStartKind,
    /// The statement.
    #[serde(flatten)]
    start: ClockStart,
    /// Who recorded it.
    #[schema(value_type = String)]
    recorded_by: AccountId,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
    /// When a newer statement took its place; absent while it stands.
    #[schema(value_type = Option<String>, format = DateTime)]
    superseded_at: Option<Instant>,
}

/// Declares an incident and starts its playbook.
#[utoipa::path(tag = "incidents", responses((status = 201, body = Incident)))]
#[post("/incidents")]
async fn declare(
    caller: Caller,
    Json(body): Json<DeclarationBody>,
) -> Result<Created<Incident>, ApiError> {
    let by = caller.grant::<can::DeclareIncident>()?;
    let declaration = Declaration {
        title: body.title,
        kind: body.kind,
        pattern: body.pattern,
        severity: body.severity,
        practice: body.practice,
    };
    let starts = body.clock_starts.into_iter().collect();
    let incident = caller.house().declare(&by, declaration, starts).await?;
    Ok(Created(incident))
}

/// All incidents, newest first.
#[utoipa::path(tag = "incidents", responses((status = 200, body = Vec<Incident>)))]
#[get("/incidents")]
async fn list(caller: Caller) -> Answer<Vec<Incident>> {
    caller.grant::<can::ViewIncidents>()?;
    Ok(web::Json(caller.house().store.read(incidents::list).await?))
}

/// One incident.
#[utoipa::path(tag = "incidents", responses((status = 200, body = Incident)))]
#[get("/incidents/{incident}")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<Incident> {
    Ok(web::Json(caller.read(&id, incidents::find).await?))
}

/// Changes title, kind, pattern and severity.
#[utoipa::path(tag = "incidents", responses((status = 200, body = Incident)))]
#[put("/incidents/{incident}")]
async fn change(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<ChangesBody>,
) -> Answer<Incident> {
    let by = caller.grant::<can::EditIncident>()?;
    let changes = Changes {
        title: body.title,
        pattern: body.pattern,
        kind: body.kind,
        severity: body.severity,
        version: body.version,
    };
    Ok(web::Json(
        caller.house().change_incident(&by, &id, changes).await?,
    ))
}

/// Puts somebody in command.
#[utoipa::path(tag = "incidents", responses((status = 200, body = Incident)))]
#[put("/incidents/{incident}/commander")]
async fn name_commander(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<CommanderBody>,
) -> Answer<Incident> {
    let by = caller.grant::<can::EditIncident>()?;
    let incident = caller
        .house()
        .name_commander(&by, &id, &body.account_id)
        .await?;
    Ok(web::Json(incident))
}

/// Ends the response, or takes it up again.
#[utoipa::path(tag = "incidents", responses((status = 200, body = Incident)))]
#[put("/incidents/{incident}/state")]
async fn set_state(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<StateBody>,
) -> Answer<Incident> {
    let by = caller.grant::<can::EditIncident>()?;
    let incident = caller
        .house()
        .set_state(&by, &id, body.state, body.version)
        .await?;
    Ok(web::Json(incident))
}

/// Every statement of when a clock began, oldest first.
#[utoipa::path(tag = "clocks", responses((status = 200, body = Vec<ClockStartView>)))]
#[get("/incidents/{incident}/clock-starts")]
async fn list_clock_starts(caller: Caller, id: At<IncidentId>) -> Answer<Vec<ClockStartView>> {
    let history = caller.read(&id, incidents::starts_history).await?;
    Ok(web::Json(history.into_iter().map(Into::into).collect()))
}

/// Says when a clock began; an earlier statement stays in the history.
#[utoipa::path(tag = "clocks", responses((status = 200, body = Vec<ClockStartView>)))]
#[put("/incidents/{incident}/clock-starts/{kind}")]
async fn start_clock(
    caller: Caller,
    at: At<(IncidentId, ClockStartKind)>,
    Json(body): Json<ClockStart>,
) -> Answer<Vec<ClockStartView>> {
    let by = caller.grant::<can::EditIncident>()?;
    let (id, kind) = &*at;
    caller.house().start_clock(&by, id, *kind, body).await?;
    let history = caller.read(id, incidents::starts_history).await?;
    Ok(web::Json(history.into_iter().map(Into::into).collect()))
}

impl From<StartRecord> for ClockStartView {
    fn from(record: StartRecord) -> Self {
        Self {
            kind: record.kind,
            start: record.start,
            recorded_by: record.recorded_by,
            recorded_at: record.recorded_at,
            superseded_at: record.superseded_at,
        }
    }
}
