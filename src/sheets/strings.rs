//! The shared strings of a workbook, packed into one text.

use std::io::Read;

use quick_xml::events::Event;

use super::model::Refusal;
use super::package::Part;
use super::xml::{self, BROKEN, Xml};

/// So many strings would need more room for their places than for themselves.
const MOST_STRINGS: usize = 4 << 20;

/// All shared strings.
#[derive(Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads the part; what it declares as its count is not believed.
    pub(super) fn read<S: Read>(mut xml: Xml<Part<S>>) -> Result<Self, Refusal> {
        let mut strings = Self::default();
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "si" => {
                    rich_text(&mut xml, &mut strings.text)?;
                    let end = u32::try_from(strings.text.len()).map_err(|_| BROKEN)?;
                    strings.ends.push(end);
                    if strings.ends.len() > MOST_STRINGS {
                        return Err(Refusal::TooLargeInside {
                            part: "shared strings",
                        });
                    }
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(index)?).ok()?;
        let start = match index.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        self.text.get(start..end)
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
