//! The cookies: names, flags, lives.
//!
//! Behind TLS a name begins with `__Host-`, which no other host and no plain
//! connection can set (RFC 6265bis 4.1.3.2).

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// What a cookie is for.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The session's token.
    Session,
    /// The secret that forms repeat before anybody is signed in.
    Csrf,
    /// The language of somebody who is not signed in.
    Language,
    /// One message for the next page.
    Flash,
}

impl Kind {
    /// The cookie's name.
    pub fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-shodo",
            (Self::Session, false) => "shodo",
            (Self::Csrf, true) => "__Host-shodo-csrf",
            (Self::Csrf, false) => "shodo-csrf",
            (Self::Language, true) => "__Host-shodo-lang",
            (Self::Language, false) => "shodo-lang",
            (Self::Flash, true) => "__Host-shodo-flash",
            (Self::Flash, false) => "shodo-flash",
        }
    }

    /// A cookie with this value.
    pub fn set(self, secure: bool, value: String) -> Cookie<'static> {
        let life = match self {
            Self::Session => Duration::days(7),
            Self::Csrf => Duration::hours(12),
            Self::Language => Duration::days(365),
            Self::Flash => Duration::minutes(1),
        };
        Cookie::build(self.name(secure), value)
            .path("/")
            .secure(secure)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(life)
            .finish()
    }

    /// A cookie that takes the value away.
    pub fn clear(self, secure: bool) -> Cookie<'static> {
        let mut cookie = self.set(secure, String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}
