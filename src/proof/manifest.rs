//! The list of a bundle: what it holds, as of when, with the digest of each file; a signed note.
//!
//! `sha256sum -c manifest.note` reads its lower half: what stands above is no line of that program.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kernel::{Instant, Sha256};

/// The name of the list inside a bundle.
pub const NAME: &str = "manifest.note";
/// The first line, and the name of the key in the signature line.
pub(super) const ORIGIN: &str = "shodo/bundle/1";

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The incident's number, e.g. `INC-2026-0001`.
    pub number: String,
    /// Its id, as entries and checkpoints name it.
    pub incident_id: String,
    /// When the bundle was made.
    pub made_at: Instant,
    /// How many entries it holds: all up to the newest checkpoint.
    pub entries: i64,
    /// The hash of the last of them.
    pub head: Vec<u8>,
    /// Whether the entries come with what they tell.
    pub payloads: bool,
    /// The first and the last checkpoint that it holds.
    pub checkpoints: (i64, i64),
    /// The digest of every other file.
    pub files: BTreeMap<String, Sha256>,
}

impl Manifest {
    /// The text that is signed.
    pub(super) fn text(&self) -> String {
        let (first, last) = self.checkpoints;
        let mut text = format!(
            "{ORIGIN}\nincident {} {}\nmade {}\nentries {} {}\npayloads {}\ncheckpoints {first} {last}\n\n",
            self.number,
            self.incident_id,
            self.made_at,
            self.entries,
            STANDARD.encode(&self.head),
            if self.payloads {
                "included"
            } else {
                "left-out"
            },
        );
        for (name, sha256) in &self.files {
            text.push_str(&format!("{sha256}  {name}\n"));
        }
        text
    }

    /// Reads the text of a list.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (head, sums) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next()? != ORIGIN {
            return None;
        }
        let mut next = |name: &str| {
            let words = lines.next()?.strip_prefix(name)?.strip_prefix(' ')?;
            Some(words.split_once(' ').unwrap_or((words, "")))
        };
        let (number, incident_id) = next("incident")?;
        let (made_at, _) = next("made")?;
        let (entries, hash) = next("entries")?;
        let (payloads, _) = next("payloads")?;
        let (first, last) = next("checkpoints")?;
        let mut files = BTreeMap::new();
        for line in sums.lines() {
            let (sha256, name) = line.split_once("  ")?;
            files.insert(name.to_owned(), sha256.parse().ok()?);
        }
        let manifest = Self {
            number: number.to_owned(),
            incident_id: incident_id.to_owned(),
            made_at: made_at.parse().ok()?,
            entries: entries.parse().ok()?,
            head: STANDARD.decode(hash).ok()?,
            payloads: payloads == "included",
            checkpoints: (first.parse().ok()?, last.parse().ok()?),
            files,
        };
        // Whatever else the text says, two programs might read it differently.
        (manifest.text() == text).then_some(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        Manifest {
            number: "INC-2026-0001".to_owned(),
            incident_id: "i".to_owned(),
            made_at: "2026-11-20T01:00:00Z".parse().unwrap(),
            entries: 2,
            head: vec![1; 32],
            payloads: true,
            checkpoints: (3, 4),
            files: [("a.txt".to_owned(), Sha256::of(b"a"))].into(),
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written_and_in_no_other_way() {
        let text = sample().text();
        assert_eq!(Manifest::parse(&text), Some(sample()));
        for other in [
            text.replace("made ", "made  "),
            text.replace("payloads included", "payloads perhaps"),
            text.replace("  a.txt", " a.txt"),
            text.replace(ORIGIN, "shodo/bundle/9"),
            text.replace("entries 2", "entries 02"),
        ] {
            assert_eq!(Manifest::parse(&other), None, "{other}");
        }
    }
}
