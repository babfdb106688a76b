//! What happened, what was decided and what was learnt, as the report tells it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::duties::Duties;
use super::super::entries::EntryView;
use super::super::send::Dispatching;
use crate::accounts::AccountId;
use crate::incidents::Incident;
use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::Facts;
use crate::kernel::{Instant, Locale, Result, Sha256};
use crate::reports::model as report;
use crate::timeline::{self, Kind};

use super::{both, positive};
/// What several sections read.
pub(super) struct Case {
    pub names: BTreeMap<AccountId, String>,
    pub facts: Facts,
    pub entries: Vec<timeline::Entry>,
    pub duties: Duties,
    pub dispatchings: Vec<Dispatching>,
    /// The reader's language, for what people wrote in one or both.
    pub locale: Locale,
    pub now: Instant,
}

impl Case {
    pub fn first(&self, kind: Kind) -> Option<Instant> {
        self.entries
            .iter()
            .find(|entry| entry.kind == kind)
            .map(|entry| entry.occurred_at)
    }
}

pub(super) fn milestones(
    case: &Case,
    starts: &crate::incidents::clock_starts::ClockStarts,
    incident: &Incident,
    mut phase_done: impl FnMut(crate::playbooks::Phase) -> Result<Option<Instant>>,
) -> Result<Vec<report::Milestone>> {
    let start = |kind| starts.get(kind).map(|start| start.at);
    let at = |point| -> Option<Instant> {
        match point {
            report::Point::Occurred => start(ClockStartKind::Occurred),
            report::Point::Detected => start(ClockStartKind::Detected),
            report::Point::Known => {
                start(ClockStartKind::AnyDepartmentKnew).or(start(ClockStartKind::Aware))
            }
            report::Point::Declared => Some(incident.declared_at),
            report::Point::Contained => None,
            report::Point::Reported => case.first(Kind::ReportFiled),
            report::Point::Notified => case.first(Kind::NoticeDispatched),
            report::Point::Closed => incident.closed_at,
        }
    };
    let contained = phase_done(crate::playbooks::Phase::Contain)?;
    Ok(report::Point::ALL
        .into_iter()
        .map(|point| {
            let at = if point == report::Point::Contained {
                contained
            } else {
                at(point)
            };
            report::Milestone { point, at }
        })
        .collect())
}

pub(super) fn report_entry(view: &EntryView, locale: Locale) -> report::Entry {
    let kind = both(&format!(
        "entry-kind-{}",
        view.kind.as_str().split('.').next().unwrap_or_default()
    ));
    report::Entry {
        seq: positive(view.seq),
        occurred_at: view.occurred_at,
        recorded_at: view.recorded_at,
        kind,
        text: view.text.clone(),
        actor: view.actor.get(locale).to_owned(),
        hash: view.hash.parse().unwrap_or_else(|_| Sha256::of(&[])),
        pinned: view.pinned,
    }
}

pub(super) fn decisions(case: &Case, views: &[EntryView]) -> Vec<report::Decision> {
    let decided = [
        Kind::Decision,
        Kind::NoticeApproved,
        Kind::StepSkipped,
        Kind::IncidentClosed,
        Kind::CommanderNamed,
    ];
    case.entries
        .iter()
        .zip(views)
        .filter(|(entry, _)| decided.contains(&entry.kind))
        .map(|(entry, view)| report::Decision {
            at: entry.occurred_at,
            text: view.text.clone().unwrap_or_default(),
            reason: entry
                .details()
                .get("reason")
                .and_then(Json::as_str)
                .map(str::to_owned),
            by: view.actor.get(case.locale).to_owned(),
        })
        .collect()
}
