//! The folder in which returned mail arrives: `.eml` files, or the `new` of a Maildir.
//!
//! A file is moved only after what it says was written down, so that a crash in
//! between reads it once more, which changes nothing. None is ever removed.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::{LIMIT, Taken};

/// How many files are read in one go; the rest wait for the next tick.
const AT_ONCE: usize = 500;

/// A folder that is looked into.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file that waits, with the bytes that are read of it: one more than allowed shows that it is too large.
#[derive(Debug)]
pub struct Drop {
    path: PathBuf,
    /// What it says, in bytes.
    pub bytes: Vec<u8>,
}

impl Folder {
    /// Names a folder; it need not be there yet.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The files that wait, by name. Blocks on the disk.
    ///
    /// A folder that is not there is empty. A file that another server has just
    /// moved is passed over; so are links, folders, and names with a dot before them.
    ///
    /// # Errors
    /// The file system's own error.
    pub fn waiting(&self) -> std::io::Result<Vec<Drop>> {
        let new = self.0.join("new");
        let is_maildir = new.is_dir();
        let entries = match std::fs::read_dir(if is_maildir { &new } else { &self.0 }) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let is_mail = is_maildir
                || path
                    .extension()
                    .is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_mail && !is_hidden && entry.file_type()?.is_file() {
                paths.push(path);
            }
        }
        paths.sort_unstable();
        let mut waiting = Vec::new();
        for path in paths.into_iter().take(AT_ONCE) {
            let mut bytes = Vec::new();
            let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX).saturating_add(1);
            match std::fs::File::open(&path)
                .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            {
                Ok(_) => waiting.push(Drop { path, bytes }),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                // Its name may tell of somebody, and the others must not wait for it.
                Err(error) => tracing::warn!(%error, "a file of returned mail cannot be read"),
            }
        }
        Ok(waiting)
    }

    /// Moves a file to `done`, or to `ignored` when it was about no message of ours.
    ///
    /// # Errors
    /// The file system's own error; the file then stays where it is.
    pub fn put_away(&self, file: &Drop, taken: Taken) -> std::io::Result<()> {
        let folder = self
            .0
            .join(if taken.is_ours() { "done" } else { "ignored" });
        std::fs::create_dir_all(&folder)?;
        let name = file.path.file_name().unwrap_or_default();
        let mut target = folder.join(name);
        let mut number = 1_u32;
        // Nobody else writes there: a name that is free stays free, but for another server's same file.
        while target.exists() {
            number = number.saturating_add(1);
            let mut other = std::ffi::OsString::from(format!("{number}-"));
            other.push(name);
            target = folder.join(other);
        }
        match std::fs::rename(&file.path, target) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            moved => moved,
        }
    }
}
