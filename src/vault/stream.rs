//! Sealing of files of any size, in pieces of 64 KiB.
//!
//! Layout: magic `SHODOF1\n`, salt of 16 bytes, then pieces. Each piece is sealed
//! with AES-256-GCM under a key of the file's own; its nonce counts the pieces
//! and marks the last one, so that a cut, swapped or repeated piece does not open.

use std::io::{self, Read, Seek, SeekFrom, Write};

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

use super::DataKey;
use crate::kernel::{Problem, Result, random};

const MAGIC: &[u8; 8] = b"SHODOF1\n";
const SALT_LEN: usize = 16;
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const PIECE_LEN: u64 = 64 * 1024;
const TAG_LEN: u64 = 16;
const HEADER: u64 = 24;

/// Seals everything from `plain` into `sealed`; gives the number of plain bytes.
///
/// # Errors
/// Those of the reader and the writer.
pub fn seal(key: &DataKey, mut plain: impl Read, sealed: impl Write) -> Result<u64> {
    let mut sealer = Sealer::new(key, sealed)?;
    let total = io::copy(&mut plain, &mut sealer)?;
    sealer.finish()?;
    Ok(total)
}

/// Seals what is written to it; without [`Sealer::finish`] the file does not open.
pub struct Sealer<W> {
    sealed: W,
    key: LessSafeKey,
    counter: u32,
    piece: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Begins a sealed file.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(key: &DataKey, mut sealed: W) -> Result<Self> {
        let salt: [u8; SALT_LEN] = random::bytes();
        let key = key.file_key(&salt)?;
        sealed.write_all(MAGIC)?;
        sealed.write_all(&salt)?;
        Ok(Self {
            sealed,
            key,
            counter: 0,
            piece: Vec::with_capacity(PIECE + TAG),
        })
    }

    /// Seals the last piece and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.sealed.flush()?;
        Ok(self.sealed)
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        self.key
            .seal_in_place_append_tag(nonce(self.counter, last), Aad::empty(), &mut self.piece)
            .map_err(|_| io::Error::other("sealing a file failed"))?;
        self.sealed.write_all(&self.piece)?;
        self.piece.clear();
        // 2^32 pieces are 256 TiB.
        self.counter = self
            .counter
            .checked_add(1)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits for the next byte: only then is it known not to be the last.
        if self.piece.len() == PIECE && !bytes.is_empty() {
            self.put(false)?;
        }
        let free = PIECE.saturating_sub(self.piece.len());
        let taken = bytes.get(..free.min(bytes.len())).unwrap_or_default();
        self.piece.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Does nothing: a piece is written when it is full, or the last.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads back the plain bytes of a sealed file, a piece at a time.
pub struct Opener<R> {
    sealed: R,
    key: LessSafeKey,
    counter: u32,
    plain: Vec<u8>,
    position: usize,
    next: Vec<u8>,
    finished: bool,
    /// Where `plain` begins in the plain file.
    start: u64,
}

impl<R: Read> Opener<R> {
    /// Starts reading; the header decides whether it is a sealed file at all.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when the header is not ours.
    pub fn new(key: &DataKey, mut sealed: R) -> Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let mut salt = [0; SALT_LEN];
        sealed.read_exact(&mut magic)?;
        sealed.read_exact(&mut salt)?;
        if &magic != MAGIC {
            return Err(Problem::internal("this is no sealed file"));
        }
        let mut next = Vec::with_capacity(PIECE + TAG);
        fill(&mut sealed, &mut next, PIECE + TAG)?;
        Ok(Self {
            sealed,
            key: key.file_key(&salt)?,
            counter: 0,
            plain: Vec::new(),
            position: 0,
            next,
            finished: false,
            start: 0,
        })
    }

    fn advance(&mut self) -> io::Result<()> {
        self.start = self.start.saturating_add(length(&self.plain));
        std::mem::swap(&mut self.plain, &mut self.next);
        fill(&mut self.sealed, &mut self.next, PIECE + TAG)?;
        self.finished = self.next.is_empty();
        let length = self
            .key
            .open_in_place(
                nonce(self.counter, self.finished),
                Aad::empty(),
                &mut self.plain,
            )
            .map_err(|_| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the sealed file was changed or cut",
                )
            })?
            .len();
        self.plain.truncate(length);
        self.position = 0;
        self.counter = self
            .counter
            .checked_add(1)
            .ok_or(io::ErrorKind::InvalidData)?;
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position >= self.plain.len() {
            if self.finished {
                return Ok(0);
            }
            self.advance()?;
        }
        let rest = self.plain.get(self.position..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.position = self.position.saturating_add(length);
        Ok(length)
    }
}

