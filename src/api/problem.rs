//! Problems as JSON (RFC 9457): what happened, what to do next, which fields.

use std::fmt;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::id::RequestId;
use crate::kernel::{Code, Locale, Problem, locale};

/// The media type of every problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// A problem on its way to the caller; [`answer`] writes it down.
#[derive(Debug)]
pub struct ApiError(pub Problem);

/// What went wrong, as RFC 9457 writes it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemBody {
    /// The kind of problem: an address on this server that explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/edit-conflict")]
    kind: String,
    /// What happened, in the language that the request asked for.
    title: String,
    /// What to do next.
    detail: String,
    /// The HTTP status, repeated.
    status: u16,
    /// The fields that are wrong.
    errors: Vec<ErrorBody>,
    /// Names this request in the server's log.
    request_id: String,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldProblem)]
struct ErrorBody {
    /// The field; a path with dots inside nested values.
    field: String,
    /// What is wrong with it.
    message: String,
}

/// What a handler answers with.
pub(super) type Answer<T> = Result<actix_web::web::Json<T>, ApiError>;

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ApiError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(self.0.code)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

/// Answers addresses that nobody serves.
pub(super) async fn nowhere() -> Result<HttpResponse, ApiError> {
    Err(Problem::new(Code::NotFound).into())
}

/// Writes every problem of the interface down as JSON, in the language of the request.
///
/// # Errors
/// Those of the inner service that have no answer at all.
pub(super) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = match next.call(request).await {
        Ok(response) => response,
        Err(error) => return Err(error),
    };
    let Some(problem) = problem_of(&response) else {
        return Ok(response.map_into_boxed_body());
    };
    let (request, _) = response.into_parts();
    let answer = write(&request, &problem);
    Ok(ServiceResponse::new(request, answer))
}

/// The language that a request asks for; Japanese when it asks for none of ours.
pub(super) fn language(request: &HttpRequest) -> Locale {
    request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|wish| locale::preferred(wish.to_str().ok()?))
        .unwrap_or_default()
}

fn write(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let language = language(request);
    let body = ProblemBody {
        kind: format!("/problems/{}", problem.code.as_str()),
        title: problem.title(language),
        detail: problem.next_step(language),
        status: problem.code.status(),
        errors: problem
            .fields
            .iter()
            .map(|field| ErrorBody {
                field: field.field.clone(),
                message: field.message(language),
            })
            .collect(),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(|id| id.0.clone())
            .unwrap_or_default(),
    };
    let mut answer = HttpResponse::build(status(problem.code));
    answer
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CONTENT_LANGUAGE, language.as_str()))
        .insert_header((header::VARY, "Accept-Language"));
    if problem.code == Code::Unauthenticated {
        answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    // Texts and numbers alone: serialising them cannot fail.
    answer.body(serde_json::to_vec(&body).unwrap_or_default())
}

/// The problem that a response stands for, if it is one.
fn problem_of<B: MessageBody>(response: &ServiceResponse<B>) -> Option<Problem> {
    let inner = response.response();
    if let Some(error) = inner.error() {
        let Some(ApiError(problem)) = error.as_error::<ApiError>() else {
            tracing::warn!(status = inner.status().as_u16(), "request refused");
            return Some(of_status(inner.status()));
        };
        if problem.code.status() >= 500 {
            tracing::error!(%problem, cause = cause(problem), "request failed");
        }
        let mut shown = Problem::new(problem.code);
        shown.params.clone_from(&problem.params);
        shown.fields.clone_from(&problem.fields);
        return Some(shown);
    }
    let empty = matches!(inner.body().size(), BodySize::None | BodySize::Sized(0));
    let failed = inner.status().is_client_error() || inner.status().is_server_error();
    (failed && empty).then(|| of_status(inner.status()))
}

/// The problem behind a status that no handler of ours gave.
pub(super) fn of_status(status: StatusCode) -> Problem {
    Problem::new(match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Code::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        status if status.is_client_error() => Code::MalformedBody,
        _ => Code::Internal,
    })
}

/// Every cause of a problem, for the log.
fn cause(problem: &Problem) -> String {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(problem);
    while let Some(error) = next {
        causes.push(error.to_string());
        next = error.source();
    }
    causes.join(": ")
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
