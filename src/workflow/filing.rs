//! What an authority wants to be told, what of it is known, and that it was told.

use std::collections::BTreeMap;

use super::House;
use crate::accounts::{Granted, can};
use crate::deadlines::Due;
use crate::incidents::facts::{self, Facts};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Locale, LocaleText, Problem, Result};
use crate::notices::{self, Filing, NewFiling};
use crate::regulations::{self, Content, DueKind, Duty};
use crate::timeline;

/// The words for each item that a duty wants said, by the item's key; an item without an answer is not there.
pub type Contents = BTreeMap<String, LocaleText>;

impl House {
    /// Records that a report was made to an authority, which stops its clock.
    ///
    /// What was known of each item is kept with it, so that a later report can be
    /// compared.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] for a duty that no regime has, and for a late
    /// filing without the reasons that the law asks for; those of [`notices::record_filing`].
    pub async fn record_filing(
        &self,
        by: &Granted<can::RecordFiling>,
        id: &IncidentId,
        new: NewFiling,
    ) -> Result<Filing> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                let Some((_, duty)) = regulations::duty(&new.duty_id) else {
                    return Err(Problem::field("duty_id", "field-invalid-choice"));
                };
                let views = house.duties_in(tx, &id, now)?.duties;
                let view = views.iter().find(|it| it.obligation.duty_id == duty.id);
                let deadline = view.and_then(|view| deadline(&view.dues));
                let is_late = deadline.is_some_and(|due| due.instant() < Some(new.filed_at));
                if is_late && duty.late.is_some() && new.late_reason.trim().is_empty() {
                    return Err(Problem::field("late_reason", "filing-late-reason-required"));
                }
                let contents = known_contents(duty, &incidents::facts_of(tx, &id)?);
                let contents = serde_json::to_string(&contents)?;
                let filing = notices::record_filing(tx, &by, now, id.as_str(), new, contents)?;
                house.settle(tx, now, &id)?;
                Ok(filing)
            })
            .await
    }
}

/// The deadline that counts first.
pub fn deadline(dues: &[Due]) -> Option<&Due> {
    dues.iter()
        .filter(|due| due.kind == DueKind::Deadline && due.instant().is_some())
        .min_by_key(|due| due.instant())
}

/// What is known of each item that a duty wants said.
pub fn known_contents(duty: &Duty, facts: &Facts) -> Contents {
    duty.contents
        .iter()
        .filter_map(|content| Some((content.key.clone(), known(content, facts)?)))
        .collect()
}

/// The contents that were kept with a filing; none of one that an older build recorded.
pub fn filed_contents(filing: &Filing) -> Contents {
    serde_json::from_str(&filing.contents).unwrap_or_default()
}

fn known(content: &Content, facts: &Facts) -> Option<LocaleText> {
    let words = |locale: Locale| -> String {
        let answers = content.facts.iter().filter_map(|key| {
            facts.known(*key)?;
            Some(facts::words(*key, facts.get(*key)?, locale))
        });
        answers.collect::<Vec<_>>().join("\n")
    };
    let text = LocaleText {
        ja: words(Locale::Ja),
        en: words(Locale::En),
    };
    (!text.ja.is_empty()).then_some(text)
}
