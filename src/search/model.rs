//! Documents, questions, and what was found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{Instant, Locale, LocaleText};

crate::text_enum! {
    /// Where a document is from.
    pub enum Room {
        /// The incident itself: number and title.
        Incident = "incident",
        /// An entry of the timeline.
        Entry = "entry",
        /// A notice, with its placeholders.
        Notice = "notice",
        /// A report to an authority.
        Filing = "filing",
        /// An action that follows.
        Action = "action",
        /// A section of the post-mortem.
        Section = "section",
        /// A sealed file: its name and note.
        Evidence = "evidence",
    }
}

/// Something that can be found: a copy of what people wrote, never of personal data of those affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The incident.
    pub incident_id: String,
    /// Where it is from.
    pub room: Room,
    /// What it is a copy of: an id, a number, a key; one of a room and an incident.
    pub reference: String,
    /// What it is called; searched, too.
    pub title: LocaleText,
    /// Its words as they are shown.
    pub text: LocaleText,
    /// When it was written.
    pub recorded_at: Instant,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Words, separated by spaces of any width; each must be there.
    pub words: String,
    /// Only of this room.
    pub room: Option<Room>,
    /// Only of incidents in this state, as it is stored.
    pub state: Option<&'static str>,
    /// Only what stands behind this document: [`Found::next`] of the page before.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: usize,
}

/// A page of what was found, newest first.
#[derive(Clone, Debug)]
pub struct Found {
    /// The documents.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there may be more.
    pub next: Option<i64>,
}

/// A document that holds every word.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where it stands in the order.
    pub id: i64,
    /// The document.
    pub document: Document,
    /// Its title, marked.
    pub title: Marked,
    /// Its words around the first place, marked.
    pub snippet: Marked,
}

/// A text in both languages, in pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marked {
    /// Japanese.
    pub ja: Vec<Piece>,
    /// English.
    pub en: Vec<Piece>,
}

impl Marked {
    /// The pieces in one language; those of the other where only these hold what was looked for.
    pub fn best(&self, locale: Locale) -> &[Piece] {
        let (own, other) = match locale {
            Locale::Ja => (&self.ja, &self.en),
            Locale::En => (&self.en, &self.ja),
        };
        let is_found = |pieces: &[Piece]| pieces.iter().any(|piece| piece.hit);
        if !is_found(own) && is_found(other) {
            other
        } else {
            own
        }
    }
}

/// A piece of a text: what was looked for, or what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}
