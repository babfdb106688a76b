//! Reads what people type: addresses, numbers, dates, countries, languages.
//!
//! In comes one cell of a roster, out comes the form that is compared (and only
//! compared: what was typed is kept beside it), or nothing when it cannot be
//! read. Full-width forms are accepted everywhere (NFKC).

use std::borrow::Cow;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::{countries, regions};
use crate::kernel::Locale;

/// An e-mail address for comparison: NFKC, trimmed, lower case.
///
/// A mailbox that SMTP can carry and that a person could have: a dotted local
/// part of RFC 5321 characters (letters beyond ASCII as in RFC 6531), and a host
/// name with a dot. No quoted local part, no address literal.
pub fn email(text: &str) -> Option<String> {
    let text = key(text);
    let (local, domain) = text.rsplit_once('@')?;
    // Some Japanese carriers once gave out addresses with dots at odd places (a..b@, a.@); they do exist, so they pass.
    let local_fits = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let mut labels = domain.split('.');
    let domain_fits = domain.len() <= 253
        && labels.clone().count() >= 2
        && labels.clone().all(label_fits)
        && labels
            .next_back()
            .is_some_and(|top| !top.chars().all(|c| c.is_ascii_digit()));
    (local_fits && domain_fits && text.len() <= 254).then_some(text)
}

/// A telephone number for comparison: `+` and digits; a domestic `0…` counts as Japanese.
pub fn phone(text: &str) -> Option<String> {
    let text = nfkc(text);
    let text = text.trim();
    let (mut international, rest) = match text.strip_prefix('+') {
        // `+81 (0)90…`: the zero in brackets is dialled at home only.
        Some(rest) => (true, rest.replace("(0)", "")),
        None => (false, text.to_owned()),
    };
    let mut digits = String::new();
    for character in rest.chars() {
        match character {
            '0'..='9' => digits.push(character),
            c if c.is_whitespace() || is_hyphen(c) || matches!(c, '(' | ')' | '.' | '/') => {}
            _ => return None,
        }
    }
    if !international && let Some(rest) = digits.strip_prefix("010") {
        // 010 is how Japan dials abroad; only with a country and a number behind it.
        if rest.len() >= 9 {
            digits = rest.to_owned();
            international = true;
        }
    }
    if international {
        let number = match digits.strip_prefix("810") {
            Some(rest) => format!("81{rest}"),
            None => digits,
        };
        return ((7..=15).contains(&number.len()) && !number.starts_with('0'))
            .then(|| format!("+{number}"));
    }
    // Japan: ten digits, eleven for mobile and IP telephones, service numbers of 0120 and the like are ten.
    let rest = digits.strip_prefix('0')?;
    ((9..=10).contains(&rest.len()) && !rest.starts_with('0')).then(|| format!("+81{rest}"))
}

/// A LINE user id: `U` and 32 hexadecimal digits, as the Messaging API gives it.
pub fn line_user_id(text: &str) -> Option<String> {
    let text = nfkc(text);
    let digits = text.trim().strip_prefix(['U', 'u'])?;
    (digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit()))
        .then(|| format!("U{}", digits.to_ascii_lowercase()))
}

/// A customer number for comparison: NFKC and trimmed; upper and lower case differ.
pub fn customer_number(text: &str) -> Option<String> {
    let text = nfkc(text).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The ISO 3166-1 code of a country given by code or by its Japanese or English name.
pub fn country(text: &str) -> Option<&'static str> {
    countries::code(&key(text))
}

/// The ISO 3166-2 code of a Japanese prefecture, a state of the USA or a province of Canada.
///
/// By name or code; without a country, only what no two countries share is read.
pub fn region(text: &str, country: Option<&str>) -> Option<&'static str> {
    regions::code(&key(text), country)
}

