//! Exports, their contents, formats and states.

use diesel::prelude::*;
use serde::Serialize;

use super::super::catalogue::catalogue;
use super::super::model::{Filter, RosterId};
use super::super::people::checked_reason;
use super::super::regions;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Instant, Locale, Problem, Result};
use crate::store::schema::register_exports;

crate::ids! {
    /// Names one export of a register.
    ExportId;
}

crate::text_enum! {
    /// What an export holds; its words stand under `export-content-<content>`.
    pub enum ExportContent {
        /// Everybody with everything that is known.
        Register = "register",
        /// The addresses of whoever has one, for letters.
        Letters = "letters",
        /// A letter to each, as PDF.
        LetterPdfs = "letter-pdfs",
        /// The ids that LINE gave them, five hundred a file.
        LineIds = "line-ids",
        /// What became of every notice to each of them.
        Deliveries = "deliveries",
        /// The rows of one roster that should be corrected and handed in again.
        Problems = "problems",
    }
}

crate::text_enum! {
    /// How an export is written; its words stand under `export-format-<format>`.
    pub enum ExportFormat {
        /// An Excel workbook in which every cell is text.
        Xlsx = "xlsx",
        /// CSV in UTF-8 with a byte order mark.
        CsvUtf8 = "csv-utf8",
        /// CSV in Shift_JIS as Windows writes it.
        CsvCp932 = "csv-cp932",
        /// Several files in one.
        Zip = "zip",
    }
}

impl ExportContent {
    /// Whether it is written as several files in one.
    pub fn is_several_files(self) -> bool {
        matches!(self, Self::LetterPdfs | Self::LineIds)
    }
}

impl ExportFormat {
    /// The ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::CsvUtf8 | Self::CsvCp932 => "csv",
            Self::Zip => "zip",
        }
    }
}

crate::text_enum! {
    /// How far an export has come; its words stand under `export-state-<state>`.
    pub enum ExportState {
        /// Waits for its turn.
        Waiting = "waiting",
        /// Is being written.
        Running = "running",
        /// Can be downloaded.
        Done = "done",
        /// Could not be written; nothing of it stays.
        Failed = "failed",
        /// Stopped by a person; nothing of it stays.
        Cancelled = "cancelled",
        /// The file is gone; what it was is still on record.
        Expired = "expired",
    }
}

impl ExportState {
    /// Whether it is being written, or will be.
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct NewExport {
    /// What it holds.
    pub content: ExportContent,
    /// How it is written.
    pub format: ExportFormat,
    /// Which people; of no account for [`ExportContent::Problems`].
    pub filter: Filter,
    /// The roster whose rows are to be corrected; for [`ExportContent::Problems`] only.
    pub roster: Option<RosterId>,
    /// What it is needed for.
    pub reason: String,
    /// The language of headers and words.
    pub locale: Locale,
    /// The notice whose text letters hold; for [`ExportContent::LetterPdfs`] only.
    pub notice: Option<String>,
}

impl NewExport {
    /// The same, with the reason trimmed and without what does not count for its content.
    pub(super) fn checked(self) -> Result<Self> {
        let mut wrong = match checked_reason(&self.reason) {
            Ok(_) => Vec::new(),
            Err(problem) => problem.fields,
        };
        let by_roster = self.content == ExportContent::Problems;
        if by_roster && self.roster.is_none() {
            wrong.push(problem("roster", "field-required"));
        }
        let holds_letters = self.content == ExportContent::LetterPdfs;
        if holds_letters && self.notice.is_none() {
            wrong.push(problem("notice", "field-required"));
        }
        // Several files come in one; everything else is a table.
        if self.content.is_several_files() != (self.format == ExportFormat::Zip) {
            wrong.push(problem("format", "field-invalid-choice"));
        }
        let filter = if by_roster {
            Filter::default()
        } else {
            self.filter
        };
        check(&filter, &mut wrong);
        if !wrong.is_empty() {
            return Err(Problem::fields(wrong));
        }
        Ok(Self {
            reason: self.reason.trim().to_owned(),
            roster: self.roster.filter(|_| by_roster),
            notice: self.notice.filter(|_| holds_letters),
            filter,
            ..self
        })
    }
}

/// Refuses what no filter of ours says: it would be repeated on the timeline.
fn check(filter: &Filter, wrong: &mut Vec<FieldProblem>) {
    let catalogue = catalogue();
    let is_one = |wanted: &Option<String>, known: &dyn Fn(&str) -> bool| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted == "unknown" || known(wanted))
    };
    let is_country =
        |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let category = |id: &str| {
        catalogue
            .categories
            .iter()
            .any(|category| category.id == id)
    };
    for (field, fits) in [
        ("category", filter.category.as_deref().is_none_or(category)),
        (
            "data_item",
            filter
                .data_item
                .as_deref()
                .is_none_or(|id| catalogue.item(id).is_some()),
        ),
        ("country", is_one(&filter.country, &is_country)),
        (
            "region",
            is_one(&filter.region, &|code| regions::is_known(code)),
        ),
        (
            "minor",
            is_one(&filter.minor, &|answer| matches!(answer, "yes" | "no")),
        ),
    ] {
        if !fits {
            wrong.push(problem(field, "field-invalid-choice"));
        }
    }
}

fn problem(field: &str, key: &'static str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        key,
        params: Vec::new(),
    }
}

/// An export: what was asked for, how far it has come, and what came of it.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = register_exports, treat_none_as_default_value = false)]
pub struct Export {
    /// The export.
    #[schema(value_type = String)]
    pub id: ExportId,
    /// The incident.
    pub incident_id: String,
    /// What it holds.
    pub content: ExportContent,
    /// How it is written.
    pub format: ExportFormat,
    /// JSON of [`Filter`].
    #[serde(skip)]
    pub filter: String,
    /// The roster whose rows it holds, if it holds those.
    #[schema(value_type = Option<String>)]
    pub roster_id: Option<RosterId>,
    /// What it is needed for.
    pub reason: String,
    /// The notice whose text letters hold, if it holds letters.
    pub notice_id: Option<String>,
    /// How far it has come.
    pub state: ExportState,
    /// Why it failed: `purged`, `unreadable-file`, `not-found` or `internal`.
    pub failure: Option<String>,
    /// Rows that it will have, as far as that is known.
    pub total_rows: i64,
    /// Rows that were written.
    pub rows: i64,
    /// Characters that CP932 cannot hold and that became 〓.
    pub replaced: i64,
    /// Bytes of the file.
    pub size: i64,
    /// SHA-256 of the file in hexadecimal digits; empty until it is done.
    pub sha256: String,
    /// The language of headers and words.
    pub locale: Locale,
    /// An account's id.
    pub recorded_by: String,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// When the server that writes it last said so.
    #[serde(skip)]
    pub touched_at: Option<Instant>,
    /// When it ended, well or not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Instant>,
    /// When the file goes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Instant>,
}

impl Export {
    /// Which people it holds.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when the stored text is none of ours.
    pub fn filter(&self) -> Result<Filter> {
        serde_json::from_str(&self.filter).map_err(Problem::internal)
    }

    /// How far it has come, 0 to 100.
    pub fn percent(&self) -> i64 {
        if self.state == ExportState::Done {
            return 100;
        }
        self.rows
            .saturating_mul(100)
            .checked_div(self.total_rows)
            .unwrap_or(0)
            .clamp(0, 100)
    }
}
