//! The sealed files of exports: written beside their place, measured, renamed when whole.
//!
//! They lie in a folder of their own beside the evidence, named by the export's id.
//! Each writing has a `.part` of its own, so that two servers cannot mix theirs.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use super::model::{ExportFormat, ExportId};
use crate::evidence::{Files, SealedReader};
use crate::kernel::digest::Hasher;
use crate::kernel::{Code, Problem, Result, Sha256, random};
use crate::sheets::{CsvEncoding, CsvWriter, XlsxWriter};
use crate::vault::{DataKey, stream};

const PART: &str = "part";

/// The folder of the exports of this server.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub fn beside(files: &Files) -> Self {
        Self(files.beside("exports"))
    }

    /// Makes the file that an export is written to; what an earlier attempt left goes.
    pub fn begin(&self, key: &DataKey, id: &ExportId) -> Result<(Part, Out)> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)?;
        self.remove(id)?;
        let attempt = u64::from_be_bytes(random::bytes());
        let path = self.0.join(format!("{id}.{attempt:016x}.{PART}"));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        let part = Part {
            place: self.0.join(id.as_str()),
            folder: self.0.clone(),
            path,
        };
        let sealer = stream::Sealer::new(key, BufWriter::new(file))?;
        Ok((part, Out::new(sealer)))
    }

    pub fn open(&self, key: &DataKey, id: &ExportId) -> Result<SealedReader> {
        let file = File::open(self.0.join(id.as_str())).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::new(Code::NotFound).caused_by(error),
            _ => error.into(),
        })?;
        stream::Opener::new(key, BufReader::new(file))
    }

    /// Removes everything of an export; what is gone already is no error.
    pub fn remove(&self, id: &ExportId) -> Result<()> {
        for (of, path) in self.entries()? {
            if of == *id {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes every file that `is_wanted` does not want; it is told the export and whether the file is whole.
    pub fn sweep(
        &self,
        mut is_wanted: impl FnMut(&ExportId, bool) -> Result<bool>,
    ) -> Result<usize> {
        let mut removed = 0;
        for (id, path) in self.entries()? {
            if !is_wanted(&id, path.extension().is_none())? {
                remove(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// The files that carry an id of ours; what does not was put there by somebody else, and stays.
    fn entries(&self) -> Result<Vec<(ExportId, PathBuf)>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let id = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.split('.').next())
                .and_then(|name| name.parse().ok());
            found.extend(id.map(|id| (id, path)));
        }
        Ok(found)
    }
}

fn remove(path: &PathBuf) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// A file on its way; dropping it removes it.
pub(super) struct Part {
    path: PathBuf,
    place: PathBuf,
    folder: PathBuf,
}

impl Part {
    /// Ends the file and puts it in its place; gives its plain size and digest.
    pub fn keep(self, out: Out) -> Result<(u64, Sha256)> {
        let Out {
            sealed,
            hasher,
            size,
        } = out;
        let file = sealed
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.path, &self.place)?;
        // The new name itself must survive a power cut, too.
        File::open(&self.folder)?.sync_all()?;
        Ok((size, hasher.finish()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if remove(&self.path).is_err() {
            tracing::warn!("an export that is no longer needed stays until the sweep");
        }
    }
}

/// Seals what is written, and measures the plain bytes.
pub(super) struct Out {
    sealed: stream::Sealer<BufWriter<File>>,
    hasher: Hasher,
    size: u64,
}

impl Out {
    fn new(sealed: stream::Sealer<BufWriter<File>>) -> Self {
        Self {
            sealed,
            hasher: Hasher::default(),
            size: 0,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.sealed.write(bytes)?;
        self.hasher.update(bytes.get(..length).unwrap_or_default());
        self.size = self
            .size
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sealed.flush()
    }
}

/// A table in one of the formats, written row by row.
pub(super) enum Table {
    Xlsx(Box<XlsxWriter<Out>>),
    Csv(Box<CsvWriter<Out>>),
}

impl Table {
    pub fn begin(
        out: Out,
        format: ExportFormat,
        sheet: &str,
        header: &[String],
        widths: &[u16],
    ) -> io::Result<Self> {
        let header: Vec<_> = header.iter().map(String::as_str).collect();
        let encoding = match format {
            ExportFormat::Xlsx => {
                let writer = XlsxWriter::new(out, sheet, &header, widths)?;
                return Ok(Self::Xlsx(Box::new(writer)));
            }
            ExportFormat::CsvUtf8 => CsvEncoding::Utf8Bom,
            ExportFormat::CsvCp932 => CsvEncoding::Cp932,
            ExportFormat::Zip => return Err(io::Error::other("a table is no bundle of files")),
        };
        let writer = CsvWriter::new(out, encoding, &header)?;
        Ok(Self::Csv(Box::new(writer)))
    }

    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        match self {
            Self::Xlsx(writer) => writer.row(cells),
            Self::Csv(writer) => writer.row(cells),
        }
    }

    /// Ends the table; also gives how many characters its encoding could not hold.
    pub fn finish(self) -> io::Result<(Out, u64)> {
        match self {
            Self::Xlsx(writer) => Ok((writer.finish()?, 0)),
            Self::Csv(writer) => writer.finish(),
        }
    }
}
