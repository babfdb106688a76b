//! What stands in a section: Markdown, or rows; parsed once, pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Section, Shape};
use crate::kernel::input;
use crate::kernel::problem::FieldProblem;

/// The longest text, in characters.
const LONGEST: usize = 20_000;

/// Asked more often, "why" leaves what anybody could change.
const WHYS: usize = 5;

/// More factors than this are a list nobody reads.
const FACTORS: usize = 20;

crate::text_enum! {
    /// Where a contributing factor lies; its words are `factor-<key>`.
    pub enum Category {
        /// Knowledge, workload, habits.
        People = "people",
        /// How work is done and checked.
        Process = "process",
        /// Systems and their settings.
        Technology = "technology",
        /// Rules, roles, resources, decisions.
        Organisation = "organisation",
        /// Processors and suppliers.
        Supplier = "supplier",
        /// Attackers, law, disasters.
        Outside = "outside",
    }
}

crate::text_enum! {
    /// One of the five preventive measures of the handbook; its words are `measure-<key>`.
    pub enum MeasureKey {
        /// 2段階認証.
        TwoStep = "two-step",
        /// パスワードの使いまわしを避ける.
        Passwords = "passwords",
        /// 社内ネットワークからのみログイン.
        Networks = "networks",
        /// 担当者は必要最小限.
        Operators = "operators",
        /// 従業員への研修.
        Training = "training",
    }
}

crate::text_enum! {
    /// How a measure stood; its words are `report-posture-<key>`.
    pub enum Posture {
        /// Nobody has looked yet.
        NotReviewed = "not-reviewed",
        /// In place everywhere.
        InPlace = "in-place",
        /// In place with gaps.
        Partial = "partial",
        /// Not in place.
        Missing = "missing",
    }
}

/// One step of the five whys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The question; may be empty, then it is simply "why?".
    pub question: String,
    /// Its answer.
    pub answer: String,
}

/// Something that made the incident likelier or worse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Where it lies.
    pub category: Category,
    /// What it is.
    pub text: String,
}

/// How one of the five measures stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Which measure.
    pub measure: MeasureKey,
    /// How it stood.
    pub posture: Posture,
    /// What was found.
    #[serde(default)]
    pub finding: String,
}

/// What stands in a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Markdown.
    Text(String),
    /// Up to five questions with answers.
    Whys(Vec<Why>),
    /// Contributing factors.
    Factors(Vec<Factor>),
    /// The five measures; those that are left out were not reviewed.
    Measures(Vec<Finding>),
}

impl Content {
    /// Nothing, in the shape of a section.
    pub fn empty(section: Section) -> Self {
        match section.shape() {
            Shape::Text => Self::Text(String::new()),
            Shape::Whys => Self::Whys(Vec::new()),
            Shape::Factors => Self::Factors(Vec::new()),
            Shape::Measures => Self::Measures(Vec::new()),
        }
    }

    /// Reads what was stored; what cannot be read is nothing.
    pub fn stored(section: Section, body: &str) -> Self {
        let read = match section.shape() {
            Shape::Text => return Self::Text(body.to_owned()),
            Shape::Whys => serde_json::from_str(body).map(Self::Whys),
            Shape::Factors => serde_json::from_str(body).map(Self::Factors),
            Shape::Measures => serde_json::from_str(body).map(Self::Measures),
        };
        read.unwrap_or_else(|_| Self::empty(section))
    }

