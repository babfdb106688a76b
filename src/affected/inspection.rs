//! A roster's file, read through without writing anything: how it is read, what its columns hold.

use std::io::{Read, Seek};

use super::columns;
use super::model::Layout;
use crate::kernel::{Code, Problem, Result};
use crate::sheets::{self, Format, Reading, Refusal, Survey};

/// How a person says that a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Encoding, delimiter, sheet.
    pub reading: Reading,
    /// The row of the header, 0 for none; looked for where nothing is said.
    pub header_row: Option<u64>,
}

/// What a file holds, read through without importing it.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// How it is read, and which column holds what, as far as that could be guessed.
    pub layout: Layout,
    /// Rows below the header.
    pub rows: u64,
    /// What the file itself tells.
    pub survey: Survey,
    /// Under which a mapping of these columns is remembered.
    pub header_digest: String,
}

/// Reads a roster file through without writing anything.
///
/// `correction` is a person's word on encoding, delimiter, sheet and header.
///
/// # Errors
/// [`Code::UnreadableFile`] with `reason` and `row`.
pub fn inspect(file: impl Read + Seek, correction: Option<&Correction>) -> Result<Inspection> {
    let survey = match correction {
        Some(correction) => sheets::survey_as(file, &correction.reading),
        None => sheets::survey(file),
    }
    .map_err(|refusal| refuse(&refusal))?;
    let header = match correction.and_then(|correction| correction.header_row) {
        Some(number) => survey.head.iter().find(|row| row.number == number),
        None => columns::header(&survey.head),
    };
    let (header_row, names) = match header {
        Some(row) => (row.number, row.cells.clone()),
        None => (
            0,
            survey
                .head
                .first()
                .map(|row| row.cells.clone())
                .unwrap_or_default(),
        ),
    };
    let mut names = names;
    // A worksheet may be wider than its header; a column without a name can still be chosen.
    // In a CSV file a longer row is a broken one, and says nothing of the others.
    if survey.reading.format == Format::Xlsx {
        names.resize(survey.columns.max(names.len()), String::new());
    }
    let above = survey
        .head
        .iter()
        .filter(|row| row.number <= header_row)
        .count();
    let rows = survey
        .rows
        .saturating_sub(u64::try_from(above).unwrap_or(0));
    if rows == 0 {
        return Err(unreadable("no-rows", 1));
    }
    let layout = columns::guess(survey.reading.clone(), header_row, &names);
    let header_digest = if header_row == 0 {
        // The first row of a file without a header is a person: nothing of it is remembered.
        String::new()
    } else {
        columns::header_digest(&names)
    };
    Ok(Inspection {
        layout,
        rows,
        survey,
        header_digest,
    })
}

/// A file that cannot be read, as the problem that pages and API show.
pub(super) fn refuse(refusal: &Refusal) -> Problem {
    let (reason, row) = reason(refusal);
    unreadable(reason, row)
}

/// The answer to a roster of which no column is known, where nobody is there to choose.
pub fn no_usable_column() -> Problem {
    unreadable("no-usable-column", 1)
}

/// A file that cannot be read, by the stable word of the reason.
pub(super) fn unreadable(reason: &str, row: u64) -> Problem {
    Problem::with(
        Code::UnreadableFile,
        &[("reason", reason), ("row", &row.to_string())],
    )
}

/// The stable word of a refusal, with the row that it names.
pub(super) fn reason(refusal: &Refusal) -> (&'static str, u64) {
    match refusal {
        Refusal::Empty => ("empty", 1),
        Refusal::WrongEncoding { row } => ("wrong-encoding", *row),
        Refusal::Binary => ("binary", 1),
        Refusal::UnclosedQuote { row } => ("unclosed-quote", *row),
        Refusal::StrayQuote { row } => ("stray-quote", *row),
        Refusal::LongRow { row } => ("long-row", *row),
        Refusal::TooManyColumns { row } => ("too-many-columns", *row),
        Refusal::NotAWorkbook => ("not-a-workbook", 1),
        Refusal::Encrypted => ("encrypted", 1),
        Refusal::NoVisibleSheet => ("no-visible-sheet", 1),
        Refusal::NoSuchSheet => ("no-such-sheet", 1),
        Refusal::TooLargeInside { .. } => ("too-large-inside", 1),
        _ => ("broken", 1),
    }
}
