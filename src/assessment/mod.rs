//! Facts and rules in; obligations out, each with its reasons.
//!
//! Pure and three-valued: required, not required, or undecided with the questions
//! that would decide. It refuses to know clocks, databases and what was already
//! done.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::incidents::facts::{Answer, FactKey, Facts, Mark, Value, item_name};
use crate::kernel::LocaleText;
use crate::regulations::{
    Basis, Clock, Condition, Confidence, Duty, Nature, Outcome, Recipient, Regulation,
};

crate::text_enum! {
    /// Whether a duty arises.
    pub enum Status {
        /// It arises.
        Required = "required",
        /// It does not.
        NotRequired = "not_required",
        /// It cannot be said yet.
        Undecided = "undecided",
    }
}

crate::text_enum! {
    /// What a reason speaks of.
    pub enum ReasonKind {
        /// A condition of the duty.
        Trigger = "trigger",
        /// A ground that frees from it.
        Exemption = "exemption",
    }
}

crate::text_enum! {
    /// How a condition came out.
    pub enum Verdict {
        /// It holds.
        Yes = "yes",
        /// It does not hold.
        No = "no",
        /// It cannot be said yet.
        Unknown = "unknown",
    }
}

/// What follows from the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Assessment {
    /// Every duty of every regime, in the order of the files.
    pub obligations: Vec<Obligation>,
    /// The questions whose answers would decide, the most urgent first.
    pub next_questions: Vec<FactKey>,
}

/// One duty, and whether it arises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Obligation {
    /// The duty, such as `jp-appi/final-report`.
    pub duty_id: String,
    /// The regime, such as `jp-appi`.
    pub regime: String,
    /// The regime's version.
    pub version: u32,
    /// The duty's name.
    pub title: LocaleText,
    /// Duty, alternative, or something to check.
    pub nature: Nature,
    /// Who is to be told.
    pub recipient: Recipient,
    /// Whether it arises.
    pub status: Status,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The questions whose answers would decide.
    pub questions: Vec<FactKey>,
    /// The article.
    pub basis: Basis,
    /// The least sure of everything that the result rests on.
    pub confidence: Confidence,
    /// The clocks of the duty that apply, by their names.
    pub clocks: Vec<String>,
    /// What a reader should know besides.
    pub notes: Vec<LocaleText>,
}

/// A condition of the law, and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Reason {
    /// Name of the trigger or the exemption.
    pub id: String,
    /// Which of both.
    pub kind: ReasonKind,
    /// The condition in words.
    pub words: LocaleText,
    /// How it came out.
    pub verdict: Verdict,
    /// The facts that it read.
    pub facts: Vec<FactKey>,
    /// Its article.
    pub basis: Basis,
    /// What the reader should look at, such as answers that contradict each other.
    pub remark: Option<LocaleText>,
}

/// Decides every duty of these regulations.
pub fn assess<'a>(
    facts: &Facts,
    regulations: impl IntoIterator<Item = &'a Regulation>,
) -> Assessment {
    let obligations: Vec<_> = regulations
        .into_iter()
        .flat_map(|regulation| {
            regulation
                .duties
                .iter()
                .map(|duty| obligation(facts, regulation, duty))
        })
        .collect();
    let mut next_questions = Vec::new();
    for key in obligations.iter().flat_map(|o| &o.questions) {
        if !next_questions.contains(key) {
            next_questions.push(*key);
        }
    }
    // Stable: a question that nobody was asked comes before one that waits for its answer.
    next_questions.sort_by_key(|key| facts.get(*key).is_some());
    Assessment {
        obligations,
        next_questions,
    }
}

