//! Whether a text is in its language, and runs one way.

use super::{Desk, FindingCode, Weight, same};
use crate::kernel::Locale;

pub(super) fn check(desk: &mut Desk<'_>) {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if desk.text.chars().any(turns) {
        desk.find(FindingCode::Direction, Weight::Error, same("U+202A–202E"));
    }
    if is_other(desk.text, desk.locale) {
        desk.find(FindingCode::Language, Weight::Warning, same(""));
    }
}

/// Whether most letters are of the other language; short texts and numbers say nothing.
fn is_other(text: &str, locale: Locale) -> bool {
    let japanese = text.chars().filter(|c| is_japanese(*c)).count();
    let kana = text.chars().filter(|c| is_kana(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    match locale {
        // A Japanese sentence needs kana: without any, twenty Latin letters are another language.
        Locale::Ja => kana == 0 && japanese == 0 && latin > 20,
        // Names may stand in their own script: a character weighs about two letters.
        Locale::En => japanese > 4 && japanese.saturating_mul(2) > latin,
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}')
}

fn is_japanese(c: char) -> bool {
    is_kana(c) || matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
