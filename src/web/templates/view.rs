//! What the page of a template shows: choices, the preview with its gaps, versions, differences.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::accounts::AccountId;
use crate::incidents::{Incident, State};
use crate::kernel::{Instant, Locale, Problem};
use crate::notices::diff::{self, Piece};
use crate::notices::rules;
use crate::notices::templates::{self, Own, Place};
use crate::playbooks::Library;
use crate::web::extract::Page;
use crate::workflow::Template;

/// What begins and ends something that the preview marks, and the class that it gets.
const MARKED: [(&str, &str, &str); 3] = [
    ("【確認中", "】", "gap"),
    ("[To be confirmed", "]", "gap"),
    ("{{", "}}", "reader"),
];

/// An entry of a list of choices.
#[derive(Serialize)]
pub(super) struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// What a template makes of an incident's facts, or why it makes nothing.
#[derive(Default, Serialize)]
pub(super) struct Preview {
    marks: Vec<Mark>,
    gaps: usize,
    characters: usize,
    longest: usize,
    too_long: bool,
    problem: Option<String>,
}

/// A stretch of the preview.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Mark {
    /// `gap`, `reader`, or nothing.
    class: &'static str,
    text: String,
}

/// One version of the organisation's own text.
#[derive(Serialize)]
pub(super) struct Past {
    number: i64,
    by: String,
    at: Instant,
    /// Whether it went back to the product's text.
    reset: bool,
    current: bool,
}

/// What differs between two texts.
#[derive(Serialize)]
pub(super) struct Changes {
    number: i64,
    /// The older number; 0 for the product's text.
    before: i64,
    same: bool,
    pieces: Vec<Piece>,
}

/// What somebody else wrote meanwhile, and what differs from what was typed.
#[derive(Serialize)]
pub(super) struct Conflict {
    by: String,
    at: Instant,
    number: i64,
    reset: bool,
    body: String,
    pieces: Vec<Piece>,
}

/// The playbooks that a kind's texts differ by; none for a kind that has no variants.
pub(super) fn variants(place: &Place, library: &Library, words: Locale) -> Vec<Choice> {
    if !templates::has_variants(place.kind) {
        return Vec::new();
    }
    templates::variants(place.kind)
        .into_iter()
        .map(|id| Choice {
            label: library
                .all()
                .find(|playbook| playbook.id == id)
                .map_or_else(|| id.to_owned(), |found| found.title.get(words).to_owned()),
            chosen: id == place.variant,
            value: id.to_owned(),
        })
        .collect()
}

/// The parts of a kind; those with an own text say so.
pub(super) fn parts(place: &Place, own: &Own, page: &Page) -> Vec<Choice> {
    place
        .kind
        .parts()
        .iter()
        .map(|part| {
            let label = part.label.get(page.locale());
            let is_own = own.contains_key(&(part.key.clone(), place.locale));
            Choice {
                value: part.key.clone(),
                label: match is_own {
                    true => format!("{label} ● {}", page.text("template-own")),
                    false => label.to_owned(),
                },
                chosen: part.key == place.part,
            }
        })
        .collect()
}

/// The incidents that a preview can be made from, in their order: the open ones, or the closed where none is open.
pub(super) fn examples(mut incidents: Vec<Incident>) -> Vec<Incident> {
    if incidents.iter().any(|it| it.state != State::Closed) {
        incidents.retain(|it| it.state != State::Closed);
    }
    incidents
}

/// The incidents as a list of choices.
pub(super) fn incidents(examples: &[Incident], chosen: Option<&Incident>) -> Vec<Choice> {
    examples
        .iter()
        .map(|it| Choice {
            value: it.id.to_string(),
            label: format!("{} {}", it.number, it.title),
            chosen: chosen.is_some_and(|chosen| chosen.id == it.id),
        })
        .collect()
}

