//! The state of an incident on one page, for whoever leads and has two minutes.
//!
//! The same model as the post-mortem comes in, at any time of an incident; a document of
//! few blocks goes out. Every list is short and says how much it leaves out, every text is
//! cut at a length, so that the page stays one page whatever people wrote.

use jiff::SignedDuration;

use super::compose::{self, point_key};
use super::document::{Block, Cell, Column, Document, Fact, Figure, Section, Table, Tone};
use super::model::{Due, Point, PostMortem, Verdict};
use super::phrases::Phrases;
use super::rules::{self, Standing};
use super::{Format, docx, html, markdown, pdf};
use crate::kernel::{Locale, Problem, Result};

/// How many deadlines, entries, steps and questions the page names.
const DEADLINES: usize = 5;
const DONE: usize = 5;
const STEPS: usize = 4;
const QUESTIONS: usize = 4;

/// Renders the status report in one form and one language.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for JSON, which the post-mortem has: its model holds all of this, too.
pub fn render(report: &PostMortem, format: Format, locale: Locale) -> Result<Vec<u8>> {
    let document = || document(report, locale);
    match format {
        Format::Markdown => markdown::render(&document()).map(String::into_bytes),
        Format::Html => html::render(&document()).map(String::into_bytes),
        Format::Pdf => pdf::render_status(&document()).map(|pdf| pdf.bytes),
        Format::Docx => docx::render(&document()),
        Format::Json => Err(Problem::field("format", "field-status-no-json")),
    }
}

/// The status report in words and blocks.
pub fn document(report: &PostMortem, locale: Locale) -> Document {
    let phrases = &Phrases::new(locale, &report.cover.zone);
    let parts = [
        ("what", what(report, phrases)),
        ("state", state(report, phrases)),
        ("deadlines", deadlines(report, phrases)),
        ("done", done(report, phrases)),
        ("steps", steps(report, phrases)),
        ("questions", questions(report, phrases)),
    ];
    let sections = (1..)
        .zip(parts)
        .map(|(number, (id, blocks))| Section {
            number,
            id,
            heading: phrases.word(&format!("status-{id}")),
            blocks,
        })
        .collect();
    let head = compose::head(report, phrases);
    Document {
        genre: phrases.word("status-genre"),
        title: clip(&head.title, 50),
        organisation: clip(&head.organisation, 24),
        facts: Vec::new(),
        sections,
        ..head
    }
}

fn what(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let told = report
        .summary
        .iter()
        .filter_map(|passage| passage.text.as_deref())
        .find(|text| !text.trim().is_empty());
    vec![match told {
        Some(text) => Block::paragraph(clip(text, 170)),
        None => Block::aside(phrases.word("empty-summary")),
    }]
}

fn state(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let cover = &report.cover;
    let known = rules::instant_of(&report.milestones, Point::Known);
    let since = known.map(|known| cover.created_at.since(known));
    let fact = |key: &str, value: Cell| Fact {
        label: phrases.word(&format!("fact-{key}")),
        value,
    };
    let severity = cover
        .severity
        .as_ref()
        .map(|severity| severity.get(phrases.locale()));
    let mut rows = vec![fact(
        "state",
        Cell::new(cover.state.get(phrases.locale())).below(severity.map(str::to_owned)),
    )];
    rows.push(match &cover.commander {
        Some(name) => fact("commander", Cell::new(clip(name, 30))),
        None => fact(
            "commander",
            Cell::new(phrases.word("nobody")).tone(Tone::Warn),
        ),
    });
    for point in [Point::Known, Point::Contained] {
        let value = match rules::instant_of(&report.milestones, point) {
            Some(at) => Cell::new(phrases.instant(at)),
            None => Cell::new(phrases.word("not-recorded")).tone(Tone::Warn),
        };
        rows.push(fact(point_key(point), value));
    }
    let people = &report.people;
    let figure = |key: &str, value: String, tone| Figure {
        label: phrases.word(&format!("figure-{key}")),
        value,
        note: None,
        tone,
    };
    let open = || phrases.word("open");
    let counted = |count: Option<u64>| count.map(|count| phrases.counted("people", count));
    let items = vec![
        Figure {
            label: phrases.word("status-since"),
            value: since
                .filter(|since: &SignedDuration| !since.is_negative())
                .map_or_else(open, |since| phrases.span(since)),
            note: None,
            tone: Tone::Plain,
        },
        figure(
            "affected",
            compose::headcount(people.affected, phrases),
            Tone::Plain,
        ),
        figure(
            "reachable",
            counted(people.reachable).unwrap_or_else(open),
            Tone::Plain,
        ),
        figure(
            "sent",
            phrases.counted("messages", people.delivery.sent),
            Tone::Plain,
        ),
    ];
    vec![Block::Figures { items }, Block::Facts { rows }]
}

