//! The indexer: reads what timelines gained since it last looked, and what stands beside them.
//!
//! It writes beside the verbs, not in their transactions, so that no verb waits for
//! it. What it has not read yet it finds by numbers: an incident whose timeline is
//! longer than what is in the index, or whose post-mortem was written since.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::{House, documents};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Problem, Result, random};
use crate::postmortem;
use crate::search::{self, Document, Progress, Room, lease};
use crate::store::Conn;
use crate::timeline::{self, Kind};

/// Entries in one transaction: on SQLite everybody's writes wait for it.
const BATCH: usize = 100;

/// How often, and how long apart, `reindex` asks for the lease: longer than a crashed server holds it.
const ASKED: usize = 130;
const APART: Duration = Duration::from_millis(500);

/// The indexer of one server; cheap to clone.
#[derive(Clone, Debug)]
pub struct Indexer {
    /// Names this server in the lease.
    holder: Arc<str>,
    /// Held while this server writes the index.
    working: Arc<Mutex<()>>,
}

impl Default for Indexer {
    fn default() -> Self {
        Self {
            holder: random::token().into(),
            working: Arc::default(),
        }
    }
}

/// What one transaction writes.
struct Batch {
    entries: Vec<Document>,
    /// Numbers of entries that say nothing, or nothing any more.
    silent: Vec<i64>,
    /// What stands beside the timeline, once that is read to its end.
    rooms: Option<Vec<Document>>,
    progress: Progress,
}

impl House {
    /// Brings the index up to date; gives the number of incidents that had something new.
    ///
    /// Does nothing while another server holds the lease.
    ///
    /// # Errors
    /// The database's own error; what is in stays, and the next call goes on.
    pub async fn run_indexer(&self) -> Result<usize> {
        let _working = self.indexer.working.lock().await;
        let behind = self.store.read(behind).await?;
        if behind.is_empty() || !self.claim_index().await? {
            return Ok(0);
        }
        let outcome = self.follow(behind).await;
        self.release_index().await?;
        outcome
    }

    /// Empties the index and makes it anew; gives the number of incidents in it.
    ///
    /// # Errors
    /// [`Code::WrongState`] while another server is at it for longer than a minute; the database's own.
    pub async fn reindex(&self) -> Result<usize> {
        let _working = self.indexer.working.lock().await;
        let mut asked = 0;
        while !self.claim_index().await? {
            asked += 1;
            if asked == ASKED {
                return Err(Problem::new(Code::WrongState));
            }
            tokio::time::sleep(APART).await;
        }
        let outcome = async {
            self.store.write_alone(search::clear).await?;
            let behind = self.store.read(behind).await?;
            self.follow(behind).await
        };
        let outcome = outcome.await;
        self.release_index().await?;
        outcome
    }

    async fn follow(&self, behind: Vec<(IncidentId, Progress)>) -> Result<usize> {
        let (mut done, mut failed) = (0, None);
        for (id, progress) in behind {
            match self.follow_one(&id, progress).await {
                Ok(()) => done += 1,
                // One that cannot be read must not hide all that come behind it.
                Err(problem) => {
                    tracing::warn!(incident_id = %id, %problem, "an incident could not be indexed");
                    failed = Some(problem);
                }
            }
        }
        failed.map_or(Ok(done), Err)
    }

    async fn follow_one(&self, id: &IncidentId, mut progress: Progress) -> Result<()> {
        loop {
            let (house, incident, seen) = (self.clone(), id.clone(), progress);
            let read = move |conn: &mut Conn| house.next_batch(conn, &incident, seen);
            let batch = self.store.read(read).await?;
            let ended = batch.rooms.is_some();
            progress = batch.progress;
            let (id, holder, now) = (id.clone(), self.indexer.holder.clone(), self.clock.now());
            self.store
                .write_alone(move |tx| {
                    // Another server may have taken over meanwhile, or emptied the index.
                    if !lease::claim(tx, &holder, now)? {
                        return Err(Problem::new(Code::WrongState));
                    }
                    batch.write(tx, id.as_str())
                })
                .await?;
            if ended {
                return Ok(());
            }
        }
    }

    fn next_batch(&self, conn: &mut Conn, id: &IncidentId, seen: Progress) -> Result<Batch> {
        let incident = incidents::find(conn, id)?;
        // First: what is written while this reads is newer, and found by the next look.
        let written = postmortem::written_at(conn)?;
        let read = timeline::behind(conn, id.as_str(), seen.seq, BATCH)?;
        let ended = read.len() < BATCH;
        let (mut entries, mut silent) = (Vec::new(), Vec::new());
        for entry in &read {
            if entry.kind == Kind::PayloadErased {
                let details = entry.details();
                let erased = details
                    .get("seqs")
                    .and_then(|seqs| seqs.as_array().cloned());
                let erased = erased.unwrap_or_default();
                silent.extend(erased.iter().filter_map(serde_json::Value::as_i64));
            }
            match documents::entry(entry, &self.zone) {
                Some(document) => entries.push(document),
                None => silent.push(entry.seq),
            }
        }
        let rooms = ended
            .then(|| documents::rooms(conn, &incident))
            .transpose()?;
        let written_at = written.get(id.as_str()).map_or(0, |at| at.as_micros());
        Ok(Batch {
            entries,
            silent,
            rooms,
            progress: Progress {
                seq: read.last().map_or(seen.seq, |entry| entry.seq),
                written_at: if ended { written_at } else { seen.written_at },
            },
        })
    }

    async fn claim_index(&self) -> Result<bool> {
        let (holder, now) = (self.indexer.holder.clone(), self.clock.now());
        let claim = move |tx: &mut Conn| lease::claim(tx, &holder, now);
        self.store.write(claim).await
    }

    async fn release_index(&self) -> Result<()> {
        let holder = self.indexer.holder.clone();
        let release = move |tx: &mut Conn| lease::release(tx, &holder);
        self.store.write(release).await
    }
}

impl Batch {
    fn write(&self, tx: &mut Conn, id: &str) -> Result<()> {
        for document in &self.entries {
            search::put(tx, document)?;
        }
        for seq in &self.silent {
            search::remove(tx, id, Room::Entry, &seq.to_string())?;
        }
        if let Some(rooms) = &self.rooms {
            search::replace_rooms(tx, id, rooms)?;
        }
        search::set_progress(tx, id, self.progress)
    }
}

/// The incidents of which something is not in the index yet, and how far each is.
fn behind(conn: &mut Conn) -> Result<Vec<(IncidentId, Progress)>> {
    let known = search::progress(conn)?;
    let written = postmortem::written_at(conn)?;
    let mut behind = Vec::new();
    for (id, entries) in timeline::counts(conn)? {
        let seen = known.get(&id).copied().unwrap_or_default();
        let written_at = written.get(&id).map_or(0, |at| at.as_micros());
        if entries > seen.seq || written_at > seen.written_at {
            behind.push((id.parse().map_err(Problem::internal)?, seen));
        }
    }
    Ok(behind)
}