impl<R: Read + Seek> Seek for Opener<R> {
    /// Moves in the plain bytes; the pieces are of one size, so only the piece aimed at is opened.
    fn seek(&mut self, target: SeekFrom) -> io::Result<u64> {
        let here = self
            .start
            .saturating_add(u64::try_from(self.position).unwrap_or(u64::MAX));
        let target = match target {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(offset) => here.checked_add_signed(offset),
            SeekFrom::End(offset) => self.plain_length()?.checked_add_signed(offset),
        }
        .ok_or(io::ErrorKind::InvalidInput)?;
        let inside = target
            .checked_sub(self.start)
            .filter(|inside| *inside <= length(&self.plain));
        if let Some(inside) = inside {
            self.position = usize::try_from(inside).map_err(io::Error::other)?;
            return Ok(target);
        }
        let target = target.min(self.plain_length()?);
        let piece = target / PIECE_LEN;
        let sealed_at = HEADER.saturating_add(piece.saturating_mul(PIECE_LEN + TAG_LEN));
        self.sealed.seek(SeekFrom::Start(sealed_at))?;
        fill(&mut self.sealed, &mut self.next, PIECE + TAG)?;
        self.counter = u32::try_from(piece).map_err(io::Error::other)?;
        self.plain.clear();
        self.finished = false;
        self.start = piece.saturating_mul(PIECE_LEN);
        self.position = 0;
        // Behind a last piece that is full there is none to open.
        if self.next.is_empty() {
            self.finished = true;
        } else {
            self.advance()?;
            self.start = piece.saturating_mul(PIECE_LEN);
        }
        self.position =
            usize::try_from(target.saturating_sub(self.start)).map_err(io::Error::other)?;
        Ok(target)
    }
}

impl<R: Read + Seek> Opener<R> {
    /// The plain bytes of the whole file, from the size of the sealed one.
    fn plain_length(&mut self) -> io::Result<u64> {
        let here = self.sealed.stream_position()?;
        let sealed = self.sealed.seek(SeekFrom::End(0))?.saturating_sub(HEADER);
        self.sealed.seek(SeekFrom::Start(here))?;
        let pieces = sealed.div_ceil(PIECE_LEN + TAG_LEN);
        Ok(sealed.saturating_sub(pieces.saturating_mul(TAG_LEN)))
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn nonce(counter: u32, last: bool) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    for (to, from) in bytes.iter_mut().zip(counter.to_be_bytes()) {
        *to = from;
    }
    if let Some(flag) = bytes.last_mut() {
        *flag = u8::from(last);
    }
    Nonce::assume_unique_for_key(bytes)
}

/// Reads until `piece` holds `limit` bytes or the source ends.
fn fill(source: &mut impl Read, piece: &mut Vec<u8>, limit: usize) -> io::Result<()> {
    piece.clear();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    source.by_ref().take(limit).read_to_end(piece).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(length: usize) {
        let key = DataKey::new(&[7; 32]).unwrap();
        let plain: Vec<u8> = (0..length)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect();
        let mut sealed = Vec::new();
        assert_eq!(
            seal(&key, plain.as_slice(), &mut sealed).unwrap(),
            length as u64
        );
        let mut opened = Vec::new();
        Opener::new(&key, sealed.as_slice())
            .unwrap()
            .read_to_end(&mut opened)
            .unwrap();
        assert_eq!(opened, plain);
        // A cut at a border of pieces must not pass for the end; nor may a cut header.
        for cut in [
            sealed.len() - 1,
            sealed.len().saturating_sub(PIECE + TAG),
            24,
            8,
            0,
        ] {
            let mut opened = Vec::new();
            let outcome = Opener::new(&key, &sealed[..cut])
                .map_err(drop)
                .and_then(|mut opener| opener.read_to_end(&mut opened).map_err(drop));
            assert!(outcome.is_err(), "cut at {cut} of {}", sealed.len());
        }
    }

    #[test]
    fn any_place_of_a_file_is_found() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
            let key = DataKey::new(&[7; 32]).unwrap();
            let plain: Vec<u8> = (0..length)
                .map(|n| u8::try_from(n % 251).unwrap())
                .collect();
            let mut sealed = Vec::new();
            seal(&key, plain.as_slice(), &mut sealed).unwrap();
            let mut opener = Opener::new(&key, io::Cursor::new(sealed)).unwrap();
            assert_eq!(opener.seek(SeekFrom::End(0)).unwrap(), length as u64);
            for place in [
                length,
                0,
                length / 2,
                PIECE.min(length),
                length.saturating_sub(1),
                2 * PIECE,
            ] {
                let place = place.min(length);
                opener.seek(SeekFrom::Start(place as u64)).unwrap();
                assert_eq!(opener.stream_position().unwrap(), place as u64);
                let mut rest = Vec::new();
                opener.read_to_end(&mut rest).unwrap();
                assert!(rest == plain[place..], "place {place} of {length}");
            }
        }
    }

    #[test]
    fn files_of_every_border_length_come_back() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            round_trip(length);
        }
    }
}
