//! The case in the words of VERIS 1.4, so that it can be counted with those of others.
//!
//! An incident, its facts and its clock starts come in; one record of the Vocabulary
//! for Event Recording and Incident Sharing goes out. What a pattern and an answer
//! are in VERIS stands in `content/veris`; `docs/VERIS.md` gives the reasons.
//!
//! This room refuses to hand on what a person typed: no title, no text, no name. A
//! record is made to be shared, and free text may name people. It refuses to guess,
//! too: what was not answered is `Unknown`.

mod check;
mod content;
mod export;

pub use check::check;
pub use content::version;
pub use export::{Case, export};
