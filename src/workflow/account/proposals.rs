//! What the case itself tells of a section: a proposal to take over, or a record to remark on.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::incidents::facts::{self, FactKey, Facts};
use crate::kernel::{Instant, Locale, locale};
use crate::postmortem::Section;
use crate::reports::model as report;
use crate::reports::phrases::Phrases;
use crate::reports::rules::{self, Standing};

crate::text_enum! {
    /// What a text that comes from the case is worth.
    pub enum Worth {
        /// Facts, in words: may be taken over as it is.
        Fact = "fact",
        /// Questions to answer in one's own words.
        Question = "question",
        /// A record that the case keeps; people only remark on it.
        Record = "record",
    }
}

/// What the case tells of a section.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Told {
    /// Markdown, in the reader's language.
    pub text: String,
    /// What it is worth.
    pub worth: Worth,
}

/// What the texts are made from.
pub(super) struct Known<'a> {
    pub milestones: Vec<report::Milestone>,
    pub people: report::People,
    pub data: Vec<report::DataCategory>,
    pub obligations: Vec<report::Obligation>,
    pub notices: Vec<report::Notice>,
    pub actions: usize,
    pub entries: usize,
    pub facts: &'a Facts,
    pub now: Instant,
}

/// The texts, by section; a section that the case tells nothing of is absent.
pub(super) fn told(known: &Known<'_>, locale: Locale, zone: &str) -> BTreeMap<Section, Told> {
    let writer = Writer {
        known,
        phrases: Phrases::new(locale, zone),
    };
    Section::ALL
        .iter()
        .filter_map(|section| {
            let (worth, text) = match section {
                Section::Summary => (Worth::Fact, writer.summary()),
                Section::WhatHappened => (Worth::Fact, writer.course()),
                Section::Timeline => (Worth::Record, writer.counted("told-entries", known.entries)),
                Section::Impact => (Worth::Question, writer.impact()),
                Section::RootCause => (Worth::Fact, writer.fact(FactKey::Cause)),
                Section::Obligations => (Worth::Record, writer.duties()),
                Section::Communication => (Worth::Fact, writer.notices()),
                Section::Minimisation => (Worth::Question, writer.word("told-minimisation")),
                Section::Actions => (Worth::Record, writer.counted("told-actions", known.actions)),
                Section::Whys
                | Section::Factors
                | Section::WentWell
                | Section::WentBadly
                | Section::Luck
                | Section::Measures => return None,
            };
            let text = text.trim().to_owned();
            (!text.is_empty()).then_some((*section, Told { text, worth }))
        })
        .collect()
}

struct Writer<'a> {
    known: &'a Known<'a>,
    phrases: Phrases,
}

