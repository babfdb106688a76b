//! A roster before its import: how its file is read, and which column holds what.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::Case;
use super::super::header::Header;
use super::problems::column_name;
use super::roster::{acted, gather, here, roster_id};
use super::roster_list::{self, RosterLine};
use super::{PeopleTab, Tab, people_tabs};
use crate::accounts::can;
use crate::affected::rosters::{Correction, Inspection};
use crate::affected::{Field, Roster};
use crate::evidence::Evidence;
use crate::kernel::{Code, Locale, Redacted, Result, locale};
use crate::playbooks::Link;
use crate::sheets::{Encoding, Format, Reading};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::Draft;

/// The longest piece of a cell that is shown.
const LONGEST_CELL: usize = 40;

const ENCODINGS: [(&str, Encoding); 4] = [
    ("utf8", Encoding::Utf8),
    ("cp932", Encoding::Cp932),
    ("utf16le", Encoding::Utf16Le),
    ("utf16be", Encoding::Utf16Be),
];
const DELIMITERS: [(&str, char); 4] = [
    ("comma", ','),
    ("tab", '\t'),
    ("semicolon", ';'),
    ("pipe", '|'),
];

/// Rows below the header that are shown before the columns are confirmed.
const PREVIEWED: usize = 4;

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    roster: RosterLine,
    is_workbook: bool,
    encodings: Vec<Choice>,
    delimiters: Vec<Choice>,
    sheets: Vec<Choice>,
    headers: Vec<Choice>,
    hidden_sheets: usize,
    formulas: u64,
    merged: bool,
    header_row: u64,
    rows: u64,
    /// The rows that are shown, by their number in the file.
    row_numbers: Vec<u64>,
    columns: Vec<Column>,
    kept: usize,
    lacks_email: bool,
    /// Other rosters with the very same bytes, or the word that the file was sealed before.
    same_as: Vec<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// One column of the file: its name, what it is kept as, what stands in its first rows.
#[derive(Serialize)]
struct Column {
    id: usize,
    name: String,
    kept: bool,
    /// Whether the same content was chosen for another column too.
    twice: bool,
    options: Vec<Choice>,
    cells: Vec<Redacted<String>>,
}

pub(super) async fn read_otherwise(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    let (case, roster, files, all) = gather(&signed, &path).await?;
    let (id, house) = (&case.incident.id, &signed.page.state().house);
    let layout = roster.layout()?;
    let old = layout.reading;
    let reading = Reading {
        encoding: chosen(&ENCODINGS, form.get("encoding")).unwrap_or(old.encoding),
        delimiter: chosen(&DELIMITERS, form.get("delimiter")).unwrap_or(old.delimiter),
        sheet: Some(form.get("sheet"))
            .filter(|sheet| !sheet.is_empty())
            .map_or_else(|| old.sheet.clone(), str::to_owned),
        format: old.format,
    };
    // Where the file is read in another way, its header may be elsewhere, unless somebody says where.
    let header_row = form.get("header_row").parse().ok();
    let same_row = header_row == Some(layout.header_row);
    let correction = Correction {
        header_row: header_row.filter(|_| !same_row || reading == old),
        reading,
    };
    let read = house.read_roster_otherwise(&by, id, &roster.id, correction);
    match read.await {
        Ok(_) => Ok(signed
            .page
            .go(&here(id, &roster.id), "flash-roster-read-again")),
        Err(problem) if problem.code == Code::UnreadableFile => {
            let found = house.draft_roster(&by, id, &roster.id).await?;
            let problem = super::import::on_the_file(problem, "reading");
            let state = FormState::refused(&form, &problem, signed.page.locale());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&signed, &case, found, &files, &all, state, status).await
        }
        Err(problem) => acted(&signed, id, &roster.id, Err(problem), ""),
    }
}

pub(super) async fn confirm(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ImportRoster>()?;
    let id = super::super::incident_id(&path.0)?;
    let roster = roster_id(&path.1)?;
    let house = &signed.page.state().house;
    // What is no field is not kept.
    let columns: Vec<Option<Field>> = form
        .all("column")
        .into_iter()
        .map(|field| field.parse().ok())
        .collect();
    match house
        .confirm_roster(&by, &id, &roster, columns.clone())
        .await
    {
        Err(problem) if problem.code == Code::InvalidInput => {
            let (case, _, files, all) = gather(&signed, &path).await?;
            let mut found = house.draft_roster(&by, &id, &roster).await?;
            if columns.len() == found.inspection.layout.columns.len() {
                found.inspection.layout.columns = columns;
            }
            let state = FormState::refused(&form, &problem, signed.page.locale());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&signed, &case, found, &files, &all, state, status).await
        }
        done => acted(&signed, &id, &roster, done, "flash-roster-started"),
    }
}

