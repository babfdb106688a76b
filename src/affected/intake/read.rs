//! The thread that reads a roster: cells to records, records to sealed bytes and keys.

use std::collections::BTreeSet;
use std::sync::mpsc::SyncSender;

use jiff::civil::Date;

use super::super::model::{Layout, NoticeState, Traits};
use super::super::records::{self, Key, RegisterKey};
use super::super::rows::{CellProblem, Row};
use super::BATCH;
use crate::evidence::SealedReader;
use crate::kernel::Result;
use crate::sheets::{self, Refusal};

/// Some rows of the file, ready to be written together.
pub(super) struct Batch {
    pub rows: Vec<Prepared>,
    /// The last row that these rows reach.
    pub last_row: i64,
}

/// One row, ready to be written.
pub(super) struct Prepared {
    pub row: i64,
    pub problems: Vec<CellProblem>,
    /// The person; none where the row cannot be imported.
    pub person: Option<Sealed>,
}

/// The person of one row.
pub(super) struct Sealed {
    pub sealed: Vec<u8>,
    pub keys: Vec<Key>,
    pub traits: Traits,
}

pub(super) struct Reader<'a> {
    pub layout: &'a Layout,
    pub roster_number: i64,
    /// Rows up to this one were taken before.
    pub after: i64,
    pub today: Date,
    pub key: RegisterKey,
}

impl Reader<'_> {
    /// Reads to the end of the file, or until nobody takes the batches any more.
    pub fn run(
        self,
        file: SealedReader,
        batches: &SyncSender<Batch>,
    ) -> Result<Result<()>, Refusal> {
        let header = i64::try_from(self.layout.header_row).unwrap_or(i64::MAX);
        let after = self.after.max(header);
        let mut rows = sheets::rows(file, &self.layout.reading)?;
        let mut cells = sheets::Row::default();
        let mut batch = self.empty();
        while rows.next(&mut cells)? {
            let number = i64::try_from(cells.number()).unwrap_or(i64::MAX);
            if number <= after {
                continue;
            }
            match self.prepare(number, Row::read(self.layout, &cells, self.today)) {
                Ok(prepared) => batch.rows.push(prepared),
                Err(problem) => return Ok(Err(problem)),
            }
            batch.last_row = number;
            if batch.rows.len() >= BATCH {
                let full = std::mem::replace(&mut batch, self.empty());
                if batches.send(full).is_err() {
                    return Ok(Ok(()));
                }
            }
        }
        if !batch.rows.is_empty() {
            // Nobody there to take it means that the import was stopped.
            let _ = batches.send(batch);
        }
        Ok(Ok(()))
    }

    fn empty(&self) -> Batch {
        Batch {
            rows: Vec::with_capacity(BATCH),
            last_row: self.after,
        }
    }

    fn prepare(&self, number: i64, row: Row) -> Result<Prepared> {
        let person = if row.is_kept() {
            let rosters = BTreeSet::from([self.roster_number]);
            Some(Sealed {
                sealed: self.key.seal(&row.record)?,
                keys: self.key.keys(&row.record),
                traits: records::traits(&row.record, rosters, NoticeState::NotTold),
            })
        } else {
            None
        };
        Ok(Prepared {
            row: number,
            problems: row.problems,
            person,
        })
    }
}
