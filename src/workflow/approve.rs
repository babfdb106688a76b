//! Step 8 of the walk: others decide, one after the other.

use std::collections::BTreeMap;

use super::House;
use crate::accounts::{self, Account, AccountId, Capability, Granted, can};
use crate::affected::{self, Filter};
use crate::incidents::facts::{FactKey, Value};
use crate::incidents::{self, IncidentId};
use crate::kernel::{LocaleText, Problem, Result};
use crate::notices::chain::{self, Candidate};
use crate::notices::checks::{self, Against, Finding};
use crate::notices::draft::Words;
use crate::notices::{self, Answered, Audience, Content, Notice, NoticeId, Surroundings};
use crate::store::Conn;

impl House {
    /// Writes a new version of a notice.
    ///
    /// # Errors
    /// Those of [`notices::edit`].
    pub async fn edit_notice(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
        content: Content,
    ) -> Result<Notice> {
        let (by, id, notice, now) = (by.clone(), id.clone(), notice.clone(), self.clock.now());
        self.store
            .write(move |tx| notices::edit(tx, &by, now, id.as_str(), &notice, seen, &content))
            .await
    }

    /// Chooses the people whom a notice goes to.
    ///
    /// # Errors
    /// Those of [`notices::set_audience`].
    pub async fn choose_readers(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
        filter: Filter,
    ) -> Result<Notice> {
        let (by, id, notice, now) = (by.clone(), id.clone(), notice.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let kind = notices::find(tx, id.as_str(), &notice)?.kind;
                // Whoever cannot be reached by this channel is no reader of it.
                let channel = super::draft::channel_of(kind.sheet().channel);
                let filter = Filter { channel, ..filter };
                notices::set_audience(tx, &by, now, id.as_str(), &notice, seen, filter)
            })
            .await
    }

    /// What the checks find in a notice's newest version, and what was answered to it.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn check_notice(
        &self,
        id: &IncidentId,
        notice: &NoticeId,
    ) -> Result<(Vec<Finding>, Vec<Answered>)> {
        let (house, id, notice) = (self.clone(), id.clone(), notice.clone());
        self.store
            .read(move |conn| {
                let notice = notices::find(conn, id.as_str(), &notice)?;
                let findings = house.findings(conn, &id, &notice)?;
                Ok((findings, notices::answers(conn, &notice.id)?))
            })
            .await
    }

    /// Answers warnings of the checks; those that stand already may be answered anew.
    ///
    /// # Errors
    /// Those of [`notices::answer`].
    pub async fn answer_findings(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        answers: BTreeMap<String, String>,
    ) -> Result<()> {
        let (by, id, notice, now) = (by.clone(), id.clone(), notice.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                answers.iter().try_for_each(|(finding, text)| {
                    notices::answer(tx, &by, now, id.as_str(), &notice, finding, text)
                })
            })
            .await
    }

    /// Hands a notice in for approval, and tells those whose turn it is.
    ///
    /// # Errors
    /// Those of [`notices::submit`].
    pub async fn submit_notice(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
    ) -> Result<Notice> {
        let (house, by, id, notice, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            notice.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let draft = notices::find(tx, id.as_str(), &notice)?;
                let around = Surroundings {
                    findings: house.findings(tx, &id, &draft)?,
                    candidates: candidates(tx)?,
                    people: readers(tx, &id, draft.audience())?,
                };
                let notice = notices::submit(tx, &by, now, id.as_str(), &notice, seen, &around)?;
                house.ask_for_approval(tx, now, &id, &notice)?;
                Ok(notice)
            })
            .await
    }

    /// Approves a notice at its stage; after the last one its frozen bytes may go out.
    ///
    /// # Errors
    /// Those of [`notices::approve`].
    pub async fn approve_notice(
        &self,
        by: &Granted<can::ApproveNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
    ) -> Result<Notice> {
        let (house, by, id, notice, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            notice.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let notice = notices::approve(tx, &by, now, id.as_str(), &notice, seen)?;
                house.ask_for_approval(tx, now, &id, &notice)?;
                house.settle(tx, now, &id)?;
                Ok(notice)
            })
            .await
    }

    /// Lets somebody else decide in the approver's place, and tells them.
    ///
    /// # Errors
    /// Those of [`notices::delegate`]; [`crate::kernel::Code::InvalidInput`] for nobody who may approve.
    pub async fn delegate_approval(
        &self,
        by: &Granted<can::ApproveNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
        to: AccountId,
    ) -> Result<Notice> {
        let (house, by, id, notice, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            notice.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let to = candidates(tx)?
                    .into_iter()
                    .find(|candidate| candidate.id == to)
                    .ok_or_else(|| Problem::field("to", "field-invalid-choice"))?;
                let notice = notices::delegate(tx, &by, now, id.as_str(), &notice, seen, &to)?;
                house.ask_for_approval(tx, now, &id, &notice)?;
                Ok(notice)
            })
            .await
    }

    /// Sends a notice back to its author.
    ///
    /// # Errors
    /// Those of [`notices::send_back`].
    pub async fn send_back_notice(
        &self,
        by: &Granted<can::ApproveNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        seen: i64,
        reason: String,
    ) -> Result<Notice> {
        let (by, id, notice, now) = (by.clone(), id.clone(), notice.clone(), self.clock.now());
        self.store
            .write(move |tx| notices::send_back(tx, &by, now, id.as_str(), &notice, seen, &reason))
            .await
    }

    /// Marks a part as copied into an authority's form, or takes the mark away.
    ///
    /// # Errors
    /// Those of [`notices::mark_copied`].
    pub async fn mark_copied(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        (part, locale): (String, crate::kernel::Locale),
        done: bool,
    ) -> Result<()> {
        let (by, id, notice, now) = (by.clone(), id.clone(), notice.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                notices::mark_copied(tx, &by, now, id.as_str(), &notice, &part, locale, done)
            })
            .await
    }

    pub(super) fn findings(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        notice: &Notice,
    ) -> Result<Vec<Finding>> {
        let incident = incidents::find(conn, id)?;
        let version = notices::newest_version(conn, notice)?;
        let organisation = accounts::organisation::current(conn)?;
        let now: BTreeMap<String, LocaleText> = self
            .known(conn, &incident, self.clock.now())?
            .answers
            .into_iter()
            .filter_map(|(key, words)| match words {
                Words::Known(text) => Some((key, text)),
                Words::Unknown(_) => None,
            })
            .collect();
        let mut people: std::collections::BTreeSet<i64> =
            [affected::counts(conn, id.as_str())?.people].into();
        if let Some(Value::Count(count)) =
            incidents::facts_of(conn, id)?.known(FactKey::PeopleAffected)
        {
            people.insert(i64::try_from(count.highest()).unwrap_or(i64::MAX));
        }
        people.remove(&0);
        let published = organisation
            .iter()
            .flat_map(|it| [&it.desk_phone, &it.desk_email, &it.dpo_contact].map(String::clone));
        let against = Against {
            drafted: version.known.clone(),
            now,
            people,
            domains: organisation
                .as_ref()
                .map(|it| it.domains())
                .unwrap_or_default(),
            published: published.collect(),
        };
        Ok(checks::check(notice.kind, &version.content, &against))
    }
}

