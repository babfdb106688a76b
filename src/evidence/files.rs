//! The folder of sealed files: writing, reading back, checking, sweeping.
//!
//! A file's name is the SHA-256 of its *sealed* bytes. Anybody can therefore check
//! the store without a key, and equal files of two incidents do not show as equal,
//! as they would under the digest of the plain bytes. Each sealing has a salt of its
//! own, so one object belongs to one row. Files from before lie under their ids.
//! A file is written beside its place, forced to the disk, and renamed: a file under
//! its own name is whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use jiff::SignedDuration;

use super::model::Checked;
use super::sniff;
use super::{Evidence, EvidenceId, Verification};
use crate::kernel::digest::Hasher;
use crate::kernel::{Code, Instant, Problem, Result, Sha256};
use crate::timeline::Actor;
use crate::vault::{DataKey, stream};

const PART: &str = "part";
/// Longer than any upload takes, so that a sweep meets no file still on its way.
const SWEEP_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The plain bytes of a sealed file, a piece at a time.
pub type Sealed = stream::Opener<BufReader<File>>;

/// The folder that holds the sealed files of this server.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

/// A file that is sealed and whole, but that no row names yet.
#[derive(Debug)]
pub struct Prepared {
    id: EvidenceId,
    incident_id: String,
    name: String,
    media_type: String,
    note: String,
    scope: String,
    size: u64,
    sha256: Sha256,
    address: String,
    found_type: &'static str,
    path: PathBuf,
    kept: bool,
}

impl Files {
    /// Names the folder `evidence` inside the data directory; it is made when first needed.
    pub fn in_data_dir(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("evidence"),
        }
    }

    /// A folder of the data directory beside this one.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.with_file_name(name)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn seal(
        &self,
        key: &DataKey,
        id: EvidenceId,
        now: Instant,
        upload: Checked,
        plain: impl Read,
    ) -> Result<Prepared> {
        let part = self.path(id.as_str()).with_extension(PART);
        make_parent(&part)?;
        let mut measured = Measured::new(plain, upload.limit);
        let written = write_part(key, &mut measured, &part, now)
            .and_then(|address| Ok((self.put_in_place(&part, &address)?, address)));
        let (path, address) = match written {
            Ok(written) => written,
            Err(problem) => {
                // A half-written file is of no use; if it cannot be removed, the sweep takes it.
                let _ = fs::remove_file(&part);
                if problem.code == Code::StorageFull {
                    tracing::error!("no space is left for sealed files");
                }
                return Err(if measured.exceeded {
                    Problem::with(Code::TooLarge, &[("limit", &readable_size(upload.limit))])
                } else {
                    problem
                });
            }
        };
        let found_type = sniff::media_type(&measured.head);
        Ok(Prepared {
            id,
            incident_id: upload.incident_id,
            name: upload.name,
            media_type: upload.media_type,
            note: upload.note,
            scope: upload.scope,
            size: measured.size,
            sha256: measured.hasher.finish(),
            address,
            found_type,
            path,
            kept: false,
        })
    }

    /// Moves a whole file to the place that its content names.
    fn put_in_place(&self, part: &Path, address: &str) -> Result<PathBuf> {
        let path = self.path(address);
        make_parent(&path)?;
        fs::rename(part, &path)?;
        // The new name itself must survive a power cut, too.
        File::open(path.parent().unwrap_or(&self.folder))?.sync_all()?;
        Ok(path)
    }

    pub(super) fn open(&self, key: &DataKey, evidence: &Evidence) -> Result<Sealed> {
        let file = File::open(self.path(object(evidence))).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::new(Code::NotFound).caused_by(error),
            _ => error.into(),
        })?;
        stream::Opener::new(key, BufReader::new(file))
    }

    pub(super) fn verify(&self, key: &DataKey, evidence: &Evidence) -> Result<Verification> {
        let sealed = match self.open(key, evidence) {
            Ok(sealed) => sealed,
            Err(problem) if problem.code == Code::NotFound => return Ok(Verification::Missing),
            Err(_) => return Ok(Verification::Changed),
        };
        let mut measured = Measured::new(sealed, u64::MAX);
        match io::copy(&mut measured, &mut io::sink()) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Ok(Verification::Changed);
            }
            Err(error) => return Err(error.into()),
        }
        let same = i64::try_from(measured.size) == Ok(evidence.size)
            && measured.hasher.finish().to_string() == evidence.sha256;
        Ok(if same {
            Verification::Intact
        } else {
            Verification::Changed
        })
    }

    pub(super) fn sweep(
        &self,
        now: Instant,
        mut recorded: impl FnMut(&Named) -> Result<bool>,
    ) -> Result<usize> {
        let mut removed = 0;
        for path in entries(&self.folder)?
            .iter()
            .filter(|path| path.is_dir())
            .map(|folder| entries(folder))
            .collect::<Result<Vec<_>>>()?
            .concat()
        {
            // What does not carry an id of ours was put there by somebody else, and stays.
            let Some(named) = name_of(&path) else {
                continue;
            };
            let begun = match &named {
                Named::Id(id) => begun(id),
                Named::Address(_) => written(&path)?,
            };
            let young = begun.is_none_or(|begun| begun.plus(SWEEP_AFTER) > now);
            let part = path.extension().is_some();
            if young || (!part && recorded(&named)?) {
                continue;
            }
            fs::remove_file(&path)?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Overwrites and removes a file; one that is gone already is no error.
    pub(super) fn destroy(&self, evidence: &Evidence) -> Result<()> {
        let path = self.path(object(evidence));
        match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
            Ok(file) => {
                let length = file.metadata()?.len();
                io::copy(&mut io::repeat(0).take(length), &mut &file)?;
                file.sync_all()?;
            }
        }
        Ok(fs::remove_file(&path)?)
    }

    fn path(&self, text: &str) -> PathBuf {
        // The last digits of an id are random; the first are the time, equal for years.
        let shelf = text.get(text.len().saturating_sub(2)..).unwrap_or_default();
        self.folder.join(shelf).join(text)
    }
}

