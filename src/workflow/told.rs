//! What became of the notices goes into the register, so that it can be filtered and counted by.
//!
//! The outbox never calls the rooms above; this asks it, a few thousand mails at a
//! time, and remembers how far it has come.

use super::House;
use crate::affected::{self, NoticeState, PersonId};
use crate::kernel::Result;
use crate::notices::{self, Dispatch};
use crate::outbox::{self, State};

/// Mails in one transaction.
const CHUNK: i64 = 2_000;

impl House {
    /// Brings the register up to what the outbox knows; gives how many people it changed.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn note_deliveries(&self) -> Result<usize> {
        // Batches that are not closed and moved since the last look: most of the time none.
        let dispatches = self
            .store
            .read(|conn| {
                let mut behind = Vec::new();
                for batch in outbox::news(conn)? {
                    let noted = affected::noted_until(conn, batch.id.as_str())?;
                    if batch.settled_until.is_some_and(|until| until > noted) {
                        behind.extend(notices::dispatch(conn, &batch.id)?);
                    }
                }
                Ok(behind)
            })
            .await?;
        let mut noted = 0;
        for dispatch in dispatches {
            loop {
                let chunk = self.note_some(dispatch.clone()).await?;
                noted += chunk;
                if chunk == 0 {
                    break;
                }
            }
        }
        Ok(noted)
    }

    async fn note_some(&self, dispatch: Dispatch) -> Result<usize> {
        let read = dispatch.clone();
        // Looks first without holding the one writer: most of the time there is nothing new.
        let any = self
            .store
            .read(move |conn| {
                let since = affected::noted_until(conn, read.id.as_str())?;
                Ok(!outbox::settled_since(conn, &read.id, since, 1)?.is_empty())
            })
            .await?;
        if !any {
            return Ok(0);
        }
        self.store
            .write(move |tx| {
                let since = affected::noted_until(tx, dispatch.id.as_str())?;
                let settled = outbox::settled_since(tx, &dispatch.id, since, CHUNK)?;
                let until = settled.last().map_or(since, |(_, _, at)| *at);
                let people: Vec<_> = settled
                    .iter()
                    .filter_map(|(subject, state, _)| {
                        Some((subject.parse::<PersonId>().ok()?, notice_state(*state)?))
                    })
                    .collect();
                affected::mark(tx, &dispatch.incident_id, &people)?;
                affected::note_until(tx, dispatch.id.as_str(), until)?;
                Ok(settled.len())
            })
            .await
    }
}

fn notice_state(state: State) -> Option<NoticeState> {
    match state {
        State::Sent => Some(NoticeState::Sent),
        State::Failed | State::Bounced => Some(NoticeState::Failed),
        State::Cancelled => Some(NoticeState::NotTold),
        // Whether it arrived is not known until somebody settles it.
        _ => None,
    }
}
