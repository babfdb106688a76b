//! Showing a file without its bytes: drawn or read anew, on record, within bounds of time and memory.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::House;
use crate::accounts::{Granted, can};
use crate::evidence::preview::{self, Preview, Reason};
use crate::evidence::{self, EvidenceId};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Problem, Result};
use crate::timeline::Actor;

/// Previews that are made at the same time; each may take the memory of one large picture.
const AT_ONCE: usize = 2;
/// How long somebody waits for a preview, its queue included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The places at which previews are made.
#[derive(Clone, Debug)]
pub struct Previewer(Arc<Semaphore>);

impl Default for Previewer {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl House {
    /// Shows what may be shown of a file; that is on the timeline, before anything is seen.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::Purged`]; [`Code::UnreadableFile`] for what cannot be shown;
    /// [`Code::TooLarge`] for a picture beyond the bounds; [`Code::Unavailable`] when it took too long.
    pub async fn preview_evidence(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        file: EvidenceId,
    ) -> Result<Preview> {
        let (house, actor, id, now) = (
            self.clone(),
            Actor::account(by.id.as_str()),
            id.clone(),
            self.clock.now(),
        );
        let made = async {
            let place = self.previewer.0.clone().acquire_owned().await;
            let place = place.map_err(Problem::internal)?;
            let (found_type, plain) = self
                .store
                .write(move |tx| {
                    let found = evidence::custody::of_incident(tx, id.as_str(), &file)?;
                    if !preview::is_shown(&found.found_type) {
                        return Err(Problem::new(Code::UnreadableFile));
                    }
                    let (found, plain) =
                        evidence::see(tx, &house.vault, &house.files, &actor, now, &file)?;
                    Ok((found.found_type, plain))
                })
                .await?;
            tokio::task::spawn_blocking(move || {
                // Nobody can end a decoder from outside, so it keeps its place until it is done.
                let _place = place;
                preview::make(&found_type, plain)
            })
            .await
            .map_err(Problem::internal)?
        };
        let made = tokio::time::timeout(PATIENCE, made)
            .await
            .map_err(|_| Problem::new(Code::Unavailable))??;
        match made {
            Preview::Nothing(Reason::TooLarge) => {
                Err(Problem::with(Code::TooLarge, &[("limit", "64 MiB")]))
            }
            Preview::Nothing(_) => Err(Problem::new(Code::UnreadableFile)),
            shown => Ok(shown),
        }
    }
}
