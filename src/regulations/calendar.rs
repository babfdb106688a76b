//! Which days an authority is open, as dated data.
//!
//! Holidays are proclaimed year by year, so each calendar says until when it is
//! sure. A day beyond that is answered all the same, by weekends and yearly
//! closures alone, and the asker is told that the answer is provisional.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::Source;
use crate::kernel::LocaleText;

/// The calendars by their ids.
#[derive(Clone, Debug, Default)]
pub struct Calendars(BTreeMap<String, Calendar>);

impl Calendars {
    /// Takes these calendars.
    pub fn new(calendars: impl IntoIterator<Item = Calendar>) -> Self {
        Self(
            calendars
                .into_iter()
                .map(|calendar| (calendar.id.clone(), calendar))
                .collect(),
        )
    }

    /// The calendar of this id.
    pub fn get(&self, id: &str) -> Option<&Calendar> {
        self.0.get(id)
    }

    /// Every calendar.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.0.values()
    }
}

/// The opening days of one country's authorities.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Stable id, such as `jp`.
    pub id: String,
    /// Its name.
    pub title: LocaleText,
    /// On which texts it rests.
    pub sources: Vec<Source>,
    /// The first day that it is sure of.
    pub covers_from: Date,
    /// The last day that it is sure of.
    pub covers_until: Date,
    /// Days of the week without opening.
    pub closed_weekdays: Vec<WeekdayName>,
    /// Spans of each year without opening.
    pub closed_each_year: Vec<YearlyClosure>,
    /// Holidays.
    pub holidays: Vec<Holiday>,
}

crate::text_enum! {
    /// A day of the week.
    pub enum WeekdayName {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

/// A span of each year without opening; it may pass the year's end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearlyClosure {
    /// First month and day.
    pub from: [i8; 2],
    /// Last month and day.
    pub to: [i8; 2],
    /// Its name.
    pub name: LocaleText,
}

/// A holiday.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// Its name.
    pub name: LocaleText,
}

impl Calendar {
    /// Whether the authority is open on a day.
    pub fn is_open(&self, day: Date) -> bool {
        let weekday = day.weekday();
        !self.closed_weekdays.iter().any(|closed| closed.is(weekday))
            && !self.closed_each_year.iter().any(|span| span.holds(day))
            && self.holiday(day).is_none()
    }

    /// The name of the holiday on a day.
    pub fn holiday(&self, day: Date) -> Option<&LocaleText> {
        self.holidays
            .iter()
            .find(|holiday| holiday.on == day)
            .map(|holiday| &holiday.name)
    }

    /// The name of the yearly closure that a day lies in.
    pub fn closure(&self, day: Date) -> Option<&LocaleText> {
        self.closed_each_year
            .iter()
            .find(|span| span.holds(day))
            .map(|span| &span.name)
    }

    /// The day itself if open, else the next that is.
    pub fn next_open(&self, day: Date) -> Date {
        std::iter::successors(Some(day), |day| day.tomorrow().ok())
            .find(|day| self.is_open(*day))
            .unwrap_or(day)
    }

    /// Whether the calendar is sure of a day.
    pub fn covers(&self, day: Date) -> bool {
        (self.covers_from..=self.covers_until).contains(&day)
    }
}

impl YearlyClosure {
    fn holds(&self, day: Date) -> bool {
        let day = [day.month(), day.day()];
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}

impl WeekdayName {
    fn is(self, weekday: Weekday) -> bool {
        self.as_str() == weekday_name(weekday)
    }
}

fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
