//! The two ways out: an SMTP server, or a folder.

use std::path::{Path, PathBuf};

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

/// What became of one message.
pub(super) struct Delivered<'a> {
    pub outcome: Outcome,
    /// The channel, when it may be used again.
    pub channel: Option<Channel<'a>>,
    /// Whether the next message's envelope was said on it.
    pub next_said: bool,
}

impl Channel<'_> {
    /// Whether the next message can be announced before this one is answered.
    pub(super) fn pipelines(&self) -> bool {
        matches!(self, Self::Line(line) if line.pipelines())
    }
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

    /// Sends one message, whose envelope may have been said with the one before.
    pub(super) async fn send<'a>(
        &'a self,
        channel: Channel<'a>,
        job: &Job,
        said: bool,
        next: Option<&Job>,
        now: Instant,
    ) -> Delivered<'a> {
        match (self, channel) {
            (Self::Smtp(smtp), Channel::Line(line)) => {
                let next = next.map(|next| &next.built);
                let said = smtp.send(*line, &job.built, said, next).await;
                Delivered {
                    outcome: said.outcome,
                    channel: said.line.map(|line| Channel::Line(Box::new(line))),
                    next_said: said.next_said,
                }
            }
            (Self::Directory(folder), channel) => {
                let (outcome, open) = write(folder, job, now).await;
                Delivered {
                    outcome,
                    channel: open.then_some(channel),
                    next_said: false,
                }
            }
            (Self::Smtp(_), Channel::Folder) => Delivered {
                outcome: Outcome::Trouble(Reply::ours("the channel is of another transport")),
                channel: None,
                next_said: false,
            },
        }
    }

    /// Keeps a channel for the next round.
    pub(super) async fn put_back(&self, channel: Channel<'_>) {
        if let (Self::Smtp(smtp), Channel::Line(line)) = (self, channel) {
            smtp.put_back(*line).await;
        }
    }

    /// Closes a channel with what was said on it.
    pub(super) async fn drop_channel(&self, channel: Channel<'_>) {
        if let (Self::Smtp(smtp), Channel::Line(line)) = (self, channel) {
            smtp.drop_line(*line).await;
        }
    }

    /// Closes what is open.
    pub(super) async fn shut(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.shut().await;
        }
    }
}

/// Writes a message into the folder; says whether the folder can be written.
async fn write(folder: &Path, job: &Job, now: Instant) -> (Outcome, bool) {
    let (folder, eml) = (folder.to_owned(), job.built.bytes.clone());
    let mail = DirectoryMail {
        id: job.id.clone(),
        at: now,
        to: job.to.clone(),
        content: job.content.clone().unwrap_or_default(),
    };
    let write = tokio::task::spawn_blocking(move || directory::write(&folder, &mail, &eml));
    match write.await.map_err(std::io::Error::other).flatten() {
        Ok(()) => (
            Outcome::Sent(Reply::ours("written to the mail directory")),
            true,
        ),
        // Writing again gives the same file, so nothing is ever uncertain here.
        Err(error) => (
            Outcome::Trouble(Reply::ours(format!(
                "the mail directory cannot be written: {error}"
            ))),
            false,
        ),
    }
}
