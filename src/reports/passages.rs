//! What people wrote in Markdown, as pieces that every form can show.
//!
//! Markdown source comes in, a flat list of paragraphs, titles, code and tables goes out.
//! HTML is dropped, a picture leaves its description, a link its address in brackets: what
//! leaves the house loads nothing and leads nowhere by itself. Size, depth and number are
//! bounded; what is cut off says so.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

/// The longest source that is read, in bytes.
const SIZE: usize = 100_000;
/// The deepest indentation that is shown.
const DEPTH: usize = 6;
/// The most pieces of one passage.
const PIECES: usize = 2_000;
/// The most columns of a table.
const COLUMNS: usize = 12;
/// Stands where something was cut off.
const CUT: &str = "…";

/// A part of a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Piece {
    /// A paragraph, or one of a list.
    Words {
        /// How far it is indented: one step for each list or quotation around it.
        indent: usize,
        /// `•` or `1.` where an item begins; empty elsewhere.
        marker: String,
        /// Whether it is quoted.
        quote: bool,
        /// The text.
        runs: Vec<Run>,
    },
    /// A title within the passage.
    Title {
        /// The text.
        runs: Vec<Run>,
    },
    /// Lines to be shown as they stand.
    Code {
        /// The lines.
        text: String,
    },
    /// A table; its first row holds the headers, and every row is as long.
    Grid {
        /// Cells by row.
        rows: Vec<Vec<Vec<Run>>>,
    },
}

/// Characters of one look; a line break is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// Whether they are strong.
    pub bold: bool,
    /// Whether they are stressed.
    pub italic: bool,
}

/// Reads a passage.
pub fn pieces(source: &str) -> Vec<Piece> {
    let end = source.floor_char_boundary(SIZE);
    let cut = end < source.len();
    let source = source.get(..end).unwrap_or_default();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut reader = Reading::default();
    for event in Parser::new_ext(source, options) {
        if reader.pieces.len() >= PIECES {
            reader.cut = true;
            break;
        }
        reader.take(event);
    }
    reader.flush();
    if cut || reader.cut {
        reader.pieces.push(Piece::Words {
            indent: 0,
            marker: String::new(),
            quote: false,
            runs: vec![Run {
                text: CUT.to_owned(),
                ..Run::default()
            }],
        });
    }
    reader.pieces
}

/// The same passage in Markdown that holds no HTML and no references, so that what is searched
/// for stands there as it will be shown.
pub fn canonical(source: &str) -> String {
    super::markdown::passage(&pieces(source))
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    pieces: Vec<Piece>,
    /// The paragraph that is being read.
    runs: Vec<Run>,
    bold: usize,
    italic: usize,
    quotes: usize,
    /// The next number of each open list; nothing for one with bullets.
    lists: Vec<Option<u64>>,
    marker: String,
    links: Vec<String>,
    title: bool,
    code: Option<String>,
    rows: Vec<Vec<Vec<Run>>>,
    html: bool,
    cut: bool,
}

