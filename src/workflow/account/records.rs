//! People, data, duties and notices, as the report counts them.

use std::collections::BTreeMap;

use super::super::duties::{DutyState, DutyView};
use super::super::send::Dispatching;
use crate::accounts::AccountId;
use crate::affected;
use crate::assessment::{Status, Verdict as Outcome};
use crate::deadlines::DueAt;
use crate::evidence;
use crate::incidents::IncidentId;
use crate::incidents::facts::{self, Count, FactKey, Facts, Value};
use crate::kernel::{Locale, LocaleText, Result, Sha256, locale};
use crate::notices::{self, Decision, NoticeState};
use crate::outbox;
use crate::regulations::{Confidence, DueKind};
use crate::reports::model as report;
use crate::store::Conn;

use super::course::Case;
use super::{both, positive};
pub(super) fn people(
    case: &Case,
    counts: &affected::Counts,
    course: outbox::Course,
) -> report::People {
    let affected = match case.facts.known(FactKey::PeopleAffected) {
        Some(Value::Count(Count::Exactly(number))) => report::Headcount::Exact(*number),
        Some(Value::Count(Count::AtMost(number))) => report::Headcount::AtMost(*number),
        _ if counts.people > 0 => report::Headcount::Exact(positive(counts.people)),
        _ => report::Headcount::Unknown,
    };
    let mut delivery = report::Delivery::default();
    for dispatching in &case.dispatchings {
        let of = self::delivery(dispatching);
        delivery.sent += of.sent;
        delivery.failed += of.failed;
        delivery.pending += of.pending;
        delivery.uncertain += of.uncertain;
        delivery.unreachable = of.unreachable;
    }
    let listed = counts.people > 0;
    report::People {
        affected,
        reachable: listed.then(|| positive(counts.reachable)),
        unreachable: listed.then(|| positive(counts.people.saturating_sub(counts.reachable))),
        minors: listed.then(|| report::Headcount::Exact(positive(counts.minors))),
        residence: counts
            .by_country
            .iter()
            .map(|(country, people)| report::Residence {
                place: country_name(country),
                people: positive(*people),
            })
            .collect(),
        delivery,
        delivery_course: report::DeliveryCourse {
            minutes: course.minutes,
            steps: course
                .steps
                .into_iter()
                .map(|step| report::DeliveryStep {
                    from: step.from,
                    sent: step.sent,
                    failed: step.failed,
                })
                .collect(),
        },
    }
}

pub(super) fn delivery(dispatching: &Dispatching) -> report::Delivery {
    let counts = &dispatching.progress.counts;
    report::Delivery {
        sent: positive(counts.sent),
        failed: positive(counts.failed + counts.bounced),
        pending: positive(counts.queued + counts.sending),
        uncertain: positive(counts.uncertain),
        unreachable: positive(dispatching.dispatch.unreachable),
    }
}

pub(super) fn obligation(
    view: &DutyView,
    names: &BTreeMap<AccountId, String>,
) -> report::Obligation {
    let obligation = &view.obligation;
    let binding = view
        .dues
        .iter()
        .find(|due| due.kind == DueKind::Deadline)
        .or_else(|| view.dues.last());
    let due = match binding.map(|due| &due.at) {
        Some(DueAt::Instant { instant }) => report::Due::At(*instant),
        Some(DueAt::Day { day, .. }) => report::Due::On(*day),
        Some(DueAt::StartMissing { .. }) => report::Due::StartMissing,
        Some(DueAt::WithoutDelay) => report::Due::Promptly,
        None if view.state == DutyState::NotRequired => report::Due::Nothing,
        None => report::Due::Promptly,
    };
    let verdict = match obligation.status {
        Status::Required => report::Verdict::Required,
        Status::NotRequired => report::Verdict::NotRequired,
        Status::Undecided => report::Verdict::Undecided(question(obligation.questions.first())),
    };
    let reasons = obligation
        .reasons
        .iter()
        .filter(|reason| reason.verdict != Outcome::No || obligation.status == Status::NotRequired);
    report::Obligation {
        duty: obligation.title.clone(),
        recipient: obligation.recipient.name.clone(),
        citation: obligation.basis.article.clone(),
        verified: obligation.confidence == Confidence::Confirmed,
        verdict,
        due,
        provisional: binding.is_some_and(|due| due.provisional),
        fulfilled_at: view.met_at,
        proof: view.receipt.clone().filter(|receipt| !receipt.is_empty()),
        reasons: reasons
            .map(|reason| reason_words(reason.words, reason.verdict))
            .collect(),
        overruled: view.ruling.as_ref().map(|ruling| report::Overruling {
            by: names.get(&ruling.decided_by).cloned().unwrap_or_default(),
            at: ruling.decided_at,
            reason: ruling.reason.clone(),
        }),
    }
}

