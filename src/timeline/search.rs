//! Which entries somebody wants to see, in which order, from where on.
//!
//! The database filters and cuts the page, so that a page of 10,000 entries costs what
//! one of 100 does. Only what a text search finds is looked at once more here: the
//! database searches the payload with its keys, and keys are nobody's words.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Entry, Kind, store};
use crate::kernel::{Instant, Result};
use crate::store::Conn;

/// Entries that one read brings while a text is looked for.
const BATCH: usize = 200;

crate::text_enum! {
    /// Kinds that people look for together.
    pub enum Group {
        /// What people wrote down.
        Notes = "notes",
        /// Steps.
        Steps = "steps",
        /// Answers and clock starts.
        Facts = "facts",
        /// Evidence and people.
        Data = "data",
        /// Notices, reports, reminders.
        Notices = "notices",
        /// The incident itself.
        Incident = "incident",
    }
}

crate::text_enum! {
    /// How entries follow each other.
    pub enum Order {
        /// As they were recorded, newest first.
        Recorded = "recorded",
        /// As they happened, newest first.
        Occurred = "occurred",
        /// As they happened, oldest first: the course that a report tells.
        Course = "course",
    }
}

impl Group {
    /// The group of a kind.
    pub fn of(kind: Kind) -> Self {
        match kind.as_str().split('.').next().unwrap_or_default() {
            "note" | "decision" => Self::Notes,
            "step" | "playbook" => Self::Steps,
            "fact" | "clock" | "severity" => Self::Facts,
            "evidence" | "roster" | "people" => Self::Data,
            "notice" | "report" | "reminder" => Self::Notices,
            _ => Self::Incident,
        }
    }
}

/// Which sealed file belongs to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attached {
    /// Any.
    Any,
    /// This one, by its id.
    File(String),
}

/// What narrows; nothing of it shows everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only kinds of this group.
    pub group: Option<Group>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only what this actor did: an account's id, or `system`.
    pub actor: Option<String>,
    /// What happened at this instant or later.
    pub from: Option<Instant>,
    /// What happened before this instant.
    pub until: Option<Instant>,
    /// Only entries whose variables hold this text; upper and lower case are one, where the database knows both.
    pub text: Option<String>,
    /// Only what was chosen for the report.
    pub pinned: bool,
    /// Only entries with a sealed file.
    pub attached: Option<Attached>,
}

/// A page of entries.
#[derive(Clone, Debug)]
pub struct Found {
    /// The entries, in the order that was asked for.
    pub entries: Vec<Entry>,
    /// Whether there are more behind the last.
    pub more: bool,
}

impl Filter {
    /// Only what happened on these days, both included, as a zone counts days.
    pub fn days(mut self, from: Option<Date>, to: Option<Date>, zone: &TimeZone) -> Self {
        let begins = |day: Date| {
            let there = day.to_zoned(zone.clone()).ok()?;
            Some(Instant::from_timestamp(there.timestamp()))
        };
        self.from = from.and_then(begins);
        self.until = to.and_then(|day| day.tomorrow().ok()).and_then(begins);
        self
    }

    /// The kinds that may be seen; none where all of them may.
    pub(super) fn kinds(&self) -> Option<Vec<Kind>> {
        if self.group.is_none() && self.kind.is_none() {
            return None;
        }
        let wanted = |kind: &Kind| {
            self.kind.is_none_or(|only| only == *kind)
                && self.group.is_none_or(|group| group == Group::of(*kind))
        };
        Some(Kind::ALL.iter().copied().filter(wanted).collect())
    }

    /// Whether the text that is looked for stands in what an entry says, not only in the names of its variables.
    fn finds(&self, entry: &Entry) -> bool {
        self.text.as_deref().is_none_or(|text| {
            let text = text.to_lowercase();
            holds(&entry.details(), &text)
        })
    }
}

/// A page of what a filter finds, at most `limit`, behind the entry with the number `after`.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when no entry has the number `after`.
pub fn find(
    conn: &mut Conn,
    incident_id: &str,
    filter: &Filter,
    order: Order,
    after: Option<i64>,
    limit: usize,
) -> Result<Found> {
    // One more than the page tells whether there is another.
    let batch = match filter.text {
        None => limit.saturating_add(1),
        Some(_) => limit.saturating_add(1).max(BATCH),
    };
    let (mut entries, mut after) = (Vec::new(), after);
    loop {
        let read = store::find(conn, incident_id, filter, order, after, batch)?;
        let ended = read.len() < batch;
        after = read.last().map(|entry| entry.seq);
        entries.extend(read.into_iter().filter(|entry| filter.finds(entry)));
        if ended || entries.len() > limit {
            let more = entries.len() > limit;
            entries.truncate(limit);
            return Ok(Found { entries, more });
        }
    }
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(said) => said.to_lowercase().contains(text),
        Value::Number(number) => number.to_string().contains(text),
        Value::Array(all) => all.iter().any(|value| holds(value, text)),
        Value::Object(all) => all.values().any(|value| holds(value, text)),
        Value::Bool(_) | Value::Null => false,
    }
}
