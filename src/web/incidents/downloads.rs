//! Files that are handed out as attachments, and what may be shown of sealed ones.

use std::io::{self, Read};

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::{Stream, StreamExt, stream};

use crate::evidence::preview::Preview;
use crate::kernel::{Problem, Result};

const CHUNK: usize = 256 * 1024;
/// What a browser that ignores the disposition may do with a handed-out file: nothing.
const POLICY: &str = "sandbox; default-src 'none'";

/// Bytes in memory as an attachment.
///
/// # Errors
/// None that a file name can cause; [`crate::kernel::Code::Internal`] guards the header.
pub fn attachment(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Result<HttpResponse> {
    let mut answer = prepared(name)?;
    answer.insert_header((header::CONTENT_TYPE, media_type));
    Ok(answer.body(bytes))
}

/// A file that is read while it is sent; its type is always plain bytes.
///
/// A file that ends early or cannot be read breaks the transfer: its length was promised.
///
/// # Errors
/// As [`attachment`].
pub fn streamed(name: &str, size: u64, source: impl Read + Send + 'static) -> Result<HttpResponse> {
    let mut answer = prepared(name)?;
    answer.insert_header((header::CONTENT_TYPE, "application/octet-stream"));
    answer.no_chunking(size);
    let pieces = stream::try_unfold(source, |mut source| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(CHUNK);
            let limit = u64::try_from(CHUNK).unwrap_or(u64::MAX);
            source.by_ref().take(limit).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((piece, source))
        });
        let (piece, source) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), source)))
    });
    Ok(answer.streaming(pieces))
}

/// A file that is made while it is sent, so that its length is not known before.
///
/// A piece that is an error breaks the transfer.
///
/// # Errors
/// As [`attachment`].
pub fn piped(
    name: &str,
    media_type: &'static str,
    pieces: impl Stream<Item = io::Result<Vec<u8>>> + 'static,
) -> Result<HttpResponse> {
    let mut answer = prepared(name)?;
    answer.insert_header((header::CONTENT_TYPE, media_type));
    // What is packed already is not packed again, and each piece goes out as it comes.
    answer.insert_header((header::CONTENT_ENCODING, "identity"));
    Ok(answer.streaming(Box::pin(pieces.map(|piece| piece.map(Bytes::from)))))
}

/// What may be shown of a file: shown by the browser, kept by nobody.
pub fn shown(preview: Preview) -> HttpResponse {
    let (media_type, policy, bytes) = match preview {
        Preview::Picture(png) => ("image/png", POLICY, png),
        Preview::Text { mut text, cut } => {
            if cut {
                text.push_str("\n…");
            }
            ("text/plain; charset=utf-8", POLICY, text.into_bytes())
        }
        // A browser shows no PDF within a policy of `sandbox`: its reader has a sandbox of its own.
        Preview::Document(pdf) => ("application/pdf", "default-src 'none'", pdf),
        Preview::Nothing(_) => return HttpResponse::NoContent().finish(),
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}

fn prepared(name: &str) -> Result<HttpResponseBuilder> {
    let disposition = HeaderValue::from_str(&disposition(name)).map_err(Problem::internal)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_DISPOSITION, disposition));
    answer.insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    Ok(answer)
}

/// The name in both forms of RFC 6266: ASCII for old clients, UTF-8 for all others.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' | '/' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        // attr-char of RFC 8187.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_in_both_forms_and_cannot_break_out() {
        assert_eq!(
            disposition("名簿 1.csv"),
            "attachment; filename=\"__ 1.csv\"; filename*=UTF-8''%E5%90%8D%E7%B0%BF%201.csv"
        );
        let strange = disposition("a\"; x=\r\n%.csv");
        assert!(
            strange.starts_with("attachment; filename=\"a_; x=___.csv\""),
            "{strange}"
        );
        assert!(strange.is_ascii() && !strange.contains('\r'));
    }
}
