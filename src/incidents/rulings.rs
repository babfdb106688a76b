//! What a person decided about a duty, beside the rule's own word.
//!
//! A ruling never hides what the rule says: both are shown. A later ruling takes
//! the place of an earlier one, and all stay in the history.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{IncidentId, RulingId, record};
use crate::accounts::{AccountId, Granted, can};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::duty_rulings;
use crate::timeline::{self, Kind as EventKind};

crate::text_enum! {
    /// What was decided.
    pub enum Ruling {
        /// The duty is taken as arisen.
        Required = "required",
        /// The duty is taken as not arisen; a decision not to notify.
        NotRequired = "not_required",
        /// The rule's own word stands again.
        Withdrawn = "withdrawn",
    }
}

/// One decision with its reason.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = duty_rulings)]
pub struct DutyRuling {
    /// The id.
    #[schema(value_type = String)]
    pub id: RulingId,
    /// The duty, such as `eu-gdpr/notify-authority`.
    pub duty_id: String,
    /// What was decided.
    pub ruling: Ruling,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// Who decided.
    #[schema(value_type = String)]
    pub decided_by: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub decided_at: Instant,
    /// When a later one took its place.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub superseded_at: Option<Instant>,
}

/// Decides about a duty; an earlier decision stays in the history.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason; [`Code::WrongState`] for taking back what nobody decided.
pub fn rule(
    tx: &mut Conn,
    by: &Granted<can::RuleOnDuty>,
    now: Instant,
    id: &IncidentId,
    duty_id: &str,
    ruling: Ruling,
    reason: &str,
) -> Result<()> {
    super::find(tx, id)?;
    let reason = input::paragraphs("reason", reason, 2_000)?;
    if reason.is_empty() {
        return Err(Problem::field("reason", "field-required"));
    }
    timeline::lock(tx, id.as_str())?;
    let stands = standing(tx, id, now)?
        .into_iter()
        .any(|standing| standing.duty_id == duty_id);
    if ruling == Ruling::Withdrawn && !stands {
        return Err(Problem::new(Code::WrongState));
    }
    let earlier = duty_rulings::table
        .filter(duty_rulings::incident_id.eq(id.as_str()))
        .filter(duty_rulings::duty_id.eq(duty_id))
        .filter(duty_rulings::superseded_at.is_null());
    diesel::update(earlier)
        .set(duty_rulings::superseded_at.eq(Some(now)))
        .execute(tx)?;
    diesel::insert_into(duty_rulings::table)
        .values((
            duty_rulings::id.eq(RulingId::fresh(now)),
            duty_rulings::incident_id.eq(id),
            duty_rulings::duty_id.eq(duty_id),
            duty_rulings::ruling.eq(ruling),
            duty_rulings::reason.eq(&reason),
            duty_rulings::decided_by.eq(&by.id),
            duty_rulings::decided_at.eq(now),
        ))
        .execute(tx)?;
    let payload = json!({"duty": duty_id, "ruling": ruling, "reason": reason});
    record(tx, id, &by.id, now, EventKind::DutyRuled, payload)
}

/// Every decision, oldest first.
///
/// # Errors
/// The database's own error.
pub fn rulings(conn: &mut Conn, id: &IncidentId) -> Result<Vec<DutyRuling>> {
    Ok(duty_rulings::table
        .filter(duty_rulings::incident_id.eq(id.as_str()))
        .order((duty_rulings::decided_at, duty_rulings::id))
        .select(DutyRuling::as_select())
        .load(conn)?)
}

/// The decisions that stood at an instant: of each duty the last, unless it was taken back.
///
/// # Errors
/// The database's own error.
pub fn standing(conn: &mut Conn, id: &IncidentId, at: Instant) -> Result<Vec<DutyRuling>> {
    let mut all = rulings(conn, id)?;
    all.retain(|it| {
        it.ruling != Ruling::Withdrawn
            && it.decided_at <= at
            && it.superseded_at.is_none_or(|superseded| superseded > at)
    });
    Ok(all)
}
