//! Steps 5 and 6 of the walk: whom the law makes us tell, by when, and what of it is done.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::House;
use crate::assessment::{self, Assessment, History, Obligation, Status, Told, Verdict};
use crate::deadlines::{self, Due, Moments};
use crate::incidents::clock_starts::ClockStart;
use crate::incidents::facts::FactKey;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Instant, Result};
use crate::notices::{self, NoticeKind, NoticeState};
use crate::regulations::{self, DueKind};
use crate::store::Conn;

crate::text_enum! {
    /// How a duty stands against its due.
    pub enum DutyState {
        /// It was done in time, or has no due.
        Met = "met",
        /// It was done after its deadline.
        MetLate = "met-late",
        /// Its deadline passed, and it is not done.
        Overdue = "overdue",
        /// It is still to be done.
        Open = "open",
        /// Whether it arises is not decided.
        Undecided = "undecided",
        /// It does not arise.
        NotRequired = "not-required",
    }
}

/// One duty with its dues, and whether it was met.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DutyView {
    /// The duty, with the reasons.
    pub obligation: Obligation,
    /// Its due points: targets and deadlines, the earliest first.
    pub dues: Vec<Due>,
    /// How it stands.
    pub state: DutyState,
    /// When it was met.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub met_at: Option<Instant>,
    /// The receipt of the filing that met it; may be empty.
    pub receipt: Option<String>,
}

impl DutyView {
    /// Whether it is still to be done, and its clocks press.
    pub fn is_running(&self) -> bool {
        self.presses()
            && matches!(
                self.state,
                DutyState::Open | DutyState::Overdue | DutyState::Undecided
            )
    }

    /// Whether its clocks press: it arises, or it may under a regime that surely reaches us.
    pub fn presses(&self) -> bool {
        match self.obligation.status {
            Status::Required => true,
            Status::Undecided => self.obligation.applies == Verdict::Yes,
            Status::NotRequired => false,
        }
    }

    /// The next due point that counts down: the first not yet passed, or the last.
    pub fn next_due(&self, now: Instant) -> Option<&Due> {
        let dated = || self.dues.iter().filter(|due| due.instant().is_some());
        dated()
            .find(|due| due.instant() >= Some(now))
            .or_else(|| dated().next_back())
    }
}

/// All duties of an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Duties {
    /// Every duty of every regime in force, in the order of the regimes.
    pub duties: Vec<DutyView>,
    /// The questions whose answers would decide, the most urgent first.
    pub next_questions: Vec<FactKey>,
}

impl House {
    /// Assesses an incident from its facts as they stand.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn duties(&self, id: &IncidentId) -> Result<Duties> {
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        self.store
            .read(move |conn| house.duties_in(conn, &id, now))
            .await
    }

    /// [`House::duties`] inside a transaction.
    pub(crate) fn duties_in(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        now: Instant,
    ) -> Result<Duties> {
        let history = history(conn, id)?;
        let facts = history.as_of(now);
        let starts = incidents::clock_starts_of(conn, id)?;
        let met = met(conn, id)?;
        let filings = filings(&met, &self.zone);
        let today = now.in_zone(&self.zone).date();
        let rules: Vec<_> = regulations::in_force(today).collect();
        let Assessment {
            obligations,
            next_questions,
        } = assessment::assess(&facts, rules.iter().copied());
        let dues = deadlines::compute(
            &obligations,
            Moments {
                starts: &starts,
                filings: &filings,
                history: &history,
            },
            regulations::calendars(),
        );
        let duties = obligations
            .into_iter()
            .map(|obligation| {
                let dues: Vec<Due> = dues
                    .iter()
                    .filter(|due| due.duty_id == obligation.duty_id)
                    .cloned()
                    .collect();
                let met = met.iter().find(|met| met.duty_id == obligation.duty_id);
                let state = state(&obligation, &dues, met.map(|met| met.at), now);
                let met_at = met.map(|met| met.at);
                let receipt = met.and_then(|met| met.receipt.clone());
                DutyView {
                    obligation,
                    dues,
                    state,
                    met_at,
                    receipt,
                }
            })
            .collect();
        Ok(Duties {
            duties,
            next_questions,
        })
    }
}

/// Every answer with the moment since when it was known.
fn history(conn: &mut Conn, id: &IncidentId) -> Result<History> {
    let answers = incidents::answers(conn, id)?.into_iter();
    Ok(History(
        answers
            .map(|record| Told {
                key: record.key,
                answer: record.answer,
                known_at: record.known_at,
            })
            .collect(),
    ))
}

/// When each duty was first done.
fn filings(met: &[Met], zone: &TimeZone) -> BTreeMap<String, ClockStart> {
    let zone = zone.iana_name().unwrap_or("UTC");
    met.iter()
        .rev()
        .map(|met| {
            let start = ClockStart {
                at: met.at,
                zone: zone.to_owned(),
                said_by: String::new(),
            };
            (met.duty_id.clone(), start)
        })
        .collect()
}

struct Met {
    duty_id: String,
    at: Instant,
    receipt: Option<String>,
}

/// What was filed with an authority or sent to the people, the earliest first.
fn met(conn: &mut Conn, id: &IncidentId) -> Result<Vec<Met>> {
    let mut all: Vec<Met> = notices::filings(conn, id.as_str())?
        .into_iter()
        .map(|filing| Met {
            duty_id: filing.duty_id,
            at: filing.filed_at,
            receipt: Some(filing.receipt),
        })
        .collect();
    let issued: Vec<_> = notices::list(conn, id.as_str())?
        .into_iter()
        .filter(|notice| {
            notice.state == NoticeState::Issued && notice.kind == NoticeKind::CustomerEmail
        })
        .collect();
    for dispatch in notices::dispatches(conn, id.as_str())? {
        for notice in issued
            .iter()
            .filter(|notice| notice.id == dispatch.notice_id)
        {
            let duties = notice.kind.duties().iter();
            all.extend(duties.map(|duty| Met {
                duty_id: (*duty).to_owned(),
                at: dispatch.recorded_at,
                receipt: None,
            }));
        }
    }
    all.sort_by_key(|met| met.at);
    Ok(all)
}

fn state(
    obligation: &Obligation,
    dues: &[Due],
    met_at: Option<Instant>,
    now: Instant,
) -> DutyState {
    let deadline = dues
        .iter()
        .filter(|due| due.kind == DueKind::Deadline)
        .filter_map(Due::instant)
        .min();
    match (met_at, obligation.status) {
        (Some(at), _) if deadline.is_some_and(|deadline| at > deadline) => DutyState::MetLate,
        (Some(_), _) => DutyState::Met,
        (None, Status::NotRequired) => DutyState::NotRequired,
        (None, Status::Undecided) => DutyState::Undecided,
        (None, Status::Required) if deadline.is_some_and(|deadline| now > deadline) => {
            DutyState::Overdue
        }
        (None, Status::Required) => DutyState::Open,
    }
}
