//! Which incidents are asked for.

use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::named;
use crate::incidents::{Incident, Kind, Pattern, Severity, State};
use crate::kernel::{Instant, Locale, Problem, Result, input, locale};
use crate::reports::figures::{UNKNOWN, month_key};
use crate::reports::phrases::Phrases;

/// How many months are counted at most.
pub const LONGEST: i32 = 60;
/// How many months are counted when nothing is asked.
const USUAL: i32 = 12;

crate::text_enum! {
    /// Whether practice incidents count; its words are `report-figures-practice-<key>`.
    pub enum Practice {
        /// Only incidents of real life.
        Without = "without",
        /// Both.
        With = "with",
        /// Only practice.
        Only = "only",
    }
}

/// What is asked of a value that may be not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<T> {
    /// Everything.
    Any,
    /// Only what is not known.
    Unknown,
    /// Only this.
    Is(T),
}

impl<T: Copy + PartialEq> Wanted<T> {
    fn holds(self, value: Option<T>) -> bool {
        match self {
            Self::Any => true,
            Self::Unknown => value.is_none(),
            Self::Is(wanted) => value == Some(wanted),
        }
    }
}

impl<T: ToString> Wanted<T> {
    fn text(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Is(value) => value.to_string(),
        }
    }
}

/// The incidents that are counted: declared from one month to another, in the server's zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The first day of the first month.
    pub from: Date,
    /// The first day of the last month.
    pub to: Date,
    /// Their kind.
    pub kind: Wanted<Kind>,
    /// Their pattern.
    pub pattern: Wanted<Pattern>,
    /// Their severity.
    pub severity: Wanted<Severity>,
    /// Their state; nothing for any.
    pub state: Option<State>,
    /// Whether practice counts.
    pub practice: Practice,
}

impl Filter {
    /// The twelve months up to today's, without practice.
    pub fn usual(today: Date) -> Self {
        let to = today.first_of_month();
        Self {
            from: months_before(to, USUAL - 1),
            to,
            kind: Wanted::Any,
            pattern: Wanted::Any,
            severity: Wanted::Any,
            state: None,
            practice: Practice::Without,
        }
    }

    /// Reads a filter; an empty value asks nothing, `unknown` asks for what is not known.
    ///
    /// A first month behind the last one takes its place, and one too far before it moves
    /// up: a filter never spans more than [`LONGEST`] months.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] with each field that is none.
    pub fn read<'a>(given: impl Fn(&'static str) -> &'a str, today: Date) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut month = |name: &'static str| {
            let text = given(name).trim();
            let month = (!text.is_empty()).then(|| month_of(text));
            if month == Some(None) {
                wrong.push(input::wrong(name, "field-invalid-month"));
            }
            month.flatten()
        };
        let (first, last) = (month("from"), month("to"));
        let usual = Self::usual(today);
        let to = last.unwrap_or_else(|| first.map_or(usual.to, |first| first.max(usual.to)));
        let from = first.unwrap_or_else(|| months_before(to, USUAL - 1));
        let (from, to) = (from.min(to), from.max(to));
        let mut choice = |name: &'static str, fits: bool| {
            if !fits {
                wrong.push(input::wrong(name, "field-invalid-choice"));
            }
        };
        let kind = wanted(given("kind"));
        choice("kind", kind.is_some());
        let pattern = wanted(given("pattern"));
        choice("pattern", pattern.is_some());
        let severity = wanted(given("severity"));
        choice("severity", severity.is_some());
        let state = optional(given("state"));
        choice("state", state.is_some());
        let practice = optional(given("practice"));
        choice("practice", practice.is_some());
        if !wrong.is_empty() {
            return Err(Problem::fields(wrong));
        }
        Ok(Self {
            from: from.max(months_before(to, LONGEST - 1)),
            to,
            kind: kind.unwrap_or(Wanted::Any),
            pattern: pattern.unwrap_or(Wanted::Any),
            severity: severity.unwrap_or(Wanted::Any),
            state: state.flatten(),
            practice: practice.flatten().unwrap_or(Practice::Without),
        })
    }

    /// The values by the names under which [`Filter::read`] takes them.
    pub fn pairs(&self) -> [(&'static str, String); 7] {
        [
            ("from", month_key(self.from)),
            ("to", month_key(self.to)),
            ("kind", self.kind.text()),
            ("pattern", self.pattern.text()),
            ("severity", self.severity.text()),
            (
                "state",
                self.state.map_or_else(String::new, |it| it.to_string()),
            ),
            ("practice", self.practice.to_string()),
        ]
    }

    /// The period in words.
    pub fn period(&self, phrases: &Phrases) -> String {
        let (from, to) = (phrases.month(self.from), phrases.month(self.to));
        if from == to {
            return from;
        }
        phrases.word_with("figures-period", &[("from", &from), ("to", &to)])
    }

    /// What is asked beside the period: names with values.
    pub fn asked(&self, locale: Locale) -> Vec<(String, String)> {
        let word = |key: &str| locale::text(locale, &format!("report-figures-{key}"));
        let value = |of: &str, text: String| match text.as_str() {
            "" => word("any"),
            text => named(locale, of, Some(text)),
        };
        vec![
            (word("filter-kind"), value("kind", self.kind.text())),
            (
                word("filter-pattern"),
                value("pattern", self.pattern.text()),
            ),
            (
                word("filter-severity"),
                value("severity", self.severity.text()),
            ),
            (
                word("filter-state"),
                value(
                    "state",
                    self.state.map_or_else(String::new, |it| it.to_string()),
                ),
            ),
            (
                word("filter-practice"),
                word(&format!("practice-{}", self.practice)),
            ),
        ]
    }

    /// The first instant of the period, and the first one behind it.
    pub(super) fn bounds(&self, zone: &TimeZone) -> (Instant, Instant) {
        let start = |day: Date| {
            let zoned = day.to_zoned(zone.clone());
            zoned.map_or_else(
                |_| Instant::from_micros(i64::MAX),
                |zoned| Instant::from_timestamp(zoned.timestamp()),
            )
        };
        let behind = self.to.checked_add(1.month()).unwrap_or(Date::MAX);
        (start(self.from), start(behind))
    }

    /// Whether an incident of the period is asked for.
    pub(super) fn holds(&self, incident: &Incident) -> bool {
        self.kind.holds(incident.kind)
            && self.pattern.holds(incident.pattern)
            && self.severity.holds(incident.severity)
            && self.state.is_none_or(|state| incident.state == state)
            && match self.practice {
                Practice::Without => !incident.practice,
                Practice::With => true,
                Practice::Only => incident.practice,
            }
    }
}