/// The preview, from what became of the text.
pub(super) fn preview(
    place: &Place,
    made: Result<String, Problem>,
    words: Locale,
) -> Result<Preview, Problem> {
    let part = place.kind.sheet().part(&place.part);
    let mut text = match made {
        Ok(text) => text,
        Err(problem) if problem.fields.is_empty() => return Err(problem),
        Err(problem) => {
            return Ok(Preview {
                problem: problem.fields.first().map(|field| field.message(words)),
                ..Preview::default()
            });
        }
    };
    // As the draft does it.
    if part.is_some_and(|part| part.one_line) {
        text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let characters = text.chars().count();
    let longest = part.map_or(usize::MAX, |part| part.longest);
    Ok(Preview {
        gaps: rules::gaps(&text),
        characters,
        longest,
        too_long: characters > longest,
        marks: marked(&text),
        problem: None,
    })
}

/// The versions, the newest first.
pub(super) fn history(template: &Template, names: &BTreeMap<AccountId, String>) -> Vec<Past> {
    template
        .editions
        .iter()
        .rev()
        .map(|edition| Past {
            number: edition.number,
            by: names.get(&edition.author_id).cloned().unwrap_or_default(),
            at: edition.recorded_at,
            reset: edition.body.is_none(),
            current: edition.number == template.number(),
        })
        .collect()
}

/// What a version changed against the one before, or against the product's own text.
pub(super) fn changes(template: &Template, number: i64, against_before: bool) -> Option<Changes> {
    let body = |number: i64| {
        let edition = template.editions.iter().find(|it| it.number == number)?;
        Some(edition.body.as_deref().unwrap_or(&template.built_in))
    };
    let newer = body(number)?;
    let before = if against_before { number - 1 } else { 0 };
    let older = body(before).unwrap_or(&template.built_in);
    Some(Changes {
        number,
        before,
        same: older == newer,
        pieces: diff::pieces(older, newer),
    })
}

/// What stands now, beside what was typed meanwhile.
pub(super) fn conflict(
    template: &Template,
    typed: &str,
    names: &BTreeMap<AccountId, String>,
) -> Option<Conflict> {
    let newest = template.editions.last()?;
    Some(Conflict {
        by: names.get(&newest.author_id).cloned().unwrap_or_default(),
        at: newest.recorded_at,
        number: newest.number,
        reset: newest.body.is_none(),
        body: template.body().to_owned(),
        pieces: diff::pieces(template.body(), &typed.replace("\r\n", "\n")),
    })
}

/// A text in stretches, so that what is open, and what stands for the reader, can be marked.
fn marked(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut push = |class, text: &str| {
        if !text.is_empty() {
            marks.push(Mark {
                class,
                text: text.to_owned(),
            });
        }
    };
    let mut rest = text;
    loop {
        let next = MARKED
            .iter()
            .filter_map(|(opens, closes, class)| {
                let start = rest.find(opens)?;
                let length = rest.get(start..)?.find(closes)?;
                Some((start, start + length + closes.len(), *class))
            })
            .min();
        let Some((start, end, class)) = next else {
            break;
        };
        push("", rest.get(..start).unwrap_or_default());
        push(class, rest.get(start..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    push("", rest);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_readers_are_marked_and_no_letter_is_lost() {
        let text = "{{salutation}}\n原因は【確認中：原因】です。[To be confirmed: cause] 【注】";
        let marks = marked(text);
        let of = |class: &str| -> Vec<_> {
            let of_it = marks.iter().filter(|mark| mark.class == class);
            of_it.map(|mark| mark.text.as_str()).collect()
        };
        assert_eq!(of("reader"), ["{{salutation}}"]);
        assert_eq!(of("gap"), ["【確認中：原因】", "[To be confirmed: cause]"]);
        let all: String = marks.iter().map(|mark| mark.text.as_str()).collect();
        assert_eq!(all, text);
        assert_eq!(
            marked("【確認中").len(),
            1,
            "an open mark ends with the text"
        );
    }
}
