//! What may stand in braces, with the words that people know it by.

use serde::Serialize;

use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::FactKey;
use crate::kernel::{Locale, locale};
use crate::notices::NoticeKind;
use crate::notices::templates::language::{DERIVED, ORGANISATION, VARIABLES};

/// One sort of what may stand in braces; its words stand under `template-group-<key>`.
#[derive(Serialize)]
pub(super) struct Group {
    key: &'static str,
    entries: Vec<Entry>,
}

/// What is meant, and how it is written.
#[derive(Serialize)]
struct Entry {
    label: String,
    code: String,
}

/// Everything that the templates of a kind may name.
pub(super) fn vocabulary(kind: NoticeKind, words: Locale) -> Vec<Group> {
    let entry = |key: String, code: String| Entry {
        label: locale::text(words, &key),
        code,
    };
    let fact = |name: &str| {
        let key = format!("fact-{}-short", name.replace('_', "-"));
        entry(key, format!("{{{{fact \"{name}\"}}}}"))
    };
    let named = |prefix: &str, path: &str, name: &str| {
        let key = format!("{prefix}-{}", name.replace('_', "-"));
        entry(key, format!("{{{{{path}{name}}}}}"))
    };
    // A moment that has the name of a fact is written in the same way, and stands there.
    let moments = ClockStartKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .filter(|name| name.parse::<FactKey>().is_err())
        .map(fact);
    let derived = DERIVED.iter().map(|name| fact(name));
    let mut groups = vec![
        Group {
            key: "facts",
            entries: FactKey::ALL.iter().map(|key| fact(key.as_str())).collect(),
        },
        Group {
            key: "moments",
            entries: moments
                .chain(derived)
                .chain([
                    entry("template-today".to_owned(), "{{today}}".to_owned()),
                    entry(
                        "template-incident-number".to_owned(),
                        "{{incident.number}}".to_owned(),
                    ),
                ])
                .collect(),
        },
        Group {
            key: "organisation",
            entries: ORGANISATION
                .iter()
                .map(|name| named("template-organisation", "organisation.", name))
                .collect(),
        },
    ];
    if kind.is_sent_to_people() {
        groups.push(Group {
            key: "reader",
            entries: VARIABLES
                .iter()
                .map(|name| named("template-reader", "", name))
                .collect(),
        });
    }
    groups.push(Group {
        key: "conditions",
        entries: [
            (
                "template-if-known",
                "{{#if (known \"cause\")}}…{{else}}…{{/if}}",
            ),
            (
                "template-unless-known",
                "{{#unless (known \"cause\")}}…{{/unless}}",
            ),
            (
                "template-if-organisation",
                "{{#if organisation.desk_phone}}…{{/if}}",
            ),
        ]
        .into_iter()
        .map(|(key, code)| entry(key.to_owned(), code.to_owned()))
        .collect(),
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::templates::language;

    #[test]
    fn everything_that_is_offered_has_words_and_passes_the_check() {
        for words in Locale::ALL {
            for kind in NoticeKind::ALL {
                for entry in vocabulary(*kind, *words)
                    .iter()
                    .flat_map(|group| &group.entries)
                {
                    assert!(
                        !entry.label.starts_with("fact-") && !entry.label.starts_with("template-"),
                        "{} lacks {words}",
                        entry.label
                    );
                    let checked = language::check(&entry.code, kind.is_sent_to_people());
                    assert_eq!(checked, Ok(()), "{}", entry.code);
                }
            }
        }
    }
}
