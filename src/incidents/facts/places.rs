//! Places on which laws hang: countries, states of some, and two free zones.
//!
//! ISO 3166-1 (`JP`) and, where a law of a part of a country counts, ISO 3166-2
//! (`US-CA`, `CA-QC`, `JP-13`); `AE-DIFC` and `AE-ADGM` have no code of ISO. Names
//! stand in `content/places.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::kernel::{Locale, LocaleText};

/// The member states of the European Union.
#[rustfmt::skip]
pub const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The states that are in the European Economic Area and not in the Union.
pub const EEA_BESIDE_EU: [&str; 3] = ["IS", "LI", "NO"];

/// Whether this is the form of a place's code; the name need not be known.
pub fn is_place(code: &str) -> bool {
    let is_country =
        |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    match code.split_once('-') {
        None => is_country(code),
        Some((country, part)) => {
            is_country(country)
                && (1..=4).contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        }
    }
}

/// Whether the second place is the first or lies in it.
pub fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow || country(narrow) == wide
}

/// The country of a place.
pub fn country(code: &str) -> &str {
    // Every country has two letters, so what follows them is its part.
    code.get(..2).unwrap_or(code)
}

/// The places that a code of a condition stands for: a group's members, or itself.
pub fn members(code: &str) -> Vec<String> {
    let of = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    match code {
        "EU" => of(&EU),
        "EEA" => of(&[&EU[..], &EEA_BESIDE_EU[..]].concat()),
        code => vec![code.to_owned()],
    }
}

/// The name of a place; a code without a name stays one.
pub fn name(code: &str, locale: Locale) -> String {
    all().iter().find(|place| place.code == code).map_or_else(
        || code.to_owned(),
        |place| place.name.get(locale).to_owned(),
    )
}

/// A place with its name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: LocaleText,
}

/// Every place that has a name: the most likely customers of a Japanese business first.
pub fn all() -> &'static [Place] {
    &PLACES
}

#[derive(Deserialize)]
struct File {
    places: Vec<Place>,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the build, and a test reads it"
    )]
    let file: File = toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/content/places.toml"
    )))
    .expect("content/places.toml is a list of places");
    file.places
});
