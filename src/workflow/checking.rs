//! The check of every chain, as a job of which a server runs one at a time.
//!
//! It reads everything, which takes as long as it takes: nobody's request waits
//! for it longer than it chose to. What it gave last is remembered until the
//! server stops; a stored verdict would only be one more thing to tamper with.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::House;
use crate::kernel::Instant;
use crate::timeline::{self, Verdict};

/// The job and what it gave; cheap to clone.
#[derive(Clone, Debug)]
pub struct Checker {
    news: Arc<watch::Sender<Progress>>,
}

/// How the job stands.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Since when a check runs, if one does.
    pub running_since: Option<Instant>,
    /// What the last one gave, since this server started.
    pub last: Option<Arc<Checked>>,
}

/// A check that came to its end.
#[derive(Clone, Debug)]
pub struct Checked {
    /// When it began: what it says is as of then.
    pub began_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
    /// What it gave; none when the database could not be read, for which the log has the reason.
    pub verdict: Option<Verdict>,
}

impl Default for Checker {
    fn default() -> Self {
        Self {
            news: Arc::new(watch::Sender::new(Progress::default())),
        }
    }
}

impl House {
    /// How the check of everything stands on this server.
    pub fn check_progress(&self) -> Progress {
        self.checker.news.borrow().clone()
    }

    /// Begins a check of everything, unless one runs.
    pub fn begin_check(&self) {
        let began_at = self.clock.now();
        let begins = self.checker.news.send_if_modified(|progress| {
            let idle = progress.running_since.is_none();
            if idle {
                progress.running_since = Some(began_at);
            }
            idle
        });
        if begins {
            let house = self.clone();
            tokio::spawn(async move { house.check(began_at).await });
        }
    }

    /// Begins or joins a check, and waits for its end for so long; none when it takes longer.
    pub async fn check_within(&self, patience: Duration) -> Option<Arc<Checked>> {
        self.begin_check();
        let mut news = self.checker.news.subscribe();
        let ended = news.wait_for(|progress| progress.running_since.is_none());
        match tokio::time::timeout(patience, ended).await {
            Ok(Ok(progress)) => progress.last.clone(),
            _ => None,
        }
    }

    async fn check(&self, began_at: Instant) {
        let public_key = self.vault.signing_key().public_key().to_vec();
        let outcome = self
            .store
            .read(move |conn| timeline::verify(conn, &public_key))
            .await;
        if let Err(problem) = &outcome {
            tracing::error!(%problem, "the timeline could not be checked");
        }
        let checked = Arc::new(Checked {
            began_at,
            ended_at: self.clock.now(),
            verdict: outcome.ok(),
        });
        self.checker.news.send_modify(|progress| {
            progress.running_since = None;
            progress.last = Some(checked);
        });
    }
}
