//! One notice: reading, writing a new version, handing in, approving, delegating, sending back.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, kept};
use super::checking::{Checks, checks};
use super::view::{
    self, Gap, Part, Past, Progress, Stamp, content_of, gaps, history, parts, stamps,
};
use super::{address, find, seen};
use crate::accounts::{self, Account, AccountId, Capability, Role, can};
use crate::affected;
use crate::affected::export::filter_words;
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::notices::chain::{Candidate, may_take};
use crate::notices::checks::Finding;
use crate::notices::{
    self, Answered, Approval, Content, Decision, Filing, Notice, NoticeKind, NoticeState, Version,
};
use crate::playbooks::Link;
use crate::regulations::Confidence;
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::{FormState, Submission};
use crate::workflow::Dispatching;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    incident: String,
    notice_id: String,
    title: String,
    kind: NoticeKind,
    to_people: bool,
    state: NoticeState,
    tone: &'static str,
    /// The version that is shown, and the newest one.
    version: i64,
    newest: i64,
    written_by: String,
    written_at: Instant,
    /// Whether the parts stand as a form.
    editing: bool,
    parts: Vec<Part>,
    gap_count: usize,
    gaps: Vec<Gap>,
    stamps: Vec<Stamp>,
    history: Vec<Past>,
    sent_back: Option<SentBack>,
    /// Whether it is the visitor's turn to approve.
    my_turn: bool,
    /// Whether the visitor had a hand in it, and so may not approve it.
    own: bool,
    /// Whose turn it is, in words.
    waits_for: String,
    /// Whom the visitor may let decide instead.
    delegates: Vec<DelegateView>,
    checks: Checks,
    readers: Option<ReadersView>,
    mailed: bool,
    /// Whether the newest version has one before it to be compared with.
    comparable: bool,
    basis: &'static str,
    basis_url: &'static str,
    basis_unverified: bool,
    conflict: Option<Conflict>,
    progress: Vec<Progress>,
    filing: Option<FilingView>,
    duty: &'static str,
    digest: Option<String>,
}

#[derive(Serialize)]
struct DelegateView {
    id: String,
    name: String,
    role: String,
}

/// The people whom it goes to.
#[derive(Serialize)]
struct ReadersView {
    words: String,
    /// Counted when it was handed in; nothing before.
    frozen: Option<i64>,
    now: i64,
    changed: bool,
}

#[derive(Serialize)]
struct SentBack {
    by: String,
    at: Instant,
    reason: String,
}

/// What somebody else wrote meanwhile.
#[derive(Serialize)]
struct Conflict {
    by: String,
    at: Instant,
    version: i64,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct FilingView {
    at: Instant,
    receipt: String,
    by: String,
}

/// Everything about one notice.
struct Whole {
    case: Case,
    notice: Notice,
    versions: Vec<Version>,
    decided: Vec<Approval>,
    sendings: Vec<Dispatching>,
    filing: Option<Filing>,
    findings: Vec<Finding>,
    answers: Vec<Answered>,
    barred: BTreeSet<AccountId>,
    /// How many people its filter finds now.
    people: i64,
    /// Everybody who may approve notices.
    approvers: Vec<Account>,
}

/// How the page is shown this time.
#[derive(Default)]
struct Showing {
    editing: bool,
    version: Option<i64>,
    form: Option<FormState>,
    status: Option<StatusCode>,
    /// What was typed while somebody else saved.
    typed: Option<Content>,
}

pub(super) async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let whole = read(&signed, &path.0, &path.1).await?;
    let showing = Showing {
        editing: whole.notice.state == NoticeState::Draft
            || query.iter().any(|(name, _)| name == "edit"),
        ..Showing::default()
    };
    render(&signed, &whole, showing)
}

pub(super) async fn version(
    signed: SignedIn,
    path: web::Path<(String, String, i64)>,
) -> Result<HttpResponse, PageError> {
    let whole = read(&signed, &path.0, &path.1).await?;
    let showing = Showing {
        version: Some(path.2),
        ..Showing::default()
    };
    render(&signed, &whole, showing)
}

pub(super) async fn save(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let whole = read(&signed, &path.0, &path.1).await?;
    let (id, notice) = (&whole.case.incident.id, &whole.notice);
    let content = content_of(notice.kind, &form);
    let house = &signed.page.state().house;
    let saved = house
        .edit_notice(&by, id, &notice.id, seen(&form)?, content.clone())
        .await;
    match saved {
        Ok(_) => Ok(signed
            .page
            .go(&address(&whole.notice), "flash-notice-saved")),
        Err(problem) => {
            let typed = (problem.code == Code::EditConflict).then_some(content);
            let (state, status) = kept(&form, problem, &signed.page)?;
            // Read again: in a conflict the other version came after the first reading.
            let whole = read(&signed, &path.0, &path.1).await?;
            let showing = Showing {
                editing: true,
                form: Some(state),
                status: Some(status),
                typed,
                version: None,
            };
            render(&signed, &whole, showing)
        }
    }
}

