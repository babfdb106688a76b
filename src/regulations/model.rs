//! What a regulation's file says, as types.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::FactKey;
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
        /// Another law may ask for more: a person has to check.
        Check = "check",
    }
}

crate::text_enum! {
    /// Whether a due point binds.
    pub enum DueKind {
        /// The law's limit.
        Deadline = "deadline",
        /// A guideline's measure, which is no limit of the law.
        Target = "target",
    }
}

crate::text_enum! {
    /// What it means that a due point passed.
    pub enum Level {
        /// Hurry.
        Warn = "warn",
        /// Late.
        Late = "late",
    }
}

crate::text_enum! {
    /// Where a due day goes that is no opening day.
    pub enum Roll {
        /// It stays.
        None = "none",
        /// To the next opening day of the calendar.
        NextOpeningDay = "next_opening_day",
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
    /// ISO 3166-1 code, or `EU`.
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
    /// Named conditions.
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
    /// The first day.
    pub from: Date,
    /// The last day; open while no successor has a date.
    pub to: Option<Date>,
}

impl InForce {
    /// Whether the version is law on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A text of the law, and where it stands.
#[derive(Clone, Debug, Deserialize)]
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
    /// How it is done.
    pub method: LocaleText,
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

/// By when something is due.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Name within the duty.
    pub id: String,
    /// Whether it binds.
    pub kind: DueKind,
    /// What it means that it passed.
    pub level: Level,
    /// The rule in words.
    pub words: LocaleText,
    /// Its article.
    pub basis: Basis,
    /// When this clock applies; always, if nothing is said.
    pub when: Option<Condition>,
    /// Whether it also applies while `when` cannot be decided.
    #[serde(default)]
    pub while_undecided: bool,
    /// The moments from which it may count; the first that is known.
    pub starts: Vec<ClockStartKind>,
    /// How it counts.
    pub counting: Counting,
}

/// How a clock counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Counting {
    /// True hours, whatever the wall clock does.
    ElapsedHours {
        /// How many.
        hours: i64,
    },
    /// Days of a calendar, weekends and holidays included.
    Days {
        /// How many.
        days: u16,
        /// Whether the day of the start is day 1, or day 0.
        first_day_counts: bool,
        /// Where a due day goes that is no opening day.
        roll: Roll,
        /// The calendar that knows the opening days.
        calendar: Option<String>,
        /// The zone in which the start's day is taken and the due day ends.
        zone: String,
    },
    /// Without delay: no point in time follows.
    WithoutDelay,
}
