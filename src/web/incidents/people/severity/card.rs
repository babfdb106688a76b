//! The card of the score: where it lies, what it is made of, what to answer next.

use serde::Serialize;

use super::super::super::Case;
use crate::accounts::Capability;
use crate::incidents::facts::FactKey;
use crate::kernel::{Locale, locale};
use crate::severity::{
    self, Answer, Assessment, Level, Part, Points, Question, Score, methodology,
};
use crate::web::extract::{Page, SignedIn};

/// The width of the mark of a single number on the drawn scale.
const MARK: u16 = 6;

/// The score as a card: where it lies, what it is made of, what to answer next.
#[derive(Serialize)]
pub(in super::super) struct Card {
    base: String,
    /// Nothing before the first answer.
    result: Option<CardResult>,
    lines: Vec<Line>,
    flags: Vec<FlagLine>,
    /// The first question without an answer; none when each has one.
    next: Option<Question>,
    may_answer: bool,
    source: String,
    url: String,
}

/// What the answers come to.
#[derive(Serialize)]
struct CardResult {
    se: String,
    tone: &'static str,
    level: String,
    range: String,
    meaning: String,
    parts: Vec<PartLine>,
    /// How many questions make it a range.
    open: usize,
    /// The drawn scale, in hundredths of a point.
    from: u16,
    width: u16,
}

#[derive(Serialize)]
struct PartLine {
    label: String,
    value: String,
}

/// A question with its answer, as the card lists it.
#[derive(Serialize)]
struct Line {
    key: Question,
    label: String,
    /// `known`, `unknown` or `open`.
    state: &'static str,
    answer: Option<String>,
    points: Option<String>,
}

#[derive(Serialize)]
struct FlagLine {
    icon: &'static str,
    tone: &'static str,
    text: String,
    href: String,
}

/// The card of the score, for the page of the data and beside each question.
pub(in super::super) fn card(assessment: &Assessment, case: &Case, signed: &SignedIn) -> Card {
    let page = &signed.page;
    let asked = severity::rules::asked(&assessment.answers);
    Card {
        base: format!("/incidents/{}/people", case.incident.id),
        result: assessment.score.as_ref().map(|score| result(score, page)),
        next: asked
            .iter()
            .copied()
            .find(|key| assessment.answers.get(*key).is_none()),
        lines: asked
            .into_iter()
            .map(|key| line(key, assessment, page.locale()))
            .collect(),
        flags: flags(assessment, case, page),
        may_answer: signed.actor().may(Capability::EditIncident),
        source: methodology().title.get(page.locale()).to_owned(),
        url: methodology().url.clone(),
    }
}

impl Card {
    /// The same card without a way on: the question of the page comes first.
    pub(super) fn beside_a_question(self) -> Self {
        Self { next: None, ..self }
    }
}

fn result(score: &Score, page: &Page) -> CardResult {
    let language = page.locale();
    let name =
        |level: Level| page.text(&format!("enisa-level-{}", level.as_str().replace('_', "-")));
    let words = |level| methodology().level(level);
    let level = if score.lowest_level == score.highest_level {
        name(score.highest_level)
    } else {
        let ends = [
            ("lowest", name(score.lowest_level).into()),
            ("highest", name(score.highest_level).into()),
        ];
        locale::text_with(language, "enisa-level-between", &ends)
    };
    let part = |part: Part, value: String| PartLine {
        label: page.text(&format!("enisa-part-{part}")),
        value,
    };
    let range = |range: severity::Range| {
        let ends = [range.lowest, range.highest].map(trimmed);
        let [lowest, highest] = ends;
        if range.is_exact() {
            lowest
        } else {
            format!("{lowest}–{highest}")
        }
    };
    let (from, to) = (score.se.lowest.hundredths(), score.se.highest.hundredths());
    CardResult {
        se: score.se.to_string(),
        tone: match score.highest_level {
            Level::Low => "grey",
            Level::Medium => "amber",
            Level::High | Level::VeryHigh => "red",
        },
        level,
        range: words(score.highest_level)
            .filter(|_| score.lowest_level == score.highest_level)
            .map(|words| words.range.get(language).to_owned())
            .unwrap_or_default(),
        meaning: words(score.highest_level)
            .map(|words| words.meaning.get(language).to_owned())
            .unwrap_or_default(),
        parts: vec![
            part(Part::Dpc, range(score.dpc)),
            part(Part::Ei, range(score.ei)),
            part(Part::Cb, range(score.cb)),
        ],
        open: score.open.len(),
        // A single number gets a mark that can be seen.
        from: from.saturating_sub(MARK / 2),
        width: to.saturating_sub(from).max(MARK),
    }
}

fn line(key: Question, assessment: &Assessment, language: Locale) -> Line {
    let content = key.content();
    let answer = assessment.answers.get(key);
    let chosen = assessment.answers.known(key).filter(|_| !content.many);
    Line {
        key,
        label: content.short.get(language).to_owned(),
        state: match answer {
            Some(Answer::Known(_)) => "known",
            Some(Answer::Unknown { .. }) => "unknown",
            None => "open",
        },
        answer: answer.map(|answer| answer.words(key, language)),
        points: chosen
            .and_then(|chosen| content.options.iter().find(|o| chosen.contains(&o.id)))
            .map(|option| points(content.part, option.points)),
    }
}

/// The two flags in words, each with the question behind it.
fn flags(assessment: &Assessment, case: &Case, page: &Page) -> Vec<FlagLine> {
    let facts = format!("/incidents/{}/facts", case.incident.id);
    let line = |name: &str, value: Option<bool>, raised: &'static str, key: FactKey| {
        let (state, icon, tone) = match value {
            Some(true) => ("yes", "flag", raised),
            Some(false) => ("no", "minus", "grey"),
            None => ("unknown", "circle-help", "amber"),
        };
        FlagLine {
            icon,
            tone,
            text: page.text(&format!("enisa-flag-{name}-{state}")),
            href: format!("{facts}/{key}"),
        }
    };
    let flags = assessment.flags;
    vec![
        line(
            "people",
            flags.more_than_100_people,
            "red",
            FactKey::PeopleAffected,
        ),
        line(
            "unintelligible",
            flags.unintelligible,
            "green",
            FactKey::Protection,
        ),
    ]
}

/// Points as the paper writes them; what is added carries its sign.
pub(super) fn points(part: Part, points: Points) -> String {
    match part {
        Part::Cb => format!("+{}", trimmed(points)),
        Part::Dpc | Part::Ei => trimmed(points),
    }
}

/// Points without needless zeros: 3, 0.5, 0.25.
pub(super) fn trimmed(points: Points) -> String {
    let text = points.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_written_as_in_the_paper() {
        let text = |hundredths| trimmed(Points::from_hundredths(hundredths));
        assert_eq!(
            [0, 25, 50, 100, 400].map(text),
            ["0", "0.25", "0.5", "1", "4"]
        );
        assert_eq!(points(Part::Cb, Points::from_hundredths(50)), "+0.5");
    }
}