/// A name as two of them are compared: NFKC, lower case, no spaces, variants of a character as one.
///
/// The variants are those that registers of people mix most (髙 and 高, 﨑 and 崎, 邉 and 邊 and 辺); a
/// comparison only: what was typed is kept.
pub fn name(text: &str) -> String {
    let plain: String = key(text)
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        })
        .map(|c| match c {
            '髙' => '高',
            '﨑' | '嵜' | '碕' => '崎',
            '邉' | '邊' => '辺',
            '齋' | '齊' | '斉' => '斎',
            '濵' | '濱' => '浜',
            '澤' => '沢',
            '櫻' => '桜',
            '廣' => '広',
            '國' => '国',
            '德' => '徳',
            '𠮷' => '吉',
            '槗' => '橋',
            '眞' => '真',
            '惠' => '恵',
            '島' | '嶋' | '嶌' => '島',
            other => other,
        })
        .collect();
    // A letter and an accent that a variation selector kept apart have met now.
    nfkc(&plain).into_owned()
}

/// The language of our notices that suits what was typed; `None` for a language unknown to us.
pub fn locale(text: &str) -> Option<Locale> {
    let text = key(text);
    match text.split(['-', '_']).next().unwrap_or_default() {
        "ja" | "jpn" | "jp" | "日本語" | "japanese" => Some(Locale::Ja),
        "en" | "eng" | "英語" | "english" => Some(Locale::En),
        _ => None,
    }
}

/// Yes or no, as people write it in a column 未成年 or "minor".
pub fn yes_no(text: &str) -> Option<bool> {
    match key(text).as_str() {
        "はい" | "有" | "あり" | "○" | "〇" | "◯" | "1" | "yes" | "y" | "true" | "未成年"
        | "未成年者" | "minor" => Some(true),
        "いいえ" | "無" | "なし" | "×" | "0" | "no" | "n" | "false" | "成年" | "成人" | "adult"
        | "-" => Some(false),
        _ => None,
    }
}

/// A date of birth: `2010-04-01`, `2010/4/1`, `20100401`, `2010年4月1日`, `平成22年4月1日`, `H22.4.1`.
///
/// Nothing before 1868 and nothing after `today` is a date of birth.
pub fn birth_date(text: &str, today: Date) -> Option<Date> {
    let text = key(text);
    let (first_year, rest) = era(&text);
    let mut parts = Vec::new();
    if first_year == 0 && rest.len() == 8 && rest.chars().all(|c| c.is_ascii_digit()) {
        for range in [0..4, 4..6, 6..8] {
            parts.push(rest.get(range)?.parse().ok()?);
        }
    } else {
        let rest = rest.strip_suffix('日').unwrap_or(rest);
        for part in rest.split(['-', '/', '.', '年', '月']) {
            parts.push(if part == "元" {
                1
            } else {
                part.parse::<i16>().ok()?
            });
        }
    }
    let [year, month, day] = parts.try_into().ok()?;
    if first_year != 0 && year < 1 {
        return None;
    }
    let year = first_year.checked_add(year)?;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(year, month, day).ok()?;
    (date.year() >= 1868 && date <= today).then_some(date)
}

/// Whether a person born on `birth` is under 18 on `today`, the age of majority in Japan.
pub fn is_minor(birth: Date, today: Date) -> bool {
    let come_of_age = (birth.year().saturating_add(18), birth.month(), birth.day());
    // Compared as numbers: who was born on 29 February comes of age when that day has passed.
    (today.year(), today.month(), today.day()) < come_of_age
}

/// Text as it is compared with a table: NFKC, lower case, trimmed.
pub fn key(text: &str) -> String {
    // Small letters can compose where capitals could not, hence the second time.
    nfkc(&nfkc(text).trim().to_lowercase()).into_owned()
}

/// The compatibility form; plain ASCII is its own, and most cells are plain ASCII.
fn nfkc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

fn label_fits(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{30fc}'
                | '\u{ff70}'
                | '\u{2500}'
                | '\u{2501}'
                | '~'
                | '\u{301c}'
    )
}

