//! What of a file may be shown: pictures drawn anew, text as text, PDF by the browser's own reader.
//!
//! In come plain bytes and the type that they look like; out go pixels in a fresh
//! PNG, or characters: no metadata, no script, no second file behind the first. Only a
//! PDF leaves as it is, for no library of ours shall read it; browsers read them in a
//! sandbox of their own. Whoever shows it says so on record.

use std::io::{Cursor, Read};

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::kernel::Result;

/// The largest picture or PDF that is shown, in bytes.
const SIZE: u64 = 64 * 1024 * 1024;
/// The most pixels that are decoded: a page of A3 at 600 dots an inch has 70 million.
const PIXELS: u64 = 80_000_000;
/// The most memory that one decoding takes, in bytes.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Width and height of what is shown, at most.
const SIDE: u32 = 1_600;
/// How much of a text is shown, in bytes.
const TEXT: u64 = 64 * 1024;

/// The type of a file that the browser's own reader shows, in its sandbox.
const PDF: &str = "application/pdf";

/// What may be shown of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Preview {
    /// A PNG made of the pixels alone.
    Picture(Vec<u8>),
    /// The beginning of a text.
    Text {
        /// The characters; what could not be read stands as U+FFFD.
        text: String,
        /// Whether the file goes on.
        cut: bool,
    },
    /// A PDF as it is: nothing here reads it, the browser does.
    Document(Vec<u8>),
    /// Nothing, and why.
    Nothing(Reason),
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The type is shown by nobody here.
    Kind,
    /// More bytes, pixels or memory than are spent on a preview.
    TooLarge,
    /// It cannot be read as what it looks like.
    Broken,
}

/// Whether a preview is tried for bytes that look like this.
pub fn is_shown(found_type: &str) -> bool {
    is_text(found_type) || found_type == PDF || format(found_type).is_some()
}

/// Makes the preview of a file.
///
/// # Errors
/// Those of reading; a file that cannot be shown is an answer.
pub fn make(found_type: &str, mut plain: impl Read) -> Result<Preview> {
    if let Some(format) = format(found_type) {
        let drawn = whole(plain)?.and_then(|bytes| picture(&bytes, format));
        return Ok(drawn.map_or_else(Preview::Nothing, Preview::Picture));
    }
    if found_type == PDF {
        return Ok(whole(plain)?.map_or_else(Preview::Nothing, Preview::Document));
    }
    if !is_text(found_type) {
        return Ok(Preview::Nothing(Reason::Kind));
    }
    let mut bytes = Vec::new();
    plain
        .by_ref()
        .take(TEXT.saturating_add(1))
        .read_to_end(&mut bytes)?;
    let limit = usize::try_from(TEXT).unwrap_or(usize::MAX);
    let cut = bytes.len() > limit;
    bytes.truncate(limit);
    Ok(Preview::Text {
        text: decoded(&bytes),
        cut,
    })
}