fn obligation(facts: &Facts, regulation: &Regulation, duty: &Duty) -> Obligation {
    let case = Case { facts, regulation };
    let arises = case.evaluate(&duty.when);
    let exemptions = || {
        regulation
            .exemptions
            .iter()
            .filter(|exemption| duty.unless.contains(&exemption.id))
    };
    let freed = exemptions()
        .map(|exemption| case.evaluate(&exemption.condition))
        .fold(Outcome::No, Outcome::or);
    let outcome = arises.and(freed.negated());

    let mut seen = BTreeSet::new();
    let triggers = duty
        .when
        .triggers()
        .into_iter()
        .filter(|id| seen.insert(id.to_string()))
        .filter_map(|id| regulation.triggers.iter().find(|trigger| trigger.id == id))
        .map(|trigger| {
            case.reason(
                &trigger.id,
                ReasonKind::Trigger,
                &trigger.words,
                &trigger.condition,
                &trigger.basis,
            )
        });
    let grounds = exemptions().map(|exemption| {
        case.reason(
            &exemption.id,
            ReasonKind::Exemption,
            &exemption.words,
            &exemption.condition,
            &exemption.basis,
        )
    });
    let reasons: Vec<_> = triggers.chain(grounds).collect();

    let (status, questions) = match outcome {
        Outcome::Yes => (Status::Required, Vec::new()),
        Outcome::No => (Status::NotRequired, Vec::new()),
        Outcome::Unknown { questions } => (Status::Undecided, questions.into_iter().collect()),
    };
    let unsure = duty.basis.confidence == Confidence::Unverified
        || regulation.confidence == Confidence::Unverified
        || reasons.iter().any(|reason| {
            reason.verdict == Verdict::Yes && reason.basis.confidence == Confidence::Unverified
        });
    Obligation {
        duty_id: duty.id.clone(),
        regime: regulation.id.clone(),
        version: regulation.version,
        title: duty.title.clone(),
        nature: duty.nature,
        recipient: duty.recipient.clone(),
        status,
        reasons,
        questions,
        basis: duty.basis.clone(),
        confidence: if unsure {
            Confidence::Unverified
        } else {
            Confidence::Confirmed
        },
        clocks: duty
            .clocks
            .iter()
            .filter(|clock| case.applies(clock))
            .map(|clock| clock.id.clone())
            .collect(),
        notes: duty.notes.clone(),
    }
}

/// The facts beside one regulation.
struct Case<'a> {
    facts: &'a Facts,
    regulation: &'a Regulation,
}

impl Case<'_> {
    fn evaluate(&self, condition: &Condition) -> Outcome {
        condition.evaluate(self.facts, &|id| self.trigger(id))
    }

    /// A trigger's condition names no other trigger, so this ends; a name of nothing is no.
    fn trigger(&self, id: &str) -> Outcome {
        self.regulation
            .triggers
            .iter()
            .find(|trigger| trigger.id == id)
            .map_or(Outcome::No, |trigger| {
                trigger.condition.evaluate(self.facts, &|_| Outcome::No)
            })
    }

    fn applies(&self, clock: &Clock) -> bool {
        match clock.when.as_ref().map(|when| self.evaluate(when)) {
            None | Some(Outcome::Yes) => true,
            Some(Outcome::No) => false,
            Some(Outcome::Unknown { .. }) => clock.while_undecided,
        }
    }

    fn reason(
        &self,
        id: &str,
        kind: ReasonKind,
        words: &LocaleText,
        condition: &Condition,
        basis: &Basis,
    ) -> Reason {
        Reason {
            id: id.to_owned(),
            kind,
            words: words.clone(),
            verdict: match self.evaluate(condition) {
                Outcome::Yes => Verdict::Yes,
                Outcome::No => Verdict::No,
                Outcome::Unknown { .. } => Verdict::Unknown,
            },
            facts: condition.facts().into_iter().collect(),
            basis: basis.clone(),
            remark: self.remark(condition),
        }
    }

    /// Says what the catalogue of data items added, or contradicts.
    fn remark(&self, condition: &Condition) -> Option<LocaleText> {
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
                    "「いいえ」と回答されていますが、データの項目に「{ja}」が選ばれています。どちらが正しいかを確認し、回答か項目を直してください。"
                ),
                en: format!(
                    "The answer is “no”, but the data items include {en}. Check which is right, and correct the answer or the items."
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
