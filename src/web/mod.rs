//! The pages: HTML in two languages, for browsers with and without script.
//!
//! In come requests, out go pages; one file a room, and the ground they stand on:
//! [`guard`] (headers, request ids, who is asking), [`extract`] (what a handler
//! may ask for), [`form`] (what was typed), [`render`] (templates). The pages
//! refuse to decide: they ask the rooms, and show what these answer.
//!
//! `app.rs` gives the [`State`], wraps the whole server in [`guard::ground`], and
//! calls [`configure`].

pub mod assets;
pub mod extract;
pub mod form;
pub mod guard;
pub mod language;
pub mod render;

mod account;
mod accounts;
mod actions;
mod chains;
mod clocks;
mod cookies;
mod error;
mod figures;
mod incidents;
mod links;
mod mail;
mod organisation;
mod places;
mod playbooks;
mod search;
mod sign_in;
mod templates;
mod trust;
mod words;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web;

pub use clocks::feed_address;
pub use error::PageError;
pub use extract::{Page, SignedIn};
pub use form::{FormState, Submission};
pub use links::link_address;
pub use render::check;

use crate::accounts::Passwords;
use crate::outbox::Courier;
use crate::workflow::House;

/// What the pages need of the server.
#[derive(Clone)]
pub struct State {
    /// The verbs, and what they stand on.
    pub house: House,
    /// The mail worker, to be woken when something was queued.
    pub courier: Courier,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Whether this is a server for practice (`--demo`).
    pub demo: bool,
    /// Whether the last entry of `X-Forwarded-For` is written by a proxy of ours.
    pub behind_proxy: bool,
    /// The largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
}

impl State {
    /// Whether browsers come by TLS.
    pub fn is_secure(&self) -> bool {
        self.house.public_url.scheme() == "https"
    }
}

/// Every page of the product, and its files.
///
/// Expects `web::Data<State>` among the app's data. Register `/api` before: the
/// pages answer every address that nobody else took.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/assets/{digest}/{name}")
            .wrap(Compress::default())
            .route(web::get().to(assets::serve)),
    );
    config.configure(clocks::feed_routes);
    config.service(
        web::scope("")
            .wrap(from_fn(guard::visit))
            .wrap(Compress::default())
            .configure(sign_in::routes)
            .configure(links::routes)
            .configure(language::routes)
            .configure(account::routes)
            .configure(accounts::routes)
            .configure(organisation::routes)
            .configure(mail::routes)
            .configure(incidents::routes)
            .configure(actions::routes)
            .configure(clocks::routes)
            .configure(figures::routes)
            .configure(playbooks::routes)
            .configure(search::routes)
            .configure(templates::routes)
            .configure(chains::routes)
            .configure(trust::routes)
            .default_service(web::to(error::not_found)),
    );
}
