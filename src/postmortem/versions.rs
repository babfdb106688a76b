//! Writing a section, and what it was before.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;
use jiff::SignedDuration;
use serde_json::json;

use super::{Content, Section, Version, record};
use crate::accounts::AccountId;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::store::schema::post_mortem_versions as table;
use crate::timeline;

/// Automatic saves of one person within this time are one version.
const TOGETHER: SignedDuration = SignedDuration::from_mins(10);

/// What somebody wrote.
#[derive(Clone, Debug)]
pub struct Change {
    /// Into which section.
    pub section: Section,
    /// What.
    pub content: Content,
    /// The version that its author saw; 0 for none.
    pub seen: i64,
    /// Whether it was saved while typing.
    pub automatic: bool,
}

/// The newest version of each section that was ever written.
///
/// # Errors
/// The database's own error.
pub fn newest(conn: &mut Conn, id: &IncidentId) -> Result<BTreeMap<Section, Version>> {
    let numbers: Vec<(Section, Option<i64>)> = table::table
        .filter(table::incident_id.eq(id.as_str()))
        .group_by(table::section)
        .order(table::section)
        .select((table::section, max(table::version)))
        .load(conn)?;
    let mut sections = BTreeMap::new();
    for (section, number) in numbers {
        let version = table::table
            .find((id.as_str(), section, number.unwrap_or_default()))
            .select(Version::as_select())
            .first(conn)?;
        sections.insert(section, version);
    }
    Ok(sections)
}

/// When something of each post-mortem was written last.
///
/// Automatic saves of one version leave no entry on the timeline: only this tells of them.
///
/// # Errors
/// The database's own error.
pub fn written_at(conn: &mut Conn) -> Result<BTreeMap<String, Instant>> {
    let rows: Vec<(String, Option<Instant>)> = table::table
        .group_by(table::incident_id)
        .order(table::incident_id)
        .select((table::incident_id, max(table::recorded_at)))
        .load(conn)?;
    let written = rows.into_iter();
    Ok(written.filter_map(|(id, at)| Some((id, at?))).collect())
}

/// Every version of a section, the newest first.
///
/// # Errors
/// The database's own error.
pub fn versions(conn: &mut Conn, id: &IncidentId, section: Section) -> Result<Vec<Version>> {
    Ok(table::table
        .filter(table::incident_id.eq(id.as_str()))
        .filter(table::section.eq(section))
        .order(table::version.desc())
        .select(Version::as_select())
        .load(conn)?)
}

/// Writes a section; gives the number of its version.
///
/// What one person saves automatically within ten minutes is one version, under a number of
/// its own each time, so that whoever saw an earlier one is told.
///
/// # Errors
/// [`Code::EditConflict`] when somebody wrote after the version that was seen;
/// [`Code::InvalidInput`]; [`Code::NotFound`].
pub fn write(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    change: Change,
) -> Result<i64> {
    incidents::find(tx, id)?;
    let section = change.section;
    let body = change
        .content
        .parse(section)
        .map_err(Problem::fields)?
        .body()?;
    timeline::lock(tx, id.as_str())?;
    let stored = last(tx, id, section)?;
    let number = stored.as_ref().map_or(0, |stored| stored.version);
    if number != change.seen {
        return Err(Problem::new(Code::EditConflict));
    }
    let goes_on = stored.as_ref().is_some_and(|stored| {
        stored.automatic && stored.recorded_by == *by && now.since(stored.begun_at) < TOGETHER
    });
    let same = stored.as_ref().map_or("", |stored| stored.body.as_str()) == body;
    // What is saved by hand ends a version that was saved automatically, even if nothing changed.
    if same && (change.automatic || !goes_on) {
        return Ok(number);
    }
    let next = number.saturating_add(1);
    if goes_on {
        diesel::update(table::table.find((id.as_str(), section, number)))
            .set((
                table::version.eq(next),
                table::body.eq(&body),
                table::automatic.eq(change.automatic),
                table::recorded_at.eq(now),
            ))
            .execute(tx)?;
        return Ok(next);
    }
    let version = Version {
        incident_id: id.to_string(),
        section,
        version: next,
        body,
        automatic: change.automatic,
        begun_at: now,
        recorded_by: by.clone(),
        recorded_at: now,
    };
    diesel::insert_into(table::table)
        .values(&version)
        .execute(tx)?;
    record(
        tx,
        by,
        now,
        id,
        json!({"section": section, "version": next}),
    )?;
    Ok(next)
}

fn last(conn: &mut Conn, id: &IncidentId, section: Section) -> Result<Option<Version>> {
    Ok(table::table
        .filter(table::incident_id.eq(id.as_str()))
        .filter(table::section.eq(section))
        .order(table::version.desc())
        .select(Version::as_select())
        .first(conn)
        .optional()?)
}