/// The first day of a month written as `2026-11`, within the years that people mean.
fn month_of(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    (2000..=2200).contains(&first.year()).then_some(first)
}

fn months_before(month: Date, months: i32) -> Date {
    month.checked_sub(months.months()).unwrap_or(month)
}

fn wanted<T: FromStr>(text: &str) -> Option<Wanted<T>> {
    match text {
        "" => Some(Wanted::Any),
        UNKNOWN => Some(Wanted::Unknown),
        text => text.parse().ok().map(Wanted::Is),
    }
}

fn optional<T: FromStr>(text: &str) -> Option<Option<T>> {
    match text {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 25);

    fn read(pairs: &[(&str, &'static str)]) -> Result<Filter> {
        let given = |name: &'static str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map_or("", |(_, value)| *value)
        };
        Filter::read(given, TODAY)
    }

    #[test]
    fn nothing_asked_is_a_year_without_practice() {
        let filter = read(&[]).unwrap();
        assert_eq!(filter, Filter::usual(TODAY));
        assert_eq!(filter.from, Date::constant(2025, 12, 1));
        assert_eq!(filter.to, Date::constant(2026, 11, 1));
        assert_eq!(filter.practice, Practice::Without);
    }

    #[test]
    fn a_period_is_put_in_order_and_bounded() {
        let swapped = read(&[("from", "2026-05"), ("to", "2026-02")]).unwrap();
        assert_eq!(swapped.from, Date::constant(2026, 2, 1));
        assert_eq!(swapped.to, Date::constant(2026, 5, 1));
        let long = read(&[("from", "2001-01"), ("to", "2026-12")]).unwrap();
        assert_eq!(long.from, Date::constant(2022, 1, 1));
    }

    #[test]
    fn what_was_read_is_written_alike() {
        let filter = read(&[
            ("from", "2026-01"),
            ("kind", "unknown"),
            ("severity", "1"),
            ("state", "closed"),
            ("practice", "only"),
        ])
        .unwrap();
        assert_eq!(filter.kind, Wanted::Unknown);
        assert_eq!(filter.severity, Wanted::Is(Severity::One));
        let pairs = filter.pairs();
        let again = Filter::read(
            |name| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map_or("", |it| &it.1)
            },
            TODAY,
        );
        assert_eq!(again.unwrap(), filter);
    }

    #[test]
    fn what_is_none_is_refused() {
        for wrong in [
            ("from", "2026-13"),
            ("to", "soon"),
            ("kind", "nothing"),
            ("practice", "maybe"),
        ] {
            assert!(read(&[wrong]).is_err(), "{wrong:?}");
        }
    }
}
