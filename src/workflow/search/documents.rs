//! What of an incident can be found: words that people wrote for the team, as they are shown.
//!
//! Deliberately absent: the register of affected people, what rosters hold, what was
//! mailed to a person, and files that are sealed with the register; also who does an
//! action, and entries that only tell that the server was used.

use jiff::tz::TimeZone;

use crate::evidence;
use crate::incidents::{Incident, IncidentId};
use crate::kernel::{Instant, Locale, LocaleText, Result, locale};
use crate::notices;
use crate::postmortem;
use crate::regulations;
use crate::search::{Document, Room};
use crate::store::Conn;
use crate::timeline::{Entry, Kind};
use crate::workflow::{entries, section_markdown};

/// An entry of the timeline; nothing when it says nothing that anybody looks for, or was erased.
pub(super) fn entry(entry: &Entry, zone: &TimeZone) -> Option<Document> {
    if is_of_use_only(entry.kind) {
        return None;
    }
    Some(Document {
        incident_id: entry.incident_id.clone(),
        room: Room::Entry,
        reference: entry.seq.to_string(),
        title: LocaleText::default(),
        text: entries::text(entry, zone)?,
        recorded_at: entry.recorded_at,
    })
}

/// Everything of an incident beside its timeline.
pub(super) fn rooms(conn: &mut Conn, incident: &Incident) -> Result<Vec<Document>> {
    let id = &incident.id;
    let mut all = vec![document(
        id,
        Room::Incident,
        id.as_str(),
        same(&incident.title),
        same(&incident.number),
        incident.declared_at,
    )];
    notices_of(conn, id, &mut all)?;
    for filing in notices::filings(conn, id.as_str())? {
        let title = regulations::duty(&filing.duty_id)
            .map_or_else(|| same(&filing.duty_id), |(_, duty)| duty.title.clone());
        let text = lines([filing.receipt.as_str(), filing.late_reason.as_str()]);
        let (reference, at) = (filing.id.as_str(), filing.recorded_at);
        all.push(document(
            id,
            Room::Filing,
            reference,
            title,
            same(&text),
            at,
        ));
    }
    for version in postmortem::newest(conn, id)?.into_values() {
        let key = format!("section-{}", version.section);
        let text = both(|locale| section_markdown(&version, locale));
        if !text.ja.is_empty() {
            let (title, at) = (both(|l| locale::text(l, &key)), version.recorded_at);
            let reference = version.section.as_str();
            all.push(document(id, Room::Section, reference, title, text, at));
        }
    }
    for (action, title, at) in postmortem::recorded_actions(conn, id)? {
        let (title, text) = (same(&title), LocaleText::default());
        all.push(document(id, Room::Action, action.as_str(), title, text, at));
    }
    let files = evidence::list(conn, id.as_str())?.into_iter();
    let kept = files.filter(|file| file.destroyed_at.is_none() && !file.belongs_to_register());
    all.extend(kept.map(|file| {
        let (title, text) = (same(&file.name), same(&file.note));
        let (reference, at) = (file.id.as_str(), file.recorded_at);
        document(id, Room::Evidence, reference, title, text, at)
    }));
    Ok(all)
}

/// The newest texts of each notice; people's names and data are placeholders in them.
fn notices_of(conn: &mut Conn, id: &IncidentId, all: &mut Vec<Document>) -> Result<()> {
    for notice in notices::list(conn, id.as_str())? {
        let version = notices::newest_version(conn, &notice)?;
        let parts = notice.kind.parts().iter();
        let keys: Vec<&str> = parts.map(|part| part.key.as_str()).collect();
        let text = both(|locale| lines(keys.iter().map(|key| version.content.part(key, locale))));
        let title = notice.kind.sheet().title.clone();
        let (reference, at) = (notice.id.as_str(), version.recorded_at);
        all.push(document(id, Room::Notice, reference, title, text, at));
    }
    Ok(())
}

/// Whether an entry only tells that something was looked at, exported or arranged.
fn is_of_use_only(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::EvidenceSeen
            | Kind::EvidenceOpened
            | Kind::EvidenceVerified
            | Kind::EvidenceAttached
            | Kind::EvidenceDetached
            | Kind::EntryPinned
            | Kind::EntryUnpinned
            | Kind::PayloadErased
            | Kind::ReminderSent
            | Kind::ReportExported
            | Kind::BundleExported
            | Kind::ReviewChanged
    )
}

fn document(
    id: &IncidentId,
    room: Room,
    reference: &str,
    title: LocaleText,
    text: LocaleText,
    recorded_at: Instant,
) -> Document {
    Document {
        incident_id: id.to_string(),
        room,
        reference: reference.to_owned(),
        title,
        text,
        recorded_at,
    }
}

fn both(text: impl Fn(Locale) -> String) -> LocaleText {
    LocaleText {
        ja: text(Locale::Ja),
        en: text(Locale::En),
    }
}

fn same(text: &str) -> LocaleText {
    both(|_| text.to_owned())
}

/// Texts below each other, without the empty ones.
fn lines<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let filled = texts.into_iter().filter(|text| !text.is_empty());
    filled.collect::<Vec<_>>().join("\n")
}
