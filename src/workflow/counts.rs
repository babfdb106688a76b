//! Counts of the register become facts, and a threshold of the law that they pass is told at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::House;
use crate::accounts::AccountId;
use crate::affected::{self, Counts};
use crate::incidents::facts::{Answer, Count, FactKey, Facts, Value};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Instant, Result};
use crate::regulations;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

impl House {
    /// Answers what the register can answer: how many people, where they live, minors, data items.
    ///
    /// A number that somebody said by hand and that is higher stays: the register
    /// may not hold everybody. Rows that may be more people, or fewer, make the
    /// number "at most".
    pub(super) fn counts_become_facts(
        &self,
        tx: &mut Conn,
        now: Instant,
        id: &IncidentId,
        by: &AccountId,
    ) -> Result<()> {
        let counts = affected::counts(tx, id.as_str())?;
        let facts = incidents::facts_of(tx, id)?;
        if counts.people == 0 {
            return take_back_number(tx, now, id, by, &facts);
        }
        let number = number(tx, id, &counts)?;
        if !is_higher_by_hand(tx, id, &facts, number)? {
            self.answer_number(tx, now, id, by, &facts, number)?;
        }
        for (key, value) in others(&facts, &counts) {
            incidents::answer(tx, by, now, id, key, &Answer::Known(value), None)?;
        }
        Ok(())
    }

    fn answer_number(
        &self,
        tx: &mut Conn,
        now: Instant,
        id: &IncidentId,
        by: &AccountId,
        facts: &Facts,
        number: Count,
    ) -> Result<()> {
        let answer = Answer::Known(Value::Count(number));
        incidents::answer(tx, by, now, id, FactKey::PeopleAffected, &answer, None)?;
        affected::remember_number(tx, id.as_str(), number.highest())?;
        self.tell_thresholds(tx, now, id, by, facts, now)
    }

    /// Tells each threshold that the number of affected people passed since `before`.
    pub(super) fn tell_thresholds(
        &self,
        tx: &mut Conn,
        now: Instant,
        id: &IncidentId,
        by: &AccountId,
        before: &Facts,
        known_at: Instant,
    ) -> Result<()> {
        let highest = |facts: &Facts| match facts.known(FactKey::PeopleAffected) {
            Some(Value::Count(count)) => count.highest(),
            _ => 0,
        };
        let facts = incidents::facts_of(tx, id)?;
        let (was, is) = (highest(before), highest(&facts));
        let today = now.in_zone(&self.zone).date();
        let reaching = regulations::in_force(today).filter(|it| it.reaches(&facts).is_yes());
        for regulation in reaching {
            for (trigger, threshold) in regulation.people_thresholds() {
                if was >= threshold || is < threshold {
                    continue;
                }
                let event = Event {
                    incident_id: id.as_str(),
                    kind: Kind::ThresholdCrossed,
                    actor: &Actor::account(by.as_str()),
                    occurred_at: Some(known_at),
                    payload: json!({
                        "regulation": regulation.id,
                        "regulation_ja": regulation.title.ja,
                        "regulation_en": regulation.title.en,
                        "trigger": trigger,
                        "threshold": threshold,
                        "people": is,
                        "known_at": known_at,
                    }),
                };
                timeline::append(tx, now, event)?;
            }
        }
        Ok(())
    }
}

/// The number of people, exact where no row leaves a doubt.
fn number(tx: &mut Conn, id: &IncidentId, counts: &Counts) -> Result<Count> {
    let rejected: i64 = affected::rosters::rosters(tx, id.as_str())?
        .iter()
        .filter(|roster| roster.state.counts())
        .map(affected::Roster::rejected)
        .sum();
    let (joined, apart) = affected::open_conflicts(tx, id.as_str())?;
    let highest = counts
        .people
        .saturating_add(rejected)
        .saturating_add(joined);
    let highest = u64::try_from(highest).unwrap_or(0);
    Ok(if rejected == 0 && joined == 0 && apart == 0 {
        Count::Exactly(highest)
    } else {
        Count::AtMost(highest)
    })
}

/// Whether somebody said a higher number by hand, which stands.
fn is_higher_by_hand(tx: &mut Conn, id: &IncidentId, facts: &Facts, number: Count) -> Result<bool> {
    let Some(Value::Count(said)) = facts.known(FactKey::PeopleAffected) else {
        return Ok(false);
    };
    Ok(!is_ours(tx, id, said)? && said.highest() > number.highest())
}

/// Whether a number is the one that the register last gave.
fn is_ours(tx: &mut Conn, id: &IncidentId, said: &Count) -> Result<bool> {
    Ok(affected::remembered_number(tx, id.as_str())? == Some(said.highest()))
}

/// A register that was taken back whole knows no number, and the one that it gave stands no more.
fn take_back_number(
    tx: &mut Conn,
    now: Instant,
    id: &IncidentId,
    by: &AccountId,
    facts: &Facts,
) -> Result<()> {
    match facts.known(FactKey::PeopleAffected) {
        Some(Value::Count(said)) if is_ours(tx, id, said)? => {
            let unknown = Answer::Unknown { until: None };
            incidents::answer(tx, by, now, id, FactKey::PeopleAffected, &unknown, None)
        }
        _ => Ok(()),
    }
}

fn others(facts: &Facts, counts: &Counts) -> Vec<(FactKey, Value)> {
    let mut answers = Vec::new();
    if !counts.by_country.is_empty() {
        let mut countries = match facts.known(FactKey::Residence) {
            Some(Value::Residence(said)) => said.clone(),
            _ => BTreeMap::new(),
        };
        for (country, people) in &counts.by_country {
            countries.insert(country.clone(), u64::try_from(*people).ok());
        }
        answers.push((FactKey::Residence, Value::Residence(countries)));
    }
    if !counts.by_item.is_empty() {
        let mut items: BTreeSet<String> = counts.by_item.keys().cloned().collect();
        if let Some(Value::Choices(said)) = facts.known(FactKey::DataItems) {
            items.extend(said.iter().filter(|item| *item != "none").cloned());
        }
        answers.push((FactKey::DataItems, Value::Choices(items)));
    }
    if counts.minors > 0 {
        answers.push((FactKey::MinorsAffected, Value::YesNo(true)));
    }
    answers
}
