//! Problems as pages: what happened, what to do next, a way out.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::extract::Page;
use crate::kernel::{Code, Problem};

/// A problem on its way to the visitor; [`super::guard::visit`] makes the page of it.
#[derive(Debug)]
pub struct PageError(pub Problem);

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for PageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        status(self.0.code)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

/// Answers addresses that nobody serves.
pub(super) async fn not_found() -> Result<HttpResponse, PageError> {
    Err(Problem::new(Code::NotFound).into())
}

/// The status of a problem.
pub(super) fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The problem behind a status that no handler of ours gave.
pub(super) fn problem_of(status: StatusCode) -> Problem {
    Problem::new(match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Code::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        status if status.is_client_error() => Code::MalformedBody,
        _ => Code::Internal,
    })
}

/// What the error page shows.
#[derive(Serialize)]
struct View<'a> {
    code: &'a str,
    heading: String,
    next: String,
    fields: Vec<String>,
    request_id: &'a str,
    defect: bool,
    signed_in: bool,
}

/// The page of a problem.
pub(super) fn page(page: &Page, problem: &Problem) -> Result<HttpResponse, PageError> {
    let locale = page.locale();
    let heading = problem.title(locale);
    page.view("error")
        .title(heading.clone())
        .status(status(problem.code))
        .plain()
        .respond(&View {
            code: problem.code.as_str(),
            heading,
            next: problem.next_step(locale),
            fields: problem
                .fields
                .iter()
                .map(|field| field.message(locale))
                .collect(),
            request_id: page.request_id(),
            defect: problem.code.status() >= 500,
            signed_in: page.session().is_some(),
        })
}
