//! The next seven days with what is due on each, and Japan's holidays by name.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::pins::Pin;
use crate::kernel::{Locale, dates};
use crate::regulations;
use crate::web::extract::Page;

/// The calendar whose holidays the strip names.
pub(super) const CALENDAR: &str = "jp";

/// One day of the strip.
#[derive(Serialize)]
pub(in crate::web) struct Day {
    /// The day of the month, with the month where it begins.
    label: String,
    weekday: &'static str,
    holiday: Option<String>,
    today: bool,
    /// `hol` for Sundays and holidays, `sat` for Saturdays.
    tone: &'static str,
    pins: Vec<Pin>,
}

/// Today and the six days after it; what is overdue stands at today.
///
/// Only duties stand here, and no target that passed: it would push deadlines away.
pub(in crate::web) fn week(mut pins: Vec<Pin>, page: &Page) -> Vec<Day> {
    let today = page.now().in_zone(page.zone()).date();
    pins.retain(|pin| pin.is_duty && !pin.passed_target);
    pins.sort_by_key(|pin| pin.at);
    let mut days: Vec<Day> = (0..7_i32)
        .filter_map(|ahead| today.checked_add(ahead.days()).ok())
        .map(|date| day(date, today, page.locale()))
        .collect();
    for pin in pins {
        let ahead = pin.day.max(today).since(today).map(|span| span.get_days());
        if let Some(day) = ahead
            .ok()
            .and_then(|ahead| usize::try_from(ahead).ok())
            .and_then(|place| days.get_mut(place))
        {
            day.pins.push(pin);
        }
    }
    days
}

fn day(date: Date, today: Date, locale: Locale) -> Day {
    let calendar = regulations::calendars().get(CALENDAR);
    let holiday = calendar.and_then(|calendar| calendar.holiday(date));
    let names_month = date == today || date.day() == 1;
    Day {
        label: match (names_month, locale) {
            (false, _) => date.day().to_string(),
            (true, Locale::Ja) => format!("{}/{}", date.month(), date.day()),
            (true, Locale::En) => date.strftime("%-d %b").to_string(),
        },
        weekday: dates::weekday(date.weekday(), locale),
        holiday: holiday.map(|name| name.get(locale).to_owned()),
        today: date == today,
        tone: tone(holiday.is_some(), date.weekday()),
        pins: Vec::new(),
    }
}

/// `hol` for Sundays and holidays, `sat` for Saturdays.
pub(super) fn tone(holiday: bool, weekday: Weekday) -> &'static str {
    match (holiday, weekday) {
        (true, _) | (false, Weekday::Sunday) => "hol",
        (false, Weekday::Saturday) => "sat",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holiday_is_named_in_both_languages() {
        let today = Date::constant(2026, 11, 22);
        let holiday = Date::constant(2026, 11, 23);
        let ja = day(holiday, today, Locale::Ja);
        assert_eq!(ja.holiday.as_deref(), Some("勤労感謝の日"));
        assert_eq!((ja.label.as_str(), ja.tone, ja.today), ("23", "hol", false));
        let en = day(today, today, Locale::En);
        assert_eq!(
            (en.label.as_str(), en.tone, en.today),
            ("22 Nov", "hol", true)
        );
        assert_eq!(en.holiday, None);
    }
}
