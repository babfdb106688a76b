//! Step 1 and 2 of the walk: declare, and lay out what to do next.

use super::House;
use crate::accounts::{AccountId, Granted, Role, can};
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::{self, Changes, Declaration, Incident, IncidentId, State};
use crate::kernel::Result;
use crate::playbooks::{GENERAL, Playbook};
use crate::store::Conn;
use crate::{accounts, playbooks, timeline};

impl House {
    /// Declares an incident and starts its playbook.
    ///
    /// A commander who declares takes command. `starts` are the moments that can
    /// be said at once.
    ///
    /// # Errors
    /// Those of [`incidents::declare`] and [`incidents::start_clock`].
    pub async fn declare(
        &self,
        by: &Granted<can::DeclareIncident>,
        input: Declaration,
        starts: Vec<(ClockStartKind, ClockStart)>,
    ) -> Result<Incident> {
        let (house, by, now) = (self.clone(), by.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let mut incident = incidents::declare(tx, &by.id, now, &house.zone, input)?;
                for (kind, start) in starts {
                    incidents::start_clock(tx, &by.id, now, &incident.id, kind, start)?;
                }
                house.start_playbook(tx, &by.id, now, &incident)?;
                if by.role == Role::Commander {
                    incident = incidents::name_commander(
                        tx,
                        &by.id,
                        now,
                        &incident.id,
                        &by.id,
                        by.name.reveal(),
                    )?;
                }
                house.settle(tx, now, &incident.id)?;
                Ok(incident)
            })
            .await
    }

    /// Changes title, kind, pattern or severity; a new pattern brings its playbook.
    ///
    /// # Errors
    /// Those of [`incidents::change`].
    pub async fn change_incident(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        changes: Changes,
    ) -> Result<Incident> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let incident = incidents::change(tx, &by.id, now, &id, changes)?;
                house.start_playbook(tx, &by.id, now, &incident)?;
                house.settle(tx, now, &id)?;
                Ok(incident)
            })
            .await
    }

    /// Puts somebody in command.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`] for an unknown incident or account.
    pub async fn name_commander(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        commander: &AccountId,
    ) -> Result<Incident> {
        let (house, by, id, commander, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            commander.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let account = accounts::get(tx, &commander)?;
                let incident = incidents::name_commander(
                    tx,
                    &by.id,
                    now,
                    &id,
                    &commander,
                    account.name.reveal(),
                )?;
                house.settle(tx, now, &id)?;
                Ok(incident)
            })
            .await
    }

    /// Ends the response, or takes it up again.
    ///
    /// # Errors
    /// Those of [`incidents::set_state`].
    pub async fn set_state(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        state: State,
        version: i64,
    ) -> Result<Incident> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let incident = incidents::set_state(tx, &by.id, now, &id, state, version)?;
                if state == State::Closed {
                    timeline::checkpoint::write(tx, house.vault.signing_key(), now)?;
                }
                Ok(incident)
            })
            .await
    }

    /// The playbook that an incident follows now.
    pub fn playbook_of(&self, incident: &Incident) -> &Playbook {
        let id = incident
            .pattern
            .map_or_else(|| GENERAL.to_owned(), incidents::Pattern::playbook_id);
        self.library.get(&id)
    }

    fn start_playbook(
        &self,
        tx: &mut Conn,
        by: &AccountId,
        now: crate::kernel::Instant,
        incident: &Incident,
    ) -> Result<()> {
        let actor = timeline::Actor::account(by.as_str());
        playbooks::start(
            tx,
            &actor,
            now,
            incident.id.as_str(),
            self.playbook_of(incident),
        )
    }
}
