//! Letters as names are compared by: after NFKD, in lower case, in their common form.

use unicode_normalization::UnicodeNormalization;

/// One letter of a text as it is compared, and where it stands.
pub struct Glyph {
    pub folded: char,
    pub start: usize,
    pub end: usize,
}

pub fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(text.len());
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        fold(character, &mut |folded| {
            glyphs.push(Glyph { folded, start, end })
        });
    }
    glyphs
}

pub fn letters(text: &str) -> Vec<char> {
    glyphs(text).into_iter().map(|glyph| glyph.folded).collect()
}

fn fold(character: char, into: &mut dyn FnMut(char)) {
    for part in character.to_lowercase().nfkd().flat_map(char::to_lowercase) {
        let voiced = matches!(part, '\u{3099}' | '\u{309a}');
        if voiced || part.is_alphanumeric() {
            into(plain(part));
        }
    }
}

/// The common form of a character that names are also written with.
fn plain(character: char) -> char {
    match character {
        '髙' => '高',
        '﨑' | '碕' | '嵜' => '崎',
        '濱' | '濵' => '浜',
        '邊' | '邉' => '辺',
        '齋' | '齊' | '斉' => '斎',
        '澤' => '沢',
        '廣' => '広',
        '櫻' => '桜',
        '嶋' | '嶌' => '島',
        '眞' => '真',
        '𠮷' => '吉',
        '槙' => '槇',
        '惠' => '恵',
        '德' => '徳',
        '瀨' => '瀬',
        '條' => '条',
        '國' => '国',
        '龍' => '竜',
        '栁' => '柳',
        other => other,
    }
}

/// Written without spaces between words: kana, ideographs, hangul.
pub fn is_eastern(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
        || is_ideograph(character)
}

pub fn is_ideograph(character: char) -> bool {
    matches!(character, '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
