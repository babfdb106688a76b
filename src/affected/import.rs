//! Reads a roster file row by row into people, keys, links and problems.
//!
//! Runs inside one transaction and holds one chunk of rows at a time. A refusal
//! of the whole file is an error, so that the transaction takes back what was
//! written before it.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use jiff::civil::Date;

use super::columns::Layout;
use super::index::{BlindKey, Index, Match, Number};
use super::model::{KeyRow, LinkRow, PersonId, PersonRow, Reason, Roster, RosterProblem};
use super::rows::{self, Row};
use super::source::{self, Refusal};
use super::{PURPOSE, store};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::vault::DataKey;

const CHUNK: usize = 2_000;

/// Calls `each` with the layout, and for each row with its line in the file and its cells.
pub(super) fn each_row(
    file: impl Read,
    mut each: impl FnMut(Step<'_>) -> Result<()>,
) -> Result<()> {
    let (delimiter, watched) = source::open(file).map_err(unreadable)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(watched);
    let mut record = ByteRecord::new();
    let mut layout: Option<Layout> = None;
    let mut rows = 0_u64;
    while read(&mut reader, &mut record)? {
        // The reader knows where the next row begins; its own idea of a row's first line counts skipped lines in.
        let breaks = record
            .as_slice()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let next = reader.position().line();
        let line = next.saturating_sub(1 + u64::try_from(breaks).unwrap_or(0));
        let cells = record
            .iter()
            .map(std::str::from_utf8)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| refuse(Refusal::NotUtf8(line)))?;
        match &layout {
            None => {
                let read = Layout::of(delimiter, cells.into_iter());
                if !read.is_usable() {
                    return Err(refuse(Refusal::NoUsableColumn));
                }
                each(Step::Header(line, &read))?;
                layout = Some(read);
            }
            Some(layout) => {
                rows = rows.saturating_add(1);
                each(Step::Row(line, layout, &cells))?;
            }
        }
    }
    if rows == 0 {
        return Err(refuse(Refusal::NoRows));
    }
    Ok(())
}

