//! The shared strings of a workbook, deflated in small blocks.
//!
//! Excel keeps every text of a sheet here: a roster of a million people has five
//! million of them, some 150 MB. Deflated they are a third or less; cells ask for
//! them about in their order, so a few inflated blocks serve nearly all.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use quick_xml::events::Event;

use super::model::Refusal;
use super::package::Part;
use super::xml::{self, BROKEN, Xml};

/// What is deflated together: small enough that asking for strings in any order stays quick.
const BLOCK: usize = 16 * 1024;
/// What all blocks may take deflated.
const MOST_PACKED: usize = 64 << 20;
/// Inflated blocks that are kept, up to some 8 MiB.
const KEPT: usize = 512;
/// A block with a very long string is not kept among them.
const LONGEST_KEPT: usize = 4 * BLOCK;
const LENGTH_BYTES: usize = size_of::<u32>();

const TOO_LARGE: Refusal = Refusal::TooLargeInside {
    part: "shared strings",
};

/// All shared strings.
#[derive(Default)]
pub(super) struct SharedStrings {
    blocks: Vec<Packed>,
    packed: usize,
    strings: usize,
    kept: Vec<Option<(usize, Block)>>,
    /// The last block that was too long to be kept among the others.
    long: Option<(usize, Block)>,
}

struct Packed {
    /// The number of its first string.
    first: usize,
    bytes: Vec<u8>,
}

/// Some strings one behind the other, and where each ends.
#[derive(Default)]
struct Block {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads the part; what it declares as its count is not believed.
    pub(super) fn read<S: Read>(mut xml: Xml<Part<S>>) -> Result<Self, Refusal> {
        let mut strings = Self::default();
        let mut block = Block::default();
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "si" => {
                    rich_text(&mut xml, &mut block.text)?;
                    let end = u32::try_from(block.text.len()).map_err(|_| BROKEN)?;
                    block.ends.push(end);
                    if block.size() >= BLOCK {
                        strings.pack(&mut block)?;
                    }
                }
                Event::Eof => {
                    strings.pack(&mut block)?;
                    return Ok(strings);
                }
                _ => {}
            }
        }
    }

    fn pack(&mut self, block: &mut Block) -> Result<(), Refusal> {
        let bytes = block.deflated().map_err(|_| BROKEN)?;
        self.packed = self.packed.saturating_add(bytes.len());
        if self.packed > MOST_PACKED {
            return Err(TOO_LARGE);
        }
        let first = self.strings;
        self.strings = self.strings.saturating_add(block.ends.len());
        self.blocks.push(Packed { first, bytes });
        block.text.clear();
        block.ends.clear();
        Ok(())
    }

    /// The string of this number.
    pub(super) fn get(&mut self, index: usize) -> Option<&str> {
        if index >= self.strings {
            return None;
        }
        let number = self
            .blocks
            .partition_point(|block| block.first <= index)
            .checked_sub(1)?;
        let packed = self.blocks.get(number)?;
        self.kept.resize_with(KEPT, || None);
        let mut place = self.kept.get_mut(number % KEPT)?;
        let is_there = |place: &Option<(usize, Block)>| {
            place.as_ref().is_some_and(|(there, _)| *there == number)
        };
        if !is_there(place) {
            if !is_there(&self.long) {
                let block = Block::inflated(&packed.bytes)?;
                if block.size() > LONGEST_KEPT {
                    self.long = Some((number, block));
                } else {
                    *place = Some((number, block));
                }
            }
            if !is_there(place) {
                place = &mut self.long;
            }
        }
        place.as_ref()?.1.get(index.checked_sub(packed.first)?)
    }
}

impl Block {
    fn size(&self) -> usize {
        let lengths = self.ends.len().saturating_mul(LENGTH_BYTES);
        self.text.len().saturating_add(lengths)
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(index)?).ok()?;
        let start = match index.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// How many strings, where each ends, and the text.
    fn deflated(&self) -> std::io::Result<Vec<u8>> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let count = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        encoder.write_all(&count.to_le_bytes())?;
        for end in &self.ends {
            encoder.write_all(&end.to_le_bytes())?;
        }
        encoder.write_all(self.text.as_bytes())?;
        let mut bytes = encoder.finish()?;
        bytes.shrink_to_fit();
        Ok(bytes)
    }

    fn inflated(bytes: &[u8]) -> Option<Self> {
        let mut plain = Vec::with_capacity(BLOCK * 2);
        DeflateDecoder::new(bytes).read_to_end(&mut plain).ok()?;
        let (count, rest) = plain.split_first_chunk::<LENGTH_BYTES>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (ends, text) = rest.split_at_checked(count.checked_mul(LENGTH_BYTES)?)?;
        let (ends, _) = ends.as_chunks::<LENGTH_BYTES>();
        Some(Self {
            ends: ends.iter().copied().map(u32::from_le_bytes).collect(),
            text: str::from_utf8(text).ok()?.to_owned(),
        })
    }
}

/// Reads the text of an `si` or `is` element that has just begun.
///
/// Its runs in several fonts are joined. The reading in kana (`rPh`), which Excel keeps
/// for Japanese names, is not part of the text.
pub(super) fn rich_text<S: Read>(xml: &mut Xml<Part<S>>, into: &mut String) -> Result<(), Refusal> {
    let start = into.len();
    let (mut depth, mut texts) = (1_usize, 0_usize);
    while depth > 0 {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "rPh" => xml.skip()?,
                _ => {
                    texts = texts.saturating_add(usize::from(element.local_name().as_ref() == "t"));
                    depth = depth.saturating_add(1);
                }
            },
            Event::End(element) => {
                texts = texts.saturating_sub(usize::from(element.local_name().as_ref() == "t"));
                depth = depth.saturating_sub(1);
            }
            Event::Eof => return Err(BROKEN),
            event if texts > 0 => xml::push_text(&event, into)?,
            _ => {}
        }
        if into.len().saturating_sub(start) > super::LONGEST_ROW {
            return Err(Refusal::TooLargeInside { part: "cell" });
        }
    }
    unescape(into, start);
    Ok(())
}

/// Turns `_x000D_` into the character that it stands for, in the text since `start`.
///
/// Excel writes so what XML cannot hold, and an underline itself where it would look so.
pub(super) fn unescape(text: &mut String, start: usize) {
    let Some(tail) = text.get(start..).filter(|tail| tail.contains("_x")) else {
        return;
    };
    let mut plain = String::with_capacity(tail.len());
    let mut rest = tail;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        if let Some(character) = escaped(escape) {
            // NUL can neither be stored nor written anywhere.
            if character != '\0' {
                plain.push(character);
            }
            rest = escape.get(7..).unwrap_or_default();
        } else {
            plain.push_str("_x");
            rest = escape.get(2..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    text.truncate(start);
    text.push_str(&plain);
}

/// The character of an escape at the start of a text.
pub(super) fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6)?;
    let is_escape = text.starts_with("_x")
        && text.get(6..7) == Some("_")
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_escape {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}
