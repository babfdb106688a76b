//! Words that every room shares: ids, instants, languages, problems, redaction.
//!
//! Nothing comes in and nothing is stored here. The kernel refuses to know any
//! room, any table and any page.

pub mod clock;
pub mod dates;
pub mod digest;
pub mod id;
pub mod input;
pub mod instant;
pub mod locale;
pub mod problem;
pub mod random;
pub mod redacted;

pub use clock::{Clock, Stopwatch};
pub use digest::Sha256;
pub use instant::Instant;
pub use locale::{Locale, LocaleText};
pub use problem::{Code, Problem};
pub use redacted::Redacted;

/// What every verb of the product answers with: a value, or a [`Problem`].
pub type Result<T, E = Problem> = std::result::Result<T, E>;
