//! Handing in, approving stage by stage, sending back, letting somebody else decide.

use std::collections::BTreeSet;

use serde_json::json;

use super::chain::{self, Candidate, Stage};
use super::checks::{Finding, Weight};
use super::{
    Approval, ApprovalId, Approved, Audience, Content, Decision, Frozen, Notice, NoticeId,
    NoticeState, answers, append, chain_of, in_state, newest_version, rules, store, writing,
};
use crate::accounts::{AccountId, Granted, can};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Locale, LocaleText, Problem, Result, Sha256, input};
use crate::store::Conn;
use crate::timeline::Kind;

/// What the rooms around know when a notice is handed in.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What the checks found in its newest version.
    pub findings: Vec<Finding>,
    /// Everybody who may approve notices.
    pub candidates: Vec<Candidate>,
    /// How many people its filter finds now; for notices to people.
    pub people: i64,
}

/// Hands a notice in for approval: freezes its bytes, its readers and its chain.
///
/// # Errors
/// [`Code::WrongState`] unless it is a draft; [`Code::EditConflict`]; [`Code::InvalidInput`] naming
/// the parts with errors and the warnings that nobody answered; [`Code::FourEyes`] when nobody
/// else could approve it.
pub fn submit(
    tx: &mut Conn,
    by: &Granted<can::DraftNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    around: &Surroundings,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Draft)?;
    refuse_findings(tx, id, &around.findings)?;
    let audience = before.audience().map(|audience| Audience {
        people: around.people,
        ..audience
    });
    let chain = chain_of(tx, before.kind)?;
    let stages = chain::resolve(&chain, &around.candidates, &by.id);
    if stages.is_empty() {
        return Err(Problem::new(Code::FourEyes));
    }
    let version = newest_version(tx, &before)?;
    let frozen = Frozen {
        notice_id: id.clone(),
        kind: before.kind,
        version: before.version,
        html: before
            .kind
            .sheet()
            .is_mailed()
            .then(|| html(&version.content)),
        content: version.content,
        audience: audience.clone(),
    };
    let bytes = serde_json::to_vec(&frozen)?;
    let digest = Sha256::of(&bytes);
    let after = Notice {
        state: NoticeState::Submitted,
        audience: writing::stored(audience.as_ref())?,
        chain: serde_json::to_string(&stages)?,
        stage: 0,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    let decided = Decided {
        decision: Decision::Submitted,
        digest: Some(digest.to_string()),
        bytes: Some(bytes),
        reason: None,
    };
    decide(tx, &by.id, now, &after, decided)?;
    let roles: Vec<_> = stages.iter().map(|stage| stage.role).collect();
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeSubmitted,
        json!({"sha256": digest.to_string(), "chain": roles, "people": audience.map(|it| it.people)}),
    )?;
    Ok(after)
}

/// Approves a notice at the stage where it stands; the last stage makes it [`NoticeState::Approved`].
///
/// # Errors
/// [`Code::FourEyes`] for its author and whoever handed it in; [`Code::NotYourTurn`];
/// [`Code::WrongState`], also for whoever approved it already; [`Code::EditConflict`].
pub fn approve(
    tx: &mut Conn,
    by: &Granted<can::ApproveNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Submitted)?;
    refuse_others(tx, by, &before)?;
    let (digest, _) = frozen_bytes(tx, &before)?;
    let decided = Decided {
        decision: Decision::Approved,
        digest: Some(digest.to_string()),
        bytes: None,
        reason: None,
    };
    decide(tx, &by.id, now, &before, decided)?;
    let stages = before.chain().len();
    let done = before.stage.saturating_add(1);
    let is_last = usize::try_from(done).is_ok_and(|done| done >= stages);
    let after = Notice {
        state: if is_last {
            NoticeState::Approved
        } else {
            NoticeState::Submitted
        },
        stage: done,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeApproved,
        json!({"sha256": digest.to_string(), "stage": done, "stages": stages, "final": is_last}),
    )?;
    Ok(after)
}

