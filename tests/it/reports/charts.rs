//! Charts: the same numbers in every form, and nothing in them that a person could make markup.

use super::*;
use shodo::kernel::LocaleText;
use shodo::reports::document::{Block, Chart};
use shodo::reports::model::{DeliveryStep, Residence};

fn charts(report: &PostMortem, locale: Locale) -> Vec<Chart> {
    document(report, locale)
        .sections
        .into_iter()
        .flat_map(|section| section.blocks)
        .filter_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
        .collect()
}

/// A report whose charts have much to show, with long and hostile words.
fn crowded() -> PostMortem {
    let mut report = example();
    let place = |number: u64| Residence {
        place: LocaleText {
            ja: format!("とても長い名前の国と地域その{number}{HOSTILE}"),
            en: format!("The very long name of a country {number}{HOSTILE}"),
        },
        people: number * number,
    };
    report.people.residence = (1..=30).map(place).collect();
    let duty = report.obligations[0].clone();
    report.obligations = (0..20).map(|_| duty.clone()).collect();
    let start = at("2026-11-25T10:00:00+09:00");
    report.people.delivery_course.minutes = 1_440;
    report.people.delivery_course.steps = (0..59)
        .map(|day| DeliveryStep {
            from: start.plus(jiff::SignedDuration::from_hours(24 * day)),
            sent: 400_000,
            failed: 1,
        })
        .collect();
    report
}

/// Every element and attribute of a picture; it fails where the picture is not well-formed.
fn parts(svg: &str) -> Vec<(String, Vec<(String, String)>)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let mut parts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    (key, attribute.value.into_owned())
                });
                parts.push((tag.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Eof => return parts,
            _ => {}
        }
    }
}

#[test]
fn what_has_numbers_has_a_chart() {
    for locale in LOCALES {
        assert_eq!(charts(&example(), locale).len(), 5);
        assert!(charts(&blank(), locale).is_empty());
    }
}

#[test]
fn a_chart_is_shapes_and_legible_words_within_its_paper() {
    for (report, locale) in [example(), crowded()]
        .into_iter()
        .flat_map(|report| LOCALES.map(|locale| (report.clone(), locale)))
    {
        for chart in charts(&report, locale) {
            let known = ["svg", "title", "desc", "rect", "line", "circle", "text"];
            for (name, attributes) in parts(&chart.svg) {
                assert!(known.contains(&name.as_str()), "{name} in {}", chart.title);
                for (key, value) in attributes {
                    assert!(!key.starts_with("on") && key != "style" && key != "href");
                    let number = value.parse::<i64>();
                    match key.as_str() {
                        // 20 units are 7.5 pt on an A4 page.
                        "font-size" => assert!(number.unwrap() >= 20, "{value}"),
                        "x" | "x1" | "x2" | "cx" => {
                            assert!((0..=1_280).contains(&number.unwrap()), "{key}={value}");
                        }
                        "y" | "y1" | "y2" | "cy" => assert!(number.unwrap() >= 0, "{value}"),
                        _ => {}
                    }
                }
            }
            assert!(!chart.description.is_empty() && !chart.numbers.rows.is_empty());
            let columns = chart.numbers.columns.len();
            assert!(chart.numbers.rows.iter().all(|row| row.len() == columns));
        }
    }
}

#[test]
fn many_small_places_stand_together() {
    let charts = charts(&crowded(), Locale::En);
    let places = charts
        .iter()
        .find(|chart| chart.title == "People by residence")
        .unwrap();
    assert_eq!(places.numbers.rows.len(), 11);
    let others = &places.numbers.rows[10];
    assert_eq!(others[0].text, "Others (20)");
    // 1² + 2² + … + 20², of all up to 30².
    assert_eq!(others[1].text, "2,870");
    assert_eq!(others[2].text, "30.4%");
}

#[test]
fn every_form_has_every_chart() {
    let report = crowded();
    let charts = charts(&report, Locale::Ja);
    let html = text(&report, Format::Html, Locale::Ja);
    assert_eq!(html.matches("<svg ").count(), charts.len());
    assert!(!html.contains("<script") && !html.contains("<img"));
    let markdown = text(&report, Format::Markdown, Locale::Ja);
    for chart in &charts {
        assert!(markdown.contains(&format!("**{}**", chart.title)));
    }
    assert!(markdown.contains("2,870"), "the numbers stand as a table");

    let pdf = pdf::render(&document(&report, Locale::Ja)).unwrap();
    let set = squeezed(&pdf.pages.concat());
    for chart in &charts {
        assert!(set.contains(&squeezed(&chart.title)));
    }
    let holds = |needle: &[u8]| {
        pdf.bytes
            .windows(needle.len())
            .any(|window| window == needle)
    };
    assert!(
        !holds(b"/Subtype /Image") && !holds(b"/Subtype/Image"),
        "charts are lines, not dots"
    );

    let file = render(&report, Format::Docx, Locale::Ja).unwrap();
    let zip = zip::ZipArchive::new(std::io::Cursor::new(&file)).unwrap();
    let pictures = (0..zip.len())
        .filter(|place| {
            let name = zip.name_for_index(*place).unwrap().unwrap();
            name.starts_with("word/media/") && name.ends_with(".png")
        })
        .count();
    assert_eq!(pictures, charts.len());
    let body = docx::part(&file, "word/document.xml");
    for (number, chart) in (1..).zip(&charts) {
        let words = format!(
            "id=\"{number}\" name=\"Figure {number}\" descr=\"{}",
            chart.title
        );
        assert!(body.contains(&words), "{words}");
    }
}

/// Where the letters of a row of Japanese words are drawn, something is: the fonts are found.
#[test]
fn a_picture_made_of_dots_holds_its_words() {
    let chart = charts(&example(), Locale::Ja).remove(0);
    let without_words = chart
        .svg
        .split("<text ")
        .map(|part| part.split_once("</text>").map_or(part, |(_, rest)| rest))
        .collect::<String>();
    let draw = |svg: &str| shodo::reports::charts::picture::draw(svg).unwrap();
    let (whole, bare) = (draw(&chart.svg), draw(&without_words));
    assert_eq!((whole.width, whole.height), (bare.width, bare.height));
    let dark = |png: &[u8]| {
        let plane = resvg::tiny_skia::Pixmap::decode_png(png).unwrap();
        let dark = |pixel: &&resvg::tiny_skia::PremultipliedColorU8| pixel.green() < 128;
        plane.pixels().iter().filter(dark).count()
    };
    assert!(dark(&whole.png) > dark(&bare.png) + 2_000);
}
