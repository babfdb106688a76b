//! A case in one file, for somebody who trusts neither this server nor us.
//!
//! In come entries, checkpoints, digests and documents of one incident; out goes a
//! ZIP file whose list is signed, and the verdict of [`check()`] about such a file.
//! `content/proof/verify.py` does the same check in another language, and
//! `docs/BUNDLE.md` says each byte. The room refuses to know the database, and what
//! an entry means.

mod archive;
mod check;
mod evidence;
mod lines;
mod manifest;

pub use archive::{Bundle, Content, Member};
pub use check::{Finding, Verdict, check};
pub use evidence::EvidenceLine;
pub use lines::entry_lines;
pub use manifest::{Manifest, NAME as MANIFEST};

/// The entries, one JSON object a line.
pub const ENTRIES: &str = "entries.jsonl";
/// The sealed files with their digests, one JSON object a line.
pub const EVIDENCE: &str = "evidence.jsonl";
/// The key that signed the list and the checkpoints.
pub const PUBLIC_KEY: &str = "public-key.pem";

/// What every bundle carries besides the case: how to check it, by hand and by program.
pub const GUIDES: [(&str, &str); 3] = [
    (
        "README.ja.txt",
        include_str!("../../content/proof/README.ja.txt"),
    ),
    (
        "README.en.txt",
        include_str!("../../content/proof/README.en.txt"),
    ),
    ("verify.py", include_str!("../../content/proof/verify.py")),
];

/// The name under which a checkpoint stands in a bundle.
pub fn checkpoint_name(number: i64) -> String {
    format!("checkpoints/{number:08}.note")
}

/// The name under which the plain bytes of a sealed file stand in a bundle; no person's word is in it.
pub fn evidence_name(id: &str) -> String {
    format!("evidence/{id}")
}
