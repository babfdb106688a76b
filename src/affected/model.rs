//! People, rosters, problems, groups and counts.

mod person;
mod retention;
mod roster;

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use person::{KeyKind, MaskedPerson, Person, PersonId, Recipient, Record};
pub(super) use person::{KeyRow, PersonRow, SourceRow};
pub(super) use retention::RetentionRow;
pub use retention::{Holdings, NewRetention, Retention};
pub use roster::{Field, Layout, Progress, Reason, Roster, RosterId, RosterProblem, RosterState};

use crate::kernel::{Instant, Locale};
use crate::store::schema::{person_conflicts, person_groups};

crate::ids! {
    /// Names one question whether two rows are one person.
    ConflictId;
}

crate::text_enum! {
    /// What a person was told, as far as it is known; the words stand under `notice-state-<state>`.
    pub enum NoticeState {
        /// No notice to them was sent.
        NotTold = "not-told",
        /// A notice waits to go out.
        Queued = "queued",
        /// A server took the notice for them.
        Sent = "sent",
        /// The notice could not be delivered.
        Failed = "failed",
    }
}

crate::text_enum! {
    /// A way to reach a person.
    pub enum Channel {
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A LINE user id.
        Line = "line",
        /// A postal address.
        Post = "post",
        /// Nothing of all this.
        None = "none",
    }
}

crate::text_enum! {
    /// What a person decided about a conflict.
    pub enum Decision {
        /// The rows are one person.
        Same = "same",
        /// The rows are two people.
        Different = "different",
    }
}

/// What people of one group have in common: everything that the register filters and counts by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Traits {
    /// The numbers of the rosters that they stand in.
    pub rosters: BTreeSet<i64>,
    /// Data items that a column of a roster names for them, beside those of the whole roster.
    pub data_items: BTreeSet<String>,
    pub locale: Locale,
    pub country: Option<String>,
    pub region: Option<String>,
    pub minor: Option<bool>,
    pub has_email: bool,
    pub has_phone: bool,
    pub has_line: bool,
    pub has_number: bool,
    pub has_post: bool,
    pub notice_state: NoticeState,
}

/// A group as it is stored, with the number of its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub id: i64,
    pub traits: Traits,
    pub people: i64,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = person_groups)]
pub(super) struct GroupRow {
    pub id: i64,
    pub rosters: String,
    pub data_items: String,
    pub locale: Locale,
    pub country: Option<String>,
    pub region: Option<String>,
    pub minor: Option<String>,
    pub has_email: bool,
    pub has_phone: bool,
    pub has_line: bool,
    pub has_number: bool,
    pub has_post: bool,
    pub notice_state: NoticeState,
    pub people: i64,
}

/// Which people of an incident are meant; what is not said does not narrow.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::IntoParams,
    utoipa::ToSchema,
)]
#[serde(default)]
pub struct Filter {
    /// A category of data items, by its id in the catalogue.
    pub category: Option<String>,
    /// A data item, by its id in the catalogue.
    pub data_item: Option<String>,
    /// ISO 3166-1 code; `unknown` for people without one.
    pub country: Option<String>,
    /// ISO 3166-2 code of a state, province or prefecture.
    pub region: Option<String>,
    /// The language of their notices.
    #[param(inline)]
    pub locale: Option<Locale>,
    /// `yes`, `no` or `unknown`: whether they are under 18.
    pub minor: Option<String>,
    /// A way to reach them.
    #[param(inline)]
    pub channel: Option<Channel>,
    /// What they were told.
    #[param(inline)]
    pub notice_state: Option<NoticeState>,
    /// The number of a roster that they stand in.
    pub roster: Option<i64>,
}

impl Filter {
    /// Whether it narrows nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a page of the register begins: behind this person of this group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The group.
    pub group: i64,
    /// The person.
    pub person: PersonId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.group, self.person)
    }
}

impl std::str::FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a place in the register is two numbers with a hyphen";
        let (group, person) = text.split_once('-').ok_or(WRONG)?;
        Ok(Self {
            group: group.parse().map_err(|_| WRONG)?,
            person: person.parse().map_err(|_| WRONG)?,
        })
    }
}

/// One page of the register.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The people, masked.
    pub people: Vec<MaskedPerson>,
    /// How many people the filter finds in all.
    pub total: i64,
    /// Where the next page begins; none behind the last.
    pub next: Option<Cursor>,
}

/// How many people an incident affects, and how they can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// People, each once.
    pub people: i64,
    /// Of these, with a usable e-mail address: those whom a mail notice reaches.
    pub with_email: i64,
    /// Of these, with a usable telephone number.
    pub with_phone: i64,
    /// Of these, with a LINE user id.
    pub with_line: i64,
    /// Of these, with a postal address.
    #[serde(default)]
    pub with_post: i64,
    /// Of these, with an e-mail address, a telephone number or a LINE user id.
    pub reachable: i64,
    /// Under 18.
    pub minors: i64,
    /// Known to be 18 or older.
    pub adults: i64,
    /// By ISO 3166-1 code; people without one are missing here.
    pub by_country: BTreeMap<String, i64>,
    /// By ISO 3166-2 code; people without one are missing here.
    #[serde(default)]
    pub by_region: BTreeMap<String, i64>,
    /// By the language of their notices.
    pub by_locale: BTreeMap<Locale, i64>,
    /// By data item: those of a person's rosters and those of their own rows.
    #[serde(default)]
    pub by_item: BTreeMap<String, i64>,
    /// By category of data items.
    #[serde(default)]
    pub by_category: BTreeMap<String, i64>,
    /// By what they were told.
    #[serde(default)]
    pub by_notice: BTreeMap<NoticeState, i64>,
    /// By the number of a roster.
    #[serde(default)]
    pub by_roster: BTreeMap<i64, i64>,
}

/// One field of the two sides of a conflict, under masks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The field.
    pub field: Field,
    /// What the row that raised the question has; may be empty.
    pub one: String,
    /// What the other side has; may be empty.
    pub other: String,
    /// Whether both say the same behind the masks; none where one side says nothing.
    pub same: Option<bool>,
}

/// A question whether two rows are one person, for somebody to decide.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = person_conflicts, treat_none_as_default_value = false)]
pub struct Conflict {
    /// The conflict.
    #[schema(value_type = String)]
    pub id: ConflictId,
    /// The incident.
    pub incident_id: String,
    /// The number of the roster whose row raised it.
    pub roster_number: i64,
    /// The row in that file.
    pub row: i64,
    /// The person whom the row was given to.
    #[schema(value_type = i64)]
    pub person_id: PersonId,
    /// The other person, who has the same contact; the same as `person_id` where the row was merged.
    #[schema(value_type = i64)]
    pub other_id: PersonId,
    /// [`Reason::NameDiffers`] or [`Reason::SharedContact`].
    pub reason: Reason,
    /// What was decided.
    pub decision: Option<Decision>,
    /// By whom: an account's id.
    pub decided_by: Option<String>,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Instant>,
}
