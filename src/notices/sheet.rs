//! What each kind of notice is: its readers, its parts, what must stand in it, who approves it.
//!
//! Comes from `content/notices/<kind>.toml`, so that a form's labels and the law's
//! contents are data with their source; a mistake in a file is a defect of ours,
//! and a test reads them all.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use super::NoticeKind;
use crate::accounts::Role;
use crate::kernel::{Locale, LocaleText};
use crate::regulations::Confidence;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/notices");
static SHEETS: LazyLock<BTreeMap<NoticeKind, Sheet>> = LazyLock::new(|| {
    // A server that cannot say what a notice must hold is worse than one that does not start.
    #[expect(
        clippy::panic,
        reason = "the files are part of the build, and a test reads them"
    )]
    read().unwrap_or_else(|fault| panic!("content/notices: {fault}"))
});

crate::text_enum! {
    /// Whom a notice is written for; its words stand under `notice-audience-<audience>`.
    pub enum Readers {
        /// An authority.
        Authority = "authority",
        /// The people whose data they are.
        People = "people",
        /// The business that entrusted the data (委託元).
        Delegator = "delegator",
        /// Everybody.
        Public = "public",
        /// The organisation's own people.
        Staff = "staff",
    }
}

crate::text_enum! {
    /// How a notice reaches its readers; its words stand under `notice-channel-<channel>`.
    pub enum NoticeChannel {
        /// It is copied into an authority's form.
        Form = "form",
        /// One e-mail to each person.
        Email = "email",
        /// One letter to each person.
        Letter = "letter",
        /// A message of a LINE Official Account to each person.
        Line = "line",
        /// It is put on the organisation's website.
        Web = "web",
        /// It is handed over as a document.
        Document = "document",
    }
}

crate::text_enum! {
    /// Whether 【確認中】 may stand in what is approved.
    pub enum Gaps {
        /// The law asks for what is known at the time.
        Allowed = "allowed",
        /// Somebody has to say why.
        Warned = "warned",
        /// It may not.
        Refused = "refused",
    }
}

/// One kind of notice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The kind, as the file is named.
    pub kind: NoticeKind,
    /// What it is called.
    pub title: LocaleText,
    /// To whom it goes, when and what for, in one sentence.
    pub summary: LocaleText,
    /// Whom it is written for.
    pub audience: Readers,
    /// How it reaches them.
    pub channel: NoticeChannel,
    /// The languages that must be written; the other may stay empty.
    pub languages: Vec<Locale>,
    /// The duties that it serves.
    pub duties: Vec<String>,
    /// Who approves after the author, in order, unless the organisation chose otherwise.
    pub chain: Vec<Role>,
    /// Whether what is not known yet may stand in it.
    pub gaps: Gaps,
    /// What else a person should know when it is filed or handed over.
    #[serde(default)]
    pub practice: LocaleText,
    /// The rule that its contents follow.
    pub basis: Basis,
    /// The authority's form, if it is copied into one.
    pub form: Option<Form>,
    /// Its parts, in the order of the form.
    pub parts: Vec<Part>,
}

/// A rule and where it stands.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The article.
    pub article: LocaleText,
    /// Its address.
    pub url: String,
    /// Whether it was read there.
    pub confidence: Confidence,
}

/// An authority's form.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// What the authority calls it.
    pub name: LocaleText,
    /// Where it is.
    pub url: String,
    /// Whether its fields were read there.
    pub confidence: Confidence,
}

/// One part of a notice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its stable name.
    pub key: String,
    /// Its label, as on the form.
    pub label: LocaleText,
    /// What belongs into it.
    #[serde(default)]
    pub hint: LocaleText,
    /// The most characters it may have.
    pub longest: usize,
    /// Whether it is one line.
    #[serde(default)]
    pub one_line: bool,
    /// Whether it may not be empty.
    pub required: bool,
    /// What the law wants said in it.
    #[serde(default)]
    pub contents: Vec<Mandatory>,
}

/// Something that the law wants said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandatory {
    /// What it is.
    pub name: LocaleText,
    /// Words of which one shows that it is there.
    pub marks: Marks,
    /// Where the law says so.
    #[serde(default)]
    pub article: LocaleText,
}

/// Words in each language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Japanese.
    pub ja: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl Marks {
    /// The words in one language.
    pub fn get(&self, locale: Locale) -> &[String] {
        match locale {
            Locale::Ja => &self.ja,
            Locale::En => &self.en,
        }
    }
}

impl Sheet {
    /// A part by its name.
    pub fn part(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.key == key)
    }

    /// Whether it goes to each affected person.
    pub fn is_for_people(&self) -> bool {
        self.audience == Readers::People
    }

    /// Whether the outbox carries it.
    pub fn is_mailed(&self) -> bool {
        self.is_for_people() && self.channel == NoticeChannel::Email
    }
}

/// The sheet of a kind.
pub(super) fn of(kind: NoticeKind) -> &'static Sheet {
    #[expect(
        clippy::panic,
        reason = "reading refuses to end while a kind lacks its sheet"
    )]
    SHEETS.get(&kind).unwrap_or_else(|| panic!("{kind}"))
}

/// Reads every sheet, and misses none.
fn read() -> Result<BTreeMap<NoticeKind, Sheet>, String> {
    let mut sheets = BTreeMap::new();
    for kind in NoticeKind::ALL {
        let name = format!("{kind}.toml");
        let source = FILES
            .get_file(&name)
            .and_then(|file| file.contents_utf8())
            .ok_or_else(|| format!("{name} is missing"))?;
        let sheet: Sheet = toml::from_str(source).map_err(|error| format!("{name}: {error}"))?;
        if sheet.kind != *kind || sheet.parts.is_empty() || sheet.languages.is_empty() {
            return Err(format!("{name} does not describe {kind}"));
        }
        sheets.insert(*kind, sheet);
    }
    Ok(sheets)
}
