//! How clocks count: hours, days, open days, months, year ends, and the earliest of several.

use jiff::civil::{Date, DateTime, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::default_zone;
use super::model::{DueAt, Start};
use crate::incidents::clock_starts::ClockStart;
use crate::kernel::Instant;
use crate::regulations::{
    Calendar, Calendars, ClosedStart, Counting, EventHour, Part, Roll, StartFrom,
};

/// What a clock came to.
pub struct Point {
    pub at: DueAt,
    pub instant: Option<Instant>,
    pub zone: String,
    pub calendar: Option<String>,
    pub provisional: bool,
}

const DAY_END: Time = time(23, 59, 59, 0);
const NOON: Time = time(12, 0, 0, 0);

impl Point {
    fn none(at: DueAt, zone: String) -> Self {
        Self {
            at,
            instant: None,
            zone,
            calendar: None,
            provisional: false,
        }
    }

    fn instant(instant: Instant, zone: String) -> Self {
        Self {
            instant: Some(instant),
            ..Self::none(DueAt::Instant { instant }, zone)
        }
    }

    /// A whole day, which ends in its zone.
    fn day(day: Date, counted: Date, zone: &str) -> Self {
        Self {
            instant: in_zone(day.to_datetime(DAY_END), zone),
            ..Self::none(DueAt::Day { day, counted }, zone.to_owned())
        }
    }
}

/// The due point of a clock whose start nobody has named.
pub fn without_start(counting: &Counting, starts: &[StartFrom]) -> Point {
    let zone = match counting {
        Counting::Days { zone, .. }
        | Counting::BusinessDays { zone, .. }
        | Counting::Months { zone, .. }
        | Counting::YearEnd { zone, .. } => zone.clone(),
        Counting::ElapsedHours { zone, .. } => zone.clone().unwrap_or_else(default_zone),
        Counting::Earliest { .. } | Counting::WithoutDelay => default_zone(),
    };
    let at = match counting {
        Counting::WithoutDelay => DueAt::WithoutDelay,
        _ => DueAt::StartMissing {
            starts: starts.to_vec(),
        },
    };
    Point::none(at, zone)
}

/// The due point of a clock that counts from this start.
pub fn point(counting: &Counting, start: &ClockStart, calendars: &Calendars) -> Point {
    match counting {
        Counting::ElapsedHours {
            hours,
            event_hour,
            roll,
            calendar,
            zone,
        } => {
            let zone = zone.as_ref().unwrap_or(&start.zone);
            let from = match event_hour {
                EventHour::Included => start.at,
                EventHour::Excluded => next_full_hour(start.at, zone),
            };
            let point = Point::instant(from.plus(SignedDuration::from_hours(*hours)), zone.clone());
            rolled_hours(point, *roll, calendar.as_deref(), calendars)
        }
        Counting::Days {
            days,
            first_day_counts,
            roll,
            calendar,
            zone,
        } => {
            let span = i64::from(*days) - i64::from(*first_day_counts);
            let counted = plus(day_of(start, zone), span.days());
            rolled_day(counted, zone, *roll, calendar.as_deref(), calendars)
        }
        Counting::BusinessDays {
            days,
            closed_start,
            calendar,
            zone,
        } => {
            let first = day_of(start, zone);
            let open = calendars.get(calendar);
            let (day, sure) = open_days(first, *days, *closed_start, open);
            Point {
                calendar: Some(calendar.clone()),
                provisional: !sure,
                ..Point::day(day, day, zone)
            }
        }
        Counting::Months {
            months,
            roll,
            calendar,
            zone,
        } => {
            let counted = plus(day_of(start, zone), i64::from(*months).months());
            rolled_day(counted, zone, *roll, calendar.as_deref(), calendars)
        }
        Counting::YearEnd { days, zone } => {
            let end = date(day_of(start, zone).year(), 12, 31);
            let day = plus(end, i64::from(*days).days());
            Point::day(day, day, zone)
        }
        Counting::Earliest { .. } | Counting::WithoutDelay => {
            Point::none(DueAt::WithoutDelay, start.zone.clone())
        }
    }
}

/// The earliest of several counts, and from what it counts.
pub fn earliest(
    parts: &[Part],
    first_of: impl Fn(&[StartFrom]) -> Option<(StartFrom, ClockStart)>,
    calendars: &Calendars,
) -> (Point, Option<Start>) {
    let running: Vec<_> = parts
        .iter()
        .filter_map(|part| {
            let (from, start) = first_of(&part.starts)?;
            let point = point(&part.counting, &start, calendars);
            Some((part, point, from, start.at))
        })
        .collect();
    let begins: Vec<Instant> = running.iter().map(|(_, _, _, at)| *at).collect();
    let is_void = |part: &Part, point: &Point| {
        part.yields
            && begins
                .iter()
                .any(|begin| point.instant.is_some_and(|end| end < *begin))
    };
    let found = running
        .into_iter()
        .filter(|(part, point, ..)| !is_void(part, point))
        .min_by_key(|(_, point, ..)| point.instant);
    match found {
        Some((_, point, kind, at)) => (point, Some(Start { kind, at })),
        None => {
            let starts = parts.iter().flat_map(|part| part.starts.clone()).collect();
            let zone = default_zone();
            (Point::none(DueAt::StartMissing { starts }, zone), None)
        }
    }
}

/// The day of a start is taken in the law's zone, whatever zone it was told in.
fn day_of(start: &ClockStart, zone: &str) -> Date {
    start.at.in_zone(&time_zone(zone)).date()
}

fn plus(day: Date, span: jiff::Span) -> Date {
    day.checked_add(span).unwrap_or(Date::MAX)
}

fn time_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn in_zone(at: DateTime, zone: &str) -> Option<Instant> {
    let zoned = at.to_zoned(time_zone(zone)).ok()?;
    Some(Instant::from_timestamp(zoned.timestamp()))
}

/// The end of the hour in which an event lies; an event on the hour lies in the one that begins.
fn next_full_hour(at: Instant, zone: &str) -> Instant {
    let zoned = at.in_zone(&time_zone(zone));
    let into = SignedDuration::new(
        i64::from(zoned.minute()) * 60 + i64::from(zoned.second()),
        zoned.subsec_nanosecond(),
    );
    at.plus(SignedDuration::from_hours(1) - into)
}

fn rolled_day(
    counted: Date,
    zone: &str,
    roll: Roll,
    name: Option<&str>,
    calendars: &Calendars,
) -> Point {
    let calendar = name.and_then(|id| calendars.get(id));
    let (day, provisional) = match (roll, calendar) {
        (Roll::None, _) => (counted, false),
        // Without its calendar nobody can say whether the day moves.
        (_, None) => (counted, true),
        (_, Some(calendar)) => {
            let day = calendar.next_open(counted);
            (day, !(calendar.covers(counted) && calendar.covers(day)))
        }
    };
    let mut point = Point::day(day, counted, zone);
    if roll == Roll::NoonOfNextWorkingDay
        && day != counted
        && let Some(noon) = in_zone(day.to_datetime(NOON), zone)
    {
        point = Point::instant(noon, zone.to_owned());
    }
    Point {
        calendar: name.map(str::to_owned),
        provisional,
        ..point
    }
}

/// An instant on a closed day moves to noon, or to the end, of the next open one.
fn rolled_hours(point: Point, roll: Roll, name: Option<&str>, calendars: &Calendars) -> Point {
    let (Some(instant), Some(calendar)) = (point.instant, name.and_then(|id| calendars.get(id)))
    else {
        return point;
    };
    let counted = instant.in_zone(&time_zone(&point.zone)).date();
    let day = calendar.next_open(counted);
    let provisional = !(calendar.covers(counted) && calendar.covers(day));
    let time = match roll {
        Roll::None => return point,
        Roll::NextOpeningDay => DAY_END,
        Roll::NoonOfNextWorkingDay => NOON,
    };
    let moved = match in_zone(day.to_datetime(time), &point.zone) {
        Some(moved) if day != counted => moved,
        _ => instant,
    };
    Point {
        calendar: name.map(str::to_owned),
        provisional,
        ..Point::instant(moved, point.zone)
    }
}

/// The last of so many open days behind a start, and whether the calendar is sure of all of them.
fn open_days(
    first: Date,
    days: u16,
    closed_start: ClosedStart,
    calendar: Option<&Calendar>,
) -> (Date, bool) {
    let Some(calendar) = calendar else {
        return (plus(first, i64::from(days).days()), false);
    };
    let mut day = match closed_start {
        ClosedStart::NextOpenDayCounts => first,
        ClosedStart::NextOpenDayIsTheStart => calendar.next_open(first),
    };
    for _ in 0..days {
        day = calendar.next_open(day.tomorrow().unwrap_or(day));
    }
    (day, calendar.covers(first) && calendar.covers(day))
}
