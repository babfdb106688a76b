//! The sections of a post-mortem, in the order in which it is read.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::kernel::Instant;
use crate::store::schema::post_mortem_versions;

crate::text_enum! {
    /// A section of the post-mortem; its words are `section-<key>` and `section-<key>-hint`.
    pub enum Section {
        /// What happened, for somebody who was not there.
        Summary = "summary",
        /// The course of events.
        WhatHappened = "what-happened",
        /// Remarks on the timeline.
        Timeline = "timeline",
        /// Consequences: penalties, litigation, compensation, loss of trust.
        Impact = "impact",
        /// Why it could happen.
        RootCause = "root-cause",
        /// Five times why.
        Whys = "whys",
        /// What made it likelier or worse.
        Factors = "factors",
        /// Remarks on duties that were kept or missed.
        Obligations = "obligations",
        /// How people, authorities and the public were told.
        Communication = "communication",
        /// What went well.
        WentWell = "went-well",
        /// What went badly.
        WentBadly = "went-badly",
        /// Where luck helped.
        Luck = "luck",
        /// How the five measures stood.
        Measures = "measures",
        /// What need not be collected or kept at all.
        Minimisation = "minimisation",
        /// Remarks on the actions.
        Actions = "actions",
    }
}

/// What a section is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Markdown.
    Text,
    /// Questions with their answers, in order.
    Whys,
    /// Factors with their categories.
    Factors,
    /// The five measures with posture and finding.
    Measures,
}

impl Section {
    /// What it is made of.
    pub fn shape(self) -> Shape {
        match self {
            Self::Whys => Shape::Whys,
            Self::Factors => Shape::Factors,
            Self::Measures => Shape::Measures,
            _ => Shape::Text,
        }
    }

    /// Whether the case itself tells it, so that people only remark on it.
    pub fn is_generated(self) -> bool {
        matches!(self, Self::Timeline | Self::Obligations | Self::Actions)
    }
}

/// One version of a section.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = post_mortem_versions)]
pub struct Version {
    /// The incident.
    #[serde(skip)]
    pub incident_id: String,
    /// Which section.
    pub section: Section,
    /// Counts saves; numbers are missing where automatic saves were taken together.
    pub version: i64,
    /// Markdown, or JSON for the sections made of rows.
    pub body: String,
    /// Whether it was saved while somebody was typing, and not by hand.
    pub automatic: bool,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub begun_at: Instant,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub recorded_by: AccountId,
    /// When it was saved last.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}
