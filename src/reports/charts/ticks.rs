//! Where a time axis carries words.

use jiff::civil::Date;
use jiff::{SignedDuration, Span};

use super::super::phrases::Phrases;
use crate::kernel::{Instant, Locale};

/// A place on a time axis with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The instant.
    pub at: Instant,
    /// How it is written.
    pub label: String,
}

/// Into how many parts an axis is divided at most.
const PARTS: i64 = 4;
/// The lengths of a part within a day, in minutes.
const MINUTES: [i64; 8] = [1, 5, 15, 30, 60, 180, 360, 720];
/// Longer ones, in days; beyond them, whatever divides the axis.
const DAYS: [i64; 9] = [1, 2, 3, 7, 14, 30, 60, 120, 240];

/// At most five even places from `from` to `until`, on the reader's clock.
pub fn ticks(from: Instant, until: Instant, phrases: &Phrases) -> Vec<Tick> {
    let minutes = until.since(from).as_mins().max(1);
    let within_a_day = MINUTES.into_iter().find(|step| minutes <= step * PARTS);
    match within_a_day {
        Some(step) => by_minutes(from, until, SignedDuration::from_mins(step), phrases),
        None => {
            let days = minutes / 1_440 + 1;
            let step = DAYS.into_iter().find(|step| days <= step * PARTS);
            by_days(from, until, step.unwrap_or(days / PARTS + 1), phrases)
        }
    }
}

fn by_minutes(from: Instant, until: Instant, step: SignedDuration, phrases: &Phrases) -> Vec<Tick> {
    let Ok(midnight) = from.in_zone(phrases.zone()).start_of_day() else {
        return Vec::new();
    };
    let format = match phrases.locale() {
        Locale::Ja => "%-m/%-d %H:%M",
        Locale::En => "%-d %b %H:%M",
    };
    std::iter::successors(Some(Instant::from_timestamp(midnight.timestamp())), |at| {
        Some(at.plus(step))
    })
    .take_while(|at| *at <= until)
    .filter(|at| *at >= from)
    .map(|at| Tick {
        at,
        label: at.in_zone(phrases.zone()).strftime(format).to_string(),
    })
    .collect()
}

fn by_days(from: Instant, until: Instant, step: i64, phrases: &Phrases) -> Vec<Tick> {
    let (first, last) = (
        from.in_zone(phrases.zone()).date(),
        until.in_zone(phrases.zone()).date(),
    );
    let format = match (phrases.locale(), first.year() == last.year()) {
        (Locale::Ja, true) => "%-m/%-d",
        (Locale::Ja, false) => "%Y/%-m/%-d",
        (Locale::En, true) => "%-d %b",
        (Locale::En, false) => "%-d %b %Y",
    };
    let next = |day: &Date| {
        Span::new()
            .try_days(step)
            .and_then(|step| day.checked_add(step))
            .ok()
    };
    std::iter::successors(Some(first), next)
        .take_while(|day| *day <= last)
        .filter_map(|day| {
            let midnight = day.to_zoned(phrases.zone().clone()).ok()?;
            let at = Instant::from_timestamp(midnight.timestamp());
            (at >= from && at <= until).then(|| Tick {
                at,
                label: day.strftime(format).to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, until: &str, locale: Locale) -> Vec<String> {
        let phrases = Phrases::new(locale, "Asia/Tokyo");
        ticks(from.parse().unwrap(), until.parse().unwrap(), &phrases)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn an_axis_has_few_and_even_places() {
        assert_eq!(
            labels(
                "2026-11-20T09:10:00+09:00",
                "2026-11-20T12:05:00+09:00",
                Locale::Ja
            ),
            ["11/20 10:00", "11/20 11:00", "11/20 12:00"]
        );
        assert_eq!(
            labels(
                "2026-11-20T09:10:00+09:00",
                "2026-11-27T12:05:00+09:00",
                Locale::En
            ),
            ["22 Nov", "24 Nov", "26 Nov"]
        );
        assert_eq!(
            labels(
                "2025-01-01T00:00:00+09:00",
                "2035-01-01T00:00:00+09:00",
                Locale::Ja
            )
            .len(),
            4
        );
    }

    #[test]
    fn a_moment_is_an_axis_too() {
        let at = "2026-11-20T09:10:00+09:00";
        assert_eq!(
            labels(at, at, Locale::Ja),
            ["11/20 9:10".replace(" 9", " 09")]
        );
    }
}
