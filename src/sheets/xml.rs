//! A stream of XML events from a part, under limits.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::model::Refusal;
use super::package::Part;

/// No tag and no text between two tags is longer than this many bytes.
const LONGEST_RUN: usize = 1024 * 1024;
/// Sheets nest about six levels deep.
const DEEPEST: usize = 64;

/// XML of which one event at a time is in memory.
pub(super) struct Xml<P> {
    reader: Reader<Run<P>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<S: Read> Xml<Part<S>> {
    pub(super) fn new(part: Part<S>) -> Self {
        let mut reader = Reader::from_reader(Run { part, bytes: 0 });
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// Gives the next event; empty elements come as start and end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Refusal> {
        self.buffer.clear();
        self.reader.get_mut().bytes = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => {
                match event {
                    Event::Start(_) => self.depth = self.depth.saturating_add(1),
                    Event::End(_) => self.depth = self.depth.saturating_sub(1),
                    // Without this, an end that is missing would pass for the end of the list.
                    Event::Eof if self.depth > 0 => return Err(BROKEN),
                    _ => {}
                }
                if self.depth > DEEPEST {
                    return Err(BROKEN);
                }
                Ok(event)
            }
            Err(_) => {
                let run = self.reader.get_ref();
                Err(match run.part.refusal() {
                    Some(refusal) => refusal,
                    None if run.bytes > LONGEST_RUN => Refusal::TooLargeInside { part: "text" },
                    None => BROKEN,
                })
            }
        }
    }

    /// Reads the text up to the end of the element that has just begun.
    pub(super) fn text(&mut self, into: &mut String) -> Result<(), Refusal> {
        let depth = self.depth;
        let most = into.len().saturating_add(LONGEST_RUN);
        while self.depth >= depth {
            push_text(&self.next()?, into)?;
            // Many short runs make a long text too.
            if into.len() > most {
                return Err(BROKEN);
            }
        }
        Ok(())
    }

    /// Passes over the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), Refusal> {
        let depth = self.depth;
        while self.depth >= depth {
            if matches!(self.next()?, Event::Eof) {
                return Err(BROKEN);
            }
        }
        Ok(())
    }

    /// How many bytes were unpacked so far.
    pub(super) fn unpacked(&self) -> u64 {
        self.reader.get_ref().part.unpacked()
    }
}

/// A workbook whose XML does not hold together.
pub(super) const BROKEN: Refusal = Refusal::Broken {
    detail: "a part of the workbook is not well-formed XML",
};

/// Adds what an event says as text, if anything.
pub(super) fn push_text(event: &Event<'_>, into: &mut String) -> Result<(), Refusal> {
    match event {
        Event::Text(text) => into.push_str(&text.xml10_content()),
        Event::CData(text) => into.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => into.push(character(reference)?),
        _ => {}
    }
    Ok(())
}

/// The value of an attribute without its prefix, with entities resolved.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| BROKEN)?;
        if attribute.key.local_name().as_ref() == name {
            let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| BROKEN)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Only the five entities of XML itself: a document's own could grow without end.
fn character(reference: &BytesRef<'_>) -> Result<char, Refusal> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| BROKEN)? {
        return Ok(character);
    }
    match reference.xml10_content().as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(BROKEN),
    }
}

/// Counts what one event takes, for the reader keeps all of it.
struct Run<P> {
    part: P,
    bytes: usize,
}

impl<P: BufRead> Read for Run<P> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<P: BufRead> BufRead for Run<P> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.bytes > LONGEST_RUN {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.part.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.bytes = self.bytes.saturating_add(amount);
        self.part.consume(amount);
    }
}
