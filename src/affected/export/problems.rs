//! The rows of a roster that ask for correction, as they stand in its file, with what is wrong.
//!
//! Read again from the sealed file, with every cell and the original header. Two columns
//! come last: what to correct, and the row in the original file. They are known again by
//! their names when the corrected file comes back, and the columns that a person chose for
//! the original are chosen again.

use super::super::model::{Field, Layout, Roster, RosterProblem};
use super::super::{columns, inspection, store as rooms};
use super::files::{Out, Table};
use super::run::Job;
use super::store;
use super::words;
use crate::evidence::{self, SealedReader};
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::sheets::{self, Row, Rows};
use crate::store::Conn;

/// Problems that are read at once.
const CHUNK: i64 = 1_000;
/// Rows of the file between two looks whether somebody stopped the export.
const LOOK_AFTER: u32 = 5_000;

/// What the columns of a written file hold, to be remembered under its header.
pub(super) struct Mapping {
    header_digest: String,
    columns: Vec<Option<Field>>,
}

impl Mapping {
    pub fn remember(&self, tx: &mut Conn, now: Instant) -> Result<()> {
        let columns = serde_json::to_string(&self.columns)?;
        Ok(rooms::remember_mapping(
            tx,
            &self.header_digest,
            &columns,
            now,
        )?)
    }
}

/// Whether a column is one of the two that only these files have.
pub(in crate::affected) fn is_own_column(name: &str) -> bool {
    Locale::ALL
        .iter()
        .any(|locale| own_columns(*locale).iter().any(|own| own == name))
}

fn own_columns(locale: Locale) -> [String; 2] {
    ["to-correct", "row"].map(|column| words::column(locale, column))
}

/// Writes the rows; no table when it was stopped.
pub(super) fn write(job: &mut Job<'_>, out: Out) -> Result<(Option<Table>, Option<Mapping>)> {
    let (roster, file) = open(job)?;
    let layout = roster.layout()?;
    let locale = job.export.locale;
    let mut rows =
        sheets::rows(file, &layout.reading).map_err(|refusal| inspection::refuse(&refusal))?;
    let mut row = Row::default();
    let mut header = vec![String::new(); layout.names.len()];
    if layout.header_row == 0 {
        header = named(&layout, locale);
    } else if find(job, &mut rows, &mut row, layout.header_row)? == Found::Yes {
        header = cells(&row, header.len());
    }
    let width = header.len();
    header.extend(own_columns(locale));
    let sheet = words::text(locale, "export-content-problems");
    let mut widths = vec![18; width];
    widths.extend([60, 8]);
    let mut table = job.table(out, &sheet, &header, &widths)?;
    let mut waiting = Waiting::new(&roster);
    while let Some((number, problems)) = job.store.read_blocking(|conn| waiting.next(conn))? {
        match find(job, &mut rows, &mut row, number)? {
            Found::Yes => {}
            // The file is what it was, or its seal would not open: the row is there.
            Found::No => return Err(Problem::internal("a row of a roster is not in its file")),
            Found::Stopped => return Ok((None, None)),
        }
        let mut line = cells(&row, width);
        line.push(what_to_correct(&problems, &layout, locale));
        line.push(number.to_string());
        let line: Vec<_> = line.iter().map(String::as_str).collect();
        table.row(&line)?;
        job.rows = job.rows.saturating_add(1);
    }
    let mut fields = layout.columns;
    fields.resize(width, None);
    fields.extend([None, None]);
    let mapping = Mapping {
        header_digest: columns::header_digest(&header),
        columns: fields,
    };
    Ok((Some(table), Some(mapping)))
}

fn open(job: &Job<'_>) -> Result<(Roster, SealedReader)> {
    let now = job.clock.now();
    let id = job
        .export
        .roster_id
        .as_ref()
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    job.store.write_blocking(|tx| {
        let roster = rooms::roster(tx, id)?;
        let (_, file) = evidence::reader(tx, job.vault, job.files, now, &roster.evidence_id)?;
        Ok((roster, file))
    })
}

