//! What follows from the facts, as types.

use schemars::JsonSchema;
use serde::Serialize;

use crate::incidents::facts::{FactKey, FactSet};
use crate::kernel::LocaleText;
use crate::regulations::{Basis, Confidence, Duty, Nature, Outcome, Recipient, Regulation};

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
        /// Whom the law reaches.
        Applies = "applies",
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

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Yes => Self::Yes,
            Outcome::No => Self::No,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

/// What follows from the facts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Assessment {
    /// Every duty of every regime, in the order of the files.
    pub obligations: Vec<Obligation>,
    /// The questions whose answers would decide: those that settle most first, those that wait for an answer last.
    pub next_questions: Vec<FactKey>,
}

/// One duty, and whether it arises.
#[derive(Clone, Debug, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Obligation {
    #[serde(skip)]
    pub(crate) regulation: &'static Regulation,
    #[serde(skip)]
    pub(crate) duty: &'static Duty,
    /// The duty, such as `jp-appi/final-report`.
    pub duty_id: &'static str,
    /// The regime, such as `jp-appi`.
    pub regime: &'static str,
    /// The regime's version.
    pub version: u32,
    /// Whether the regime reaches us at all.
    pub applies: Verdict,
    /// The duty's name.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub title: &'static LocaleText,
    /// Duty, alternative, advice, or something to check.
    pub nature: Nature,
    /// Who is to be told.
    #[schemars(with = "Recipient")]
    #[schema(value_type = Recipient)]
    pub recipient: &'static Recipient,
    /// Who receives it, where the facts decide; the recipient where nobody stands here.
    pub addressed: Vec<Addressed>,
    /// Whether it arises, by the rule.
    pub status: Status,
    /// Whether it arises by a person's decision, where somebody decided.
    pub overruled: Option<Status>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The questions whose answers would decide.
    #[schema(value_type = Vec<FactKey>)]
    pub questions: FactSet,
    /// The article.
    #[schemars(with = "Basis")]
    #[schema(value_type = Basis)]
    pub basis: &'static Basis,
    /// The least sure of everything that the result rests on.
    pub confidence: Confidence,
    /// The clocks of the duty that run, by their names.
    pub clocks: Vec<&'static str>,
    /// What a reader should know besides.
    #[schemars(with = "Vec<LocaleText>")]
    #[schema(value_type = Vec<LocaleText>)]
    pub notes: &'static [LocaleText],
}

impl Obligation {
    /// The regime as its file says it.
    pub fn regulation(&self) -> &'static Regulation {
        self.regulation
    }

    /// The duty as the file of its regime says it.
    pub fn duty(&self) -> &'static Duty {
        self.duty
    }

    /// Whether it arises: by a person's decision, else by the rule.
    pub fn stands(&self) -> Status {
        self.overruled.unwrap_or(self.status)
    }
}

impl PartialEq for Obligation {
    fn eq(&self, other: &Self) -> bool {
        (self.duty_id, self.version, self.status, self.questions)
            == (other.duty_id, other.version, other.status, other.questions)
            && self.reasons == other.reasons
            && self.clocks == other.clocks
            && self.addressed == other.addressed
    }
}

/// An authority, or somebody else, who receives a filing by the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Addressed {
    /// Their name.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub name: &'static LocaleText,
    /// Their address.
    pub url: Option<&'static str>,
    /// Whether the facts leave open that it is them.
    pub undecided: bool,
}

/// A condition of the law, and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Reason {
    /// Name of the trigger or the exemption; `applies` for whom the law reaches.
    pub id: &'static str,
    /// Which of these.
    pub kind: ReasonKind,
    /// The condition in words.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub words: &'static LocaleText,
    /// How it came out.
    pub verdict: Verdict,
    /// The facts that it read.
    #[schema(value_type = Vec<FactKey>)]
    pub facts: FactSet,
    /// Its article.
    #[schemars(with = "Basis")]
    #[schema(value_type = Basis)]
    pub basis: &'static Basis,
    /// What the reader should look at, such as answers that contradict each other.
    pub remark: Option<LocaleText>,
}
