//! The zip file around a workbook, read under limits that count real bytes.
//!
//! Sizes that a zip file declares can lie, so they only say where a part's bytes lie.
//! What comes out of a part is counted as it comes. Nothing is unpacked to a file, so
//! that names with `..` are only names.

use std::collections::HashMap;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::model::Refusal;
use super::xml::Xml;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
/// A list of parts has at most so many; Excel writes a few dozen.
const MOST_ENTRIES: usize = 2000;
/// So much is read to find the list of parts, so that the list itself is no bomb.
const LONGEST_LIST: u64 = 4 * MIB;
/// Deflated again they take a fraction of this, and have a limit of their own.
const MOST_SHARED_STRINGS: u64 = KIB * MIB;
const MOST_DEFINITIONS: u64 = 16 * MIB;
const MOST_SHEET: u64 = 8 * KIB * MIB;
/// Deflate reaches about 1,030 at most, with nothing but one byte repeated.
const MOST_RATIO: u64 = 1000;
const RATIO_COUNTS_FROM: u64 = 64 * MIB;
const BUFFER: usize = 32 * 1024;

/// The parts of a workbook.
pub(super) struct Package<R> {
    source: R,
    entries: HashMap<String, Entry>,
    /// What all sheets together may still unpack to.
    budget: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    start: u64,
    packed: u64,
    checksum: u32,
    deflated: bool,
    readable: bool,
    encrypted: bool,
}

impl<R: Read + Seek> Package<R> {
    /// Reads the list of parts.
    pub(super) fn open(mut source: R) -> Result<Self, Refusal> {
        let entries = entries(&mut source)?;
        Ok(Self {
            source,
            entries,
            budget: MOST_SHEET,
        })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.entries.contains_key(&key(path))
    }

    /// A part that says how the workbook is built.
    pub(super) fn definitions(&mut self, path: &str) -> Result<Xml<Part<&mut R>>, Refusal> {
        self.part(path, MOST_DEFINITIONS, "definitions")
    }

    /// The texts that cells refer to.
    pub(super) fn shared_strings(&mut self, path: &str) -> Result<Xml<Part<&mut R>>, Refusal> {
        self.part(path, MOST_SHARED_STRINGS, "shared strings")
    }

    /// A sheet, while the package stays usable.
    pub(super) fn sheet(&mut self, path: &str) -> Result<Xml<Part<&mut R>>, Refusal> {
        self.part(path, self.budget, "sheet")
    }

    /// A sheet that takes the source with it.
    pub(super) fn into_sheet(self, path: &str) -> Result<Xml<Part<R>>, Refusal> {
        let entry = find(&self.entries, path)?;
        Part::open(self.source, entry, self.budget, "sheet").map(Xml::new)
    }

    /// Counts what a sheet unpacked to.
    pub(super) fn spent(&mut self, bytes: u64) {
        self.budget = self.budget.saturating_sub(bytes);
    }

    fn part(
        &mut self,
        path: &str,
        most: u64,
        name: &'static str,
    ) -> Result<Xml<Part<&mut R>>, Refusal> {
        let entry = find(&self.entries, path)?;
        Part::open(&mut self.source, entry, most, name).map(Xml::new)
    }
}

/// One part of a package, unpacked as it is read.
pub(super) struct Part<S> {
    stream: Stream<S>,
    buffer: Vec<u8>,
    position: usize,
    length: usize,
    unpacked: u64,
    sum: Crc,
    /// What the sum has to be at the end; a flipped bit could be another phone number.
    checksum: u32,
    most: u64,
    name: &'static str,
    /// Why reading stopped; an I/O error in between cannot carry it.
    refusal: Option<Refusal>,
}

type Packed<S> = io::Take<io::BufReader<S>>;

enum Stream<S> {
    Stored(Packed<S>),
    Deflated(DeflateDecoder<Packed<S>>),
}

impl<S: Read + Seek> Part<S> {
    fn open(mut source: S, entry: Entry, most: u64, name: &'static str) -> Result<Self, Refusal> {
        if entry.encrypted {
            return Err(Refusal::Encrypted);
        }
        if !entry.readable {
            return Err(Refusal::Broken {
                detail: "a part is packed in an unknown way",
            });
        }
        source.seek(SeekFrom::Start(entry.start))?;
        let packed = io::BufReader::with_capacity(BUFFER, source).take(entry.packed);
        Ok(Self {
            stream: if entry.deflated {
                Stream::Deflated(DeflateDecoder::new(packed))
            } else {
                Stream::Stored(packed)
            },
            buffer: vec![0; BUFFER],
            position: 0,
            length: 0,
            unpacked: 0,
            sum: Crc::new(),
            checksum: entry.checksum,
            most,
            name,
            refusal: None,
        })
    }
}

