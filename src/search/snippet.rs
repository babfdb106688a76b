//! The words around a place, with what was looked for marked.

use std::ops::Range;

use super::Piece;
use super::grams::Folded;

/// Letters before the first place, and in all.
const BEFORE: usize = 30;
const ALL: usize = 140;

/// The text around the first place of any word; from its beginning where none is in it.
pub(super) fn around(written: &str, words: &[String]) -> Vec<Piece> {
    let folded = Folded::of(written);
    let places = places(&folded, words);
    let first = places.first().map_or(0, |place| place.start);
    let start = back(written, first, BEFORE);
    let end = forth(written, start, ALL).max(places.first().map_or(0, |place| place.end));
    let mut pieces = Vec::new();
    let mut said = start;
    if start > 0 {
        say(&mut pieces, "…", false);
    }
    for place in places {
        if place.start >= end {
            break;
        }
        say(&mut pieces, cut(written, said..place.start), false);
        // Only whole places are marked: one that begins within the window may end behind it.
        said = place.end;
        say(&mut pieces, cut(written, place), true);
    }
    let end = end.max(said);
    say(&mut pieces, cut(written, said..end), false);
    if end < written.len() {
        say(&mut pieces, "…", false);
    }
    pieces
}

/// Where the words stand in what was written, in order, those that touch as one.
fn places(folded: &Folded, words: &[String]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = words
        .iter()
        .flat_map(|word| {
            folded
                .text
                .match_indices(word.as_str())
                .map(|(at, found)| folded.written(&(at..at.saturating_add(found.len()))))
        })
        .collect();
    all.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in all {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}

/// The byte at which so many letters before a byte begin.
fn back(text: &str, from: usize, letters: usize) -> usize {
    let before = text.get(..from).unwrap_or_default();
    before
        .char_indices()
        .rev()
        .take(letters)
        .last()
        .map_or(from, |(at, _)| at)
}

/// The byte behind so many letters from a byte on.
fn forth(text: &str, from: usize, letters: usize) -> usize {
    let behind = text.get(from..).unwrap_or_default();
    behind
        .char_indices()
        .nth(letters)
        .map_or(text.len(), |(at, _)| from.saturating_add(at))
}

fn cut(text: &str, bytes: Range<usize>) -> &str {
    text.get(bytes).unwrap_or_default()
}

fn say(pieces: &mut Vec<Piece>, text: &str, hit: bool) {
    if !text.is_empty() {
        let text = text.replace(['\n', '\r', '\t'], " ");
        pieces.push(Piece { text, hit });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(written: &str, question: &str) -> String {
        let words = crate::search::grams::words(question);
        around(written, &words)
            .into_iter()
            .map(|piece| match piece.hit {
                true => format!("[{}]", piece.text),
                false => piece.text,
            })
            .collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_as_it_was_written() {
        assert_eq!(
            shown("外部からｱｸｾｽがあり、アクセスを止めた", "あくせす"),
            "外部から[ｱｸｾｽ]があり、[アクセス]を止めた"
        );
        assert_eq!(
            shown("第一報を\n出した", "一報 第一 出し"),
            "[第一報]を [出し]た"
        );
        assert_eq!(shown("なにもない", "どこか"), "なにもない");
    }

    #[test]
    fn a_long_text_is_cut_around_the_place() {
        let text = format!("{}鍵{}", "前".repeat(500), "後".repeat(500));
        let shown = shown(&text, "鍵");
        let (before, after) = (30, 109);
        assert_eq!(
            shown,
            format!("…{}[鍵]{}…", "前".repeat(before), "後".repeat(after))
        );
    }
}
