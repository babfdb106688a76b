//! What can be found by its words: one index for both databases, of pairs of letters.
//!
//! In come documents, which are copies of what people wrote, and questions; out go
//! the documents that hold every word of a question, newest first, with the place
//! marked. Neither database cuts Japanese into words: `simple` of PostgreSQL keeps
//! a sentence as one, the trigrams of SQLite find no word of two letters. So pairs
//! are made here, the databases only intersect them, and each candidate is read
//! once more. This room refuses to know what a document is a copy of, and who may
//! see it: `workflow` gathers documents and asks for the permission.

mod grams;
pub mod lease;
mod model;
mod query;
mod snippet;
mod store;

pub use model::{Document, Found, Hit, Marked, Piece, Question, Room};
pub use query::find;
pub use store::{Progress, clear, progress, put, remove, replace_rooms, set_progress};

/// Letters of a text that are kept and searched, at most; what stands behind them is not found.
pub const LONGEST: usize = 10_000;

/// Letters of a question at most.
pub const LONGEST_QUESTION: usize = 200;
