//! Queries of notices.

use diesel::prelude::*;

use super::sheet::NoticeChannel;
use super::{Approval, Content, Dispatch, Filing, Notice, NoticeId, Version};
use crate::accounts::AccountId;
use crate::kernel::{Instant, Problem, Result};
use crate::outbox::BatchId;
use crate::store::Conn;
use crate::store::schema::{approvals, dispatches, filings, notice_versions, notices};

pub(super) fn insert(tx: &mut Conn, notice: &Notice) -> QueryResult<()> {
    diesel::insert_into(notices::table)
        .values(notice)
        .execute(tx)
        .map(drop)
}

pub(super) fn update(tx: &mut Conn, notice: &Notice) -> QueryResult<()> {
    diesel::update(notices::table.find(&notice.id))
        .set((
            notices::state.eq(notice.state),
            notices::version.eq(notice.version),
            notices::audience.eq(&notice.audience),
            notices::chain.eq(&notice.chain),
            notices::stage.eq(notice.stage),
            notices::updated_at.eq(notice.updated_at),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn find(conn: &mut Conn, incident_id: &str, id: &NoticeId) -> QueryResult<Notice> {
    notices::table
        .filter(notices::id.eq(id))
        .filter(notices::incident_id.eq(incident_id))
        .select(Notice::as_select())
        .first(conn)
}

pub(super) fn by_id(conn: &mut Conn, id: &NoticeId) -> QueryResult<Notice> {
    notices::table
        .find(id)
        .select(Notice::as_select())
        .first(conn)
}

pub(super) fn list(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Notice>> {
    notices::table
        .filter(notices::incident_id.eq(incident_id))
        .order((notices::created_at, notices::id))
        .select(Notice::as_select())
        .load(conn)
}

pub(super) fn insert_version(tx: &mut Conn, id: &NoticeId, version: &Version) -> Result<()> {
    diesel::insert_into(notice_versions::table)
        .values((
            notice_versions::notice_id.eq(id),
            notice_versions::version.eq(version.version),
            notice_versions::content.eq(serde_json::to_string(&version.content)?),
            notice_versions::gaps.eq(serde_json::to_string(&version.gaps)?),
            notice_versions::known.eq(serde_json::to_string(&version.known)?),
            notice_versions::author_id.eq(&version.author_id),
            notice_versions::recorded_at.eq(version.recorded_at),
        ))
        .execute(tx)?;
    Ok(())
}

pub(super) fn versions(conn: &mut Conn, id: &NoticeId) -> Result<Vec<Version>> {
    let rows: Vec<(i64, String, String, String, AccountId, Instant)> = notice_versions::table
        .filter(notice_versions::notice_id.eq(id))
        .order(notice_versions::version)
        .select((
            notice_versions::version,
            notice_versions::content,
            notice_versions::gaps,
            notice_versions::known,
            notice_versions::author_id,
            notice_versions::recorded_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, content, gaps, known, author_id, recorded_at)| {
            let content: Content = serde_json::from_str(&content)?;
            let gaps = serde_json::from_str(&gaps)?;
            let known = serde_json::from_str(&known)?;
            Ok::<_, Problem>(Version {
                version,
                content,
                gaps,
                known,
                author_id,
                recorded_at,
            })
        })
        .collect()
}

pub(super) fn insert_approval(tx: &mut Conn, approval: &Approval) -> QueryResult<()> {
    diesel::insert_into(approvals::table)
        .values(approval)
        .execute(tx)
        .map(drop)
}

pub(super) fn approvals_of(conn: &mut Conn, id: &NoticeId) -> QueryResult<Vec<Approval>> {
    approvals::table
        .filter(approvals::notice_id.eq(id))
        .order((approvals::recorded_at, approvals::number, approvals::id))
        .select(Approval::as_select())
        .load(conn)
}

pub(super) fn insert_dispatch(tx: &mut Conn, dispatch: &Dispatch) -> QueryResult<()> {
    diesel::insert_into(dispatches::table)
        .values(dispatch)
        .execute(tx)
        .map(drop)
}

pub(super) fn mark_reached(
    tx: &mut Conn,
    id: &BatchId,
    reached: &str,
    complete: Option<Instant>,
) -> QueryResult<()> {
    diesel::update(dispatches::table.find(id))
        .set((
            dispatches::reached.eq(reached),
            dispatches::complete_at.eq(complete),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn mark_handed_over(tx: &mut Conn, id: &BatchId, how: &str) -> QueryResult<()> {
    diesel::update(dispatches::table.find(id))
        .set(dispatches::handed_over.eq(how))
        .execute(tx)
        .map(drop)
}

/// Mails that are being queued, and what was handed over and is not in the outbox yet.
pub(super) fn open_dispatches(conn: &mut Conn) -> QueryResult<Vec<Dispatch>> {
    dispatches::table
        .filter(dispatches::complete_at.is_null())
        .filter(
            dispatches::channel
                .eq(NoticeChannel::Email)
                .or(dispatches::handed_over.ne("")),
        )
        .order((dispatches::recorded_at, dispatches::id))
        .load(conn)
}

pub(super) fn dispatches_of(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Dispatch>> {
    dispatches::table
        .filter(dispatches::incident_id.eq(incident_id))
        .order((dispatches::recorded_at, dispatches::id))
        .load(conn)
}

pub(super) fn dispatch(conn: &mut Conn, id: &BatchId) -> QueryResult<Option<Dispatch>> {
    dispatches::table.find(id).first(conn).optional()
}

pub(super) fn insert_filing(tx: &mut Conn, filing: &Filing) -> QueryResult<()> {
    diesel::insert_into(filings::table)
        .values((
            filings::id.eq(&filing.id),
            filings::incident_id.eq(&filing.incident_id),
            filings::duty_id.eq(&filing.duty_id),
            filings::notice_id.eq(&filing.notice_id),
            filings::filed_at.eq(filing.filed_at),
            filings::receipt.eq(&filing.receipt),
            filings::recorded_by.eq(&filing.recorded_by),
            filings::recorded_at.eq(filing.recorded_at),
            filings::stage.eq(filing.stage),
            filings::late_reason.eq(&filing.late_reason),
            filings::contents.eq(&filing.contents),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn filings_of(conn: &mut Conn, incident_id: &str) -> QueryResult<Vec<Filing>> {
    filings::table
        .filter(filings::incident_id.eq(incident_id))
        .order((filings::filed_at, filings::id))
        .load(conn)
}
