//! Step 7 of the walk: a first draft from what is known.

use std::collections::BTreeMap;

use super::House;
use crate::accounts::{Granted, Organisation, can};
use crate::affected::{Channel, Filter};
use crate::incidents::facts::{self, Answer, FactKey, Facts, Value};
use crate::incidents::{self, Incident, IncidentId};
use crate::kernel::{Instant, Locale, LocaleText, Result, dates, locale};
use crate::notices::draft::{self, Known, Words};
use crate::notices::sheet::NoticeChannel;
use crate::notices::templates::language::ORGANISATION;
use crate::notices::templates::{self, Place};
use crate::notices::{self, Audience, Notice, NoticeKind, rules};
use crate::store::Conn;
use crate::{accounts, assessment, regulations};

impl House {
    /// Drafts a notice from the facts; what is not known is marked 確認中.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`] for an unknown incident.
    pub async fn draft_notice(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        kind: NoticeKind,
    ) -> Result<Notice> {
        let (house, by, id, now) = (self.clone(), by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let incident = incidents::find(tx, &id)?;
                let variant = house.variant(kind, &incident);
                let own = templates::own(tx, kind, variant)?;
                let known = house.known(tx, &incident, now)?;
                let drafted = draft::draft(kind, variant, &own, &known)?;
                let readers = first_readers(kind);
                let notice = notices::begin(tx, &by, now, id.as_str(), kind, readers, drafted)?;
                house.settle(tx, now, &id)?;
                Ok(notice)
            })
            .await
    }

    /// What a template makes of an incident's facts.
    ///
    /// # Errors
    /// Those of [`templates::checked`]; [`crate::kernel::Code::NotFound`] for an unknown incident.
    pub async fn preview_template(
        &self,
        id: &IncidentId,
        place: Place,
        body: String,
    ) -> Result<String> {
        let (house, id, now) = (self.clone(), id.clone(), self.clock.now());
        self.store
            .read(move |conn| {
                let body = templates::checked(&place)(&body)?;
                let incident = incidents::find(conn, &id)?;
                draft::preview(&body, place.locale, &house.known(conn, &incident, now)?)
            })
            .await
    }

    /// The variant of a kind's templates for an incident.
    pub fn variant(&self, kind: NoticeKind, incident: &Incident) -> &'static str {
        templates::variant(kind, &self.playbook_of(incident).id)
    }

    pub(super) fn known(
        &self,
        conn: &mut Conn,
        incident: &Incident,
        now: Instant,
    ) -> Result<Known> {
        let facts = incidents::facts_of(conn, &incident.id)?;
        let mut answers: BTreeMap<String, Words> = facts
            .0
            .iter()
            .map(|(key, fact)| (key.as_str().to_owned(), words(*key, &fact.answer)))
            .collect();
        for (kind, start) in &incidents::clock_starts_of(conn, &incident.id)?.0 {
            let at = start.at.in_zone(&start.time_zone());
            // An answer goes before a moment of the same name, such as whether a ransom was paid.
            let words = Words::Known(dates::zoned(&at));
            answers.entry(kind.as_str().to_owned()).or_insert(words);
        }
        if let Some(items) = appi_items(&facts) {
            answers.insert("appi_items".to_owned(), Words::Known(items));
        }
        if let Some(text) = payment_card_people(&facts) {
            answers.insert("payment_card_people".to_owned(), Words::Known(text));
        }
        let organisation = accounts::organisation::current(conn)?
            .map_or_else(organisation_gaps, organisation_words);
        Ok(Known {
            answers,
            organisation,
            number: incident.number.clone(),
            today: dates::day(now.in_zone(&self.zone).date()),
        })
    }
}

/// Whom a notice goes to, until somebody chooses otherwise: everybody whom its channel reaches.
fn first_readers(kind: NoticeKind) -> Option<Audience> {
    let sheet = kind.sheet();
    let channel = channel_of(sheet.channel)?;
    sheet.is_for_people().then(|| Audience {
        filter: Filter {
            channel: Some(channel),
            ..Filter::default()
        },
        people: 0,
    })
}

