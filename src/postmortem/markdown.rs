//! Markdown that people typed, as HTML that is safe to show; pure.
//!
//! HTML in it becomes text; links lead to the web or to mail only, pictures are
//! their description. Headings begin below those of the page around them.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The HTML of a text.
pub fn html(source: &str) -> String {
    // One entry for each link that is open: whether it was kept.
    let mut kept = Vec::new();
    let events = Parser::new_ext(source, Options::ENABLE_TABLES).filter_map(|event| {
        Some(match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let safe = is_safe(dest_url);
                kept.push(safe);
                if !safe {
                    return None;
                }
                event
            }
            Event::End(TagEnd::Link) => {
                if !kept.pop().unwrap_or(false) {
                    return None;
                }
                event
            }
            Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
            Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
            Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
                level: lower(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
            other => other,
        })
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn is_safe(address: &CowStr<'_>) -> bool {
    let address = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_set() {
        let shown = html(
            "# 経過\n\n- **朝** 発見\n- [手順](https://example.jp/a)\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        );
        for part in [
            "<h4>経過</h4>",
            "<strong>朝</strong>",
            "<a href=\"https://example.jp/a\">手順</a>",
            "<td>1</td>",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn hostile_markdown_stays_text() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onclick=alert(1)>b</b>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](//evil.example/a)",
            "[x](/sign-out)",
            "![x](https://evil.example/pixel.png)",
            "[x]: javascript:alert(1)\n\n[x]",
            "<javascript:alert(1)>",
            "[![x](https://evil.example/p.png)](javascript:alert(1))",
            "<!-- <script> -->",
            "<style>*{display:none}</style>",
        ] {
            let shown = html(hostile);
            for part in ["<script", "<img", "<b ", "href", "<!--", "<style"] {
                assert!(!shown.contains(part), "{part} of {hostile} in {shown}");
            }
            // Whatever is a tag is a bare one: no attribute of anybody's.
            for tag in shown.split('<').skip(1) {
                let tag = tag.split('>').next().unwrap_or_default();
                let name = tag.trim_start_matches('/').trim_end_matches(" /");
                let bare = name.chars().all(|c| c.is_ascii_alphanumeric());
                assert!(bare, "<{tag}> of {hostile} in {shown}");
            }
        }
        let quoted = html("[x](https://a.example/\"onmouseover=alert(1))");
        assert!(!quoted.contains("\"onmouseover"), "{quoted}");
    }

    #[test]
    fn deep_and_long_markdown_stays_in_proportion() {
        for pattern in [">", "[", "*a ", "- ", "`", "![", "<a", "_*"] {
            let source: String = pattern.chars().cycle().take(20_000).collect();
            let shown = html(&source).len();
            assert!((1..1_500_000).contains(&shown), "{pattern}: {shown}");
        }
    }
}
