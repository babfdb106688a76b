//! What changed between two versions of a text; pure.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// A stretch of text, and whether it came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What happened to it.
    pub change: Change,
    /// The text.
    pub text: String,
}

/// What happened to a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It stands in both.
    Same,
    /// It stands in the newer only.
    Added,
    /// It stood in the older only.
    Removed,
}

/// The stretches of two versions, in order; character by character, as Japanese has no words between blanks.
pub fn pieces(older: &str, newer: &str) -> Vec<Piece> {
    let diff = TextDiff::configure()
        .timeout(std::time::Duration::from_millis(200))
        .diff_graphemes(older, newer);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Insert => Change::Added,
            ChangeTag::Delete => Change::Removed,
        };
        match pieces.last_mut() {
            Some(last) if last.change == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece {
                change: kind,
                text: change.value().to_owned(),
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_compared_by_characters() {
        let found: Vec<_> = pieces("原因は設定の誤りです。", "原因は不正な操作です。")
            .into_iter()
            .filter(|piece| piece.change == Change::Same)
            .map(|piece| piece.text)
            .collect();
        assert_eq!(found.first().map(String::as_str), Some("原因は"));
        assert_eq!(found.last().map(String::as_str), Some("です。"));
        let whole = |wanted: Change| -> String {
            pieces("あいう", "あえう")
                .into_iter()
                .filter(|piece| piece.change != wanted)
                .map(|piece| piece.text)
                .collect()
        };
        assert_eq!(
            (whole(Change::Added), whole(Change::Removed)),
            ("あいう".to_owned(), "あえう".to_owned())
        );
    }
}