/// Sends a notice back to its author, with the reason.
///
/// # Errors
/// [`Code::InvalidInput`] without a reason; [`Code::WrongState`]; [`Code::EditConflict`].
pub fn send_back(
    tx: &mut Conn,
    by: &Granted<can::ApproveNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    reason: &str,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Submitted)?;
    let reason = input::line("reason", reason, 500)?;
    let decided = Decided {
        decision: Decision::SentBack,
        digest: None,
        bytes: None,
        reason: Some(reason.clone()),
    };
    decide(tx, &by.id, now, &before, decided)?;
    let after = Notice {
        state: NoticeState::Draft,
        chain: String::new(),
        stage: 0,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeSentBack,
        json!({"reason": reason}),
    )?;
    Ok(after)
}

/// Lets somebody else decide in the approver's place.
///
/// # Errors
/// Those of [`approve`]; [`Code::InvalidInput`] for somebody who may not approve, or had a hand in it.
pub fn delegate(
    tx: &mut Conn,
    by: &Granted<can::ApproveNotice>,
    now: Instant,
    incident_id: &str,
    id: &NoticeId,
    seen: i64,
    to: &Candidate,
) -> Result<Notice> {
    let before = in_state(tx, incident_id, id, seen, NoticeState::Submitted)?;
    refuse_others(tx, by, &before)?;
    let barred = barred(tx, &before)?;
    if to.id == by.id || barred.contains(&to.id) {
        return Err(input::wrong("to", "field-had-a-hand-in-it").into());
    }
    let mut chain = before.chain();
    let place = usize::try_from(before.stage).unwrap_or_default();
    if let Some(stage) = chain.get_mut(place) {
        stage.delegate = Some(to.id.clone());
    }
    let decided = Decided {
        decision: Decision::Delegated,
        digest: None,
        bytes: None,
        reason: None,
    };
    decide(tx, &by.id, now, &before, decided)?;
    let after = Notice {
        chain: serde_json::to_string(&chain)?,
        updated_at: now,
        ..before
    };
    store::update(tx, &after)?;
    append(
        tx,
        &by.id,
        now,
        &after,
        Kind::NoticeDelegated,
        json!({"to": to.id}),
    )?;
    Ok(after)
}

/// The approved bytes of a notice, checked against their digest.
///
/// # Errors
/// [`Code::WrongState`] unless it is approved; [`Code::Internal`] when the bytes were changed since.
pub fn approved(conn: &mut Conn, incident_id: &str, id: &NoticeId) -> Result<Approved> {
    let notice = store::find(conn, incident_id, id)?;
    if notice.state != NoticeState::Approved {
        return Err(Problem::new(Code::WrongState));
    }
    let (digest, bytes) = frozen_bytes(conn, &notice)?;
    // Each stage approved these very bytes.
    let approvals = store::approvals_of(conn, id)?;
    let approvers: BTreeSet<_> = of_this_round(&approvals, &notice)
        .filter(|approval| {
            approval.decision == Decision::Approved
                && approval.digest.as_deref() == Some(digest.to_string().as_str())
        })
        .map(|approval| &approval.account_id)
        .collect();
    if approvers.is_empty() || approvers.len() < notice.chain().len() {
        return Err(Problem::internal(
            "an approval is missing or of other bytes",
        ));
    }
    Ok(Approved {
        notice,
        frozen: serde_json::from_slice(&bytes)?,
        digest,
    })
}

/// A notice that goes or went out, with the bytes that were approved.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Internal`] when the bytes were changed since.
pub fn issued(conn: &mut Conn, id: &NoticeId) -> Result<(Notice, Frozen)> {
    let notice = store::by_id(conn, id)?;
    let (_, bytes) = frozen_bytes(conn, &notice)?;
    Ok((notice, serde_json::from_slice(&bytes)?))
}

/// Those who may not approve a notice: who wrote its version, handed it in, or approved it.
///
/// # Errors
/// The database's own error.
pub fn barred(conn: &mut Conn, notice: &Notice) -> Result<BTreeSet<AccountId>> {
    let author = newest_version(conn, notice)?.author_id;
    let approvals = store::approvals_of(conn, &notice.id)?;
    let hands = of_this_round(&approvals, notice)
        .filter(|approval| matches!(approval.decision, Decision::Submitted | Decision::Approved))
        .map(|approval| approval.account_id.clone());
    Ok(hands.chain([author]).collect())
}

