//! The next seven days with what is due on each, and Japan's holidays by name.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::board::Open;
use crate::deadlines::DueAt;
use crate::kernel::{Instant, Locale};
use crate::regulations::{self, DueKind, Nature};
use crate::web::extract::Page;

/// The calendar whose holidays the strip names.
const CALENDAR: &str = "jp";

/// One day of the strip.
#[derive(Serialize)]
pub(super) struct Day {
    /// The day of the month, with the month where it begins.
    label: String,
    weekday: &'static str,
    holiday: Option<String>,
    today: bool,
    /// `hol` for Sundays and holidays, `sat` for Saturdays.
    tone: &'static str,
    pins: Vec<Pin>,
}

/// One due point.
#[derive(Serialize)]
struct Pin {
    href: String,
    /// `r` near or over, `a` a deadline, nothing for a target.
    tone: &'static str,
    time: String,
    label: String,
    incident: String,
    title: String,
    conditional: bool,
    #[serde(skip)]
    at: Instant,
}

/// Today and the six days after it; what is overdue stands at today.
pub(super) fn week(open: &[Open], page: &Page) -> Vec<Day> {
    let today = page.now().in_zone(page.zone()).date();
    let mut pins: Vec<(Date, Pin)> = open.iter().flat_map(|open| pins(open, page)).collect();
    pins.sort_by_key(|(_, pin)| pin.at);
    let mut days: Vec<Day> = (0..7_i32)
        .filter_map(|ahead| today.checked_add(ahead.days()).ok())
        .map(|date| day(date, today, page.locale()))
        .collect();
    for (date, pin) in pins {
        let ahead = date.max(today).since(today).map(|span| span.get_days());
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
    let (ja, en) = match date.weekday() {
        Weekday::Monday => ("月", "Mon"),
        Weekday::Tuesday => ("火", "Tue"),
        Weekday::Wednesday => ("水", "Wed"),
        Weekday::Thursday => ("木", "Thu"),
        Weekday::Friday => ("金", "Fri"),
        Weekday::Saturday => ("土", "Sat"),
        Weekday::Sunday => ("日", "Sun"),
    };
    let names_month = date == today || date.day() == 1;
    Day {
        label: match (names_month, locale) {
            (false, _) => date.day().to_string(),
            (true, Locale::Ja) => format!("{}/{}", date.month(), date.day()),
            (true, Locale::En) => date.strftime("%-d %b").to_string(),
        },
        weekday: match locale {
            Locale::Ja => ja,
            Locale::En => en,
        },
        holiday: holiday.map(|name| name.get(locale).to_owned()),
        today: date == today,
        tone: match (holiday, date.weekday()) {
            (Some(_), _) | (None, Weekday::Sunday) => "hol",
            (None, Weekday::Saturday) => "sat",
            _ => "",
        },
        pins: Vec::new(),
    }
}

/// The due points of an incident whose duties are not met yet.
fn pins(open: &Open, page: &Page) -> Vec<(Date, Pin)> {
    let case = &open.case;
    let (locale, now) = (page.locale(), page.now());
    let mut pins = Vec::new();
    for duty in &case.duties.duties {
        if !duty.is_running() || duty.obligation.nature != Nature::Duty {
            continue;
        }
        for due in &duty.dues {
            let Some(at) = due.instant() else { continue };
            let there = at.in_zone(page.zone());
            let target = due.kind == DueKind::Target;
            // A target that passed stays on the incident; here it would push deadlines away.
            if target && at < now {
                continue;
            }
            let near = at.since(now).as_hours() < 24;
            pins.push((
                there.date(),
                Pin {
                    href: format!("/incidents/{}/authorities", case.incident.id),
                    tone: match (target, near && !due.conditional) {
                        (true, _) => "",
                        (false, true) => "r",
                        (false, false) => "a",
                    },
                    time: match due.at {
                        _ if at < now => page.text("board-overdue"),
                        DueAt::Day { .. } => page.text("board-all-day"),
                        _ => there.strftime("%H:%M").to_string(),
                    },
                    label: format!(
                        "{}{}",
                        if target {
                            page.text("board-target")
                        } else {
                            String::new()
                        },
                        duty.obligation.title.get(locale)
                    ),
                    incident: case.incident.number.clone(),
                    title: case.incident.title.clone(),
                    conditional: due.conditional,
                    at,
                },
            ));
        }
    }
    pins
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
