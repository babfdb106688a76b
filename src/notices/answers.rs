//! What somebody answered to a warning of the checks.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::{NoticeId, NoticeState, store};
use crate::accounts::{AccountId, Granted, can};
use crate::kernel::{Code, Instant, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::notice_answers;

/// An answer to a warning; it holds as long as the same is found.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize, ToSchema)]
#[diesel(table_name = notice_answers)]
pub struct Answered {
    /// The notice.
    #[schema(value_type = String)]
    pub notice_id: NoticeId,
    /// The finding's id.
    pub finding: String,
    /// Why the text is right as it stands.
    pub answer: String,
    /// Who answered.
    #[schema(value_type = String)]
    pub account_id: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

/// Answers a warning, or answers it anew.
///
/// # Errors
/// [`Code::WrongState`] unless the notice is a draft; [`Code::InvalidInput`] without an answer.
pub fn answer(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    finding: &str,
    text: &str,
) -> Result<()> {
    if store::find(tx, incident_id, id)?.state != NoticeState::Draft {
        return Err(Problem::new(Code::WrongState));
    }
    let field = format!("answer.{finding}");
    if finding.len() > 200 {
        return Err(Problem::field("finding", "field-invalid-choice"));
    }
    let row = Answered {
        notice_id: id.clone(),
        finding: finding.to_owned(),
        answer: input::line(&field, text, 300)?,
        account_id: by.id.clone(),
        recorded_at: now,
    };
    let changed = diesel::update(notice_answers::table.find((id, finding)))
        .set(&row)
        .execute(tx)?;
    if changed == 0 {
        diesel::insert_into(notice_answers::table)
            .values(&row)
            .execute(tx)?;
    }
    Ok(())
}

/// The answers to a notice's warnings.
///
/// # Errors
/// The database's own error.
pub fn answers(conn: &mut Conn, id: &NoticeId) -> Result<Vec<Answered>> {
    Ok(notice_answers::table
        .filter(notice_answers::notice_id.eq(id))
        .order(notice_answers::finding)
        .load(conn)?)
}
