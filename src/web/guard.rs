//! What every request passes: headers, a request id, a log line, and for pages who is asking.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use tracing::Instrument;

use super::cookies::Kind;
use super::error::{self, PageError};
use super::extract::{self, Page};
use super::{State, language};
use crate::kernel::{Code, Problem, id};

/// The request's id, in its extensions.
pub use crate::kernel::id::RequestId;

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self'";

/// The ground under pages and API: a request id, security headers, one log line.
///
/// The line names the route's pattern, never the address: an address can hold a
/// one-time link, a query what somebody searched for.
///
/// # Errors
/// Those of the inner service.
pub async fn ground<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let Some(state) = state else {
        return Err(PageError(Problem::internal("the app has no web::State")).into());
    };
    let begun = state.house.clock.now();
    let request_id = id::fresh(begun);
    request
        .extensions_mut()
        .insert(RequestId(request_id.clone()));
    let method = request.method().clone();
    if method == Method::HEAD {
        // The same answer as to GET; the server leaves its body out by itself.
        request.head_mut().method = Method::GET;
    }
    let span = tracing::info_span!("request", id = %request_id);
    async move {
        let mut response = next.call(request).await?;
        let route = response
            .request()
            .match_pattern()
            .unwrap_or_else(|| "-".to_owned());
        let status = response.status().as_u16();
        let duration_us = state.house.clock.now().since(begun).as_micros();
        tracing::info!(%method, route, status, duration_us, "{method} {route} {status}");
        set_headers(response.headers_mut(), &request_id, state.is_secure());
        Ok(response)
    }
    .instrument(span)
    .await
}

/// Finds out who asks and in which language, and turns problems into pages.
///
/// # Errors
/// Only when not even the error page can be made.
pub async fn visit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let page = match extract::visit(&request).await {
        Ok(page) => page,
        // Without the database there is no session; the error page must do without.
        Err(problem) => {
            tracing::error!(%problem, cause = cause(&problem), "visitor unknown");
            let page = extract::stranger(&request)?;
            let response = error::page(&page, &problem)?;
            return Ok(request.into_response(response));
        }
    };
    request.extensions_mut().insert(page.clone());
    let method = request.method().clone();
    let response = next.call(request).await?;
    let response = match problem(&response) {
        Some(problem) => {
            let answer = answer(&page, &method, &problem)?;
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, answer)
        }
        None => response.map_into_boxed_body(),
    };
    finish(page, response)
}

/// The problem that a response stands for, if it has no page of its own.
fn problem<B: MessageBody>(response: &ServiceResponse<B>) -> Option<Problem> {
    let inner = response.response();
    if let Some(error) = inner.error() {
        let Some(PageError(problem)) = error.as_error::<PageError>() else {
            tracing::warn!(status = inner.status().as_u16(), "request refused");
            return Some(error::problem_of(inner.status()));
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
    (failed && empty).then(|| error::problem_of(inner.status()))
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

fn answer(page: &Page, method: &Method, problem: &Problem) -> Result<HttpResponse, PageError> {
    if problem.code == Code::Unauthenticated {
        // After signing in, a page that was asked for is shown; a form would be sent twice.
        let back = if method == Method::GET {
            page.here()
        } else {
            "/"
        };
        let to = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("next", back)
            .finish();
        return Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, format!("/sign-in?{to}")))
            .finish());
    }
    error::page(page, problem)
}

/// Sets the cookies that belong to the visit, not to one page.
fn finish(page: Page, mut response: ServiceResponse) -> Result<ServiceResponse, Error> {
    let secure = page.state().is_secure();
    let shown = response.status() != StatusCode::SEE_OTHER;
    let answer = response.response_mut();
    let mut cookies = Vec::new();
    if page.session().is_none() && page.csrf_is_new() {
        cookies.push(Kind::Csrf.set(secure, page.csrf().to_owned()));
    }
    if page.has_flash() && shown {
        cookies.push(Kind::Flash.clear(secure));
    }
    for cookie in cookies {
        answer.add_cookie(&cookie)?;
    }
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(language::tag(page.locale())),
    );
    Ok(response)
}

fn set_headers(headers: &mut HeaderMap, request_id: &str, secure: bool) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page whose address holds words brings a stricter one.
    if !headers.contains_key(header::REFERRER_POLICY) {
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        );
    }
    // A file that is handed out brings a stricter policy of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CSP),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
