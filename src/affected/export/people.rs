//! Goes through the people of an incident, and writes each as a row: everything, or a letter's address.

use std::collections::HashMap;

use super::super::model::{Filter, PersonId, PersonRow, Traits};
use super::super::records::RegisterKey;
use super::super::register::{self, RosterItems};
use super::super::store as rooms;
use super::files::{Out, Table};
use super::letters::Letters;
use super::model::{Export, ExportContent};
use super::run::Job;
use super::store;
use super::words::{self, GroupWords};
use crate::kernel::{Locale, Redacted, Result};
use crate::store::Conn;

/// People who are read at once.
const CHUNK: i64 = 1_000;

/// The columns of the register: their key in the locale files, and their width.
const COLUMNS: [(&str, u16); 18] = [
    ("person", 10),
    ("rosters", 8),
    ("customer-number", 16),
    ("name", 20),
    ("kana", 20),
    ("email", 32),
    ("phone", 18),
    ("line-user-id", 36),
    ("birth-date", 12),
    ("postcode", 12),
    ("address", 48),
    ("country", 8),
    ("region", 16),
    ("language", 10),
    ("minor", 8),
    ("data-items", 40),
    ("notice", 14),
    ("unusable", 32),
];

/// How many people an export will hold, by the counts of the groups.
pub(super) fn count(conn: &mut Conn, export: &Export) -> Result<i64> {
    let filter = export.filter()?;
    let items = register::roster_items(&rooms::rosters(conn, &export.incident_id)?);
    let groups = rooms::groups(conn, &export.incident_id)?;
    let found = register::found(groups, &filter, &items);
    Ok(found
        .iter()
        .filter(|group| is_meant(&group.traits, export.content))
        .map(|group| group.people)
        .sum())
}

/// Writes everybody whom the filter finds; none when it was stopped.
pub(super) fn write(job: &mut Job<'_>, out: Out) -> Result<Option<Table>> {
    let now = job.clock.now();
    let incident = job.export.incident_id.clone();
    let key = job
        .store
        .write_blocking(|tx| RegisterKey::of(tx, job.vault, now, &incident))?;
    let locale = job.export.locale;
    let mut walk = Walk::new(&job.export)?;
    let letters = (job.export.content == ExportContent::Letters).then(|| Letters::new(locale));
    let (sheet, header, widths) = match &letters {
        Some(_) => Letters::columns(locale),
        None => (
            words::text(locale, "export-content-register"),
            words::headers(locale, &COLUMNS),
            COLUMNS.map(|(_, width)| width).to_vec(),
        ),
    };
    let mut table = job.table(out, &sheet, &header, &widths)?;
    let mut last = None;
    loop {
        let chunk = job.store.read_blocking(|conn| walk.chunk(conn, last))?;
        let Some(end) = chunk.last().map(|row| row.id) else {
            return Ok(Some(table));
        };
        for row in &chunk {
            let Some(group) = walk.group(row.group_id) else {
                continue;
            };
            let record = key.open(&row.sealed)?;
            match &letters {
                Some(letters) => letters.write(&mut table, row.id, &record, group)?,
                None => write_all(&mut table, row.id, &record, group, locale)?,
            }
            job.rows = job.rows.saturating_add(1);
        }
        last = Some(end);
        if !job.goes_on()? {
            return Ok(None);
        }
    }
}

/// The way through an incident's people in the order of their numbers.
pub(super) struct Walk {
    incident_id: String,
    content: ExportContent,
    filter: Filter,
    locale: Locale,
    /// The groups that were met: none where they are not meant.
    groups: HashMap<i64, Option<GroupWords>>,
}

impl Walk {
    pub(super) fn new(export: &Export) -> Result<Self> {
        Ok(Self {
            incident_id: export.incident_id.clone(),
            content: export.content,
            filter: export.filter()?,
            locale: export.locale,
            groups: HashMap::new(),
        })
    }

    /// The next people behind one; a group that came to be meanwhile is read with them.
    pub(super) fn chunk(
        &mut self,
        conn: &mut Conn,
        after: Option<PersonId>,
    ) -> Result<Vec<PersonRow>> {
        let rows = store::people_behind(conn, &self.incident_id, after, CHUNK)?;
        if rows
            .iter()
            .any(|row| !self.groups.contains_key(&row.group_id))
        {
            let items = register::roster_items(&rooms::rosters(conn, &self.incident_id)?);
            for group in rooms::groups(conn, &self.incident_id)? {
                let words = self.words(&group.traits, &items);
                self.groups.entry(group.id).or_insert(words);
            }
        }
        Ok(rows)
    }

    fn words(&self, traits: &Traits, items: &RosterItems) -> Option<GroupWords> {
        let is_found =
            is_meant(traits, self.content) && register::matches(traits, &self.filter, items);
        is_found.then(|| GroupWords::new(traits, items, self.locale))
    }

    pub(super) fn group(&self, id: i64) -> Option<&GroupWords> {
        self.groups.get(&id)?.as_ref()
    }
}

/// A letter reaches only whoever has an address, and LINE only whoever has an id there.
fn is_meant(traits: &Traits, content: ExportContent) -> bool {
    match content {
        ExportContent::Letters | ExportContent::LetterPdfs => traits.has_post,
        ExportContent::LineIds => traits.has_line,
        _ => true,
    }
}

fn write_all(
    table: &mut Table,
    id: PersonId,
    record: &super::super::Record,
    group: &GroupWords,
    locale: Locale,
) -> Result<()> {
    let number = id.to_string();
    let unusable: Vec<_> = record
        .unusable
        .iter()
        .map(|(field, cell)| {
            words::cell(
                locale,
                &words::column(locale, field.as_str()),
                cell.reveal(),
            )
        })
        .collect();
    let unusable = unusable.join(" / ");
    let row: [&str; COLUMNS.len()] = [
        &number,
        &group.rosters,
        shown(&record.customer_number),
        shown(&record.name),
        shown(&record.kana),
        shown(&record.email),
        shown(&record.phone),
        shown(&record.line_user_id),
        shown(&record.birth_date),
        shown(&record.postcode),
        shown(&record.address),
        &group.country,
        &group.region,
        &group.language,
        &group.minor,
        &group.data_items,
        &group.notice,
        &unusable,
    ];
    Ok(table.row(&row)?)
}

pub(super) fn shown(value: &Option<Redacted<String>>) -> &str {
    value.as_ref().map_or("", |value| value.reveal())
}
