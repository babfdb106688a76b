//! One's own account: name, language, mail, password, sessions, API tokens, calendar feed.

use actix_web::{HttpResponse, web};
use jiff::SignedDuration;
use serde::Serialize;

use super::extract::SignedIn;
use super::form::{FormState, Submission};
use super::{PageError, feed_address, sign_in};
use crate::accounts::{self, ApiToken, CalendarFeed, MailWishes, OwnSession, Quiet};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Problem, Redacted, Result, dates};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/account", web::get().to(show))
        .service(back("/account/profile").route(web::post().to(change_profile)))
        .service(back("/account/mail").route(web::post().to(change_mail)))
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
    zone: String,
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

async fn change_mail(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let actor = signed.actor().clone();
    let changed = match Quiet::parse(form.get("quiet_from"), form.get("quiet_until")) {
        Ok(quiet) => {
            let wishes = MailWishes {
                assigned: form.is_on("assigned"),
                approval: form.is_on("approval"),
                digest: form.is_on("digest"),
                quiet,
            };
            let store = &signed.page.state().house.store;
            store
                .write(move |conn| accounts::save_mail_wishes(conn, &actor, &wishes))
                .await
        }
        Err(problem) => Err(problem),
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
            if form.pairs().iter().any(|(name, _)| name == "quiet_from") {
                // A box that was not ticked did not come along; it must not be shown as it was kept.
                let off = ["assigned", "approval", "digest"].into_iter();
                off.filter(|name| !form.is_on(name))
                    .for_each(|name| state.tick(name, Vec::new()));
            }
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

async fn render(
    signed: &SignedIn,
    mut form: FormState,
    once: Once,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (session, now) = (signed.session.clone(), page.now());
    let (email, sessions, tokens, feed, wishes) = page
        .state()
        .house
        .store
        .read(move |conn| {
            Ok((
                accounts::get(conn, &session.actor.id)?.email,
                accounts::own_sessions(conn, now, &session)?,
                accounts::own_tokens(conn, &session.actor)?,
                accounts::own_feed(conn, &session.actor)?,
                accounts::mail_wishes(conn, &session.actor.id)?,
            ))
        })
        .await?;
    form.fill(wished(&wishes));
    let zone = now.in_zone(&page.state().house.zone);
    page.view("accounts/own")
        .title(page.text("account-title"))
        .form(form)
        .respond(&View {
            email,
            sessions,
            tokens,
            feed,
            zone: dates::zone_name(&zone, page.locale()),
            secret: once.token,
            feed_address: once.feed_address,
        })
}

/// What the form of the mails shows: a box that is not ticked has no value.
fn wished(wishes: &MailWishes) -> Vec<(&'static str, String)> {
    let on = |is_on: bool| if is_on { "on" } else { "" }.to_owned();
    let time = |time: fn(&Quiet) -> jiff::civil::Time| {
        wishes.quiet.as_ref().map_or_else(String::new, |quiet| {
            time(quiet).strftime("%H:%M").to_string()
        })
    };
    vec![
        ("assigned", on(wishes.assigned)),
        ("approval", on(wishes.approval)),
        ("digest", on(wishes.digest)),
        ("quiet_from", time(|quiet| quiet.from)),
        ("quiet_until", time(|quiet| quiet.until)),
    ]
}
