//! The signs and grounds of `content/risk/gdpr.toml`, with their words.
//!
//! The file is part of the build, so a mistake in it is a defect of ours; the tests
//! below and `tests/it/law/risk.rs` read it whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::model::{Direction, Factor, RiskBasis, RiskLevel};
use crate::kernel::{Locale, LocaleText, locale};
use crate::regulations::{Condition, Confidence, Source};

static EMPTY: LocaleText = LocaleText {
    ja: String::new(),
    en: String::new(),
};

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the build, and a test reads it"
    )]
    let file: File = toml::from_str(include_str!("../../content/risk/gdpr.toml"))
        .expect("content/risk/gdpr.toml is a table of the risk");
    Table::from(file)
});

/// The table of this build.
pub(super) fn gdpr() -> &'static Table {
    &TABLE
}

/// Signs, grounds, and all their words.
pub(super) struct Table {
    pub signs: Vec<Sign>,
    pub grounds: Vec<GroundRule>,
    pub basis: RiskBasis,
    words: BTreeMap<String, LocaleText>,
}

/// A condition over facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    pub id: String,
    pub factor: Factor,
    /// Without a direction it is no reason of its own.
    pub direction: Option<Direction>,
    pub condition: Condition,
}

/// Signs that together make the risk at least this level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroundRule {
    pub id: String,
    pub level: RiskLevel,
    #[serde(default)]
    pub all: Vec<String>,
    #[serde(default)]
    pub any: Vec<String>,
    #[serde(default)]
    pub none: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    confidence: Confidence,
    sources: Vec<Source>,
    signs: Vec<Sign>,
    grounds: Vec<GroundRule>,
}

impl Table {
    /// The words of a sign, a ground or a factor; their ids differ, as a test keeps.
    pub(super) fn words(&self, id: &str) -> &LocaleText {
        self.words.get(id).unwrap_or(&EMPTY)
    }
}

impl From<File> for Table {
    fn from(file: File) -> Self {
        let told = file.signs.iter().filter(|sign| sign.direction.is_some());
        let signs = told.map(|sign| ("sign", sign.id.as_str()));
        let grounds = file.grounds.iter().map(|it| ("ground", it.id.as_str()));
        let factors = Factor::ALL.iter().map(|it| ("factor", it.as_str()));
        let words = signs
            .chain(grounds)
            .chain(factors)
            .map(|(kind, id)| (id.to_owned(), words(kind, id)))
            .collect();
        Self {
            signs: file.signs,
            grounds: file.grounds,
            basis: RiskBasis {
                version: file.version,
                sources: file.sources,
                confidence: file.confidence,
            },
            words,
        }
    }
}

fn words(kind: &str, id: &str) -> LocaleText {
    let key = key(kind, id);
    LocaleText {
        ja: locale::text(Locale::Ja, &key),
        en: locale::text(Locale::En, &key),
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("risk-{kind}-{}", id.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::incidents::facts::items;

    #[test]
    fn every_test_fits_its_question_and_every_name_and_word_is_there() {
        let table = gdpr();
        let mut ids = BTreeSet::new();
        for sign in &table.signs {
            sign.condition.check(&BTreeSet::new()).unwrap();
            assert!(ids.insert(sign.id.as_str()), "{} twice", sign.id);
            assert!(sign.direction != Some(Direction::Open), "{}", sign.id);
        }
        for ground in &table.grounds {
            for name in ground.all.iter().chain(&ground.any).chain(&ground.none) {
                assert!(ids.contains(name.as_str()), "{}: {name}", ground.id);
            }
            assert!(!ground.all.is_empty(), "{}", ground.id);
            assert!(ground.level > RiskLevel::Unlikely, "{}", ground.id);
        }
        let told = table.signs.iter().filter(|sign| sign.direction.is_some());
        let all: Vec<_> = told
            .map(|sign| key("sign", &sign.id))
            .chain(table.grounds.iter().map(|it| key("ground", &it.id)))
            .chain(Factor::ALL.iter().map(|it| key("factor", it.as_str())))
            .collect();
        assert_eq!(
            all.len(),
            table.words.len(),
            "ids of different kinds differ"
        );
        for key in all {
            for language in Locale::ALL {
                assert!(locale::has(*language, &key), "{key} has no words");
            }
        }
    }

    #[test]
    fn every_item_of_the_catalogue_points_at_people_or_is_known_not_to() {
        let hardly = [
            "gender",
            "age",
            "interests",
            "smartphone_model",
            "os_type",
            "campaign_region",
        ];
        let file = include_str!("../../content/risk/gdpr.toml");
        let list = file.split_once("id = \"hardly_anyone\"").unwrap().1;
        let list = list.split("[[signs]]").next().unwrap();
        for (id, _) in items() {
            let points = list.contains(&format!("\"{id}\""));
            assert_ne!(points, hardly.contains(&id), "{id}");
        }
    }
}