/// The way to a person that a notice's channel needs.
pub(super) fn channel_of(channel: NoticeChannel) -> Option<Channel> {
    match channel {
        NoticeChannel::Email => Some(Channel::Email),
        NoticeChannel::Letter => Some(Channel::Post),
        NoticeChannel::Line => Some(Channel::Line),
        NoticeChannel::Form | NoticeChannel::Web | NoticeChannel::Document => None,
    }
}

fn words(key: FactKey, answer: &Answer) -> Words {
    match answer {
        Answer::Known(_) => Words::Known(LocaleText {
            ja: facts::words(key, answer, Locale::Ja),
            en: facts::words(key, answer, Locale::En),
        }),
        Answer::Unknown { until } => Words::Unknown(until.map(dates::day)),
    }
}

/// Which items of Rules art. 7 apply, once the assessment can say so.
fn appi_items(facts: &Facts) -> Option<LocaleText> {
    let (appi, _) = regulations::duty("jp-appi/preliminary-report")?;
    let assessment = assessment::assess(facts, [appi]);
    let report = assessment
        .obligations
        .iter()
        .find(|found| found.duty_id == "jp-appi/preliminary-report")?;
    let met: Vec<_> = report
        .reasons
        .iter()
        .filter(|reason| {
            reason.kind == assessment::ReasonKind::Trigger
                && reason.verdict == assessment::Verdict::Yes
        })
        .map(|reason| &reason.basis.article)
        .collect();
    if met.is_empty() {
        return None;
    }
    let join = |pick: fn(&LocaleText) -> &str, separator| {
        met.iter()
            .map(|article| pick(article))
            .collect::<Vec<_>>()
            .join(separator)
    };
    Some(LocaleText {
        ja: join(|text| &text.ja, "、"),
        en: join(|text| &text.en, ", "),
    })
}

/// Zero where the data items are known and no payment card is among them; else a person has to count.
fn payment_card_people(facts: &Facts) -> Option<LocaleText> {
    match facts.known(FactKey::DataItems)? {
        Value::Choices(items) if !items.contains("payment_card") => Some(LocaleText {
            ja: "0人".to_owned(),
            en: "0 people".to_owned(),
        }),
        _ => None,
    }
}

/// Before the organisation is set up, each of its fields is a gap.
fn organisation_gaps() -> BTreeMap<String, LocaleText> {
    let optional = ["dpo_name", "dpo_contact", "website"];
    ORGANISATION
        .iter()
        .map(|name| {
            let gap = |locale| match optional.contains(name) {
                true => String::new(),
                false => rules::gap(locale, &locale::text(locale, organisation_label(name))),
            };
            let text = LocaleText {
                ja: gap(Locale::Ja),
                en: gap(Locale::En),
            };
            ((*name).to_owned(), text)
        })
        .collect()
}

fn organisation_label(field: &str) -> &'static str {
    match field {
        "name" => "organisation-name-ja",
        "kana" => "organisation-name-kana",
        "corporate_number" => "organisation-corporate-number",
        "address" => "organisation-address",
        "representative" => "organisation-representative",
        "industry" => "organisation-industry",
        "desk_name" => "desk-name-ja",
        "desk_phone" => "desk-phone",
        "desk_email" => "desk-email",
        _ => "desk-hours-ja",
    }
}

fn organisation_words(organisation: Organisation) -> BTreeMap<String, LocaleText> {
    let same = |text: String| LocaleText {
        ja: text.clone(),
        en: text,
    };
    let both = |ja: String, en: String| LocaleText {
        en: if en.is_empty() { ja.clone() } else { en },
        ja,
    };
    [
        ("name", both(organisation.name_ja, organisation.name_en)),
        ("kana", same(organisation.name_kana)),
        ("corporate_number", same(organisation.corporate_number)),
        ("address", same(organisation.address)),
        ("representative", same(organisation.representative)),
        ("industry", same(organisation.industry)),
        (
            "desk_name",
            both(organisation.desk_name_ja, organisation.desk_name_en),
        ),
        ("desk_phone", same(organisation.desk_phone)),
        ("desk_email", same(organisation.desk_email)),
        (
            "desk_hours",
            both(organisation.desk_hours_ja, organisation.desk_hours_en),
        ),
        ("dpo_name", same(organisation.dpo_name)),
        ("dpo_contact", same(organisation.dpo_contact)),
        ("website", same(organisation.website)),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}
