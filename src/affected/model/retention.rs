//! Until when a register is kept, and what became of it.

use diesel::prelude::*;
use jiff::civil::Date;
use serde::Serialize;

use super::Counts;
use crate::evidence::Evidence;
use crate::kernel::{Instant, Problem, Result};
use crate::store::schema::retentions;

/// The rule for the register of one incident, and how far its destruction has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Retention {
    /// The incident.
    pub incident_id: String,
    /// The last day on which the register is kept.
    #[schema(value_type = String, format = Date)]
    pub keep_until: Date,
    /// Why until then: the law or the rule of the organisation that says so.
    pub basis: String,
    /// An account's id.
    pub set_by: String,
    /// When the rule was set.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Instant,
    /// When the people's key was destroyed; nothing of them can be read since.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub purge_started_at: Option<Instant>,
    /// Who had the register destroyed: an account's id.
    pub purged_by: Option<String>,
    /// When the last row and file were gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub purged_at: Option<Instant>,
    /// What the register counted when it was destroyed.
    pub counts: Option<Counts>,
    /// A change names the version that it saw.
    pub version: i64,
}

/// What a person decides about keeping; `version` is 0 where no rule stands yet.
#[derive(Clone, Debug, Default)]
pub struct NewRetention {
    /// The last day, ISO.
    pub keep_until: String,
    /// Why until then.
    pub basis: String,
    /// The version that the person saw.
    pub version: i64,
}

/// What the destruction of a register takes, and what it leaves.
#[derive(Clone, Debug)]
pub struct Holdings {
    /// The register in figures; they stay.
    pub counts: Counts,
    /// Sealed files of the affected people: their bytes go, their digests stay.
    pub files: Vec<Evidence>,
    /// Rosters that were handed in; what is said of them stays.
    pub rosters: usize,
    /// Rosters that are being imported, paused or taken back: the destruction waits for them.
    pub at_work: usize,
    /// Problems of rows, with masked values: they go, their number stays.
    pub problems: i64,
    /// Mails to these people whose content is still held: it goes, the states of delivery stay.
    pub mails: i64,
}

/// How a rule is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = retentions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(in crate::affected) struct RetentionRow {
    pub incident_id: String,
    pub keep_until: String,
    pub basis: String,
    pub set_by: String,
    pub set_at: Instant,
    pub purge_started_at: Option<Instant>,
    pub purged_by: Option<String>,
    pub purged_at: Option<Instant>,
    pub counts: Option<String>,
    pub version: i64,
}

impl Retention {
    /// Whether nothing of the people can be read any more.
    pub fn is_destroyed(&self) -> bool {
        self.purge_started_at.is_some()
    }

    pub(in crate::affected) fn of(row: RetentionRow) -> Result<Self> {
        Ok(Self {
            keep_until: row.keep_until.parse().map_err(Problem::internal)?,
            counts: row
                .counts
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?,
            incident_id: row.incident_id,
            basis: row.basis,
            set_by: row.set_by,
            set_at: row.set_at,
            purge_started_at: row.purge_started_at,
            purged_by: row.purged_by,
            purged_at: row.purged_at,
            version: row.version,
        })
    }
}
