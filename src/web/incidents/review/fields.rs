//! The fields of a section, and what was typed into them.

use serde::Serialize;

use crate::kernel::{Code, Problem, Result};
use crate::postmortem::{
    Category, Content, Factor, Finding, MeasureKey, Posture, Section, Shape, Why,
};
use crate::web::extract::Page;
use crate::web::form::Submission;

/// As many questions as a section of whys has.
const WHYS: usize = 5;

/// As many factors as the room takes.
const FACTORS: usize = 20;

/// One row of fields, by their names.
#[derive(Serialize)]
pub(super) struct Row {
    /// What stands above the row.
    label: String,
    /// The names of its fields.
    first: String,
    second: String,
}

/// An entry of a list to choose from.
#[derive(Serialize)]
pub(super) struct Choice {
    value: &'static str,
    label: String,
}

/// Reads what was typed into a section.
pub(super) fn content(form: &Submission, section: Section) -> Result<Content> {
    let text = |name: String| form.get(&name).to_owned();
    let malformed = |_| Problem::new(Code::MalformedBody);
    Ok(match section.shape() {
        Shape::Text => Content::Text(text("body".to_owned())),
        Shape::Whys => Content::Whys(
            (1..=WHYS)
                .map(|number| Why {
                    question: text(format!("question-{number}")),
                    answer: text(format!("answer-{number}")),
                })
                .collect(),
        ),
        Shape::Factors => {
            let typed = (1..=FACTORS)
                .map(|number| {
                    (
                        form.get(&format!("category-{number}")),
                        text(format!("factor-{number}")),
                    )
                })
                .filter(|(category, _)| !category.is_empty());
            let rows: Result<Vec<_>> = typed
                .map(|(category, text)| {
                    let category = category.parse().map_err(malformed)?;
                    Ok(Factor { category, text })
                })
                .collect();
            Content::Factors(rows?)
        }
        Shape::Measures => {
            let rows: Result<Vec<_>> = MeasureKey::ALL
                .iter()
                .map(|measure| {
                    Ok(Finding {
                        measure: *measure,
                        posture: form
                            .get(&format!("posture-{measure}"))
                            .parse()
                            .map_err(malformed)?,
                        finding: text(format!("finding-{measure}")),
                    })
                })
                .collect();
            Content::Measures(rows?)
        }
    })
}

/// Names and values of the fields that show a section.
pub(super) fn values(content: &Content) -> Vec<(String, String)> {
    match content {
        Content::Text(text) => vec![("body".to_owned(), text.clone())],
        Content::Whys(rows) => (1..=WHYS)
            .flat_map(|number| {
                let row = rows.get(number - 1).cloned().unwrap_or_default();
                [
                    (format!("question-{number}"), row.question),
                    (format!("answer-{number}"), row.answer),
                ]
            })
            .collect(),
        Content::Factors(rows) => (1..=FACTORS)
            .flat_map(|number| {
                let (category, text) = rows.get(number - 1).map_or_else(
                    || (Category::Process, String::new()),
                    |row| (row.category, row.text.clone()),
                );
                [
                    (format!("category-{number}"), category.to_string()),
                    (format!("factor-{number}"), text),
                ]
            })
            .collect(),
        Content::Measures(rows) => MeasureKey::ALL
            .iter()
            .flat_map(|measure| {
                let row = rows.iter().find(|row| row.measure == *measure);
                let posture = row.map_or(Posture::NotReviewed, |row| row.posture);
                let finding = row.map(|row| row.finding.clone()).unwrap_or_default();
                [
                    (format!("posture-{measure}"), posture.to_string()),
                    (format!("finding-{measure}"), finding),
                ]
            })
            .collect(),
    }
}

/// The rows of fields that a section shows; none for a text.
pub(super) fn rows(page: &Page, content: &Content) -> Vec<Row> {
    let row = |label: String, first: String, second: String| Row {
        label,
        first,
        second,
    };
    let numbered = |count: usize, [first, second]: [&str; 2]| {
        (1..=count)
            .map(|number| {
                let label = format!("{number}");
                row(
                    label,
                    format!("{first}-{number}"),
                    format!("{second}-{number}"),
                )
            })
            .collect()
    };
    match content {
        Content::Text(_) => Vec::new(),
        Content::Whys(_) => numbered(WHYS, ["question", "answer"]),
        // Two rows are free, or three to begin with.
        Content::Factors(rows) => {
            let shown = rows.len().saturating_add(2).clamp(3, FACTORS);
            numbered(shown, ["category", "factor"])
        }
        Content::Measures(_) => MeasureKey::ALL
            .iter()
            .map(|measure| {
                row(
                    page.text(&format!("measure-{measure}")),
                    format!("posture-{measure}"),
                    format!("finding-{measure}"),
                )
            })
            .collect(),
    }
}

/// What the first field of a row offers; nothing where it is typed.
pub(super) fn choices(page: &Page, shape: Shape) -> Vec<Choice> {
    let choice = |value: &'static str, key: String| Choice {
        value,
        label: page.text(&key),
    };
    match shape {
        Shape::Text | Shape::Whys => Vec::new(),
        Shape::Factors => Category::ALL
            .iter()
            .map(|it| choice(it.as_str(), format!("factor-{it}")))
            .collect(),
        Shape::Measures => Posture::ALL
            .iter()
            .map(|it| choice(it.as_str(), format!("report-posture-{it}")))
            .collect(),
    }
}