/// What is owed and not done, the earliest first; what has no day stands last.
fn deadlines(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let now = report.cover.created_at;
    let mut owed: Vec<_> = report
        .obligations
        .iter()
        .filter_map(|duty| {
            let (words, tone) = match rules::standing(duty, now, phrases.zone()) {
                Standing::Open(Some(left)) => {
                    let span = phrases.span(left);
                    (
                        phrases.word_with("standing-open-left", &[("span", &span)]),
                        Tone::Warn,
                    )
                }
                Standing::Open(None) => (phrases.word("standing-open"), Tone::Warn),
                Standing::Overdue(by) => {
                    let span = phrases.span(by);
                    (
                        phrases.word_with("standing-overdue", &[("span", &span)]),
                        Tone::Bad,
                    )
                }
                _ => return None,
            };
            let limit = rules::limit(duty.due, phrases.zone());
            Some((limit.is_none(), limit, duty, words, tone))
        })
        .collect();
    if owed.is_empty() {
        return vec![Block::aside(phrases.word("status-no-deadlines"))];
    }
    owed.sort_by_key(|(undated, limit, ..)| (*undated, *limit));
    let rest = owed.len().saturating_sub(DEADLINES);
    let rows = owed
        .into_iter()
        .take(DEADLINES)
        .map(|(_, _, duty, words, tone)| {
            let due = match duty.due {
                Due::At(at) => phrases.instant(at),
                Due::On(day) => phrases.date(day),
                Due::StartMissing => phrases.word("start-missing"),
                Due::Promptly => phrases.word("promptly"),
                Due::Nothing => "—".to_owned(),
            };
            vec![
                Cell::new(clip(duty.duty.get(phrases.locale()), 28)),
                Cell::new(clip(duty.recipient.get(phrases.locale()), 18)),
                Cell::new(due),
                Cell::new(words).tone(tone),
            ]
        })
        .collect();
    let columns = [
        ("duty", 32),
        ("status-to", 22),
        ("due", 24),
        ("standing", 22),
    ]
    .map(|(key, width)| Column {
        label: phrases.word(&format!("column-{key}")),
        width,
        numeric: false,
    })
    .into();
    let table = Block::Table(Table { columns, rows });
    std::iter::once(table).chain(more(rest, phrases)).collect()
}

/// The newest entries, newest first.
fn done(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let told: Vec<_> = report
        .timeline
        .iter()
        .rev()
        .filter_map(|entry| {
            let text = entry.text.as_ref()?.get(phrases.locale());
            let text = clip(text, 42);
            Some(format!("{}  {text}", phrases.instant(entry.occurred_at)))
        })
        .collect();
    list(told, DONE, "empty-timeline", phrases)
}

fn steps(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let open = report
        .actions
        .iter()
        .filter(|action| action.done_at.is_none());
    let told = open.map(|action| {
        let text = clip(&action.text, 34);
        let owner = action.owner.as_deref().map(|owner| clip(owner, 10));
        let due = action.due.map(|day| phrases.date(day));
        let rest: Vec<_> = owner.into_iter().chain(due).collect();
        if rest.is_empty() {
            text
        } else {
            format!("{text} ({})", rest.join(" · "))
        }
    });
    list(told.collect(), STEPS, "empty-actions", phrases)
}

/// What nobody has answered yet, and a duty hangs on.
fn questions(report: &PostMortem, phrases: &Phrases) -> Vec<Block> {
    let mut told: Vec<String> = Vec::new();
    for duty in &report.obligations {
        if let (Verdict::Undecided(question), None) = (&duty.verdict, duty.fulfilled_at) {
            let question = clip(question.get(phrases.locale()), 52);
            if !question.is_empty() && !told.contains(&question) {
                told.push(question);
            }
        }
    }
    list(told, QUESTIONS, "status-no-questions", phrases)
}

fn list(mut items: Vec<String>, limit: usize, empty: &str, phrases: &Phrases) -> Vec<Block> {
    if items.is_empty() {
        return vec![Block::aside(phrases.word(empty))];
    }
    let rest = items.len().saturating_sub(limit);
    items.truncate(limit);
    std::iter::once(Block::List { items })
        .chain(more(rest, phrases))
        .collect()
}

/// How much a list leaves out.
fn more(rest: usize, phrases: &Phrases) -> Option<Block> {
    let count = u64::try_from(rest).unwrap_or(u64::MAX);
    let words = || phrases.word_with("status-more", &[("count", &phrases.count(count))]);
    (rest > 0).then(|| Block::aside(words()))
}

/// A text on one line, no wider than so many Japanese letters; Latin ones are half as wide.
fn clip(text: &str, letters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut left = letters * 2;
    let fits = |c: &char| {
        let wide = if *c < '\u{2e80}' { 1 } else { 2 };
        let fits = left >= wide;
        left = left.saturating_sub(wide);
        fits
    };
    let kept: String = line.chars().take_while(fits).collect();
    if kept.len() == line.len() {
        line
    } else {
        format!("{}…", kept.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_its_width() {
        assert_eq!(clip("短い\n文", 4), "短い 文");
        assert_eq!(clip("長い文です", 3), "長い文…");
        assert_eq!(clip("a longer text", 3), "a long…");
    }
}
