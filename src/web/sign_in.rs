//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::cookies::Kind;
use super::extract::{Page, SignedIn};
use super::form::{FormState, Submission};
use super::{PageError, State};
use crate::accounts::{self, Credentials, NewSession, SignInStep};
use crate::kernel::{Code, Problem, Redacted};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(start))
        .service(
            web::resource("/sign-in")
                .route(web::get().to(show))
                .route(web::post().to(submit)),
        )
        .route("/sign-out", web::post().to(sign_out));
}

/// The path if it leads within this server, else the start.
pub(super) fn safe_path(path: &str) -> String {
    // `//host` and `/\host` lead away; a control character could split the header.
    let second = path.chars().nth(1);
    let stays = path.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && !path.chars().any(char::is_control)
        && path.is_ascii();
    if stays {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Begins the session in the browser, and goes on.
pub(super) fn welcome(
    page: &Page,
    session: &NewSession,
    to: &str,
    flash: &'static str,
) -> HttpResponse {
    let secure = page.state().is_secure();
    let mut answer = page.go(to, flash);
    for cookie in [
        Kind::Session.set(secure, session.token.reveal().clone()),
        Kind::Csrf.clear(secure),
    ] {
        // A cookie of ours is always a valid header; without it the next page asks to sign in again.
        if answer.add_cookie(&cookie).is_err() {
            tracing::error!("session cookie is no header");
        }
    }
    answer
}

#[derive(Serialize)]
struct View {
    next: String,
}

async fn start(signed: SignedIn) -> HttpResponse {
    signed.page.go("/incidents", "")
}

async fn show(
    page: Page,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let next = query
        .iter()
        .find(|(name, _)| name == "next")
        .map_or_else(|| "/".to_owned(), |(_, value)| safe_path(value));
    if page.session().is_some() {
        return Ok(page.go(&next, ""));
    }
    render(&page, next, FormState::default(), StatusCode::OK)
}

async fn submit(
    page: Page,
    state: web::Data<State>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let next = safe_path(form.get("next"));
    let credentials = Credentials {
        email: Redacted::new(form.get("email").to_owned()),
        password: Redacted::new(form.get("password").to_owned()),
        client: page.client().to_owned(),
    };
    let attempt = accounts::sign_in(
        &state.house.store,
        &state.passwords,
        page.now(),
        credentials,
    );
    match attempt.await {
        Ok(SignInStep::Done(session)) => Ok(welcome(&page, &session, &next, "")),
        Err(problem) if matches!(problem.code, Code::SignInFailed | Code::Throttled) => {
            let status = super::error::status(problem.code);
            let refused = FormState::refused(&form, &problem, page.locale());
            render(&page, next, refused, status)
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn sign_out(page: Page, _form: Submission) -> Result<HttpResponse, PageError> {
    if let Some(session) = page.session().cloned() {
        page.state()
            .house
            .store
            .write(move |conn| accounts::sign_out(conn, &session))
            .await?;
    }
    Ok(leave(&page))
}

/// Ends the session in the browser.
pub(super) fn leave(page: &Page) -> HttpResponse {
    let mut answer = page.go("/sign-in", "flash-signed-out");
    // Clears what the browser kept of pages with personal data (ASVS 14.3.1).
    answer.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("clear-site-data"),
        actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    let cookie = Kind::Session.clear(page.state().is_secure());
    if answer.add_cookie(&cookie).is_err() {
        tracing::error!("session cookie is no header");
    }
    answer
}

fn render(
    page: &Page,
    next: String,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    page.view("accounts/sign-in")
        .title(page.text("sign-in-title"))
        .plain()
        .status(status)
        .form(form)
        .respond(&View { next })
}

/// Keeps the problems of a form on its page; hands on everything else.
pub(super) fn kept(
    form: &Submission,
    problem: Problem,
    page: &Page,
) -> Result<FormState, PageError> {
    match problem.code {
        Code::InvalidInput | Code::Throttled => {
            Ok(FormState::refused(form, &problem, page.locale()))
        }
        _ => Err(problem.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_away() {
        for bad in [
            "",
            "//evil.example.com",
            "/\\evil",
            "https://evil.example.com",
            "/a\r\nb",
        ] {
            assert_eq!(safe_path(bad), "/");
        }
        assert_eq!(safe_path("/incidents/1?tab=2"), "/incidents/1?tab=2");
    }
}