/// The problems of the next rows, row by row.
struct Waiting<'a> {
    roster: &'a Roster,
    /// The last problem that was read.
    position: i64,
    read: std::collections::VecDeque<RosterProblem>,
    is_all: bool,
}

impl<'a> Waiting<'a> {
    fn new(roster: &'a Roster) -> Self {
        Self {
            roster,
            position: 0,
            read: std::collections::VecDeque::new(),
            is_all: false,
        }
    }

    /// The next row that asks for correction, with everything that is wrong in it.
    fn next(&mut self, conn: &mut Conn) -> Result<Option<(u64, Vec<RosterProblem>)>> {
        let mut of_row: Vec<RosterProblem> = Vec::new();
        loop {
            if self.read.is_empty() && !self.is_all {
                let read = store::problems_to_correct(conn, &self.roster.id, self.position, CHUNK)?;
                self.is_all = read.is_empty();
                self.position = read
                    .last()
                    .map_or(self.position, |problem| problem.position);
                self.read.extend(read);
            }
            let row = of_row.first().map(|problem| problem.row);
            match self.read.front() {
                Some(next) if row.is_none_or(|row| row == next.row) => {
                    of_row.extend(self.read.pop_front());
                }
                _ => break,
            }
        }
        let Some(row) = of_row.first().map(|problem| problem.row) else {
            return Ok(None);
        };
        Ok(Some((
            u64::try_from(row).map_err(Problem::internal)?,
            of_row,
        )))
    }
}

#[derive(PartialEq, Eq)]
enum Found {
    Yes,
    No,
    Stopped,
}

/// Goes on in the file to the row of this number.
fn find(
    job: &mut Job<'_>,
    rows: &mut Rows<SealedReader>,
    row: &mut Row,
    number: u64,
) -> Result<Found> {
    if row.number() == number {
        return Ok(Found::Yes);
    }
    let mut passed = 0_u32;
    while rows
        .next(row)
        .map_err(|refusal| inspection::refuse(&refusal))?
    {
        if row.number() >= number {
            return Ok(if row.number() == number {
                Found::Yes
            } else {
                Found::No
            });
        }
        passed += 1;
        if passed.is_multiple_of(LOOK_AFTER) && !job.goes_on()? {
            return Ok(Found::Stopped);
        }
    }
    Ok(Found::No)
}

/// The cells of a row, as many as the header has; what is beyond joins the last, so that nothing is lost.
fn cells(row: &Row, width: usize) -> Vec<String> {
    let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
    if width > 0 && cells.len() > width {
        let rest = cells.split_off(width - 1);
        cells.push(rest.join(" "));
    }
    cells.resize(width, String::new());
    cells
}

/// Headers for a file that has none, so that it is read right when it comes back.
fn named(layout: &Layout, locale: Locale) -> Vec<String> {
    layout
        .columns
        .iter()
        .zip(&layout.names)
        .map(|(field, name)| match field {
            Some(field) => words::column(locale, field.as_str()),
            None => name.clone(),
        })
        .collect()
}

/// What is wrong with a row: the columns by the names that they have in the file, each with its reason.
fn what_to_correct(problems: &[RosterProblem], layout: &Layout, locale: Locale) -> String {
    let column = |problem: &RosterProblem| {
        let field: Field = problem.column.parse().ok()?;
        let place = layout
            .columns
            .iter()
            .position(|column| *column == Some(field))?;
        let name = layout
            .names
            .get(place)
            .filter(|name| !name.starts_with('#'));
        Some(
            name.cloned()
                .unwrap_or_else(|| words::column(locale, field.as_str())),
        )
    };
    let said: Vec<_> = problems
        .iter()
        .map(|problem| {
            let reason = locale::text(locale, &format!("roster-problem-{}", problem.reason));
            match column(problem) {
                Some(column) => words::cell(locale, &column, &reason),
                None => reason,
            }
        })
        .collect();
    said.join(" / ")
}
