//! The waiting place of an upload: its bytes, until they are sealed under a key of the incident.
//!
//! It lies in the data directory, never in a shared folder, sealed under a key
//! that only this value knows: whatever happens, no plain byte of an upload was
//! ever on the disk. The file goes with its value; what a crash leaves, the sweep
//! of the evidence folder removes.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use super::files::Sealed;
use super::{EvidenceId, Files};
use crate::kernel::{Instant, Result};
use crate::vault::{DataKey, stream};

/// A file that is on its way in; dropping it removes it.
pub struct Incoming {
    path: PathBuf,
    key: DataKey,
}

/// Takes the bytes of an [`Incoming`] as they come.
pub struct IncomingWriter(stream::Sealer<BufWriter<File>>);

impl Files {
    /// Makes an empty waiting file, and gives it opened for writing.
    ///
    /// # Errors
    /// Those of the folder.
    pub fn incoming(&self, now: Instant) -> Result<(Incoming, IncomingWriter)> {
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
        let key = DataKey::ephemeral()?;
        let writer = stream::Sealer::new(&key, BufWriter::new(file))?;
        Ok((Incoming { path, key }, IncomingWriter(writer)))
    }
}

impl Incoming {
    /// The plain bytes, once the writer was finished.
    ///
    /// # Errors
    /// Those of the file.
    pub fn open(&self) -> Result<Sealed> {
        stream::Opener::new(&self.key, BufReader::new(File::open(&self.path)?))
    }
}

impl IncomingWriter {
    /// Ends the file.
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(self) -> Result<()> {
        self.0.finish()?;
        Ok(())
    }
}

impl Write for IncomingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").finish_non_exhaustive()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if fs::remove_file(&self.path).is_err() {
            tracing::warn!("an upload that is no longer needed stays until the sweep");
        }
    }
}