pub(super) async fn render(
    signed: &SignedIn,
    case: &Case,
    draft: Draft,
    files: &[Evidence],
    all: &[Roster],
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let language = page.locale();
    let Draft { roster, inspection } = draft;
    let Inspection { layout, survey, .. } = &inspection;
    let file = files.iter().find(|file| file.id == roster.evidence_id);
    let reading = &layout.reading;
    let columns = columns(&inspection, language);
    let preview = preview(&inspection);
    page.view("incidents/people/draft")
        .title(page.text("draft-title"))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, case, PeopleTab::Rosters).await?,
            is_workbook: reading.format == Format::Xlsx,
            encodings: choices(&ENCODINGS, reading.encoding, "encoding", language),
            delimiters: choices(&DELIMITERS, reading.delimiter, "delimiter", language),
            sheets: survey
                .sheets
                .iter()
                .filter(|sheet| !sheet.hidden || sheet.name == reading.sheet)
                .map(|sheet| Choice {
                    value: sheet.name.clone(),
                    label: sheet.name.clone(),
                    chosen: sheet.name == reading.sheet,
                })
                .collect(),
            headers: headers(&inspection, language),
            hidden_sheets: survey.sheets.iter().filter(|sheet| sheet.hidden).count(),
            formulas: survey.formulas,
            merged: survey.merged,
            header_row: layout.header_row,
            rows: u64::try_from(roster.total_rows).unwrap_or(0),
            row_numbers: preview.iter().map(|(number, _)| *number).collect(),
            kept: columns.iter().filter(|column| column.kept).count(),
            columns,
            lacks_email: !layout.columns.contains(&Some(Field::Email)),
            same_as: same_as(&roster, file, files, all, language),
            roster: roster_list::line(
                case,
                &roster,
                file,
                &roster_list::numbers(all),
                page.now(),
                language,
            ),
        })
}

/// The rows that may be the header: none, or one of the first.
fn headers(inspection: &Inspection, language: Locale) -> Vec<Choice> {
    let now = inspection.layout.header_row;
    let none = Choice {
        value: "0".to_owned(),
        label: locale::text(language, "draft-header-none"),
        chosen: now == 0,
    };
    let rows = inspection.survey.head.iter().map(|row| {
        let filled = row.cells.iter().map(|cell| cell.trim());
        let cells: Vec<_> = filled.filter(|cell| !cell.is_empty()).take(2).collect();
        let cells: String = cells.join(" / ").chars().take(24).collect();
        let variables = [
            ("row", row.number.to_string().into()),
            ("cells", cells.into()),
        ];
        Choice {
            value: row.number.to_string(),
            label: locale::text_with(language, "draft-header-choice", &variables),
            chosen: row.number == now,
        }
    });
    std::iter::once(none).chain(rows.take(10)).collect()
}

/// The first rows below the header.
fn preview(inspection: &Inspection) -> Vec<(u64, &[String])> {
    let below = inspection
        .survey
        .head
        .iter()
        .filter(|row| row.number > inspection.layout.header_row);
    below
        .take(PREVIEWED)
        .map(|row| (row.number, row.cells.as_slice()))
        .collect()
}

fn columns(inspection: &Inspection, language: Locale) -> Vec<Column> {
    let preview = preview(inspection);
    let layout = &inspection.layout;
    let times = |field: Field| {
        let same = layout.columns.iter().filter(|other| **other == Some(field));
        same.count()
    };
    layout
        .columns
        .iter()
        .zip(&layout.names)
        .enumerate()
        .map(|(id, (field, name))| Column {
            id,
            name: column_name(name, language),
            kept: field.is_some(),
            twice: field.is_some_and(|field| times(field) > 1),
            options: Field::ALL
                .iter()
                .map(|each| Choice {
                    value: each.to_string(),
                    label: locale::text(language, &format!("person-field-{each}")),
                    chosen: *field == Some(*each),
                })
                .collect(),
            cells: preview
                .iter()
                .map(|(_, cells)| cut(cells.get(id).map_or("", String::as_str)))
                .collect(),
        })
        .collect()
}

/// A cell as far as it is shown.
fn cut(cell: &str) -> Redacted<String> {
    let mut text: String = cell.trim().chars().take(LONGEST_CELL).collect();
    if cell.trim().chars().count() > LONGEST_CELL {
        text.push('…');
    }
    text.into()
}

fn choices<T: PartialEq>(all: &[(&str, T)], now: T, kind: &str, language: Locale) -> Vec<Choice> {
    all.iter()
        .map(|(value, each)| Choice {
            value: (*value).to_owned(),
            label: locale::text(language, &format!("{kind}-{value}")),
            chosen: *each == now,
        })
        .collect()
}

fn chosen<T: Copy>(all: &[(&str, T)], value: &str) -> Option<T> {
    let found = all.iter().find(|(name, _)| *name == value);
    found.map(|(_, each)| *each)
}

/// Who has the same bytes: rosters by number and state, or the name of the sealed file.
fn same_as(
    roster: &Roster,
    file: Option<&Evidence>,
    files: &[Evidence],
    all: &[Roster],
    language: Locale,
) -> Vec<String> {
    let Some(file) = file else { return Vec::new() };
    let same = files
        .iter()
        .filter(|other| other.sha256 == file.sha256 && other.id != file.id);
    same.map(|other| {
        let earlier = all
            .iter()
            .find(|each| each.evidence_id == other.id && each.id != roster.id);
        match earlier {
            Some(earlier) => {
                let state = locale::text(language, &format!("roster-state-{}", earlier.state));
                let variables = [
                    ("number", earlier.number.to_string().into()),
                    ("state", state.into()),
                ];
                locale::text_with(language, "draft-same-roster", &variables)
            }
            None => {
                let variables = [("name", other.name.as_str().into())];
                locale::text_with(language, "draft-same-file", &variables)
            }
        }
    })
    .collect()
}
