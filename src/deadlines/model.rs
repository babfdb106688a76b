//! By when something is due, as types.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::kernel::{Instant, LocaleText};
use crate::regulations::{Basis, DueKind, Level, RecipientKind, StartFrom};

/// By when one duty is due, by one of its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Due {
    /// The duty, such as `jp-appi/final-report`.
    pub duty_id: &'static str,
    /// The clock's name within the duty.
    pub clock: &'static str,
    /// A limit of the law, or a guideline's measure.
    pub kind: DueKind,
    /// What it means that it passed.
    pub level: Level,
    /// Who is to be told.
    pub recipient: RecipientKind,
    /// The point in time, or why there is none.
    pub at: DueAt,
    /// The instant for a countdown, as [`Due::instant`] gives it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub instant: Option<Instant>,
    /// The same on the wall clock of the zone, with its offset.
    pub local: Option<String>,
    /// The zone in which people read it.
    pub zone: String,
    /// The rule in words.
    #[schemars(with = "LocaleText")]
    #[schema(value_type = LocaleText)]
    pub rule: &'static LocaleText,
    /// Its article.
    #[schemars(with = "Basis")]
    #[schema(value_type = Basis)]
    pub basis: &'static Basis,
    /// The calendar that knew the opening days.
    pub calendar: Option<String>,
    /// Whether a holiday not yet proclaimed may move it.
    pub provisional: bool,
    /// Whether the duty itself is not decided yet.
    pub conditional: bool,
    /// Whether it counts from when the law's condition came to hold, later than the named moment.
    pub counted_anew: bool,
    /// The moment from which it counts.
    pub start: Option<Start>,
}

/// The moment from which a clock counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Start {
    /// Which moment, or `filed:` and the duty that was done.
    #[schemars(with = "String")]
    #[schema(value_type = String)]
    pub kind: StartFrom,
    /// The instant.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// A point in time, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum DueAt {
    /// An instant: the clock counts hours.
    Instant {
        /// The instant.
        #[schema(value_type = String, format = DateTime)]
        instant: Instant,
    },
    /// A whole day in a zone: the clock counts days.
    Day {
        /// The due day, after it moved to an opening day.
        #[schema(value_type = String, format = Date)]
        #[schemars(with = "String")]
        day: Date,
        /// The day as counted, before it moved.
        #[schema(value_type = String, format = Date)]
        #[schemars(with = "String")]
        counted: Date,
    },
    /// The law says "without delay" and gives no measure.
    WithoutDelay,
    /// Nobody has said yet when the clock began.
    StartMissing {
        /// Any of these moments would do; the first is the best.
        #[schemars(with = "Vec<String>")]
        #[schema(value_type = Vec<String>)]
        starts: Vec<StartFrom>,
    },
}

impl Due {
    /// The instant until which it is in time: for a day, its last second (23:59:59) in the zone.
    ///
    /// The last second, not the start of the next day, so that the words beside a
    /// countdown name the due day itself.
    pub fn instant(&self) -> Option<Instant> {
        self.instant
    }
}
