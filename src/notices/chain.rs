//! Who approves a notice, one after the other; pure.
//!
//! 起案 → 法務 → 指揮者 → 代表 is the usual chain. Nobody decides twice about one
//! version, and nobody about what they wrote or handed in (four eyes). A stage
//! that nobody else could take falls to an administrator, or away: a chain must
//! not stop a notice that the law wants sent today. One stage always stays.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{AccountId, Role};

/// One approver of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stage {
    /// What the approver is.
    pub role: Role,
    /// Whether an administrator stands in, because nobody else has that role.
    #[serde(default)]
    pub stand_in: bool,
    /// The one who was named in the approver's place.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub delegate: Option<AccountId>,
}

/// Somebody who could approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: AccountId,
    /// What they are.
    pub role: Role,
}

/// The stages of a chain that somebody else than the author can take; none when there is nobody at all.
pub fn resolve(chain: &[Role], candidates: &[Candidate], author: &AccountId) -> Vec<Stage> {
    let others = |role: Role| {
        candidates
            .iter()
            .filter(move |candidate| candidate.role == role && candidate.id != *author)
            .count()
    };
    let mut administrators = others(Role::Administrator);
    let mut taken: Vec<Role> = Vec::new();
    let mut stages = Vec::new();
    for role in chain {
        let before = taken.iter().filter(|it| *it == role).count();
        taken.push(*role);
        let stand_in = others(*role) <= before;
        // An author who has the role has looked at it with that role's eyes.
        let is_the_author = candidates
            .iter()
            .any(|candidate| candidate.id == *author && candidate.role == *role);
        if stand_in {
            if is_the_author || administrators == 0 || *role == Role::Administrator {
                continue;
            }
            administrators -= 1;
        }
        stages.push(Stage {
            role: *role,
            stand_in,
            delegate: None,
        });
    }
    if stages.is_empty() {
        let anybody = [
            Role::Approver,
            Role::Commander,
            Role::Legal,
            Role::Administrator,
        ];
        stages.extend(
            anybody
                .into_iter()
                .find(|role| others(*role) > 0)
                .map(|role| Stage {
                    role,
                    stand_in: false,
                    delegate: None,
                }),
        );
    }
    stages
}

/// Whether somebody may take a stage; `barred` wrote it, handed it in, or approved already.
pub fn may_take(stage: &Stage, who: &Candidate, barred: &BTreeSet<AccountId>) -> bool {
    let fits = match &stage.delegate {
        Some(delegate) => *delegate == who.id,
        None if stage.stand_in => who.role == Role::Administrator,
        None => who.role == stage.role,
    };
    fits && !barred.contains(&who.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: [Role; 3] = [Role::Legal, Role::Commander, Role::Approver];

    fn id(number: u8) -> AccountId {
        format!("0192f0c0-0000-7000-8000-0000000000{number:02}")
            .parse()
            .unwrap()
    }

    fn team(roles: &[Role]) -> Vec<Candidate> {
        (1..)
            .zip(roles)
            .map(|(number, role)| Candidate {
                id: id(number),
                role: *role,
            })
            .collect()
    }

    fn roles(stages: &[Stage]) -> Vec<(Role, bool)> {
        stages
            .iter()
            .map(|stage| (stage.role, stage.stand_in))
            .collect()
    }

    #[test]
    fn each_role_that_somebody_else_has_is_a_stage() {
        let full = team(&[
            Role::Responder,
            Role::Legal,
            Role::Commander,
            Role::Approver,
        ]);
        assert_eq!(
            roles(&resolve(&CHAIN, &full, &id(1))),
            CHAIN.map(|role| (role, false))
        );
        // The only lawyer wrote it: the lawyer's stage is done by writing.
        assert_eq!(
            roles(&resolve(&CHAIN, &full, &id(2))),
            [(Role::Commander, false), (Role::Approver, false)]
        );
    }

    #[test]
    fn an_administrator_stands_in_once_and_never_for_themselves() {
        let small = team(&[Role::Responder, Role::Administrator, Role::Commander]);
        assert_eq!(
            roles(&resolve(&CHAIN, &small, &id(1))),
            [(Role::Legal, true), (Role::Commander, false)]
        );
        assert_eq!(
            roles(&resolve(&CHAIN, &small, &id(2))),
            [(Role::Commander, false)]
        );
        let alone = team(&[Role::Administrator]);
        assert!(resolve(&CHAIN, &alone, &id(1)).is_empty());
        let two = team(&[Role::Administrator, Role::Administrator]);
        assert_eq!(roles(&resolve(&CHAIN, &two, &id(1))), [(Role::Legal, true)]);
    }

    #[test]
    fn a_stage_is_taken_by_its_role_or_its_delegate_alone() {
        let stage = Stage {
            role: Role::Legal,
            stand_in: false,
            delegate: None,
        };
        let people = team(&[Role::Legal, Role::Commander, Role::Administrator]);
        let free = BTreeSet::new();
        let may = |stage: &Stage, barred: &BTreeSet<AccountId>| {
            people
                .iter()
                .map(|who| may_take(stage, who, barred))
                .collect::<Vec<_>>()
        };
        assert_eq!(may(&stage, &free), [true, false, false]);
        assert_eq!(may(&stage, &[id(1)].into()), [false, false, false]);
        let delegated = Stage {
            delegate: Some(id(2)),
            ..stage
        };
        assert_eq!(may(&delegated, &free), [false, true, false]);
        assert_eq!(may(&delegated, &[id(2)].into()), [false, false, false]);
    }
}
