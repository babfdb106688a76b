//! Step 12 of the walk: the account of the case, read from what the rooms hold.

mod course;
mod lessons;
mod proposals;
mod records;
mod staff;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;

use course::{Case, decisions, milestones, report_entry};
pub(super) use lessons::written;
use lessons::{lines, measures, summary};
pub use proposals::Told;
use records::{data_categories, obligation, people, report_notices, rosters};

use super::House;
use super::duties::DutyView;
use super::entries::{self, EntryView};
use super::send::dispatchings_in;
use crate::accounts::{self, Granted, can};
use crate::affected;
use crate::assessment::Verdict;
use crate::incidents::{self, Incident, IncidentId};
use crate::kernel::{Instant, Locale, LocaleText, Result, Sha256, locale};
use crate::outbox;
use crate::postmortem::{self, Section};
use crate::regulations::Nature;
use crate::reports::model as report;
use crate::reports::redaction::redact;
use crate::reports::{self, Format, Genre, Level, PostMortem};
use crate::store::Conn;
use crate::timeline::{self, Event, Kind};

/// What is to be made of an account.
#[derive(Clone, Copy, Debug)]
pub struct Make {
    /// What is told.
    pub genre: Genre,
    /// The form.
    pub format: Format,
    /// For whom, and so with which names.
    pub level: Level,
    /// The language.
    pub locale: Locale,
}

/// A finished document.
#[derive(Debug)]
pub struct ReportFile {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl House {
    /// Exports the post-mortem or the status report; the export is on the timeline with its digest.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`]; [`crate::kernel::Code::InvalidInput`] for a status report in JSON.
    pub async fn export_report(
        &self,
        by: &Granted<can::ExportReport>,
        id: &IncidentId,
        make: Make,
    ) -> Result<ReportFile> {
        self.export(
            timeline::Actor::account(by.id.as_str()),
            by.name.reveal().clone(),
            id,
            make,
        )
        .await
    }

    /// [`House::export_report`] for whoever holds the server itself: the command line.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn export_report_as_system(&self, id: &IncidentId, make: Make) -> Result<ReportFile> {
        self.export(
            timeline::Actor::SYSTEM,
            locale::text(make.locale, "actor-system"),
            id,
            make,
        )
        .await
    }

    pub(super) async fn export(
        &self,
        actor: timeline::Actor,
        name: String,
        id: &IncidentId,
        make: Make,
    ) -> Result<ReportFile> {
        let now = self.clock.now();
        let Make {
            genre,
            format,
            level,
            locale,
        } = make;
        let (house, incident_id) = (self.clone(), id.clone());
        let report = self
            .store
            .read(move |conn| {
                let report = house.compile(conn, &incident_id, name, locale, now)?;
                if level == Level::Internal {
                    return Ok(report);
                }
                let entries = timeline::all(conn, incident_id.as_str())?;
                let staff = staff::staff(conn, &entries)?;
                Ok(redact(report, &staff, level, locale))
            })
            .await?;
        let file = tokio::task::spawn_blocking(move || {
            let bytes = match genre {
                Genre::PostMortem => reports::render(&report, format, locale)?,
                Genre::Status => reports::status::render(&report, format, locale)?,
            };
            Ok::<_, crate::kernel::Problem>(ReportFile {
                name: format.file_name(&report, genre, locale),
                media_type: format.media_type(),
                bytes,
            })
        })
        .await
        .map_err(crate::kernel::Problem::internal)??;
        let payload = json!({
            "genre": genre,
            "format": format,
            "locale": locale,
            "level": level,
            "sha256": Sha256::of(&file.bytes).to_string(),
        });
        let id = id.clone();
        self.store
            .write(move |tx| {
                let event = Event {
                    incident_id: id.as_str(),
                    kind: Kind::ReportExported,
                    actor: &actor,
                    occurred_at: None,
                    payload,
                };
                timeline::append(tx, now, event).map(drop)
            })
            .await?;
        Ok(file)
    }

