//! Texts with `{{name}}` placeholders, checked once, rendered strictly.
//!
//! The language is closed on purpose: a placeholder names one listed variable,
//! and nothing else stands in braces. Blocks, partials and look-ups of a template
//! engine could exhaust the stack, explode in size or read what they should not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::one_line;
use super::pieces::Pieces;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Locale, Problem, Result};

/// The values of one message's variables.
pub type Variables = BTreeMap<String, String>;

const SUBJECT_BYTES: usize = 2_000;
const BODY_BYTES: usize = 200_000;
const VALUE_BYTES: usize = 10_000;
const PLACEHOLDERS: usize = 200;

/// Names that the template engine takes for something of its own.
const RESERVED: &[&str] = &[
    "and", "each", "else", "eq", "gt", "gte", "if", "len", "log", "lookup", "lt", "lte", "ne",
    "not", "or", "raw", "this", "unless", "with", "true", "false", "null", "as",
];

/// Subject, text and HTML of a message, with or without placeholders.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same in HTML; a message without it is plain text only.
    pub html: Option<String>,
}

/// What a whole batch says: frozen when the batch is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchTemplate {
    /// The only names that placeholders may have; every person brings a value for each.
    pub variables: BTreeSet<String>,
    /// Japanese, for people whose language it is.
    pub ja: Option<Content>,
    /// English.
    pub en: Option<Content>,
}

impl BatchTemplate {
    /// Checks sizes and placeholders of every language.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] with every wrong field, as in `ja.subject`.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if self.ja.is_none() && self.en.is_none() {
            problems.push(problem("ja.subject", "mail-template-empty", &[]));
        }
        for name in &self.variables {
            if !is_variable_name(name) {
                problems.push(problem(
                    "variables",
                    "mail-variable-name",
                    &[("name", name)],
                ));
            }
        }
        for (language, content) in [("ja", &self.ja), ("en", &self.en)] {
            if let Some(content) = content {
                content.check(language, &self.variables, &mut problems);
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Problem::fields(problems))
        }
    }

    /// Checks that a person brings a value for every variable, and no other, each of bounded size.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] naming the variable, never its value.
    pub fn check_values(&self, values: &Variables) -> Result<()> {
        let missing = self
            .variables
            .iter()
            .find(|name| !values.contains_key(*name));
        let unknown = values.keys().find(|name| !self.variables.contains(*name));
        let long = values
            .iter()
            .find(|(_, value)| value.len() > VALUE_BYTES)
            .map(|(name, _)| name);
        for (name, key) in [
            (missing, "mail-variable-missing"),
            (unknown, "mail-variable-unknown"),
            (long, "mail-variable-too-long"),
        ] {
            if let Some(name) = name {
                return Err(Problem::fields(vec![problem(name, key, &[("name", name)])]));
            }
        }
        Ok(())
    }

    /// The language in which a person of this one is written to: the other one when that is all there is.
    pub fn language(&self, locale: Locale) -> Option<Locale> {
        match (locale, self.ja.is_some(), self.en.is_some()) {
            (Locale::Ja, true, _) | (Locale::En, true, false) => Some(Locale::Ja),
            (Locale::En, _, true) | (Locale::Ja, false, true) => Some(Locale::En),
            (_, false, false) => None,
        }
    }
}

impl Content {
    /// Fills in the variables.
    ///
    /// # Errors
    /// Why it cannot be rendered, without any value.
    pub fn render(&self, values: &Variables) -> Result<Self, CannotRender> {
        Pieces::of(self).render(values)
    }

    pub(super) fn check(
        &self,
        place: &str,
        variables: &BTreeSet<String>,
        problems: &mut Vec<FieldProblem>,
    ) {
        self.check_size(place, problems);
        for (part, source, _) in self.parts() {
            if let Err(wrong) = placeholders(source, variables) {
                problems.push(problem(
                    &format!("{place}.{part}"),
                    "mail-template-placeholder",
                    &[("placeholder", &wrong)],
                ));
            }
        }
    }

    pub(super) fn check_size(&self, place: &str, problems: &mut Vec<FieldProblem>) {
        if self.subject.contains(char::is_control) {
            problems.push(problem(
                &format!("{place}.subject"),
                "mail-subject-one-line",
                &[],
            ));
        }
        for (part, source, limit) in self.parts() {
            let field = format!("{place}.{part}");
            if source.trim().is_empty() {
                problems.push(problem(&field, "mail-template-empty", &[]));
            }
            if source.len() > limit {
                let limit = limit.to_string();
                problems.push(problem(
                    &field,
                    "mail-template-too-long",
                    &[("limit", &limit)],
                ));
            }
        }
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, &str, usize)> {
        [
            ("subject", Some(&self.subject), SUBJECT_BYTES),
            ("text", Some(&self.text), BODY_BYTES),
            ("html", self.html.as_ref(), BODY_BYTES),
        ]
        .into_iter()
        .filter_map(|(part, source, limit)| Some((part, source?.as_str(), limit)))
    }
}

/// Prints nothing of the content: once filled in, it names people.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Which part of a message could not be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {0} of the message could not be filled in")]
pub struct CannotRender(pub(super) &'static str);

/// Finds the first thing in braces that is no listed variable.
pub(super) fn placeholders(source: &str, variables: &BTreeSet<String>) -> Result<(), String> {
    let mut rest = source;
    let mut count = 0usize;
    while let Some((before, after)) = rest.split_once("{{") {
        // A backslash would make the engine print the braces instead of the value.
        let inside = match after.split_once("}}") {
            Some((inside, tail)) if !before.ends_with('\\') && !tail.starts_with('}') => {
                rest = tail;
                inside
            }
            _ => return Err(start_of(after)),
        };
        if !variables.contains(inside.trim_matches(' ')) {
            return Err(start_of(inside));
        }
        count = count.saturating_add(1);
        if count > PLACEHOLDERS {
            return Err(start_of(inside));
        }
    }
    Ok(())
}

fn is_variable_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name)
}

fn start_of(text: &str) -> String {
    one_line(&text.chars().take(40).collect::<String>())
}

fn problem(field: &str, key: &'static str, params: &[(&'static str, &str)]) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        key,
        params: params
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
    }
}