/// What [`each_row`] meets.
pub(super) enum Step<'a> {
    /// The header, once.
    Header(u64, &'a Layout),
    /// A row below it.
    Row(u64, &'a Layout, &'a [&'a str]),
}

/// The state of one import.
pub(super) struct Intake<'a> {
    tx: &'a mut Conn,
    key: &'a DataKey,
    now: Instant,
    today: Date,
    roster: Roster,
    index: Index,
    /// People with a smaller number were there before this file.
    first_new: Number,
    /// The number of the first person in `people`.
    first_pending: Number,
    people: Vec<PersonRow>,
    keys: Vec<KeyRow>,
    links: Vec<LinkRow>,
    problems: Vec<RosterProblem>,
}

impl<'a> Intake<'a> {
    /// Begins an import with the people whom the incident already has.
    pub fn begin(
        tx: &'a mut Conn,
        key: &'a DataKey,
        now: Instant,
        today: Date,
        roster: Roster,
    ) -> Result<Self> {
        let mut index = Index::default();
        store::each_key(tx, &roster.incident_id, |kind, blind_index, person| {
            index.load(&(kind, blind_index), &person);
        })?;
        let first_new = index.loaded();
        Ok(Self {
            tx,
            key,
            now,
            today,
            roster,
            index,
            first_new,
            first_pending: first_new,
            people: Vec::new(),
            keys: Vec::new(),
            links: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// Takes the header or a row.
    pub fn take(&mut self, step: Step<'_>) -> Result<()> {
        match step {
            Step::Header(line, layout) => {
                for (_, name) in &layout.not_kept {
                    self.problem(line, name.clone(), Reason::ColumnNotKept);
                }
                Ok(())
            }
            Step::Row(line, layout, cells) => {
                self.row(line, Row::read(layout, cells, self.today))?;
                if self.links.len() >= CHUNK || self.problems.len() >= CHUNK {
                    self.flush()?;
                }
                Ok(())
            }
        }
    }

    /// Writes the rest and the roster itself.
    pub fn finish(mut self) -> Result<Roster> {
        self.flush()?;
        store::insert_roster(self.tx, &self.roster)?;
        Ok(self.roster)
    }

    fn row(&mut self, line: u64, row: Row) -> Result<()> {
        self.roster.rows += 1;
        for (field, reason) in &row.problems {
            let column = field.map_or("", super::Field::as_str).to_owned();
            self.problem(line, column, *reason);
        }
        if !row.is_kept() {
            return Ok(());
        }
        let keys = row
            .keys
            .iter()
            .map(|(kind, key)| Ok((*kind, self.key.blind_index(kind.as_str(), key)?)))
            .collect::<Result<Vec<BlindKey>>>()?;
        let number = match self.index.find(&keys) {
            Match::Known(number) => {
                self.merge(line, number, row)?;
                number
            }
            Match::New { shared } => {
                for kind in shared {
                    self.problem(line, kind.to_string(), Reason::SharedContact);
                }
                self.add(row)?
            }
        };
        let person_id = self.index.id(number);
        for key in keys {
            if self.index.take(&key, number) {
                self.keys.push(KeyRow {
                    incident_id: self.roster.incident_id.clone(),
                    kind: key.0,
                    blind_index: key.1,
                    person_id: person_id.clone(),
                });
            }
        }
        self.links.push(LinkRow {
            roster_id: self.roster.id.clone(),
            row: i64::try_from(line).unwrap_or(i64::MAX),
            person_id,
        });
        Ok(())
    }

    fn add(&mut self, row: Row) -> Result<Number> {
        let counter = u32::try_from(self.roster.people_added).map_err(Problem::internal)?;
        let id = PersonId::in_order(self.now, counter);
        let number = self.index.add(&id);
        self.people.push(PersonRow {
            id,
            incident_id: self.roster.incident_id.clone(),
            sealed: self.key.seal(PURPOSE, &serde_json::to_vec(&row.fields)?)?,
            locale: row
                .locale
                .unwrap_or_else(|| rows::default_locale(row.country)),
            country: row.country.map(str::to_owned),
            minor: row.minor.map(minor_text),
            has_email: row.fields.email.is_some(),
            has_phone: row.fields.phone.is_some(),
            has_line: row.fields.line_user_id.is_some(),
            recorded_at: self.now,
        });
        self.roster.people_added += 1;
        Ok(number)
    }

    fn merge(&mut self, line: u64, number: Number, row: Row) -> Result<()> {
        self.roster.duplicates += 1;
        let reason = if number < self.first_new {
            Reason::DuplicateOfEarlierRoster
        } else {
            Reason::DuplicateInFile
        };
        self.problem(line, String::new(), reason);
        let pending = number
            .checked_sub(self.first_pending)
            .and_then(|place| self.people.get_mut(usize::try_from(place).ok()?));
        let mut stored = match &pending {
            Some(person) => (**person).clone(),
            None => store::person(self.tx, &self.index.id(number))?,
        };
        let mut fields = super::fields_of(self.key, &stored.sealed)?;
        let differ = rows::names_differ(&fields, &row.fields);
        let mut changed = rows::fill(&mut fields, row.fields);
        if stored.country.is_none() && row.country.is_some() {
            stored.country = row.country.map(str::to_owned);
            changed = true;
        }
        if stored.minor.is_none() && row.minor.is_some() {
            stored.minor = row.minor.map(minor_text);
            changed = true;
        }
        if changed {
            stored.has_email = fields.email.is_some();
            stored.has_phone = fields.phone.is_some();
            stored.has_line = fields.line_user_id.is_some();
            stored.sealed = self.key.seal(PURPOSE, &serde_json::to_vec(&fields)?)?;
            match pending {
                Some(person) => *person = stored,
                None => store::update_person(self.tx, &stored)?,
            }
        }
        if differ {
            self.problem(line, super::Field::Name.to_string(), Reason::NameDiffers);
        }
        Ok(())
    }

    fn problem(&mut self, line: u64, column: String, reason: Reason) {
        self.roster.problem_count += 1;
        self.problems.push(RosterProblem {
            roster_id: self.roster.id.clone(),
            position: self.roster.problem_count,
            row: i64::try_from(line).unwrap_or(i64::MAX),
            column,
            reason,
        });
    }

    fn flush(&mut self) -> Result<()> {
        store::insert_people(self.tx, &self.people)?;
        store::insert_keys(self.tx, &self.keys)?;
        store::insert_links(self.tx, &self.links)?;
        store::insert_problems(self.tx, &self.problems)?;
        let written = Number::try_from(self.people.len()).unwrap_or(Number::MAX);
        self.first_pending = self.first_pending.saturating_add(written);
        self.people.clear();
        self.keys.clear();
        self.links.clear();
        self.problems.clear();
        Ok(())
    }
}

/// The text under which the database keeps whether somebody is a minor.
fn minor_text(minor: bool) -> String {
    if minor { "yes" } else { "no" }.to_owned()
}

fn read(reader: &mut csv::Reader<impl Read>, record: &mut ByteRecord) -> Result<bool> {
    reader
        .read_byte_record(record)
        .map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => unreadable(error),
            kind => Problem::internal(format!("the csv reader failed: {kind:?}")),
        })
}

fn unreadable(error: std::io::Error) -> Problem {
    source::refusal(&error).map_or_else(|| error.into(), refuse)
}

fn refuse(refusal: Refusal) -> Problem {
    let (reason, row) = match refusal {
        Refusal::Empty => ("empty", 1),
        Refusal::NotUtf8(row) => ("not-utf8", row),
        Refusal::UnclosedQuote(row) => ("unclosed-quote", row),
        Refusal::StrayQuote(row) => ("stray-quote", row),
        Refusal::LongRow(row) => ("long-row", row),
        Refusal::NoUsableColumn => ("no-usable-column", 1),
        Refusal::NoRows => ("no-rows", 1),
    };
    Problem::with(
        Code::UnreadableFile,
        &[("reason", reason), ("row", &row.to_string())],
    )
    .caused_by(refusal)
}
