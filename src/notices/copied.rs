//! Which parts were copied into an authority's form, by whom.

use diesel::prelude::*;
use serde::Serialize;

use super::{NoticeId, store};
use crate::accounts::{AccountId, Granted, can};
use crate::kernel::{Instant, Locale, Problem, Result};
use crate::store::Conn;
use crate::store::schema::notice_copies;

/// A part that was copied.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = notice_copies)]
pub struct Copied {
    /// The notice.
    pub notice_id: NoticeId,
    /// The version that was copied.
    pub version: i64,
    /// The part.
    pub part: String,
    /// The language.
    pub locale: Locale,
    /// Who copied it.
    pub account_id: AccountId,
    /// When.
    pub recorded_at: Instant,
}

/// Marks a part as copied, or takes the mark away.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for a part that the notice does not have.
pub fn mark_copied(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    part: &str,
    locale: Locale,
    done: bool,
) -> Result<()> {
    let notice = store::find(tx, incident_id, id)?;
    if notice.kind.sheet().part(part).is_none() {
        return Err(Problem::field("part", "field-invalid-choice"));
    }
    diesel::delete(
        notice_copies::table
            .filter(notice_copies::notice_id.eq(id))
            .filter(notice_copies::version.eq(notice.version))
            .filter(notice_copies::part.eq(part))
            .filter(notice_copies::locale.eq(locale)),
    )
    .execute(tx)?;
    if done {
        let row = Copied {
            notice_id: id.clone(),
            version: notice.version,
            part: part.to_owned(),
            locale,
            account_id: by.id.clone(),
            recorded_at: now,
        };
        diesel::insert_into(notice_copies::table)
            .values(&row)
            .execute(tx)?;
    }
    Ok(())
}

/// The parts of a version that were copied.
///
/// # Errors
/// The database's own error.
pub fn copied(conn: &mut Conn, id: &NoticeId, version: i64) -> Result<Vec<Copied>> {
    Ok(notice_copies::table
        .filter(notice_copies::notice_id.eq(id))
        .filter(notice_copies::version.eq(version))
        .order((notice_copies::part, notice_copies::locale))
        .load(conn)?)
}
