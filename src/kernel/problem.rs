//! The one table of what can go wrong: stable code, HTTP status, words.
//!
//! Rooms answer with [`Problem`] directly. The design asked for an enum a room;
//! each of them would have been mapped one to one onto this table, so the table
//! itself is the error type. The words stand in the locale files under
//! `problem-<code>` (what happened) and `problem-<code>-next` (what to do next).

use std::fmt;

use super::locale::{self, Locale};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $status:literal;)+) => {
        /// A stable name for one kind of problem; part of the API's contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code, for the tests and the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text, as in `/problems/<text>`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }
        }
    };
}

codes! {
    /// The thing is not there, or the asker may not know that it is.
    NotFound = "not-found", 404;
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401;
    /// The account lacks the capability.
    Forbidden = "forbidden", 403;
    /// The form did not come from our page.
    CrossSite = "cross-site", 403;
    /// Fields are wrong; each is named.
    InvalidInput = "invalid-input", 422;
    /// The body is no valid JSON of the expected shape.
    MalformedBody = "malformed-body", 400;
    /// E-mail or password do not match.
    SignInFailed = "sign-in-failed", 422;
    /// Too many attempts; the parameter says how long to wait.
    Throttled = "throttled", 429;
    /// A one-time link was used, or is too old.
    LinkExpired = "link-expired", 410;
    /// Somebody else changed it meanwhile.
    EditConflict = "edit-conflict", 409;
    /// The thing's state does not allow this.
    WrongState = "wrong-state", 409;
    /// Evidence is held back from destruction.
    EvidenceHeld = "evidence-held", 409;
    /// The same person may not approve what they wrote.
    FourEyes = "four-eyes", 403;
    /// Another approver of the chain comes first.
    NotYourTurn = "not-your-turn", 403;
    /// The file or body is larger than allowed.
    TooLarge = "too-large", 413;
    /// A file cannot be read as what it claims to be.
    UnreadableFile = "unreadable-file", 422;
    /// A setting is wrong; it is named with its origin.
    InvalidSetting = "invalid-setting", 500;
    /// The personal data were destroyed.
    Purged = "purged", 410;
    /// No space is left on the disk, or the quota is used up.
    StorageFull = "storage-full", 507;
    /// The database cannot be reached now.
    Unavailable = "unavailable", 503;
    /// A defect of ours; the log has the details under the request id.
    Internal = "internal", 500;
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name in the form or the JSON.
    pub field: String,
    /// The locale key that says what is wrong, e.g. `field-required`.
    pub key: &'static str,
    /// Variables of that text; never personal data.
    pub params: Vec<(&'static str, String)>,
}

/// What happened, to what, and (by its code) what to do next.
#[derive(Debug)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// Variables of the text; never personal data.
    pub params: Vec<(&'static str, String)>,
    /// The fields that are wrong, with [`Code::InvalidInput`].
    pub fields: Vec<FieldProblem>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            params: Vec::new(),
            fields: Vec::new(),
            source: None,
        }
    }

    /// A problem whose text names something; `params` go to the words.
    pub fn with(code: Code, params: &[(&'static str, &str)]) -> Self {
        let params = params
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            params,
            ..Self::new(code)
        }
    }

    /// Wrong input in one field.
    pub fn field(field: impl Into<String>, key: &'static str) -> Self {
        Self::fields(vec![FieldProblem {
            field: field.into(),
            key,
            params: Vec::new(),
        }])
    }

    /// Wrong input in several fields.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self {
            fields,
            ..Self::new(Code::InvalidInput)
        }
    }

    /// A defect of ours, or of what we stand on, with its cause for the log.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Code::Internal)
        }
    }

    /// Adds the cause, for the log.
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What happened, in words.
    pub fn title(&self, locale: Locale) -> String {
        self.words(locale, &format!("problem-{}", self.code.as_str()))
    }

    /// What to do next, in words.
    pub fn next_step(&self, locale: Locale) -> String {
        self.words(locale, &format!("problem-{}-next", self.code.as_str()))
    }

    fn words(&self, locale: Locale, key: &str) -> String {
        let variables: Vec<_> = self
            .params
            .iter()
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect();
        locale::text_with(locale, key, &variables)
    }
}

impl FieldProblem {
    /// What is wrong, in words.
    pub fn message(&self, locale: Locale) -> String {
        let variables: Vec<_> = self
            .params
            .iter()
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect();
        locale::text_with(locale, self.key, &variables)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        for (name, value) in &self.params {
            write!(f, " {name}={value}")?;
        }
        for field in &self.fields {
            write!(f, " {}: {}", field.field, field.key)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::new(Code::NotFound),
            other => Self::internal(other),
        }
    }
}

impl From<FieldProblem> for Problem {
    fn from(field: FieldProblem) -> Self {
        Self::fields(vec![field])
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            // No defect of ours, and whoever runs the server can end it.
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::new(Code::StorageFull).caused_by(error)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
