//! The law as data: a file per regime and version, each item with its citation.
//!
//! The files of `content/regulations` and `content/calendars` come in; typed rules
//! go out, checked against the questions that the incidents know. This room
//! refuses to know any incident; it decides nothing.

pub mod calendar;
pub mod condition;
pub mod model;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use jiff::civil::Date;

pub use calendar::{Calendar, Calendars};
pub use condition::{Condition, FactTest, Outcome, Test};
pub use model::{
    Basis, Clock, Confidence, Content, Counting, DueKind, Duty, Exemption, Level, Nature,
    Recipient, RecipientKind, Regulation, Roll, Source, Trigger,
};

/// Every regulation that comes with the product.
///
/// # Panics
/// When an embedded file is broken; a test of the same build reads them all.
pub fn all() -> &'static [Regulation] {
    &REGULATIONS
}

/// The regulation of this id, in its newest version.
pub fn find(id: &str) -> Option<&'static Regulation> {
    all().iter().rfind(|regulation| regulation.id == id)
}

/// The regulations that are in force on a day.
pub fn in_force(day: Date) -> impl Iterator<Item = &'static Regulation> {
    all()
        .iter()
        .filter(move |regulation| regulation.in_force.holds_on(day))
}

/// A duty by its id, such as `jp-appi/final-report`.
pub fn duty(id: &str) -> Option<(&'static Regulation, &'static Duty)> {
    all().iter().rev().find_map(|regulation| {
        let duty = regulation.duties.iter().find(|duty| duty.id == id)?;
        Some((regulation, duty))
    })
}

/// Every calendar that comes with the product.
pub fn calendars() -> &'static Calendars {
    &CALENDARS
}

/// Reads and checks one file of a regulation.
pub fn parse(source: &str) -> Result<Regulation, String> {
    let regulation: Regulation = toml::from_str(source).map_err(|error| error.to_string())?;
    check(&regulation)?;
    Ok(regulation)
}

static REGULATION_FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/regulations");
static CALENDAR_FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/calendars");

static REGULATIONS: LazyLock<Vec<Regulation>> = LazyLock::new(|| {
    let mut regulations = embedded(&REGULATION_FILES, parse);
    regulations.sort_by(|a, b| (a.rank, &a.id, a.version).cmp(&(b.rank, &b.id, b.version)));
    regulations
});

static CALENDARS: LazyLock<Calendars> = LazyLock::new(|| {
    Calendars::new(embedded(&CALENDAR_FILES, |source| {
        toml::from_str::<Calendar>(source).map_err(|error| error.to_string())
    }))
});

fn embedded<T>(files: &Dir<'static>, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
    files
        .files()
        .map(|file| {
            let parsed = file
                .contents_utf8()
                .ok_or_else(|| "is not UTF-8".to_owned())
                .and_then(&parse);
            // A server that silently lacks a law would be worse than one that does not start.
            #[expect(
                clippy::panic,
                reason = "the files are part of the build, and a test reads them"
            )]
            parsed.unwrap_or_else(|error| panic!("{}: {error}", file.path().display()))
        })
        .collect()
}

/// Checks what the types cannot say: names that refer to each other, and tests that fit their question.
fn check(regulation: &Regulation) -> Result<(), String> {
    let triggers: BTreeSet<_> = regulation.triggers.iter().map(|t| t.id.as_str()).collect();
    let exemptions: BTreeSet<_> = regulation
        .exemptions
        .iter()
        .map(|e| e.id.as_str())
        .collect();
    if triggers.len() != regulation.triggers.len()
        || exemptions.len() != regulation.exemptions.len()
    {
        return Err("two triggers or two exemptions have the same id".to_owned());
    }
    // Conditions of triggers stand alone, so that evaluating them ends.
    if let Some(trigger) = regulation
        .triggers
        .iter()
        .find(|trigger| !trigger.condition.triggers().is_empty())
    {
        return Err(format!("trigger {} rests on another trigger", trigger.id));
    }
    let conditions = regulation
        .triggers
        .iter()
        .map(|trigger| &trigger.condition)
        .chain(
            regulation
                .exemptions
                .iter()
                .map(|exemption| &exemption.condition),
        )
        .chain(regulation.duties.iter().map(|duty| &duty.when))
        .chain(
            regulation
                .duties
                .iter()
                .flat_map(|duty| &duty.clocks)
                .filter_map(|clock| clock.when.as_ref()),
        );
    for condition in conditions {
        condition.check(&triggers)?;
    }
    for duty in &regulation.duties {
        if !duty.id.starts_with(&format!("{}/", regulation.id)) {
            return Err(format!("duty {} does not begin with its regime", duty.id));
        }
        if let Some(name) = duty
            .unless
            .iter()
            .find(|n| !exemptions.contains(n.as_str()))
        {
            return Err(format!("duty {} names no such exemption: {name}", duty.id));
        }
    }
    Ok(())
}