    /// The timeline of an incident in words, newest first, at most `limit` before `before`.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn timeline(
        &self,
        id: &IncidentId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<EntryView>> {
        let (house, id) = (self.clone(), id.clone());
        self.store
            .read(move |conn| {
                incidents::find(conn, &id)?;
                let names = accounts::names(conn)?;
                let entries = timeline::recent(conn, id.as_str(), before, limit)?;
                Ok(entries
                    .iter()
                    .map(|entry| entries::view(entry, &names, &house.zone))
                    .collect())
            })
            .await
    }

    /// Gathers everything that the account tells; reads only.
    fn compile(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        by: String,
        locale: Locale,
        now: Instant,
    ) -> Result<PostMortem> {
        let incident = incidents::find(conn, id)?;
        let case = self.case(conn, id, locale, now)?;
        let starts = incidents::clock_starts_of(conn, id)?;
        let counts = affected::counts(conn, id.as_str())?;
        let pins = timeline::pins(conn, id.as_str())?;
        let views: Vec<_> = case
            .entries
            .iter()
            .map(|entry| EntryView {
                pinned: pins.contains(&entry.seq),
                ..entries::view(entry, &case.names, &self.zone)
            })
            .collect();
        let notes = postmortem::newest(conn, id)?;
        Ok(PostMortem {
            cover: self.cover(conn, &incident, &case, by)?,
            summary: summary(&case, &notes),
            milestones: milestones(&case, &starts, &incident, |key| {
                self.step_finished(conn, &incident, key)
            })?,
            people: people(&case, &counts, self.delivery_course(conn, &case)?),
            timeline: views
                .iter()
                .map(|view| report_entry(view, locale))
                .collect(),
            decisions: decisions(&case, &views),
            obligations: case
                .duties
                .duties
                .iter()
                .filter(|duty| is_told(duty))
                .map(|view| obligation(view, &case.names))
                .collect(),
            data: data_categories(&case.facts),
            rosters: rosters(conn, id)?,
            notices: report_notices(conn, id, &case)?,
            review: report::Review {
                well: lines(&notes, Section::WentWell),
                badly: lines(&notes, Section::WentBadly),
                luck: lines(&notes, Section::Luck),
            },
            actions: postmortem::actions_of(conn, id)?
                .into_iter()
                .map(|action| report::Action {
                    text: action.title,
                    owner: Some(action.owner),
                    due: action.due_on.and_then(|day| day.parse::<Date>().ok()),
                    done_at: action.done_at,
                })
                .collect(),
            measures: measures(&notes),
            verification: self.verification(conn, &case, id)?,
        })
    }

    /// What several sections read.
    fn case(&self, conn: &mut Conn, id: &IncidentId, locale: Locale, now: Instant) -> Result<Case> {
        Ok(Case {
            names: accounts::names(conn)?,
            facts: incidents::facts_of(conn, id)?,
            entries: timeline::all(conn, id.as_str())?,
            duties: self.duties_in(conn, id, now)?,
            dispatchings: dispatchings_in(conn, id, now)?,
            locale,
            now,
        })
    }

