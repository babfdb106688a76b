//! An incident as one record of VERIS.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::content;
use crate::incidents::Incident;
use crate::incidents::clock_starts::{ClockStartKind, ClockStarts};
use crate::incidents::facts::{Count, FactKey, Facts, Value as Known};
use crate::kernel::{Instant, Locale, locale};

const UNKNOWN: &str = "Unknown";

/// What a record is made of.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// Its answers as they stand.
    pub facts: &'a Facts,
    /// When its clocks began.
    pub starts: &'a ClockStarts,
    /// The zone whose calendar tells the day of the incident.
    pub zone: &'a TimeZone,
}

/// The record of an incident, after VERIS 1.4.
///
/// It holds codes, numbers and days, and nothing that a person typed.
pub fn export(case: &Case<'_>) -> Value {
    let incident = case.incident;
    let row = content::pattern(incident.pattern);
    let assets: Vec<_> = row.assets.iter().map(|it| json!({"variety": it})).collect();
    json!({
        "schema_name": "verisc",
        "schema_version": content::version(),
        "source_id": "shodo",
        "incident_id": incident.id,
        "security_incident": security_incident(case.facts),
        "summary": summary(incident),
        "timeline": timeline(case),
        "victim": victim(case.facts),
        "action": row.action,
        "actor": actor(&row.actor, case.facts),
        "asset": {"assets": assets, "cloud": [UNKNOWN]},
        "attribute": attribute(&row.integrity, case.facts),
        "targeted": row.targeted,
        "discovery_method": discovery(case.facts),
        "impact": {"overall_rating": UNKNOWN},
        "plus": plus(incident, case.facts),
    })
}

/// A sentence from the pattern's words: the title and the overview are a person's, and stay.
fn summary(incident: &Incident) -> String {
    let key = match (incident.pattern, incident.kind) {
        (Some(pattern), _) => format!("pattern-{pattern}"),
        (None, Some(kind)) => format!("kind-{kind}"),
        (None, None) => "kind-unknown".to_owned(),
    };
    format!(
        "{} ({})",
        locale::text(Locale::En, &key),
        incident.number.as_str()
    )
}

/// Whether it surely happened, as `breach_nature` says it.
fn security_incident(facts: &Facts) -> &'static str {
    match nature(facts) {
        None => "Suspected",
        Some(nature) if nature.contains("none") => "Near miss",
        Some(nature) if nature.iter().all(|it| it.ends_with("_suspected")) => "Suspected",
        Some(_) => "Confirmed",
    }
}

fn timeline(case: &Case<'_>) -> Value {
    let start = |kinds: &[ClockStartKind]| case.starts.first_of(kinds).map(|(_, it)| it.at);
    let occurred = start(&[ClockStartKind::Occurred]);
    let discovered = start(&[
        ClockStartKind::Detected,
        ClockStartKind::AnyDepartmentKnew,
        ClockStartKind::Aware,
    ]);
    // VERIS wants a year; without a better word, that in which it was declared.
    let day = occurred
        .or(discovered)
        .unwrap_or(case.incident.declared_at)
        .in_zone(case.zone);
    json!({
        "incident": {"year": day.year(), "month": day.month(), "day": day.day()},
        "discovery": span(occurred, discovered),
        // There is no clock that starts when an incident is contained.
        "containment": {"unit": UNKNOWN},
    })
}

/// How long it took, in the largest unit that keeps two figures or so.
fn span(from: Option<Instant>, to: Option<Instant>) -> Value {
    let (Some(from), Some(to)) = (from, to) else {
        return json!({"unit": UNKNOWN});
    };
    let minutes = to.since(from).as_mins();
    match minutes {
        // Noticed before it happened: one of the two words is wrong.
        ..0 => json!({"unit": UNKNOWN}),
        0..120 => json!({"unit": "Minutes", "value": minutes}),
        120..2_880 => json!({"unit": "Hours", "value": minutes / 60}),
        _ => json!({"unit": "Days", "value": minutes / 1_440}),
    }
}

/// Where we are established and in which industry; never who we are.
fn victim(facts: &Facts) -> Value {
    let mut countries: BTreeSet<&str> = match facts.known(FactKey::EstablishedIn) {
        Some(Known::Choices(places)) => places
            .iter()
            .filter(|place| *place != "none")
            .filter_map(|place| place.split('-').next())
            .collect(),
        _ => BTreeSet::new(),
    };
    if countries.is_empty() {
        countries.insert(UNKNOWN);
    }
    // The level of a government is asked of all; it is none of an industry that we know.
    let (industry, government) = choice(facts, FactKey::Sector)
        .and_then(|sector| content::facts().industry.get(sector))
        .map_or(("00", UNKNOWN), |code| (code.as_str(), "NA"));
    json!({
        "country": countries,
        "employee_count": UNKNOWN,
        "government": [government],
        "industry": industry,
    })
}

