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

/// A place's code as one number, so that two are compared at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u64);

/// The bits of the two letters of a country.
const COUNTRY: u64 = 0xffff << 48;

impl Code {
    /// Reads a code; none where it has not the form of one.
    pub fn of(text: &str) -> Option<Self> {
        if !is_place(text) {
            return None;
        }
        let mut bytes = [0; 8];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Some(Self(u64::from_be_bytes(bytes)))
    }

    /// The country of a place; of a country itself.
    #[must_use]
    pub fn country(self) -> Self {
        Self(self.0 & COUNTRY)
    }

    /// Whether the other place is this one or lies in it.
    pub fn covers(self, other: Self) -> bool {
        self == other || self == other.country()
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.0.to_be_bytes();
        f.write_str(String::from_utf8_lossy(&bytes).trim_end_matches('\0'))
    }
}

/// The codes that a condition's text stands for: a group's members, or the place itself; none for anything else.
pub fn members(text: &str) -> Vec<Code> {
    let of = |codes: &[&str]| codes.iter().filter_map(|code| Code::of(code)).collect();
    match text {
        "EU" => of(&EU),
        "EEA" => of(&[&EU[..], &EEA_BESIDE_EU[..]].concat()),
        code => of(&[code]),
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
