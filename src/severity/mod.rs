//! How severe the breach is for the people, scored after ENISA (2013).
//!
//! In come answers, one question at a time, "not known yet" among them; out go a
//! score or the range in which it must lie, its level, and two flags. Every answer
//! stays in the history and on the timeline. The room refuses to know any duty: a
//! low score frees nobody from a report, and no rule of the law asks for it.

mod answers;
mod methodology;
mod model;
pub mod rules;
mod store;

use serde_json::json;

pub use answers::{Answer, AnswerRecord, Answers};
pub use methodology::{
    IdentifierRow, LevelWords, Methodology, Part, QuestionContent, QuestionOption, methodology,
};
pub use model::{Level, Points, Question, Range, Score, SeverityAnswerId};
pub use rules::Flags;

use crate::accounts::AccountId;
use crate::affected;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Instant, Locale, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// How severe an incident is by the answers that stand.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The answers that stand.
    pub answers: Answers,
    /// The score; none before the first answer.
    pub score: Option<Score>,
    /// What is said beside the score, and does not change it.
    pub flags: Flags,
}

/// Takes an answer; the one before it stays in the history.
///
/// The same answer again is not recorded.
///
/// # Errors
/// The database's own error.
pub fn answer(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    question: Question,
    answer: &Answer,
) -> Result<()> {
    timeline::lock(tx, id.as_str())?;
    let standing = Answers::standing(&answers(tx, id)?);
    if standing.get(question) == Some(answer) {
        return Ok(());
    }
    store::supersede(tx, id, question, now)?;
    store::insert(tx, by, now, id, question, &answer.to_json().to_string())?;
    let content = question.content();
    let event = Event {
        incident_id: id.as_str(),
        kind: Kind::SeverityAnswered,
        actor: &Actor::account(by.as_str()),
        occurred_at: None,
        payload: json!({
            "severity_question": question,
            "question_ja": content.short.ja,
            "question_en": content.short.en,
            "answer": answer.to_json(),
            "answer_ja": answer.words(question, Locale::Ja),
            "answer_en": answer.words(question, Locale::En),
        }),
    };
    timeline::append(tx, now, event).map(drop)
}

/// Every answer that was ever given, oldest first.
///
/// # Errors
/// The database's own error.
pub fn answers(conn: &mut Conn, id: &IncidentId) -> Result<Vec<AnswerRecord>> {
    store::all(conn, id)?
        .into_iter()
        .map(AnswerRecord::of)
        .collect()
}

/// Scores an incident by the answers that stand.
///
/// # Errors
/// The database's own error.
pub fn assess(conn: &mut Conn, id: &IncidentId) -> Result<Assessment> {
    let answers = Answers::standing(&answers(conn, id)?);
    let facts = incidents::facts_of(conn, id)?;
    let listed = affected::counts(conn, id.as_str())?.people;
    Ok(Assessment {
        score: rules::score(&answers),
        flags: rules::flags(&facts, listed.try_into().unwrap_or_default()),
        answers,
    })
}
