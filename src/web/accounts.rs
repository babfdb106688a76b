//! Administration of accounts: list, invite, role, disable, links.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::extract::SignedIn;
use super::form::{FormState, Submission};
use super::links::link_address;
use super::{PageError, sign_in};
use crate::accounts::{self, Account, AccountId, NewAccount, Role, can};
use crate::kernel::{Code, Locale, Problem, Redacted, Result};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/accounts")
                .route(web::get().to(list))
                .route(web::post().to(invite)),
        )
        .service(back("/accounts/{id}/role").route(web::post().to(change_role)))
        .service(back("/accounts/{id}/disable").route(web::post().to(disable)))
        .service(back("/accounts/{id}/enable").route(web::post().to(enable)))
        .service(back("/accounts/{id}/link").route(web::post().to(renew_link)));
}

/// An address that takes forms; who comes without one is led to the list.
fn back(path: &str) -> actix_web::Resource {
    web::resource(path)
        .route(web::get().to(async |signed: SignedIn| signed.page.go("/accounts", "")))
}

#[derive(Serialize)]
struct View {
    accounts: Vec<Line>,
    roles: &'static [Role],
    link: Option<IssuedLink>,
}

/// One account of the list.
#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    account: Account,
    invited: bool,
}

/// A link that was just made; it is shown once.
#[derive(Serialize)]
struct IssuedLink {
    name: Redacted<String>,
    address: String,
}

async fn list(signed: SignedIn) -> Result<HttpResponse, PageError> {
    render(
        &signed,
        FormState::filled([("role", "responder".to_owned())]),
        None,
    )
    .await
}

async fn invite(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let now = signed.page.now();
    let invited = match new_account(&form) {
        Ok(new) => {
            let store = &signed.page.state().house.store;
            store
                .write(move |conn| accounts::invite(conn, &by, now, new))
                .await
        }
        Err(problem) => Err(problem),
    };
    match invited {
        Ok((account, token)) => {
            let link = issued(&signed, account, &token);
            let blank = FormState::filled([("role", "responder".to_owned())]);
            render(&signed, blank, Some(link)).await
        }
        Err(problem) => {
            let form = sign_in::kept(&form, problem, &signed.page)?;
            render(&signed, form, None).await
        }
    }
}

async fn change_role(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let id = account_id(&id)?;
    let role = role(&form)?;
    signed
        .page
        .state()
        .house
        .store
        .write(move |conn| accounts::change_role(conn, &by, &id, role))
        .await?;
    Ok(signed.page.go("/accounts", "flash-saved"))
}

async fn disable(
    signed: SignedIn,
    id: web::Path<String>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let (id, now) = (account_id(&id)?, signed.page.now());
    signed
        .page
        .state()
        .house
        .store
        .write(move |conn| accounts::disable(conn, &by, now, &id))
        .await?;
    Ok(signed.page.go("/accounts", "flash-account-disabled"))
}

async fn enable(
    signed: SignedIn,
    id: web::Path<String>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let id = account_id(&id)?;
    signed
        .page
        .state()
        .house
        .store
        .write(move |conn| accounts::enable(conn, &by, &id))
        .await?;
    Ok(signed.page.go("/accounts", "flash-account-enabled"))
}

async fn renew_link(
    signed: SignedIn,
    id: web::Path<String>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let (id, now) = (account_id(&id)?, signed.page.now());
    let (account, token) = signed
        .page
        .state()
        .house
        .store
        .write(move |conn| accounts::renew_link(conn, &by, now, &id))
        .await?;
    let link = issued(&signed, account, &token);
    let blank = FormState::filled([("role", "responder".to_owned())]);
    render(&signed, blank, Some(link)).await
}

async fn render(
    signed: &SignedIn,
    form: FormState,
    link: Option<IssuedLink>,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageAccounts>()?;
    let page = &signed.page;
    let accounts = page
        .state()
        .house
        .store
        .read(move |conn| accounts::list(conn, &by))
        .await?;
    page.view("accounts/list")
        .title(page.text("accounts-title"))
        .nav("admin")
        .form(form)
        .respond(&View {
            accounts: accounts
                .into_iter()
                .map(|account| Line {
                    invited: account.is_invited(),
                    account,
                })
                .collect(),
            roles: Role::ALL,
            link,
        })
}

fn issued(signed: &SignedIn, account: Account, token: &Redacted<String>) -> IssuedLink {
    IssuedLink {
        name: account.name,
        address: link_address(&signed.page.state().house.public_url, token),
    }
}

fn new_account(form: &Submission) -> Result<NewAccount> {
    Ok(NewAccount {
        email: form.get("email").to_owned(),
        name: form.get("name").to_owned(),
        role: role(form)?,
        locale: form.get("locale").parse().unwrap_or(Locale::Ja),
    })
}

fn role(form: &Submission) -> Result<Role> {
    form.get("role")
        .parse()
        .map_err(|_| Problem::field("role", "field-invalid-choice"))
}

fn account_id(text: &str) -> Result<AccountId> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}
