//! Tells from the first bytes what a file is.

use std::io::{self, Read, Seek, SeekFrom};

use super::model::{Encoding, Format, Refusal};

const HEAD: u64 = 64 * 1024;
const OLE2: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const ZIP: &[u8] = b"PK\x03\x04";
/// An empty archive, and one in pieces.
const OTHER_ZIP: [&[u8]; 2] = [b"PK\x05\x06", b"PK\x07\x08"];
const BINARY: [&[u8]; 8] = [
    b"%PDF-",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
];

pub(super) enum Sniffed {
    Workbook,
    /// Text, and its encoding where a mark or NUL bytes tell it.
    Text(Option<Encoding>),
}

/// Looks at the head and leaves the source at its start.
pub(super) fn sniff<R: Read + Seek>(source: &mut R) -> Result<Sniffed, Refusal> {
    let head = head(source)?;
    if head.starts_with(ZIP) {
        return Ok(Sniffed::Workbook);
    }
    if head.starts_with(OLE2) {
        return Err(ole2(source, &head));
    }
    if BINARY
        .iter()
        .chain(&OTHER_ZIP)
        .any(|magic| head.starts_with(magic))
    {
        return Err(Refusal::Binary);
    }
    if head.starts_with(b"\xef\xbb\xbf") {
        return Ok(Sniffed::Text(Some(Encoding::Utf8)));
    }
    if head.starts_with(b"\xff\xfe") {
        return Ok(Sniffed::Text(Some(Encoding::Utf16Le)));
    }
    if head.starts_with(b"\xfe\xff") {
        return Ok(Sniffed::Text(Some(Encoding::Utf16Be)));
    }
    unmarked(&head).map(Sniffed::Text)
}

/// Refuses a source that cannot be of the format, and leaves it at its start.
pub(super) fn expect<R: Read + Seek>(source: &mut R, format: Format) -> Result<(), Refusal> {
    match (sniff(source)?, format) {
        (Sniffed::Workbook, Format::Csv) => Err(Refusal::Binary),
        (Sniffed::Text(_), Format::Xlsx) => Err(Refusal::NotAWorkbook),
        _ => Ok(()),
    }
}

pub(super) fn rewind<R: Seek>(source: &mut R) -> io::Result<()> {
    source.seek(SeekFrom::Start(0)).map(drop)
}

fn head<R: Read + Seek>(source: &mut R) -> io::Result<Vec<u8>> {
    rewind(source)?;
    let mut head = Vec::new();
    source.take(HEAD).read_to_end(&mut head)?;
    rewind(source)?;
    Ok(head)
}

/// Text without a mark has no NUL byte, unless it is UTF-16.
///
/// There every ASCII character, so every delimiter and line end, has its NUL on the same
/// side. A few are on the other side: 一 is U+4E00.
fn unmarked(head: &[u8]) -> Result<Option<Encoding>, Refusal> {
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in head.chunks(2) {
        even = even.saturating_add(usize::from(pair.first() == Some(&0)));
        odd = odd.saturating_add(usize::from(pair.get(1) == Some(&0)));
    }
    if even == 0 && odd == 0 {
        return Ok(None);
    }
    let enough = |most: usize, least: usize| {
        most > least.saturating_mul(4) && most.saturating_mul(32) > head.len()
    };
    let (encoding, coder) = if enough(odd, even) {
        (Encoding::Utf16Le, encoding_rs::UTF_16LE)
    } else if enough(even, odd) {
        (Encoding::Utf16Be, encoding_rs::UTF_16BE)
    } else {
        return Err(Refusal::Binary);
    };
    // Binary data with many small numbers, and plain text with a NUL, are hardly a table then.
    let (text, _) = coder.decode_without_bom_handling(head);
    let is_text = text.contains([',', ';', '\t', '|', '\n', '\r'])
        && !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
    if is_text {
        Ok(Some(encoding))
    } else {
        Err(Refusal::Binary)
    }
}

/// An old Office file; a workbook with a password is packed in one too.
fn ole2<R: Read + Seek>(source: &mut R, head: &[u8]) -> Refusal {
    const NAME: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    let mut directory = Vec::new();
    let read = directory_start(head).is_some_and(|start| {
        source.seek(SeekFrom::Start(start)).is_ok()
            && source.take(4096).read_to_end(&mut directory).is_ok()
    });
    if read && memchr::memmem::find(&directory, NAME).is_some() {
        Refusal::Encrypted
    } else {
        Refusal::NotAWorkbook
    }
}

fn directory_start(head: &[u8]) -> Option<u64> {
    let shift = u32::from(*head.get(30)?);
    let sector = u32::from_le_bytes(head.get(48..52)?.try_into().ok()?);
    let size = 1_u64.checked_shl(shift).filter(|size| *size <= 4096)?;
    u64::from(sector).checked_add(1)?.checked_mul(size)
}
