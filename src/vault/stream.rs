//! Sealing of files of any size, in pieces of 64 KiB.
//!
//! Layout: magic `SHODOF1\n`, salt of 16 bytes, then pieces. Each piece is sealed
//! with AES-256-GCM under a key of the file's own; its nonce counts the pieces
//! and marks the last one, so that a cut, swapped or repeated piece does not open.

use std::io::{self, Read, Write};

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

use super::DataKey;
use crate::kernel::{Problem, Result, random};

const MAGIC: &[u8; 8] = b"SHODOF1\n";
const SALT_LEN: usize = 16;
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

/// Seals everything from `plain` into `sealed`; gives the number of plain bytes.
///
/// # Errors
/// Those of the reader and the writer.
pub fn seal(key: &DataKey, mut plain: impl Read, mut sealed: impl Write) -> Result<u64> {
    let salt: [u8; SALT_LEN] = random::bytes();
    let file_key = key.file_key(&salt)?;
    sealed.write_all(MAGIC)?;
    sealed.write_all(&salt)?;
    let mut piece = Vec::with_capacity(PIECE + TAG);
    let mut next = Vec::with_capacity(PIECE + TAG);
    let mut total = 0_u64;
    fill(&mut plain, &mut piece, PIECE)?;
    for counter in 0_u32.. {
        fill(&mut plain, &mut next, PIECE)?;
        let last = next.is_empty();
        total = total.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        file_key
            .seal_in_place_append_tag(nonce(counter, last), Aad::empty(), &mut piece)
            .map_err(|_| Problem::internal("sealing a file failed"))?;
        sealed.write_all(&piece)?;
        if last {
            return Ok(total);
        }
        std::mem::swap(&mut piece, &mut next);
    }
    Err(Problem::internal("a file is longer than 256 TiB"))
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
        })
    }

    fn advance(&mut self) -> io::Result<()> {
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
    fn files_of_every_border_length_come_back() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            round_trip(length);
        }
    }
}
