//! How high the risk is for the people under GDPR: an aid, from facts and with reasons.
//!
//! Facts come in; unlikely, risk, high risk or undecided goes out, with the signs
//! that raise or lower it and the questions that would decide. Three-valued, as the
//! assessment: what is not known lowers nothing, and a further answer never takes a
//! sure level back. The table is `content/risk/gdpr.toml`, after EDPB Guidelines
//! 9/2022 (section IV) and 01/2021; `docs/adr/0006` says why it is no score.
//!
//! This room refuses to decide: no duty reads it. The fact `gdpr_risk` is a person's.

mod model;
mod table;

use crate::incidents::facts::{FactSet, Facts};
use crate::regulations::Outcome;

pub use model::{Aid, Conclusion, Direction, Factor, Ground, RiskBasis, RiskLevel, RiskReason};
use table::{GroundRule, Sign, Table};

/// What the facts say of the risk under GDPR arts. 33(1) and 34(1).
///
/// # Example
/// ```
/// use shodo::{incidents::facts::Facts, risk};
/// let aid = risk::gdpr(&Facts::default());
/// assert_eq!(aid.outcome, risk::Conclusion::Undecided);
/// assert!(!aid.questions.is_empty());
/// ```
pub fn gdpr(facts: &Facts) -> Aid {
    let table = table::gdpr();
    let signs: Vec<_> = table
        .signs
        .iter()
        .map(|sign| (sign, sign.condition.evaluate(facts, &[])))
        .collect();
    let grounds: Vec<_> = table
        .grounds
        .iter()
        .map(|ground| (ground, holds(ground, &signs)))
        .collect();
    let any_of = |level: RiskLevel| {
        grounds
            .iter()
            .filter(|(ground, _)| ground.level >= level)
            .fold(Outcome::No, |any, (_, outcome)| any.or(*outcome))
    };
    let (high, at_least_risk) = (any_of(RiskLevel::HighRisk), any_of(RiskLevel::Risk));
    let lowest = match (high, at_least_risk) {
        (Outcome::Yes, _) => RiskLevel::HighRisk,
        (_, Outcome::Yes) => RiskLevel::Risk,
        _ => RiskLevel::Unlikely,
    };
    let highest = match (high, at_least_risk) {
        (_, Outcome::No) => RiskLevel::Unlikely,
        (Outcome::No, _) => RiskLevel::Risk,
        _ => RiskLevel::HighRisk,
    };
    let questions = if lowest == highest {
        FactSet::EMPTY
    } else {
        open(high).union(open(at_least_risk))
    };
    Aid {
        outcome: if lowest == highest {
            lowest.into()
        } else {
            Conclusion::Undecided
        },
        questions,
        lowest,
        highest,
        reasons: reasons(&signs, questions),
        grounds: grounds
            .iter()
            .filter(|(ground, outcome)| outcome.is_yes() && ground.level == lowest)
            .map(|(ground, _)| Ground {
                id: &ground.id,
                words: table.words(&ground.id),
            })
            .collect(),
        basis: &table.basis,
    }
}

/// The facts that the aid reads; any other answer leaves it as it is.
pub fn facts() -> FactSet {
    let signs = table::gdpr().signs.iter();
    signs.fold(FactSet::EMPTY, |all, sign| {
        all.union(sign.condition.facts())
    })
}

/// Every sign of `all`, one of `any` if there are any, none of `none`.
fn holds(ground: &GroundRule, signs: &[(&'static Sign, Outcome)]) -> Outcome {
    // A name of nothing is no; a test of the table refuses such names.
    let sign = |id: &String| {
        let found = signs.iter().find(|(sign, _)| sign.id == *id);
        found.map_or(Outcome::No, |(_, outcome)| *outcome)
    };
    let any = ground.any.iter().map(sign).fold(Outcome::No, Outcome::or);
    let any = if ground.any.is_empty() {
        Outcome::Yes
    } else {
        any
    };
    let eased = ground.none.iter().map(sign).fold(Outcome::No, Outcome::or);
    let all = ground.all.iter().map(sign);
    all.fold(any.and(eased.negated()), Outcome::and)
}

/// What raises, then what lowers, then what is open and would still decide, each in the order of the table.
fn reasons(signs: &[(&'static Sign, Outcome)], questions: FactSet) -> Vec<RiskReason> {
    let table: &'static Table = table::gdpr();
    let mut reasons: Vec<_> = signs
        .iter()
        .filter(|(_, outcome)| outcome.is_yes())
        .filter_map(|(sign, _)| {
            Some(RiskReason {
                factor: sign.factor,
                direction: sign.direction?,
                words: table.words(&sign.id),
                facts: sign.condition.facts(),
            })
        })
        .collect();
    reasons.extend(Factor::ALL.iter().filter_map(|factor| {
        let of_factor = signs.iter().filter(|(sign, _)| sign.factor == *factor);
        let open = of_factor
            .filter(|(sign, _)| sign.direction.is_some())
            .fold(FactSet::EMPTY, |all, (_, outcome)| {
                all.union(open(*outcome))
            });
        let facts: FactSet = open.iter().filter(|key| questions.contains(*key)).collect();
        (!facts.is_empty()).then(|| RiskReason {
            factor: *factor,
            direction: Direction::Open,
            words: table.words(factor.as_str()),
            facts,
        })
    }));
    reasons.sort_by_key(|reason| reason.direction);
    reasons
}

fn open(outcome: Outcome) -> FactSet {
    match outcome {
        Outcome::Unknown { questions } => questions,
        Outcome::Yes | Outcome::No => FactSet::EMPTY,
    }
}
