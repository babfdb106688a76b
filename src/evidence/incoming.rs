//! The waiting place of an upload: its plain bytes, until they are sealed.
//!
//! It lies in the data directory, never in a shared folder, readable by the
//! server alone. The file goes with its value; what a crash leaves, the sweep of
//! the evidence folder removes.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{EvidenceId, Files};
use crate::kernel::{Instant, Result};

/// A file that is on its way in; dropping it removes it.
#[derive(Debug)]
pub struct Incoming {
    path: PathBuf,
}

impl Files {
    /// Makes an empty waiting file, and gives it opened for writing.
    ///
    /// # Errors
    /// Those of the folder.
    pub fn incoming(&self, now: Instant) -> Result<(Incoming, File)> {
        let folder = self.folder().join("incoming");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)?;
        // Named like a half-written file, so that the sweep takes it for one.
        let path = folder.join(format!("{}.part", EvidenceId::fresh(now)));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        Ok((Incoming { path }, file))
    }
}

impl Incoming {
    /// Where the bytes are.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if fs::remove_file(&self.path).is_err() {
            tracing::warn!("an upload that is no longer needed stays until the sweep");
        }
    }
}
