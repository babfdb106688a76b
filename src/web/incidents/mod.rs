//! The pages of incidents: the board, and one incident with its tabs.
//!
//! In come the id in the address and the visitor; out goes a [`Case`]: what every
//! page of an incident reads, gathered in one go, and from it the [`header::Header`] that
//! stands on top of all of them. This file refuses to know what a single page shows.

mod answer_fields;
mod authorities;
mod board;
mod change;
mod clocks;
mod contradictions;
mod declare;
pub(super) mod downloads;
mod evidence;
mod facts;
mod header;
mod next;
mod notices;
mod overview;
mod people;
mod playbook;
mod proof;
mod reports;
mod review;
mod risk_aid;
mod timeline;
mod uploads;
mod what_if;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::extract::{Page, SignedIn};
use super::form::{FormState, Submission};
use super::{PageError, error};
use crate::accounts::{AccountId, can};
use crate::incidents::clock_starts::ClockStarts;
use crate::incidents::facts::Facts;
use crate::incidents::{Incident, IncidentId};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::notices::Notice;
use crate::playbooks::{Playbook, Step};
use crate::store::Conn;
use crate::workflow::{Duties, House};
use crate::{accounts, affected, incidents, playbooks, timeline as log};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(board::routes)
        .configure(what_if::routes)
        // Before the incident itself, whose address would take `new` for an id.
        .configure(declare::routes)
        .configure(overview::routes)
        .configure(change::routes)
        .configure(clocks::routes)
        .configure(playbook::routes)
        .configure(facts::routes)
        .configure(timeline::routes)
        .configure(people::routes)
        .configure(authorities::routes)
        .configure(notices::routes)
        .configure(evidence::routes)
        .configure(proof::routes)
        .configure(review::routes)
        .configure(reports::routes);
}

/// One incident with everything that its header, and most of its pages, show.
struct Case {
    incident: Incident,
    duties: Duties,
    facts: Facts,
    starts: ClockStarts,
    playbook: Playbook,
    steps: Vec<Step>,
    notices: Vec<Notice>,
    people: affected::Counts,
    evidence: usize,
    entries: i64,
    names: BTreeMap<AccountId, String>,
}

impl Case {
    /// Finds the incident of an address, for somebody who may see it.
    async fn find(signed: &SignedIn, id: &str) -> Result<Self> {
        signed.actor().grant::<can::ViewIncidents>()?;
        let id = incident_id(id)?;
        let (house, now) = (signed.page.state().house.clone(), signed.page.now());
        signed
            .page
            .state()
            .house
            .store
            .read(move |conn| Self::load(&house, conn, &id, now))
            .await
    }

    /// Reads the incident inside a transaction.
    fn load(house: &House, conn: &mut Conn, id: &IncidentId, now: Instant) -> Result<Self> {
        let incident = incidents::find(conn, id)?;
        let playbook = house.playbook_of(&incident).clone();
        Ok(Self {
            duties: house.duties_in(conn, id, now)?,
            facts: incidents::facts_of(conn, id)?,
            starts: incidents::clock_starts_of(conn, id)?,
            steps: playbooks::steps(conn, id.as_str(), &playbook.id)?,
            notices: crate::notices::list(conn, id.as_str())?,
            people: affected::counts(conn, id.as_str())?,
            evidence: crate::evidence::list(conn, id.as_str())?.len(),
            entries: log::count(conn, id.as_str())?,
            names: accounts::names(conn)?,
            incident,
            playbook,
        })
    }

    /// The name of a member of the team.
    fn name(&self, id: &AccountId) -> Option<String> {
        self.names.get(id).cloned()
    }
}

/// The id in an address; another text names nothing.
fn incident_id(text: &str) -> Result<IncidentId> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}

/// The value of a name in the query, or nothing.
fn query<'a>(asked: &'a [(String, String)], name: &str) -> &'a str {
    let found = asked.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value)
}

/// Reads a `datetime-local` field on the wall clock of a zone; empty is nothing.
fn local_instant(form: &Submission, field: &str, zone: &TimeZone) -> Result<Option<Instant>> {
    let text = form.get(field).trim();
    if text.is_empty() {
        return Ok(None);
    }
    match parse_local(text, zone) {
        Some(at) => Ok(Some(at)),
        None => Err(Problem::field(field, "field-invalid-date-time")),
    }
}

/// Reads what a `datetime-local` field sends, on the wall clock of a zone.
fn parse_local(text: &str, zone: &TimeZone) -> Option<Instant> {
    let there = text.trim().parse::<DateTime>().ok()?;
    let there = there.to_zoned(zone.clone()).ok()?;
    Some(Instant::from_timestamp(there.timestamp()))
}

/// The form with what is wrong, for problems that the same page can show; others become the error page.
fn kept(
    form: &Submission,
    problem: Problem,
    page: &Page,
) -> Result<(FormState, StatusCode), PageError> {
    match problem.code {
        Code::InvalidInput | Code::EditConflict | Code::WrongState => Ok((
            FormState::refused(form, &problem, page.locale()),
            error::status(problem.code),
        )),
        _ => Err(problem.into()),
    }
}