/// The year before an era's first, and the text behind the era's name; 0 without an era.
fn era(text: &str) -> (i16, &str) {
    const ERAS: [(&str, &str, i16); 5] = [
        ("明治", "m", 1867),
        ("大正", "t", 1911),
        ("昭和", "s", 1925),
        ("平成", "h", 1988),
        ("令和", "r", 2018),
    ];
    for (name, letter, before) in ERAS {
        if let Some(rest) = text
            .strip_prefix(name)
            .or_else(|| text.strip_prefix(letter))
        {
            return (before, rest.trim_start());
        }
    }
    (0, text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn emails_are_compared_without_case_and_width() {
        assert_eq!(email(" Taro@Example.JP ").unwrap(), "taro@example.jp");
        assert_eq!(
            email("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ").unwrap(),
            "taro@example.jp"
        );
        assert_eq!(email("a+b@example.co.jp").unwrap(), "a+b@example.co.jp");
        assert!(email("user.@example.jp").is_some());
        for bad in [
            "",
            "@",
            "a@",
            "@example.jp",
            "b@localhost",
            "a b@example.jp",
            "a@example..jp",
            "a@example.jp\r\nBcc: x@example.jp",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@b@example.jp",
            "a@-example.jp",
            "a,b@example.jp",
            "<a@example.jp>",
            "\"a\"@example.jp",
            "a@example.jp\0",
        ] {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_normal_form_stays_as_it_is() {
        for text in [
            "A\u{fe00}\u{308}\u{301}",
            "\u{130}stanbul",
            "山田\u{e0100}太郎",
        ] {
            let once = name(text);
            assert_eq!(name(&once), once, "{text:?}");
        }
        assert_eq!(name("A\u{fe00}\u{308}"), "ä");
    }

    #[test]
    fn phones_are_compared_in_one_form() {
        for same in [
            "09012345678",
            "090-1234-5678",
            "０９０ー１２３４ー５６７８",
            "090‐1234−5678",
            "+81 90 1234 5678",
            "+81(0)90-1234-5678",
            "+81 090 1234 5678",
            "(090)1234-5678",
            "010-81-90-1234-5678",
        ] {
            assert_eq!(phone(same).as_deref(), Some("+819012345678"), "{same}");
        }
        assert_eq!(phone("03-1234-5678").unwrap(), "+81312345678");
        assert_eq!(phone("+1 415 555 0100").unwrap(), "+14155550100");
        for bad in [
            "",
            "90-1234",
            "9012345678",
            "なし",
            "090-1234-5678 内線1",
            "+0123456789",
            "00000000000",
        ] {
            assert_eq!(phone(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn line_ids_countries_and_languages() {
        let id = "U0123456789ABCDEF0123456789abcdef";
        assert_eq!(
            line_user_id(id).unwrap(),
            "U0123456789abcdef0123456789abcdef"
        );
        assert_eq!(line_user_id("@shop"), None);
        assert_eq!(country("日本"), Some("JP"));
        assert_eq!(country("ｊｐ"), Some("JP"));
        assert_eq!(country("Germany"), Some("DE"));
        assert_eq!(country("DEU"), Some("DE"));
        assert_eq!(country("Atlantis"), None);
        assert_eq!(country("XX"), None);
        assert_eq!(locale("ja-JP"), Some(Locale::Ja));
        assert_eq!(locale("英語"), Some(Locale::En));
        assert_eq!(locale("tlh"), None);
    }

    #[test]
    fn birth_dates_in_every_usual_form() {
        let today = date(2026, 11, 23);
        for text in [
            "2010-04-01",
            "2010/4/1",
            "20100401",
            "２０１０年４月１日",
            "平成22年4月1日",
            "H22.4.1",
        ] {
            assert_eq!(birth_date(text, today), Some(date(2010, 4, 1)), "{text}");
        }
        assert_eq!(birth_date("令和元年5月1日", today), Some(date(2019, 5, 1)));
        assert_eq!(birth_date("S60.12.31", today), Some(date(1985, 12, 31)));
        for bad in [
            "",
            "2010-02-30",
            "2030-01-01",
            "1500-01-01",
            "H0.1.1",
            "4/1/2010",
            "2010-04",
            "x",
        ] {
            assert_eq!(birth_date(bad, today), None, "{bad}");
        }
    }

    #[test]
    fn adulthood_begins_on_the_eighteenth_birthday() {
        let birth = date(2008, 11, 23);
        assert!(is_minor(birth, date(2026, 11, 22)));
        assert!(!is_minor(birth, date(2026, 11, 23)));
        let leap = date(2008, 2, 29);
        assert!(is_minor(leap, date(2026, 2, 28)));
        assert!(!is_minor(leap, date(2026, 3, 1)));
    }
}
