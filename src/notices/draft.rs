//! First drafts from what is known; what is not known is marked 確認中.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};
use include_dir::{Dir, include_dir};
use serde_json::{Value, json};

use super::rules::gap;
use super::{Content, NoticeKind};
use crate::kernel::{Locale, LocaleText, Problem, Result, locale};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/filings");

/// What is known, in words.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Answers by the key of their fact, and instants by the kind of their clock start.
    pub answers: BTreeMap<String, Words>,
    /// The organisation, by field: texts are equal in both languages unless given as `ja` and `en`.
    pub organisation: BTreeMap<String, LocaleText>,
}

/// An answer in words, or that it is not known yet.
#[derive(Clone, Debug)]
pub enum Words {
    /// The answer.
    Known(LocaleText),
    /// Unknown, perhaps until a day.
    Unknown(Option<LocaleText>),
}

/// Drafts a notice; gives the texts and the keys of the facts that were missing.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a broken template, which a test finds.
pub fn draft(kind: NoticeKind, known: &Known) -> Result<(Content, Vec<String>)> {
    let gaps = Arc::new(Mutex::new(Vec::new()));
    let mut content = Content::default();
    for part in kind.parts() {
        let mut text = LocaleText::default();
        for (locale, target) in [(Locale::Ja, &mut text.ja), (Locale::En, &mut text.en)] {
            *target = render(kind, part, locale, known, &gaps)?;
        }
        content.0.insert((*part).to_owned(), text);
    }
    let mut gaps = gaps.lock().map_or_else(
        |poisoned| poisoned.into_inner().clone(),
        |gaps| gaps.clone(),
    );
    gaps.sort();
    gaps.dedup();
    Ok((content, gaps))
}

fn render(
    kind: NoticeKind,
    part: &str,
    locale: Locale,
    known: &Known,
    gaps: &Arc<Mutex<Vec<String>>>,
) -> Result<String> {
    let path = format!("{kind}/{part}.{locale}.txt");
    let source = TEMPLATES
        .get_file(&path)
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| Problem::internal(format!("there is no template {path}")))?;
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    registry.register_helper(
        "fact",
        Box::new(fact(locale, known.answers.clone(), gaps.clone())),
    );
    registry.register_helper("known", Box::new(is_known(known.answers.clone())));
    let organisation: serde_json::Map<String, Value> = known
        .organisation
        .iter()
        .map(|(name, text)| (name.clone(), json!(text.get(locale))))
        .collect();
    let text = registry
        .render_template(source, &json!({"organisation": organisation}))
        .map_err(|error| Problem::internal(format!("{path}: {error}")))?;
    Ok(text.trim().to_owned())
}

/// `{{fact "cause"}}`: the answer, or a mark that it is still being found out.
fn fact(
    locale: Locale,
    answers: BTreeMap<String, Words>,
    gaps: Arc<Mutex<Vec<String>>>,
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
        if let Some(Words::Known(text)) = answers.get(key) {
            out.write(text.get(locale))?;
            return Ok(());
        }
        if let Ok(mut gaps) = gaps.lock() {
            gaps.push(key.to_owned());
        }
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

    #[test]
    fn every_template_renders_and_marks_what_is_missing() {
        for kind in NoticeKind::ALL {
            let organisation = [
                "name",
                "kana",
                "corporate_number",
                "address",
                "representative",
                "industry",
                "desk_name",
                "desk_phone",
                "desk_email",
                "desk_hours",
            ]
            .map(|name| {
                (
                    name.to_owned(),
                    LocaleText {
                        ja: format!("<{name}>"),
                        en: format!("<{name}>"),
                    },
                )
            });
            let known = Known {
                answers: BTreeMap::new(),
                organisation: organisation.into(),
            };
            let (content, gaps) = draft(*kind, &known).unwrap();
            assert!(!gaps.is_empty());
            for part in kind.parts() {
                assert!(!content.part(part, Locale::Ja).is_empty(), "{kind} {part}");
                assert!(!content.part(part, Locale::En).is_empty(), "{kind} {part}");
            }
            let all = format!("{content:?}");
            assert!(
                super::super::rules::gaps(&all) > 0 && !all.contains("&lt;"),
                "{all}"
            );
        }
    }
}
