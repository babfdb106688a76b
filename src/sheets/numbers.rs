//! Turns the numbers of a sheet into the text that a person sees there.
//!
//! Excel stores a date as a count of days; only the cell's number format tells it from
//! a plain number. Dates come out as `2010-04-01`, whatever the format shows.

use std::fmt::Write as _;

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// A day, a time of day, or both.
    Moment,
    /// A length of time in hours that may pass 24.
    Duration,
}

/// Reads number formats.
pub(super) struct Style;

impl Style {
    /// The formats that are not written in the file, with those of a Japanese Excel.
    pub(super) fn built_in(id: u32) -> Kind {
        match id {
            // ECMA-376 part 1, 18.8.30: 27 to 36 and 50 to 58 are dates and times in ja-jp.
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Kind::Moment,
            46 => Kind::Duration,
            _ => Kind::Number,
        }
    }

    /// A format that the file writes out, such as `[$-411]ge.m.d` or `#,##0"円"`.
    pub(super) fn of_code(code: &str) -> Kind {
        // Only the first section counts: the others are for negative numbers, zero and text.
        let mut characters = code.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                ';' => break,
                '"' => {
                    for quoted in characters.by_ref() {
                        if quoted == '"' {
                            break;
                        }
                    }
                }
                '\\' | '_' | '*' => {
                    characters.next();
                }
                '[' => {
                    let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    let inside = inside.to_ascii_lowercase();
                    let is_elapsed = ['h', 'm', 's']
                        .iter()
                        .any(|unit| !inside.is_empty() && inside.chars().all(|c| c == *unit));
                    if is_elapsed {
                        return Kind::Duration;
                    }
                }
                // E+ is an exponent, a lone e the year of an era.
                'e' | 'E' if matches!(characters.peek(), Some('+' | '-')) => {}
                // `General` and its translations of one letter are numbers.
                'G' if characters.peek() == Some(&'e') => return Kind::Number,
                'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'E' | 'g'
                | 'G' => return Kind::Moment,
                'a' | 'A'
                    if characters
                        .peek()
                        .is_some_and(|c| c.eq_ignore_ascii_case(&'a')) =>
                {
                    return Kind::Moment;
                }
                _ => {}
            }
        }
        Kind::Number
    }
}

/// Adds a number as text.
pub(super) fn push(raw: &str, kind: Kind, from_1904: bool, into: &mut String) {
    let raw = raw.trim();
    let parsed = raw.parse::<f64>().ok().filter(|number| number.is_finite());
    let Some(number) = parsed else {
        into.push_str(raw);
        return;
    };
    let done = match kind {
        Kind::Number => false,
        Kind::Moment => push_moment(number, from_1904, into).is_some(),
        Kind::Duration => push_duration(number, into).is_some(),
    };
    if done {
        return;
    }
    // Digits stay as they are, however many; a number of a member is no quantity.
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        into.push_str(raw);
    } else {
        // Writing to a String cannot fail.
        let _ = write!(into, "{number}");
    }
}

/// Adds a date given in ISO 8601, as some writers store it.
pub(super) fn push_iso(raw: &str, into: &mut String) {
    let raw = raw.trim().trim_end_matches('Z');
    match raw.split_once('T') {
        Some((day, "00:00:00" | "00:00:00.000")) => into.push_str(day),
        Some((day, time)) => {
            into.push_str(day);
            into.push(' ');
            into.push_str(time);
        }
        None => into.push_str(raw),
    }
}

const DAY: i64 = 86_400;
/// The days from 1899-12-30, from which Excel's count is right, to 1970-01-01.
const DAYS_1900: i64 = 25_569;
const DAYS_1904: i64 = 24_107;
/// 10000-01-01, where Excel stops.
const END: f64 = 2_958_466.0;

