//! Whether somebody's data stand in a text that is not for their eyes alone.

use super::{Desk, FindingCode, Weight, same};

pub(super) fn check(desk: &mut Desk<'_>, published: &[String], tolerates_contacts: bool) {
    let narrow: String = desk.text.chars().map(narrow).collect();
    for number in digit_runs(&narrow) {
        if is_card(&number) || is_my_number(&number) {
            let about = same(masked(&number));
            desk.find(FindingCode::SecretNumber, Weight::Error, about);
        }
    }
    if tolerates_contacts {
        return;
    }
    let ours: Vec<String> = published
        .iter()
        .map(|text| comparable(&text.chars().map(self::narrow).collect::<String>()))
        .filter(|text| !text.is_empty())
        .collect();
    let words = narrow.split(|c: char| !(c.is_ascii_alphanumeric() || "@.-_+%()".contains(c)));
    for word in words {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let found = is_address(word) || is_phone(word) || is_line_id(word);
        if found && !ours.contains(&comparable(word)) {
            desk.find(
                FindingCode::PersonalData,
                Weight::Warning,
                same(masked(word)),
            );
        }
    }
}

/// Full-width letters, digits and signs as ASCII.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '‐' | '−' | 'ー' | '–' => '-',
        c => c,
    }
}

/// As it is compared: signs between digits do not count.
fn comparable(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.')
    })
}

/// A telephone number of Japan with its hyphens, or an international one.
fn is_phone(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let only = word
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '(' | ')' | '+'));
    let grouped = word.matches('-').count() >= 2 || word.starts_with('(');
    only && (10..=11).contains(&digits) && word.starts_with(['0', '(']) && (grouped || digits == 11)
}

/// LINE's user ids: `U` and 32 hexadecimal digits.
fn is_line_id(word: &str) -> bool {
    word.len() == 33
        && word.strip_prefix('U').is_some_and(|rest| {
            rest.chars()
                .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
        })
}

/// Runs of digits, with single blanks or hyphens between them.
fn digit_runs(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut gap = false;
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => {
                run.push(c);
                gap = false;
            }
            ' ' | '-' if !run.is_empty() && !gap => gap = true,
            _ => {
                if !run.is_empty() {
                    runs.push(std::mem::take(&mut run));
                }
                gap = false;
            }
        }
    }
    runs
}

/// A payment card's number: 14 to 19 digits whose last checks the others (ISO/IEC 7812-1, Luhn).
fn is_card(digits: &str) -> bool {
    if !(14..=19).contains(&digits.len()) || !digits.starts_with(['3', '4', '5', '6']) {
        return false;
    }
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .zip([false, true].into_iter().cycle())
        .map(|(digit, twice)| match digit * (1 + u32::from(twice)) {
            sum if sum > 9 => sum - 9,
            sum => sum,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// My Number: 12 digits whose last (検査用数字) checks the others, by weights 2 to 7, then 2 to 6.
fn is_my_number(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let Some((check, rest)) = digits.split_last().filter(|(_, rest)| rest.len() == 11) else {
        return false;
    };
    let sum: u32 = rest
        .iter()
        .rev()
        .zip((2..=7).chain(2..=6))
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = match sum % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    };
    *check == expected
}

/// Enough to find it again, and no more.
fn masked(text: &str) -> String {
    let start: String = text.chars().take(2).collect();
    format!("{start}…")
}
