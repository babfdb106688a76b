//! Why a duty arises or not, and who receives it: the words beside the outcome.

use super::Case;
use super::model::{Addressed, Reason, ReasonKind};
use crate::incidents::facts::{Answer, FactKey, Mark, Value, item_name};
use crate::kernel::LocaleText;
use crate::regulations::{Basis, Condition, Duty, Outcome, authorities};

impl Case<'_> {
    /// The chain of conditions: whom the law reaches, then triggers, then exemptions.
    pub(super) fn reasons(&self, duty: &'static Duty) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(applies) = &self.regulation.applies {
            reasons.push(self.reason(
                "applies",
                ReasonKind::Applies,
                &applies.words,
                &applies.condition,
                &applies.basis,
                self.applies,
            ));
        }
        // Where the law does not reach anybody, its conditions explain nothing.
        if self.applies == Outcome::No {
            return reasons;
        }
        for id in duty.when.triggers() {
            let mut triggers = self.regulation.triggers.iter().zip(&self.triggers);
            let Some((trigger, outcome)) = triggers.find(|(it, _)| it.id == id) else {
                continue;
            };
            if reasons.iter().any(|reason| reason.id == trigger.id) {
                continue;
            }
            reasons.push(self.reason(
                &trigger.id,
                ReasonKind::Trigger,
                &trigger.words,
                &trigger.condition,
                &trigger.basis,
                *outcome,
            ));
        }
        for exemption in self.exemptions(duty) {
            reasons.push(self.reason(
                &exemption.id,
                ReasonKind::Exemption,
                &exemption.words,
                &exemption.condition,
                &exemption.basis,
                self.evaluate(&exemption.condition),
            ));
        }
        reasons
    }

    fn reason(
        &self,
        id: &'static str,
        kind: ReasonKind,
        words: &'static LocaleText,
        condition: &'static Condition,
        basis: &'static Basis,
        outcome: Outcome,
    ) -> Reason {
        Reason {
            id,
            kind,
            words,
            verdict: outcome.into(),
            facts: condition.facts(),
            basis,
            remark: self.remark(condition),
        }
    }

    /// Who receives it by the facts: those whose condition holds, and each authority of a list
    /// where people live.
    pub(super) fn addressed(&self, duty: &'static Duty) -> Vec<Addressed> {
        let mut addressed: Vec<_> = duty
            .addressees
            .iter()
            .filter_map(|addressee| {
                let outcome = self.evaluate(&addressee.when);
                (outcome != Outcome::No).then(|| Addressed {
                    name: &addressee.name,
                    url: addressee.url.as_deref(),
                    undecided: !outcome.is_yes(),
                })
            })
            .collect();
        // Somebody sure makes the merely possible ones idle.
        if addressed.iter().any(|it| !it.undecided) {
            addressed.retain(|it| !it.undecided);
        }
        if let Some(list) = duty.authorities {
            addressed.extend(self.by_place(authorities::authorities(list)));
        }
        addressed
    }

    /// The authority of our establishment, or, where we have none, each one where people live.
    ///
    /// EDPB Guidelines 9/2022, paragraph 73: without an establishment there is no
    /// one-stop shop.
    fn by_place(&self, list: &'static [authorities::Authority]) -> Vec<Addressed> {
        let at = |is_there: &dyn Fn(&str) -> bool, undecided| -> Vec<Addressed> {
            list.iter()
                .filter(|authority| is_there(&authority.place))
                .map(|authority| Addressed {
                    name: &authority.name,
                    url: Some(&authority.url),
                    undecided,
                })
                .collect()
        };
        let established = match self.facts.known(FactKey::EstablishedIn) {
            Some(Value::Choices(chosen)) => Some(chosen),
            _ => None,
        };
        if let Some(chosen) = established {
            let own = at(&|place| chosen.contains(place), false);
            // With several establishments the main one decides (art. 56): a person says which.
            let undecided = own.len() > 1;
            if !own.is_empty() {
                return own
                    .into_iter()
                    .map(|it| Addressed { undecided, ..it })
                    .collect();
            }
        }
        match self.facts.known(FactKey::Residence) {
            Some(Value::Residence(people)) => at(
                &|place| people.keys().any(|code| code.get(..2) == Some(place)),
                established.is_none(),
            ),
            _ => Vec::new(),
        }
    }

    /// Says what the catalogue of data items added, or contradicts.
    fn remark(&self, condition: &Condition) -> Option<LocaleText> {
        if !condition.facts().contains(FactKey::DataItems) {
            return None;
        }
        condition
            .marks()
            .into_iter()
            .find_map(|(key, mark)| self.marked(key, mark))
    }

    fn marked(&self, key: FactKey, mark: Mark) -> Option<LocaleText> {
        let items = self.facts.marked_items(mark);
        if items.is_empty() {
            return None;
        }
        let names = |pick: fn(&LocaleText) -> &str, separator: &str| {
            items
                .iter()
                .map(|id| item_name(id).map_or(*id, pick))
                .collect::<Vec<_>>()
                .join(separator)
        };
        let ja = names(|name| &name.ja, "、");
        let en = names(|name| &name.en, ", ");
        Some(match self.facts.get(key) {
            Some(Answer::Known(Value::YesNo(false))) => LocaleText {
                ja: format!(
                    "「いいえ」と回答されていますが、データの項目に「{ja}」が選ばれています。確認できるまでは該当するものとして扱います。回答か項目を直してください。"
                ),
                en: format!(
                    "The answer is “no”, but the data items include {en}. Until that is checked it counts as met. Correct the answer or the items."
                ),
            },
            Some(Answer::Known(_)) => return None,
            _ => LocaleText {
                ja: format!("データの項目に「{ja}」が選ばれているため、該当すると判断しました。"),
                en: format!("Taken as met because the data items include {en}."),
            },
        })
    }
}
