//! What was learnt, as the report tells it: written sections, whys, factors, the five measures.

use std::collections::BTreeMap;

use super::both;
use super::course::Case;
use crate::incidents::facts::{self, FactKey};
use crate::kernel::{Locale, LocaleText, locale};
use crate::postmortem::{Content, MeasureKey, Posture, Section, Version};
use crate::reports::model as report;

/// The newest version of each section.
type Sections = BTreeMap<Section, Version>;

/// The passages of the report: the summary, what the facts say, then every other written section.
///
/// What a section proposes is no passage of its own: the facts, duties, notices and milestones that it
/// is drawn from stand in the report anyway, each in its place.
pub(super) fn summary(case: &Case, sections: &Sections) -> Vec<report::Passage> {
    let passage = |section: Section| {
        let text = sections
            .get(&section)
            .and_then(|version| written(section, &version.body, case.locale))?;
        Some(report::Passage {
            heading: both(&format!("section-{section}")),
            text: Some(text),
            markdown: true,
        })
    };
    let mut passages: Vec<_> = passage(Section::Summary).into_iter().collect();
    for key in [
        FactKey::Overview,
        FactKey::Cause,
        FactKey::SecondaryDamage,
        FactKey::Containment,
        FactKey::Prevention,
    ] {
        let heading = LocaleText {
            ja: facts::label(key, Locale::Ja),
            en: facts::label(key, Locale::En),
        };
        // Falls back to the other language where only that one was written.
        let known = case
            .facts
            .get(key)
            .filter(|_| case.facts.known(key).is_some());
        let text = known.map(|answer| facts::words(key, answer, case.locale));
        // Answers to questions are plain lines.
        passages.push(report::Passage {
            heading,
            text,
            markdown: false,
        });
    }
    // Lists of the review and the measures have chapters of their own.
    let elsewhere = [
        Section::Summary,
        Section::WentWell,
        Section::WentBadly,
        Section::Luck,
        Section::Measures,
    ];
    let others = Section::ALL
        .iter()
        .filter(|section| !elsewhere.contains(section));
    passages.extend(others.filter_map(|section| passage(*section)));
    passages
}

/// A section as Markdown, rows as a list; nothing when nothing is written.
pub(in crate::workflow) fn written(section: Section, body: &str, locale: Locale) -> Option<String> {
    let content = Content::stored(section, body);
    if content.is_empty() {
        return None;
    }
    let word = |key: String| locale::text(locale, &key);
    let lines: Vec<String> = match content {
        Content::Text(text) => return Some(text),
        Content::Whys(rows) => (1..)
            .zip(rows)
            .map(|(number, row)| {
                let asked = if row.question.is_empty() {
                    word("why-default".to_owned())
                } else {
                    row.question
                };
                format!(
                    "{number}. **{}** {}",
                    one_line(&asked),
                    one_line(&row.answer)
                )
            })
            .collect(),
        Content::Factors(rows) => rows
            .into_iter()
            .map(|row| {
                let category = word(format!("factor-{}", row.category));
                format!("- **{category}** {}", one_line(&row.text))
            })
            .collect(),
        Content::Measures(rows) => rows
            .into_iter()
            .map(|row| {
                let name = word(format!("measure-{}", row.measure));
                let posture = word(format!("report-posture-{}", row.posture));
                format!("- **{name}** {posture} {}", one_line(&row.finding))
            })
            .collect(),
    };
    Some(lines.join("\n"))
}

/// The points of a section that is read as a list.
pub(super) fn lines(sections: &Sections, section: Section) -> Vec<String> {
    let body = sections.get(&section).map_or("", |version| &version.body);
    body.lines()
        .map(|line| {
            line.trim_start_matches(['-', '・', '*', ' '])
                .trim()
                .to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// The five measures of the handbook, each as the team found it, or not reviewed.
pub(super) fn measures(sections: &Sections) -> Vec<report::Measure> {
    let body = sections
        .get(&Section::Measures)
        .map_or("", |version| &version.body);
    let found = match Content::stored(Section::Measures, body) {
        Content::Measures(rows) => rows,
        _ => Vec::new(),
    };
    MeasureKey::ALL
        .iter()
        .map(|measure| {
            let row = found.iter().find(|row| row.measure == *measure);
            report::Measure {
                name: both(&format!("measure-{measure}")),
                posture: match row.map_or(Posture::NotReviewed, |row| row.posture) {
                    Posture::NotReviewed => report::Posture::NotReviewed,
                    Posture::InPlace => report::Posture::InPlace,
                    Posture::Partial => report::Posture::Partial,
                    Posture::Missing => report::Posture::Missing,
                },
                note: row
                    .map(|row| row.finding.clone())
                    .filter(|finding| !finding.is_empty()),
            }
        })
        .collect()
}

/// Lines of a row joined, as a list item is one paragraph.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
