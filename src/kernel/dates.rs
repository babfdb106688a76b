//! Days and instants as people read them, in both languages.
//!
//! The zone is always named: a team and a regulator may sit in different ones.

use jiff::Zoned;
use jiff::civil::{Date, Weekday};

use super::{Locale, LocaleText};

/// A day: `2026年11月22日(日)` / `22 Nov 2026 (Sun)`.
pub fn day(date: Date) -> LocaleText {
    LocaleText {
        ja: day_in(date, Locale::Ja),
        en: day_in(date, Locale::En),
    }
}

/// A point in time: `2026年11月22日(日) 14:32（日本時間）` / `22 Nov 2026 (Sun) 14:32 JST`.
pub fn zoned(at: &Zoned) -> LocaleText {
    LocaleText {
        ja: zoned_in(at, Locale::Ja),
        en: zoned_in(at, Locale::En),
    }
}

/// A day in one language.
pub fn day_in(date: Date, locale: Locale) -> String {
    let weekday = weekday(date.weekday(), locale);
    match locale {
        Locale::Ja => format!(
            "{}年{}月{}日({weekday})",
            date.year(),
            date.month(),
            date.day()
        ),
        Locale::En => format!(
            "{} {} {} ({weekday})",
            date.day(),
            month(date.month()),
            date.year()
        ),
    }
}

/// A point in time in one language, with the name of its zone.
pub fn zoned_in(at: &Zoned, locale: Locale) -> String {
    let zone = zone_name(at, locale);
    let day = day_in(at.date(), locale);
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    match locale {
        Locale::Ja => format!("{day} {time}（{zone}）"),
        Locale::En => format!("{day} {time} {zone}"),
    }
}

/// The name of a zone at a point in time: 日本時間 / JST.
pub fn zone_name(at: &Zoned, locale: Locale) -> String {
    match (at.time_zone().iana_name(), locale) {
        (Some("Asia/Tokyo"), Locale::Ja) => "日本時間".to_owned(),
        _ => at.strftime("%Z").to_string(),
    }
}

/// A day of the week in a letter or three.
pub fn weekday(weekday: Weekday, locale: Locale) -> &'static str {
    let (ja, en) = match weekday {
        Weekday::Monday => ("月", "Mon"),
        Weekday::Tuesday => ("火", "Tue"),
        Weekday::Wednesday => ("水", "Wed"),
        Weekday::Thursday => ("木", "Thu"),
        Weekday::Friday => ("金", "Fri"),
        Weekday::Saturday => ("土", "Sat"),
        Weekday::Sunday => ("日", "Sun"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn month(month: i8) -> &'static str {
    match month {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_name_day_and_zone() {
        let at: Zoned = "2026-11-22T14:32[Asia/Tokyo]".parse().unwrap();
        assert_eq!(zoned(&at).ja, "2026年11月22日(日) 14:32（日本時間）");
        assert_eq!(zoned(&at).en, "22 Nov 2026 (Sun) 14:32 JST");
        let at: Zoned = "2026-10-26T17:30[Europe/Berlin]".parse().unwrap();
        assert_eq!(zoned(&at).ja, "2026年10月26日(月) 17:30（CET）");
    }
}
