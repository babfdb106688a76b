//! One-time links: set-up, invitation, new password.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use url::Url;

use super::extract::Page;
use super::form::{FormState, Submission};
use super::organisation::from_form;
use super::{PageError, State, sign_in};
use crate::accounts::{self, LinkPurpose, NewAccount, Role};
use crate::kernel::{Redacted, Result};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/links/{token}")
            .route(web::get().to(show))
            .route(web::post().to(submit)),
    );
}

/// Where a one-time link leads.
pub fn link_address(public_url: &Url, token: &Redacted<String>) -> String {
    let base = public_url.as_str().trim_end_matches('/');
    format!("{base}/links/{}", token.reveal())
}

#[derive(Serialize)]
struct View {
    purpose: LinkPurpose,
    email: Redacted<String>,
    name: Redacted<String>,
}

async fn show(page: Page, token: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = open(&page, token.into_inner()).await?;
    render(&page, view, FormState::default())
}

async fn submit(
    page: Page,
    state: web::Data<State>,
    token: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let token = token.into_inner();
    let view = open(&page, token.clone()).await?;
    let now = page.now();
    let password = Redacted::new(form.get("new_password").to_owned());
    let (email, name) = match view.purpose {
        LinkPurpose::Setup => (form.get("email"), form.get("name")),
        LinkPurpose::Invitation | LinkPurpose::Reset => {
            (view.email.reveal().as_str(), view.name.reveal().as_str())
        }
    };
    let hash = state.passwords.hash(password, &[email, name]).await;
    let session = match (view.purpose, hash) {
        (LinkPurpose::Setup, hash) => {
            let administrator = NewAccount {
                email: email.to_owned(),
                name: name.to_owned(),
                role: Role::Administrator,
                locale: page.locale(),
            };
            let organisation = from_form(&form, now);
            match hash {
                Ok(hash) => {
                    state
                        .house
                        .store
                        .write(move |conn| {
                            accounts::set_up(conn, now, &token, administrator, hash, organisation)
                        })
                        .await
                }
                Err(mut problem) => {
                    // The other fields are looked at too, so that all is said at once, in the form's order.
                    let mut fields = Vec::new();
                    if let Err(before) = administrator.checked() {
                        fields.extend(before.fields);
                    }
                    fields.append(&mut problem.fields);
                    if let Err(after) = organisation.checked(now) {
                        fields.extend(after.fields);
                    }
                    problem.fields = fields;
                    Err(problem)
                }
            }
        }
        (LinkPurpose::Invitation | LinkPurpose::Reset, Ok(hash)) => {
            state
                .house
                .store
                .write(move |conn| accounts::accept_link(conn, now, &token, &hash))
                .await
        }
        (_, Err(problem)) => Err(problem),
    };
    match session {
        Ok(session) => Ok(sign_in::welcome(&page, &session, "/", "flash-welcome")),
        Err(problem) => {
            let form = sign_in::kept(&form, problem, &page)?;
            render(&page, view, form)
        }
    }
}

async fn open(page: &Page, token: String) -> Result<View> {
    let now = page.now();
    let link = page
        .state()
        .house
        .store
        .read(move |conn| accounts::link(conn, now, &token))
        .await?;
    let (email, name) = link
        .account
        .map(|account| (account.email, account.name))
        .unwrap_or_default();
    Ok(View {
        purpose: link.purpose,
        email,
        name,
    })
}

fn render(page: &Page, view: View, form: FormState) -> Result<HttpResponse, PageError> {
    let (template, title) = match view.purpose {
        LinkPurpose::Setup => ("accounts/set-up", "set-up-title"),
        LinkPurpose::Invitation => ("accounts/password", "invitation-title"),
        LinkPurpose::Reset => ("accounts/password", "reset-title"),
    };
    let mut answer = page
        .view(template)
        .title(page.text(title))
        .plain()
        .form(form)
        .respond(&view)?;
    // The address holds the token: no other page may learn it.
    answer.headers_mut().insert(
        header::HeaderName::from_static("x-robots-tag"),
        header::HeaderValue::from_static("noindex"),
    );
    Ok(answer)
}
