//! The number of people that the register last gave as a fact, to tell it from one said by hand.

use super::store;
use crate::kernel::Result;
use crate::store::Conn;

/// Remembers the number that became a fact.
///
/// # Errors
/// The database's own error.
pub fn remember_number(tx: &mut Conn, incident_id: &str, people: u64) -> Result<()> {
    let people = i64::try_from(people).unwrap_or(i64::MAX);
    Ok(store::remember(tx, &name(incident_id), people)?)
}

/// The number that last became a fact.
///
/// # Errors
/// The database's own error.
pub fn remembered_number(conn: &mut Conn, incident_id: &str) -> Result<Option<u64>> {
    let people = store::remembered(conn, &name(incident_id))?;
    Ok(people.and_then(|people| u64::try_from(people).ok()))
}

fn name(incident_id: &str) -> String {
    format!("people told of {incident_id}")
}
