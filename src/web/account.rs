//! One's own account: name, language, password, sessions, API tokens, calendar feed.

use actix_web::{HttpResponse, web};
use jiff::SignedDuration;
use serde::Serialize;

use super::extract::SignedIn;
use super::form::{FormState, Submission};
use super::{PageError, feed_address, sign_in};
use crate::accounts::{self, ApiToken, CalendarFeed, OwnSession};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Problem, Redacted, Result};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/account", web::get().to(show))
        .service(back("/account/profile").route(web::post().to(change_profile)))
        .service(back("/account/password").route(web::post().to(change_password)))
        .service(back("/account/sessions/end").route(web::post().to(end_session)))
        .service(back("/account/sessions/end-others").route(web::post().to(end_others)))
        .service(back("/account/sessions/end-all").route(web::post().to(end_all)))
        .service(back("/account/tokens").route(web::post().to(create_token)))
        .service(back("/account/tokens/{id}/revoke").route(web::post().to(revoke_token)))
        .service(back("/account/feed").route(web::post().to(create_feed)))
        .service(back("/account/feed/remove").route(web::post().to(remove_feed)));
}

/// An address that takes forms; who comes without one is led to the page.
fn back(path: &str) -> actix_web::Resource {
    web::resource(path)
        .route(web::get().to(async |signed: SignedIn| signed.page.go("/account", "")))
}

#[derive(Serialize)]
struct View {
    email: Redacted<String>,
    sessions: Vec<OwnSession>,
    tokens: Vec<ApiToken>,
    feed: Option<CalendarFeed>,
    secret: Option<Redacted<String>>,
    feed_address: Option<Redacted<String>>,
}

/// What is shown once, on the page that made it.
#[derive(Default)]
struct Once {
    token: Option<Redacted<String>>,
    feed_address: Option<Redacted<String>>,
}

async fn show(signed: SignedIn) -> Result<HttpResponse, PageError> {
    let form = blank(&signed);
    render(&signed, form, Once::default()).await
}

async fn change_profile(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    let changed = match form.get("locale").parse() {
        Ok(locale) => {
            let name = form.get("name").to_owned();
            let store = &signed.page.state().house.store;
            store
                .write(move |conn| accounts::change_profile(conn, &actor, &name, locale))
                .await
        }
        Err(_) => Err(Problem::field("locale", "field-invalid-choice")),
    };
    answer(signed, form, changed, "flash-saved").await
}

async fn change_password(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let new = form.get("new_password").to_owned();
    let changed = if new == form.get("repeat_password") {
        accounts::change_password(
            &page.state().house.store,
            &page.state().passwords,
            page.now(),
            &signed.session,
            Redacted::new(form.get("current_password").to_owned()),
            Redacted::new(new),
        )
        .await
    } else {
        Err(Problem::fields(vec![FieldProblem {
            field: "repeat_password".to_owned(),
            key: "field-password-differs",
            params: Vec::new(),
        }]))
    };
    answer(signed, form, changed, "flash-password-changed").await
}

async fn end_session(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    let handle = form.get("session").to_owned();
    let store = &signed.page.state().house.store;
    let ended = store
        .write(move |conn| accounts::end_session(conn, &actor, &handle))
        .await;
    answer(signed, form, ended, "flash-session-ended").await
}

async fn end_others(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let session = signed.session.clone();
    let store = &signed.page.state().house.store;
    let ended = store
        .write(move |conn| accounts::sign_out_elsewhere(conn, &session).map(drop))
        .await;
    answer(signed, form, ended, "flash-session-ended").await
}

async fn end_all(signed: SignedIn, _form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    signed
        .page
        .state()
        .house
        .store
        .write(move |conn| accounts::sign_out_everywhere(conn, &actor))
        .await?;
    Ok(sign_in::leave(&signed.page))
}

async fn create_token(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    let now = signed.page.now();
    let name = form.get("token_name").to_owned();
    let made = match end_of_token(&form, now) {
        Ok(end) => {
            let store = &signed.page.state().house.store;
            store
                .write(move |conn| accounts::create_token(conn, &actor, now, &name, end))
                .await
        }
        Err(problem) => Err(problem),
    };
    match made {
        Ok((_, secret)) => {
            let form = blank(&signed);
            let once = Once {
                token: Some(secret),
                ..Once::default()
            };
            render(&signed, form, once).await
        }
        Err(problem) => answer(signed, form, Err(problem), "").await,
    }
}

async fn revoke_token(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let (actor, now) = (signed.actor().clone(), signed.page.now());
    let id = id.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let store = &signed.page.state().house.store;
    let revoked = store
        .write(move |conn| accounts::revoke_token(conn, &actor, now, &id))
        .await;
    answer(signed, form, revoked, "flash-token-revoked").await
}

/// Makes the feed, or replaces it: its address is shown on this page only.
async fn create_feed(signed: SignedIn, _form: Submission) -> Result<HttpResponse, PageError> {
    let (actor, now) = (signed.actor().clone(), signed.page.now());
    let house = &signed.page.state().house;
    let secret = house
        .store
        .write(move |conn| accounts::create_feed(conn, &actor, now))
        .await?;
    let once = Once {
        feed_address: Some(Redacted::new(feed_address(&house.public_url, &secret))),
        ..Once::default()
    };
    render(&signed, blank(&signed), once).await
}

async fn remove_feed(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    let store = &signed.page.state().house.store;
    let removed = store
        .write(move |conn| accounts::remove_feed(conn, &actor))
        .await;
    answer(signed, form, removed, "flash-feed-removed").await
}

fn end_of_token(form: &Submission, now: Instant) -> Result<Option<Instant>> {
    match form.get("token_days") {
        "30" => Ok(Some(now.plus(SignedDuration::from_hours(30 * 24)))),
        "90" => Ok(Some(now.plus(SignedDuration::from_hours(90 * 24)))),
        "365" => Ok(Some(now.plus(SignedDuration::from_hours(365 * 24)))),
        _ => Err(Problem::field("token_days", "field-invalid-choice")),
    }
}

async fn answer(
    signed: SignedIn,
    form: Submission,
    outcome: Result<()>,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    match outcome {
        Ok(()) => Ok(signed.page.go("/account", flash)),
        Err(problem) => {
            let mut state = sign_in::kept(&form, problem, &signed.page)?;
            state.fill(known(&signed));
            render(&signed, state, Once::default()).await
        }
    }
}

fn known(signed: &SignedIn) -> [(&'static str, String); 3] {
    let actor = signed.actor();
    [
        ("name", actor.name.reveal().clone()),
        ("locale", actor.locale.as_str().to_owned()),
        ("token_days", "90".to_owned()),
    ]
}

fn blank(signed: &SignedIn) -> FormState {
    FormState::filled(known(signed))
}

async fn render(signed: &SignedIn, form: FormState, once: Once) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (session, now) = (signed.session.clone(), page.now());
    let (email, sessions, tokens, feed) = page
        .state()
        .house
        .store
        .read(move |conn| {
            Ok((
                accounts::get(conn, &session.actor.id)?.email,
                accounts::own_sessions(conn, now, &session)?,
                accounts::own_tokens(conn, &session.actor)?,
                accounts::own_feed(conn, &session.actor)?,
            ))
        })
        .await?;
    page.view("accounts/own")
        .title(page.text("account-title"))
        .form(form)
        .respond(&View {
            email,
            sessions,
            tokens,
            feed,
            secret: once.token,
            feed_address: once.feed_address,
        })
}
