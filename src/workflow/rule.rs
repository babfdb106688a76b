//! Beside the law's own word: a person decides about a duty, and says why.

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::IncidentId;
use crate::incidents::rulings::{self, Ruling};
use crate::kernel::{Problem, Result};
use crate::regulations;

impl House {
    /// Decides that a duty arises or does not, against or beside the rule, or takes that back.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] for a duty that no regime has, or without a
    /// reason; those of [`rulings::rule`].
    pub async fn rule_on_duty(
        &self,
        by: &Granted<can::RuleOnDuty>,
        id: &IncidentId,
        duty: String,
        ruling: Ruling,
        reason: String,
    ) -> Result<()> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                if regulations::duty(&duty).is_none() {
                    return Err(Problem::field("duty", "field-invalid-choice"));
                }
                rulings::rule(tx, &by, now, &id, &duty, ruling, &reason)?;
                house.settle(tx, now, &id)
            })
            .await
    }
}
