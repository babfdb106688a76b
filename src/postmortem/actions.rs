//! Actions: what is done so that it does not happen again.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::record;
use crate::accounts::AccountId;
use crate::incidents::{ActionId, IncidentId, find};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::{actions, incidents};

/// Something to do so that it does not happen again.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = actions)]
pub struct Action {
    /// The id.
    #[schema(value_type = String)]
    pub id: ActionId,
    /// What is to be done.
    pub title: String,
    /// Who does it, as text: also people without an account.
    pub owner: String,
    /// By which day (ISO 8601).
    pub due_on: Option<String>,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Instant>,
}

/// The actions of an incident, open ones first by day.
///
/// # Errors
/// The database's own error.
pub fn actions_of(conn: &mut Conn, id: &IncidentId) -> Result<Vec<Action>> {
    let mut all: Vec<Action> = actions::table
        .filter(actions::incident_id.eq(id.as_str()))
        .order((actions::recorded_at, actions::id))
        .select(Action::as_select())
        .load(conn)?;
    all.sort_by_key(|action| {
        (
            action.done_at.is_some(),
            action.due_on.is_none(),
            action.due_on.clone(),
        )
    });
    Ok(all)
}

/// An action that is not done yet, with its incident.
#[derive(Clone, Debug)]
pub struct OpenAction {
    /// The incident's id.
    pub incident_id: IncidentId,
    /// Its number, e.g. INC-2026-0001.
    pub number: String,
    /// Its title.
    pub incident: String,
    /// Whether it is an exercise.
    pub practice: bool,
    /// The action.
    pub action: Action,
}

/// The open actions of all incidents, closed ones too, the first due first; those without a day last.
///
/// # Errors
/// The database's own error.
pub fn open_actions(conn: &mut Conn) -> Result<Vec<OpenAction>> {
    let rows: Vec<(IncidentId, String, String, bool, Action)> = actions::table
        .inner_join(incidents::table.on(incidents::id.eq(actions::incident_id)))
        .filter(actions::done_at.is_null())
        .order((actions::due_on.is_null(), actions::due_on, actions::id))
        .select((
            incidents::id,
            incidents::number,
            incidents::title,
            incidents::practice,
            Action::as_select(),
        ))
        .load(conn)?;
    let open = |(incident_id, number, incident, practice, action)| OpenAction {
        incident_id,
        number,
        incident,
        practice,
        action,
    };
    Ok(rows.into_iter().map(open).collect())
}

/// Adds an action.
///
/// # Errors
/// [`Code::InvalidInput`] for an empty title or owner, or a day that is none.
pub fn add_action(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    title: &str,
    owner: &str,
    due_on: Option<&str>,
) -> Result<Action> {
    find(tx, id)?;
    let due_on = due_on
        .map(str::trim)
        .filter(|day| !day.is_empty())
        .map(|day| day.parse::<jiff::civil::Date>().map(|day| day.to_string()))
        .transpose()
        .map_err(|_| input::wrong("due_on", "field-invalid-date"))?;
    let action = Action {
        id: ActionId::fresh(now),
        title: input::line("title", title, 500)?,
        owner: input::line("owner", owner, 100)?,
        due_on,
        done_at: None,
    };
    diesel::insert_into(actions::table)
        .values((
            actions::id.eq(&action.id),
            actions::incident_id.eq(id),
            actions::title.eq(&action.title),
            actions::owner.eq(&action.owner),
            actions::due_on.eq(&action.due_on),
            actions::recorded_by.eq(by),
            actions::recorded_at.eq(now),
        ))
        .execute(tx)?;
    record(
        tx,
        by,
        now,
        id,
        json!({"section": "actions", "action": action.title}),
    )?;
    Ok(action)
}

/// Marks an action as done, or as open again.
///
/// # Errors
/// [`Code::NotFound`].
pub fn settle_action(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    action: &ActionId,
    done: bool,
) -> Result<()> {
    let target = actions::table
        .filter(actions::id.eq(action))
        .filter(actions::incident_id.eq(id.as_str()));
    let changed = diesel::update(target)
        .set(actions::done_at.eq(done.then_some(now)))
        .execute(tx)?;
    if changed == 0 {
        return Err(Problem::new(Code::NotFound));
    }
    record(tx, by, now, id, json!({"section": "actions", "done": done}))
}
