//! Severity: the answers from which it is scored.

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::{self, IncidentId};
use crate::kernel::Result;
use crate::severity::{self, Answer, Question};

impl House {
    /// Takes answers to questions of the severity assessment: all of them, or none.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`]; those of [`severity::answer`].
    pub async fn answer_severity(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        answers: Vec<(Question, Answer)>,
    ) -> Result<()> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                incidents::find(tx, &id)?;
                for (question, answer) in &answers {
                    severity::answer(tx, &by.id, now, &id, *question, answer)?;
                }
                Ok(())
            })
            .await
    }
}
