//! Obligations, clock starts and calendars in; due days and instants out.
//!
//! Pure: it reads no clock and cannot say what is late. A clock start that nobody
//! has named is a reason in the result, not an error.

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use schemars::JsonSchema;
use serde::Serialize;

use crate::assessment::{Obligation, Status};
use crate::incidents::clock_starts::{ClockStart, ClockStartKind, ClockStarts};
use crate::kernel::{Instant, LocaleText};
use crate::regulations::{
    Basis, Calendars, Clock, Counting, DueKind, Level, RecipientKind, Regulation, Roll,
};

/// By when one duty is due, by one of its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Due {
    /// The duty, such as `jp-appi/final-report`.
    pub duty_id: String,
    /// The clock's name within the duty.
    pub clock: String,
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
    pub rule: LocaleText,
    /// Its article.
    pub basis: Basis,
    /// The calendar that knew the opening days.
    pub calendar: Option<String>,
    /// Whether a holiday not yet proclaimed may move it.
    pub provisional: bool,
    /// Whether the duty itself is not decided yet.
    pub conditional: bool,
    /// The moment from which it counts.
    pub start: Option<Start>,
}

/// The moment from which a clock counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Start {
    /// Which moment.
    pub kind: ClockStartKind,
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
        starts: Vec<ClockStartKind>,
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

/// Computes the dues of every obligation that is not ruled out.
///
/// Undecided obligations count as well, marked `conditional`: their clocks run
/// while people still look for the answer.
pub fn compute<'a>(
    obligations: &[Obligation],
    regulations: impl IntoIterator<Item = &'a Regulation> + Clone,
    starts: &ClockStarts,
    calendars: &Calendars,
) -> Vec<Due> {
    let mut dues = Vec::new();
    for obligation in obligations {
        if obligation.status == Status::NotRequired {
            continue;
        }
        let duty = regulations
            .clone()
            .into_iter()
            .filter(|regulation| {
                regulation.id == obligation.regime && regulation.version == obligation.version
            })
            .flat_map(|regulation| &regulation.duties)
            .find(|duty| duty.id == obligation.duty_id);
        let clocks = duty.into_iter().flat_map(|duty| &duty.clocks);
        dues.extend(
            clocks
                .filter(|clock| obligation.clocks.contains(&clock.id))
                .map(|clock| due(obligation, clock, starts, calendars)),
        );
    }
    dues
}

fn due(obligation: &Obligation, clock: &Clock, starts: &ClockStarts, calendars: &Calendars) -> Due {
    let start = starts.first_of(&clock.starts);
    let point = match (&clock.counting, start) {
        (Counting::WithoutDelay, start) => Point {
            zone: start.map_or_else(default_zone, |(_, start)| start.zone.clone()),
            ..Point::none(DueAt::WithoutDelay)
        },
        (counting, None) => Point {
            zone: match counting {
                Counting::Days { zone, .. } => zone.clone(),
                _ => default_zone(),
            },
            ..Point::none(DueAt::StartMissing {
                starts: clock.starts.clone(),
            })
        },
        (Counting::ElapsedHours { hours }, Some((_, start))) => elapsed(start, *hours),
        (
            Counting::Days {
                days,
                first_day_counts,
                roll,
                calendar,
                zone,
            },
            Some((_, start)),
        ) => {
            let span = i64::from(*days) - i64::from(*first_day_counts);
            counted_days(start, span, zone, *roll, calendar.as_deref(), calendars)
        }
    };
    let time_zone = TimeZone::get(&point.zone).unwrap_or(TimeZone::UTC);
    Due {
        duty_id: obligation.duty_id.clone(),
        clock: clock.id.clone(),
        kind: clock.kind,
        level: clock.level,
        recipient: obligation.recipient.kind,
        local: point.instant.map(|instant| {
            let zoned = instant.in_zone(&time_zone);
            zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }),
        at: point.at,
        instant: point.instant,
        zone: point.zone,
        rule: clock.words.clone(),
        basis: clock.basis.clone(),
        calendar: point.calendar,
        provisional: point.provisional,
        conditional: obligation.status == Status::Undecided,
        start: start.map(|(kind, start)| Start { kind, at: start.at }),
    }
}

/// What a clock came to.
struct Point {
    at: DueAt,
    instant: Option<Instant>,
    zone: String,
    calendar: Option<String>,
    provisional: bool,
}

impl Point {
    fn none(at: DueAt) -> Self {
        Self {
            at,
            instant: None,
            zone: default_zone(),
            calendar: None,
            provisional: false,
        }
    }
}

/// Hours are true hours: a wall clock that is put forward or back changes nothing.
fn elapsed(start: &ClockStart, hours: i64) -> Point {
    let instant = start.at.plus(SignedDuration::from_hours(hours));
    Point {
        instant: Some(instant),
        zone: start.zone.clone(),
        ..Point::none(DueAt::Instant { instant })
    }
}

/// The start's day is taken in the law's zone, whatever zone it was told in.
fn counted_days(
    start: &ClockStart,
    span: i64,
    zone: &str,
    roll: Roll,
    calendar: Option<&str>,
    calendars: &Calendars,
) -> Point {
    let time_zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let first = start.at.in_zone(&time_zone).date();
    let counted = first.checked_add(span.days()).unwrap_or(Date::MAX);
    let (day, provisional) = match (roll, calendar.and_then(|id| calendars.get(id))) {
        (Roll::NextOpeningDay, Some(calendar)) => {
            let day = calendar.next_open(counted);
            (day, !(calendar.covers(counted) && calendar.covers(day)))
        }
        // Without its calendar nobody can say whether the day moves.
        (Roll::NextOpeningDay, None) => (counted, true),
        (Roll::None, _) => (counted, false),
    };
    let instant = day
        .to_datetime(time(23, 59, 59, 0))
        .to_zoned(time_zone)
        .ok()
        .map(|end| Instant::from_timestamp(end.timestamp()));
    Point {
        at: DueAt::Day { day, counted },
        instant,
        zone: zone.to_owned(),
        calendar: calendar.map(str::to_owned),
        provisional,
    }
}

fn default_zone() -> String {
    crate::incidents::clock_starts::DEFAULT_ZONE.to_owned()
}
