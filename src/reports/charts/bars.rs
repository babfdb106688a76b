//! Lying bars, one for each name.

use super::canvas::{Area, BODY, Canvas, Ink, Style, fit, share};
use super::length;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it counts.
    pub label: String,
    /// How much.
    pub count: u64,
    /// How much in words; they stand behind the bar.
    pub words: String,
}

const ROW: i64 = 46;
const LEFT: i64 = 400;
/// The longest bar leaves room for its words.
const LONGEST: i64 = 560;

/// The bars, the longest of which fills the width.
pub fn draw(bars: &[Bar]) -> (Canvas, i64) {
    let mut canvas = Canvas::default();
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let mut top = 0;
    for bar in bars {
        let base = top + ROW / 2 + BODY / 3;
        canvas.words(
            (LEFT - 16, base),
            Style::BODY.end(),
            &fit(&bar.label, BODY, LEFT - 16),
        );
        let width = match bar.count {
            0 => 0,
            // Somebody is never nobody, however many others there are.
            count => share(length(count), length(most), LONGEST).max(3),
        };
        if width > 0 {
            canvas.fill(
                Area {
                    x: LEFT,
                    y: top + 8,
                    width,
                    height: ROW - 16,
                },
                Ink::Key,
            );
        }
        canvas.words((LEFT + width + 12, base), Style::BODY, &bar.words);
        top += ROW;
    }
    canvas.line((LEFT, 2), (LEFT, top - 2), Ink::Quiet, 2);
    (canvas, top)
}
