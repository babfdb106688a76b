//! The two ways out: an SMTP server, or a folder.

use std::path::PathBuf;

use super::directory::{self, DirectoryMail};
use super::model::{Outcome, Reply};
use super::prepare::Job;
use super::settings::{MailSettings, TransportKind};
use super::smtp::{Line, Smtp};
use crate::kernel::{Instant, Result};

/// Where messages go.
pub(super) enum Transport {
    Smtp(Box<Smtp>),
    Directory(PathBuf),
}

/// A way that stands open for one message after another.
pub(super) enum Channel<'a> {
    Line(Box<Line<'a>>),
    Folder,
}

impl Transport {
    pub(super) fn new(settings: &MailSettings) -> Result<Self> {
        Ok(match settings.transport {
            TransportKind::Smtp => Self::Smtp(Box::new(Smtp::new(settings)?)),
            TransportKind::Directory => Self::Directory(settings.directory.clone()),
        })
    }

    /// Opens a channel, or says why none can be had.
    pub(super) async fn channel(&self) -> Result<Channel<'_>, Reply> {
        match self {
            Self::Smtp(smtp) => Ok(Channel::Line(Box::new(smtp.line().await?))),
            Self::Directory(_) => Ok(Channel::Folder),
        }
    }

    /// Sends one message; gives back the channel when it may be used again.
    pub(super) async fn send<'a>(
        &'a self,
        channel: Channel<'a>,
        job: &Job,
        now: Instant,
    ) -> (Outcome, Option<Channel<'a>>) {
        match (self, channel) {
            (Self::Smtp(smtp), Channel::Line(line)) => {
                let (outcome, line) = smtp.send(*line, &job.built).await;
                (outcome, line.map(|line| Channel::Line(Box::new(line))))
            }
            (Self::Directory(folder), channel) => {
                let (folder, eml) = (folder.clone(), job.built.bytes.clone());
                let mail = DirectoryMail {
                    id: job.id.clone(),
                    at: now,
                    to: job.to.clone(),
                    content: job.content.clone(),
                };
                let write =
                    tokio::task::spawn_blocking(move || directory::write(&folder, &mail, &eml));
                match write.await.map_err(std::io::Error::other).flatten() {
                    Ok(()) => (
                        Outcome::Sent(Reply::ours("written to the mail directory")),
                        Some(channel),
                    ),
                    // Writing again gives the same file, so nothing is ever uncertain here.
                    Err(error) => (
                        Outcome::Trouble(Reply::ours(format!(
                            "the mail directory cannot be written: {error}"
                        ))),
                        None,
                    ),
                }
            }
            (Self::Smtp(_), Channel::Folder) => (
                Outcome::Trouble(Reply::ours("the channel is of another transport")),
                None,
            ),
        }
    }

    /// Keeps a channel for the next round.
    pub(super) async fn put_back(&self, channel: Channel<'_>) {
        if let (Self::Smtp(smtp), Channel::Line(line)) = (self, channel) {
            smtp.put_back(*line).await;
        }
    }

    /// Closes what is open.
    pub(super) async fn shut(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.shut().await;
        }
    }
}
