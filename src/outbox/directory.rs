//! The directory transport: one `.eml` file a message, for practice and for looking.
//!
//! Beside each lies a `.json` with the same content readable without MIME. A file
//! appears whole or not at all, and writing it twice gives one file.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::address::Recipient;
use super::model::MailId;
use super::template::Content;
use crate::kernel::{Instant, Problem, Result};

/// A message in the folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DirectoryMail {
    /// The message's id, which is also its file's name.
    pub id: MailId,
    /// When it was put there.
    pub at: Instant,
    /// Whom it is for.
    pub to: Recipient,
    /// What it says.
    pub content: Content,
}

/// Lists the messages of a folder, newest first, at most `limit`; an absent folder is empty.
///
/// # Errors
/// The file system's own error.
pub fn list_directory(folder: &Path, limit: usize) -> Result<Vec<DirectoryMail>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut ids = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if path.extension().is_some_and(|extension| extension == "eml")
            && let Some(id) = stem.and_then(|stem| stem.parse::<MailId>().ok())
        {
            ids.push(id);
        }
    }
    // Ids are ordered by time.
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.iter()
        .take(limit)
        .map(|id| read_directory_mail(folder, id))
        .collect()
}

/// Reads one message of a folder.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when it is not there.
pub fn read_directory_mail(folder: &Path, id: &MailId) -> Result<DirectoryMail> {
    let bytes = std::fs::read(folder.join(format!("{id}.json"))).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Problem::new(crate::kernel::Code::NotFound)
        } else {
            error.into()
        }
    })?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Removes messages from the folder; one that is not there is no error. Gives how many files went.
///
/// # Errors
/// The file system's own error.
pub fn remove_directory_mails(folder: &Path, ids: &[MailId]) -> Result<usize> {
    let mut removed = 0;
    for id in ids {
        for kind in ["eml", "json", "eml.part", "json.part"] {
            match std::fs::remove_file(folder.join(format!("{id}.{kind}"))) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(removed)
}

/// Writes a message; blocks on the disk.
pub(super) fn write(folder: &Path, mail: &DirectoryMail, eml: &[u8]) -> std::io::Result<()> {
    create_private(folder)?;
    // The listing goes by the .eml file, so that comes last.
    replace(
        &folder.join(format!("{}.json", mail.id)),
        &serde_json::to_vec_pretty(mail)?,
    )?;
    replace(&folder.join(format!("{}.eml", mail.id)), eml)
}

fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut partial = PathBuf::from(path).into_os_string();
    partial.push(".part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}