pub(super) async fn submit(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let whole = read(&signed, &path.0, &path.1).await?;
    let (id, notice) = (&whole.case.incident.id, &whole.notice.id);
    let house = &signed.page.state().house;
    let done = house.submit_notice(&by, id, notice, seen(&form)?).await;
    signed.page.state().courier.wake();
    answer(&signed, &path, whole, form, done, "flash-notice-submitted").await
}

pub(super) async fn approve(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ApproveNotice>()?;
    let whole = read(&signed, &path.0, &path.1).await?;
    let (id, notice) = (&whole.case.incident.id, &whole.notice.id);
    let house = &signed.page.state().house;
    let done = house.approve_notice(&by, id, notice, seen(&form)?).await;
    answer(&signed, &path, whole, form, done, "flash-notice-approved").await
}

pub(super) async fn delegate(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ApproveNotice>()?;
    let whole = read(&signed, &path.0, &path.1).await?;
    let (id, notice) = (&whole.case.incident.id, &whole.notice.id);
    let house = &signed.page.state().house;
    let done = match form.get("to").parse() {
        Ok(to) => {
            house
                .delegate_approval(&by, id, notice, seen(&form)?, to)
                .await
        }
        Err(_) => Err(Problem::field("to", "field-required")),
    };
    signed.page.state().courier.wake();
    answer(&signed, &path, whole, form, done, "flash-notice-delegated").await
}

pub(super) async fn send_back(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ApproveNotice>()?;
    let whole = read(&signed, &path.0, &path.1).await?;
    let (id, notice) = (&whole.case.incident.id, &whole.notice.id);
    let reason = form.get("reason").to_owned();
    let house = &signed.page.state().house;
    let done = house
        .send_back_notice(&by, id, notice, seen(&form)?, reason)
        .await;
    answer(&signed, &path, whole, form, done, "flash-notice-sent-back").await
}

async fn answer(
    signed: &SignedIn,
    path: &(String, String),
    whole: Whole,
    form: Submission,
    done: Result<Notice>,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    match done {
        Ok(_) => Ok(signed.page.go(&address(&whole.notice), flash)),
        Err(problem) => {
            let (state, status) = kept(&form, problem, &signed.page)?;
            let whole = read(signed, &path.0, &path.1).await?;
            let showing = Showing {
                editing: whole.notice.state == NoticeState::Draft,
                form: Some(state),
                status: Some(status),
                ..Showing::default()
            };
            render(signed, &whole, showing)
        }
    }
}

async fn read(signed: &SignedIn, id: &str, notice: &str) -> Result<Whole> {
    let case = Case::find(signed, id).await?;
    let notice = find(&case, notice)?;
    let house = &signed.page.state().house;
    let (findings, answers) = house.check_notice(&case.incident.id, &notice.id).await?;
    let wanted = notice.clone();
    let (versions, decided, filing, barred, people, approvers) = house
        .store
        .read(move |conn| {
            let filing = notices::filings(conn, &wanted.incident_id)?
                .into_iter()
                .rfind(|filing| filing.notice_id.as_ref() == Some(&wanted.id));
            Ok((
                notices::versions(conn, &wanted.id)?,
                notices::approvals(conn, &wanted.id)?,
                filing,
                notices::barred(conn, &wanted)?,
                match wanted.audience() {
                    Some(audience) => affected::count(conn, &wanted.incident_id, &audience.filter)?,
                    None => 0,
                },
                accounts::active_with(conn, Capability::ApproveNotice)?,
            ))
        })
        .await?;
    let mut sendings = house.dispatchings(&case.incident.id).await?;
    sendings.retain(|sending| sending.dispatch.notice_id == notice.id);
    Ok(Whole {
        case,
        notice,
        versions,
        decided,
        sendings,
        filing,
        findings,
        answers,
        barred,
        people,
        approvers,
    })
}

