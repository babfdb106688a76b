//! Shapes and words on a plane, written as SVG.
//!
//! One unit is 0.376 pt where a picture is as wide as the text of an A4 page (170 mm).
//! It refuses style attributes, scripts, links and files: a page with the strictest
//! policy shows it, and so does a compiler that reads nothing else.

use std::fmt::Write as _;

/// The width of every picture.
pub const WIDTH: i64 = 1_280;
/// The size of most words: 9 pt on paper.
pub const BODY: i64 = 24;
/// The size of the smallest words: 7.5 pt on paper.
pub const SMALL: i64 = 20;

/// The colours of all documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Words.
    Text,
    /// Words of lesser weight.
    Quiet,
    /// What a picture is about.
    Key,
    /// What is not as it should be.
    Bad,
    /// Lines that lead the eye.
    Line,
    /// Paper.
    White,
}

impl Ink {
    fn hex(self) -> &'static str {
        match self {
            Self::Text => "#1a1d24",
            Self::Quiet => "#4b5260",
            Self::Key => "#0017c1",
            Self::Bad => "#b30000",
            Self::Line => "#c9cfda",
            Self::White => "#ffffff",
        }
    }
}

/// How words look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Their height.
    pub size: i64,
    /// Their colour.
    pub ink: Ink,
    /// Whether they are bold.
    pub bold: bool,
    /// Which part of them stands at the given place: `start`, `middle` or `end`.
    pub anchor: &'static str,
}

impl Style {
    /// Most words.
    pub const BODY: Self = Self {
        size: BODY,
        ink: Ink::Text,
        bold: false,
        anchor: "start",
    };
    /// Words of lesser weight.
    pub const SMALL: Self = Self {
        size: SMALL,
        ink: Ink::Quiet,
        ..Self::BODY
    };
    /// Words that a row is called by.
    pub const BOLD: Self = Self {
        bold: true,
        ..Self::BODY
    };

    /// The same, ending at its place.
    pub const fn end(self) -> Self {
        Self {
            anchor: "end",
            ..self
        }
    }

    /// The same, with its middle at its place.
    pub const fn middle(self) -> Self {
        Self {
            anchor: "middle",
            ..self
        }
    }
}

/// A rectangle's place and size.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// Its left edge.
    pub x: i64,
    /// Its upper edge.
    pub y: i64,
    /// Its width.
    pub width: i64,
    /// Its height.
    pub height: i64,
}

/// What was drawn so far.
#[derive(Debug, Default)]
pub struct Canvas {
    body: String,
}

impl Canvas {
    /// A filled rectangle.
    pub fn fill(&mut self, area: Area, ink: Ink) {
        self.rect(area, &format!("fill=\"{}\"", ink.hex()));
    }

    /// An empty rectangle with an edge, dashed or whole.
    pub fn frame(&mut self, area: Area, ink: Ink, dashed: bool) {
        let dashes = if dashed {
            " stroke-dasharray=\"8 5\""
        } else {
            ""
        };
        // The edge lies within the area, so that it is as long as a filled one.
        let inner = Area {
            x: area.x + 1,
            y: area.y + 1,
            width: (area.width - 2).max(1),
            height: (area.height - 2).max(1),
        };
        self.rect(
            inner,
            &format!(
                "fill=\"#ffffff\" stroke=\"{}\" stroke-width=\"2\"{dashes}",
                ink.hex()
            ),
        );
    }

    fn rect(&mut self, area: Area, look: &str) {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look}/>"
        ));
    }

    /// A straight line.
    pub fn line(&mut self, from: (i64, i64), to: (i64, i64), ink: Ink, thick: i64) {
        self.push(format_args!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{thick}\"/>",
            from.0,
            from.1,
            to.0,
            to.1,
            ink.hex()
        ));
    }

    /// A filled circle.
    pub fn dot(&mut self, at: (i64, i64), radius: i64, ink: Ink) {
        self.push(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" fill=\"{}\"/>",
            at.0,
            at.1,
            ink.hex()
        ));
    }

    /// Words whose base line goes through a place.
    pub fn words(&mut self, at: (i64, i64), style: Style, words: &str) {
        let weight = if style.bold {
            " font-weight=\"700\""
        } else {
            ""
        };
        self.push(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"{weight}>{}</text>",
            at.0,
            at.1,
            style.size,
            style.ink.hex(),
            style.anchor,
            escape(words)
        ));
    }

    /// The picture, `height` units high, with what a screen reader says of it.
    pub fn finish(self, height: i64, title: &str, description: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             width=\"{WIDTH}\" height=\"{height}\" role=\"img\" font-family=\"BIZ UDPGothic, \
             Noto Sans JP, Hiragino Sans, Meiryo, sans-serif\"><title>{}</title><desc>{}</desc>{}</svg>",
            escape(title),
            escape(description),
            self.body
        )
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // A string takes whatever is written to it.
        let _ = self.body.write_fmt(element);
    }
}

/// The place of a value on a length: `part` of `whole`, within it.
pub fn share(part: i64, whole: i64, length: i64) -> i64 {
    let whole = i128::from(whole.max(1));
    let place = i128::from(part) * i128::from(length) / whole;
    i64::try_from(place)
        .unwrap_or(length)
        .clamp(0, length.max(0))
}

/// How wide words are at most: a Japanese letter is as wide as high, others less.
pub fn width(words: &str, size: i64) -> i64 {
    words.chars().map(|c| tenths(c) * size).sum::<i64>() / 10
}

/// Words that are no wider than `room`, shortened by an ellipsis where they must be.
pub fn fit(words: &str, size: i64, room: i64) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if width(&words, size) <= room {
        return words;
    }
    let mut left = room * 10 - tenths('…') * size;
    let kept = words.chars().take_while(|c| {
        left -= tenths(*c) * size;
        left >= 0
    });
    format!("{}…", kept.collect::<String>().trim_end())
}

fn tenths(character: char) -> i64 {
    match character {
        'M' | 'W' | 'm' | 'w' | '%' | '@' => 9,
        ' ' | '.' | ',' | ':' | 'i' | 'l' | 'j' | 'I' => 4,
        'A'..='Z' => 7,
        '\u{0}'..='\u{2fff}' if character != '…' => 6,
        _ => 10,
    }
}

/// Text as XML shows it; what XML cannot hold is left out.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shortened_to_their_room() {
        assert_eq!(fit("短い", 20, 40), "短い");
        assert_eq!(fit("長い名前です", 20, 80), "長い名…");
        for room in [30, 100, 333] {
            for words in [
                "Federal Commissioner for Data Protection",
                "個人情報保護委員会",
            ] {
                assert!(width(&fit(words, 24, room), 24) <= room);
            }
        }
    }

    #[test]
    fn a_share_stays_within_its_length() {
        assert_eq!(share(1, 2, 100), 50);
        assert_eq!(share(5, 2, 100), 100);
        assert_eq!(share(-1, 2, 100), 0);
        assert_eq!(share(7, 0, 100), 100);
        assert_eq!(share(i64::MAX, i64::MAX, 1_000), 1_000);
    }

    #[test]
    fn words_never_become_markup() {
        let mut canvas = Canvas::default();
        canvas.words((0, 0), Style::BODY, "<script>\"&'\u{7}</script>");
        let svg = canvas.finish(10, "</title><b>", "a & b");
        assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains('\u{7}'));
        assert!(svg.contains("&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;"));
    }
}
