//! Turns bytes into text, one block at a time.

use std::io::Read;

use encoding_rs::{Decoder, DecoderResult};

use super::model::{Encoding, Refusal};

const BLOCK: usize = 128 * 1024;
/// So many long characters do not come about by chance in another encoding.
const SURE: u32 = 4;

/// A window of decoded text that moves over a source.
pub(super) struct Text<R> {
    source: R,
    encoding: Encoding,
    decoder: Decoder,
    block: Vec<u8>,
    window: String,
    /// Where in the window the text that is not yet taken begins.
    at: usize,
    stop: Option<Stop>,
    at_start: bool,
    long_characters: u32,
}

/// Why no more text comes.
#[derive(Clone)]
pub(super) enum Stop {
    End,
    /// The next bytes are not characters.
    Undecodable,
    Refused(Refusal),
}

impl<R: Read> Text<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        let coder = match encoding {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Cp932 => encoding_rs::SHIFT_JIS,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
        };
        Self {
            source,
            encoding,
            decoder: coder.new_decoder_without_bom_handling(),
            block: vec![0; BLOCK],
            window: String::new(),
            at: 0,
            stop: None,
            at_start: true,
            long_characters: 0,
        }
    }

    /// The text that was read and not yet taken.
    pub(super) fn rest(&self) -> &str {
        self.window.get(self.at..).unwrap_or_default()
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Why [`fill`](Self::fill) adds nothing any more.
    pub(super) fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// Whether the text so far can hardly be anything but UTF-8.
    pub(super) fn is_surely_utf8(&self) -> bool {
        self.encoding == Encoding::Utf8 && self.long_characters >= SURE
    }

    /// Adds a block behind the rest.
    pub(super) fn fill(&mut self) {
        if self.stop.is_some() {
            return;
        }
        self.window.drain(..self.at);
        self.at = 0;
        let before = self.window.len();
        let mut block = std::mem::take(&mut self.block);
        match read_block(&mut self.source, &mut block) {
            Ok(length) => self.decode(block.get(..length).unwrap_or_default(), length < BLOCK),
            Err(refusal) => self.stop = Some(Stop::Refused(refusal)),
        }
        self.block = block;
        if self.at_start && !self.window.is_empty() {
            self.at_start = false;
            if self.window.starts_with('\u{feff}') {
                self.window.drain(..'\u{feff}'.len_utf8());
            }
        }
        self.inspect(before);
    }

    fn decode(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(bytes.len())
                .unwrap_or(BLOCK);
            self.window.reserve(room);
            let (result, read) =
                self.decoder
                    .decode_to_string_without_replacement(bytes, &mut self.window, last);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty if last => self.stop = Some(Stop::End),
                DecoderResult::InputEmpty => {}
                DecoderResult::OutputFull => continue,
                DecoderResult::Malformed(..) => self.stop = Some(Stop::Undecodable),
            }
            return;
        }
    }

    /// Looks at new text for NUL, which no table has, and for signs of UTF-8.
    fn inspect(&mut self, before: usize) {
        let new = self.window.as_bytes().get(before..).unwrap_or_default();
        let nul = memchr::memchr(0, new);
        if self.long_characters < SURE {
            let long = new.iter().filter(|byte| **byte >= 0xe0).count();
            let long = u32::try_from(long).unwrap_or(u32::MAX);
            self.long_characters = self.long_characters.saturating_add(long);
        }
        if let Some(position) = nul {
            self.window.truncate(before.saturating_add(position));
            self.stop = Some(Stop::Refused(Refusal::Binary));
        }
    }
}

/// Fills the block as far as the source goes; a short block is the last one.
fn read_block(source: &mut impl Read, block: &mut [u8]) -> Result<usize, Refusal> {
    let mut length = 0;
    while let Some(free) = block.get_mut(length..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => break,
            Ok(read) => length = length.saturating_add(read).min(BLOCK),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(length)
}