impl Reading {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            // A line that was broken while writing was meant to end there.
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule => self.flush(),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } => self.links.push(dest_url.into_string()),
            Tag::HtmlBlock => self.html = true,
            Tag::Heading { .. } => {
                self.flush();
                self.title = true;
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                self.marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}.");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "•".to_owned(),
                };
            }
            Tag::Table(_) => {
                self.flush();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link => self.close_link(),
            TagEnd::HtmlBlock => self.html = false,
            TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                self.title = false;
            }
            TagEnd::CodeBlock => {
                if let Some(text) = self.code.take() {
                    let text = text.trim_end_matches('\n').to_owned();
                    self.pieces.push(Piece::Code { text });
                }
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.marker.clear();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.runs);
                if let Some(row) = self.rows.last_mut().filter(|row| row.len() < COLUMNS) {
                    row.push(cell);
                } else {
                    self.cut = true;
                }
            }
            TagEnd::Table => self.pieces.push(Piece::Grid {
                rows: std::mem::take(&mut self.rows),
            }),
            _ => {}
        }
    }

    /// An address that the words do not already show follows them.
    fn close_link(&mut self) {
        let Some(address) = self.links.pop().filter(|address| !address.is_empty()) else {
            return;
        };
        let shown = self
            .runs
            .last()
            .is_some_and(|run| run.text.ends_with(&address));
        let mail = address.strip_prefix("mailto:");
        let shown = shown
            || mail
                .is_some_and(|mail| self.runs.last().is_some_and(|run| run.text.ends_with(mail)));
        if !shown {
            self.text(&format!(" ({address})"));
        }
    }

    fn text(&mut self, text: &str) {
        if self.html {
            return;
        }
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        match self.runs.last_mut() {
            Some(run) if (run.bold, run.italic) == (bold, italic) => run.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.to_owned(),
                bold,
                italic,
            }),
        }
    }

    /// Ends the paragraph that is being read, if there is one.
    fn flush(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        if runs.iter().all(|run| run.text.trim().is_empty()) {
            return;
        }
        if self.title {
            self.pieces.push(Piece::Title { runs });
            return;
        }
        let indent = self.lists.len().saturating_add(self.quotes).min(DEPTH);
        self.pieces.push(Piece::Words {
            indent,
            marker: std::mem::take(&mut self.marker),
            quote: self.quotes > 0,
            runs,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line a piece: indentation, marker, and runs with their look.
    fn shown(source: &str) -> Vec<String> {
        let runs = |runs: &[Run]| -> String {
            let look = |run: &Run| {
                let (bold, italic) = (
                    ["", "b"][usize::from(run.bold)],
                    ["", "i"][usize::from(run.italic)],
                );
                format!("{bold}{italic}[{}]", run.text)
            };
            runs.iter().map(look).collect()
        };
        let piece = |piece: &Piece| match piece {
            Piece::Words {
                indent,
                marker,
                quote,
                runs: words,
            } => {
                format!(
                    "{indent}{marker}{} {}",
                    if *quote { ">" } else { "" },
                    runs(words)
                )
            }
            Piece::Title { runs: words } => format!("# {}", runs(words)),
            Piece::Code { text } => format!("code {text}"),
            Piece::Grid { rows } => rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| runs(cell))
                        .collect::<Vec<_>>()
                        .join("|")
                })
                .collect::<Vec<_>>()
                .join("/"),
        };
        pieces(source).iter().map(piece).collect()
    }

    #[test]
    fn every_part_of_markdown_has_its_piece() {
        let source = "一行目\n二行目 **太** *斜* `x<y`\n\n## 題\n\n1. 一\n2. 二\n   - 下\n\n> 引用\n\n```\na\n b\n```\n\n|甲|乙|\n|-|-|\n|1|**2**|\n";
        assert_eq!(
            shown(source),
            [
                "0 [一行目\n二行目 ]b[太][ ]i[斜][ x<y]",
                "# [題]",
                "11. [一]",
                "12. [二]",
                "2• [下]",
                "1> [引用]",
                "code a\n b",
                "[甲]|[乙]/[1]|b[2]",
            ]
        );
    }

    #[test]
    fn nothing_loads_leads_or_runs() {
        for (source, said) in [
            ("a <script>alert(1)</script> b", "0 [a alert(1) b]"),
            (
                "[青い](javascript:alert(1))",
                "0 [青い (javascript:alert(1))]",
            ),
            ("<https://example.com/>", "0 [https://example.com/]"),
            ("![絵](https://example.com/x.png)", "0 [絵]"),
            ("&lt;b&gt; &#60;i&#62;", "0 [<b> <i>]"),
        ] {
            assert_eq!(shown(source), [said], "{source}");
        }
        assert_eq!(
            shown("<div>\n<img src=x onerror=alert(1)>\n</div>"),
            [""; 0]
        );
    }

    #[test]
    fn hostile_sources_stay_bounded() {
        let deep = "> ".repeat(5_000) + "x\n\n" + &"- ".repeat(3_000) + "y";
        let most = pieces(&deep).into_iter().map(|piece| match piece {
            Piece::Words { indent, .. } => indent,
            _ => 0,
        });
        assert!(most.max() <= Some(DEPTH));
        let many = pieces(&"a\n\n".repeat(30_000));
        assert_eq!(many.len(), PIECES + 1);
        assert_eq!(shown(&"a\n\n".repeat(30_000)).last().unwrap(), "0 […]");
        let long = pieces(&"字".repeat(SIZE));
        assert_eq!(long.len(), 2);
        let wide = format!(
            "{}\n{}\n{}",
            "|a".repeat(99),
            "|-".repeat(99),
            "|b".repeat(99)
        );
        let Some(Piece::Grid { rows }) = pieces(&wide).first().cloned() else {
            panic!("no table")
        };
        assert!(rows.iter().all(|row| row.len() == COLUMNS));
        // Half-open everything.
        pieces(&("[".repeat(20_000) + &"*".repeat(20_000) + &"`".repeat(9_999)));
    }
}
