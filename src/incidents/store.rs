//! Queries of incidents.

use diesel::prelude::*;

use super::{Incident, IncidentId};
use crate::store::Conn;
use crate::store::schema::incidents;

/// The next number of a year. Waits for other servers that count at the same time.
pub(super) fn next_number(tx: &mut Conn, year: i16) -> QueryResult<String> {
    // SQLite has one writer; on PostgreSQL two transactions could count to the same number.
    if let Conn::Postgres(c) = tx {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('shodo incidents number'))")
            .execute(c)?;
    }
    let prefix = format!("INC-{year:04}-");
    let newest: Option<String> = incidents::table
        .filter(incidents::number.like(format!("{prefix}%")))
        // Longer numbers are later: 9999 comes before 10000.
        .order((
            diesel::dsl::sql::<diesel::sql_types::Integer>("length(number)").desc(),
            incidents::number.desc(),
        ))
        .select(incidents::number)
        .first(tx)
        .optional()?;
    let last = newest
        .and_then(|number| number.strip_prefix(&prefix)?.parse::<u32>().ok())
        .unwrap_or(0);
    Ok(format!("{prefix}{:04}", last.saturating_add(1)))
}

pub(super) fn insert(tx: &mut Conn, incident: &Incident) -> QueryResult<()> {
    diesel::insert_into(incidents::table)
        .values(incident)
        .execute(tx)
        .map(drop)
}

pub(super) fn update(tx: &mut Conn, incident: &Incident) -> QueryResult<()> {
    diesel::update(incidents::table.find(&incident.id))
        .set((
            incidents::title.eq(&incident.title),
            incidents::kind.eq(incident.kind),
            incidents::pattern.eq(incident.pattern),
            incidents::severity.eq(incident.severity),
            incidents::state.eq(incident.state),
            incidents::commander_id.eq(&incident.commander_id),
            incidents::closed_at.eq(incident.closed_at),
            incidents::version.eq(incident.version),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn find(conn: &mut Conn, id: &IncidentId) -> QueryResult<Incident> {
    incidents::table
        .find(id)
        .select(Incident::as_select())
        .first(conn)
}

pub(super) fn list(conn: &mut Conn) -> QueryResult<Vec<Incident>> {
    incidents::table
        .order((incidents::declared_at.desc(), incidents::id.desc()))
        .select(Incident::as_select())
        .load(conn)
}
