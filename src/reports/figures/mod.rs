//! Many incidents as numbers, for whoever leads the organisation.
//!
//! In comes one [`Line`] for each incident, gathered by `workflow`; out go sums, medians
//! and shares, and a [`document`](document()) of them. This room refuses to know which
//! incidents were asked for, the law, and the database: it counts what it is given.

mod document;
mod model;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use document::{Words, document, label, phrases, render, span};
pub use model::{
    Actions, Deadlines, Figures, Line, Moments, Notices, People, Share, Slice, Span, Time,
};

/// What stands as the key of a share for incidents of which it is not known.
pub const UNKNOWN: &str = "unknown";

/// Counts incidents; `from` and `to` are the first days of the first and the last month.
///
/// Every month between them has its share, also with nothing in it; of kinds and
/// patterns only those that occur have one.
pub fn count(lines: Vec<Line>, (from, to): (Date, Date), zone: &TimeZone) -> Figures {
    let key = |text: Option<&'static str>| text.unwrap_or(UNKNOWN).to_owned();
    let mut months: BTreeMap<String, u64> = from
        .series(1.month())
        .take_while(|month| *month <= to)
        .map(|month| (month_key(month), 0))
        .collect();
    for line in &lines {
        let day = line.declared_at.in_zone(zone).date();
        *months.entry(month_key(day)).or_default() += 1;
    }
    let sum = |of: fn(&Line) -> u64| lines.iter().map(of).sum();
    let known: Vec<u64> = lines.iter().filter_map(|line| line.people).collect();
    Figures {
        incidents: many(lines.len()),
        by_kind: shares(&lines, |line| key(line.kind.map(|kind| kind.as_str()))),
        by_pattern: shares(&lines, |line| {
            key(line.pattern.map(|pattern| pattern.as_str()))
        }),
        by_month: months
            .into_iter()
            .map(|(key, incidents)| Share { key, incidents })
            .collect(),
        times: Span::ALL.iter().map(|span| time(*span, &lines)).collect(),
        deadlines: Deadlines {
            met: sum(|line| line.deadlines.met),
            missed: sum(|line| line.deadlines.missed),
            open: sum(|line| line.deadlines.open),
        },
        people: People {
            known: many(known.len()),
            at_most: many(lines.iter().filter(|line| line.people_at_most).count()),
            sum: known.iter().copied().fold(0, u64::saturating_add),
            largest: known.iter().copied().max(),
        },
        notices: Notices {
            issued: sum(|line| line.notices.issued),
            delivered: sum(|line| line.notices.delivered),
        },
        actions: Actions {
            open: sum(|line| line.actions.open),
            overdue: sum(|line| line.actions.overdue),
        },
        lines,
    }
}

/// The name of the month of a day, e.g. `2026-11`.
pub fn month_key(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// The most frequent first.
fn shares(lines: &[Line], key: impl Fn(&Line) -> String) -> Vec<Share> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for line in lines {
        *counts.entry(key(line)).or_default() += 1;
    }
    let mut shares: Vec<_> = counts
        .into_iter()
        .map(|(key, incidents)| Share { key, incidents })
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.incidents));
    shares
}

fn time(span: Span, lines: &[Line]) -> Time {
    let mut minutes: Vec<i64> = lines.iter().filter_map(|line| line.minutes(span)).collect();
    minutes.sort_unstable();
    Time {
        span,
        known: many(minutes.len()),
        median_minutes: median(&minutes),
        longest_minutes: minutes.last().copied(),
    }
}

/// The middle of sorted numbers; of two middle ones their mean, rounded down.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(*upper);
    }
    let lower = sorted.get((sorted.len() / 2).checked_sub(1)?)?;
    Some(lower.midpoint(*upper))
}

fn many(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[1, 9]), Some(5));
        assert_eq!(median(&[1, 2, 90]), Some(2));
        assert_eq!(median(&[0, 10, 20, 900]), Some(15));
    }
}
