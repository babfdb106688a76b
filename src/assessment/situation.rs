//! Since when a condition holds: what was known when.

use super::Case;
use super::model::Obligation;
use crate::incidents::facts::{Answer, FactKey, Facts};
use crate::kernel::Instant;
use crate::regulations::{Clock, Outcome};

/// An answer, and since when it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The question.
    pub key: FactKey,
    /// The answer.
    pub answer: Answer,
    /// Since when it was known.
    pub known_at: Instant,
}

/// Every answer that was ever given, in the order in which they were recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(pub Vec<Told>);

impl History {
    /// The answers of these facts alone: those whose moment is known.
    pub fn of(facts: &Facts) -> Self {
        let told = facts.0.iter().filter_map(|(key, fact)| {
            Some(Told {
                key: *key,
                answer: fact.answer.clone(),
                known_at: fact.known_at?,
            })
        });
        Self(told.collect())
    }

    /// What was known at an instant: for each question the last word among those known by then.
    pub fn as_of(&self, at: Instant) -> Facts {
        let mut facts = Facts::default();
        for told in self.0.iter().filter(|told| told.known_at <= at) {
            facts.set(told.key, told.answer.clone(), Some(told.known_at));
        }
        facts
    }

    /// What was known at each moment at which something became known, the earliest first.
    ///
    /// Nothing where all became known at once: then nothing came to hold later.
    pub fn stages(&self) -> Stages {
        let mut moments: Vec<_> = self.0.iter().map(|told| told.known_at).collect();
        moments.sort_unstable();
        moments.dedup();
        if moments.len() < 2 {
            return Stages::default();
        }
        Stages(moments.into_iter().map(|at| (at, self.as_of(at))).collect())
    }
}

/// What was known, moment by moment.
#[derive(Clone, Debug, Default)]
pub struct Stages(Vec<(Instant, Facts)>);

impl Stages {
    /// The moment at which what lets a clock run ceased to be surely not so; none where it never was.
    ///
    /// A suspicion is enough to begin (the law says おそれ), so an open question holds
    /// nothing up: only a sure "no" that was right at its time does. A number of
    /// people that passes a threshold is the usual case (APPI guideline 3-5-3-1).
    pub fn began_anew(&self, obligation: &Obligation, clock: &Clock) -> Option<Instant> {
        if !clock.anew {
            return None;
        }
        let mut began = None;
        let mut was_no = false;
        for (moment, facts) in &self.0 {
            let case = Case::new(facts, obligation.regulation);
            let when = clock
                .when
                .as_ref()
                .map_or(Outcome::Yes, |when| case.evaluate(when));
            let is_no = case.evaluate(&obligation.duty.when).and(when) == Outcome::No;
            if was_no && !is_no {
                began = Some(*moment);
            }
            was_no = is_no;
        }
        began
    }
}
