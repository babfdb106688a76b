//! Queries of notices.

use diesel::prelude::*;

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
            notice_versions::author_id.eq(&version.author_id),
            notice_versions::recorded_at.eq(version.recorded_at),
        ))
        .execute(tx)?;
    Ok(())
}

pub(super) fn versions(conn: &mut Conn, id: &NoticeId) -> Result<Vec<Version>> {
    let rows: Vec<(i64, String, String, AccountId, Instant)> = notice_versions::table
        .filter(notice_versions::notice_id.eq(id))
        .order(notice_versions::version)
        .select((
            notice_versions::version,
            notice_versions::content,
            notice_versions::gaps,
            notice_versions::author_id,
            notice_versions::recorded_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, content, gaps, author_id, recorded_at)| {
            let content: Content = serde_json::from_str(&content)?;
            let gaps = serde_json::from_str(&gaps)?;
            Ok::<_, Problem>(Version {
                version,
                content,
                gaps,
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
        .order((approvals::recorded_at, approvals::id))
        .select(Approval::as_select())
        .load(conn)
}

pub(super) fn insert_dispatch(tx: &mut Conn, dispatch: &Dispatch) -> QueryResult<()> {
    diesel::insert_into(dispatches::table)
        .values((
            dispatches::id.eq(&dispatch.id),
            dispatches::incident_id.eq(&dispatch.incident_id),
            dispatches::notice_id.eq(&dispatch.notice_id),
            dispatches::digest.eq(&dispatch.digest),
            dispatches::audience.eq(dispatch.audience),
            dispatches::unreachable.eq(dispatch.unreachable),
            dispatches::recorded_by.eq(&dispatch.recorded_by),
            dispatches::recorded_at.eq(dispatch.recorded_at),
        ))
        .execute(tx)
        .map(drop)
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