pub(super) fn question(key: Option<FactKey>) -> LocaleText {
    key.map_or_else(LocaleText::default, |key| LocaleText {
        ja: facts::question(key, Locale::Ja),
        en: facts::question(key, Locale::En),
    })
}

pub(super) fn reason_words(words: &LocaleText, verdict: Outcome) -> LocaleText {
    let of = |locale| {
        format!(
            "{}：{}",
            words.get(locale),
            locale::text(locale, &format!("verdict-{verdict}"))
        )
    };
    LocaleText {
        ja: of(Locale::Ja),
        en: of(Locale::En).replace('：', ": "),
    }
}

pub(super) fn data_categories(facts: &Facts) -> Vec<report::DataCategory> {
    let Some(Value::Choices(chosen)) = facts.known(FactKey::DataItems) else {
        return Vec::new();
    };
    let catalogue = affected::catalogue::catalogue();
    catalogue
        .categories
        .iter()
        .filter_map(|category| {
            let items: Vec<_> = catalogue
                .items
                .iter()
                .filter(|item| item.category == category.id && chosen.contains(&item.id))
                .map(|item| item.name.clone())
                .collect();
            let any = !items.is_empty();
            any.then(|| report::DataCategory {
                category: category.name.clone(),
                items,
                people: None,
            })
        })
        .collect()
}

pub(super) fn rosters(conn: &mut Conn, id: &IncidentId) -> Result<Vec<report::Roster>> {
    const SHOWN: i64 = 20;
    let mut rosters = Vec::new();
    for roster in affected::rosters::rosters(conn, id.as_str())? {
        let file = evidence::find(conn, &roster.evidence_id)?;
        let problems = affected::rosters::problems(conn, &roster.id, 0, SHOWN)?;
        rosters.push(report::Roster {
            file: file.name,
            source: roster.source_system,
            collection_point: affected::catalogue::catalogue()
                .collection_point(&roster.collection_point)
                .map(|point| point.name.clone())
                .unwrap_or_default(),
            digest: file.sha256.parse().unwrap_or_else(|_| Sha256::of(&[])),
            rows: positive(roster.rows),
            people_added: positive(roster.people_added),
            duplicates: positive(roster.duplicates),
            problem_count: positive(roster.problem_count),
            problems: problems
                .into_iter()
                .map(|problem| report::RosterProblem {
                    row: positive(problem.row),
                    reason: both(&format!("roster-problem-{}", problem.reason)),
                    column: problem.column,
                })
                .collect(),
        });
    }
    Ok(rosters)
}

pub(super) fn report_notices(
    conn: &mut Conn,
    id: &IncidentId,
    case: &Case,
) -> Result<Vec<report::Notice>> {
    let filings = notices::filings(conn, id.as_str())?;
    let mut all = Vec::new();
    for notice in notices::list(conn, id.as_str())? {
        let decided = notices::approvals(conn, &notice.id)?;
        let mut approved = decided
            .iter()
            .filter(|approval| approval.decision == Decision::Approved);
        let approvals = approved
            .clone()
            .map(|approval| report::Approval {
                role: both("decision-approved"),
                by: case
                    .names
                    .get(&approval.account_id)
                    .cloned()
                    .unwrap_or_default(),
                at: approval.recorded_at,
            })
            .collect();
        let digest = approved
            .next_back()
            .and_then(|approval| approval.digest.as_deref()?.parse().ok());
        let dispatching = case
            .dispatchings
            .iter()
            .find(|dispatching| dispatching.dispatch.notice_id == notice.id);
        let filing = filings
            .iter()
            .find(|filing| filing.notice_id.as_ref() == Some(&notice.id));
        let issued = notice.state == NoticeState::Issued;
        all.push(report::Notice {
            kind: notice.kind.sheet().title.clone(),
            version: positive(notice.version),
            state: both(&format!("notice-state-{}", notice.state)),
            approvals,
            digest: digest.filter(|_| notice.state != NoticeState::Draft),
            issued_at: dispatching
                .map(|found| found.dispatch.recorded_at)
                .or(filing.map(|filing| filing.filed_at))
                .filter(|_| issued),
            receipt: filing
                .map(|filing| filing.receipt.clone())
                .filter(|receipt| !receipt.is_empty()),
            delivery: dispatching.map(delivery),
        });
    }
    Ok(all)
}

/// Names of countries differ by who is asked; the ISO 3166-1 code does not.
pub(super) fn country_name(code: &str) -> LocaleText {
    match code {
        "JP" => LocaleText {
            ja: "日本".to_owned(),
            en: "Japan".to_owned(),
        },
        _ => LocaleText {
            ja: code.to_owned(),
            en: code.to_owned(),
        },
    }
}
