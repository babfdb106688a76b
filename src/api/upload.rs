//! Forms with a file (RFC 7578): the file goes to a waiting place on disk, a piece at a time.
//!
//! Nothing of the file is kept in memory, and what is not asked for is refused.

use std::collections::BTreeMap;
use std::io::Write;

use actix_multipart::{Field, Multipart};
use futures_util::StreamExt;

use crate::evidence;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::workflow::{House, IncomingFile};

/// The longest text field, in bytes.
const TEXT_LIMIT: usize = 16 * 1024;

/// A form that was read to its end.
#[derive(Debug)]
pub struct Form {
    texts: BTreeMap<String, Vec<String>>,
    file: Option<IncomingFile>,
}

impl Form {
    /// The text of a field; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Every text of a field that may come several times.
    pub fn all(&self, name: &str) -> &[String] {
        self.texts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Takes the file.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] when there was none.
    pub fn take_file(&mut self) -> Result<IncomingFile> {
        let note = self.text("note").to_owned();
        let file = self.file.take();
        file.map(|file| IncomingFile { note, ..file })
            .ok_or_else(|| Problem::field("file", "field-required"))
    }
}

/// Reads a form whose file is called `file`, and whose texts are among `allowed`.
///
/// # Errors
/// [`Code::TooLarge`] beyond `limit`; [`Code::InvalidInput`] for another field or a second file;
/// [`Code::MalformedBody`] when it is no such form, or the connection broke off.
pub async fn read_form(
    house: &House,
    now: Instant,
    mut multipart: Multipart,
    allowed: &[&str],
    limit: u64,
) -> Result<Form> {
    let mut form = Form {
        texts: BTreeMap::new(),
        file: None,
    };
    while let Some(field) = multipart.next().await {
        let field = field.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" && form.file.is_none() {
            form.file = Some(receive(house, now, field, limit).await?);
        } else if allowed.contains(&name.as_str()) {
            let text = text(&name, field).await?;
            form.texts.entry(name).or_default().push(text);
        } else {
            return Err(Problem::field(name, "field-unknown"));
        }
    }
    Ok(form)
}

async fn receive(
    house: &House,
    now: Instant,
    mut field: Field,
    limit: u64,
) -> Result<IncomingFile> {
    let files = house.files.clone();
    let (bytes, mut file) = blocking(move || files.incoming(now)).await?;
    let mut size = 0_u64;
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(broken)?;
        size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if size > limit {
            let limit = evidence::readable_size(limit);
            return Err(Problem::with(Code::TooLarge, &[("limit", &limit)]));
        }
        file = blocking(move || {
            file.write_all(&piece)?;
            Ok(file)
        })
        .await?;
    }
    blocking(move || file.finish()).await?;
    let disposition = field.content_disposition();
    Ok(IncomingFile {
        name: disposition
            .and_then(|disposition| disposition.get_filename())
            .unwrap_or_default()
            .to_owned(),
        media_type: field
            .content_type()
            .map(ToString::to_string)
            .unwrap_or_default(),
        note: String::new(),
        bytes,
        limit,
    })
}

async fn text(name: &str, mut field: Field) -> Result<String> {
    let bytes = field
        .bytes(TEXT_LIMIT)
        .await
        .map_err(|_| Problem::field(name, "field-too-long-for-form"))?
        .map_err(broken)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Problem::field(name, "field-not-utf8"))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Problem::internal)?
}

fn broken(error: impl std::fmt::Display) -> Problem {
    // The multipart crate's error cannot leave its thread; its words name no content.
    Problem::new(Code::MalformedBody).caused_by(error.to_string())
}
