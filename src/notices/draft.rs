//! First drafts from what is known; what is not known is marked 確認中.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};
use serde_json::{Value, json};

use super::rules::gap;
use super::templates::language::VARIABLES;
use super::templates::{self, Own, Place};
use super::{Content, NoticeKind};
use crate::kernel::{Locale, LocaleText, Problem, Result, locale};

/// What is known, in words.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Answers by the key of their fact, and instants by the kind of their clock start.
    pub answers: BTreeMap<String, Words>,
    /// The organisation, by field: texts are equal in both languages unless given as `ja` and `en`.
    pub organisation: BTreeMap<String, LocaleText>,
    /// The incident's number.
    pub number: String,
    /// The day of the draft.
    pub today: LocaleText,
}

/// An answer in words, or that it is not known yet.
#[derive(Clone, Debug)]
pub enum Words {
    /// The answer.
    Known(LocaleText),
    /// Unknown, perhaps until a day.
    Unknown(Option<LocaleText>),
}

/// A first draft.
#[derive(Clone, Debug, Default)]
pub struct Drafted {
    /// The texts.
    pub content: Content,
    /// The keys of the facts that were missing.
    pub gaps: Vec<String>,
    /// The answers that stand in it, by fact.
    pub known: BTreeMap<String, LocaleText>,
}

/// Which facts a rendering met.
#[derive(Default)]
struct Met {
    gaps: Vec<String>,
    known: BTreeMap<String, LocaleText>,
}

/// Drafts a notice from its templates: the organisation's own, and the product's where there is none.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a broken template, which a test finds.
pub fn draft(kind: NoticeKind, variant: &str, own: &Own, known: &Known) -> Result<Drafted> {
    let met = Arc::default();
    let mut content = Content::default();
    for part in kind.parts() {
        let mut text = LocaleText::default();
        for (locale, target) in [(Locale::Ja, &mut text.ja), (Locale::En, &mut text.en)] {
            let place = Place {
                kind,
                variant: variant.to_owned(),
                part: part.key.clone(),
                locale,
            };
            let edition = own.get(&(part.key.clone(), locale));
            let source = match edition.and_then(|edition| edition.body.clone()) {
                Some(body) => body,
                None => templates::built_in(&place)?,
            };
            *target = render(&source, locale, known, &met)
                .map_err(|error| Problem::internal(format!("{place:?}: {error}")))?;
            if part.one_line {
                *target = target.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        content.0.insert(part.key.clone(), text);
    }
    let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
    let mut gaps = std::mem::take(&mut met.gaps);
    gaps.sort();
    gaps.dedup();
    Ok(Drafted {
        content,
        gaps,
        known: std::mem::take(&mut met.known),
    })
}

/// What a checked template makes of the facts, for whoever edits it.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] when the engine refuses what the check let pass: a defect of ours.
pub fn preview(source: &str, locale: Locale, known: &Known) -> Result<String> {
    render(source, locale, known, &Arc::default()).map_err(Problem::internal)
}

fn render(
    source: &str,
    locale: Locale,
    known: &Known,
    met: &Arc<Mutex<Met>>,
) -> Result<String, handlebars::RenderError> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    registry.register_helper(
        "fact",
        Box::new(fact(locale, known.answers.clone(), met.clone())),
    );
    registry.register_helper("known", Box::new(is_known(known.answers.clone())));
    let organisation: serde_json::Map<String, Value> = known
        .organisation
        .iter()
        .map(|(name, text)| (name.clone(), json!(text.get(locale))))
        .collect();
    let context = json!({
        "organisation": organisation,
        "incident": {"number": known.number},
        "today": known.today.get(locale),
    });
    let text = registry.render_template(&for_the_reader(source), &context)?;
    Ok(text.trim().to_owned())
}

/// Leaves what names the reader in braces: the outbox fills it in for each person.
fn for_the_reader(source: &str) -> String {
    VARIABLES.iter().fold(source.to_owned(), |source, name| {
        source
            .replace(&format!("{{{{ {name} }}}}"), &format!("{{{{{name}}}}}"))
            .replace(&format!("{{{{{name}}}}}"), &format!("\\{{{{{name}}}}}"))
    })
}

/// `{{fact "cause"}}`: the answer, or a mark that it is still being found out.
fn fact(
    locale: Locale,
    answers: BTreeMap<String, Words>,
    met: Arc<Mutex<Met>>,
) -> impl Fn(
    &Helper<'_>,
    &Handlebars<'_>,
    &Context,
    &mut RenderContext<'_, '_>,
    &mut dyn Output,
) -> HelperResult
+ Send
+ Sync {
    move |helper, _, _, _, out| {
        let key = parameter(helper)?;
        let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Words::Known(text)) = answers.get(key) {
            met.known.insert(key.to_owned(), text.clone());
            out.write(text.get(locale))?;
            return Ok(());
        }
        met.gaps.push(key.to_owned());
        let label = locale::text(locale, &format!("fact-{}-short", key.replace('_', "-")));
        let until = match answers.get(key) {
            Some(Words::Unknown(Some(day))) => {
                locale::text_with(locale, "gap-until", &[("day", day.get(locale).into())])
            }
            _ => String::new(),
        };
        out.write(&gap(locale, &format!("{label}{until}")))?;
        Ok(())
    }
}

