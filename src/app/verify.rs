//! `shodo verify`: checks everything that this server holds, and says what it means.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::cli::SettingsArgs;
use super::commands::open;
use crate::kernel::{Code, Problem, Result, Sha256};
use crate::timeline::{self, KeptNote, public_key};

/// Checks every chain, every checkpoint, the checkpoints that were kept elsewhere, and the sealed files if asked.
///
/// # Errors
/// [`Code::InvalidSetting`] for a file that cannot be read or a word that is no fingerprint.
pub(super) fn run(
    arguments: &SettingsArgs,
    key: Option<&str>,
    notes: &[PathBuf],
    files: bool,
) -> Result<ExitCode> {
    let known = key.map(fingerprint).transpose()?;
    let kept: Vec<KeptNote> = notes.iter().map(read).collect::<Result<_>>()?;
    let (_claim, house) = open(arguments)?;
    let key = house.vault.signing_key().public_key().to_vec();
    let verdict = house
        .store
        .read_blocking(|conn| timeline::verify_against(conn, &key, &kept))?;
    let own = public_key::fingerprint(&key);
    let mut wrong = verdict.findings.len() + verdict.more;
    if known.is_some_and(|known| known != own) {
        wrong += 1;
        println!(
            "the key that signs checkpoints is not the one that you named: whoever replaced it could have signed anything anew"
        );
    }
    for finding in &verdict.findings {
        println!("{finding}");
    }
    if verdict.more > 0 {
        println!("and {} findings more", verdict.more);
    }
    if files {
        let files = house.verify_files()?;
        for finding in &files.findings {
            println!("{finding}");
        }
        wrong += files.findings.len();
        eprintln!("{} files read, {} destroyed", files.read, files.destroyed);
    }
    eprintln!("key {own}{}", if known.is_some() { "" } else { UNCOMPARED });
    eprintln!(
        "{} incidents, {} entries, {} checkpoints: {wrong} findings",
        verdict.incidents, verdict.entries, verdict.checkpoints,
    );
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Said behind the key's fingerprint when there is nothing to compare it with.
const UNCOMPARED: &str =
    " (the server's own: compare it with what was written down elsewhere, by --key)";

/// A fingerprint as people write it down, in groups, in capitals; or the PEM file of a public key.
pub(super) fn fingerprint(text: &str) -> Result<Sha256> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    let path = Path::new(text);
    let why = match digits.to_lowercase().parse() {
        Ok(known) => return Ok(known),
        Err(why) if !path.is_file() => why,
        Err(_) => "the file holds no Ed25519 key in PEM",
    };
    std::fs::read_to_string(path)
        .ok()
        .and_then(|pem| public_key::from_pem(&pem))
        .map(|key| public_key::fingerprint(&key))
        .ok_or_else(|| wrong("key", why))
}

pub(super) fn read(path: &PathBuf) -> Result<KeptNote> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable("note", path, &error))?;
    Ok(KeptNote {
        name: path.display().to_string(),
        text,
    })
}

pub(super) fn unreadable(option: &str, path: &Path, error: &std::io::Error) -> Problem {
    wrong(option, &format!("{}: {error}", path.display()))
}

fn wrong(option: &str, why: &str) -> Problem {
    Problem::with(Code::InvalidSetting, &[("setting", option), ("why", why)])
}
