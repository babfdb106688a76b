//! What people write in Markdown, in every form.

use shodo::kernel::Locale;
use shodo::reports::redaction::redact;
use shodo::reports::{Format, Level, PostMortem, Staff, document, pdf, render};

use super::docx::words_of;
use super::example::example;
use super::{HOSTILE, squeezed, text};

const WRITTEN: &str = "\
原因は**設定の誤り**です。\n二行目 *強調* `a<b`\n\n\
#### 経緯\n\n1. 一つ目\n2. 二つ目\n   - 内側\n     続き\n\n> 引用の一文\n\n\
```\n$ curl --head\n  200\n```\n\n| 日 | 件数 |\n|---|---|\n| 20日 | **12** |\n\n\
[手順書](https://example.com/a_b)と![図](https://example.com/x.png)";

fn with(source: &str) -> PostMortem {
    let mut report = example();
    report.summary[0].text = Some(source.to_owned());
    report.summary[0].markdown = true;
    report
}

/// What a reader of a form sees.
fn seen(report: &PostMortem, format: Format) -> String {
    match format {
        Format::Pdf => pdf::render(&document(report, Locale::Ja))
            .unwrap()
            .pages
            .concat(),
        Format::Docx => words_of(&render(report, format, Locale::Ja).unwrap()),
        _ => text(report, format, Locale::Ja),
    }
}

#[test]
fn every_form_shows_every_part() {
    let report = with(WRITTEN);
    for format in [Format::Markdown, Format::Html, Format::Pdf, Format::Docx] {
        let seen = squeezed(&seen(&report, format).replace("\\", ""));
        for part in [
            "設定の誤り",
            "強調",
            "経緯",
            "一つ目",
            "内側",
            "続き",
            "引用の一文",
            "200",
            "件数",
            "12",
            "手順書(https://example.com/a_b)と図",
        ] {
            assert!(
                seen.contains(part),
                "{part:?} is missing in {format}: {seen}"
            );
        }
        assert!(!seen.contains("x.png"), "{format}");
    }
    let html = text(&report, Format::Html, Locale::Ja);
    for part in [
        "<b>設定の誤り</b>",
        "<em>強調</em>",
        "a&lt;b",
        "<h4>経緯</h4>",
        "<th scope=\"col\">件数</th>",
        "<td><b>12</b></td>",
        "<pre>$ curl --head\n  200</pre>",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("<a href=\"http") && !html.contains("<img"));
}

#[test]
fn markdown_written_anew_reads_the_same() {
    use shodo::reports::passages::{canonical, pieces};
    for source in [
        WRITTEN,
        HOSTILE,
        "1\\. a\n*b*. c\n\n- x\n\n  y\n\n> q\n>\n> - z",
    ] {
        let once = canonical(source);
        assert_eq!(canonical(&once), once, "{source}");
        let words = |source: &str| squeezed(&serde_json::to_string(&pieces(source)).unwrap());
        if source == WRITTEN {
            assert_eq!(words(&once), words(source));
        }
    }
}

#[test]
fn hostile_markdown_stays_text_in_every_form() {
    let source = format!(
        "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n\
         <iframe src=\"https://example.com\"></iframe>\n\n{HOSTILE}\n\n\
         [x](javascript:alert(1)) [y](data:text/html,<script>alert(1)</script>)\n\n\
         ```typst\n#read(\"/etc/passwd\") ``` `` <script>\n```\n\n\
         | <script> | {{{{this}}}} |\n|-|-|\n| a | </td></table><script> |\n\n\
         {}x\n\n{}y\n\n<!-- {} -->\n\n&lt;script&gt;",
        "> ".repeat(500),
        "- ".repeat(500),
        "z".repeat(1_000),
    );
    let report = with(&source);
    let html = text(&report, Format::Html, Locale::Ja);
    for tag in [
        "<script",
        "<img",
        "<iframe",
        "<a href=\"javascript",
        "<a href=\"data",
    ] {
        assert!(!html.contains(tag), "{tag}");
    }
    let markdown = text(&report, Format::Markdown, Locale::Ja);
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    for event in pulldown_cmark::Parser::new_ext(&markdown, options) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            Event::Html(html) => panic!("{html}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("{event:?}"),
            _ => {}
        }
    }
    let pdf = pdf::render(&document(&report, Locale::Ja)).unwrap();
    assert!(squeezed(&pdf.pages.concat()).contains("#read(\"/etc/passwd\")"));
    assert!(words_of(&render(&report, Format::Docx, Locale::Ja).unwrap()).contains("#read"));
}

#[test]
fn a_name_hides_in_no_markup() {
    let staff = [Staff {
        names: vec!["髙橋 﨑子".to_owned(), "Jo Muster".to_owned()],
        email: Some("sakiko@example.jp".to_owned()),
        role: None,
    }];
    for hidden in [
        "髙<b></b>橋﨑子",
        "髙**橋** *﨑子*",
        "&#39641;&#27211;&#64017;&#23376;",
        "髙<!-- x -->橋﨑子",
        "J\\o M*ust*er",
        "[Jo](https://example.com) **Muster**",
        "<sakiko@example.jp>",
        "`Jo` Muster",
        "![Jo Muster](x)",
        "```\nJo Muster\n```",
        "| a |\n|-|\n| Jo<i> </i>Muster |",
    ] {
        let report = with(hidden);
        let report = redact(report, &staff, Level::Public, Locale::Ja);
        for format in Format::ALL {
            let seen = squeezed(&seen(&report, *format).replace(['*', '\\'], ""));
            for name in ["髙橋", "﨑子", "Muster", "sakiko"] {
                assert!(!seen.contains(name), "{name} of {hidden} in {format}");
            }
        }
    }
}
