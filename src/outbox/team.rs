//! The messages that a team gets: `templates/mail/<message>/{subject,body}.<language>.*`.

use include_dir::{Dir, include_dir};

use super::template::{Content, Variables};
use crate::kernel::{Locale, Problem, Result};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/mail");

crate::text_enum! {
    /// A message to one member of the team; its text is its folder's name.
    pub enum TeamMessage {
        /// A deadline comes near, or has passed.
        Reminder = "reminder",
        /// An account was made; a one-time link sets its password.
        Invitation = "invitation",
        /// A draft waits for this person's approval.
        ApprovalWanted = "approval_wanted",
        /// An approval still waits, or its deadline is near.
        ApprovalWaiting = "approval_waiting",
        /// Steps were assigned to this person.
        Assigned = "assigned",
        /// Nobody reacted to a deadline.
        Escalation = "escalation",
        /// What is open, once a day.
        Digest = "digest",
        /// The register of affected people is kept for a few days more, or too long already.
        Keeping = "keeping",
    }
}

impl TeamMessage {
    /// The variables that the message's texts use; `link` is the one thing to open.
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Reminder => &["name", "incident", "duty", "remaining", "due", "link"],
            Self::Invitation => &["name", "organisation", "inviter", "valid_until", "link"],
            Self::Keeping => &["name", "incident", "keep_until", "remaining", "link"],
            Self::ApprovalWanted => &["name", "incident", "document", "drafted_by", "link"],
            Self::ApprovalWaiting => &[
                "name",
                "incident",
                "document",
                "drafted_by",
                "since",
                "due",
                "link",
            ],
            Self::Assigned => &["name", "incident", "steps", "assigned_by", "link"],
            Self::Escalation => &[
                "name",
                "incident",
                "duty",
                "due",
                "remaining",
                "reminded_at",
                "link",
            ],
            Self::Digest => &[
                "name",
                "day",
                "incidents",
                "deadlines",
                "steps",
                "approvals",
                "actions",
                "link",
            ],
        }
    }

    /// Renders the message in one language.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when a variable or a file is missing: a defect of ours.
    pub fn render(self, locale: Locale, variables: &Variables) -> Result<Content> {
        self.content(locale)?
            .render(variables)
            .map_err(|error| Problem::internal(format!("mail template {self} ({locale}): {error}")))
    }

    /// The message's texts before they are filled in.
    ///
    /// # Errors
    /// As [`TeamMessage::render`].
    pub fn content(self, locale: Locale) -> Result<Content> {
        let file = |name: String| {
            let path = format!("{self}/{name}");
            FILES
                .get_file(&path)
                .and_then(|file| file.contents_utf8())
                .ok_or_else(|| Problem::internal(format!("mail template {path} is missing")))
        };
        Ok(Content {
            subject: file(format!("subject.{locale}.txt"))?.trim_end().to_owned(),
            text: file(format!("body.{locale}.txt"))?.to_owned(),
            html: Some(file(format!("body.{locale}.html"))?.to_owned()),
        })
    }
}
