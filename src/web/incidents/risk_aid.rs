//! The aid to the risk under GDPR, as the page of its question shows it: outcome, reasons, what to answer first.

use serde::Serialize;

use super::Case;
use crate::incidents::facts::{self, FactKey, FactSet};
use crate::kernel::Locale;
use crate::regulations::Confidence;
use crate::risk::{self, Aid, Conclusion, Direction, RiskLevel};
use crate::web::extract::Page;

/// The aid in words.
#[derive(Serialize)]
pub(super) struct AidView {
    outcome: Conclusion,
    /// The colour of the outcome.
    tone: &'static str,
    label: String,
    meaning: String,
    grounds: Vec<&'static str>,
    /// For undecided: the questions in the order in which to answer them.
    first: Vec<FactLink>,
    groups: Vec<Group>,
    sources: Vec<SourceLink>,
    unverified: bool,
}

/// The reasons of one direction.
#[derive(Serialize)]
struct Group {
    direction: Direction,
    title: String,
    icon: &'static str,
    tone: &'static str,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    words: &'static str,
    facts: Vec<FactLink>,
}

/// A question, and what was answered.
#[derive(Serialize)]
struct FactLink {
    href: String,
    label: String,
    question: String,
    answer: Option<String>,
}

#[derive(Serialize)]
struct SourceLink {
    title: &'static str,
    url: &'static str,
}

impl AidView {
    /// The aid for the question on the risk; none for any other question.
    pub(super) fn of(case: &Case, key: FactKey, page: &Page) -> Option<Self> {
        (key == FactKey::GdprRisk).then(|| Self::new(&risk::gdpr(&case.facts), case, page))
    }

    fn new(aid: &Aid, case: &Case, page: &Page) -> Self {
        let locale = page.locale();
        let groups = [
            (Direction::Raises, "triangle-alert", "red"),
            (Direction::Lowers, "shield-check", "green"),
            (Direction::Open, "circle-help", "amber"),
        ];
        Self {
            outcome: aid.outcome,
            tone: match aid.outcome {
                Conclusion::Unlikely => "green",
                Conclusion::Risk | Conclusion::Undecided => "amber",
                Conclusion::HighRisk => "red",
            },
            label: page.text(&format!("risk-aid-{}", dashed(aid.outcome.as_str()))),
            meaning: page.text(&meaning(aid)),
            grounds: aid.grounds.iter().map(|it| it.words.get(locale)).collect(),
            first: links(aid.questions, case, locale),
            groups: groups
                .into_iter()
                .map(|(direction, icon, tone)| group(aid, direction, icon, tone, case, page))
                .filter(|group| !group.lines.is_empty())
                .collect(),
            sources: aid
                .basis
                .sources
                .iter()
                .map(|source| SourceLink {
                    title: source.title.get(locale),
                    url: &source.url,
                })
                .collect(),
            unverified: aid.basis.confidence == Confidence::Unverified,
        }
    }
}

/// The key of what the outcome means; for undecided, what is sure all the same.
fn meaning(aid: &Aid) -> String {
    match (aid.outcome, aid.lowest, aid.highest) {
        (Conclusion::Undecided, RiskLevel::Risk, _) => "risk-aid-undecided-at-least-risk".into(),
        (Conclusion::Undecided, _, RiskLevel::Risk) => "risk-aid-undecided-at-most-risk".into(),
        (Conclusion::Undecided, ..) => "risk-aid-undecided-open".into(),
        (sure, ..) => format!("risk-aid-{}-means", dashed(sure.as_str())),
    }
}

fn group(
    aid: &Aid,
    direction: Direction,
    icon: &'static str,
    tone: &'static str,
    case: &Case,
    page: &Page,
) -> Group {
    let locale = page.locale();
    Group {
        direction,
        title: page.text(match direction {
            Direction::Raises => "risk-aid-raises",
            Direction::Lowers => "risk-aid-lowers",
            Direction::Open => "risk-aid-all-open",
        }),
        icon,
        tone,
        lines: aid
            .reasons
            .iter()
            .filter(|reason| reason.direction == direction)
            .map(|reason| Line {
                words: reason.words.get(locale),
                facts: links(reason.facts, case, locale),
            })
            .collect(),
    }
}

fn links(keys: FactSet, case: &Case, locale: Locale) -> Vec<FactLink> {
    keys.iter()
        .map(|key| FactLink {
            href: format!("/incidents/{}/facts/{key}", case.incident.id),
            label: facts::label(key, locale),
            question: facts::question(key, locale),
            answer: case
                .facts
                .get(key)
                .map(|answer| facts::words(key, answer, locale)),
        })
        .collect()
}

/// Fluent keys have no underscore by custom of the house.
fn dashed(name: &str) -> String {
    name.replace('_', "-")
}