/// Decisions since the notice was handed in last.
fn of_this_round<'a>(
    approvals: &'a [Approval],
    notice: &'a Notice,
) -> impl Iterator<Item = &'a Approval> {
    let begin = approvals
        .iter()
        .rposition(|approval| approval.decision == Decision::Submitted)
        .unwrap_or_default();
    approvals
        .iter()
        .skip(begin)
        .filter(|approval| approval.version == notice.version)
}

/// What was frozen when the notice was handed in last.
fn frozen_bytes(conn: &mut Conn, notice: &Notice) -> Result<(Sha256, Vec<u8>)> {
    let approvals = store::approvals_of(conn, &notice.id)?;
    let handed_in =
        of_this_round(&approvals, notice).find(|approval| approval.decision == Decision::Submitted);
    let bytes = handed_in
        .and_then(|approval| approval.bytes.clone())
        .unwrap_or_default();
    let digest = Sha256::of(&bytes);
    let kept = handed_in.and_then(|approval| approval.digest.as_deref());
    if kept == Some(digest.to_string().as_str()) {
        Ok((digest, bytes))
    } else {
        Err(Problem::internal(
            "the approved bytes do not match their digest",
        ))
    }
}

fn refuse_others(conn: &mut Conn, by: &Granted<can::ApproveNotice>, notice: &Notice) -> Result<()> {
    let barred = barred(conn, notice)?;
    let approvals = store::approvals_of(conn, &notice.id)?;
    let approved_already = of_this_round(&approvals, notice)
        .any(|it| it.decision == Decision::Approved && it.account_id == by.id);
    if approved_already {
        // A second click, mostly.
        return Err(Problem::new(Code::WrongState));
    }
    if barred.contains(&by.id) {
        return Err(Problem::new(Code::FourEyes));
    }
    let who = Candidate {
        id: by.id.clone(),
        role: by.role,
    };
    let takes = |stage: &Stage| chain::may_take(stage, &who, &barred);
    if notice.current_stage().as_ref().is_some_and(takes) {
        Ok(())
    } else {
        Err(Problem::new(Code::NotYourTurn))
    }
}

fn refuse_findings(conn: &mut Conn, id: &NoticeId, findings: &[Finding]) -> Result<()> {
    let answered: BTreeSet<_> = answers(conn, id)?
        .into_iter()
        .map(|answer| answer.finding)
        .collect();
    let problems: Vec<_> = findings
        .iter()
        .filter_map(|finding| {
            let (field, key) = match finding.weight {
                Weight::Error => (
                    format!("{}.{}", finding.part, finding.locale),
                    rules::field_key(finding.code),
                ),
                Weight::Warning if !answered.contains(&finding.id) => {
                    (format!("answer.{}", finding.id), "field-warning-unanswered")
                }
                _ => return None,
            };
            Some(FieldProblem {
                field,
                key,
                params: Vec::new(),
            })
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Problem::fields(problems))
    }
}

struct Decided {
    decision: Decision,
    digest: Option<String>,
    bytes: Option<Vec<u8>>,
    reason: Option<String>,
}

fn decide(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    notice: &Notice,
    decided: Decided,
) -> Result<()> {
    let before = store::approvals_of(tx, &notice.id)?.len();
    let approval = Approval {
        id: ApprovalId::fresh(now),
        number: i64::try_from(before).unwrap_or(i64::MAX),
        notice_id: notice.id.clone(),
        version: notice.version,
        decision: decided.decision,
        account_id: by.clone(),
        reason: decided.reason,
        digest: decided.digest,
        bytes: decided.bytes,
        recorded_at: now,
        stage: notice.stage,
    };
    Ok(store::insert_approval(tx, &approval)?)
}

fn html(content: &Content) -> LocaleText {
    let of = |locale| {
        rules::html(
            content.part("subject", locale),
            content.part("body", locale),
            locale,
        )
    };
    LocaleText {
        ja: of(Locale::Ja),
        en: of(Locale::En),
    }
}
