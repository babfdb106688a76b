//! Step 3 of the walk: what the team knows, and what it notes down.

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::facts::{Answer, FactKey};
use crate::incidents::review::{self, Action, Section};
use crate::incidents::{self, ActionId, IncidentId};
use crate::kernel::{Instant, Result};

impl House {
    /// Takes an answer to a question.
    ///
    /// # Errors
    /// Those of [`incidents::answer`].
    pub async fn answer(
        &self,
        by: &Granted<can::AnswerFacts>,
        id: &IncidentId,
        key: FactKey,
        answer: Answer,
        known_at: Option<Instant>,
    ) -> Result<()> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                incidents::find(tx, &id)?;
                let before = incidents::facts_of(tx, &id)?;
                incidents::answer(tx, &by.id, now, &id, key, &answer, known_at)?;
                let known_at = known_at.unwrap_or(now);
                house.tell_thresholds(tx, now, &id, &by.id, &before, known_at)?;
                house.settle(tx, now, &id)
            })
            .await
    }

    /// Records when a clock began.
    ///
    /// # Errors
    /// Those of [`incidents::start_clock`].
    pub async fn start_clock(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        kind: ClockStartKind,
        start: ClockStart,
    ) -> Result<()> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                incidents::start_clock(tx, &by.id, now, &id, kind, start)?;
                house.settle(tx, now, &id)
            })
            .await
    }

    /// Writes a note or a decision on the timeline.
    ///
    /// # Errors
    /// Those of [`incidents::note`].
    pub async fn note(
        &self,
        by: &Granted<can::AddNote>,
        id: &IncidentId,
        text: String,
        decision: bool,
        occurred_at: Option<Instant>,
    ) -> Result<()> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| incidents::note(tx, &by.id, now, &id, &text, decision, occurred_at))
            .await
    }

    /// Writes a text of the review.
    ///
    /// # Errors
    /// Those of [`review::write`].
    pub async fn write_review(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        section: Section,
        body: String,
        version: i64,
    ) -> Result<()> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| review::write(tx, &by.id, now, &id, section, &body, version))
            .await
    }

    /// Adds an action that prevents the next incident.
    ///
    /// # Errors
    /// Those of [`review::add_action`].
    pub async fn add_action(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        title: String,
        owner: String,
        due_on: Option<String>,
    ) -> Result<Action> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                review::add_action(tx, &by.id, now, &id, &title, &owner, due_on.as_deref())
            })
            .await
    }

    /// Marks an action as done, or as open again.
    ///
    /// # Errors
    /// Those of [`review::settle_action`].
    pub async fn settle_action(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        action: &ActionId,
        done: bool,
    ) -> Result<()> {
        let (by, id, action, now) = (by.clone(), id.clone(), action.clone(), self.clock.now());
        self.store
            .write(move |tx| review::settle_action(tx, &by.id, now, &id, &action, done))
            .await
    }
}
