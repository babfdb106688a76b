//! What the aid says, as types.

use schemars::JsonSchema;
use serde::Serialize;

use crate::incidents::facts::{FactKey, FactSet};
use crate::kernel::LocaleText;
use crate::regulations::{Confidence, Source};

crate::text_enum! {
    /// How high the risk is, from the lowest; the options of the fact `gdpr_risk`.
    pub enum RiskLevel {
        /// Unlikely to result in a risk: art. 33(1), the exception.
        Unlikely = "unlikely",
        /// A risk: the authority is told.
        Risk = "risk",
        /// A high risk: the people are told too, art. 34(1).
        HighRisk = "high_risk",
    }
}

crate::text_enum! {
    /// What the aid concludes.
    pub enum Conclusion {
        /// A risk is unlikely.
        Unlikely = "unlikely",
        /// There is a risk, and it is not high.
        Risk = "risk",
        /// There is a high risk.
        HighRisk = "high_risk",
        /// It cannot be said yet.
        Undecided = "undecided",
    }
}

impl From<RiskLevel> for Conclusion {
    fn from(level: RiskLevel) -> Self {
        match level {
            RiskLevel::Unlikely => Self::Unlikely,
            RiskLevel::Risk => Self::Risk,
            RiskLevel::HighRisk => Self::HighRisk,
        }
    }
}

crate::text_enum! {
    /// What a reason speaks of, after EDPB Guidelines 9/2022, section IV.
    pub enum Factor {
        /// The type of the breach.
        Nature = "nature",
        /// How sensitive the data are.
        Sensitivity = "sensitivity",
        /// How easily people are identified.
        Identification = "identification",
        /// How severe the consequences can be.
        Severity = "severity",
        /// How many people are concerned.
        Volume = "volume",
        /// Whether children or others in need of care are among them.
        SpecialPersons = "special_persons",
        /// Whether it was done with an improper purpose.
        Intent = "intent",
        /// Into whose hands the data came.
        Recipients = "recipients",
        /// Whether the data can be read.
        Protection = "protection",
        /// Whether they were got back, or misuse was ruled out.
        Containment = "containment",
        /// Whether, and for how long, the data could not be used.
        Outage = "outage",
    }
}

crate::text_enum! {
    /// Where a reason points.
    pub enum Direction {
        /// It raises the risk.
        Raises = "raises",
        /// It lowers the risk.
        Lowers = "lowers",
        /// It is not known, and would decide.
        Open = "open",
    }
}

/// What the facts say of the risk, and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Aid {
    /// The conclusion; it decides nothing.
    pub outcome: Conclusion,
    /// For undecided: the questions whose answers would decide. Empty otherwise.
    #[schema(value_type = Vec<FactKey>)]
    pub questions: FactSet,
    /// The level that is sure whatever the open answers are.
    pub lowest: RiskLevel,
    /// The highest level that is still possible.
    pub highest: RiskLevel,
    /// What raises, what lowers, what is open.
    pub reasons: Vec<RiskReason>,
    /// The rules that make the risk at least `lowest`; none for unlikely.
    pub grounds: Vec<Ground>,
    /// On what the rules rest.
    #[schemars(with = "RiskBasis")]
    #[schema(value_type = RiskBasis)]
    pub basis: &'static RiskBasis,
}

/// One thing that bears on the risk.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct RiskReason {
    /// What it speaks of.
    pub factor: Factor,
    /// Where it points.
    pub direction: Direction,
    /// In words.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub words: &'static LocaleText,
    /// The facts that it read, or that are open.
    #[schema(value_type = Vec<FactKey>)]
    pub facts: FactSet,
}

/// A rule that holds: signs which together make a level.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Ground {
    /// The rule's name.
    pub id: &'static str,
    /// In words.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub words: &'static LocaleText,
}

/// On what the rules rest, and how sure that is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct RiskBasis {
    /// The version of the table.
    pub version: u32,
    /// The texts behind it.
    pub sources: Vec<Source>,
    /// Whether the table was compared with them.
    pub confidence: Confidence,
}
