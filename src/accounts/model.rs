//! Accounts, roles, and capabilities as types.

use std::marker::PhantomData;
use std::ops::Deref;

use diesel::Queryable;
use serde::Serialize;

use super::passwords::HashedPassword;
use super::rules;
use crate::kernel::{Code, Instant, Locale, Problem, Redacted, Result};

crate::ids! {
    /// An account.
    AccountId;
    /// An API token; not the token itself.
    ApiTokenId;
}

crate::text_enum! {
    /// What a person does in this organisation's response.
    pub enum Role {
        /// Sets up the server and the accounts.
        Administrator = "administrator",
        /// 指揮者: leads the response.
        Commander = "commander",
        /// 法務: assesses duties, drafts and checks notices.
        Legal = "legal",
        /// 対応担当: carries out the steps.
        Responder = "responder",
        /// 承認者: approves what goes out.
        Approver = "approver",
        /// 閲覧者: reads and exports.
        Viewer = "viewer",
    }
}

crate::text_enum! {
    /// What a one-time link is for.
    pub enum LinkPurpose {
        /// Makes the first administrator.
        Setup = "setup",
        /// Lets an invited person choose a password.
        Invitation = "invitation",
        /// Lets a person choose a new password.
        Reset = "reset",
    }
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        crate::text_enum! {
            /// One kind of act.
            pub enum Capability { $($(#[$doc])* $name = $text,)+ }
        }

        /// The capabilities as types, for [`Granted`].
        pub mod can {
            $($(#[$doc])* #[derive(Clone, Copy, Debug)] pub struct $name;)+

            $(impl super::Permission for $name {
                const CAPABILITY: super::Capability = super::Capability::$name;
            })+
        }
    };
}

capabilities! {
    /// Invites, disables, changes roles.
    ManageAccounts = "manage-accounts",
    /// Declares an incident.
    DeclareIncident = "declare-incident",
    /// Changes an incident's title, kind, state, clock starts and steps.
    EditIncident = "edit-incident",
    /// Answers the questions about an incident.
    AnswerFacts = "answer-facts",
    /// Imports lists of affected people.
    ImportRoster = "import-roster",
    /// Sees affected people unmasked.
    RevealPeople = "reveal-people",
    /// Exports the register of affected people.
    ExportRegister = "export-register",
    /// Destroys the register of affected people, or the record of one of them.
    PurgeRegister = "purge-register",
    /// Writes and edits notices.
    DraftNotice = "draft-notice",
    /// Approves notices that somebody else wrote.
    ApproveNotice = "approve-notice",
    /// Changes the templates of notices.
    EditTemplates = "edit-templates",
    /// Sends approved notices.
    SendNotice = "send-notice",
    /// Records what was filed with an authority.
    RecordFiling = "record-filing",
    /// Decides about a duty against or beside the rule.
    RuleOnDuty = "rule-on-duty",
    /// Writes the post-mortem and its actions.
    WritePostMortem = "write-post-mortem",
    /// Exports the post-mortem.
    ExportReport = "export-report",
    /// Reads incidents.
    ViewIncidents = "view-incidents",
    /// Changes the organisation's settings.
    ManageSettings = "manage-settings",
    /// Holds evidence back from destruction, or lets it go.
    HoldEvidence = "hold-evidence",
    /// Writes a note on the timeline.
    AddNote = "add-note",
}

/// A capability as a type.
pub trait Permission {
    /// The same capability as a value.
    const CAPABILITY: Capability;
}

/// Proof that this actor may do `P`; only [`Actor::grant`] makes one.
#[derive(Clone, Debug)]
pub struct Granted<P>(Actor, PhantomData<P>);

impl<P> Deref for Granted<P> {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

/// Who acts: an account as the session or the API token found it just now.
#[derive(Clone, Debug, Serialize)]
pub struct Actor {
    /// The account.
    pub id: AccountId,
    /// The person's name, for pages and the timeline.
    pub name: Redacted<String>,
    /// The role at this moment; a change holds from the next request.
    pub role: Role,
    /// The language of the person.
    pub locale: Locale,
}

impl Actor {
    /// Whether the role allows an act.
    pub fn may(&self, capability: Capability) -> bool {
        rules::allows(self.role, capability)
    }

    /// Refuses when the role does not allow an act.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn check(&self, capability: Capability) -> Result<()> {
        if self.may(capability) {
            return Ok(());
        }
        tracing::warn!(account = %self.id, role = %self.role, %capability, "access denied");
        Err(Problem::new(Code::Forbidden))
    }

    /// Gives the proof that a verb asks for.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn grant<P: Permission>(&self) -> Result<Granted<P>> {
        self.check(P::CAPABILITY)?;
        Ok(Granted(self.clone(), PhantomData))
    }
}

/// An account as it is stored.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address as it was typed.
    pub email: Redacted<String>,
    /// The address as it is compared.
    #[serde(skip)]
    pub email_key: Redacted<String>,
    /// The person's name.
    pub name: Redacted<String>,
    /// The role.
    pub role: Role,
    /// The person's language.
    pub locale: Locale,
    /// Nothing until the invitation was accepted.
    #[serde(skip)]
    pub password_hash: Option<HashedPassword>,
    /// Since when the account may no longer sign in.
    pub disabled_at: Option<Instant>,
    /// Since when it is there.
    pub created_at: Instant,
}

impl Account {
    /// The account as somebody who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            id: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            locale: self.locale,
        }
    }

    /// Whether the invitation still waits.
    pub fn is_invited(&self) -> bool {
        self.password_hash.is_none()
    }
}

/// What a new account needs.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The address that signs in.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The language.
    pub locale: Locale,
}

/// What a person types to sign in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The address, as typed.
    pub email: Redacted<String>,
    /// The password, as typed.
    pub password: Redacted<String>,
    /// Where the request came from.
    pub client: String,
}

/// Where a sign-in stands after the password was right.
///
/// A second factor or a network rule becomes one more variant here; every caller
/// must then say what it does with it.
#[derive(Debug)]
#[must_use]
pub enum SignInStep {
    /// Nothing more is asked.
    Done(NewSession),
}

/// A session that just began; the token is shown to the browser and to nobody else.
#[derive(Debug)]
pub struct NewSession {
    /// The cookie's value.
    pub token: Redacted<String>,
    /// The language of the person.
    pub locale: Locale,
}

/// A session that a token proved.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is signed in.
    pub actor: Actor,
    /// The secret that forms must repeat.
    pub csrf: Redacted<String>,
    /// Whether the last sight of it is old enough to be written anew.
    pub stale: bool,
    pub(super) token_hash: String,
}

/// One of a person's own sessions, for the list.
#[derive(Debug, Serialize)]
pub struct OwnSession {
    /// A name for it that opens nothing.
    pub handle: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last seen.
    pub seen_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What a one-time link opens.
#[derive(Debug)]
pub struct Link {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The account it belongs to; none for the set-up.
    pub account: Option<Account>,
}

/// An API token without its secret.
#[derive(Debug, Queryable, Serialize)]
pub struct ApiToken {
    /// The id.
    pub id: ApiTokenId,
    /// What the owner called it.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
}

/// A calendar feed without its secret.
#[derive(Debug, Queryable, Serialize)]
pub struct CalendarFeed {
    /// When it was made.
    pub created_at: Instant,
    /// When a calendar last read it.
    pub read_at: Option<Instant>,
}
