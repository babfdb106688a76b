//! Mails to the team: who is asked for an approval, and how a mail is queued.
//!
//! What each kind of mail says, and when it is due, lies in [`super::team_mail`].

use super::House;
use crate::accounts::Account;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Instant, Problem, Result};
use crate::notices::Notice;
use crate::outbox::{self, EmailAddress, Recipient, TeamMail, TeamMessage};
use crate::store::Conn;
use crate::vault::Scope;

impl House {
    /// Tells those whose turn it is to approve a notice that it waits.
    pub(super) fn ask_for_approval(
        &self,
        tx: &mut Conn,
        now: Instant,
        id: &IncidentId,
        notice: &Notice,
    ) -> Result<()> {
        let incident = incidents::find(tx, id)?;
        for approver in super::approve::approvers(tx, notice)? {
            self.ask_one(tx, now, &incident, notice, &approver)?;
        }
        Ok(())
    }

    /// Queues a mail to one member of the team.
    pub fn mail_to(
        &self,
        tx: &mut Conn,
        now: Instant,
        account: &Account,
        message: TeamMessage,
        variables: &[(&str, String)],
    ) -> Result<()> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let address = EmailAddress::parse(account.email.reveal())
            .map_err(|_| Problem::internal("an account has an address that no mail reaches"))?;
        let mail = TeamMail {
            to: Recipient::new(address, account.name.reveal()),
            content: message.render(account.locale, &variables)?,
            subject_id: Some(account.id.to_string()),
        };
        outbox::enqueue(
            tx,
            &self.vault,
            now,
            &Scope::server(),
            &self.mail.sender()?,
            mail,
        )
        .map(drop)
    }

    /// The address of a page of this server.
    pub fn link(&self, path: &str) -> String {
        self.public_url
            .join(path)
            .map_or_else(|_| self.public_url.to_string(), |url| url.to_string())
    }
}
