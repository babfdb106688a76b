//! What is known of an incident: typed answers to a fixed list of questions.
//!
//! "Unknown" is a value, distinct from a question that nobody was asked. The words
//! of the questions stand in `content/locales/*/facts.ftl` under `fact-<key>`,
//! `fact-<key>-why`, `fact-<key>-short` and `fact-<key>-<option>`, with `-` for `_`.
//! Nothing here knows which law asks.

mod form;
mod json;
mod licences;
mod marks;
pub mod places;
mod set;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::kernel::{Instant, LocaleText};

pub use json::JsonProblem;
pub use marks::{Mark, is_item, item_name, items};
pub use set::FactSet;
pub use words::{label, option_label, question, why, words};

crate::text_enum! {
    /// A question about the incident, in the order in which a team would ask.
    pub enum FactKey {
        /// What happened, in a few sentences.
        Overview = "overview",
        /// Who found it.
        DiscoveredBy = "discovered_by",
        /// Whether personal data (個人データ) are concerned.
        PersonalDataInvolved = "personal_data_involved",
        /// Leak, loss or damage; happened or suspected.
        BreachNature = "breach_nature",
        /// Which data items are concerned.
        DataItems = "data_items",
        /// Whether special-care-required information is among them.
        SpecialCareData = "special_care_data",
        /// Whether misuse may cause damage to property.
        PropertyDamageRisk = "property_damage_risk",
        /// Whether an improper purpose is possible.
        ImproperPurpose = "improper_purpose",
        /// Whether the act was against the business.
        ActAgainstBusiness = "act_against_business",
        /// Whether the information was planned to be handled as personal data.
        DataPlannedAsPersonalData = "data_planned_as_personal_data",
        /// How many people are concerned.
        PeopleAffected = "people_affected",
        /// Whether minors are among them.
        MinorsAffected = "minors_affected",
        /// In which countries, and states of some, they live.
        Residence = "residence",
        /// Where we have an establishment.
        EstablishedIn = "established_in",
        /// Where we offer goods or services to people, or watch their behaviour.
        Serves = "serves",
        /// Under which licences and roles we act.
        RegulatedAs = "regulated_as",
        /// How the data were protected.
        Protection = "protection",
        /// Whose data these are: ours, or handled for another.
        OurRole = "our_role",
        /// Whether the delegator (委託元) was told.
        DelegatorNotified = "delegator_notified",
        /// Who may have received the data.
        Recipients = "recipients",
        /// Whether the data were got back or deleted before anyone could misuse them.
        Retrieved = "retrieved",
        /// Whether an investigation ruled misuse out.
        MisuseRuledOut = "misuse_ruled_out",
        /// For how long people or we could not get at the data.
        Availability = "availability",
        /// Whether care, safety or supply of people was disrupted.
        VitalServicesAffected = "vital_services_affected",
        /// Whether serious harm to anyone is likely.
        SeriousHarm = "serious_harm",
        /// The industry, which decides who receives the report.
        Sector = "sector",
        /// Whether My Number is among the data.
        MyNumberInvolved = "my_number_involved",
        /// Whether GDPR applies.
        GdprApplies = "gdpr_applies",
        /// How high the risk is for the people under GDPR.
        GdprRisk = "gdpr_risk",
        /// Whether contents or circumstances of communications leaked.
        CommunicationsSecrecy = "communications_secrecy",
        /// Whether the incident disrupts services seriously, or does considerable damage.
        IncidentSignificant = "incident_significant",
        /// Whether investors would find it important.
        IncidentMaterial = "incident_material",
        /// Whether a ransom was paid.
        RansomPaid = "ransom_paid",
        /// Whether a vulnerability of a product of ours is being exploited.
        VulnerabilityExploited = "vulnerability_exploited",
        /// Why it happened.
        Cause = "cause",
        /// Secondary damage, or the possibility.
        SecondaryDamage = "secondary_damage",
        /// What was done to stop it.
        Containment = "containment",
        /// What was done for the people concerned.
        ResponseToPeople = "response_to_people",
        /// Whether and how it was made public.
        Publication = "publication",
        /// What prevents it from happening again.
        Prevention = "prevention",
        /// Other helpful matters, such as the police.
        OtherReference = "other_reference",
        /// What the people concerned can do themselves.
        AdviceToPeople = "advice_to_people",
        /// Whether telling the people is difficult.
        ContactDifficult = "contact_difficult",
    }
}

/// What an answer to a question looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// One of these options.
    OneOf(&'static [&'static str]),
    /// At least one of these options; `none` stands alone.
    SomeOf(&'static [&'static str]),
    /// A number, exact or at most.
    Count,
    /// Places, each with a number of people or without.
    Residence,
    /// Places, or `none` alone.
    Places,
    /// Free text in Japanese, in English, or in both.
    Text,
    /// Ids of `content/data_items.toml`.
    Items,
}

