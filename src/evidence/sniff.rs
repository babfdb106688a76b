//! What a file looks like by its own first bytes, whatever its name and sender claim.
//!
//! What is found here is kept and shown beside the claim; it decides whether a
//! preview is tried, and is never passed to a browser as a type of the original.

use super::preview;

/// How many of the first bytes are looked at.
pub(super) const HEAD: usize = 8 * 1024;

/// What senders say who do not know.
const UNSAID: &str = "application/octet-stream";
const EXECUTABLE: [&str; 3] = [
    "vnd.microsoft.portable-executable",
    "executable",
    "mach-binary",
];

/// The media type of these first bytes; empty when nothing is recognised.
pub(super) fn media_type(head: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type();
    }
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The piece may end inside a character.
        Err(error) => error.error_len().is_none() || preview::legible(head).is_some(),
    };
    let strange = head
        .iter()
        .any(|byte| byte.is_ascii_control() && !b"\t\n\r\x0c\x1b".contains(byte));
    if text && !strange && !head.is_empty() {
        "text/plain"
    } else {
        ""
    }
}

/// Whether name or sender claim a type that the bytes are not.
///
/// Nothing is said of bytes that are not recognised, nor where nothing is claimed. Text may be of
/// any kind that is written as text, and a ZIP any document that is packed as one.
pub(super) fn contradicts(name: &str, media_type: &str, found: &str) -> bool {
    if found.is_empty() {
        return false;
    }
    let sent = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let by_name = mime_guess::from_path(name).first();
    let by_name = by_name.as_ref().map(|guess| guess.essence_str());
    by_name
        .into_iter()
        .chain([sent.as_str()])
        .filter(|claim| !claim.is_empty() && *claim != UNSAID)
        .any(|claim| !agrees(claim, found))
}

fn agrees(claim: &str, found: &str) -> bool {
    let (kind, plain) = halves(claim);
    let (found_kind, found_plain) = halves(found);
    if kind == found_kind && plain == found_plain {
        return true;
    }
    match (found_kind, found_plain) {
        ("text", _) => {
            let written = ["svg+xml", "rtf", "postscript"].contains(&plain);
            written || !(["image", "audio", "video", "font"].contains(&kind) || is_packed(plain))
        }
        ("application", "zip") => [
            "openxmlformats",
            "opendocument",
            "epub",
            "java-archive",
            "zip",
        ]
        .iter()
        .any(|packed| plain.contains(packed)),
        ("application", "ole-storage") => plain.starts_with("ms") || plain.starts_with("vnd.ms"),
        ("application", _) if EXECUTABLE.contains(&found_plain) => {
            EXECUTABLE.contains(&plain) || plain == "msdownload"
        }
        // One container holds either, and names of both are in use.
        ("audio" | "video", _) => matches!(kind, "audio" | "video"),
        _ => false,
    }
}

/// A type in its two halves, without the `x-` of those that were never registered.
fn halves(media_type: &str) -> (&str, &str) {
    let (kind, plain) = media_type.split_once('/').unwrap_or((media_type, ""));
    (kind, plain.strip_prefix("x-").unwrap_or(plain))
}

/// Whether a type of this name is never written as text.
fn is_packed(plain: &str) -> bool {
    [
        "pdf",
        "zip",
        "gzip",
        "msdownload",
        "msword",
        "officedocument",
        "vnd.ms-",
        "compressed",
    ]
    .iter()
    .any(|packed| plain.contains(packed))
}

#[cfg(test)]
mod tests {
    use super::{contradicts, media_type};

    #[test]
    fn a_claim_that_the_bytes_contradict_is_found() {
        let exe = media_type(b"MZ\x90\0\x03\0\0\0");
        assert!(contradicts("photo.jpg", "image/jpeg", exe), "{exe}");
        assert!(contradicts("photo.jpg", "", exe));
        assert!(!contradicts("tool.exe", "application/x-msdownload", exe));
        assert!(contradicts("photo.jpg", "image/jpeg", "image/png"));
        assert!(contradicts("letter.pdf", "", "text/plain"));
        assert!(contradicts("a.png", "text/plain", "image/png"));
        assert!(!contradicts(
            "a.log",
            "application/octet-stream",
            "text/plain"
        ));
        assert!(!contradicts("a.json", "application/json", "text/plain"));
        assert!(!contradicts("a.csv", "application/vnd.oasis.x", ""));
        assert!(!contradicts("a.docx", "", "application/zip"));
        assert!(!contradicts("noname", "", "image/png"));
    }

    #[test]
    fn bytes_say_what_they_are() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(media_type(b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(media_type("時刻,内容\n".as_bytes()), "text/plain");
        assert_eq!(media_type(&"あ".as_bytes()[..2]), "text/plain");
        let (sjis, ..) = encoding_rs::SHIFT_JIS.encode("時刻,内容\n");
        assert_eq!(media_type(&sjis), "text/plain");
        assert_eq!(media_type(b"a\0b"), "");
        assert_eq!(media_type(b""), "");
    }
}
