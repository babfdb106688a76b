//! Reads one file and finds what is wrong in it, with the line.
//!
//! What the types cannot say is checked here: names that refer to each other, tests
//! that fit their question, words in both languages, intervals that are possible.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::DeserializeOwned;

use super::calendar::{Calendar, Calendars};
use super::clock::{Clock, Counting, Roll, StartFrom};
use super::condition::Condition;
use super::model::{Basis, Duty, Regulation};
use crate::incidents::clock_starts::is_zone;
use crate::incidents::facts::places;
use crate::kernel::LocaleText;

/// What is wrong in a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl Fault {
    /// A fault on this line.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for Fault {}

/// Reads one regulation.
///
/// # Errors
/// Everything that is wrong in it.
pub fn regulation(
    file: &str,
    source: &str,
    calendars: &Calendars,
) -> Result<Regulation, Vec<Fault>> {
    let mut regulation: Regulation = parse(file, source).map_err(|fault| vec![fault])?;
    regulation.resolve();
    let mut check = Check {
        file,
        source,
        regulation: &regulation,
        calendars,
        faults: Vec::new(),
    };
    check.all();
    let faults = check.faults;
    if faults.is_empty() {
        Ok(regulation)
    } else {
        Err(faults)
    }
}

/// Reads one calendar.
///
/// # Errors
/// The first thing that is wrong in it.
pub fn calendar(file: &str, source: &str) -> Result<Calendar, Fault> {
    let calendar: Calendar = parse(file, source)?;
    let empty = |text: &LocaleText| text.ja.trim().is_empty() || text.en.trim().is_empty();
    if empty(&calendar.title) || calendar.holidays.iter().any(|day| empty(&day.name)) {
        return Err(Fault::new(file, 1, "a name lacks ja or en"));
    }
    Ok(calendar)
}

fn parse<T: DeserializeOwned>(file: &str, source: &str) -> Result<T, Fault> {
    toml::from_str(source).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Fault::new(file, line_of(source, at), error.message())
    })
}

fn line_of(source: &str, at: usize) -> usize {
    let before = source.as_bytes().get(..at).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

struct Check<'a> {
    file: &'a str,
    source: &'a str,
    regulation: &'a Regulation,
    calendars: &'a Calendars,
    faults: Vec<Fault>,
}

