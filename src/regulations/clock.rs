//! By when something is due: the clocks of a duty, and how they count.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::condition::Condition;
use super::model::Basis;
use crate::incidents::clock_starts::ClockStartKind;
use crate::kernel::LocaleText;

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
        /// To 12:00 of the next working day of the calendar (Regulation 2025/301 art. 5).
        NoonOfNextWorkingDay = "noon_of_next_working_day",
    }
}

crate::text_enum! {
    /// What a start on a closed day means for a count of business days.
    pub enum ClosedStart {
        /// The period begins on the next open day and includes it (Form 8-K, B.1).
        NextOpenDayCounts = "next_open_day_counts",
        /// The next open day takes the start's place, and is excluded as a start is.
        NextOpenDayIsTheStart = "next_open_day_is_the_start",
    }
}

crate::text_enum! {
    /// Whether the hour of the event is part of a period in hours.
    pub enum EventHour {
        /// It is: the period begins with the event.
        Included = "included",
        /// It is not: the period begins with the next full hour (Regulation 1182/71 art. 3(1)).
        Excluded = "excluded",
    }
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
    /// Whether it counts from the moment at which its condition came to hold, where it surely did not before.
    #[serde(default)]
    pub anew: bool,
    /// The moments from which it may count; the first that is known.
    #[serde(default)]
    pub starts: Vec<StartFrom>,
    /// How it counts.
    pub counting: Counting,
}

/// From what a clock counts: a moment of the incident, or the filing of another duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartFrom {
    /// A moment that somebody names.
    Moment(ClockStartKind),
    /// When this duty was done.
    Filed(String),
}

const FILED: &str = "filed:";

impl std::fmt::Display for StartFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Moment(kind) => f.write_str(kind.as_str()),
            Self::Filed(duty) => write!(f, "{FILED}{duty}"),
        }
    }
}

impl std::str::FromStr for StartFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix(FILED) {
            Some(duty) => Ok(Self::Filed(duty.to_owned())),
            None => text.parse().map(Self::Moment),
        }
    }
}

impl Serialize for StartFrom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StartFrom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How a clock counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Counting {
    /// True hours, whatever the wall clock does.
    ElapsedHours {
        /// How many.
        hours: i64,
        /// Whether the event's own hour counts.
        #[serde(default = "included")]
        event_hour: EventHour,
        /// Where an instant goes that lies on a closed day.
        #[serde(default = "stays")]
        roll: Roll,
        /// The calendar that knows the open days.
        calendar: Option<String>,
        /// The zone in which hours begin and days lie; that of the start where nothing is said.
        zone: Option<String>,
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
    /// Open days of a calendar; the day of the start is not counted.
    BusinessDays {
        /// How many.
        days: u16,
        /// What a start on a closed day means.
        closed_start: ClosedStart,
        /// The calendar that knows the open days.
        calendar: String,
        /// The zone in which the start's day is taken and the due day ends.
        zone: String,
    },
    /// Months: the same day of a later month, or its last.
    Months {
        /// How many.
        months: u16,
        /// Where a due day goes that is no opening day.
        roll: Roll,
        /// The calendar that knows the opening days.
        calendar: Option<String>,
        /// The zone in which the start's day is taken and the due day ends.
        zone: String,
    },
    /// Days after the end of the calendar year of the start.
    YearEnd {
        /// How many.
        days: u16,
        /// The zone in which the start's year is taken and the due day ends.
        zone: String,
    },
    /// The earliest of several.
    Earliest {
        /// Of these.
        of: Vec<Part>,
    },
    /// Without delay: no point in time follows.
    WithoutDelay,
}

/// One of several counts of which the earliest is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The moments from which it may count; the first that is known.
    pub starts: Vec<StartFrom>,
    /// How it counts.
    pub counting: Counting,
    /// Whether it is void if it ended before another part began.
    #[serde(default)]
    pub yields: bool,
}

impl Counting {
    /// The calendars, zones and parts that it names.
    pub(super) fn names(&self) -> (Vec<&str>, Vec<&str>, &[Part]) {
        match self {
            Self::ElapsedHours { calendar, zone, .. } => (
                calendar.as_deref().into_iter().collect(),
                zone.as_deref().into_iter().collect(),
                &[],
            ),
            Self::Days { calendar, zone, .. } | Self::Months { calendar, zone, .. } => {
                (calendar.as_deref().into_iter().collect(), vec![zone], &[])
            }
            Self::BusinessDays { calendar, zone, .. } => (vec![calendar], vec![zone], &[]),
            Self::YearEnd { zone, .. } => (Vec::new(), vec![zone], &[]),
            Self::Earliest { of } => (Vec::new(), Vec::new(), of),
            Self::WithoutDelay => (Vec::new(), Vec::new(), &[]),
        }
    }

    /// Where a due point goes that lies on a closed day.
    pub(super) fn roll(&self) -> Roll {
        match self {
            Self::ElapsedHours { roll, .. }
            | Self::Days { roll, .. }
            | Self::Months { roll, .. } => *roll,
            _ => Roll::None,
        }
    }
}

fn included() -> EventHour {
    EventHour::Included
}

fn stays() -> Roll {
    Roll::None
}
