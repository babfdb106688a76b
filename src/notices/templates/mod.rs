//! The templates of drafts: the product's own, and what the organisation made of them.
//!
//! A template is one part of one kind of notice in one language. Texts to people and
//! to the public differ by what happened: there is a variant for each playbook, made
//! from `content/notices/patterns/<playbook>.toml`. An organisation's own template
//! replaces the product's until it is reset; every version stays.

pub mod language;
mod patterns;
mod store;

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

pub use language::Fault;
pub use store::Edition;

use super::NoticeKind;
use crate::accounts::{Granted, can};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::store::Conn;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/filings");

/// The texts of a kind and variant that the organisation wrote itself, by part and language.
pub type Own = BTreeMap<(String, Locale), Edition>;

/// Which template: of a kind, for a playbook where that makes a difference, of one part and language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The kind.
    pub kind: NoticeKind,
    /// The playbook's id, or nothing where the kind has no variants.
    pub variant: String,
    /// The part's key.
    pub part: String,
    /// The language.
    pub locale: Locale,
}

/// Whether a kind's texts differ by playbook.
pub fn has_variants(kind: NoticeKind) -> bool {
    kind.parts().iter().any(|part| {
        Locale::ALL
            .iter()
            .any(|locale| file(kind, &part.key, *locale).is_some_and(patterns::is_in))
    })
}

/// The variants of a kind: every playbook that has fragments, or the empty one alone.
pub fn variants(kind: NoticeKind) -> Vec<&'static str> {
    if has_variants(kind) {
        patterns::ids()
    } else {
        vec![""]
    }
}

/// The variant of a kind for a playbook.
pub fn variant(kind: NoticeKind, playbook: &str) -> &'static str {
    variants(kind)
        .into_iter()
        .find(|id| *id == playbook || id.is_empty())
        .unwrap_or(patterns::GENERAL)
}

/// The product's own template.
///
/// # Errors
/// [`Code::NotFound`] for a place that no kind has.
pub fn built_in(place: &Place) -> Result<String> {
    let source =
        file(place.kind, &place.part, place.locale).ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(patterns::fill(source, &place.variant, place.locale))
}

/// What the organisation wrote itself for a kind and variant; what was reset is not there.
///
/// # Errors
/// The database's own error.
pub fn own(conn: &mut Conn, kind: NoticeKind, variant: &str) -> Result<Own> {
    Ok(store::newest(conn, kind, variant)?)
}

/// Every version of one template that the organisation wrote, the oldest first.
///
/// # Errors
/// The database's own error.
pub fn editions(conn: &mut Conn, place: &Place) -> Result<Vec<Edition>> {
    Ok(store::editions(conn, place)?)
}

/// How many templates the organisation wrote itself, by kind.
///
/// # Errors
/// The database's own error.
pub fn own_counts(conn: &mut Conn) -> Result<BTreeMap<NoticeKind, i64>> {
    Ok(store::counts(conn)?)
}

/// Writes the organisation's own template, or goes back to the product's with `None`.
///
/// `seen` is the number of the edition that was read, 0 for the product's own.
///
/// # Errors
/// [`Code::EditConflict`] when somebody else wrote meanwhile; [`Code::InvalidInput`] naming
/// the line of what the language does not have; [`Code::NotFound`] for a place that no kind has.
pub fn save(
    tx: &mut Conn,
    by: &Granted<can::EditTemplates>,
    now: Instant,
    place: &Place,
    seen: i64,
    body: Option<&str>,
) -> Result<()> {
    built_in(place)?;
    if !variants(place.kind).contains(&place.variant.as_str()) {
        return Err(Problem::new(Code::NotFound));
    }
    let body = body.map(checked(place)).transpose()?;
    let newest = store::editions(tx, place)?.pop();
    let number = newest.as_ref().map_or(0, |edition| edition.number);
    if number != seen {
        return Err(Problem::new(Code::EditConflict));
    }
    if newest.and_then(|edition| edition.body) == body {
        return Ok(());
    }
    let edition = Edition {
        number: number.saturating_add(1),
        body,
        author_id: by.id.clone(),
        recorded_at: now,
    };
    store::insert(tx, place, &edition)?;
    tracing::info!(by = %by.id, kind = %place.kind, part = place.part, "a template was changed");
    Ok(())
}

/// Checks what somebody typed for a place.
///
/// # Errors
/// [`Code::InvalidInput`] naming the line of what the language does not have.
pub fn checked(place: &Place) -> impl Fn(&str) -> Result<String> {
    let for_people = place.kind.is_sent_to_people();
    move |body| {
        let body = crate::kernel::input::paragraphs("body", body, 20_000)
            .map_err(|problem| Problem::fields(vec![problem]))?;
        if body.is_empty() {
            return Err(Problem::field("body", "field-required"));
        }
        language::check(&body, for_people).map_err(|fault| {
            Problem::fields(vec![FieldProblem {
                field: "body".to_owned(),
                key: fault.key,
                params: vec![("line", fault.line.to_string()), ("tag", fault.tag)],
            }])
        })?;
        Ok(body)
    }
}

fn file(kind: NoticeKind, part: &str, locale: Locale) -> Option<&'static str> {
    FILES
        .get_file(format!("{kind}/{part}.{locale}.txt"))
        .and_then(|file| file.contents_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_of_the_product_is_in_the_language() {
        for kind in NoticeKind::ALL {
            for variant in variants(*kind) {
                for part in kind.parts() {
                    for locale in Locale::ALL {
                        let place = Place {
                            kind: *kind,
                            variant: variant.to_owned(),
                            part: part.key.clone(),
                            locale: *locale,
                        };
                        let source = built_in(&place)
                            .unwrap_or_else(|_| panic!("{place:?} has no template"));
                        let faults = language::check(&source, kind.is_sent_to_people());
                        assert_eq!(faults, Ok(()), "{place:?}");
                    }
                }
            }
        }
    }
}
