//! What was learnt: texts of the review, and the actions that follow.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{ActionId, IncidentId, record};
use crate::accounts::AccountId;
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::{actions, review_notes};
use crate::timeline::{self, Kind as EventKind};

crate::text_enum! {
    /// The texts of a review.
    pub enum Section {
        /// What happened, for somebody who was not there.
        Summary = "summary",
        /// Why it could happen.
        RootCause = "root-cause",
        /// What went well.
        WentWell = "went-well",
        /// What went badly.
        WentBadly = "went-badly",
        /// Where luck helped.
        Luck = "luck",
        /// What need not be collected or kept at all.
        Minimisation = "minimisation",
    }
}

/// One text of the review.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = review_notes)]
pub struct ReviewNote {
    /// Which text.
    pub section: Section,
    /// The text.
    pub body: String,
    /// Counts changes.
    pub version: i64,
    /// When it was written last.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

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

/// The texts of an incident's review.
///
/// # Errors
/// The database's own error.
pub fn notes(conn: &mut Conn, id: &IncidentId) -> Result<Vec<ReviewNote>> {
    Ok(review_notes::table
        .filter(review_notes::incident_id.eq(id.as_str()))
        .order(review_notes::section)
        .select(ReviewNote::as_select())
        .load(conn)?)
}

/// Writes one text; `version` is the one that the person saw, 0 for none.
///
/// # Errors
/// [`Code::EditConflict`] when somebody else wrote meanwhile; [`Code::InvalidInput`].
pub fn write(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    section: Section,
    body: &str,
    version: i64,
) -> Result<()> {
    super::find(tx, id)?;
    let body = input::paragraphs("body", body, 20_000)?;
    timeline::lock(tx, id.as_str())?;
    let stored: Option<(i64, String)> = review_notes::table
        .find((id.as_str(), section.as_str()))
        .select((review_notes::version, review_notes::body))
        .first(tx)
        .optional()?;
    let (stored_version, stored_body) = stored.unwrap_or_default();
    if stored_version != version {
        return Err(Problem::new(Code::EditConflict));
    }
    if stored_body == body {
        return Ok(());
    }
    let values = (
        review_notes::body.eq(&body),
        review_notes::version.eq(version.saturating_add(1)),
        review_notes::recorded_by.eq(by),
        review_notes::recorded_at.eq(now),
    );
    if version == 0 {
        diesel::insert_into(review_notes::table)
            .values((
                review_notes::incident_id.eq(id),
                review_notes::section.eq(section),
                values,
            ))
            .execute(tx)?;
    } else {
        diesel::update(review_notes::table.find((id.as_str(), section.as_str())))
            .set(values)
            .execute(tx)?;
    }
    record(
        tx,
        id,
        by,
        now,
        EventKind::ReviewChanged,
        json!({"section": section, "version": version.saturating_add(1)}),
    )
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
    super::find(tx, id)?;
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
        id,
        by,
        now,
        EventKind::ReviewChanged,
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
    record(
        tx,
        id,
        by,
        now,
        EventKind::ReviewChanged,
        json!({"section": "actions", "done": done}),
    )
}
