//! Queries of steps.

use diesel::prelude::*;

use super::{Step, StepId};
use crate::store::Conn;
use crate::store::schema::steps;

pub(super) fn insert(tx: &mut Conn, step: &Step) -> QueryResult<()> {
    diesel::insert_into(steps::table)
        .values(step)
        .execute(tx)
        .map(drop)
}

pub(super) fn update(tx: &mut Conn, step: &Step) -> QueryResult<()> {
    diesel::update(steps::table.find(&step.id))
        .set((
            steps::state.eq(step.state),
            steps::assignee_id.eq(&step.assignee_id),
            steps::started_at.eq(step.started_at),
            steps::finished_at.eq(step.finished_at),
            steps::reason.eq(&step.reason),
            steps::version.eq(step.version),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn find(conn: &mut Conn, incident_id: &str, id: &StepId) -> QueryResult<Step> {
    steps::table
        .filter(steps::id.eq(id))
        .filter(steps::incident_id.eq(incident_id))
        .select(Step::as_select())
        .first(conn)
}

pub(super) fn of_playbook(
    conn: &mut Conn,
    incident_id: &str,
    playbook_id: &str,
) -> QueryResult<Vec<Step>> {
    steps::table
        .filter(steps::incident_id.eq(incident_id))
        .filter(steps::playbook_id.eq(playbook_id))
        .order((steps::position, steps::id))
        .select(Step::as_select())
        .load(conn)
}

pub(super) fn of_incident(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Step>> {
    steps::table
        .filter(steps::incident_id.eq(incident_id))
        .order((steps::position, steps::id))
        .select(Step::as_select())
        .load(conn)
}
