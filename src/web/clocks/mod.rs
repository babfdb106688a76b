//! The clocks of all open incidents at once: seven days, a list, a month, and a feed for calendars.
//!
//! In come the running clocks as `workflow` gathers them; out go pages and iCalendar.
//! This room refuses to know what a single incident shows, and to weigh duties: the
//! order is by time alone.

mod calendar;
mod feed;
mod ical;
mod list;
mod pins;
mod week;

use actix_web::web;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::PageError;
use super::extract::{Page, SignedIn};
use crate::accounts::can;
use crate::assessment::Obligation;
use crate::deadlines::{Due, DueAt};
use crate::kernel::{Locale, Result, dates, locale};
use crate::regulations::{Confidence, DueKind};
use crate::workflow::Running;

pub use feed::address as feed_address;
pub(super) use pins::pins;
pub(super) use week::{Day, week};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.configure(list::routes).configure(calendar::routes);
}

/// The feed, which no session guards; register it before the pages.
pub(super) fn feed_routes(config: &mut web::ServiceConfig) {
    config.configure(feed::routes);
}

/// What stands on top of both pages.
#[derive(Serialize)]
struct Head {
    week: Vec<Day>,
    zone: String,
    tabs: [Tab; 2],
}

#[derive(Serialize)]
struct Tab {
    href: &'static str,
    label: String,
    count: Option<usize>,
    current: bool,
}

impl Head {
    fn new(running: &[Running], page: &Page, current: &str) -> Self {
        let pins = running
            .iter()
            .flat_map(|running| pins(&running.incident, &running.duties, page))
            .collect();
        let tab = |href, key: &str, count| Tab {
            href,
            label: page.text(key),
            count,
            current: href == current,
        };
        let dated = running.iter().flat_map(Running::dues).count();
        Self {
            week: week(pins, page),
            zone: page.zone().iana_name().unwrap_or("UTC").to_owned(),
            tabs: [
                tab("/clocks", "clocks-tab-list", Some(dated)),
                tab("/clocks/calendar", "clocks-tab-calendar", None),
            ],
        }
    }
}

/// The running clocks, for somebody who may see incidents.
async fn gather(signed: &SignedIn) -> Result<Vec<Running>, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let (house, now) = (signed.page.state().house.clone(), signed.page.now());
    let store = house.store.clone();
    let running = store.read(move |conn| house.running_in(conn, now)).await?;
    Ok(running)
}

/// Where a duty stands on the page of its incident's authorities.
pub(super) fn duty_href(incident: &str, duty_id: &str) -> String {
    format!("/incidents/{incident}/authorities#{}", anchor(duty_id))
}

/// The name of a duty inside its page.
pub(super) fn anchor(duty_id: &str) -> String {
    duty_id.replace('/', "-")
}

/// A due point in words, in the zone in which the law counts it.
fn due_words(due: &Due, locale: Locale) -> Option<String> {
    let zone = TimeZone::get(&due.zone).unwrap_or(TimeZone::UTC);
    let there = due.instant()?.in_zone(&zone);
    Some(match &due.at {
        DueAt::Day { day, .. } => {
            let day = dates::day_in(*day, locale);
            let zone = dates::zone_name(&there, locale);
            let variables = [("day", day.into()), ("zone", zone.into())];
            locale::text_with(locale, "clocks-whole-day", &variables)
        }
        _ => dates::zoned_in(&there, locale),
    })
}

/// Who is told: those whom the facts name, else the recipient of the rule.
fn recipient(obligation: &Obligation, locale: Locale) -> String {
    let named: Vec<_> = obligation
        .addressed
        .iter()
        .map(|addressed| addressed.name.get(locale))
        .collect();
    match (named.is_empty(), locale) {
        (true, _) => obligation.recipient.name.get(locale).to_owned(),
        (false, Locale::Ja) => named.join("、"),
        (false, Locale::En) => named.join(", "),
    }
}

/// Whether a due point rests on something that was not checked against the primary text.
fn is_unverified(obligation: &Obligation, due: Option<&Due>) -> bool {
    obligation.confidence == Confidence::Unverified
        || due.is_some_and(|due| due.basis.confidence == Confidence::Unverified)
}

/// The word for a deadline or a target.
fn kind_word(kind: DueKind, locale: Locale) -> String {
    locale::text(locale, &format!("law-due-{kind}"))
}
