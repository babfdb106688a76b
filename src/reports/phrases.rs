//! How a report writes instants, days, spans and counts in each language.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::kernel::{Instant, Locale, locale};

/// Writes for one reader: a language and a zone.
#[derive(Clone, Debug)]
pub struct Phrases {
    locale: Locale,
    zone: TimeZone,
    zone_name: String,
}

impl Phrases {
    /// A writer for this language; a zone that is unknown falls back to UTC, and says so by its name.
    pub fn new(locale: Locale, zone: &str) -> Self {
        let (zone, zone_name) = match TimeZone::get(zone) {
            Ok(found) => (found, zone.to_owned()),
            Err(_) => (TimeZone::UTC, "UTC".to_owned()),
        };
        Self {
            locale,
            zone,
            zone_name,
        }
    }

    /// The reader's language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The zone in which all times are written.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The IANA name of that zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The words of a key in `reports.ftl`.
    pub fn word(&self, key: &str) -> String {
        locale::text(self.locale, &format!("report-{key}"))
    }

    /// The words of a key, with variables.
    pub fn word_with(&self, key: &str, variables: &[(&str, &str)]) -> String {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, (*value).into()))
            .collect();
        locale::text_with(self.locale, &format!("report-{key}"), &variables)
    }

    /// `2026年11月22日(日) 14:32` or `22 Nov 2026 (Sun) 14:32 JST`.
    pub fn instant(&self, at: Instant) -> String {
        let at = at.in_zone(&self.zone);
        match self.locale {
            Locale::Ja => format!("{} {}", self.date(at.date()), at.strftime("%H:%M")),
            // A zone without an abbreviation of its own is written as its offset.
            Locale::En => format!("{} {}", self.date(at.date()), at.strftime("%H:%M %Z")),
        }
    }

    /// `2026年11月22日(日)` or `22 Nov 2026 (Sun)`.
    pub fn date(&self, day: Date) -> String {
        match self.locale {
            Locale::Ja => {
                let weekday = match day.weekday() {
                    jiff::civil::Weekday::Monday => "月",
                    jiff::civil::Weekday::Tuesday => "火",
                    jiff::civil::Weekday::Wednesday => "水",
                    jiff::civil::Weekday::Thursday => "木",
                    jiff::civil::Weekday::Friday => "金",
                    jiff::civil::Weekday::Saturday => "土",
                    jiff::civil::Weekday::Sunday => "日",
                };
                format!(
                    "{}年{}月{}日({weekday})",
                    day.year(),
                    day.month(),
                    day.day()
                )
            }
            Locale::En => day.strftime("%-d %b %Y (%a)").to_string(),
        }
    }

    /// `2026年11月` or `Nov 2026`, for the month of a day.
    pub fn month(&self, day: Date) -> String {
        match self.locale {
            Locale::Ja => format!("{}年{}月", day.year(), day.month()),
            Locale::En => day.strftime("%b %Y").to_string(),
        }
    }

    /// `14:32`, for a second time of the same day.
    pub fn clock(&self, at: Instant) -> String {
        at.in_zone(&self.zone).strftime("%H:%M").to_string()
    }

    /// Whether two instants fall on one day of the reader's calendar.
    pub fn same_day(&self, one: Instant, other: Instant) -> bool {
        one.in_zone(&self.zone).date() == other.in_zone(&self.zone).date()
    }

    /// `20261122`, the day of an instant for a file's name.
    pub fn stamp(&self, at: Instant) -> String {
        at.in_zone(&self.zone).strftime("%Y%m%d").to_string()
    }

    /// The two largest units of a span: `2日3時間`, `14 min`.
    pub fn span(&self, span: SignedDuration) -> String {
        let minutes = span.unsigned_abs().as_secs() / 60;
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let unit = |key, count: u64| (count > 0).then(|| self.counted(key, count));
        let parts = match (days, hours) {
            (0, 0) => [unit("minutes", rest), None],
            (0, _) => [unit("hours", hours), unit("minutes", rest)],
            _ => [unit("days", days), unit("hours", hours)],
        };
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        match (parts.is_empty(), self.locale) {
            (true, _) => self.word("under-a-minute"),
            (false, Locale::Ja) => parts.concat(),
            (false, Locale::En) => parts.join(" "),
        }
    }

    /// `12,480`.
    pub fn count(&self, count: u64) -> String {
        let digits = count.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A count with its unit, such as `12,480人` or `1 person`.
    pub fn counted(&self, unit: &str, count: u64) -> String {
        let number = if count == 1 { "one" } else { "many" };
        self.word_with(
            &format!("{unit}-{number}"),
            &[("count", &self.count(count))],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(locale: Locale) -> Phrases {
        Phrases::new(locale, "Asia/Tokyo")
    }

    #[test]
    fn writes_an_instant_on_the_readers_clock() {
        let at = "2026-11-22T05:32:00Z".parse().unwrap();
        assert_eq!(phrases(Locale::Ja).instant(at), "2026年11月22日(日) 14:32");
        assert_eq!(
            phrases(Locale::En).instant(at),
            "22 Nov 2026 (Sun) 14:32 JST"
        );
    }

    #[test]
    fn writes_the_two_largest_units_of_a_span() {
        let both = |span| [Locale::Ja, Locale::En].map(|locale| phrases(locale).span(span));
        assert_eq!(
            both(SignedDuration::from_secs(30)),
            ["1分未満", "under 1 min"]
        );
        assert_eq!(both(SignedDuration::from_mins(14)), ["14分", "14 min"]);
        assert_eq!(both(SignedDuration::from_hours(3)), ["3時間", "3 h"]);
        assert_eq!(
            both(SignedDuration::from_mins(51 * 60 + 14)),
            ["2日3時間", "2 days 3 h"]
        );
    }

    #[test]
    fn groups_digits_by_thousands() {
        let phrases = phrases(Locale::En);
        assert_eq!(phrases.count(0), "0");
        assert_eq!(phrases.count(999), "999");
        assert_eq!(phrases.count(1_000), "1,000");
        assert_eq!(phrases.counted("people", 12_480), "12,480 people");
        assert_eq!(phrases.counted("people", 1), "1 person");
    }

    #[test]
    fn an_unknown_zone_becomes_utc_by_name() {
        let phrases = Phrases::new(Locale::En, "Asia/Edo");
        assert_eq!(phrases.zone_name(), "UTC");
        let at = "2026-11-22T05:32:00Z".parse().unwrap();
        assert_eq!(phrases.instant(at), "22 Nov 2026 (Sun) 05:32 UTC");
    }
}
