//! What a request brings along: ids in its address, JSON in its body, and what is wrong with them.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::QueryPayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, Responder, web};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::ApiError;
use super::{JSON_LIMIT, problem};
use crate::incidents::facts::JsonProblem;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Problem};

/// The ids of an address; what is no id names nothing that is there.
pub(super) struct At<T>(pub T);

/// A JSON body of the expected shape.
pub(super) struct Json<T>(pub T);

/// A body as it came, for what takes more than one form.
pub(super) struct Raw {
    media_type: String,
    pub bytes: web::Bytes,
}

/// An answer that tells of a new thing.
pub(super) struct Created<T>(pub T);

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for At<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ids = web::Path::<T>::extract(request).into_inner();
        ready(match ids {
            Ok(ids) => Ok(Self(ids.into_inner())),
            Err(_) => Err(Problem::new(Code::NotFound).into()),
        })
    }
}

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(malformed("Content-Type", "field-json-expected", Vec::new()).into());
            }
            let bytes = bytes.await.map_err(|error| unreadable(&error))?;
            Ok(Self(json(&bytes)?))
        })
    }
}

impl Raw {
    /// The media type without its parameters, in lower case.
    pub fn essence(&self) -> &str {
        &self.media_type
    }
}

impl FromRequest for Raw {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = essence(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            Ok(Self {
                media_type,
                bytes: bytes.await.map_err(|error| unreadable(&error))?,
            })
        })
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = web::Json(self.0).respond_to(request).map_into_boxed_body();
        *response.status_mut() = StatusCode::CREATED;
        response
    }
}

/// Reads JSON of the expected shape.
///
/// # Errors
/// [`Code::MalformedBody`] with the place, without what stands there.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| position(&error))
}

/// A problem of the address's query.
pub(super) fn query_problem(error: QueryPayloadError, _: &HttpRequest) -> Error {
    let what = match &error {
        QueryPayloadError::Deserialize(error) => told(&error.to_string()),
        _ => String::new(),
    };
    ApiError(malformed("?", "field-query-wrong", vec![("what", what)])).into()
}

/// Problems of a document that was read by hand, each with its path.
pub(super) fn paths(problems: Vec<JsonProblem>) -> Problem {
    Problem::fields(
        problems
            .into_iter()
            .map(|problem| FieldProblem {
                field: problem.path,
                key: "field-json-value",
                params: vec![("what", problem.message)],
            })
            .collect(),
    )
}

fn is_json(request: &HttpRequest) -> bool {
    essence(request) == "application/json"
}

fn essence(request: &HttpRequest) -> String {
    let media_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn unreadable(error: &Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let limit = crate::evidence::readable_size(u64::try_from(JSON_LIMIT).unwrap_or(u64::MAX));
        return Problem::with(Code::TooLarge, &[("limit", &limit)]);
    }
    problem::of_status(status)
}

/// Names where a body stops being what was expected.
fn position(error: &serde_json::Error) -> Problem {
    let place = vec![
        ("line", error.line().to_string()),
        ("column", error.column().to_string()),
        ("what", told(&error.to_string())),
    ];
    malformed("body", "field-json-wrong", place)
}

pub(super) fn malformed(
    field: &str,
    key: &'static str,
    params: Vec<(&'static str, String)>,
) -> Problem {
    let mut problem = Problem::new(Code::MalformedBody);
    problem.fields.push(FieldProblem {
        field: field.to_owned(),
        key,
        params,
    });
    problem
}

/// What a reader said, without the values that it read: they may be personal.
fn told(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or_default();
    let names_only = ["unknown field", "missing field", "duplicate field"]
        .iter()
        .any(|start| message.starts_with(start));
    match message.split_once(", expected ") {
        Some((_, expected)) if !names_only => format!("expected {expected}"),
        _ if message.starts_with("invalid") && !names_only => "invalid value".to_owned(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_not_repeated() {
        assert_eq!(
            told("invalid type: string \"山田太郎\", expected i64 at line 1 column 20"),
            "expected i64"
        );
        assert_eq!(
            told("unknown field `titel`, expected one of `title`, `kind` at line 1 column 8"),
            "unknown field `titel`, expected one of `title`, `kind`"
        );
        assert_eq!(
            told("EOF while parsing an object at line 1 column 1"),
            "EOF while parsing an object"
        );
    }
}
