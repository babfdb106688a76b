//! Step 8 of the walk: a second person decides.

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::IncidentId;
use crate::kernel::Result;
use crate::notices::{self, Content, Notice, NoticeId};

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

    /// Hands a notice in for approval, and tells those who can approve it.
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
                let notice = notices::submit(tx, &by, now, id.as_str(), &notice, seen)?;
                house.ask_for_approval(tx, &by.id, now, &id, &notice)?;
                Ok(notice)
            })
            .await
    }

    /// Approves a notice and freezes its bytes.
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
                house.settle(tx, now, &id)?;
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
}
