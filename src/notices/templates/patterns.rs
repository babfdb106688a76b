//! Texts that depend on what happened: `content/notices/patterns/<playbook>.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::kernel::{Locale, LocaleText};

/// The variant for incidents that no other fits.
pub(super) const GENERAL: &str = "general";

const OPENING: &str = "{{pattern \"";
const CLOSING: &str = "\"}}";

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/notices/patterns");
static PATTERNS: LazyLock<BTreeMap<String, Pattern>> = LazyLock::new(|| {
    // A warning of secondary damage that is missing unseen would be worse than a server that does not start.
    #[expect(
        clippy::panic,
        reason = "the files are part of the build, and a test reads them"
    )]
    read().unwrap_or_else(|fault| panic!("content/notices/patterns: {fault}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    /// What kind of incident this is.
    opening: LocaleText,
    /// What may follow for the reader.
    risks: LocaleText,
    /// What the reader can do.
    advice: LocaleText,
    /// What the organisation did and does.
    measures: LocaleText,
    /// The warning in one line.
    line: LocaleText,
    /// What callers will ask.
    questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    q: LocaleText,
    a: LocaleText,
}

/// Every playbook that has fragments.
pub(super) fn ids() -> Vec<&'static str> {
    PATTERNS.keys().map(String::as_str).collect()
}

/// Whether a template differs by what happened.
pub(super) fn is_in(source: &str) -> bool {
    source.contains(OPENING)
}

/// A template with the fragments of a playbook in their places.
pub(super) fn fill(source: &str, playbook: &str, locale: Locale) -> String {
    let mut filled = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(OPENING) {
        let Some((name, tail)) = after.split_once(CLOSING) else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&fragment(playbook, name, locale));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

fn fragment(playbook: &str, name: &str, locale: Locale) -> String {
    let Some(pattern) = PATTERNS.get(playbook).or_else(|| PATTERNS.get(GENERAL)) else {
        return String::new();
    };
    let text = match name {
        "opening" => &pattern.opening,
        "risks" => &pattern.risks,
        "advice" => &pattern.advice,
        "measures" => &pattern.measures,
        "line" => &pattern.line,
        "questions" => return questions(pattern, locale),
        // Left in place: the check of the language then names it.
        unknown => return format!("{OPENING}{unknown}{CLOSING}"),
    };
    text.get(locale).trim().to_owned()
}

fn questions(pattern: &Pattern, locale: Locale) -> String {
    let pairs = pattern.questions.iter().map(|question| {
        let (q, a) = (question.q.get(locale).trim(), question.a.get(locale).trim());
        match locale {
            Locale::Ja => format!("問　{q}\n答　{a}"),
            Locale::En => format!("Q. {q}\nA. {a}"),
        }
    });
    pairs.collect::<Vec<_>>().join("\n\n")
}

fn read() -> Result<BTreeMap<String, Pattern>, String> {
    let mut patterns = BTreeMap::new();
    for file in FILES.files() {
        let name = file.path().display().to_string();
        let id = name.strip_suffix(".toml").unwrap_or(&name).to_owned();
        let source = file
            .contents_utf8()
            .ok_or_else(|| format!("{name} is no text"))?;
        let pattern = toml::from_str(source).map_err(|error| format!("{name}: {error}"))?;
        patterns.insert(id, pattern);
    }
    if patterns.contains_key(GENERAL) {
        Ok(patterns)
    } else {
        Err(format!("{GENERAL}.toml is missing"))
    }
}
