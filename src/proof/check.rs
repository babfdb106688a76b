//! Checks a bundle with nothing but the bundle, and what somebody kept of the key or of checkpoints.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};

use zip::ZipArchive;

use super::archive::Hashing;
use super::evidence::{EvidenceLine, Sealings};
use super::lines::{entry_of, hex};
use super::manifest::{self, Manifest};
use super::{ENTRIES, EVIDENCE, PUBLIC_KEY, checkpoint_name, evidence_name};
use crate::kernel::digest::Hasher;
use crate::kernel::{Instant, Sha256};
use crate::timeline::outside::Outside;
use crate::timeline::{KeptNote, public_key};
use crate::vault::note;

/// The largest text that is read whole: a checkpoint has a line for each incident of a server.
const TEXT: u64 = 64 * 1024 * 1024;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: a file of the bundle, an entry, a checkpoint, the key.
    pub place: String,
    /// What, in English.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What a check gave.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// What the bundle says of itself; none when its list cannot be read.
    pub manifest: Option<Manifest>,
    /// The fingerprint of the bundle's key; none when there is none.
    pub key: Option<Sha256>,
    /// The time of the newest checkpoint whose signature holds.
    pub as_of: Option<Instant>,
    /// Entries that were read.
    pub entries: usize,
    /// Checkpoints that were read.
    pub checkpoints: usize,
    /// Sealed files whose digest was compared.
    pub evidence: usize,
    /// Sealed files whose bytes were there and were digested.
    pub bytes: usize,
    /// Everything that does not hold; empty when all is well.
    pub findings: Vec<Finding>,
}

/// Checks a bundle. `known` is the fingerprint of the key, as somebody wrote it down elsewhere.
///
/// Memory grows with the number of files and of checkpoints, not with the bytes of a file.
pub fn check(file: impl Read + Seek, known: Option<Sha256>, kept: &[KeptNote]) -> Verdict {
    let mut verdict = Verdict::default();
    match ZipArchive::new(file) {
        Ok(zip) => Check {
            zip,
            digests: BTreeMap::new(),
            verdict: &mut verdict,
        }
        .run(known, kept),
        Err(error) => verdict.findings.push(Finding {
            place: "the bundle".to_owned(),
            what: format!("it is no ZIP file that can be read: {error}"),
        }),
    }
    verdict
}

struct Check<'v, R> {
    zip: ZipArchive<R>,
    /// What was read, by name.
    digests: BTreeMap<String, Sha256>,
    verdict: &'v mut Verdict,
}