fn render(signed: &SignedIn, whole: &Whole, showing: Showing) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice) = (&whole.case, &whole.notice);
    let version = whole
        .versions
        .iter()
        .rfind(|version| {
            showing
                .version
                .is_none_or(|wanted| version.version == wanted)
        })
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let parts = parts(notice.kind, &version.content, page.locale());
    let may_edit = signed.actor().may(Capability::DraftNotice);
    let editing = showing.editing
        && may_edit
        && notice.state != NoticeState::Issued
        && version.version == notice.version;
    let mut form = showing.form.unwrap_or_default();
    form.fill(view::values(&parts));
    let sheet = notice.kind.sheet();
    let title = sheet.title.get(page.locale()).to_owned();
    let mut answer = page
        .view("incidents/notices/notice")
        .title(format!("{title} — {}", case.incident.number))
        .nav("incidents");
    if let Some(status) = showing.status {
        answer = answer.status(status);
    }
    let shown = View {
        head: case.header(page, Link::Notices),
        base: address(notice),
        incident: case.incident.id.to_string(),
        notice_id: notice.id.to_string(),
        title,
        kind: notice.kind,
        to_people: notice.kind.is_sent_to_people(),
        state: notice.state,
        tone: view::tone(notice.state),
        version: version.version,
        newest: notice.version,
        written_by: case.name(&version.author_id).unwrap_or_default(),
        written_at: version.recorded_at,
        editing,
        gap_count: parts.iter().map(|part| part.gaps).sum(),
        gaps: gaps(version, case, page),
        stamps: stamps(notice, version, &whole.decided, issued(whole), case, page),
        history: history(&whole.versions, &whole.decided, case),
        sent_back: sent_back(whole),
        my_turn: is_my_turn(whole, signed),
        own: whole.barred.contains(&signed.actor().id),
        waits_for: waits_for(whole, page),
        delegates: delegates(whole, signed),
        checks: checks(
            notice.kind,
            whole.findings.clone(),
            &whole.answers,
            |answer| case.name(&answer.account_id).unwrap_or_default(),
            page,
        ),
        readers: readers(whole, page),
        mailed: sheet.is_mailed(),
        comparable: version.version > 1,
        basis: sheet.basis.article.get(page.locale()),
        basis_url: &sheet.basis.url,
        basis_unverified: sheet.basis.confidence == Confidence::Unverified,
        conflict: showing.typed.map(|typed| Conflict {
            by: case.name(&version.author_id).unwrap_or_default(),
            at: version.recorded_at,
            version: version.version,
            parts: view::parts(notice.kind, &version.content, page.locale())
                .into_iter()
                .filter(|part| {
                    typed.part(part.key, Locale::Ja).replace("\r\n", "\n") != part.ja
                        || typed.part(part.key, Locale::En).replace("\r\n", "\n") != part.en
                })
                .collect(),
        }),
        progress: whole
            .sendings
            .iter()
            .map(|sending| view::progress(sending, case))
            .collect(),
        filing: whole.filing.as_ref().map(|filing| FilingView {
            at: filing.filed_at,
            receipt: filing.receipt.clone(),
            by: case.name(&filing.recorded_by).unwrap_or_default(),
        }),
        duty: notice
            .kind
            .sheet()
            .duties
            .first()
            .map_or("", String::as_str),
        digest: whole
            .decided
            .iter()
            .rfind(|approval| approval.version == notice.version)
            .and_then(|approval| approval.digest.clone()),
        parts,
    };
    answer.form(form).respond(&shown)
}

/// Who filed or sent it, and when.
fn issued(whole: &Whole) -> Option<(&crate::accounts::AccountId, Instant)> {
    let filed = whole
        .filing
        .as_ref()
        .map(|filing| (&filing.recorded_by, filing.filed_at));
    let sent = whole.sendings.first().map(|sending| {
        let dispatch = &sending.dispatch;
        (&dispatch.recorded_by, dispatch.recorded_at)
    });
    filed.or(sent)
}

/// Why it came back, while it waits to be handed in again.
fn sent_back(whole: &Whole) -> Option<SentBack> {
    let last = whole.decided.last()?;
    let waits = whole.notice.state == NoticeState::Draft && last.decision == Decision::SentBack;
    waits.then(|| SentBack {
        by: whole.case.name(&last.account_id).unwrap_or_default(),
        at: last.recorded_at,
        reason: last.reason.clone().unwrap_or_default(),
    })
}

fn is_my_turn(whole: &Whole, signed: &SignedIn) -> bool {
    let me = Candidate {
        id: signed.actor().id.clone(),
        role: signed.actor().role,
    };
    let stage = whole.notice.current_stage();
    stage.is_some_and(|stage| may_take(&stage, &me, &whole.barred))
}

/// Whose turn it is: the role, or the one who was named.
fn waits_for(whole: &Whole, page: &Page) -> String {
    let Some(stage) = whole.notice.current_stage() else {
        return String::new();
    };
    let named = stage.delegate.as_ref().and_then(|id| whole.case.name(id));
    let role = if stage.stand_in {
        Role::Administrator
    } else {
        stage.role
    };
    named.unwrap_or_else(|| page.text(&format!("role-{role}")))
}

/// Everybody else who may approve and had no hand in it, for whoever's turn it is.
fn delegates(whole: &Whole, signed: &SignedIn) -> Vec<DelegateView> {
    if !is_my_turn(whole, signed) {
        return Vec::new();
    }
    whole
        .approvers
        .iter()
        .filter(|account| account.id != signed.actor().id && !whole.barred.contains(&account.id))
        .map(|account| DelegateView {
            id: account.id.to_string(),
            name: account.name.reveal().clone(),
            role: signed.page.text(&format!("role-{}", account.role)),
        })
        .collect()
}

fn readers(whole: &Whole, page: &Page) -> Option<ReadersView> {
    let audience = whole.notice.audience()?;
    let frozen = (whole.notice.state != NoticeState::Draft).then_some(audience.people);
    Some(ReadersView {
        words: filter_words(&audience.filter, page.locale()),
        frozen,
        now: whole.people,
        // What went out is not changed by what the register holds later.
        changed: whole.notice.state != NoticeState::Issued
            && frozen.is_some_and(|people| people != whole.people),
    })
}
