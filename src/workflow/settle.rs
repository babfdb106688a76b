//! After every verb: steps whose condition now holds finish by themselves.

use std::collections::BTreeSet;

use super::House;
use crate::incidents::facts::Answer;
use crate::incidents::{self, Incident, IncidentId};
use crate::kernel::{Instant, Result};
use crate::notices::{NoticeKind, NoticeState};
use crate::store::Conn;
use crate::{affected, evidence, notices, playbooks};

impl House {
    /// Finishes the steps of an incident that waited for what is there now.
    pub(super) fn settle(&self, tx: &mut Conn, now: Instant, id: &IncidentId) -> Result<()> {
        let incident = incidents::find(tx, id)?;
        let holds = holds(tx, &incident)?;
        playbooks::complete(tx, now, self.playbook_of(&incident), id.as_str(), &holds).map(drop)
    }
}

/// Everything that holds of an incident, in the words of `completes_on`.
fn holds(conn: &mut Conn, incident: &Incident) -> Result<BTreeSet<String>> {
    let id = incident.id.as_str();
    let mut holds = BTreeSet::new();
    for (key, fact) in &incidents::facts_of(conn, &incident.id)?.0 {
        if matches!(fact.answer, Answer::Known(_)) {
            holds.insert(format!("fact:{key}"));
        }
    }
    for kind in incidents::clock_starts_of(conn, &incident.id)?.0.keys() {
        holds.insert(format!("clock:{kind}"));
    }
    if incident.commander_id.is_some() {
        holds.insert("incident:commander".to_owned());
    }
    if !evidence::list(conn, id)?.is_empty() {
        holds.insert("evidence:sealed".to_owned());
    }
    if affected::rosters::rosters(conn, id)?
        .iter()
        .any(|roster| roster.state == affected::RosterState::Imported)
    {
        holds.insert("roster:imported".to_owned());
    }
    for notice in notices::list(conn, id)? {
        holds.insert(format!("notice:{}:drafted", notice.kind));
        if matches!(notice.state, NoticeState::Approved | NoticeState::Issued) {
            holds.insert(format!("notice:{}:approved", notice.kind));
        }
        if notice.state == NoticeState::Issued {
            let issued = if notice.kind.is_sent_to_people() {
                "sent"
            } else {
                "filed"
            };
            holds.insert(format!("notice:{}:{issued}", notice.kind));
        }
    }
    if notices::filings(conn, id)?
        .iter()
        .any(|filing| NoticeKind::PpcPreliminary.serves(&filing.duty_id))
    {
        holds.insert(format!("notice:{}:filed", NoticeKind::PpcPreliminary));
    }
    Ok(holds)
}