fn push_moment(number: f64, from_1904: bool, into: &mut String) -> Option<()> {
    if !(0.0..END).contains(&number) {
        return None;
    }
    let seconds = whole(number * 86_400.0)?;
    let (day, time) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    if day == 0 && !from_1904 {
        push_time(time, into);
        return Some(());
    }
    let days = if from_1904 {
        day.checked_sub(DAYS_1904)?
    } else {
        // Excel counts a 29 February 1900 that never was (day 60).
        let missing = i64::from(day < 60);
        day.checked_sub(DAYS_1900)?.checked_add(missing)?
    };
    let (year, month, day) = civil(days);
    let _ = write!(into, "{year:04}-{month:02}-{day:02}");
    if time > 0 {
        into.push(' ');
        push_time(time, into);
    }
    Some(())
}

fn push_duration(number: f64, into: &mut String) -> Option<()> {
    if !(0.0..END).contains(&number) {
        return None;
    }
    push_time(whole(number * 86_400.0)?, into);
    Some(())
}

fn push_time(seconds: i64, into: &mut String) {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let _ = write!(into, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
}

/// The nearest whole number; there is no checked conversion from floats.
fn whole(number: f64) -> Option<i64> {
    format!("{number:.0}").parse().ok()
}

/// The date of a count of days from 1970-01-01 in the Gregorian calendar.
///
/// Counts in eras of 400 years that begin in March, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str, kind: Kind, from_1904: bool) -> String {
        let mut text = String::new();
        push(raw, kind, from_1904, &mut text);
        text
    }

    #[test]
    fn tells_dates_from_numbers_by_the_format() {
        for code in [
            "yyyy/m/d",
            "[$-411]ge.m.d",
            "yyyy\"年\"m\"月\"d\"日\"",
            "h:mm",
            "mm:ss.0",
            "aaaa",
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
            "[DBNum3][$-411]ggge\"年\"",
        ] {
            assert_eq!(Style::of_code(code), Kind::Moment, "{code}");
        }
        for code in [
            "General",
            "0",
            "#,##0\"円\"",
            "0.00E+00",
            "@",
            "[Red]0",
            "\"day\"0",
            "0\\d",
            "0;[Red]\\-0;d",
            "_-* #,##0_-",
            "000-0000",
            "",
        ] {
            assert_eq!(Style::of_code(code), Kind::Number, "{code}");
        }
        assert_eq!(Style::of_code("[h]:mm:ss"), Kind::Duration);
        assert_eq!(Style::built_in(14), Kind::Moment);
        assert_eq!(Style::built_in(57), Kind::Moment);
        assert_eq!(Style::built_in(49), Kind::Number);
    }

    #[test]
    fn writes_days_in_both_systems() {
        assert_eq!(text("40269", Kind::Moment, false), "2010-04-01");
        assert_eq!(text("38807", Kind::Moment, true), "2010-04-01");
        assert_eq!(
            text("40269.5236111111", Kind::Moment, false),
            "2010-04-01 12:34:00"
        );
        assert_eq!(text("1", Kind::Moment, false), "1900-01-01");
        assert_eq!(text("59", Kind::Moment, false), "1900-02-28");
        assert_eq!(text("61", Kind::Moment, false), "1900-03-01");
        assert_eq!(text("0", Kind::Moment, true), "1904-01-01");
        assert_eq!(text("0.5", Kind::Moment, false), "12:00:00");
        assert_eq!(text("1.5", Kind::Duration, false), "36:00:00");
        assert_eq!(text("36526", Kind::Moment, false), "2000-01-01");
        assert_eq!(text("36585", Kind::Moment, false), "2000-02-29");
        assert_eq!(text("2958465", Kind::Moment, false), "9999-12-31");
        assert_eq!(text("2958465.9999999", Kind::Moment, false), "10000-01-01");
        assert_eq!(text("-1", Kind::Moment, false), "-1");
    }

    #[test]
    fn keeps_whole_numbers_whole() {
        assert_eq!(text("9012345678", Kind::Number, false), "9012345678");
        assert_eq!(text("9.012345678E9", Kind::Number, false), "9012345678");
        assert_eq!(text("12.0", Kind::Number, false), "12");
        assert_eq!(text("0.1", Kind::Number, false), "0.1");
        assert_eq!(
            text("12345678901234567890", Kind::Number, false),
            "12345678901234567890"
        );
        assert_eq!(text("no number", Kind::Number, false), "no number");
        assert_eq!(text("inf", Kind::Number, false), "inf");
    }
}
