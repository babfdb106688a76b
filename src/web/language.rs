//! Which language a page speaks, and the switch between them.
//!
//! First what the address asks for (`?lang=`), then the account, then the cookie
//! of the switch, then the browser's wish.

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::cookies::Kind;
use super::extract::Page;
use super::form::Submission;
use super::{PageError, sign_in};
use crate::accounts;
use crate::kernel::{Locale, Problem, locale};

/// The language's tag in HTML and headers.
pub fn tag(locale: Locale) -> &'static str {
    locale.as_str()
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/language", web::post().to(switch));
}

/// The language of this request.
pub(super) fn of(request: &ServiceRequest, account: Option<Locale>, secure: bool) -> Locale {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, value)| value.parse().ok());
    let cookie = || {
        request
            .cookie(Kind::Language.name(secure))
            .and_then(|cookie| cookie.value().parse().ok())
    };
    let browser = || {
        let wish = request.headers().get(header::ACCEPT_LANGUAGE)?;
        locale::preferred(wish.to_str().ok()?)
    };
    asked
        .or(account)
        .or_else(cookie)
        .or_else(browser)
        .unwrap_or_default()
}

/// Changes the language and goes back to the page that asked.
async fn switch(page: Page, form: Submission) -> Result<HttpResponse, PageError> {
    let locale: Locale = form
        .get("lang")
        .parse()
        .map_err(|_| Problem::field("lang", "field-invalid-choice"))?;
    if let Some(session) = page.session() {
        let actor = session.actor.clone();
        page.state()
            .house
            .store
            .write(move |conn| accounts::save_locale(conn, &actor, locale))
            .await?;
    }
    let back = sign_in::safe_path(form.get("back"));
    Ok(HttpResponse::SeeOther()
        .cookie(Kind::Language.set(page.state().is_secure(), locale.as_str().to_owned()))
        .insert_header((header::LOCATION, without_lang(&back)))
        .finish())
}

/// The address without `lang`, which would overrule the switch.
fn without_lang(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name != "lang" {
            kept.append_pair(&name, &value);
        }
    }
    let kept = kept.finish();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{kept}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_keeps_the_rest_of_the_address() {
        assert_eq!(without_lang("/a?lang=en&q=%E5%88%9D"), "/a?q=%E5%88%9D");
        assert_eq!(without_lang("/a?lang=en"), "/a");
    }
}
