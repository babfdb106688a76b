//! Entries of the timeline in words.

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::team_mail::threshold_words;
use crate::accounts::AccountId;
use crate::affected::export;
use crate::evidence::EvidenceId;
use crate::incidents::facts::{self, FactKey};
use crate::kernel::{Instant, Locale, LocaleText, dates, locale};
use crate::notices::NoticeKind;
use crate::regulations;
use crate::timeline::{Actor, Entry, Kind};

/// An entry as a person reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Its number in the chain.
    pub seq: i64,
    /// Its kind, e.g. `fact.answered`.
    pub kind: Kind,
    /// What happened; nothing once it was erased.
    pub text: Option<LocaleText>,
    /// Who, by name.
    pub actor: LocaleText,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// SHA-256 of the entry, in hexadecimal digits.
    pub hash: String,
    /// Whether it was chosen for the report.
    pub pinned: bool,
    /// The number of the entry that says it anew, and rightly.
    pub corrected_by: Option<i64>,
    /// The number of the entry in whose place this one stands.
    pub corrects: Option<i64>,
    /// The sealed files that belong to it.
    pub evidence: Vec<AttachedFile>,
}

/// A sealed file that belongs to an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttachedFile {
    /// The file.
    #[schema(value_type = String)]
    pub id: EvidenceId,
    /// Its name.
    pub name: String,
}

/// Puts an entry into words, without what stands beside it; `names` are those of the team.
pub fn view(entry: &Entry, names: &BTreeMap<AccountId, String>, zone: &TimeZone) -> EntryView {
    let text = entry.payload.as_ref().map(|_| LocaleText {
        ja: words(entry, Locale::Ja, zone),
        en: words(entry, Locale::En, zone),
    });
    EntryView {
        seq: entry.seq,
        kind: entry.kind,
        text,
        actor: actor(&entry.actor, names),
        occurred_at: entry.occurred_at,
        recorded_at: entry.recorded_at,
        hash: entry
            .hash
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        pinned: false,
        corrected_by: None,
        corrects: entry.details().get("corrects").and_then(Value::as_i64),
        evidence: Vec::new(),
    }
}

/// The name behind an actor of the timeline.
pub fn actor(actor: &str, names: &BTreeMap<AccountId, String>) -> LocaleText {
    if actor == Actor::SYSTEM.as_str() {
        let of = |locale| locale::text(locale, "actor-system");
        return LocaleText {
            ja: of(Locale::Ja),
            en: of(Locale::En),
        };
    }
    let name = actor
        .parse::<AccountId>()
        .ok()
        .and_then(|id| names.get(&id).cloned())
        .unwrap_or_else(|| actor.to_owned());
    LocaleText {
        ja: name.clone(),
        en: name,
    }
}

fn words(entry: &Entry, locale: Locale, zone: &TimeZone) -> String {
    let details = entry.details();
    let mut variables: BTreeMap<String, FluentValue<'static>> = BTreeMap::new();
    for (name, value) in details.as_object().into_iter().flatten() {
        let (name, wanted) = match (name.strip_suffix("_ja"), name.strip_suffix("_en")) {
            (Some(base), _) => (base, locale == Locale::Ja),
            (_, Some(base)) => (base, locale == Locale::En),
            _ => (name.as_str(), true),
        };
        if let Some(value) = scalar(value).filter(|_| wanted) {
            variables.insert(name.to_owned(), value);
        }
    }
    for (name, value) in named(entry.kind, &details, locale, zone) {
        variables.insert(name.to_owned(), value.into());
    }
    for name in optional(entry.kind) {
        variables
            .entry((*name).to_owned())
            .or_insert_with(|| "—".into());
    }
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let goes_on = details.get("from_row").and_then(Value::as_i64) > Some(0);
    let corrects = details.get("corrects").is_some();
    let key = match entry.kind {
        Kind::RosterStarted if goes_on => "entry-roster-resumed".to_owned(),
        Kind::Note if corrects => "entry-note-corrected".to_owned(),
        Kind::Decision if corrects => "entry-decision-corrected".to_owned(),
        kind => format!("entry-{}", kind.as_str().replace('.', "-")),
    };
    locale::text_with(locale, &key, &variables)
}

/// What the words of a kind say only where the payload tells it.
fn optional(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::RegisterExported | Kind::RetentionSet | Kind::RegisterPurged | Kind::PersonErased => {
            &["people", "keep_until", "reason"]
        }
        _ => &[],
    }
}

