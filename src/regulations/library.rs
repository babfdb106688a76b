//! Reads regulations and calendars: those that come with the product, and a user's own.
//!
//! A user's file replaces the one of the same id and version, or adds a regime.
//! The library is read once, before the first question, and never changes while
//! the server runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

use super::calendar::Calendars;
use super::clock::StartFrom;
use super::lint::{self, Fault};
use super::model::Regulation;

/// Every regulation and calendar in use.
#[derive(Debug)]
pub struct Library {
    /// In the order of their rank, then id and version.
    pub regulations: Vec<Regulation>,
    /// The calendars by their ids.
    pub calendars: Calendars,
}

static LIBRARY: OnceLock<Library> = OnceLock::new();
static REGULATION_FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/regulations");
static CALENDAR_FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/calendars");

/// The library in use: the product's own files where nothing else was installed.
///
/// # Panics
/// When an embedded file is broken; a test of the same build reads them all.
pub fn library() -> &'static Library {
    LIBRARY.get_or_init(|| {
        // A server that silently lacks a law would be worse than one that does not start.
        #[expect(
            clippy::panic,
            reason = "the files are part of the build, and a test reads them"
        )]
        Library::read(None).unwrap_or_else(|faults| {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        })
    })
}

/// Takes the files of a data directory beside the product's own, before anybody asks.
///
/// # Errors
/// Every fault of a file, with its line.
pub fn install(data_dir: &Path) -> Result<&'static Library, Vec<Fault>> {
    let read = Library::read(Some(data_dir))?;
    Ok(LIBRARY.get_or_init(|| read))
}

impl Library {
    /// Reads the embedded files, and those in `regulations` and `calendars` of a data directory.
    ///
    /// # Errors
    /// Every fault of a file, with its line.
    pub fn read(data_dir: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut calendars = BTreeMap::new();
        for (name, source) in files(&CALENDAR_FILES, data_dir, "calendars", &mut faults) {
            match lint::calendar(&name, &source) {
                Ok(calendar) => {
                    calendars.insert(calendar.id.clone(), calendar);
                }
                Err(fault) => faults.push(fault),
            }
        }
        let calendars = Calendars::new(calendars.into_values());
        let sources = files(&REGULATION_FILES, data_dir, "regulations", &mut faults);
        let mut regulations = BTreeMap::new();
        for (regulation, found) in parsed(&sources, &calendars) {
            faults.extend(found);
            if let Some(regulation) = regulation {
                let place = (regulation.rank, regulation.id.clone(), regulation.version);
                regulations.retain(|(_, id, version), _| (id, version) != (&place.1, &place.2));
                regulations.insert(place, regulation);
            }
        }
        let regulations: Vec<_> = regulations.into_values().collect();
        faults.extend(dangling(&regulations));
        if faults.is_empty() {
            Ok(Self {
                regulations,
                calendars,
            })
        } else {
            Err(faults)
        }
    }
}

/// Clocks that count from a duty which no file has.
fn dangling(regulations: &[Regulation]) -> Vec<Fault> {
    let duties: BTreeSet<_> = regulations
        .iter()
        .flat_map(|regulation| &regulation.duties)
        .map(|duty| duty.id.as_str())
        .collect();
    let mut faults = Vec::new();
    for regulation in regulations {
        let clocks = regulation.duties.iter().flat_map(|duty| &duty.clocks);
        for start in clocks.flat_map(|clock| &clock.starts) {
            if let StartFrom::Filed(id) = start
                && !duties.contains(id.as_str())
            {
                let message = format!("no such duty in any file: {id}");
                faults.push(Fault::new(&regulation.id, 1, message));
            }
        }
    }
    faults
}

type Parsed = (Option<Regulation>, Vec<Fault>);

/// Reads the files on two threads, in their order: most of a start is spent here.
fn parsed(sources: &[(String, String)], calendars: &Calendars) -> Vec<Parsed> {
    let read = |sources: &[(String, String)]| -> Vec<Parsed> {
        sources
            .iter()
            .map(
                |(name, source)| match lint::regulation(name, source, calendars) {
                    Ok(regulation) => (Some(regulation), Vec::new()),
                    Err(faults) => (None, faults),
                },
            )
            .collect()
    };
    let (first, second) = sources.split_at(sources.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| read(second));
        let mut all = read(first);
        // A thread that panicked left nothing; reading again says the same in this one.
        all.extend(other.join().unwrap_or_else(|_| read(second)));
        all
    })
}

/// The names and texts of the embedded files, then of the user's.
fn files(
    embedded: &Dir<'static>,
    data_dir: Option<&Path>,
    folder: &str,
    faults: &mut Vec<Fault>,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for file in embedded.files() {
        let name = format!("content/{folder}/{}", file.path().display());
        match file.contents_utf8() {
            Some(text) => files.push((name, text.to_owned())),
            None => faults.push(Fault::new(&name, 1, "is not UTF-8")),
        }
    }
    let own = data_dir.map(|data_dir| data_dir.join(folder));
    let Some(own) = own.filter(|own| own.is_dir()) else {
        return files;
    };
    let mut paths: Vec<_> = match std::fs::read_dir(&own) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(error) => {
            faults.push(Fault::new(&own.display().to_string(), 1, error.to_string()));
            return files;
        }
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    for path in paths {
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((name, text)),
            Err(error) => faults.push(Fault::new(&name, 1, error.to_string())),
        }
    }
    files
}
