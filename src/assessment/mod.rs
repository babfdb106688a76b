//! Facts and rules in; obligations out, each with its reasons.
//!
//! Pure and three-valued: required, not required, or undecided with the questions
//! that would decide. It refuses to know clocks, databases and what was already
//! done. Everything that a rule says is borrowed from the library of regulations,
//! so that assessing allocates next to nothing.

mod explain;
mod model;
mod situation;

use crate::incidents::facts::{FactKey, FactSet, Facts};
use crate::regulations::{
    Clock, Condition, Confidence, Duty, Exemption, Nature, Outcome, Regulation,
};

pub use model::{Addressed, Assessment, Obligation, Reason, ReasonKind, Status, Verdict};
pub use situation::{History, Stages, Told};

/// Decides every duty of these regulations.
pub fn assess(
    facts: &Facts,
    regulations: impl IntoIterator<Item = &'static Regulation>,
) -> Assessment {
    let mut obligations = Vec::new();
    for regulation in regulations {
        let case = Case::new(facts, regulation);
        obligations.extend(regulation.duties.iter().map(|duty| case.obligation(duty)));
    }
    let next_questions = next_questions(facts, &obligations);
    Assessment {
        obligations,
        next_questions,
    }
}

/// Notes what a person decided about a duty; the rule's own word stays beside it.
pub fn overrule(obligation: &mut Obligation, facts: &Facts, status: Status) {
    obligation.overruled = Some(status);
    if obligation.clocks.is_empty() && status != Status::NotRequired {
        let case = Case::new(facts, obligation.regulation);
        obligation.clocks = case.clocks(obligation.duty);
        obligation.addressed = case.addressed(obligation.duty);
    }
}

/// The open questions: first those that nobody was asked, and among them those that settle most.
///
/// A duty weighs more than a mere check or an advice. Equal weights stay in the
/// order in which a team would ask.
fn next_questions(facts: &Facts, obligations: &[Obligation]) -> Vec<FactKey> {
    let open = obligations.iter().fold(FactSet::EMPTY, |all, obligation| {
        all.union(obligation.questions)
    });
    let weight = |key: FactKey| -> usize {
        obligations
            .iter()
            .filter(|obligation| obligation.questions.contains(key))
            .map(|obligation| match obligation.duty.nature {
                Nature::Duty => 3,
                Nature::Alternative | Nature::Check | Nature::Recommended => 1,
            })
            .sum()
    };
    let mut questions: Vec<_> = open.iter().map(|key| (key, weight(key))).collect();
    questions.sort_by_key(|(key, weight)| (facts.get(*key).is_some(), std::cmp::Reverse(*weight)));
    questions.into_iter().map(|(key, _)| key).collect()
}

/// The facts beside one regulation, whose triggers are decided once.
pub(crate) struct Case<'a> {
    facts: &'a Facts,
    regulation: &'static Regulation,
    applies: Outcome,
    triggers: Vec<Outcome>,
}

impl<'a> Case<'a> {
    fn new(facts: &'a Facts, regulation: &'static Regulation) -> Self {
        Self {
            facts,
            regulation,
            applies: regulation.reaches(facts),
            triggers: regulation
                .triggers
                .iter()
                // A trigger's condition names no other trigger.
                .map(|trigger| trigger.condition.evaluate(facts, &[]))
                .collect(),
        }
    }

    fn evaluate(&self, condition: &Condition) -> Outcome {
        condition.evaluate(self.facts, &self.triggers)
    }

    fn exemptions(&self, duty: &'static Duty) -> impl Iterator<Item = &'static Exemption> {
        self.regulation
            .exemptions
            .iter()
            .filter(|exemption| duty.unless.contains(&exemption.id))
    }

    fn outcome(&self, duty: &'static Duty) -> Outcome {
        if self.applies == Outcome::No {
            return Outcome::No;
        }
        let arises = self.applies.and(self.evaluate(&duty.when));
        if arises == Outcome::No {
            return Outcome::No;
        }
        let freed = self
            .exemptions(duty)
            .map(|exemption| self.evaluate(&exemption.condition))
            .fold(Outcome::No, Outcome::or);
        arises.and(freed.negated())
    }

    fn obligation(&self, duty: &'static Duty) -> Obligation {
        let outcome = self.outcome(duty);
        let (status, questions) = match outcome {
            Outcome::Yes => (Status::Required, FactSet::EMPTY),
            Outcome::No => (Status::NotRequired, FactSet::EMPTY),
            Outcome::Unknown { questions } => (Status::Undecided, questions),
        };
        let reasons = self.reasons(duty);
        let unsure = duty.basis.confidence == Confidence::Unverified
            || self.regulation.confidence == Confidence::Unverified
            || reasons.iter().any(|reason| {
                reason.verdict == Verdict::Yes && reason.basis.confidence == Confidence::Unverified
            });
        let stands = status != Status::NotRequired;
        Obligation {
            regulation: self.regulation,
            duty,
            duty_id: &duty.id,
            regime: &self.regulation.id,
            version: self.regulation.version,
            applies: self.applies.into(),
            title: &duty.title,
            nature: duty.nature,
            recipient: &duty.recipient,
            addressed: if stands {
                self.addressed(duty)
            } else {
                Vec::new()
            },
            status,
            overruled: None,
            reasons,
            questions,
            basis: &duty.basis,
            confidence: if unsure {
                Confidence::Unverified
            } else {
                Confidence::Confirmed
            },
            clocks: if stands {
                self.clocks(duty)
            } else {
                Vec::new()
            },
            notes: &duty.notes,
        }
    }

    fn clocks(&self, duty: &'static Duty) -> Vec<&'static str> {
        duty.clocks
            .iter()
            .filter(|clock| self.runs(clock))
            .map(|clock| clock.id.as_str())
            .collect()
    }

    fn runs(&self, clock: &Clock) -> bool {
        match clock.when.as_ref().map(|when| self.evaluate(when)) {
            None | Some(Outcome::Yes) => true,
            Some(Outcome::No) => false,
            Some(Outcome::Unknown { .. }) => clock.while_undecided,
        }
    }
}
