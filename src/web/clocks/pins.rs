//! A due point as a pin: on a day of the strip, and of the month.

use jiff::civil::Date;
use serde::Serialize;

use super::duty_href;
use crate::deadlines::{Due, DueAt};
use crate::incidents::Incident;
use crate::kernel::Instant;
use crate::regulations::{DueKind, Nature};
use crate::web::extract::Page;
use crate::workflow::DutyView;

/// One due point.
#[derive(Clone, Serialize)]
pub(in crate::web) struct Pin {
    href: String,
    /// `r` near or over, `a` a deadline, `t` a target.
    pub(super) tone: &'static str,
    time: String,
    label: String,
    incident: String,
    title: String,
    conditional: bool,
    /// Whether the law demands it; advice and alternatives stay off the strip.
    #[serde(skip)]
    pub(super) is_duty: bool,
    /// A guideline's measure that passed: it stays on its day, and pushes nothing away.
    #[serde(skip)]
    pub(super) passed_target: bool,
    /// The day of the server's zone.
    #[serde(skip)]
    pub(super) day: Date,
    #[serde(skip)]
    pub(super) at: Instant,
}

/// The due points of an incident's duties that are not met yet, the earliest first.
pub(in crate::web) fn pins(incident: &Incident, duties: &[DutyView], page: &Page) -> Vec<Pin> {
    let mut pins: Vec<Pin> = duties
        .iter()
        .filter(|duty| duty.is_running())
        .flat_map(|duty| {
            let dues = duty.dues.iter();
            dues.filter_map(move |due| pin(incident, duty, due, page))
        })
        .collect();
    pins.sort_by_key(|pin| pin.at);
    pins
}

fn pin(incident: &Incident, duty: &DutyView, due: &Due, page: &Page) -> Option<Pin> {
    let (at, now) = (due.instant()?, page.now());
    let there = at.in_zone(page.zone());
    let target = due.kind == DueKind::Target;
    let near = at.since(now).as_hours() < 24;
    // A day that ends elsewhere ends in the middle of a day here.
    let ours = page.zone().iana_name() == Some(due.zone.as_str());
    let nature = duty.obligation.nature;
    let is_duty = nature == Nature::Duty;
    let title = duty.obligation.title.get(page.locale());
    Some(Pin {
        href: duty_href(incident.id.as_str(), duty.obligation.duty_id),
        tone: match (target || !is_duty, near && !due.conditional) {
            (true, _) => "t",
            (false, true) => "r",
            (false, false) => "a",
        },
        time: match due.at {
            _ if at < now => page.text("board-overdue"),
            DueAt::Day { .. } if ours => page.text("board-all-day"),
            _ => there.strftime("%H:%M").to_string(),
        },
        label: if !is_duty {
            let nature = page.text(&format!("law-nature-{nature}"));
            format!("{nature} {title}")
        } else if target {
            format!("{}{title}", page.text("board-target"))
        } else {
            title.to_owned()
        },
        incident: incident.number.clone(),
        title: incident.title.clone(),
        conditional: due.conditional,
        is_duty,
        passed_target: target && at < now,
        day: there.date(),
        at,
    })
}
