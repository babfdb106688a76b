//! A month of due points, with Japan's holidays and the days on which its authorities are closed.

use actix_web::{HttpResponse, web};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::pins::{Pin, pins};
use super::week::{CALENDAR, tone};
use super::{Head, gather};
use crate::kernel::{Locale, dates};
use crate::regulations::{self, Calendar};
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};

/// Pins that a day of the grid shows before the others are folded away.
const PINS_SHOWN: usize = 3;
/// The years to which the arrows lead.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/clocks/calendar").route(web::get().to(show)));
}

#[derive(Serialize)]
struct View {
    head: Head,
    month: String,
    previous: Option<Arrow>,
    next: Option<Arrow>,
    this_month: bool,
    weekdays: Vec<Heading>,
    weeks: Vec<Vec<Cell>>,
    /// The days of the month with something due, for narrow windows.
    listed: Vec<Cell>,
    /// Whether holidays of this month are not yet proclaimed.
    unsure: bool,
}

#[derive(Serialize)]
struct Arrow {
    href: String,
    label: String,
}

#[derive(Serialize)]
struct Heading {
    label: &'static str,
    tone: &'static str,
}

/// One day of the grid.
#[derive(Clone, Serialize)]
struct Cell {
    number: i8,
    /// The day in words, for the list and for those who listen.
    day: String,
    tone: &'static str,
    today: bool,
    /// Whether it belongs to the month before or after.
    outside: bool,
    /// The holiday, or the yearly closure.
    note: Option<String>,
    /// Whether the authorities are closed.
    closed: bool,
    count: usize,
    /// The tone of its most pressing pin.
    weight: &'static str,
    pins: Vec<Pin>,
    more: Vec<Pin>,
}

async fn show(
    signed: SignedIn,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let running = gather(&signed).await?;
    let today = page.now().in_zone(page.zone()).date();
    let wanted = asked.iter().find(|(name, _)| name == "month");
    let first = wanted
        .and_then(|(_, month)| month_of(month))
        .unwrap_or_else(|| today.first_of_month());
    let all: Vec<Pin> = running
        .iter()
        .flat_map(|running| pins(&running.incident, &running.duties, page))
        .collect();
    let calendar = regulations::calendars().get(CALENDAR);
    let weeks: Vec<Vec<Cell>> = weeks(first)
        .into_iter()
        .map(|week| {
            let cells = week.into_iter();
            cells
                .map(|date| cell(date, first, today, &all, calendar, page.locale()))
                .collect()
        })
        .collect();
    let in_month = weeks.iter().flatten().filter(|cell| !cell.outside);
    page.view("clocks/calendar")
        .title(page.text("clocks-overview-title"))
        .nav("clocks")
        .respond(&View {
            head: Head::new(&running, page, "/clocks/calendar"),
            month: month_words(first, page.locale()),
            previous: first.yesterday().ok().and_then(|day| arrow(day, page)),
            next: first
                .last_of_month()
                .tomorrow()
                .ok()
                .and_then(|day| arrow(day, page)),
            this_month: first == today.first_of_month(),
            weekdays: first_week(page.locale()),
            listed: in_month.filter(|cell| cell.count > 0).cloned().collect(),
            weeks,
            unsure: calendar.is_none_or(|calendar| !calendar.covers(first.last_of_month())),
        })
}

/// The first day of a month written as `2026-11`.
fn month_of(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    YEARS.contains(&first.year()).then_some(first)
}

/// The weeks that touch a month, Monday first, whole.
fn weeks(first: Date) -> Vec<Vec<Date>> {
    let before = i64::from(first.weekday().to_monday_zero_offset());
    let Ok(start) = first.checked_sub(before.days()) else {
        return Vec::new();
    };
    let last = first.last_of_month();
    let days: Vec<Date> = (0_i64..42)
        .filter_map(|ahead| start.checked_add(ahead.days()).ok())
        .collect();
    days.chunks(7)
        .filter(|week| week.first().is_some_and(|monday| *monday <= last))
        .map(<[Date]>::to_vec)
        .collect()
}

fn cell(
    date: Date,
    first: Date,
    today: Date,
    all: &[Pin],
    calendar: Option<&Calendar>,
    locale: Locale,
) -> Cell {
    let mut pins: Vec<Pin> = all.iter().filter(|pin| pin.day == date).cloned().collect();
    pins.sort_by_key(|pin| pin.at);
    let count = pins.len();
    let weight = ["r", "a"]
        .into_iter()
        .find(|tone| pins.iter().any(|pin| pin.tone == *tone))
        .unwrap_or("t");
    let more = pins.split_off(count.min(PINS_SHOWN));
    let holiday = calendar.and_then(|calendar| calendar.holiday(date));
    let closure = calendar.and_then(|calendar| calendar.closure(date));
    Cell {
        number: date.day(),
        day: dates::day_in(date, locale),
        tone: tone(holiday.is_some(), date.weekday()),
        today: date == today,
        outside: date.first_of_month() != first,
        note: holiday.or(closure).map(|name| name.get(locale).to_owned()),
        closed: calendar.is_some_and(|calendar| !calendar.is_open(date)),
        count,
        weight,
        pins,
        more,
    }
}

fn first_week(locale: Locale) -> Vec<Heading> {
    Weekday::Monday
        .cycle_forward()
        .take(7)
        .map(|day| Heading {
            label: dates::weekday(day, locale),
            tone: tone(false, day),
        })
        .collect()
}

fn arrow(day: Date, page: &Page) -> Option<Arrow> {
    let month = day.strftime("%Y-%m");
    YEARS.contains(&day.year()).then(|| Arrow {
        href: format!("/clocks/calendar?month={month}"),
        label: month_words(day, page.locale()),
    })
}

fn month_words(day: Date, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("{}年{}月", day.year(), day.month()),
        Locale::En => day.strftime("%B %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_whole_weeks_from_monday() {
        let grid = weeks(Date::constant(2026, 11, 1));
        assert_eq!(grid.len(), 6, "November 2026 begins on a Sunday");
        assert_eq!(grid[0][0], Date::constant(2026, 10, 26));
        assert_eq!(grid[5][6], Date::constant(2026, 12, 6));
        assert_eq!(weeks(Date::constant(2027, 2, 1)).len(), 4);
    }

    #[test]
    fn a_month_that_is_none_is_refused() {
        assert_eq!(month_of("2026-11"), Some(Date::constant(2026, 11, 1)));
        for wrong in ["", "2026", "2026-13", "2026-11-01", "9999-01", "x-1"] {
            assert_eq!(month_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_closed_day_says_why_when_it_has_a_name() {
        let calendar = regulations::calendars().get(CALENDAR);
        let of = |date: Date| cell(date, date.first_of_month(), date, &[], calendar, Locale::En);
        let closure = of(Date::constant(2026, 12, 30));
        assert!(closure.closed && closure.note.is_some());
        let holiday = of(Date::constant(2026, 11, 23));
        assert_eq!((holiday.closed, holiday.tone), (true, "hol"));
        let saturday = of(Date::constant(2026, 11, 28));
        assert_eq!((saturday.closed, saturday.note), (true, None));
        assert!(!of(Date::constant(2026, 11, 25)).closed);
    }
}
