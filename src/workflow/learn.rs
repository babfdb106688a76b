//! Step 3 of the walk: what the team knows, and what it notes down.

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::facts::{Answer, FactKey};
use crate::incidents::{self, IncidentId};
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
}
