//! What was typed into a form, and what a page shows of it again.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Serialize;

use super::PageError;
use super::extract::{self, Page};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Locale, Problem, Result, Sha256, locale};

/// A form of our own page, as ordered names and values.
///
/// Extracting it checks the secret and the origin, so that no handler can forget to.
#[derive(Debug)]
pub struct Submission(Vec<(String, String)>);

impl Submission {
    /// The first value of a name, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// Every value of a name: checkboxes.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Whether a box was ticked.
    pub fn is_on(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Names and values in the order of the form.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Makes a submission of fields that came by another way: multipart, tests.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] when a value holds NUL, which PostgreSQL cannot keep.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Result<Self> {
        let broken: Vec<_> = pairs
            .iter()
            .filter(|(name, value)| name.contains('\0') || value.contains('\0'))
            .map(|(name, _)| FieldProblem {
                field: name.replace('\0', ""),
                key: "field-control-character",
                params: Vec::new(),
            })
            .collect();
        if broken.is_empty() {
            Ok(Self(pairs))
        } else {
            Err(Problem::fields(broken))
        }
    }
}

impl FromRequest for Submission {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let page = extract::of(&request)?;
            let body = body
                .await
                .map_err(|error| Problem::new(Code::TooLarge).caused_by(error.to_string()))?;
            let pairs: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
            let token = pairs.iter().find(|(name, _)| name == "csrf");
            check_origin(&request, &page, token.map_or("", |(_, value)| value))?;
            Ok(Self::from_pairs(pairs)?)
        })
    }
}

/// Refuses a form that another site sent: the secret, and what the browser says of its origin.
///
/// For handlers that read multipart; [`Submission`] calls it by itself.
///
/// # Errors
/// [`Code::CrossSite`].
pub fn check_origin(request: &HttpRequest, page: &Page, token: &str) -> Result<()> {
    let text = |name| request.headers().get(name).map(|value| value.to_str());
    let same_site = match (
        text(header::HeaderName::from_static("sec-fetch-site")),
        text(header::ORIGIN),
    ) {
        (Some(site), _) => matches!(site, Ok("same-origin" | "none")),
        // A browser too old for Sec-Fetch-Site still names the origin.
        (None, Some(origin)) => origin.is_ok_and(|origin| {
            origin
                .split_once("://")
                .is_some_and(|(_, host)| host == request.connection_info().host())
        }),
        (None, None) => true,
    };
    // Digests are compared, so that the time taken tells nothing of the secret.
    let same_secret = Sha256::of(token.as_bytes()) == Sha256::of(page.csrf().as_bytes());
    if same_site && same_secret {
        return Ok(());
    }
    tracing::warn!(same_site, same_secret, "form refused");
    Err(Problem::new(Code::CrossSite))
}

/// What a form shows again: values, and what is wrong with them.
#[derive(Debug, Default, Serialize)]
pub struct FormState {
    values: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, String>,
    summary: Vec<SummaryLine>,
}

#[derive(Debug, Serialize)]
struct SummaryLine {
    field: String,
    message: String,
}

impl FormState {
    /// A form filled with what is known.
    pub fn filled<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), vec![value]))
            .collect();
        Self {
            values,
            ..Self::default()
        }
    }

    /// Gives a field several values: checkboxes.
    pub fn tick(&mut self, name: &str, values: Vec<String>) {
        self.values.insert(name.to_owned(), values);
    }

    /// Fills the fields that have no value yet: the other forms of the same page.
    pub fn fill<'a>(&mut self, values: impl IntoIterator<Item = (&'a str, String)>) {
        for (name, value) in values {
            self.values
                .entry(name.to_owned())
                .or_insert_with(|| vec![value]);
        }
    }

    /// Whether anything is wrong.
    pub fn is_refused(&self) -> bool {
        !self.summary.is_empty()
    }

    /// The form as it was sent, with the problems of its fields; passwords are not shown again.
    pub fn refused(form: &Submission, problem: &Problem, locale: Locale) -> Self {
        let mut state = Self::default();
        for (name, value) in form.pairs() {
            if name != "csrf" && !name.contains("password") {
                state
                    .values
                    .entry(name.clone())
                    .or_default()
                    .push(value.clone());
            }
        }
        for field in &problem.fields {
            let message = field.message(locale);
            // In the summary a line stands alone, so it begins with the field's label.
            let label = format!("label-{}", field.field);
            let line = if locale::has(locale, &label) {
                let label = locale::text(locale, &label);
                let variables = [
                    ("label", label.into()),
                    ("message", message.as_str().into()),
                ];
                locale::text_with(locale, "errors-line", &variables)
            } else {
                message.clone()
            };
            state.summary.push(SummaryLine {
                field: field.field.clone(),
                message: line,
            });
            state.errors.entry(field.field.clone()).or_insert(message);
        }
        if problem.fields.is_empty() {
            state.summary.push(SummaryLine {
                field: String::new(),
                message: problem.title(locale),
            });
        }
        state
    }
}
