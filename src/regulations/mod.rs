//! The law as data: a file per regime and version, each item with its citation.
//!
//! The files of `content/regulations` and `content/calendars`, and a user's own,
//! come in; typed rules go out, checked against the questions that the incidents
//! know. This room refuses to know any incident; it decides nothing.

pub mod authorities;
pub mod calendar;
pub mod clock;
pub mod condition;
pub mod fact_test;
mod library;
pub mod lint;
pub mod model;
pub mod outcome;

use jiff::civil::Date;

pub use calendar::{Calendar, Calendars};
pub use clock::{Clock, ClosedStart, Counting, DueKind, EventHour, Level, Part, Roll, StartFrom};
pub use condition::Condition;
pub use fact_test::{FactTest, Test};
pub use library::{Library, install, library};
pub use model::{
    Addressee, Applies, AuthorityList, Basis, Confidence, Content, Duty, Exemption, Form, Late,
    Nature, Recipient, RecipientKind, Regulation, Source, Trigger,
};
pub use outcome::Outcome;

/// Every regulation in use, in every version.
pub fn all() -> &'static [Regulation] {
    &library().regulations
}

/// The regulation of this id, in the newest version that has a first day.
pub fn find(id: &str) -> Option<&'static Regulation> {
    let found = || all().iter().rev().filter(|it| it.id == id);
    found()
        .find(|regulation| regulation.in_force.from.is_some())
        .or_else(|| found().next())
}

/// The regulations that are in force on a day: of each regime the newest version that is.
pub fn in_force(day: Date) -> impl Iterator<Item = &'static Regulation> + Clone {
    all().iter().filter(move |regulation| {
        regulation.in_force.holds_on(day)
            && !all().iter().any(|other| {
                // The number first: few versions follow another, and this runs at every look.
                other.version > regulation.version
                    && other.id == regulation.id
                    && other.in_force.holds_on(day)
            })
    })
}

/// A duty by its id, such as `jp-appi/final-report`, in the newest version that has begun or has a date.
pub fn duty(id: &str) -> Option<(&'static Regulation, &'static Duty)> {
    let found = || {
        all().iter().rev().filter_map(|regulation| {
            let duty = regulation.duties.iter().find(|duty| duty.id == id)?;
            Some((regulation, duty))
        })
    };
    found()
        .find(|(regulation, _)| regulation.in_force.from.is_some())
        .or_else(|| found().next())
}

/// Every calendar in use.
pub fn calendars() -> &'static Calendars {
    &library().calendars
}

/// Reads and checks one file of a regulation.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse(source: &str) -> Result<Regulation, Vec<lint::Fault>> {
    lint::regulation("regulation", source, calendars())
}