impl Writer<'_> {
    fn word(&self, key: &str) -> String {
        locale::text(self.phrases.locale(), key)
    }

    fn with(&self, key: &str, name: &str, value: String) -> String {
        locale::text_with(self.phrases.locale(), key, &[(name, value.into())])
    }

    fn counted(&self, key: &str, count: usize) -> String {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        locale::text_with(self.phrases.locale(), key, &[("count", count.into())])
    }

    /// What was answered to a question, if that is known.
    fn fact(&self, key: FactKey) -> String {
        let known = self.known.facts.known(key);
        known
            .and_then(|_| self.known.facts.get(key))
            .map(|answer| facts::words(key, answer, self.phrases.locale()))
            .unwrap_or_default()
    }

    fn people(&self) -> String {
        let count = |number| self.phrases.count(number);
        match self.known.people.affected {
            report::Headcount::Exact(number) => self.with("told-people", "count", count(number)),
            report::Headcount::AtMost(number) => {
                self.with("told-people-at-most", "count", count(number))
            }
            report::Headcount::Unknown => self.word("told-people-unknown"),
        }
    }

    fn summary(&self) -> String {
        let mut paragraphs = vec![self.fact(FactKey::Overview)];
        let found = rules::instant_of(&self.known.milestones, report::Point::Detected);
        let mut sentences: Vec<String> = found
            .map(|at| self.with("told-detected", "when", self.phrases.instant(at)))
            .into_iter()
            .collect();
        sentences.push(self.people());
        sentences.push(self.word_for_data());
        sentences.push(self.fact(FactKey::Containment));
        sentences.retain(|sentence| !sentence.is_empty());
        let between = match self.phrases.locale() {
            Locale::Ja => "",
            Locale::En => " ",
        };
        paragraphs.push(sentences.join(between));
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.join("\n\n")
    }

    fn word_for_data(&self) -> String {
        let locale = self.phrases.locale();
        let names: Vec<_> = self
            .known
            .data
            .iter()
            .flat_map(|category| &category.items)
            .map(|item| item.get(locale))
            .collect();
        if names.is_empty() {
            return String::new();
        }
        let between = match locale {
            Locale::Ja => "、",
            Locale::En => ", ",
        };
        self.with("told-data", "items", names.join(between))
    }

    fn course(&self) -> String {
        let mut reached: Vec<_> = self
            .known
            .milestones
            .iter()
            .filter_map(|milestone| Some((milestone.at?, milestone.point)))
            .collect();
        reached.sort_by_key(|(at, _)| *at);
        let line = |(at, point): (Instant, report::Point)| {
            let what = self.phrases.word(&format!("fact-{}", point_key(point)));
            format!("- {} {what}\n", self.phrases.instant(at))
        };
        reached.into_iter().map(line).collect()
    }

    fn impact(&self) -> String {
        let mut lines = vec![self.people(), self.word_for_data()];
        let damage = self.fact(FactKey::SecondaryDamage);
        if !damage.is_empty() {
            lines.push(self.with("told-damage", "damage", damage));
        }
        lines.retain(|line| !line.is_empty());
        let known: String = lines.iter().map(|line| format!("- {line}\n")).collect();
        format!("{known}\n{}", self.word("told-consequences"))
    }

    fn duties(&self) -> String {
        let locale = self.phrases.locale();
        let (now, zone) = (self.known.now, self.phrases.zone());
        let line = |duty: &report::Obligation| {
            let span = |key: &str, span| {
                self.phrases
                    .word_with(key, &[("span", &self.phrases.span(span))])
            };
            let standing = match rules::standing(duty, now, zone) {
                Standing::Met => self.phrases.word("standing-met"),
                Standing::Late(late) => span("standing-late", late),
                Standing::Open(Some(left)) => span("standing-open-left", left),
                Standing::Open(None) => self.phrases.word("standing-open"),
                Standing::Overdue(over) => span("standing-overdue", over),
                Standing::NotRequired => self.phrases.word("standing-not-required"),
                Standing::Undecided => self.phrases.word("standing-undecided"),
            };
            let (title, article) = (duty.duty.get(locale), duty.citation.get(locale));
            match locale {
                Locale::Ja => format!("- {title}（{article}）：{standing}\n"),
                Locale::En => format!("- {title} ({article}): {standing}\n"),
            }
        };
        self.known.obligations.iter().map(line).collect()
    }

    fn notices(&self) -> String {
        let locale = self.phrases.locale();
        let line = |notice: &report::Notice| {
            let (kind, state) = (notice.kind.get(locale), notice.state.get(locale));
            let when = notice.issued_at.map(|at| self.phrases.instant(at));
            let said = when.unwrap_or_else(|| state.to_owned());
            match locale {
                Locale::Ja => format!("- {kind}：{said}\n"),
                Locale::En => format!("- {kind}: {said}\n"),
            }
        };
        self.known.notices.iter().map(line).collect()
    }
}

fn point_key(point: report::Point) -> &'static str {
    match point {
        report::Point::Occurred => "occurred",
        report::Point::Detected => "detected",
        report::Point::Known => "known",
        report::Point::Declared => "declared",
        report::Point::Contained => "contained",
        report::Point::Reported => "reported",
        report::Point::Notified => "notified",
        report::Point::Closed => "closed",
    }
}