/// The variables whose payload is a key that stands for words.
fn named(
    entry: Kind,
    details: &Value,
    locale: Locale,
    zone: &TimeZone,
) -> Vec<(&'static str, String)> {
    let text = |name: &str| details.get(name).and_then(Value::as_str);
    let mut named = Vec::new();
    if entry == Kind::ReportExported {
        // Before there were levels, every report held everything.
        let level = text("level").unwrap_or("internal");
        let words = locale::text(locale, &format!("report-level-{level}"));
        named.push(("level", words));
        let genre = text("genre").unwrap_or("post-mortem");
        let words = locale::text(locale, &format!("report-genre-{genre}"));
        named.push(("genre", words));
    }
    if let Some(kind) = text("clock") {
        named.push((
            "label",
            locale::text(locale, &format!("moment-{}-short", kind.replace('_', "-"))),
        ));
    }
    if let Some(at) = text("at").and_then(|at| at.parse::<Instant>().ok()) {
        let zone = text("zone")
            .and_then(|zone| TimeZone::get(zone).ok())
            .unwrap_or_else(|| zone.clone());
        named.push(("at", dates::zoned_in(&at.in_zone(&zone), locale)));
    }
    if let Some(key) = text("fact").and_then(|key| key.parse::<FactKey>().ok()) {
        named.push(("label", facts::label(key, locale)));
    }
    let kind = text("kind").filter(|_| details.get("notice").is_some());
    if let Some(kind) = kind.and_then(|kind| kind.parse::<NoticeKind>().ok()) {
        named.push(("notice", kind.sheet().title.get(locale).to_owned()));
    }
    if let Some(channel) = text("channel") {
        let key = format!("notice-channel-{channel}");
        named.push(("channel", locale::text(locale, &key)));
    }
    if let Some((_, duty)) = text("duty").and_then(regulations::duty) {
        named.push(("duty", duty.title.get(locale).to_owned()));
    }
    if let Some(ruling) = text("ruling") {
        let key = format!("ruling-{}", ruling.replace('_', "-"));
        named.push(("ruling", locale::text(locale, &key)));
    }
    // Reports have a format, too: only an export of the register says what it holds.
    if let (Some(content), Some(format)) = (text("content"), text("format")) {
        let of = |kind, value| locale::text(locale, &format!("export-{kind}-{value}"));
        let filter = details.get("filter").cloned().unwrap_or_default();
        let filter = serde_json::from_value(filter).unwrap_or_default();
        let downloaded = details.get("downloaded") == Some(&Value::Bool(true));
        named.push(("content", of("content", content)));
        named.push(("format", of("format", format)));
        named.push(("filter", export::filter_words(&filter, locale)));
        named.push((
            "act",
            if downloaded { "downloaded" } else { "made" }.to_owned(),
        ));
    }
    if matches!(entry, Kind::EvidenceVerified)
        && let Some(found) = text("found")
    {
        named.push((
            "found",
            locale::text(locale, &format!("evidence-found-{found}")),
        ));
    }
    // A hold on one file names it; without a name it is on everything of the incident.
    if matches!(entry, Kind::EvidenceHeld | Kind::EvidenceReleased) && text("name").is_none() {
        named.push(("name", locale::text(locale, "evidence-all")));
    }
    if let Some(section) = text("section") {
        named.push((
            "section",
            locale::text(locale, &format!("section-{section}")),
        ));
    }
    if let Some(decision) = text("decision").filter(|_| details.get("conflict_id").is_some()) {
        let key = format!("conflict-decision-{decision}");
        named.push(("decision", locale::text(locale, &key)));
    }
    if let Some(threshold) = details.get("threshold").and_then(Value::as_i64) {
        named.push(("threshold", people_threshold(threshold, locale)));
    }
    if let Some(day) = text("keep_until").and_then(|day| day.parse().ok()) {
        named.push(("keep_until", dates::day_in(day, locale)));
    }
    if let Some(hours) = details.get("threshold_hours").and_then(Value::as_i64) {
        named.push(("threshold", threshold_words(hours, locale)));
    }
    named
}

/// A number of people from which on a rule of the law applies: "more than 1,000", "500 or more".
pub fn people_threshold(threshold: i64, locale: Locale) -> String {
    // A rule that says "more than" is kept as the first number that is more.
    let (key, number) = match threshold % 10 {
        1 => ("threshold-more-than", threshold.saturating_sub(1)),
        _ => ("threshold-at-least", threshold),
    };
    locale::text_with(locale, key, &[("number", grouped(number).into())])
}

/// A number with a comma at each three digits.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn scalar(value: &Value) -> Option<FluentValue<'static>> {
    match value {
        Value::String(text) => Some(text.clone().into()),
        // A long number is read in groups; a short one may still choose a plural.
        Value::Number(number) => number.as_i64().map(|number| match number {
            -999..=999 => number.into(),
            _ => grouped(number).into(),
        }),
        _ => None,
    }
}
