//! Obligations, clock starts and calendars in; due days and instants out.
//!
//! Pure: it reads no clock and cannot say what is late. A clock start that nobody
//! has named is a reason in the result, not an error.

mod count;
mod model;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use self::count::Point;
use crate::assessment::{History, Obligation, Stages, Status};
use crate::incidents::clock_starts::{ClockStart, ClockStarts, DEFAULT_ZONE};
use crate::regulations::{Calendars, Clock, Counting, StartFrom};

pub use model::{Due, DueAt, Start};

/// From what clocks may count.
#[derive(Clone, Copy, Debug)]
pub struct Moments<'a> {
    /// The moments that somebody named.
    pub starts: &'a ClockStarts,
    /// When duties were done, by their ids.
    pub filings: &'a BTreeMap<String, ClockStart>,
    /// What was known when.
    pub history: &'a History,
}

impl Moments<'_> {
    /// The first of these that is known.
    fn first_of(&self, starts: &[StartFrom]) -> Option<(StartFrom, ClockStart)> {
        starts.iter().find_map(|from| {
            let start = match from {
                StartFrom::Moment(kind) => self.starts.get(*kind),
                StartFrom::Filed(duty) => self.filings.get(duty),
            }?;
            Some((from.clone(), start.clone()))
        })
    }
}

/// Computes the dues of every obligation that is not ruled out.
///
/// Undecided obligations count as well, marked `conditional`: their clocks run
/// while people still look for the answer.
pub fn compute(
    obligations: &[Obligation],
    moments: Moments<'_>,
    calendars: &Calendars,
) -> Vec<Due> {
    let stages = moments.history.stages();
    let mut dues = Vec::new();
    for obligation in obligations {
        if obligation.stands() == Status::NotRequired {
            continue;
        }
        let clocks = obligation.duty.clocks.iter();
        dues.extend(
            clocks
                .filter(|clock| obligation.clocks.contains(&clock.id.as_str()))
                .map(|clock| due(obligation, clock, moments, &stages, calendars)),
        );
    }
    dues
}

fn due(
    obligation: &Obligation,
    clock: &'static Clock,
    moments: Moments<'_>,
    stages: &Stages,
    calendars: &Calendars,
) -> Due {
    let anew = stages.began_anew(obligation, clock);
    let (point, start) = match &clock.counting {
        Counting::Earliest { of } => {
            count::earliest(of, |starts| moments.first_of(starts), calendars)
        }
        counting => {
            let start = moments.first_of(&clock.starts).map(|(from, start)| {
                let at = anew.map_or(start.at, |anew| anew.max(start.at));
                (from, ClockStart { at, ..start })
            });
            match start {
                Some((from, start)) => {
                    let point = count::point(counting, &start, calendars);
                    (
                        point,
                        Some(Start {
                            kind: from,
                            at: start.at,
                        }),
                    )
                }
                None => (count::without_start(counting, &clock.starts), None),
            }
        }
    };
    let Point {
        at,
        instant,
        zone,
        calendar,
        provisional,
    } = point;
    let time_zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    Due {
        duty_id: obligation.duty_id,
        clock: &clock.id,
        kind: clock.kind,
        level: clock.level,
        recipient: obligation.recipient.kind,
        local: instant.map(|instant| {
            let zoned = instant.in_zone(&time_zone);
            zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }),
        at,
        instant,
        zone,
        rule: &clock.words,
        basis: &clock.basis,
        calendar,
        provisional,
        conditional: obligation.stands() == Status::Undecided,
        counted_anew: anew.is_some_and(|anew| start.as_ref().is_some_and(|s| s.at == anew)),
        start,
    }
}

fn default_zone() -> String {
    DEFAULT_ZONE.to_owned()
}
