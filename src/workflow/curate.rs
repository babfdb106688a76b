//! Beside the walk: the timeline as it is searched, and what is chosen from it and put to it.

use std::collections::BTreeMap;

use super::House;
use super::entries::{self, AttachedFile, EntryView};
use crate::accounts::{self, Granted, can};
use crate::evidence::{self, EvidenceId};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Entry, File, Filter, Order};

/// A page of the timeline in words.
#[derive(Clone, Debug)]
pub struct TimelinePage {
    /// The entries, in the order that was asked for.
    pub entries: Vec<EntryView>,
    /// Whether there are more behind the last.
    pub more: bool,
}

impl House {
    /// A page of what a filter finds on the timeline, at most `limit`, behind the entry with the number `after`.
    ///
    /// # Errors
    /// [`Code::NotFound`] without such an incident, or such an entry.
    pub async fn search_timeline(
        &self,
        id: &IncidentId,
        filter: Filter,
        order: Order,
        after: Option<i64>,
        limit: usize,
    ) -> Result<TimelinePage> {
        let (house, id) = (self.clone(), id.clone());
        self.store
            .read(move |conn| {
                incidents::find(conn, &id)?;
                let found = timeline::find(conn, id.as_str(), &filter, order, after, limit)?;
                Ok(TimelinePage {
                    entries: house.entry_views(conn, &id, &found.entries)?,
                    more: found.more,
                })
            })
            .await
    }

    /// One entry of the timeline in words.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn timeline_entry(&self, id: &IncidentId, seq: i64) -> Result<EntryView> {
        let (house, id) = (self.clone(), id.clone());
        self.store
            .read(move |conn| {
                let entry = timeline::entry(conn, id.as_str(), seq)?;
                let view = house.entry_views(conn, &id, &[entry])?.pop();
                view.ok_or_else(|| Problem::new(Code::NotFound))
            })
            .await
    }

    /// Chooses an entry for the report, or takes it out again.
    ///
    /// # Errors
    /// Those of [`timeline::pin`].
    pub async fn pin_entry(
        &self,
        by: &Granted<can::AddNote>,
        id: &IncidentId,
        seq: i64,
        wanted: bool,
    ) -> Result<()> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let by = Actor::account(by.id.as_str());
                timeline::pin(tx, &by, now, id.as_str(), seq, wanted)
            })
            .await
    }

    /// Puts a sealed file of the same incident to an entry, or takes it away again; the file stays sealed.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a file of another incident; those of [`timeline::attach`].
    pub async fn attach_evidence(
        &self,
        by: &Granted<can::AddNote>,
        id: &IncidentId,
        seq: i64,
        file: &EvidenceId,
        wanted: bool,
    ) -> Result<()> {
        let (by, id, file, now) = (by.clone(), id.clone(), file.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let row = evidence::find(tx, &file)?;
                if row.incident_id != id.as_str() {
                    return Err(Problem::new(Code::NotFound));
                }
                let by = Actor::account(by.id.as_str());
                let file = File {
                    id: file.as_str(),
                    name: &row.name,
                };
                timeline::attach(tx, &by, now, (id.as_str(), seq), file, wanted)
            })
            .await
    }

    /// Says anew what a note or a decision said; the chain keeps both.
    ///
    /// # Errors
    /// Those of [`incidents::correct_note`].
    pub async fn correct_note(
        &self,
        by: &Granted<can::AddNote>,
        id: &IncidentId,
        seq: i64,
        text: String,
        occurred_at: Option<Instant>,
    ) -> Result<()> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                incidents::correct_note(tx, &by.id, now, (&id, seq), &text, occurred_at)
            })
            .await
    }

    /// Entries of one incident in words, with what stands beside them.
    fn entry_views(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        found: &[Entry],
    ) -> Result<Vec<EntryView>> {
        let names = accounts::names(conn)?;
        let marks = timeline::marks(conn, id.as_str(), found)?;
        let mut files = BTreeMap::<String, AttachedFile>::new();
        let wanted = found
            .iter()
            .filter_map(|entry| marks.attached.get(&entry.seq));
        for file in wanted.flatten() {
            if !files.contains_key(file)
                && let Ok(known) = file.parse()
            {
                let row = evidence::find(conn, &known)?;
                let file_view = AttachedFile {
                    id: known,
                    name: row.name,
                };
                files.insert(file.clone(), file_view);
            }
        }
        let views = found.iter().map(|entry| {
            let attached = marks.attached.get(&entry.seq).into_iter().flatten();
            EntryView {
                pinned: marks.pinned.contains(&entry.seq),
                corrected_by: marks.corrected.get(&entry.seq).copied(),
                evidence: attached
                    .filter_map(|file| files.get(file).cloned())
                    .collect(),
                ..entries::view(entry, &names, &self.zone)
            }
        });
        Ok(views.collect())
    }
}
