//! Authorities by place: who supervises where.

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::AuthorityList;
use crate::kernel::LocaleText;

/// An authority of one place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// ISO 3166-1 code of its country.
    pub place: String,
    /// Its name.
    pub name: LocaleText,
    /// Its address.
    pub url: String,
}

/// The authorities of a list, by place.
pub fn authorities(list: AuthorityList) -> &'static [Authority] {
    match list {
        AuthorityList::Eea => &EEA,
    }
}

#[derive(Deserialize)]
struct File {
    authorities: Vec<Authority>,
}

static EEA: LazyLock<Vec<Authority>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the build, and a test reads it"
    )]
    let file: File = toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/content/authorities/eea.toml"
    )))
    .expect("content/authorities/eea.toml is a list of authorities");
    file.authorities
});
