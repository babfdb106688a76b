//! `shodo bundle` and `shodo verify BUNDLE`: a case in one file, and the check of such a file.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::cli::SettingsArgs;
use super::commands::{incident, open, runtime, say};
use super::verify::{fingerprint, read, unreadable};
use crate::kernel::Result;
use crate::proof::{self, Verdict};
use crate::timeline::{KeptNote, public_key};
use crate::workflow::BundleChoice;

/// Writes the evidence bundle of an incident; the file is whole, or not there.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`]; those of the folder.
pub(super) fn write(
    arguments: &SettingsArgs,
    number: &str,
    choice: BundleChoice,
    output: Option<PathBuf>,
) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    let incident = incident(&house, number)?;
    let runtime = runtime()?;
    let made = runtime.block_on(house.export_bundle_as_system(&incident.id, choice))?;
    let path = output.unwrap_or_else(|| PathBuf::from(&made.name));
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let digest = made.bundle.digest();
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    made.bundle.write(BufWriter::new(&mut part))?;
    part.as_file().sync_all()?;
    part.persist(&path).map_err(|error| error.error)?;
    say(&format!(
        "{}\nSHA-256 of its list, as the timeline keeps it: {digest}\nfingerprint of its key: {}",
        path.display(),
        public_key::fingerprint(house.vault.signing_key().public_key())
    ))
}

/// Checks a bundle; neither a database nor a key of a server is opened.
///
/// # Errors
/// [`crate::kernel::Code::InvalidSetting`] for a file that cannot be read, or a word that is no fingerprint.
pub(super) fn verify(bundle: &Path, key: Option<&str>, notes: &[PathBuf]) -> Result<ExitCode> {
    let known = key.map(fingerprint).transpose()?;
    let kept: Vec<KeptNote> = notes.iter().map(read).collect::<Result<_>>()?;
    let file = File::open(bundle).map_err(|error| unreadable("bundle", bundle, &error))?;
    let verdict = proof::check(file, known, &kept);
    for finding in &verdict.findings {
        println!("{finding}");
    }
    eprintln!("{}", summary(&verdict, known.is_some()));
    Ok(if verdict.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn summary(verdict: &Verdict, compared: bool) -> String {
    let mut text = String::new();
    if let Some(manifest) = &verdict.manifest {
        text.push_str(&format!(
            "{}, made {}: {} entries, checkpoints {} to {}, {} sealed files, {} of them with their bytes\n",
            manifest.number,
            manifest.made_at,
            verdict.entries,
            manifest.checkpoints.0,
            manifest.checkpoints.1,
            verdict.evidence,
            verdict.bytes,
        ));
    }
    if let Some(key) = verdict.key {
        let note = if compared {
            ""
        } else {
            " (the bundle's own: compare it with what you got on another way, by --key)"
        };
        text.push_str(&format!("key {key}{note}\n"));
    }
    text.push_str(&match verdict.findings.len() {
        0 => "Everything holds.".to_owned(),
        count => format!(
            "{count} findings: this bundle is not what was handed out, or the records were changed before."
        ),
    });
    text
}