    /// The text that the database keeps.
    pub fn body(&self) -> serde_json::Result<String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Whys(rows) => serde_json::to_string(rows),
            Self::Factors(rows) => serde_json::to_string(rows),
            Self::Measures(rows) => serde_json::to_string(rows),
        }
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Whys(rows) => rows.is_empty(),
            Self::Factors(rows) => rows.is_empty(),
            Self::Measures(rows) => rows
                .iter()
                .all(|row| row.posture == Posture::NotReviewed && row.finding.is_empty()),
        }
    }

    /// Takes what a person typed into a section: trimmed, within bounds, empty rows left out.
    ///
    /// # Errors
    /// The fields that are wrong: `body`, or the row's, e.g. `answer-2`; `content` for another shape.
    pub fn parse(self, section: Section) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut text = |field: String, typed: &str, longest| {
            input::paragraphs(&field, typed, longest).unwrap_or_else(|problem| {
                problems.push(problem);
                String::new()
            })
        };
        let parsed = match (section.shape(), self) {
            (Shape::Text, Self::Text(typed)) => {
                Self::Text(text("body".to_owned(), &typed, LONGEST))
            }
            (Shape::Whys, Self::Whys(rows)) => Self::Whys(
                (1..)
                    .zip(rows)
                    .map(|(number, row)| Why {
                        question: text(format!("question-{number}"), &row.question, 500),
                        answer: text(format!("answer-{number}"), &row.answer, 2_000),
                    })
                    .collect(),
            ),
            (Shape::Factors, Self::Factors(rows)) => Self::Factors(
                (1..)
                    .zip(rows)
                    .map(|(number, row)| Factor {
                        text: text(format!("factor-{number}"), &row.text, 2_000),
                        ..row
                    })
                    .collect(),
            ),
            (Shape::Measures, Self::Measures(rows)) => Self::Measures(
                rows.into_iter()
                    .map(|row| Finding {
                        finding: text(format!("finding-{}", row.measure), &row.finding, 2_000),
                        ..row
                    })
                    .collect(),
            ),
            _ => return Err(vec![input::wrong("content", "field-invalid-choice")]),
        };
        if problems.is_empty() {
            parsed.tidied()
        } else {
            Err(problems)
        }
    }

    /// Rows without the empty ones, each measure once and in order.
    fn tidied(self) -> Result<Self, Vec<FieldProblem>> {
        let too_many = || vec![input::wrong("content", "field-too-many-rows")];
        Ok(match self {
            Self::Text(text) => Self::Text(text),
            Self::Whys(mut rows) => {
                rows.retain(|row| !row.question.is_empty() || !row.answer.is_empty());
                if rows.len() > WHYS {
                    return Err(too_many());
                }
                Self::Whys(rows)
            }
            Self::Factors(mut rows) => {
                rows.retain(|row| !row.text.is_empty());
                if rows.len() > FACTORS {
                    return Err(too_many());
                }
                Self::Factors(rows)
            }
            Self::Measures(mut rows) => {
                rows.sort_by_key(|row| row.measure);
                let given = rows.len();
                rows.dedup_by_key(|row| row.measure);
                if rows.len() < given {
                    return Err(too_many());
                }
                Self::Measures(rows)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(question: &str, answer: &str) -> Why {
        Why {
            question: question.to_owned(),
            answer: answer.to_owned(),
        }
    }

    #[test]
    fn rows_that_are_empty_fall_away_and_too_many_are_refused() {
        let rows = vec![why("", " "), why("なぜ公開されたか", " 初期設定のまま ")];
        assert_eq!(
            Content::Whys(rows).parse(Section::Whys),
            Ok(Content::Whys(vec![why(
                "なぜ公開されたか",
                "初期設定のまま"
            )]))
        );
        let six = Content::Whys(vec![why("", "a"); 6]);
        let problems = six.parse(Section::Whys).unwrap_err();
        assert_eq!(problems[0].key, "field-too-many-rows");
        let long = Content::Whys(vec![why("", "a"), why("", &"b".repeat(2_001))]);
        let problems = long.parse(Section::Whys).unwrap_err();
        assert_eq!(
            (problems[0].field.as_str(), problems[0].key),
            ("answer-2", "field-too-long")
        );
    }

    #[test]
    fn a_section_takes_its_own_shape_alone_and_reads_it_back() {
        let text = Content::Text("# 経過".to_owned());
        assert!(text.clone().parse(Section::Measures).is_err());
        let finding = |measure| Finding {
            measure,
            posture: Posture::Partial,
            finding: "一部".to_owned(),
        };
        let measures = Content::Measures(vec![
            finding(MeasureKey::Training),
            finding(MeasureKey::TwoStep),
        ]);
        let parsed = measures.parse(Section::Measures).unwrap();
        let Content::Measures(rows) = &parsed else {
            panic!("not measures: {parsed:?}")
        };
        assert_eq!(rows[0].measure, MeasureKey::TwoStep);
        let body = parsed.body().unwrap();
        assert_eq!(Content::stored(Section::Measures, &body), parsed);
        let twice = Content::Measures(vec![finding(MeasureKey::Training); 2]);
        assert!(twice.parse(Section::Measures).is_err());
    }
}
