//! Steps were assigned to somebody: one mail for all of an incident that were assigned since the last look.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{self, Item, MailKind, Wanted};
use super::{House, bullets, named};
use crate::accounts::{self, AccountId};
use crate::incidents::{self, Incident, IncidentId, State};
use crate::kernel::{Code, Instant, Result};
use crate::outbox::TeamMessage;
use crate::playbooks::{self, Step, StepId, StepState};
use crate::store::Conn;
use crate::timeline::{self, Kind};

/// Steps that one mail names at most.
const MOST: usize = 20;

impl House {
    /// Notes that a step was given to somebody, in the transaction that does so; who takes one hears nothing.
    pub(in crate::workflow) fn want_assigned(
        &self,
        tx: &mut Conn,
        now: Instant,
        by: &AccountId,
        incident: &IncidentId,
        step: &Step,
    ) -> Result<()> {
        let Some(account) = step.assignee_id.as_ref().filter(|account| *account != by) else {
            return Ok(());
        };
        let item = format!("{}:{}", step.id, step.version);
        let item = Item {
            kind: MailKind::Assigned,
            account,
            item: &item,
            incident: Some(incident),
        };
        item.insert(tx, now, false)?;
        Ok(())
    }

    /// Tells people of the steps that wait to be told.
    pub(super) async fn tell_assigned(&self) -> Result<usize> {
        let now = self.clock.now();
        let waiting = self
            .store
            .read(|conn| Ok(ledger::waiting(conn, MailKind::Assigned)?))
            .await?;
        let mut of_one: BTreeMap<(AccountId, String), Vec<Wanted>> = BTreeMap::new();
        for wanted in waiting {
            let incident = wanted.incident_id.clone().unwrap_or_default();
            let key = (wanted.account_id.clone(), incident);
            of_one.entry(key).or_default().push(wanted);
        }
        let mut queued = 0;
        for ((account, incident), wanted) in of_one {
            let house = self.clone();
            // In quiet hours most of them wait: look first, without holding the one writer.
            let (who, reader) = (account.clone(), self.clone());
            let quiet = self
                .store
                .read(move |conn| {
                    let account = accounts::get(conn, &who)?;
                    Ok(reader.wishes(conn, now, &account)?.1)
                })
                .await?;
            if !quiet {
                queued += self
                    .store
                    .write(move |tx| house.tell_steps(tx, now, &account, &incident, &wanted))
                    .await?;
            }
        }
        Ok(queued)
    }

    fn tell_steps(
        &self,
        tx: &mut Conn,
        now: Instant,
        account: &AccountId,
        incident: &str,
        wanted: &[Wanted],
    ) -> Result<usize> {
        let account = accounts::get(tx, account)?;
        let mut ours = BTreeSet::new();
        for wanted in wanted {
            let item = Item {
                kind: MailKind::Assigned,
                account: &account.id,
                item: &wanted.item,
                incident: None,
            };
            if item.settle(tx, now)?
                && let Some((step, _)) = wanted.item.split_once(':')
            {
                ours.insert(step.to_owned());
            }
        }
        let incident = match incident.parse::<IncidentId>() {
            Ok(id) => incidents::find(tx, &id)?,
            Err(_) => return Ok(0),
        };
        let (wishes, _) = self.wishes(tx, now, &account)?;
        let steps = self.still_theirs(tx, &incident, &account.id, &ours)?;
        if steps.is_empty() || !wishes.assigned || account.disabled_at.is_some() {
            return Ok(0);
        }
        let titles: Vec<_> = steps
            .iter()
            .map(|step| self.step_title(step, account.locale))
            .collect();
        let variables = [
            ("name", account.name.reveal().clone()),
            ("incident", named(&incident)),
            ("steps", bullets(&titles, MOST, account.locale)),
            ("assigned_by", assigned_by(tx, &incident, &account.id)?),
            (
                "link",
                self.link(&format!("/incidents/{}/playbook", incident.id)),
            ),
        ];
        self.mail_to(tx, now, &account, TeamMessage::Assigned, &variables)?;
        Ok(1)
    }

    /// Those of the steps that are still to be done, by this person, in an open incident.
    fn still_theirs(
        &self,
        conn: &mut Conn,
        incident: &Incident,
        account: &AccountId,
        ids: &BTreeSet<String>,
    ) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        if incident.state != State::Open {
            return Ok(steps);
        }
        for id in ids {
            let Ok(id) = id.parse::<StepId>() else {
                continue;
            };
            match playbooks::step(conn, incident.id.as_str(), &id) {
                Ok(step) if is_theirs(&step, account) => steps.push(step),
                Err(problem) if problem.code != Code::NotFound => return Err(problem),
                _ => {}
            }
        }
        steps.sort_by_key(|step| step.position);
        Ok(steps)
    }
}

/// Whether a step is still to be done by somebody.
pub(super) fn is_theirs(step: &Step, account: &AccountId) -> bool {
    step.assignee_id.as_ref() == Some(account)
        && matches!(step.state, StepState::Todo | StepState::Doing)
}

/// Who assigned last, by name.
fn assigned_by(conn: &mut Conn, incident: &Incident, account: &AccountId) -> Result<String> {
    let names = accounts::names(conn)?;
    let entries = timeline::of_kind(conn, incident.id.as_str(), Kind::StepAssigned)?;
    let to_them = |entry: &&timeline::Entry| {
        entry.details().get("account").and_then(|id| id.as_str()) == Some(account.as_str())
    };
    Ok(entries
        .iter()
        .rev()
        .find(to_them)
        .and_then(|entry| names.get(&entry.actor.parse().ok()?).cloned())
        .unwrap_or_default())
}
