//! Texts as they are compared, and the pairs of letters in them.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it is compared, with the way back to the letters that were written.
///
/// Width, case, and the two kanas mean nothing: `ｱｸｾｽ`, `アクセス` and `あくせす` are one, as are `ＬＯＧ` and
/// `log`. A letter with the marks behind it is normalised by itself, so that places can be told.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The text that is compared.
    pub text: String,
    /// For each piece that was normalised: where it ends in `text`, and which bytes were written for it.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Folded {
    pub fn of(written: &str) -> Self {
        let mut folded = Self::default();
        let mut letters = written.char_indices().peekable();
        while let Some((start, letter)) = letters.next() {
            let mut end = start.saturating_add(letter.len_utf8());
            while let Some((at, mark)) = letters.next_if(|(_, next)| is_mark(*next)) {
                end = at.saturating_add(mark.len_utf8());
            }
            let piece = written.get(start..end).unwrap_or_default();
            for letter in piece.nfkc().flat_map(char::to_lowercase) {
                folded.text.extend(fold(letter));
            }
            folded.pieces.push((folded.text.len(), start..end));
        }
        folded
    }

    /// The bytes that were written for some bytes of the compared text.
    pub fn written(&self, place: &Range<usize>) -> Range<usize> {
        // The first piece that ends behind the place's beginning, and the first that ends at its end or later.
        let first = self.pieces.partition_point(|(end, _)| *end <= place.start);
        let last = self.pieces.partition_point(|(end, _)| *end < place.end);
        let start = self.pieces.get(first).map_or(0, |(_, bytes)| bytes.start);
        let end = self.pieces.get(last).map_or(start, |(_, bytes)| bytes.end);
        start..end.max(start)
    }
}

/// The words of a question as they are compared.
pub(super) fn words(question: &str) -> Vec<String> {
    let folded = Folded::of(question).text;
    let mut words: Vec<String> = Vec::new();
    for word in folded.split_whitespace() {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The pairs of letters of a compared text, each once, as tokens of ASCII that no tokenizer changes.
pub(super) fn grams(compared: &str) -> BTreeSet<String> {
    let followed = compared.chars().skip(1);
    compared
        .chars()
        .zip(followed)
        .filter(|(left, right)| !left.is_whitespace() && !right.is_whitespace())
        .map(|(left, right)| format!("{:x}x{:x}", u32::from(left), u32::from(right)))
        .collect()
}

fn is_mark(letter: char) -> bool {
    // The voiced marks of half width are letters of their own to Unicode.
    matches!(letter, '\u{ff9e}' | '\u{ff9f}') || is_combining_mark(letter)
}

/// Katakana as hiragana; every kind of space as one, and what nobody sees as nothing.
fn fold(letter: char) -> Option<char> {
    match letter {
        '\u{30a1}'..='\u{30f6}' | '\u{30fd}' | '\u{30fe}' => {
            char::from_u32(u32::from(letter).saturating_sub(0x60))
        }
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\0' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter => Some(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_kana_mean_nothing() {
        for (written, other) in [
            ("ｱｸｾｽﾛｸﾞ", "あくせすろぐ"),
            ("アクセスログ", "あくせすろぐ"),
            ("ＩＮＣ－２０２６", "inc-2026"),
            ("か\u{3099}", "が"),
            ("㈱見本", "(株)見本"),
            ("サ\u{200b}ー\u{3000}バ", "さー ば"),
        ] {
            assert_eq!(Folded::of(written).text, other);
        }
        assert_eq!(words(" ログ　ログ  Ａ社 "), ["ろぐ", "a社"]);
    }

    #[test]
    fn a_place_leads_back_to_what_was_written() {
        let written = "株で㈱ｶﾞｽ社";
        let folded = Folded::of(written);
        let at = folded.text.find("がす").unwrap();
        let place = folded.written(&(at..at + "がす".len()));
        assert_eq!(&written[place], "ｶﾞｽ");
        // Half of a sign that stands for three is the whole sign.
        let at = folded.text.find("(株").unwrap();
        assert_eq!(&written[folded.written(&(at..at + "(株".len()))], "㈱");
    }

    #[test]
    fn pairs_are_ascii_and_cross_no_space() {
        assert_eq!(
            grams("日本 語a").into_iter().collect::<Vec<_>>(),
            ["65e5x672c", "8a9ex61"]
        );
        assert!(grams("字").is_empty());
    }
}