/// Everybody who may approve notices.
fn candidates(conn: &mut Conn) -> Result<Vec<Candidate>> {
    let accounts = accounts::active_with(conn, Capability::ApproveNotice)?;
    let of = |account: Account| Candidate {
        id: account.id,
        role: account.role,
    };
    Ok(accounts.into_iter().map(of).collect())
}

/// Those whose turn it is to approve a notice; nobody when it does not wait.
///
/// # Errors
/// The database's own error.
pub(in crate::workflow) fn approvers(conn: &mut Conn, notice: &Notice) -> Result<Vec<Account>> {
    let Some(stage) = notice.current_stage() else {
        return Ok(Vec::new());
    };
    let barred = notices::barred(conn, notice)?;
    let takes = |account: &Account| {
        let who = Candidate {
            id: account.id.clone(),
            role: account.role,
        };
        chain::may_take(&stage, &who, &barred)
    };
    let mut accounts = accounts::active_with(conn, Capability::ApproveNotice)?;
    accounts.retain(takes);
    Ok(accounts)
}

/// How many people a notice goes to now.
pub(super) fn readers(conn: &mut Conn, id: &IncidentId, audience: Option<Audience>) -> Result<i64> {
    match audience {
        Some(audience) => affected::count(conn, id.as_str(), &audience.filter),
        None => Ok(0),
    }
}
