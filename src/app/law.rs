//! `shodo regulations`: the regimes in use, one of them in full, and a check of files.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::kernel::{Code, Locale, Problem, Result, dates};
use crate::regulations::{self, Confidence, Library, Regulation, lint};

/// A line for each regime and version: its id, since when it is law, how many duties, its name.
pub fn list(library: &Library, locale: Locale) -> String {
    let mut text = String::new();
    for regulation in &library.regulations {
        let since = match (regulation.in_force.from, regulation.in_force.to) {
            (None, _) => "not in force".to_owned(),
            (Some(from), None) => format!("from {from}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
        };
        let unverified = match regulation.confidence {
            Confidence::Confirmed => "",
            Confidence::Unverified => "  (unverified)",
        };
        let _ = writeln!(
            text,
            "{:<24} v{}  {since:<26} {:>2} duties  {}{unverified}",
            regulation.id,
            regulation.version,
            regulation.duties.len(),
            regulation.title.get(locale),
        );
    }
    text
}

/// Everything that is said of one regime, in every version.
///
/// # Errors
/// [`Code::NotFound`].
pub fn show(library: &Library, id: &str, locale: Locale) -> Result<String> {
    let versions: Vec<_> = library
        .regulations
        .iter()
        .filter(|regulation| regulation.id == id)
        .collect();
    if versions.is_empty() {
        return Err(Problem::with(Code::NotFound, &[("what", id)]));
    }
    let texts: Vec<_> = versions
        .into_iter()
        .map(|regulation| whole(regulation, locale))
        .collect();
    Ok(texts.join("\n"))
}

fn whole(regulation: &Regulation, locale: Locale) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    let mark = |confidence| match confidence {
        Confidence::Confirmed => "",
        Confidence::Unverified => " (unverified)",
    };
    let cited = |basis: &regulations::Basis| {
        let article = basis.article.get(locale);
        format!("[{article}]{} {}", mark(basis.confidence), basis.url)
    };
    line(&format!(
        "{} v{}: {}",
        regulation.id,
        regulation.version,
        regulation.title.get(locale)
    ));
    line(regulation.authority.get(locale));
    line(&dates::day_in(regulation.as_of, locale));
    if let Some(applies) = &regulation.applies {
        line(&format!(
            "- {} {}",
            applies.words.get(locale),
            cited(&applies.basis)
        ));
    }
    let triggers = regulation.triggers.iter();
    let exemptions = regulation.exemptions.iter();
    for (id, words, basis) in triggers
        .map(|it| (&it.id, &it.words, &it.basis))
        .chain(exemptions.map(|it| (&it.id, &it.words, &it.basis)))
    {
        line(&format!("- {id}: {} {}", words.get(locale), cited(basis)));
    }
    for duty in &regulation.duties {
        line(&format!(
            "\n{} ({}, {})\n  {} → {}\n  {}",
            duty.id,
            duty.nature,
            duty.recipient.kind,
            duty.title.get(locale),
            duty.recipient.name.get(locale),
            cited(&duty.basis)
        ));
        for clock in &duty.clocks {
            line(&format!(
                "  {} ({}): {} {}",
                clock.id,
                clock.kind,
                clock.words.get(locale),
                cited(&clock.basis)
            ));
        }
        for content in &duty.contents {
            line(&format!(
                "  * {} [{}]{}",
                content.words.get(locale),
                content.article.get(locale),
                mark(content.confidence)
            ));
        }
    }
    for note in &regulation.notes {
        line(&format!("\n{}", note.get(locale)));
    }
    text
}

/// Reads files, or everything in use with the user's own, and gives the faults.
///
/// # Errors
/// [`Code::UnreadableFile`].
pub fn check(data_dir: &Path, files: &[PathBuf]) -> Result<Vec<lint::Fault>> {
    if files.is_empty() {
        return Ok(Library::read(Some(data_dir)).err().unwrap_or_default());
    }
    let mut faults = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let source = std::fs::read_to_string(file).map_err(|error| {
            Problem::with(
                Code::UnreadableFile,
                &[("reason", "other"), ("row", ""), ("file", &name)],
            )
            .caused_by(error)
        })?;
        let calendars = regulations::calendars();
        faults.extend(
            lint::regulation(&name, &source, calendars)
                .err()
                .unwrap_or_default(),
        );
    }
    Ok(faults)
}
