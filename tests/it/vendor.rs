//! What was made elsewhere: every such file is listed with its licence, and is what it was.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where what it stands on is missing"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use shodo::kernel::digest::Sha256;

/// `assets/vendor/VENDOR.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vendored {
    file: Vec<VendoredFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VendoredFile {
    /// From `assets/` on.
    path: PathBuf,
    package: String,
    version: String,
    licence: String,
    /// From `assets/` on; beside the file as `NAME.LICENSE` when nothing is said.
    licence_file: Option<PathBuf>,
    sha256: String,
    #[serde(rename = "note")]
    _note: Option<String>,
}

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")
}

fn vendored() -> Vec<VendoredFile> {
    let text = fs::read_to_string(assets().join("vendor/VENDOR.toml")).unwrap();
    toml::from_str::<Vendored>(&text).unwrap().file
}

fn licence_of(file: &VendoredFile) -> PathBuf {
    file.licence_file
        .clone()
        .unwrap_or_else(|| file.path.with_extension("LICENSE"))
}

#[test]
fn every_vendored_file_is_what_it_was() {
    for file in vendored() {
        let bytes = fs::read(assets().join(&file.path)).unwrap();
        let path = file.path.display();
        assert_eq!(Sha256::of(&bytes).to_string(), file.sha256, "{path}");
        assert!(
            !file.package.is_empty() && !file.version.is_empty(),
            "{path}"
        );
    }
}

#[test]
fn every_vendored_file_brings_its_licence() {
    for file in vendored() {
        let path = licence_of(&file);
        let text = fs::read_to_string(assets().join(&path)).unwrap();
        // The expression is from the package; the words must be those of that licence.
        let words = match file.licence.as_str() {
            "MIT" => "Permission is hereby granted, free of charge",
            "ISC" => "Permission to use, copy, modify, and/or distribute",
            "OFL-1.1" => "SIL OPEN FONT LICENSE Version 1.1",
            other => panic!("{other}: say here by which words this licence is known"),
        };
        assert!(
            text.contains(words),
            "{} is no {}",
            path.display(),
            file.licence
        );
    }
}

#[test]
fn nothing_from_elsewhere_is_unlisted() {
    let listed: BTreeSet<PathBuf> = vendored()
        .iter()
        .flat_map(|file| [file.path.clone(), licence_of(file)])
        .chain([PathBuf::from("vendor/VENDOR.toml")])
        .collect();
    let found: BTreeSet<PathBuf> = ["vendor", "fonts"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(assets().join(folder)).unwrap())
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .strip_prefix(assets())
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(found, listed);
}
