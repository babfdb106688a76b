//! Writes a bundle as a stream: the digests are known before, so the signed list comes first.

use std::io::{self, Read, Write};

use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::manifest::{self, Manifest};
use crate::kernel::digest::Hasher;
use crate::kernel::{Problem, Result, Sha256};
use crate::vault::{SigningKey, note};

/// Opens the plain bytes of a file when their turn comes.
type Opener = Box<dyn FnOnce() -> Result<Box<dyn Read + Send>> + Send>;

/// Where the bytes of a file are.
pub enum Content {
    /// In memory.
    Bytes(Vec<u8>),
    /// Somewhere that is opened while the bundle is written.
    Later(Opener),
}

/// One file of a bundle.
pub struct Member {
    name: String,
    sha256: Sha256,
    content: Content,
}

/// A bundle that can be written: its signed list and its files.
pub struct Bundle {
    list: String,
    members: Vec<Member>,
}

impl Member {
    /// A file in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            sha256: Sha256::of(&bytes),
            content: Content::Bytes(bytes),
        }
    }

    /// A file that is read while the bundle is written, and whose digest is on record.
    pub fn later(
        name: impl Into<String>,
        sha256: Sha256,
        open: impl FnOnce() -> Result<Box<dyn Read + Send>> + Send + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            sha256,
            content: Content::Later(Box::new(open)),
        }
    }
}

impl Bundle {
    /// Names every file on the list and signs it.
    pub fn seal(mut manifest: Manifest, members: Vec<Member>, key: &SigningKey) -> Self {
        for member in &members {
            manifest.files.insert(member.name.clone(), member.sha256);
        }
        Self {
            list: note::sign(key, manifest::ORIGIN, &manifest.text()),
            members,
        }
    }

    /// The digest of the signed list: it stands for the whole bundle.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(self.list.as_bytes())
    }

    /// Writes the ZIP file; holds one piece of a file that is opened later in memory.
    ///
    /// # Errors
    /// Those of `out` and of files that are opened now; a file that is not what was recorded
    /// ends the writing, so that nobody takes the bundle for whole.
    pub fn write(self, out: impl Write) -> Result<()> {
        let mut zip = ZipWriter::new_stream(out);
        let mut list = self.list.as_bytes();
        put(&mut zip, manifest::NAME, &mut list)?;
        for member in self.members {
            let written = match member.content {
                Content::Bytes(bytes) => put(&mut zip, &member.name, &mut bytes.as_slice())?,
                Content::Later(open) => put(&mut zip, &member.name, &mut open()?)?,
            };
            if written != member.sha256 {
                return Err(Problem::internal(
                    "a sealed file is not what was recorded; check the evidence of this incident",
                ));
            }
        }
        let mut out = zip.finish().map_err(io::Error::other)?.into_inner();
        Ok(out.flush()?)
    }
}

fn put<W: Write>(
    zip: &mut ZipWriter<StreamWriter<W>>,
    name: &str,
    source: &mut dyn Read,
) -> Result<Sha256> {
    // Whether a file is larger than 4 GiB is only known behind it.
    let options = SimpleFileOptions::default().large_file(true);
    zip.start_file(name, options).map_err(io::Error::other)?;
    let mut hashing = Hashing {
        source,
        hasher: Hasher::default(),
    };
    io::copy(&mut hashing, zip)?;
    Ok(hashing.hasher.finish())
}

/// Digests what is read from a source.
pub(super) struct Hashing<R> {
    pub(super) source: R,
    pub(super) hasher: Hasher,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.hasher.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}
