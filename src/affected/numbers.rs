//! What the register remembers of itself: the number that it last gave as a fact, and how far it noted deliveries.

use super::store;
use crate::kernel::{Instant, Result};
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

/// Until when the register knows what became of the mails of a sending.
///
/// # Errors
/// The database's own error.
pub fn noted_until(conn: &mut Conn, dispatch_id: &str) -> Result<Instant> {
    let micros = store::remembered(conn, &noted(dispatch_id))?;
    Ok(Instant::from_micros(micros.unwrap_or(0)))
}

/// Remembers until when the register knows what became of the mails of a sending.
///
/// # Errors
/// The database's own error.
pub fn note_until(tx: &mut Conn, dispatch_id: &str, until: Instant) -> Result<()> {
    Ok(store::remember(tx, &noted(dispatch_id), until.as_micros())?)
}

fn noted(dispatch_id: &str) -> String {
    format!("mails noted of {dispatch_id}")
}

fn name(incident_id: &str) -> String {
    format!("people told of {incident_id}")
}