impl<S: Read> Part<S> {
    /// How many bytes came out so far.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// The reason behind the last I/O error.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.refusal.clone()
    }

    fn refuse(&mut self, refusal: Refusal) -> io::Error {
        self.refusal = Some(refusal);
        io::ErrorKind::InvalidData.into()
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = match &mut self.stream {
            Stream::Stored(stream) => stream.read(&mut self.buffer),
            Stream::Deflated(stream) => stream.read(&mut self.buffer),
        };
        let read = match read {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            // The unpacker says so of bytes that are not its own.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput
                        | io::ErrorKind::InvalidData
                        | io::ErrorKind::UnexpectedEof
                ) =>
            {
                return Err(self.refuse(Refusal::Broken {
                    detail: "a part cannot be unpacked",
                }));
            }
            Err(error) => return Err(self.refuse(error.into())),
        };
        self.position = 0;
        self.length = read;
        self.sum.update(self.buffer.get(..read).unwrap_or_default());
        if read == 0 && self.sum.sum() != self.checksum {
            return Err(self.refuse(Refusal::Broken {
                detail: "the checksum of a part is wrong",
            }));
        }
        let read = u64::try_from(read).unwrap_or(u64::MAX);
        self.unpacked = self.unpacked.saturating_add(read);
        let packed = match &self.stream {
            Stream::Stored(_) => self.unpacked,
            Stream::Deflated(stream) => stream.total_in(),
        };
        let is_bomb =
            self.unpacked > RATIO_COUNTS_FROM && self.unpacked > packed.saturating_mul(MOST_RATIO);
        if is_bomb || self.unpacked > self.most {
            let part = self.name;
            return Err(self.refuse(Refusal::TooLargeInside { part }));
        }
        Ok(())
    }
}

impl<S: Read> Read for Part<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<S: Read> BufRead for Part<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position >= self.length {
            self.refill()?;
        }
        Ok(self
            .buffer
            .get(self.position..self.length)
            .unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.position = self.position.saturating_add(amount).min(self.length);
    }
}

fn find(entries: &HashMap<String, Entry>, path: &str) -> Result<Entry, Refusal> {
    entries.get(&key(path)).copied().ok_or(Refusal::Broken {
        detail: "a part of the workbook is missing",
    })
}

/// Some writers differ in case between a name and what refers to it, or use backslashes.
fn key(path: &str) -> String {
    path.trim_start_matches('/')
        .replace('\\', "/")
        .to_ascii_lowercase()
}

fn entries<R: Read + Seek>(source: &mut R) -> Result<HashMap<String, Entry>, Refusal> {
    let budgeted = Budgeted {
        source,
        left: LONGEST_LIST,
    };
    let broken = Refusal::Broken {
        detail: "the list of parts cannot be read",
    };
    let mut archive = match ZipArchive::new(budgeted) {
        Ok(archive) => archive,
        Err(zip::result::ZipError::Io(error)) if error.kind() == io::ErrorKind::QuotaExceeded => {
            return Err(Refusal::TooLargeInside {
                part: "list of parts",
            });
        }
        Err(_) => return Err(broken),
    };
    if archive.len() > MOST_ENTRIES {
        return Err(Refusal::TooLargeInside {
            part: "list of parts",
        });
    }
    let mut entries = HashMap::new();
    for index in 0..archive.len() {
        // The names of some parts, such as pictures, may be unreadable; they are not needed.
        let Ok(file) = archive.by_index_raw(index) else {
            continue;
        };
        let (Ok(name), Some(start)) = (file.name(), file.data_start()) else {
            continue;
        };
        let method = file.compression();
        let entry = Entry {
            start,
            packed: file.compressed_size(),
            checksum: file.crc32(),
            deflated: method == CompressionMethod::Deflated,
            readable: matches!(
                method,
                CompressionMethod::Deflated | CompressionMethod::Stored
            ),
            encrypted: file.encrypted(),
        };
        entries.insert(key(&name), entry);
    }
    Ok(entries)
}

/// A source of which only so much is read.
struct Budgeted<'a, R> {
    source: &'a mut R,
    left: u64,
}

impl<R: Read> Read for Budgeted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.left = u64::try_from(read)
            .ok()
            .and_then(|read| self.left.checked_sub(read))
            .ok_or(io::ErrorKind::QuotaExceeded)?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Budgeted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}
