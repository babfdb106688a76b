//! Setting in type by typst, with both fonts inside.
//!
//! The templates are ours and fixed; what they show reaches them as a JSON file of a
//! virtual file system, so that no text of a person is ever read as typst code.
//! The world refuses every other file, every package and the clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, Source, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_pdf::PdfOptions;

use crate::kernel::{Problem, Result};

/// A finished PDF, and what can be said of it without opening it.
#[derive(Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// The text of each page, in the order in which it was set.
    pub pages: Vec<String>,
    /// How many characters the fonts lack; each stands as 〓.
    pub substituted: usize,
}

/// Sets data in type by a template; `name` is the file that the template asks for.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn set(
    template: &'static Source,
    name: &'static str,
    data: &serde_json::Value,
    ident: String,
) -> Result<Pdf> {
    let desk = Desk {
        template,
        name,
        data: Bytes::new(serde_json::to_vec(data)?),
    };
    let Warned { output, warnings } = typst::compile(&desk);
    for warning in warnings {
        tracing::warn!(message = %warning.message, template = name, "typst warns of a template");
    }
    let set = output.map_err(|errors| defect(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Shodo".to_owned())),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&set, &options).map_err(|errors| defect(&errors))?;
    let pages = set.pages().iter().map(|page| words(&page.frame)).collect();
    // What was set once is seldom set again: give the memory back, but for the newest.
    comemo::evict(1);
    Ok(Pdf {
        bytes,
        pages,
        substituted: 0,
    })
}

/// What typst may see: the template, the data, two fonts.
struct Desk {
    template: &'static Source,
    name: &'static str,
    data: Bytes,
}

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(Library::builder().build()));
/// The font files that every document is set in.
pub static FILES: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/BIZUDPGothic-Regular.ttf"),
    include_bytes!("../../assets/fonts/BIZUDPGothic-Bold.ttf"),
];

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    FILES
        .into_iter()
        .flat_map(|font| Font::iter(Bytes::new(font)))
        .collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        // The name by which the template asks for it.
        if *id.root() == VirtualRoot::Project && id.vpath().get_without_slash() == self.name {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        // A report tells of the instant at which it was compiled, which stands in its data.
        None
    }
}

/// Replaces what the fonts cannot show, in every string, and counts it.
///
/// 〓 (geta) is the printer's mark for type that the case lacks. Selectors of glyph
/// variants go without a mark: the plain form of their character stays and is legible.
pub fn substitute(value: &mut serde_json::Value) -> usize {
    match value {
        serde_json::Value::String(text) => {
            let mut count = 0;
            let set = text.chars().filter_map(|character| match character {
                '\n' => Some('\n'),
                '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => None,
                c if c.is_control() => Some(' '),
                c if covered(c) => Some(c),
                _ => {
                    count += 1;
                    Some('〓')
                }
            });
            *text = set.collect();
            count
        }
        serde_json::Value::Array(values) => values.iter_mut().map(substitute).sum(),
        serde_json::Value::Object(values) => values.values_mut().map(substitute).sum(),
        _ => 0,
    }
}

fn covered(character: char) -> bool {
    FONTS
        .iter()
        .all(|font| font.info().coverage.contains(character.into()))
}

/// The text of a frame, line by line.
fn words(frame: &Frame) -> String {
    let mut text = String::new();
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => text.push_str(&words(&group.frame)),
            FrameItem::Text(run) => {
                text.push_str(&run.text);
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// A defect of our template, told by typst; its message quotes the template, never the data.
fn defect(errors: &[SourceDiagnostic]) -> Problem {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    Problem::internal(format!(
        "typst did not set the document: {}",
        messages.join("; ")
    ))
}
