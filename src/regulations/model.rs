//! What a regulation's file says, as types; `docs/LAW.md` tells how it is written.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::condition::Condition;
use super::outcome::Outcome;
use crate::incidents::facts::{FactKey, Facts};
use crate::kernel::LocaleText;

crate::text_enum! {
    /// Whether the rule was read in the primary text.
    pub enum Confidence {
        /// Read in the source, or in two independent ones.
        Confirmed = "confirmed",
        /// Not yet checked against the primary text; the pages show this mark.
        Unverified = "unverified",
    }
}

crate::text_enum! {
    /// Who is to be told.
    pub enum RecipientKind {
        /// An authority.
        Regulator = "regulator",
        /// The people whose data they are.
        Individuals = "individuals",
        /// Somebody else, such as the business that entrusted the data.
        Others = "others",
    }
}

crate::text_enum! {
    /// Whether the item must be done.
    pub enum Nature {
        /// It must be done.
        Duty = "duty",
        /// It may be done in place of another duty.
        Alternative = "alternative",
        /// No law asks for it; it is advised.
        Recommended = "recommended",
        /// Another law may ask for more: a person has to check.
        Check = "check",
    }
}

/// One regime in one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regulation {
    /// Stable id, such as `jp-appi`.
    pub id: String,
    /// Counts up with each change of the law that is kept beside the older text.
    pub version: u32,
    /// Order among regimes on pages; the lowest first.
    pub rank: u32,
    /// ISO 3166-1 or 3166-2 code, or `EU`.
    pub jurisdiction: String,
    /// The regime's name.
    pub title: LocaleText,
    /// The authority.
    pub authority: LocaleText,
    /// The days on which this version is law.
    pub in_force: InForce,
    /// The day on which the file was last compared with its sources.
    pub as_of: Date,
    /// How sure the file is as a whole; items may be less sure.
    pub confidence: Confidence,
    /// The texts on which it rests.
    pub sources: Vec<Source>,
    /// What a reader should know besides, such as changes to come.
    #[serde(default)]
    pub notes: Vec<LocaleText>,
    /// Whom it reaches; everybody where nothing is said.
    pub applies: Option<Applies>,
    /// Named conditions.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
    /// What frees from a duty.
    #[serde(default)]
    pub exemptions: Vec<Exemption>,
    /// What must be done.
    pub duties: Vec<Duty>,
}

/// From which day to which day a version is law.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// The first day; a version without one is not in force.
    pub from: Option<Date>,
    /// The last day; open while no successor has a date.
    pub to: Option<Date>,
}

impl InForce {
    /// Whether the version is law on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_some_and(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A text of the law, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name.
    pub title: LocaleText,
    /// Its address.
    pub url: String,
}

/// On which article an item rests, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The article.
    pub article: LocaleText,
    /// Where the text stands.
    pub url: String,
    /// Whether it was read in the source.
    pub confidence: Confidence,
}

/// Whom a law reaches.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// The condition in words.
    pub words: LocaleText,
    /// Its article.
    pub basis: Basis,
    /// The condition.
    pub condition: Condition,
}

/// A named condition of the law.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Name within the file.
    pub id: String,
    /// The condition in words.
    pub words: LocaleText,
    /// Its article.
    pub basis: Basis,
    /// The condition.
    pub condition: Condition,
}

impl Regulation {
    /// Notes the places of triggers in every condition that names them.
    pub(super) fn resolve(&mut self) {
        let ids: Vec<_> = self.triggers.iter().map(|it| it.id.clone()).collect();
        let place = |id: &str| ids.iter().position(|it| it == id);
        let conditions = self
            .exemptions
            .iter_mut()
            .map(|exemption| &mut exemption.condition)
            .chain(self.duties.iter_mut().flat_map(|duty| {
                std::iter::once(&mut duty.when)
                    .chain(duty.addressees.iter_mut().map(|it| &mut it.when))
                    .chain(duty.clocks.iter_mut().filter_map(|it| it.when.as_mut()))
            }));
        for condition in conditions {
            condition.resolve(&place);
        }
    }

    /// Whether it reaches whoever these facts speak of.
    pub fn reaches(&self, facts: &Facts) -> Outcome {
        // Whom a law reaches rests on no trigger.
        self.applies.as_ref().map_or(Outcome::Yes, |applies| {
            applies.condition.evaluate(facts, &[])
        })
    }

    /// From how many affected people on a trigger may hold: its words, and the number.
    pub fn people_thresholds(&self) -> impl Iterator<Item = (&LocaleText, u64)> {
        self.triggers.iter().flat_map(|trigger| {
            let thresholds = trigger.condition.people_thresholds();
            thresholds
                .into_iter()
                .map(|number| (&trigger.words, number))
        })
    }
}

/// A named ground that frees from a duty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Name within the file.
    pub id: String,
    /// The ground in words.
    pub words: LocaleText,
    /// Its article.
    pub basis: Basis,
    /// The condition.
    pub condition: Condition,
}

crate::text_enum! {
    /// A list of authorities by place, in `content/authorities`.
    pub enum AuthorityList {
        /// The data protection authorities of the European Economic Area.
        Eea = "eea",
    }
}

/// A form or portal of an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its name.
    pub title: LocaleText,
    /// Its address.
    pub url: String,
    /// Whether the address was seen.
    pub confidence: Confidence,
}

/// What the law asks of a late filing, such as reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// What it asks.
    pub words: LocaleText,
    /// Its article.
    pub basis: Basis,
}

/// Somebody who receives it if a condition holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// Their name.
    pub name: LocaleText,
    /// Where to reach them.
    pub url: Option<String>,
    /// When it is them.
    pub when: Condition,
}

/// Who is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Which kind.
    pub kind: RecipientKind,
    /// Their name.
    pub name: LocaleText,
}

/// Something to do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Stable id, such as `jp-appi/final-report`.
    pub id: String,
    /// Its name.
    pub title: LocaleText,
    /// Whether it must be done.
    pub nature: Nature,
    /// Who is to be told.
    pub recipient: Recipient,
    /// Its article.
    pub basis: Basis,
    /// When it arises.
    pub when: Condition,
    /// The exemptions that free from it.
    #[serde(default)]
    pub unless: Vec<String>,
    /// How it is done, where the law or the authority says so.
    pub method: Option<LocaleText>,
    /// The authority's own form or portal.
    pub form: Option<Form>,
    /// What the law asks of a late one.
    pub late: Option<Late>,
    /// The list of authorities of which each receives it whose people are affected.
    pub authorities: Option<AuthorityList>,
    /// Who receives it where facts decide; the recipient where none of them fits.
    #[serde(default)]
    pub addressees: Vec<Addressee>,
    /// What must be said.
    #[serde(default)]
    pub contents: Vec<Content>,
    /// What a reader should know besides.
    #[serde(default)]
    pub notes: Vec<LocaleText>,
    /// By when; the first that applies of each name.
    pub clocks: Vec<Clock>,
}

/// One item that a filing or a notice must say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Name within the duty.
    pub key: String,
    /// The item in the words of the law.
    pub words: LocaleText,
    /// Its article.
    pub article: LocaleText,
    /// Whether it was read in the source.
    pub confidence: Confidence,
    /// The facts from which it is drafted.
    #[serde(default)]
    pub facts: Vec<FactKey>,
}
