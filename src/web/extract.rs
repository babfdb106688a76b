//! What a handler may ask for: the [`Page`], and the [`SignedIn`] person.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use jiff::tz::TimeZone;

use super::cookies::Kind;
use super::guard::RequestId;
use super::{PageError, State, language};
use crate::accounts::{self, Actor, Organisation, Session, organisation};
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale, random};

/// One visit: who asks, when, in which language; it makes the answer.
#[derive(Clone)]
pub struct Page(Rc<Visit>);

struct Visit {
    state: web::Data<State>,
    now: Instant,
    locale: Locale,
    session: Option<Session>,
    organisation: Option<Organisation>,
    csrf: String,
    csrf_is_new: bool,
    flash: Option<String>,
    here: String,
    client: String,
    request_id: String,
}

impl Page {
    /// The server.
    pub fn state(&self) -> &State {
        &self.0.state
    }

    /// The instant of this request.
    pub fn now(&self) -> Instant {
        self.0.now
    }

    /// The language of the answer.
    pub fn locale(&self) -> Locale {
        self.0.locale
    }

    /// The zone in which times are shown and typed.
    pub fn zone(&self) -> &TimeZone {
        &self.0.state.house.zone
    }

    /// The session, if anybody is signed in.
    pub fn session(&self) -> Option<&Session> {
        self.0.session.as_ref()
    }

    /// The organisation, once it was set up.
    pub fn organisation(&self) -> Option<&Organisation> {
        self.0.organisation.as_ref()
    }

    /// Path and query of this request.
    pub fn here(&self) -> &str {
        &self.0.here
    }

    /// Where the request came from, for the throttle.
    pub fn client(&self) -> &str {
        &self.0.client
    }

    /// The request's id, for the error page.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The secret that every form on this page repeats.
    pub fn csrf(&self) -> &str {
        &self.0.csrf
    }

    /// The words of a key in the language of the answer.
    pub fn text(&self, key: &str) -> String {
        locale::text(self.0.locale, key)
    }

    /// The message that the page before left.
    pub(super) fn flash(&self) -> Option<&str> {
        self.0.flash.as_deref()
    }

    pub(super) fn has_flash(&self) -> bool {
        self.0.flash.is_some()
    }

    pub(super) fn csrf_is_new(&self) -> bool {
        self.0.csrf_is_new
    }
}

impl FromRequest for Page {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(request))
    }
}

/// A visit by somebody who is signed in; without a session the answer leads to the sign-in page.
#[derive(Clone)]
pub struct SignedIn {
    /// The visit.
    pub page: Page,
    /// The session.
    pub session: Session,
}

impl SignedIn {
    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.session.actor
    }
}

impl FromRequest for SignedIn {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(request).and_then(|page| {
            let session = page.session().cloned();
            let session = session.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            Ok(Self { page, session })
        }))
    }
}

/// The page that [`super::guard::visit`] left in the request.
pub(super) fn of(request: &HttpRequest) -> Result<Page, PageError> {
    let page = request.extensions().get::<Page>().cloned();
    page.ok_or_else(|| Problem::internal("the route does not pass guard::visit").into())
}

/// Looks up who asks.
///
/// # Errors
/// The database's own.
pub(super) async fn visit(request: &ServiceRequest) -> Result<Page> {
    let state = state(request)?;
    let now = state.house.clock.now();
    let secure = state.is_secure();
    let token = request
        .cookie(Kind::Session.name(secure))
        .map(|cookie| cookie.value().to_owned());
    let (session, organisation) = state
        .house
        .store
        .read(move |conn| {
            let session = match token {
                Some(token) => accounts::session(conn, now, &token)?,
                None => None,
            };
            Ok((session, organisation::current(conn)?))
        })
        .await?;
    if let Some(session) = session.clone().filter(|session| session.stale) {
        state
            .house
            .store
            .write(move |conn| accounts::touch(conn, now, &session))
            .await?;
    }
    Ok(assemble(request, state, now, session, organisation))
}

/// A visit of which nothing is known, for the error page when the database is away.
pub(super) fn stranger(request: &ServiceRequest) -> Result<Page, PageError> {
    let state = state(request)?;
    let now = state.house.clock.now();
    Ok(assemble(request, state, now, None, None))
}

fn state(request: &ServiceRequest) -> Result<web::Data<State>> {
    request
        .app_data::<web::Data<State>>()
        .cloned()
        .ok_or_else(|| Problem::internal("the app has no web::State"))
}

fn assemble(
    request: &ServiceRequest,
    state: web::Data<State>,
    now: Instant,
    session: Option<Session>,
    organisation: Option<Organisation>,
) -> Page {
    let secure = state.is_secure();
    let cookie = |kind: Kind| {
        request
            .cookie(kind.name(secure))
            .map(|cookie| cookie.value().to_owned())
    };
    let account = session.as_ref().map(|session| session.actor.locale);
    // Before sign-in the cookie and the form must show the same secret (double submit).
    let given = cookie(Kind::Csrf).filter(|token| token.len() == 43);
    let csrf_is_new = session.is_none() && given.is_none();
    let csrf = match &session {
        Some(session) => session.csrf.reveal().clone(),
        None => given.unwrap_or_else(random::token),
    };
    let locale = language::of(request, account, secure);
    let flash =
        cookie(Kind::Flash).filter(|key| key.starts_with("flash-") && locale::has(Locale::Ja, key));
    let here = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    Page(Rc::new(Visit {
        client: client(request, state.behind_proxy),
        state,
        now,
        locale,
        session,
        organisation,
        csrf,
        csrf_is_new,
        flash,
        here,
        request_id,
    }))
}

/// The client's address; a header counts only when a proxy of ours wrote it, and then its last entry.
fn client(request: &ServiceRequest, behind_proxy: bool) -> String {
    let forwarded = || {
        let header = request
            .headers()
            .get_all(header::X_FORWARDED_FOR)
            .last()?
            .to_str()
            .ok()?;
        header.rsplit(',').next().map(|last| last.trim().to_owned())
    };
    behind_proxy
        .then(forwarded)
        .flatten()
        .or_else(|| request.peer_addr().map(|peer| peer.ip().to_string()))
        .unwrap_or_default()
}