/// The actor of the pattern; a ransom that was paid tells the motive of one from outside.
fn actor(of_pattern: &Value, facts: &Facts) -> Value {
    let mut actor = of_pattern.clone();
    let paid = facts.yes_no(FactKey::RansomPaid) == Some(true);
    let external = actor.get_mut("external").and_then(Value::as_object_mut);
    if let (true, Some(external)) = (paid, external) {
        external.insert("motive".to_owned(), json!(["Financial"]));
    }
    actor
}

fn attribute(integrity: &[String], facts: &Facts) -> Value {
    let mut attribute = Map::new();
    attribute.insert("confidentiality".to_owned(), confidentiality(facts));
    if !integrity.is_empty() {
        attribute.insert("integrity".to_owned(), json!({"variety": integrity}));
    }
    if let Some(availability) = availability(facts) {
        attribute.insert("availability".to_owned(), availability);
    }
    Value::Object(attribute)
}

fn confidentiality(facts: &Facts) -> Value {
    let disclosure = match nature(facts) {
        None => UNKNOWN,
        Some(nature) if nature.contains("leak") => "Yes",
        Some(nature) if nature.contains("leak_suspected") => "Potentially",
        Some(_) => "No",
    };
    let state = choice(facts, FactKey::Protection)
        .and_then(|protection| content::facts().state.get(protection))
        .map_or(UNKNOWN, String::as_str);
    let mut member = Map::new();
    member.insert("data_disclosure".to_owned(), json!(disclosure));
    member.insert("data".to_owned(), json!(varieties(facts)));
    member.insert("data_victim".to_owned(), json!([UNKNOWN]));
    member.insert("state".to_owned(), json!([state]));
    // VERIS has no word for "at most": a number that is not sure stands in `plus`.
    if let Some(Known::Count(Count::Exactly(people))) = facts.known(FactKey::PeopleAffected) {
        member.insert("data_total".to_owned(), json!(people));
    }
    Value::Object(member)
}

/// The varieties of the chosen data items, each once.
fn varieties(facts: &Facts) -> Vec<Value> {
    let mut varieties: BTreeSet<&str> = match facts.known(FactKey::DataItems) {
        Some(Known::Choices(items)) => items
            .iter()
            .map(|item| content::facts().items.get(item))
            .map(|variety| variety.map_or("Personal", String::as_str))
            .collect(),
        _ => BTreeSet::new(),
    };
    if varieties.is_empty() {
        varieties.insert(UNKNOWN);
    }
    varieties
        .into_iter()
        .map(|variety| json!({"variety": variety}))
        .collect()
}

/// How long data were out of reach, or that they were lost for good.
fn availability(facts: &Facts) -> Option<Value> {
    let lost = nature(facts).is_some_and(|nature| nature.contains("loss"));
    choice(facts, FactKey::Availability)
        .and_then(|option| content::facts().availability.get(option))
        .cloned()
        .or_else(|| lost.then(|| json!({"variety": ["Loss"]})))
}

fn discovery(facts: &Facts) -> Value {
    choice(facts, FactKey::DiscoveredBy)
        .and_then(|option| content::facts().discovery.get(option))
        .cloned()
        .unwrap_or_else(|| json!({"unknown": true}))
}

/// What VERIS has no field for; other programs may pass it over.
fn plus(incident: &Incident, facts: &Facts) -> Value {
    let people = match facts.known(FactKey::PeopleAffected) {
        Some(Known::Count(Count::Exactly(people))) => json!({"exactly": people}),
        Some(Known::Count(Count::AtMost(people))) => json!({"at_most": people}),
        _ => Value::Null,
    };
    let own = BTreeMap::from([
        ("kind", json!(incident.kind)),
        ("number", json!(incident.number)),
        ("pattern", json!(incident.pattern)),
        ("people_affected", people),
        ("practice", json!(incident.practice)),
        ("severity", json!(incident.severity)),
        ("state", json!(incident.state)),
    ]);
    json!({"master_id": incident.id, "shodo": own})
}

fn nature(facts: &Facts) -> Option<&BTreeSet<String>> {
    match facts.known(FactKey::BreachNature)? {
        Known::Choices(nature) => Some(nature),
        _ => None,
    }
}

fn choice(facts: &Facts, key: FactKey) -> Option<&str> {
    match facts.known(key)? {
        Known::Choice(option) => Some(option),
        _ => None,
    }
}
