//! Exports of several files in one: letters as PDF, the ids of LINE users.
//!
//! A ZIP file is written as a stream, so that neither memory nor the disk holds
//! more than one of its files. What a letter says and how it is set in type is
//! not this room's: whoever runs the export brings a [`Press`].

use std::io::{self, Write};

use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::files::Out;
use super::letters::{lines, postcode};
use super::model::ExportContent;
use super::people::{Walk, shown};
use super::run::Job;
use crate::affected::records::RegisterKey;
use crate::kernel::{Locale, Result};
use crate::outbox::BatchId;
use crate::store::Conn;

/// As many ids as LINE takes in one multicast request (Messaging API, "Send multicast message").
const IDS: usize = 500;

/// Letters in one PDF: some two minutes of a printer's work.
const LETTERS: usize = 200;

/// One letter: where it goes, and what its text is filled in with.
#[derive(Clone)]
pub struct Letter {
    /// 123-4567, or as typed.
    pub postcode: String,
    /// The lines of the address; the last ones may be empty.
    pub lines: Vec<String>,
    /// The name as typed; may be empty.
    pub name: String,
    /// The number that the organisation gave; may be empty.
    pub customer_number: String,
    /// The language of the letter.
    pub locale: Locale,
    /// Ids of the data items that were exposed.
    pub data_items: Vec<String>,
}

/// A sending, as a table of deliveries names it.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The batch of its messages.
    pub batch: BatchId,
    /// What was sent, with its version.
    pub title: String,
    /// How it went, in words.
    pub channel: String,
    /// SHA-256 of the approved bytes.
    pub digest: String,
}

/// What exports need of the rooms above.
pub trait Press {
    /// Sets letters in type: one PDF, a letter after the other, each on a page of its own.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`] for a notice that is not there.
    fn letters(&self, conn: &mut Conn, notice_id: &str, letters: &[Letter]) -> Result<Vec<u8>>;

    /// The sendings of an incident, the oldest first.
    ///
    /// # Errors
    /// The database's own error.
    fn sendings(&self, conn: &mut Conn, incident_id: &str, locale: Locale) -> Result<Vec<Sending>>;
}

/// Writes the files of everybody whom the filter finds; none when it was stopped.
pub(super) fn write(job: &mut Job<'_>, out: Out) -> Result<Option<Out>> {
    let now = job.clock.now();
    let incident = job.export.incident_id.clone();
    let key = job
        .store
        .write_blocking(|tx| RegisterKey::of(tx, job.vault, now, &incident))?;
    let mut walk = Walk::new(&job.export)?;
    let mut bundle = Bundle {
        zip: ZipWriter::new_stream(out),
        files: 0,
        ids: Vec::new(),
        letters: Vec::new(),
    };
    let mut last = None;
    loop {
        let chunk = job.store.read_blocking(|conn| walk.chunk(conn, last))?;
        let Some(end) = chunk.last().map(|row| row.id) else {
            break;
        };
        for row in &chunk {
            let Some(group) = walk.group(row.group_id) else {
                continue;
            };
            let record = key.open(&row.sealed)?;
            if job.export.content == ExportContent::LineIds {
                bundle.ids.push(shown(&record.line_user_id).to_owned());
            } else {
                bundle.letters.push(Letter {
                    postcode: postcode(shown(&record.postcode), &group.country),
                    lines: lines(shown(&record.address)).to_vec(),
                    name: shown(&record.name).to_owned(),
                    customer_number: shown(&record.customer_number).to_owned(),
                    locale: group.locale,
                    data_items: group.item_ids.clone(),
                });
            }
            job.rows = job.rows.saturating_add(1);
            bundle.write_full(job)?;
            if bundle.letters.is_empty() && bundle.ids.is_empty() && !job.goes_on()? {
                return Ok(None);
            }
        }
        last = Some(end);
        if !job.goes_on()? {
            return Ok(None);
        }
    }
    bundle.write_rest(job)?;
    Ok(Some(
        bundle.zip.finish().map_err(io::Error::other)?.into_inner(),
    ))
}

struct Bundle {
    zip: ZipWriter<StreamWriter<Out>>,
    files: usize,
    ids: Vec<String>,
    letters: Vec<Letter>,
}

impl Bundle {
    /// Writes a file when there is enough for one.
    fn write_full(&mut self, job: &Job<'_>) -> Result<()> {
        if self.ids.len() >= IDS || self.letters.len() >= LETTERS {
            self.write_rest(job)?;
        }
        Ok(())
    }

    fn write_rest(&mut self, job: &Job<'_>) -> Result<()> {
        if !self.ids.is_empty() {
            let text = std::mem::take(&mut self.ids).join("\r\n");
            self.add("line-user-ids", "txt", format!("{text}\r\n").as_bytes())?;
        }
        if !self.letters.is_empty() {
            let letters = std::mem::take(&mut self.letters);
            let notice = job.export.notice_id.clone().unwrap_or_default();
            let pdf = job
                .store
                .read_blocking(|conn| job.press.letters(conn, &notice, &letters))?;
            self.add("letters", "pdf", &pdf)?;
        }
        Ok(())
    }

    fn add(&mut self, name: &str, extension: &str, bytes: &[u8]) -> Result<()> {
        self.files += 1;
        let name = format!("{name}-{:04}.{extension}", self.files);
        self.zip
            .start_file(name, SimpleFileOptions::default())
            .map_err(io::Error::other)?;
        self.zip.write_all(bytes)?;
        Ok(())
    }
}