/// `{{#if (known "cause")}}`: whether there is an answer.
fn is_known(answers: BTreeMap<String, Words>) -> KnownHelper {
    KnownHelper(answers)
}

struct KnownHelper(BTreeMap<String, Words>);

impl handlebars::HelperDef for KnownHelper {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<handlebars::ScopedJson<'rc>, handlebars::RenderError> {
        let known = matches!(self.0.get(parameter(helper)?), Some(Words::Known(_)));
        Ok(handlebars::ScopedJson::Derived(Value::Bool(known)))
    }
}

fn parameter<'a>(helper: &'a Helper<'_>) -> Result<&'a str, handlebars::RenderError> {
    helper
        .param(0)
        .and_then(|parameter| parameter.value().as_str())
        .ok_or_else(|| RenderErrorReason::ParamNotFoundForIndex("fact", 0).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::templates::language::ORGANISATION;

    fn nothing_known() -> Known {
        let field = |name: &&str| {
            let text = LocaleText {
                ja: format!("<{name}>"),
                en: format!("<{name}>"),
            };
            ((*name).to_owned(), text)
        };
        Known {
            organisation: ORGANISATION.iter().map(field).collect(),
            number: "2026-001".to_owned(),
            ..Known::default()
        }
    }

    #[test]
    fn every_template_renders_and_marks_what_is_missing() {
        for kind in NoticeKind::ALL {
            for variant in templates::variants(*kind) {
                let drafted = draft(*kind, variant, &Own::new(), &nothing_known()).unwrap();
                for part in kind.parts() {
                    for locale in Locale::ALL {
                        let text = drafted.content.part(&part.key, *locale);
                        assert!(!text.is_empty(), "{kind} {} {locale}", part.key);
                        assert!(
                            text.chars().count() <= part.longest,
                            "{kind} {} {locale} is longer than its own limit",
                            part.key
                        );
                    }
                }
                assert!(!format!("{:?}", drafted.content).contains("&lt;"));
            }
        }
        let drafted = draft(
            NoticeKind::PpcPreliminary,
            "",
            &Own::new(),
            &nothing_known(),
        );
        assert!(drafted.unwrap().gaps.contains(&"cause".to_owned()));
    }

    #[test]
    fn the_reader_stays_in_braces_and_a_known_answer_is_remembered() {
        let known = Known {
            answers: [(
                "cause".to_owned(),
                Words::Known(LocaleText {
                    ja: "設定の誤り".to_owned(),
                    en: "A wrong setting".to_owned(),
                }),
            )]
            .into(),
            ..nothing_known()
        };
        let source =
            "{{salutation}}\n{{ name }}\n{{fact \"cause\"}}{{#if (known \"prevention\")}}x{{/if}}";
        assert_eq!(
            preview(source, Locale::Ja, &known).unwrap(),
            "{{salutation}}\n{{name}}\n設定の誤り"
        );
        let own = [(
            ("cause".to_owned(), Locale::Ja),
            templates::Edition {
                number: 1,
                body: Some("自社版：{{fact \"cause\"}}".to_owned()),
                author_id: crate::accounts::AccountId::fresh(
                    "2026-11-25T00:00:00Z".parse().unwrap(),
                ),
                recorded_at: "2026-11-25T00:00:00Z".parse().unwrap(),
            },
        )]
        .into();
        let drafted = draft(NoticeKind::PpcPreliminary, "", &own, &known).unwrap();
        assert_eq!(
            drafted.content.part("cause", Locale::Ja),
            "自社版：設定の誤り"
        );
        assert_eq!(drafted.known["cause"].en, "A wrong setting");
    }
}
