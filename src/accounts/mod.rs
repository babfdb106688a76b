//! People who work on incidents: accounts, roles, sessions, links, tokens, feeds, and the organisation they act for.
//!
//! In come passwords, one-time links and session tokens; out comes an [`Actor`],
//! and from it the permission for one act ([`Actor::grant`]). This room refuses
//! to know HTTP (cookies and headers are the pages' matter), incidents, and the
//! people affected by them. It sends no mail: a link is handed to the one who asked.
//!
//! Tokens are 256 bits of randomness; the database keeps only their SHA-256. A
//! password is kept as argon2id. Attempts are counted before a password is
//! looked at, for the account and for the address, so that parallel guesses
//! cannot outrun the lock.

pub mod model;
pub mod organisation;
pub mod passwords;
pub mod rules;

mod feeds;
mod links;
mod mail_wishes;
mod people;
mod sessions;
mod sign_in;
mod store;
mod tokens;

pub use feeds::{create_feed, feed_actor, own_feed, remove_feed, touch_feed};
pub use links::{accept_link, create_setup_link, link, renew_link, set_up};
pub use mail_wishes::{MailWishes, Quiet, mail_wishes, save_mail_wishes};
pub use model::{
    Account, AccountId, Actor, ApiToken, ApiTokenId, CalendarFeed, Capability, Credentials,
    Granted, Link, LinkPurpose, NewAccount, NewSession, OwnSession, Role, Session, SignInStep, can,
};
pub use organisation::Organisation;
pub use passwords::{HashedPassword, Passwords};
pub use people::{
    Email, active_with, by_email, change_profile, change_role, create, disable, enable, everybody,
    get, invite, list, names, replace_password, save_locale,
};
pub use sessions::{
    end_session, own_sessions, session, sign_out, sign_out_elsewhere, sign_out_everywhere, sweep,
    touch,
};
pub use sign_in::{change_password, sign_in};
pub use tokens::{create_token, own_tokens, revoke_token, token_actor, touch_token};