impl Check<'_> {
    /// Notes a fault on the first line that has these words.
    fn fault(&mut self, words: &str, message: impl Into<String>) {
        let at = self.source.find(words).unwrap_or(0);
        let line = line_of(self.source, at);
        self.faults.push(Fault::new(self.file, line, message));
    }

    fn all(&mut self) {
        let regulation = self.regulation;
        self.head();
        let triggers = self.named("trigger", regulation.triggers.iter().map(|it| &it.id));
        let exemptions = self.named("exemption", regulation.exemptions.iter().map(|it| &it.id));
        self.named("duty", regulation.duties.iter().map(|it| &it.id));
        if let Some(applies) = &regulation.applies {
            self.text("[applies]", &applies.words);
            self.basis("[applies]", &applies.basis);
            self.condition("[applies]", &applies.condition, &BTreeSet::new());
        }
        for trigger in &regulation.triggers {
            let at = quoted(&trigger.id);
            self.text(&at, &trigger.words);
            self.basis(&at, &trigger.basis);
            // Conditions of triggers stand alone, so that evaluating them ends.
            self.condition(&at, &trigger.condition, &BTreeSet::new());
        }
        for exemption in &regulation.exemptions {
            let at = quoted(&exemption.id);
            self.text(&at, &exemption.words);
            self.basis(&at, &exemption.basis);
            self.condition(&at, &exemption.condition, &triggers);
        }
        for duty in &regulation.duties {
            self.duty(duty, &triggers, &exemptions);
        }
    }

    fn head(&mut self) {
        let regulation = self.regulation;
        self.text("title", &regulation.title);
        self.text("authority", &regulation.authority);
        if let (Some(from), Some(to)) = (regulation.in_force.from, regulation.in_force.to)
            && to < from
        {
            self.fault("in_force", "in_force ends before it begins");
        }
        if regulation.jurisdiction != "EU" && !places::is_place(&regulation.jurisdiction) {
            self.fault(
                "jurisdiction",
                "expected a place such as JP or US-CA, or EU",
            );
        }
        if regulation.sources.is_empty() {
            self.fault("id", "a regulation needs at least one source");
        }
        for source in &regulation.sources {
            self.text("[[sources]]", &source.title);
            self.url("[[sources]]", &source.url);
        }
        for note in &regulation.notes {
            self.text("[[notes]]", note);
        }
        if regulation.duties.is_empty() {
            self.fault("id", "a regulation needs at least one duty");
        }
    }

    fn named<'n>(
        &mut self,
        what: &str,
        ids: impl Iterator<Item = &'n String>,
    ) -> BTreeSet<&'n str> {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id.as_str()) {
                self.fault(&quoted(id), format!("two have the same id: {what} {id}"));
            }
        }
        seen
    }

    fn duty(&mut self, duty: &Duty, triggers: &BTreeSet<&str>, exemptions: &BTreeSet<&str>) {
        let at = &quoted(&duty.id);
        if !duty.id.starts_with(&format!("{}/", self.regulation.id)) {
            self.fault(
                at,
                format!("duty {} does not begin with its regime", duty.id),
            );
        }
        for text in [&duty.title, &duty.recipient.name]
            .into_iter()
            .chain(&duty.method)
        {
            self.text(at, text);
        }
        duty.notes.iter().for_each(|note| self.text(at, note));
        self.basis(at, &duty.basis);
        self.condition(at, &duty.when, triggers);
        if !duty.when.tests().is_empty() {
            self.fault(
                at,
                "when is made of triggers only, so that each has words and an article",
            );
        }
        for name in duty
            .unless
            .iter()
            .filter(|name| !exemptions.contains(name.as_str()))
        {
            self.fault(
                at,
                format!("duty {} names no such exemption: {name}", duty.id),
            );
        }
        if let Some(form) = &duty.form {
            self.text(at, &form.title);
            self.url(at, &form.url);
        }
        if let Some(late) = &duty.late {
            self.text(at, &late.words);
            self.basis(at, &late.basis);
        }
        for addressee in &duty.addressees {
            self.text(at, &addressee.name);
            self.condition(at, &addressee.when, triggers);
        }
        for content in &duty.contents {
            self.text(at, &content.words);
            self.text(at, &content.article);
        }
        if duty.clocks.is_empty() {
            self.fault(at, format!("duty {} has no clock", duty.id));
        }
        let mut seen = BTreeSet::new();
        for clock in &duty.clocks {
            if !seen.insert(&clock.id) {
                self.fault(at, format!("duty {}: two clocks {}", duty.id, clock.id));
            }
            self.clock(at, duty, clock, triggers);
        }
    }

    fn clock(&mut self, at: &str, duty: &Duty, clock: &Clock, triggers: &BTreeSet<&str>) {
        self.text(at, &clock.words);
        self.basis(at, &clock.basis);
        if let Some(when) = &clock.when {
            self.condition(at, when, triggers);
        }
        let by_parts = matches!(clock.counting, Counting::Earliest { .. });
        if by_parts != clock.starts.is_empty() {
            let message = format!(
                "clock {} of {}: starts belong to the clock, or to the parts of earliest",
                clock.id, duty.id
            );
            self.fault(at, message);
        }
        self.counting(at, &clock.starts, &clock.counting);
    }

    fn counting(&mut self, at: &str, starts: &[StartFrom], counting: &Counting) {
        for start in starts {
            // Duties of other regimes are looked for when all files are there.
            let own = format!("{}/", self.regulation.id);
            if let StartFrom::Filed(id) = start
                && id.starts_with(&own)
                && !self.regulation.duties.iter().any(|duty| duty.id == *id)
            {
                self.fault(at, format!("no such duty: {id}"));
            }
        }
        let (calendars, zones, parts) = counting.names();
        if calendars.is_empty() && counting.roll() != Roll::None {
            self.fault(at, "a roll needs a calendar");
        }
        for calendar in calendars {
            if self.calendars.get(calendar).is_none() {
                self.fault(at, format!("no such calendar: {calendar}"));
            }
        }
        for zone in zones {
            if !is_zone(zone) {
                self.fault(at, format!("no such time zone: {zone}"));
            }
        }
        for part in parts {
            if matches!(part.counting, Counting::Earliest { .. }) {
                self.fault(at, "a part of earliest cannot be an earliest itself");
            }
            self.counting(at, &part.starts, &part.counting);
        }
    }

    fn condition(&mut self, at: &str, condition: &Condition, triggers: &BTreeSet<&str>) {
        if let Err(message) = condition.check(triggers) {
            self.fault(at, message);
        }
    }

    fn text(&mut self, at: &str, text: &LocaleText) {
        if text.ja.trim().is_empty() || text.en.trim().is_empty() {
            self.fault(at, "words are missing in ja or en");
        }
    }

    fn basis(&mut self, at: &str, basis: &Basis) {
        self.text(at, &basis.article);
        self.url(at, &basis.url);
    }

    fn url(&mut self, at: &str, url: &str) {
        if !url.starts_with("https://") || url::Url::parse(url).is_err() {
            self.fault(
                at,
                format!("expected an address that begins with https://: {url}"),
            );
        }
    }
}

fn quoted(id: &str) -> String {
    format!("\"{id}\"")
}