impl FactKey {
    /// What an answer to this question looks like.
    pub fn kind(self) -> Kind {
        match self {
            Self::Overview
            | Self::Cause
            | Self::SecondaryDamage
            | Self::Containment
            | Self::ResponseToPeople
            | Self::Publication
            | Self::Prevention
            | Self::OtherReference
            | Self::AdviceToPeople => Kind::Text,
            Self::PersonalDataInvolved
            | Self::SpecialCareData
            | Self::PropertyDamageRisk
            | Self::ImproperPurpose
            | Self::ActAgainstBusiness
            | Self::DataPlannedAsPersonalData
            | Self::MinorsAffected
            | Self::DelegatorNotified
            | Self::MyNumberInvolved
            | Self::GdprApplies
            | Self::Retrieved
            | Self::MisuseRuledOut
            | Self::VitalServicesAffected
            | Self::SeriousHarm
            | Self::CommunicationsSecrecy
            | Self::IncidentSignificant
            | Self::IncidentMaterial
            | Self::RansomPaid
            | Self::VulnerabilityExploited
            | Self::ContactDifficult => Kind::YesNo,
            Self::PeopleAffected => Kind::Count,
            Self::Residence => Kind::Residence,
            Self::EstablishedIn | Self::Serves => Kind::Places,
            Self::RegulatedAs => Kind::SomeOf(licences::ALL),
            Self::Availability => Kind::OneOf(&[
                "not_affected",
                "restored_within_a_day",
                "restored_within_days",
                "not_restored",
            ]),
            Self::DataItems => Kind::Items,
            Self::DiscoveredBy => Kind::OneOf(&[
                "own_staff",
                "delegatee",
                "business_partner",
                "card_company",
                "principal",
                "other",
            ]),
            Self::BreachNature => Kind::SomeOf(&[
                "leak",
                "leak_suspected",
                "loss",
                "loss_suspected",
                "damage",
                "damage_suspected",
                "none",
            ]),
            Self::Protection => Kind::OneOf(&[
                "encrypted_key_safe",
                "encrypted_key_at_risk",
                "partly_protected",
                "not_protected",
            ]),
            Self::OurRole => Kind::OneOf(&["own_data", "delegator", "delegatee"]),
            Self::Recipients => Kind::SomeOf(&[
                "trusted_recipient",
                "known_recipient",
                "unknown_recipients",
                "public_internet",
                "own_staff",
                "none",
            ]),
            Self::Sector => Kind::OneOf(&[
                "not_delegated",
                "telecommunications",
                "finance",
                "credit_purchase",
                "credit_information",
                "other_delegated",
            ]),
            Self::GdprRisk => Kind::OneOf(&["unlikely", "risk", "high_risk"]),
        }
    }

    /// Whether its answers name places.
    pub fn is_of_places(self) -> bool {
        matches!(self.kind(), Kind::Residence | Kind::Places)
    }

    /// The options from which an answer chooses; none for other kinds.
    pub fn options(self) -> &'static [&'static str] {
        match self.kind() {
            Kind::OneOf(options) | Kind::SomeOf(options) => options,
            _ => &[],
        }
    }
}

/// How many: a number that is sure, or the highest that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This many.
    Exactly(u64),
    /// Not more than this; the true number is not known yet.
    AtMost(u64),
}

impl Count {
    /// The highest number that is possible.
    pub fn highest(self) -> u64 {
        match self {
            Self::Exactly(number) | Self::AtMost(number) => number,
        }
    }
}

/// A value that fits the kind of its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// For [`Kind::YesNo`].
    YesNo(bool),
    /// For [`Kind::OneOf`].
    Choice(String),
    /// For [`Kind::SomeOf`], [`Kind::Items`] and [`Kind::Places`].
    Choices(BTreeSet<String>),
    /// For [`Kind::Count`].
    Count(Count),
    /// For [`Kind::Residence`]: the codes of [`places`].
    Residence(BTreeMap<String, Option<u64>>),
    /// For [`Kind::Text`].
    Text(LocaleText),
}

/// What somebody answered: a value, or that it is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This is known.
    Known(Value),
    /// This was asked, and is not known yet.
    Unknown {
        /// The day on which to ask again.
        until: Option<Date>,
    },
}

/// An answer and since when it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The answer.
    pub answer: Answer,
    /// Since when; absent where the teller did not say.
    pub known_at: Option<Instant>,
}

/// Everything that is known of an incident, one answer for each question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(pub BTreeMap<FactKey, Fact>);

impl Facts {
    /// The answer to a question; none where nobody was asked.
    pub fn get(&self, key: FactKey) -> Option<&Answer> {
        self.0.get(&key).map(|fact| &fact.answer)
    }

    /// The known value of a question.
    pub fn known(&self, key: FactKey) -> Option<&Value> {
        match self.get(key)? {
            Answer::Known(value) => Some(value),
            Answer::Unknown { .. } => None,
        }
    }

    /// A yes or no that is known.
    pub fn yes_no(&self, key: FactKey) -> Option<bool> {
        match self.known(key)? {
            Value::YesNo(yes) => Some(*yes),
            _ => None,
        }
    }

    /// A text that is known.
    pub fn text(&self, key: FactKey) -> Option<&LocaleText> {
        match self.known(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes an answer in place of an earlier one.
    pub fn set(&mut self, key: FactKey, answer: Answer, known_at: Option<Instant>) {
        self.0.insert(key, Fact { answer, known_at });
    }

    /// Whether a chosen data item carries a mark of the catalogue.
    pub fn has_marked_item(&self, mark: Mark) -> bool {
        match self.known(FactKey::DataItems) {
            Some(Value::Choices(chosen)) => chosen.iter().any(|id| marks::has(id, mark)),
            _ => false,
        }
    }

    /// The chosen data items that carry a mark of the catalogue.
    pub fn marked_items(&self, mark: Mark) -> Vec<&str> {
        match self.known(FactKey::DataItems) {
            Some(Value::Choices(chosen)) => chosen
                .iter()
                .map(String::as_str)
                .filter(|id| marks::has(id, mark))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl utoipa::PartialSchema for Facts {
    /// A loose description; the whole schema is that of `shodo assess --schema`.
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .description(Some(
                "Fact keys, each with {\"known\": value} or {\"unknown\": {\"until\": day}}",
            ))
            .additional_properties(Some(
                utoipa::openapi::schema::AdditionalProperties::FreeForm(true),
            ))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Facts {}
