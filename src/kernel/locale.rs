//! Text in Japanese and English, equal in care.
//!
//! Words of pages, mails and errors stand in `content/locales/{ja,en}/*.ftl`
//! (Project Fluent). A test fails on a key that one language lacks.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// A language of the product.
    pub enum Locale {
        /// Japanese.
        Ja = "ja",
        /// English.
        En = "en",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the enum comes from a macro that has no place for an attribute on a variant"
)]
impl Default for Locale {
    fn default() -> Self {
        Self::Ja
    }
}

/// One text in both languages.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
pub struct LocaleText {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl LocaleText {
    /// The text in one language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::Ja => &self.ja,
            Locale::En => &self.en,
        }
    }
}

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/locales");
static JAPANESE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::Ja));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En));

/// The text of a key; a key that is not there answers itself, and is logged.
pub fn text(locale: Locale, key: &str) -> String {
    text_with(locale, key, &[])
}

/// The text of a key with its variables filled in.
pub fn text_with(locale: Locale, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
    let bundle = match locale {
        Locale::Ja => &*JAPANESE,
        Locale::En => &*ENGLISH,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, %locale, "text key has no words");
        return key.to_owned();
    };
    let mut arguments = FluentArgs::new();
    for (name, value) in variables {
        arguments.set(*name, value.clone());
    }
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, %locale, count = errors.len(), "text key lacks a variable");
    }
    words.into_owned()
}

/// Whether a key has words in a language.
pub fn has(locale: Locale, key: &str) -> bool {
    let bundle = match locale {
        Locale::Ja => &*JAPANESE,
        Locale::En => &*ENGLISH,
    };
    bundle.has_message(key)
}

/// The best language of an `Accept-Language` header that the product speaks.
pub fn preferred(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for wish in header.split(',') {
        let mut parts = wish.split(';');
        let language = parts.next().unwrap_or_default().trim();
        let primary = language.split('-').next().unwrap_or_default();
        let Ok(locale) = primary.to_ascii_lowercase().parse() else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0_f32);
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// Every file of a language: its name and its source, for the completeness test.
pub fn sources(locale: Locale) -> Vec<(String, &'static str)> {
    let mut sources: Vec<_> = FILES
        .get_dir(locale.as_str())
        .into_iter()
        .flat_map(Dir::files)
        .filter_map(|file| Some((file.path().display().to_string(), file.contents_utf8()?)))
        .collect();
    sources.sort();
    sources
}

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let tag = match locale {
        Locale::Ja => unic_langid::LanguageIdentifier::from_bytes(b"ja"),
        Locale::En => unic_langid::LanguageIdentifier::from_bytes(b"en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag.unwrap_or_default()]);
    // The marks that fluent puts around variables would end up in mails and in the PDF.
    bundle.set_use_isolating(false);
    for (path, source) in sources(locale) {
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
                tracing::error!(path, count = errors.len(), "locale file has broken entries");
                resource
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, count = errors.len(), "locale file repeats a key");
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_the_greatest_weight_is_taken() {
        assert_eq!(preferred("en-GB,en;q=0.9,ja;q=0.8"), Some(Locale::En));
        assert_eq!(preferred("fr, ja;q=0.4, en;q=0.3"), Some(Locale::Ja));
        assert_eq!(preferred("fr, en;q=0"), None);
    }
}
