//! What a step may become, and what a playbook must hold; pure.

use std::collections::BTreeSet;

use super::{Phase, Playbook, StepState};
use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::FactKey;
use crate::kernel::LocaleText;

crate::text_enum! {
    /// What somebody does to a step.
    pub enum Move {
        /// Begins it.
        Start = "start",
        /// Finishes it.
        Finish = "finish",
        /// Leaves it out, with a reason.
        Skip = "skip",
        /// Opens it again.
        Reopen = "reopen",
    }
}

/// The state after a move, where the move is allowed.
pub fn after(state: StepState, step: Move) -> Option<StepState> {
    match (state, step) {
        (StepState::Todo, Move::Start) => Some(StepState::Doing),
        (StepState::Todo | StepState::Doing, Move::Finish) => Some(StepState::Done),
        (StepState::Todo | StepState::Doing, Move::Skip) => Some(StepState::Skipped),
        (StepState::Done | StepState::Skipped, Move::Reopen) => Some(StepState::Doing),
        _ => None,
    }
}

/// The moves that a state allows, in the order in which a page offers them.
pub fn moves(state: StepState) -> Vec<Move> {
    Move::ALL
        .iter()
        .copied()
        .filter(|step| after(state, *step).is_some())
        .collect()
}

/// Where a phase stands, from the states of its steps.
pub fn phase_state(states: &[StepState]) -> StepState {
    if states
        .iter()
        .all(|state| matches!(state, StepState::Done | StepState::Skipped))
    {
        StepState::Done
    } else if states.iter().all(|state| *state == StepState::Todo) {
        StepState::Todo
    } else {
        StepState::Doing
    }
}

/// Whether a text names something that can finish a step by itself.
pub fn is_completion(text: &str) -> bool {
    match text.split_once(':') {
        Some(("fact", key)) => key.parse::<FactKey>().is_ok(),
        Some(("clock", kind)) => kind.parse::<ClockStartKind>().is_ok(),
        Some(("notice", rest)) => matches!(
            rest.split_once(':'),
            Some(
                ("ppc_preliminary", "drafted" | "approved" | "filed")
                    | ("customer_email", "drafted" | "approved" | "sent")
            )
        ),
        _ => matches!(
            text,
            "incident:commander" | "evidence:sealed" | "roster:imported"
        ),
    }
}

/// Everything that is wrong with a playbook.
pub fn problems_of(playbook: &Playbook) -> Vec<String> {
    let mut problems = Vec::new();
    let mut complain = |what: String| problems.push(format!("{}: {what}", playbook.id));
    if !playbook
        .phases
        .iter()
        .map(|phase| phase.key)
        .eq(Phase::ALL.iter().copied())
    {
        complain("the phases are not the six, in their order".to_owned());
    }
    let empty = |text: &LocaleText| text.ja.trim().is_empty() || text.en.trim().is_empty();
    if empty(&playbook.title)
        || empty(&playbook.summary)
        || playbook.phases.iter().any(|phase| empty(&phase.goal))
    {
        complain("title, summary or goal lacks a language".to_owned());
    }
    let mut seen = BTreeSet::new();
    for (_, step) in playbook.steps() {
        let key = &step.key;
        if !seen.insert(key) {
            complain(format!("step {key} stands twice"));
        }
        if empty(&step.title)
            || empty(&step.what)
            || empty(&step.why)
            || step.done.ja.is_empty()
            || step.done.ja.len() != step.done.en.len()
        {
            complain(format!("step {key} lacks a text"));
        }
        if step.extra.ja.is_empty() != step.extra.en.is_empty() {
            complain(format!(
                "step {key} has its extra text in one language only"
            ));
        }
        for fact in step
            .facts
            .iter()
            .filter(|fact| fact.parse::<FactKey>().is_err())
        {
            complain(format!("step {key} wants the unknown fact {fact}"));
        }
        if step
            .completes_on
            .as_deref()
            .is_some_and(|text| !is_completion(text))
        {
            complain(format!("step {key} completes on something unknown"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_step_can_only_be_opened_again() {
        assert_eq!(moves(StepState::Done), [Move::Reopen]);
        assert_eq!(
            moves(StepState::Todo),
            [Move::Start, Move::Finish, Move::Skip]
        );
        assert_eq!(after(StepState::Doing, Move::Start), None);
    }

    #[test]
    fn a_phase_is_done_when_every_step_is_settled() {
        assert_eq!(
            phase_state(&[StepState::Done, StepState::Skipped]),
            StepState::Done
        );
        assert_eq!(
            phase_state(&[StepState::Done, StepState::Todo]),
            StepState::Doing
        );
        assert_eq!(
            phase_state(&[StepState::Todo, StepState::Todo]),
            StepState::Todo
        );
    }
}
