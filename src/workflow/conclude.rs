//! The end of a sending: told on the timeline, once, when nothing of it waits any more.

use serde_json::json;

use super::House;
use crate::affected;
use crate::kernel::{Instant, Result};
use crate::notices::{self, Dispatch};
use crate::outbox::{self, BatchNews};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

impl House {
    /// Notes on the timeline, once, that every message of a sending was settled; gives how many ended.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn conclude_deliveries(&self) -> Result<usize> {
        let now = self.clock.now();
        // What is settled and not closed: most of the time nothing, however many sendings there were.
        if self.store.read(settled_batches).await?.is_empty() {
            return Ok(0);
        }
        self.store
            .write(move |tx| {
                let mut ended = 0;
                for batch in settled_batches(tx)? {
                    if conclude(tx, now, &batch)? {
                        ended += 1;
                    }
                }
                Ok(ended)
            })
            .await
    }
}

/// The batches of which nothing waits any more and which are not closed.
fn settled_batches(conn: &mut Conn) -> Result<Vec<BatchNews>> {
    let mut news = outbox::news(conn)?;
    news.retain(|batch| batch.counts.is_settled());
    Ok(news)
}

/// Tells the timeline of the end of a sending, once, and closes its batch when the register knows all; says whether it told.
fn conclude(tx: &mut Conn, now: Instant, batch: &BatchNews) -> Result<bool> {
    let counts = &batch.counts;
    let Some(dispatch) = notices::dispatch(tx, &batch.id)? else {
        outbox::close(tx, &batch.id, now)?;
        return Ok(false);
    };
    // More may be queued, or wait for people to post it.
    if dispatch.complete_at.is_none() {
        return Ok(false);
    }
    // Another server may have been quicker.
    timeline::lock(tx, &dispatch.incident_id)?;
    let noted = affected::noted_until(tx, batch.id.as_str())?;
    if batch.settled_until.is_none_or(|until| until <= noted) {
        outbox::close(tx, &batch.id, now)?;
    }
    if concluded(tx, &dispatch)? {
        return Ok(false);
    }
    let kind = notices::find(tx, &dispatch.incident_id, &dispatch.notice_id)?.kind;
    let payload = json!({
        "dispatch": dispatch.id,
        "notice": dispatch.notice_id,
        "kind": kind,
        "sent": counts.sent,
        "failed": counts.failed.saturating_add(counts.bounced),
        "uncertain": counts.uncertain,
    });
    let event = Event {
        incident_id: &dispatch.incident_id,
        kind: Kind::NoticeDelivered,
        actor: &Actor::SYSTEM,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event)?;
    Ok(true)
}

fn concluded(conn: &mut Conn, dispatch: &Dispatch) -> Result<bool> {
    let entries = timeline::of_kind(conn, &dispatch.incident_id, Kind::NoticeDelivered)?;
    let names_it = |entry: &timeline::Entry| {
        entry.details().get("dispatch").and_then(|id| id.as_str()) == Some(dispatch.id.as_str())
    };
    Ok(entries.iter().any(names_it))
}