impl Prepared {
    /// The id that the file will have.
    pub fn id(&self) -> &EvidenceId {
        &self.id
    }

    /// The digest of the plain bytes.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    pub(super) fn row(&self, actor: &Actor, now: Instant) -> Evidence {
        Evidence {
            id: self.id.clone(),
            incident_id: self.incident_id.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            sha256: self.sha256.to_string(),
            note: self.note.clone(),
            scope: self.scope.clone(),
            destroyed_at: None,
            address: self.address.clone(),
            found_type: self.found_type.to_owned(),
            recorded_by: actor.as_str().to_owned(),
            recorded_at: now,
        }
    }

    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if !self.kept && fs::remove_file(&self.path).is_err() {
            tracing::warn!(evidence_id = %self.id, "an unrecorded file stays until the sweep");
        }
    }
}

/// Counts and digests what is read, and stops at a limit.
struct Measured<R> {
    source: R,
    hasher: Hasher,
    /// The first bytes, by which a type is recognised.
    head: Vec<u8>,
    size: u64,
    limit: u64,
    exceeded: bool,
}

impl<R> Measured<R> {
    fn new(source: R, limit: u64) -> Self {
        Self {
            source,
            hasher: Hasher::default(),
            head: Vec::new(),
            size: 0,
            limit,
            exceeded: false,
        }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.size = self
            .size
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.size > self.limit {
            self.exceeded = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = buffer.get(..length).unwrap_or_default();
        self.hasher.update(read);
        let room = sniff::HEAD.saturating_sub(self.head.len()).min(length);
        self.head
            .extend_from_slice(read.get(..room).unwrap_or_default());
        Ok(length)
    }
}

/// Digests what is written.
struct Digested<W> {
    inner: W,
    hasher: Hasher,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Seals into a file beside its place; gives the address that its bytes have.
fn write_part(key: &DataKey, plain: &mut impl Read, part: &Path, now: Instant) -> Result<String> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)?;
    let mut digested = Digested {
        inner: io::BufWriter::new(&file),
        hasher: Hasher::default(),
    };
    stream::seal(key, plain, &mut digested)?;
    digested.flush()?;
    let address = digested.hasher.finish().to_string();
    drop(digested.inner);
    // An address tells no time: the sweep reads here when the file was begun.
    let micros = u64::try_from(now.as_micros()).unwrap_or_default();
    file.set_modified(UNIX_EPOCH + Duration::from_micros(micros))?;
    file.sync_all()?;
    Ok(address)
}

fn make_parent(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    Ok(())
}

/// The name under which the sealed bytes of a row lie.
fn object(evidence: &Evidence) -> &str {
    if evidence.address.is_empty() {
        evidence.id.as_str()
    } else {
        &evidence.address
    }
}

/// When a file was begun, by the time that [`write_part`] gave it.
fn written(path: &Path) -> Result<Option<Instant>> {
    let modified = fs::metadata(path)?.modified()?;
    let since = modified.duration_since(UNIX_EPOCH).ok();
    Ok(since
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .map(Instant::from_micros))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// What a file of the folder is called by.
pub(super) enum Named {
    /// The id of its row: a file from before, or one that is still being written.
    Id(EvidenceId),
    /// The digest of its sealed bytes.
    Address(String),
}

fn name_of(path: &Path) -> Option<Named> {
    let extension = path.extension();
    if extension.is_some_and(|extension| extension != PART) {
        return None;
    }
    let stem = path.file_stem()?.to_str()?;
    if extension.is_none() && stem.parse::<Sha256>().is_ok() {
        return Some(Named::Address(stem.to_owned()));
    }
    stem.parse().ok().map(Named::Id)
}

/// When an id was made, by the time that a UUIDv7 carries.
fn begun(id: &EvidenceId) -> Option<Instant> {
    let (seconds, nanos) = uuid::Uuid::parse_str(id.as_str())
        .ok()?
        .get_timestamp()?
        .to_unix();
    let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
    Some(Instant::from_micros(
        micros.saturating_add(i64::from(nanos / 1_000)),
    ))
}

/// A number of bytes as people say it: `4 GiB`.
pub fn readable_size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    UNITS
        .iter()
        .find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit))
        .map_or_else(
            || format!("{bytes} B"),
            |(name, unit)| format!("{} {name}", bytes / unit),
        )
}
