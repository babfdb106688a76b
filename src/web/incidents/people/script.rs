//! What the desk says on the telephone, in both languages side by side.
//!
//! The desk reads out what was exposed, never a name or an address: whoever calls
//! may be somebody else.

use serde::Serialize;

use super::item_names;
use crate::accounts::Organisation;
use crate::affected::{MaskedPerson, NoticeState};
use crate::incidents::facts::{FactKey, Facts, Value};
use crate::kernel::{Locale, locale};
use crate::web::words::in_language;

/// One thing to say, with what it is for.
#[derive(Serialize)]
pub(super) struct Part {
    /// The key of its heading.
    label: &'static str,
    ja: String,
    en: String,
}

/// The words for one outcome of a look-up: `found`, `not-found`, `unsure`, `unreadable`.
pub(super) fn of(
    outcome: &str,
    people: &[MaskedPerson],
    facts: &Facts,
    organisation: Option<&Organisation>,
) -> Vec<Part> {
    let speaker = Speaker {
        facts,
        organisation,
    };
    match outcome {
        "found" => speaker.found(people),
        "unreadable" => vec![speaker.part("script-label-ask", &["script-ask-again"])],
        _ => {
            let answer = format!("script-{outcome}");
            vec![
                speaker.greeting(),
                speaker.part("script-label-answer", &[&answer]),
                speaker.watch(),
                speaker.closing(),
            ]
        }
    }
}

struct Speaker<'a> {
    facts: &'a Facts,
    organisation: Option<&'a Organisation>,
}

impl Speaker<'_> {
    fn found(&self, people: &[MaskedPerson]) -> Vec<Part> {
        vec![
            self.greeting(),
            self.part("script-label-answer", &["script-found"]),
            items(people),
            self.measures(),
            self.told(people),
            self.watch(),
            self.contact(people),
            self.closing(),
        ]
    }

    fn greeting(&self) -> Part {
        both("script-label-greeting", |language| {
            let desk = self.organisation.map(|organisation| {
                let desk = in_language(
                    language,
                    &organisation.desk_name_ja,
                    &organisation.desk_name_en,
                );
                let name = in_language(language, &organisation.name_ja, &organisation.name_en);
                match language {
                    Locale::Ja => format!("{name} {desk}"),
                    Locale::En => format!("{desk} of {name}"),
                }
            });
            let desk = desk.unwrap_or_default();
            locale::text_with(language, "script-greeting", &[("desk", desk.trim().into())])
        })
    }

    fn measures(&self) -> Part {
        both("script-label-measures", |language| {
            self.fact(FactKey::Containment, language).map_or_else(
                || locale::text(language, "script-measures"),
                |done| {
                    let variables = [("done", done.into())];
                    locale::text_with(language, "script-measures-done", &variables)
                },
            )
        })
    }

    fn told(&self, people: &[MaskedPerson]) -> Part {
        // The worst is said: a notice that did not arrive needs another way.
        let key = match people.iter().map(|person| person.notice_state).max() {
            Some(NoticeState::Failed) => "script-told-failed",
            Some(NoticeState::Sent) => "script-told-sent",
            Some(NoticeState::Queued) => "script-told-queued",
            _ => "script-told-not",
        };
        self.part("script-label-told", &[key])
    }

    fn watch(&self) -> Part {
        both("script-label-watch", |language| {
            let mut text = locale::text(language, "script-watch");
            if let Some(advice) = self.fact(FactKey::AdviceToPeople, language) {
                text.push('\n');
                text.push_str(&advice);
            }
            text
        })
    }

    fn contact(&self, people: &[MaskedPerson]) -> Part {
        let any = |has: fn(&MaskedPerson) -> bool| people.iter().any(has);
        let key = if any(|person| !person.email.is_empty()) {
            "script-contact-email"
        } else if any(|person| person.has_line) {
            "script-contact-line"
        } else if any(|person| !person.phone.is_empty()) {
            "script-contact-phone"
        } else if any(|person| person.has_post) {
            "script-contact-post"
        } else {
            "script-contact-public"
        };
        self.part("script-label-contact", &[key])
    }

    fn closing(&self) -> Part {
        both("script-label-closing", |language| {
            let hours = self.organisation.map(|organisation| {
                in_language(
                    language,
                    &organisation.desk_hours_ja,
                    &organisation.desk_hours_en,
                )
            });
            match hours.filter(|hours| !hours.trim().is_empty()) {
                Some(hours) => {
                    let variables = [("hours", hours.into())];
                    locale::text_with(language, "script-closing-hours", &variables)
                }
                None => locale::text(language, "script-closing"),
            }
        })
    }

    fn part(&self, label: &'static str, keys: &[&str]) -> Part {
        both(label, |language| {
            let texts: Vec<_> = keys.iter().map(|key| locale::text(language, key)).collect();
            texts.join("\n")
        })
    }

    /// What is known for certain, in one language.
    fn fact(&self, key: FactKey, language: Locale) -> Option<String> {
        match self.facts.known(key) {
            Some(Value::Text(text)) => Some(text.get(language).trim().to_owned()),
            _ => None,
        }
        .filter(|text| !text.is_empty())
    }
}

/// The data items: once where everybody has the same, else by whom.
fn items(people: &[MaskedPerson]) -> Part {
    both("script-label-items", |language| {
        let of = |person: &MaskedPerson| {
            let ids = person.data_items.iter().map(String::as_str);
            let names = item_names(ids, language);
            names.join(&locale::text(language, "list-separator"))
        };
        let same = people
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one.data_items == other.data_items));
        match people.first() {
            Some(person) if same => match of(person) {
                items if items.is_empty() => locale::text(language, "script-items-unknown"),
                items => locale::text_with(language, "script-items", &[("items", items.into())]),
            },
            _ => locale::text(language, "script-items-several"),
        }
    })
}

fn both(label: &'static str, words: impl Fn(Locale) -> String) -> Part {
    Part {
        label,
        ja: words(Locale::Ja),
        en: words(Locale::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_words_in_both_languages() {
        for outcome in ["found", "not-found", "unsure", "unreadable"] {
            let script = of(outcome, &[], &Facts::default(), None);
            assert!(!script.is_empty());
            for part in script {
                for text in [&part.ja, &part.en] {
                    assert!(!text.is_empty() && !text.starts_with("script-"), "{text}");
                }
                assert!(!part.en.contains('。'), "{}", part.en);
            }
        }
    }
}