fn whole(plain: impl Read) -> Result<Result<Vec<u8>, Reason>> {
    let mut bytes = Vec::new();
    plain.take(SIZE.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(if read > SIZE {
        Err(Reason::TooLarge)
    } else {
        Ok(bytes)
    })
}

fn is_text(found_type: &str) -> bool {
    found_type.starts_with("text/")
}

fn format(found_type: &str) -> Option<ImageFormat> {
    Some(match found_type {
        "image/png" => ImageFormat::Png,
        "image/jpeg" => ImageFormat::Jpeg,
        "image/gif" => ImageFormat::Gif,
        "image/webp" => ImageFormat::WebP,
        _ => return None,
    })
}

/// Draws a picture anew, the way up that its camera noted, without anything but its pixels.
fn picture(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, Reason> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    // Before a single pixel is made: a bomb is small in the file and large in its header.
    if u64::from(width).saturating_mul(u64::from(height)) > PIXELS || decoder.total_bytes() > MEMORY
    {
        return Err(Reason::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|error| reason(&error))?;
    let mut image = image::DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    if width > SIDE || height > SIDE {
        image = image.thumbnail(SIDE, SIDE);
    }
    image.apply_orientation(orientation);
    let mut png = Cursor::new(Vec::new());
    // Eight bits a channel are what screens show, and what every PNG reader takes.
    image::DynamicImage::ImageRgba8(image.to_rgba8())
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| reason(&error))?;
    Ok(png.into_inner())
}

fn reason(error: &image::ImageError) -> Reason {
    match error {
        image::ImageError::Limits(_) => Reason::TooLarge,
        _ => Reason::Broken,
    }
}

/// The characters of a text's first bytes, in the encoding of Japanese offices that reads them without fault.
pub(super) fn legible(bytes: &[u8]) -> Option<String> {
    // The piece may end inside a character, which is no fault of the file.
    [UTF_8, EUC_JP, SHIFT_JIS].iter().find_map(|encoding| {
        (0..4).find_map(|end| {
            let piece = bytes.get(..bytes.len().checked_sub(end)?)?;
            // Nothing left proves nothing.
            let piece = Some(piece).filter(|piece| end == 0 || !piece.is_empty())?;
            encoding
                .decode_without_bom_handling_and_without_replacement(piece)
                .map(|text| text.into_owned())
        })
    })
}

/// Text as well as it can be read.
fn decoded(bytes: &[u8]) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = marked {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some(text) = legible(bytes) {
        return text;
    }
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    let wide = zeros > bytes.len() / 4;
    let little = bytes.get(1) == Some(&0);
    let encoding = match (wide, little) {
        (true, true) => UTF_16LE,
        (true, false) => UTF_16BE,
        (false, _) => UTF_8,
    };
    encoding.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(
            width,
            height,
            image::Rgb([200, 30, 30]),
        ))
        .write_to(&mut bytes, format)
        .unwrap();
        bytes.into_inner()
    }

    fn shown(found_type: &str, bytes: &[u8]) -> image::DynamicImage {
        match make(found_type, bytes).unwrap() {
            Preview::Picture(png) => {
                image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pictures_are_drawn_anew_and_made_smaller() {
        for (found_type, format) in [
            ("image/png", ImageFormat::Png),
            ("image/jpeg", ImageFormat::Jpeg),
            ("image/gif", ImageFormat::Gif),
            ("image/webp", ImageFormat::WebP),
        ] {
            let image = shown(found_type, &drawn(40, 20, format));
            assert_eq!((image.width(), image.height()), (40, 20), "{found_type}");
        }
        let image = shown("image/png", &drawn(3_200, 800, ImageFormat::Png));
        assert_eq!((image.width(), image.height()), (1_600, 400));
    }

    #[test]
    fn where_and_by_what_a_picture_was_taken_is_gone_and_it_stands_upright() {
        // An EXIF block of one entry, Orientation = 6 (turn right), and words behind it, as GPS would be.
        let mut exif =
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"35.6762N 139.6503E");
        let plain = drawn(40, 20, ImageFormat::Jpeg);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut marked = plain[..2].to_vec();
        marked.extend_from_slice(&[0xff, 0xe1]);
        marked.extend_from_slice(&length);
        marked.extend_from_slice(&exif);
        marked.extend_from_slice(&plain[2..]);
        let Preview::Picture(png) = make("image/jpeg", &marked[..]).unwrap() else {
            panic!("a picture");
        };
        for word in ["35.6762N", "Exif"] {
            let holds = |bytes: &[u8]| {
                bytes
                    .windows(word.len())
                    .any(|piece| piece == word.as_bytes())
            };
            assert!(holds(&marked) && !holds(&png), "{word}");
        }
        let image = image::load_from_memory(&png).unwrap();
        assert_eq!((image.width(), image.height()), (20, 40));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        // A header that promises 65,535 by 65,535 pixels, and next to nothing behind it.
        let mut bomb = drawn(1, 1, ImageFormat::Gif);
        bomb[6..10].copy_from_slice(&[0xff; 4]);
        assert_eq!(
            make("image/gif", &bomb[..]).unwrap(),
            Preview::Nothing(Reason::TooLarge)
        );
        let endless = std::io::repeat(0);
        assert_eq!(
            make("image/png", endless).unwrap(),
            Preview::Nothing(Reason::TooLarge)
        );
        let cut = &drawn(40, 40, ImageFormat::Png)[..40];
        assert_eq!(
            make("image/png", cut).unwrap(),
            Preview::Nothing(Reason::Broken)
        );
    }

    #[test]
    fn text_is_read_in_the_encodings_of_offices_and_cut() {
        let text = |bytes: &[u8]| match make("text/plain", bytes).unwrap() {
            Preview::Text { text, cut } => (text, cut),
            other => panic!("{other:?}"),
        };
        let words = "接続元 192.0.2.1\n";
        assert_eq!(text(words.as_bytes()).0, words);
        assert_eq!(text(&SHIFT_JIS.encode(words).0).0, words);
        assert_eq!(text(&EUC_JP.encode(words).0).0, words);
        let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&[&[0xff, 0xfe], &wide[..]].concat()).0, words);
        let (long, cut) = text("あ".repeat(30_000).as_bytes());
        assert!(cut && long.chars().all(|c| c == 'あ'), "{}", long.len());
        let pdf = b"%PDF-1.7".to_vec();
        assert_eq!(
            make("application/pdf", &pdf[..]).unwrap(),
            Preview::Document(pdf)
        );
        let zip = make("application/zip", &b"PK"[..]).unwrap();
        assert_eq!(zip, Preview::Nothing(Reason::Kind));
    }
}
