//! Looking for documents: the database intersects pairs of letters, here each candidate is read.

use super::grams::{Folded, grams, words};
use super::{Found, Hit, LONGEST_QUESTION, Marked, Question, snippet, store};
use crate::kernel::{LocaleText, Problem, Result};
use crate::store::Conn;

/// Candidates of one read.
const BATCH: usize = 50;

/// Candidates for one page at most. Pairs in another order are rare; a page that is all but empty offers the next.
const CANDIDATES: usize = 1_000;

/// Words of a question at most.
const WORDS: usize = 10;

/// The documents that hold every word of a question, newest first.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for the field `q`: nothing but single letters, which the index does
/// not know, or more than 200 letters or ten words.
pub fn find(conn: &mut Conn, question: &Question) -> Result<Found> {
    let words = words(&question.words);
    if question.words.chars().count() > LONGEST_QUESTION || words.len() > WORDS {
        return Err(Problem::field("q", "search-too-long"));
    }
    let mut all: Vec<String> = words.iter().flat_map(|word| grams(word)).collect();
    if all.is_empty() {
        return Err(Problem::field("q", "search-too-short"));
    }
    all.sort();
    all.dedup();
    let (mut hits, mut before, mut seen) = (Vec::new(), question.before, 0_usize);
    loop {
        let read = store::candidates(conn, question, &all, before.unwrap_or(i64::MAX), BATCH)?;
        let ended = read.len() < BATCH;
        for (id, document) in read {
            if hits.len() == question.limit || seen == CANDIDATES {
                return Ok(Found { hits, next: before });
            }
            seen = seen.saturating_add(1);
            before = Some(id);
            let texts = [
                &document.title.ja,
                &document.title.en,
                &document.text.ja,
                &document.text.en,
            ];
            let compared = texts.map(|text| Folded::of(text).text);
            let holds = |word: &String| compared.iter().any(|text| text.contains(word.as_str()));
            if words.iter().all(holds) {
                let around = |text: &LocaleText| Marked {
                    ja: snippet::around(&text.ja, &words),
                    en: snippet::around(&text.en, &words),
                };
                hits.push(Hit {
                    id,
                    title: around(&document.title),
                    snippet: around(&document.text),
                    document,
                });
            }
        }
        if ended {
            return Ok(Found { hits, next: None });
        }
    }
}
