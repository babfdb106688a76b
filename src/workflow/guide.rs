//! Step 2 of the walk: the team works through the steps.

use super::House;
use crate::accounts::{self, AccountId, Granted, can};
use crate::incidents::{self, IncidentId};
use crate::kernel::Result;
use crate::playbooks::{self, Move, Step, StepId};
use crate::timeline::Actor;

impl House {
    /// Starts, finishes, skips or reopens a step.
    ///
    /// # Errors
    /// Those of [`playbooks::move_step`].
    pub async fn move_step(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        step: &StepId,
        version: i64,
        step_move: Move,
        reason: String,
    ) -> Result<Step> {
        let (house, by, id, step, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            step.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let incident = incidents::find(tx, &id)?;
                let actor = Actor::account(by.id.as_str());
                let playbook = house.playbook_of(&incident);
                playbooks::move_step(
                    tx,
                    &actor,
                    now,
                    playbook,
                    id.as_str(),
                    &step,
                    version,
                    step_move,
                    &reason,
                )
            })
            .await
    }

    /// Gives a step to a person of the team.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`] for an unknown step or account.
    pub async fn assign_step(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        step: &StepId,
        assignee: &AccountId,
    ) -> Result<Step> {
        let (house, by, id, step, assignee, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            step.clone(),
            assignee.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let incident = incidents::find(tx, &id)?;
                let name = accounts::get(tx, &assignee)?.name;
                let actor = Actor::account(by.id.as_str());
                let playbook = house.playbook_of(&incident);
                let step = playbooks::assign(
                    tx,
                    &actor,
                    now,
                    playbook,
                    id.as_str(),
                    &step,
                    &assignee,
                    name.reveal(),
                )?;
                house.want_assigned(tx, now, &by.id, &id, &step)?;
                Ok(step)
            })
            .await
    }
}