impl<R: Read + Seek> Check<'_, R> {
    fn run(&mut self, known: Option<Sha256>, kept: &[KeptNote]) {
        if self.zip.has_duplicate_names() {
            self.find(
                "the bundle",
                "two of its files bear one name: programs would show different ones",
            );
        }
        let Some(key) = self.key(known) else {
            return;
        };
        let Some(manifest) = self.list(&key) else {
            return;
        };
        self.files(&manifest);
        let mut outside = Outside::new(&key, &manifest.incident_id, manifest.payloads);
        self.checkpoints(&manifest, &mut outside);
        for note in kept {
            for what in outside.kept(&note.text) {
                self.find(
                    &format!("the checkpoint that you kept as {}", note.name),
                    what,
                );
            }
        }
        let mut sealings = Sealings::default();
        self.entries(&manifest, &mut outside, &mut sealings);
        self.evidence(sealings);
        self.end(&manifest, outside);
        self.verdict.manifest = Some(manifest);
    }

    fn find(&mut self, place: &str, what: impl Into<String>) {
        self.verdict.findings.push(Finding {
            place: place.to_owned(),
            what: what.into(),
        });
    }

    fn key(&mut self, known: Option<Sha256>) -> Option<Vec<u8>> {
        let text = self.text(PUBLIC_KEY)?;
        let Some(key) = public_key::from_pem(&text) else {
            self.find(PUBLIC_KEY, "it is no Ed25519 key");
            return None;
        };
        let own = public_key::fingerprint(&key);
        self.verdict.key = Some(own);
        if known.is_some_and(|known| known != own) {
            self.find(
                PUBLIC_KEY,
                "it is not the key that you named: whoever made this key could have signed anything anew",
            );
        }
        Some(key)
    }

    fn list(&mut self, key: &[u8]) -> Option<Manifest> {
        let text = self.text(manifest::NAME)?;
        if let Err(why) = note::check(&text, manifest::ORIGIN, key) {
            self.find(manifest::NAME, why);
        }
        let manifest = note::body(&text).and_then(Manifest::parse);
        if manifest.is_none() {
            self.find(manifest::NAME, "it cannot be read");
        }
        manifest
    }

    /// Digests every file and compares it with the list.
    fn files(&mut self, manifest: &Manifest) {
        let names: BTreeSet<String> = self
            .zip
            .file_names()
            .filter_map(Result::ok)
            .map(|name| name.into_owned())
            .filter(|name| name != manifest::NAME)
            .collect();
        for name in manifest.files.keys().filter(|name| !names.contains(*name)) {
            self.find(
                name,
                "it is on the list, but not in the bundle: it was removed",
            );
        }
        for name in names {
            let digest = match self.digest(&name) {
                Ok(digest) => digest,
                Err(error) => {
                    self.find(&name, format!("it cannot be read: {error}"));
                    continue;
                }
            };
            match manifest.files.get(&name) {
                Some(listed) if *listed == digest => {}
                Some(_) => self.find(
                    &name,
                    "its digest is not the one on the list: it was changed",
                ),
                None => self.find(&name, "it is not on the list: it was added"),
            }
            self.digests.insert(name, digest);
        }
    }

    fn checkpoints(&mut self, manifest: &Manifest, outside: &mut Outside) {
        let (first, last) = manifest.checkpoints;
        for number in first..=last {
            // A missing one was named already, by the list; so was a list that promises too many.
            let name = checkpoint_name(number);
            if !self.digests.contains_key(&name) {
                if !manifest.files.contains_key(&name) {
                    self.find(&name, "the list counts it, but does not name it");
                    break;
                }
                continue;
            }
            let Some(text) = self.text(&name) else {
                continue;
            };
            self.verdict.checkpoints += 1;
            let (time, problems) = outside.checkpoint(number, &text);
            for what in problems {
                self.find(&format!("checkpoint {number}"), what);
            }
            self.verdict.as_of = time.or(self.verdict.as_of);
        }
    }

    fn entries(&mut self, manifest: &Manifest, outside: &mut Outside, sealings: &mut Sealings) {
        let mut findings = Vec::new();
        let mut count = 0;
        let read = self.lines(ENTRIES, |number, line| match entry_of(line) {
            Ok(entry) => {
                count += 1;
                if !manifest.payloads && (entry.payload.is_some() || !entry.salt.is_empty()) {
                    findings.push((
                        number,
                        "it tells something, and the list says that none does",
                    ));
                }
                sealings.take(&entry);
                outside.entry(entry);
            }
            Err(why) => findings.push((number, why)),
        });
        self.verdict.entries = count;
        for (number, what) in findings {
            self.find(&format!("{ENTRIES} line {number}"), what);
        }
        if let Err(error) = read {
            self.find(ENTRIES, format!("it cannot be read: {error}"));
        }
    }

    fn evidence(&mut self, mut sealings: Sealings) {
        let mut rows: Vec<EvidenceLine> = Vec::new();
        let mut wrong = Vec::new();
        let read = self.lines(EVIDENCE, |number, line| match serde_json::from_str(line) {
            Ok(row) => rows.push(row),
            Err(_) => wrong.push(number),
        });
        for number in wrong {
            self.find(
                &format!("{EVIDENCE} line {number}"),
                "the line cannot be read",
            );
        }
        if let Err(error) = read {
            self.find(EVIDENCE, format!("it cannot be read: {error}"));
        }
        let mut held: BTreeSet<String> = self
            .digests
            .keys()
            .filter(|name| name.starts_with("evidence/"))
            .cloned()
            .collect();
        for row in rows {
            self.verdict.evidence += 1;
            let place = format!("evidence {}", row.id);
            if let Some(what) = sealings.problem(&row) {
                self.find(&place, what);
            }
            let name = evidence_name(&row.id);
            let bytes = held.remove(&name).then(|| self.digests.get(&name).copied());
            match bytes.flatten() {
                Some(digest) if digest.to_string() == row.sha256 => self.verdict.bytes += 1,
                Some(_) => self.find(
                    &place,
                    "its bytes are not those that were sealed: they were replaced",
                ),
                None if row.included => self.find(&place, "its bytes are missing"),
                None => {}
            }
        }
        for name in held {
            self.find(&name, "no sealed file is of this name");
        }
        for id in sealings.unnamed() {
            self.find(
                &format!("evidence {id}"),
                "an entry tells of its sealing, and the list of files does not name it",
            );
        }
    }

    /// Whether the entries end where the list and the newest checkpoint say.
    fn end(&mut self, manifest: &Manifest, outside: Outside) {
        let ended = outside.finish();
        for finding in ended.findings {
            let place = match (finding.seq, finding.entry_id) {
                (Some(seq), Some(id)) => format!("entry {seq} ({id})"),
                (Some(seq), None) => format!("entry {seq}"),
                _ => ENTRIES.to_owned(),
            };
            self.find(&place, finding.what);
        }
        let (seq, hash) = ended.last.unwrap_or_default();
        if (seq, &hash) != (manifest.entries, &manifest.head) {
            let what = format!(
                "the last entry is {seq} ({}); the list says {} ({}): the end was removed, added or changed",
                hex(&hash),
                manifest.entries,
                hex(&manifest.head),
            );
            self.find(ENTRIES, what);
        }
        match ended.head {
            Some(head) if head == (seq, hash) => {}
            Some((said, _)) => self.find(
                ENTRIES,
                format!(
                    "the last entry is {seq}; the newest checkpoint saw entry {said} as the last"
                ),
            ),
            None => self.find(
                &format!("checkpoint {}", manifest.checkpoints.1),
                "the newest checkpoint does not vouch for this incident",
            ),
        }
    }

    fn digest(&mut self, name: &str) -> io::Result<Sha256> {
        let mut hashing = Hashing {
            source: self.zip.by_name(name).map_err(io::Error::other)?,
            hasher: Hasher::default(),
        };
        io::copy(&mut hashing, &mut io::sink())?;
        Ok(hashing.hasher.finish())
    }

    /// A file of the bundle as text; one that cannot be had is named.
    fn text(&mut self, name: &str) -> Option<String> {
        let mut text = String::new();
        let read = self
            .zip
            .by_name(name)
            .map_err(io::Error::other)
            .and_then(|file| file.take(TEXT).read_to_string(&mut text));
        match read {
            Ok(_) => Some(text),
            Err(error) => {
                self.find(name, format!("it cannot be read: {error}"));
                None
            }
        }
    }

    /// Hands each line of a file on, with its number from 1.
    fn lines(&mut self, name: &str, mut each: impl FnMut(usize, &str)) -> io::Result<()> {
        let mut file = BufReader::new(self.zip.by_name(name).map_err(io::Error::other)?);
        let mut line = String::new();
        for number in 1.. {
            line.clear();
            if file.by_ref().take(TEXT).read_line(&mut line)? == 0 {
                break;
            }
            each(number, line.trim_end_matches('\n'));
        }
        Ok(())
    }
}
