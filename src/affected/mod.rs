//! Who is affected: rosters imported, people recognised, counted, shown masked.
//!
//! In comes a sealed roster file; out go people (each once in an incident), the
//! problems of the file, and counts. What is known of a person is sealed as a
//! whole with the key of the incident's people; a person is recognised by keyed
//! blind indexes. The room refuses to know what is written to the people, and
//! shows no value without a mask but by [`reveal`], which the timeline remembers.
//!
//! [`rosters`](mod@rosters) leads a file from its handing in to its import,
//! [`intake`] does the import, [`register`] is what came of it, [`export`] takes it out
//! again, [`keeping`] ends it.

pub mod catalogue;
mod columns;
mod conflicts;
mod countries;
pub mod export;
mod inspection;
pub mod intake;
pub mod keeping;
mod model;
pub mod normalise;
mod numbers;
mod people;
mod records;
mod regions;
pub mod register;
pub mod rosters;
mod rows;
pub mod rules;
mod store;

pub use conflicts::{compare, conflicts, decide, open_conflicts};
pub use model::{
    Channel, Compared, Conflict, ConflictId, Counts, Cursor, Decision, Field, Filter, Holdings,
    KeyKind, Layout, MaskedPerson, NewRetention, NoticeState, Page, Person, PersonId, Progress,
    Reason, Recipient, Record, Retention, Roster, RosterId, RosterProblem, RosterState,
};
pub use numbers::{note_until, noted_until, remember_number, remembered_number};
pub use people::{Found, count_lookup, look_up, lookups, mark, reveal};
pub use register::{count, counts, recipients};
pub use rosters::NewRoster;

use people::person_of;

use crate::kernel::problem::FieldProblem;

/// The largest roster file that is read when no setting says otherwise: 2 GiB.
pub const DEFAULT_LIMIT: u64 = 2 * 1024 * 1024 * 1024;

fn check_text(field: &str, text: &str, limit: usize, wrong: &mut Vec<FieldProblem>) {
    if text.chars().any(char::is_control) {
        wrong.push(field_problem(field, "field-control-characters", None));
    }
    if text.chars().count() > limit {
        wrong.push(field_problem(field, "field-too-long", Some(limit)));
    }
}

fn field_problem(field: &str, key: &'static str, limit: Option<usize>) -> FieldProblem {
    let limit = limit.map(|limit| ("maximum", limit.to_string()));
    FieldProblem {
        field: field.to_owned(),
        key,
        params: limit.into_iter().collect(),
    }
}