    /// What the case itself tells of sections of the post-mortem, in the reader's language.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub(super) fn told_by_the_case(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        locale: Locale,
        now: Instant,
    ) -> Result<std::collections::BTreeMap<Section, Told>> {
        let incident = incidents::find(conn, id)?;
        let case = self.case(conn, id, locale, now)?;
        let starts = incidents::clock_starts_of(conn, id)?;
        let counts = affected::counts(conn, id.as_str())?;
        let known = proposals::Known {
            milestones: milestones(&case, &starts, &incident, |key| {
                self.step_finished(conn, &incident, key)
            })?,
            people: people(&case, &counts, self.delivery_course(conn, &case)?),
            data: data_categories(&case.facts),
            obligations: case
                .duties
                .duties
                .iter()
                .filter(|duty| is_told(duty))
                .map(|view| obligation(view, &case.names))
                .collect(),
            notices: report_notices(conn, id, &case)?,
            actions: postmortem::actions_of(conn, id)?.len(),
            entries: case.entries.len(),
            facts: &case.facts,
            now,
        };
        Ok(proposals::told(
            &known,
            locale,
            self.zone.iana_name().unwrap_or("UTC"),
        ))
    }

    /// When the notices by mail went out, on the reader's clock.
    fn delivery_course(&self, conn: &mut Conn, case: &Case) -> Result<outbox::Course> {
        let batches: Vec<_> = case
            .dispatchings
            .iter()
            .map(|dispatching| &dispatching.dispatch.id)
            .collect();
        let offset = case.now.in_zone(&self.zone).offset();
        let offset = SignedDuration::from_secs(offset.seconds().into());
        outbox::course(conn, &batches, offset)
    }

    fn cover(
        &self,
        conn: &mut Conn,
        incident: &Incident,
        case: &Case,
        by: String,
    ) -> Result<report::Cover> {
        let organisation = accounts::organisation::current(conn)?;
        let organisation =
            organisation.map_or_else(LocaleText::default, |organisation| LocaleText {
                en: if organisation.name_en.is_empty() {
                    organisation.name_ja.clone()
                } else {
                    organisation.name_en
                },
                ja: organisation.name_ja,
            });
        Ok(report::Cover {
            number: incident.number.clone(),
            title: incident.title.clone(),
            practice: incident.practice,
            kind: incident.kind.map(|kind| both(&format!("kind-{kind}"))),
            pattern: incident
                .pattern
                .map(|pattern| both(&format!("pattern-{pattern}"))),
            severity: incident
                .severity
                .map(|severity| both(&format!("severity-{severity}"))),
            state: both(&format!("state-{}", incident.state)),
            organisation,
            level: Level::Internal,
            classification: both("classification-internal"),
            commander: incident
                .commander_id
                .as_ref()
                .and_then(|id| case.names.get(id).cloned()),
            created_at: case.now,
            created_by: by,
            zone: self.zone.iana_name().unwrap_or("UTC").to_owned(),
        })
    }

    /// When a phase was done, if all its steps are settled.
    fn step_finished(
        &self,
        conn: &mut Conn,
        incident: &Incident,
        phase: crate::playbooks::Phase,
    ) -> Result<Option<Instant>> {
        let playbook = self.playbook_of(incident);
        let steps = crate::playbooks::steps(conn, incident.id.as_str(), &playbook.id)?;
        let mut of_phase = steps
            .into_iter()
            .filter(|step| step.phase == phase)
            .peekable();
        if of_phase.peek().is_none() {
            return Ok(None);
        }
        let finished: Option<Vec<Instant>> = of_phase.map(|step| step.finished_at).collect();
        Ok(finished.and_then(|all| all.into_iter().max()))
    }

    fn verification(
        &self,
        conn: &mut Conn,
        case: &Case,
        id: &IncidentId,
    ) -> Result<report::Verification> {
        let public_key = self.vault.signing_key().public_key();
        let verdict = timeline::verify_incident(conn, public_key, id.as_str())?;
        let checkpoint = timeline::checkpoint::newest(conn)?.map(|checkpoint| checkpoint.note);
        Ok(report::Verification {
            entries: count(case.entries.len()),
            head: case.entries.last().and_then(|entry| digest(&entry.hash)),
            intact: Some(verdict.findings.is_empty()),
            checkpoint,
        })
    }
}

/// Whether a report tells of a duty: it was met, or its regime reaches us and asks for more than advice.
fn is_told(duty: &DutyView) -> bool {
    let asks = duty.obligation.nature != Nature::Recommended;
    duty.met_at.is_some() || (asks && duty.obligation.applies == Verdict::Yes)
}

fn both(key: &str) -> LocaleText {
    LocaleText {
        ja: locale::text(Locale::Ja, key),
        en: locale::text(Locale::En, key),
    }
}

fn digest(bytes: &[u8]) -> Option<Sha256> {
    <[u8; 32]>::try_from(bytes).ok().map(Sha256::from)
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
