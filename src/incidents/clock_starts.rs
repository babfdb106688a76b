//! The instants at which a law's clock can begin.
//!
//! What comes in is an instant, the zone of the person who said it, and who said
//! it; the rules of each law choose among them. Nothing here computes a deadline.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::Instant;

crate::text_enum! {
    /// Which moment of the incident an instant names.
    pub enum ClockStartKind {
        /// The event itself happened, or began.
        Occurred = "occurred",
        /// A person or a system first noticed something.
        Detected = "detected",
        /// Any department of the business knew; APPI counts from here (guideline 3-5-3-3).
        AnyDepartmentKnew = "any_department_knew",
        /// The business is aware with reasonable certainty; GDPR art. 33 counts from here.
        Aware = "aware",
        /// A processor or delegatee told us.
        InformedByProcessor = "informed_by_processor",
        /// We told the delegator or controller.
        InformedDelegator = "informed_delegator",
        /// It was determined that there was a breach.
        DeterminedBreach = "determined_breach",
        /// It was determined that the breach must be notified.
        DeterminedNotifiable = "determined_notifiable",
        /// It was determined that the incident is material to investors.
        DeterminedMaterial = "determined_material",
        /// The incident was classified as major or significant.
        Classified = "classified",
        /// It was found out whose data they are.
        RecipientsIdentified = "recipients_identified",
        /// A correction of the vulnerability became available.
        CorrectiveMeasureAvailable = "corrective_measure_available",
        /// A ransom was paid.
        RansomPaid = "ransom_paid",
        /// The handling of the incident ended.
        HandlingEnded = "handling_ended",
    }
}

/// The zone that is taken when none is said.
pub const DEFAULT_ZONE: &str = "Asia/Tokyo";

/// One moment, and on whose word it rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockStart {
    /// The instant; RFC 3339 with an offset.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// IANA name of the zone in which people speak of it.
    #[serde(default = "default_zone")]
    pub zone: String,
    /// Who said so.
    #[serde(default)]
    pub said_by: String,
}

impl ClockStart {
    /// The zone, or the default zone where its name is not known to this build.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone)
            .or_else(|_| TimeZone::get(DEFAULT_ZONE))
            .unwrap_or(TimeZone::UTC)
    }
}

/// Every moment that somebody has named; the latest word for each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct ClockStarts(pub BTreeMap<ClockStartKind, ClockStart>);

impl ClockStarts {
    /// The moment of this kind, if somebody has named it.
    pub fn get(&self, kind: ClockStartKind) -> Option<&ClockStart> {
        self.0.get(&kind)
    }

    /// Takes a moment, in place of an earlier word for the same kind.
    pub fn set(&mut self, kind: ClockStartKind, start: ClockStart) {
        self.0.insert(kind, start);
    }

    /// The first of these kinds that somebody has named.
    pub fn first_of(&self, kinds: &[ClockStartKind]) -> Option<(ClockStartKind, &ClockStart)> {
        kinds
            .iter()
            .find_map(|kind| self.get(*kind).map(|start| (*kind, start)))
    }
}

impl JsonSchema for ClockStarts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockStarts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let start = generator.subschema_for::<ClockStart>();
        let properties: BTreeMap<_, _> = ClockStartKind::ALL
            .iter()
            .map(|kind| (kind.as_str(), start.clone()))
            .collect();
        schemars::json_schema!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties
        })
    }
}

/// Whether a name is an IANA zone that this build knows.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

fn default_zone() -> String {
    DEFAULT_ZONE.to_owned()
}
