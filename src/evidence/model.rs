//! Evidence rows, uploads and verdicts.

use diesel::prelude::*;
use serde::Serialize;

use super::sniff;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Instant, Problem, Result};
use crate::store::schema::evidence;
use crate::vault::Scope;

const NAME_LIMIT: usize = 255;
const NOTE_LIMIT: usize = 2_000;

crate::ids! {
    /// Names one sealed file.
    EvidenceId;
}

/// A sealed file, as it is recorded.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = evidence, treat_none_as_default_value = false)]
pub struct Evidence {
    /// The file's id.
    pub id: EvidenceId,
    /// The incident whose key sealed it.
    pub incident_id: String,
    /// The name under which it was uploaded, without any folder.
    pub name: String,
    /// The media type that the sender named; never trusted for display.
    pub media_type: String,
    /// Plain bytes.
    pub size: i64,
    /// SHA-256 of the plain bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// What it shows, in the words of whoever kept it.
    pub note: String,
    /// The scope of the key that sealed it: the incident's own, or that of its affected people.
    #[serde(skip)]
    pub scope: String,
    /// When its bytes were destroyed; the row with the digest stays.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub destroyed_at: Option<Instant>,
    /// Where its sealed bytes lie: their SHA-256, 64 hexadecimal digits; empty for a row from before,
    /// whose file lies under its id.
    pub address: String,
    /// The media type that the bytes themselves look like; empty when nothing is recognised.
    pub found_type: String,
    /// An account's id, or `system`.
    pub recorded_by: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

impl Evidence {
    /// Whether its name or sender claims a type that the bytes are not.
    pub fn type_differs(&self) -> bool {
        sniff::contradicts(&self.name, &self.media_type, &self.found_type)
    }

    /// Whether it is sealed under the key of the affected people, and so goes with their register.
    pub fn belongs_to_register(&self) -> bool {
        self.scope != Scope::incident(&self.incident_id).as_str()
    }
}

/// What a person says about a file that they hand in.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// The incident.
    pub incident_id: &'a str,
    /// Whose key seals it.
    pub scope: &'a Scope,
    /// The file's name as the browser gave it.
    pub name: &'a str,
    /// The media type as the browser gave it.
    pub media_type: &'a str,
    /// What it shows; may be empty.
    pub note: &'a str,
    /// The largest number of plain bytes that is taken.
    pub limit: u64,
}

/// Whether a file still is what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Digest and size agree.
    Intact,
    /// The file was changed, cut or replaced.
    Changed,
    /// The file is not in its place.
    Missing,
    /// Its bytes were destroyed, as the timeline tells.
    Destroyed,
}

/// An upload whose words were checked.
pub(super) struct Checked {
    pub incident_id: String,
    pub name: String,
    pub media_type: String,
    pub note: String,
    pub scope: String,
    pub limit: u64,
}

impl Upload<'_> {
    /// Strips folders from the name, and refuses what no file name holds.
    pub(super) fn checked(self) -> Result<Checked> {
        let mut problems = Vec::new();
        // Some browsers send the whole path of the sender's machine; both kinds of separator count.
        let name = self
            .name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .trim();
        if matches!(name, "" | "." | "..") {
            problems.push(wrong("name", "field-file-name-missing", None));
        } else if name.chars().any(misleading) {
            problems.push(wrong("name", "field-control-characters", None));
        } else if name.chars().count() > NAME_LIMIT {
            problems.push(wrong("name", "field-too-long", Some(NAME_LIMIT)));
        }
        let note = self.note.trim();
        if note.contains('\0') {
            problems.push(wrong("note", "field-control-characters", None));
        } else if note.chars().count() > NOTE_LIMIT {
            problems.push(wrong("note", "field-too-long", Some(NOTE_LIMIT)));
        }
        if !problems.is_empty() {
            return Err(Problem::fields(problems));
        }
        Ok(Checked {
            incident_id: self.incident_id.to_owned(),
            name: name.to_owned(),
            media_type: media_type(self.media_type),
            note: note.to_owned(),
            scope: self.scope.as_str().to_owned(),
            limit: self.limit,
        })
    }
}

/// Control characters, and the marks that make a name read in another order than it is written.
fn misleading(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

fn media_type(text: &str) -> String {
    let fits = text.len() <= 100
        && text
            .split_once('/')
            .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty())
        && text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if fits {
        text
    } else {
        "application/octet-stream"
    }
    .to_owned()
}

fn wrong(field: &str, key: &'static str, limit: Option<usize>) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        key,
        params: limit
            .map(|limit| ("maximum", limit.to_string()))
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Result<String> {
        let upload = Upload {
            incident_id: "i",
            scope: &Scope::incident("i"),
            name,
            media_type: "text/csv",
            note: "",
            limit: 1,
        };
        upload.checked().map(|checked| checked.name)
    }

    #[test]
    fn names_lose_their_folders_and_refuse_what_misleads() {
        assert_eq!(name("C:\\Users\\taro\\名簿.csv").unwrap(), "名簿.csv");
        assert_eq!(name("../../etc/passwd").unwrap(), "passwd");
        for bad in ["", "..", "a/..", "a\u{0}b", "a\nb", "roster\u{202e}vsc.exe"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
        assert!(name(&"名".repeat(255)).is_ok());
        assert!(name(&"名".repeat(256)).is_err());
    }

    #[test]
    fn a_strange_media_type_becomes_plain_bytes() {
        assert_eq!(
            media_type("text/csv; charset=utf-8"),
            "text/csv; charset=utf-8"
        );
        assert_eq!(media_type("text/csv\r\nX: y"), "application/octet-stream");
        assert_eq!(media_type("csv"), "application/octet-stream");
    }
}
