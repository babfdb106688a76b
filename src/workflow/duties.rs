//! Steps 5 and 6 of the walk: whom the law makes us tell, by when, and what of it is done.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::House;
use crate::assessment::{self, Assessment, History, Obligation, Status, Told, Verdict};
use crate::deadlines::{self, Due, Moments};
use crate::incidents::clock_starts::{ClockStart, ClockStarts};
use crate::incidents::contradictions::{Contradiction, contradictions};
use crate::incidents::facts::FactKey;
use crate::incidents::rulings::{DutyRuling, Ruling};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Instant, Result};
use crate::notices::sheet::NoticeChannel;
use crate::notices::{self, NoticeState};
use crate::regulations::{self, DueKind, Nature};
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
    /// What a person decided beside the rule's own word.
    pub ruling: Option<DutyRuling>,
    /// How it stands.
    pub state: DutyState,
    /// When it was met.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub met_at: Option<Instant>,
    /// The receipt of the filing that met it; may be empty.
    pub receipt: Option<String>,
}

impl DutyView {
    /// Whether the law surely asks for it and it is not done; what is only advised asks for nothing.
    pub fn is_owed(&self) -> bool {
        matches!(self.state, DutyState::Open | DutyState::Overdue)
            && self.obligation.nature != Nature::Recommended
    }

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
        arises(&self.obligation)
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
    /// The questions whose answers would decide: those that settle most first, those that wait last.
    pub next_questions: Vec<FactKey>,
    /// Answers and moments that cannot all be true.
    pub contradictions: Vec<Contradiction>,
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

    /// What had to be done at an earlier instant, by what was known then.
    ///
    /// Answers, filings and decisions count as far as they were known, made or taken by
    /// then, moments as far as they lay before it, and the law as it was on that day.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn duties_as_of(&self, id: &IncidentId, at: Instant) -> Result<Duties> {
        let (house, id) = (self.clone(), id.clone());
        self.store
            .read(move |conn| house.duties_in(conn, &id, at))
            .await
    }

    /// [`House::duties_as_of`] inside a transaction.
    pub(crate) fn duties_in(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        at: Instant,
    ) -> Result<Duties> {
        let history = history(conn, id)?;
        let facts = history.as_of(at);
        let starts = starts(conn, id, at)?;
        let mut met = met(conn, id)?;
        met.retain(|met| met.at <= at);
        let rulings = incidents::rulings::standing(conn, id, at)?;
        let rules = regulations::in_force(at.in_zone(&self.zone).date());
        let Assessment {
            mut obligations,
            next_questions,
        } = assessment::assess(&facts, rules);
        for obligation in &mut obligations {
            let ruling = rulings.iter().find(|it| it.duty_id == obligation.duty_id);
            match ruling.map(|it| it.ruling) {
                Some(Ruling::Required) => {
                    assessment::overrule(obligation, &facts, Status::Required);
                }
                Some(Ruling::NotRequired) => {
                    assessment::overrule(obligation, &facts, Status::NotRequired);
                }
                Some(Ruling::Withdrawn) | None => {}
            }
        }
        let filings = filings(&met, &self.zone);
        let moments = Moments {
            starts: &starts,
            filings: &filings,
            history: &history,
        };
        let mut dues = deadlines::compute(&obligations, moments, regulations::calendars());
        let duties = obligations
            .into_iter()
            .map(|obligation| {
                let of_duty = |due: &Due| due.duty_id == obligation.duty_id;
                // In the order of the duties, so those of this one come first.
                let rest = dues
                    .iter()
                    .position(|due| !of_duty(due))
                    .unwrap_or(dues.len());
                let later = dues.split_off(rest);
                let dues = std::mem::replace(&mut dues, later);
                // A notice to people serves the laws of many places: it meets those that reach them.
                let met = met.iter().find(|met| {
                    met.duty_id == obligation.duty_id
                        && (met.receipt.is_some() || arises(&obligation))
                });
                let ruling = rulings.iter().find(|it| it.duty_id == obligation.duty_id);
                DutyView {
                    state: state(&obligation, &dues, met.map(|met| met.at), at),
                    met_at: met.map(|met| met.at),
                    receipt: met.and_then(|met| met.receipt.clone()),
                    ruling: ruling.cloned(),
                    obligation,
                    dues,
                }
            })
            .collect();
        Ok(Duties {
            duties,
            next_questions,
            contradictions: contradictions(&facts, &starts),
        })
    }
}

/// Of each kind the last statement of a moment that lay before an instant.
fn starts(conn: &mut Conn, id: &IncidentId, at: Instant) -> Result<ClockStarts> {
    let statements = incidents::starts_history(conn, id)?.into_iter();
    Ok(ClockStarts(
        statements
            .filter(|record| record.start.at <= at)
            .map(|record| (record.kind, record.start))
            .collect(),
    ))
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

/// Whether an obligation is there, or may be and the law that asks for it reaches us.
fn arises(obligation: &Obligation) -> bool {
    match obligation.stands() {
        Status::Required => true,
        Status::Undecided => obligation.applies == Verdict::Yes,
        Status::NotRequired => false,
    }
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
        .filter(|notice| notice.state == NoticeState::Issued && notice.kind.is_sent_to_people())
        .collect();
    for dispatch in notices::dispatches(conn, id.as_str())? {
        for notice in issued
            .iter()
            .filter(|notice| notice.id == dispatch.notice_id)
        {
            // Mails go by themselves; letters and LINE messages tell nobody until people took care of them.
            let told_at = match dispatch.channel {
                NoticeChannel::Email => Some(dispatch.recorded_at),
                _ => dispatch.complete_at,
            };
            let duties = notice.kind.sheet().duties.iter();
            all.extend(told_at.into_iter().flat_map(|at| {
                duties.clone().map(move |duty| Met {
                    duty_id: duty.clone(),
                    at,
                    receipt: None,
                })
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
    match (met_at, obligation.stands()) {
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
