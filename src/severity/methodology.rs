//! The questions, their options and criteria, from `content/severity/enisa-2013.toml`.
//!
//! The file is part of the build, so a mistake in it is a defect of ours; a test reads it whole.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::model::{Level, Points, Question};
use crate::kernel::LocaleText;

static METHODOLOGY: LazyLock<Methodology> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the build, and a test reads it"
    )]
    let methodology = toml::from_str(include_str!("../../content/severity/enisa-2013.toml"))
        .expect("content/severity/enisa-2013.toml is a methodology");
    methodology
});

/// The methodology of this build.
pub fn methodology() -> &'static Methodology {
    &METHODOLOGY
}

/// A way to score severity, with its source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Methodology {
    /// The stable id.
    pub id: String,
    /// The version of our file.
    pub version: u32,
    /// The paper's title.
    pub title: LocaleText,
    /// Where the paper is.
    pub url: String,
    /// The four levels in words.
    pub levels: Vec<LevelWords>,
    /// The questions in the order of asking.
    pub questions: Vec<QuestionContent>,
}

/// A level in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelWords {
    /// Which level.
    pub id: Level,
    /// Its scores.
    pub range: LocaleText,
    /// What it means for the people.
    pub meaning: LocaleText,
}

crate::text_enum! {
    /// The part of the formula that a question belongs to.
    pub enum Part {
        /// Data processing context: how much the data give away.
        Dpc = "dpc",
        /// Ease of identification.
        Ei = "ei",
        /// Circumstances of the breach.
        Cb = "cb",
    }
}

/// One question with everything that its page shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionContent {
    /// Which question.
    pub id: Question,
    /// The part of the formula.
    pub part: Part,
    /// The option of [`Question::Categories`] without which it is not asked.
    #[serde(default)]
    pub category: Option<String>,
    /// Whether several options may be chosen.
    #[serde(default)]
    pub many: bool,
    /// The short name of what is asked.
    pub short: LocaleText,
    /// The question.
    pub question: LocaleText,
    /// What it is asked for.
    pub why: LocaleText,
    /// What is often got wrong.
    #[serde(default)]
    pub note: LocaleText,
    /// The options, the lightest first.
    pub options: Vec<QuestionOption>,
    /// For the ease of identification: what counts for which identifier.
    #[serde(default)]
    pub table: Vec<IdentifierRow>,
}

/// One option with its criteria.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionOption {
    /// Unique in the question.
    pub id: String,
    /// What it brings.
    pub points: Points,
    /// Whether it is the basic score of its category.
    #[serde(default)]
    pub base: bool,
    /// Its name.
    pub label: LocaleText,
    /// When it applies.
    pub criteria: LocaleText,
    /// Cases of the paper.
    #[serde(default)]
    pub examples: Vec<LocaleText>,
    /// For categories: the data items that point to it.
    #[serde(default)]
    pub items: Vec<String>,
}

/// One identifier, and when it falls under each option of the ease of identification.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierRow {
    /// The identifier.
    pub name: LocaleText,
    /// One cell for each option; empty where the paper names no case.
    pub cells: Vec<LocaleText>,
}

impl Methodology {
    /// A level in words.
    pub fn level(&self, level: Level) -> Option<&LevelWords> {
        self.levels.iter().find(|words| words.id == level)
    }
}

impl Question {
    /// The question with its options.
    #[expect(
        clippy::expect_used,
        reason = "a test finds every question in the file of the build"
    )]
    pub fn content(self) -> &'static QuestionContent {
        methodology()
            .questions
            .iter()
            .find(|content| content.id == self)
            .expect("every question has its content")
    }
}

impl QuestionContent {
    /// The option with this id.
    pub fn option(&self, id: &str) -> Option<&QuestionOption> {
        self.options.iter().find(|option| option.id == id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::affected::catalogue::catalogue;
    use crate::severity::rules;

    fn whole(text: &LocaleText) -> bool {
        !text.ja.trim().is_empty() && !text.en.trim().is_empty()
    }

    #[test]
    fn every_question_and_level_is_there_in_both_languages() {
        let methodology = methodology();
        assert!(whole(&methodology.title) && methodology.url.starts_with("https://"));
        let ids: Vec<_> = methodology.questions.iter().map(|q| q.id).collect();
        assert_eq!(ids, Question::ALL);
        let levels: Vec<_> = methodology.levels.iter().map(|level| level.id).collect();
        assert_eq!(levels, Level::ALL);
        for level in &methodology.levels {
            assert!(whole(&level.range) && whole(&level.meaning), "{}", level.id);
        }
        for question in &methodology.questions {
            let id = question.id;
            for text in [&question.short, &question.question, &question.why] {
                assert!(whole(text), "{id}");
            }
            assert_eq!(question.note.ja.is_empty(), question.note.en.is_empty());
            let options: BTreeSet<_> = question.options.iter().map(|o| &o.id).collect();
            assert_eq!(options.len(), question.options.len(), "{id}");
            assert!(options.len() > 1 && !options.contains(&"unknown".to_owned()));
            assert!(question.options.is_sorted_by_key(|o| o.points), "{id}");
            for option in &question.options {
                assert!(
                    whole(&option.label) && whole(&option.criteria),
                    "{id} {}",
                    option.id
                );
                assert!(option.examples.iter().all(whole), "{id} {}", option.id);
            }
        }
    }

    #[test]
    fn the_points_are_those_of_the_paper() {
        let points = |question: Question| -> Vec<String> {
            let options = &question.content().options;
            options.iter().map(|o| o.points.to_string()).collect()
        };
        let whole = ["1.00", "2.00", "3.00", "4.00"];
        for category in Question::CATEGORIES {
            assert_eq!(points(*category), whole);
        }
        let base = |question: Question| {
            let mut options = question.content().options.iter();
            options.find(|o| o.base).map(|o| o.points)
        };
        for option in &Question::Categories.content().options {
            let question: Question = option.id.parse().unwrap();
            assert_eq!(base(question), Some(option.points));
            assert_eq!(question.content().category.as_deref(), Some(&*option.id));
        }
        let ease = Question::Identification;
        assert_eq!(points(ease), ["0.25", "0.50", "0.75", "1.00"]);
        for row in &ease.content().table {
            assert_eq!(row.cells.len(), 4, "{}", row.name.en);
        }
        for question in [Question::Integrity, Question::Availability] {
            assert_eq!(points(question), ["0.00", "0.00", "0.25", "0.50"]);
        }
        assert_eq!(points(Question::Malice), ["0.00", "0.50"]);
        let most: u16 = [
            Question::Confidentiality,
            Question::Integrity,
            Question::Availability,
            Question::Malice,
        ]
        .iter()
        .filter_map(|question| question.content().options.iter().map(|o| o.points).max())
        .map(Points::hundredths)
        .sum();
        assert_eq!(most, 200);
        assert_eq!(rules::level(Points::from_hundredths(most)), Level::Medium);
    }

    #[test]
    fn an_item_points_to_one_category_at_most() {
        let mut seen = BTreeSet::new();
        for option in &Question::Categories.content().options {
            for item in &option.items {
                assert!(catalogue().item(item).is_some(), "{item}");
                assert!(seen.insert(item), "{item} points to two categories");
            }
        }
        // Credentials are no category: what they open decides.
        assert!(!seen.contains(&"login_credentials".to_owned()));
    }
}
