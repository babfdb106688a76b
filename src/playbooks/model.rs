//! Playbooks as content, and the steps of one incident.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{AccountId, Role};
use crate::kernel::{Instant, LocaleText};
use crate::store::schema::steps;

crate::ids! {
    /// Names one step of one incident.
    StepId;
}

crate::text_enum! {
    /// The six phases, in their order.
    pub enum Phase {
        /// 検知と体制づくり.
        Detect = "detect",
        /// 封じ込め.
        Contain = "contain",
        /// 影響範囲の特定.
        Scope = "scope",
        /// 当局への報告.
        Report = "report",
        /// 本人への通知.
        Notify = "notify",
        /// 再発防止と振り返り.
        Learn = "learn",
    }
}

crate::text_enum! {
    /// Where a step stands.
    pub enum StepState {
        /// 未着手: nobody looked at it yet.
        Todo = "todo",
        /// 対応中: somebody works on it.
        Doing = "doing",
        /// 完了.
        Done = "done",
        /// 対象外: left out, with a reason.
        Skipped = "skipped",
    }
}

crate::text_enum! {
    /// The page of the incident where a step is done.
    pub enum Link {
        /// The overview.
        Overview = "overview",
        /// The steps.
        Playbook = "playbook",
        /// The questions.
        Facts = "facts",
        /// The affected people.
        People = "people",
        /// Duties, filings and their clocks.
        Authorities = "authorities",
        /// Drafts, approval, sending.
        Notices = "notices",
        /// Sealed files.
        Evidence = "evidence",
        /// What happened.
        Timeline = "timeline",
        /// What was learnt.
        Review = "review",
    }
}

/// One of the playbooks, with its common steps already filled in.
#[derive(Clone, Debug, Serialize)]
pub struct Playbook {
    /// E.g. `leak-account-takeover`.
    pub id: String,
    /// Counts changes of the content.
    pub version: u32,
    /// Its name.
    pub title: LocaleText,
    /// How to recognise it, and what matters most.
    pub summary: LocaleText,
    /// Its phases, all six, in order.
    pub phases: Vec<PhaseContent>,
}

/// One phase of a playbook.
#[derive(Clone, Debug, Serialize)]
pub struct PhaseContent {
    /// Which.
    pub key: Phase,
    /// What is true when it is done.
    pub goal: LocaleText,
    /// Its steps.
    pub steps: Vec<StepContent>,
}

/// One step as the handbook describes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepContent {
    /// Unique in a playbook.
    pub key: String,
    /// What to do, in a line.
    pub title: LocaleText,
    /// What to do, in Markdown.
    pub what: LocaleText,
    /// Why.
    pub why: LocaleText,
    /// What is special in this playbook, in Markdown.
    #[serde(default)]
    pub extra: LocaleText,
    /// Whose step it is.
    pub role: Role,
    /// The questions that it wants answered.
    #[serde(default)]
    pub facts: Vec<String>,
    /// When it counts as done.
    pub done: Sentences,
    /// Minutes after declaring by which it should be done: a target, no deadline.
    pub target_minutes: i64,
    /// The pages where it is done.
    #[serde(default)]
    pub links: Vec<Link>,
    /// What finishes it by itself, e.g. `fact:cause` or `notice:customer_email:sent`.
    #[serde(default)]
    pub completes_on: Option<String>,
}

/// Sentences in both languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sentences {
    /// Japanese.
    pub ja: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl Sentences {
    /// The sentences in one language.
    pub fn get(&self, locale: crate::kernel::Locale) -> &[String] {
        match locale {
            crate::kernel::Locale::Ja => &self.ja,
            crate::kernel::Locale::En => &self.en,
        }
    }
}

/// One step of one incident, as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = steps)]
pub struct Step {
    /// The id.
    pub id: StepId,
    /// The incident.
    pub incident_id: String,
    /// The playbook it came from.
    pub playbook_id: String,
    /// The phase.
    pub phase: Phase,
    /// The key of its content.
    pub step_key: String,
    /// Its place among all steps.
    pub position: i64,
    /// Where it stands.
    pub state: StepState,
    /// Who does it.
    #[schema(value_type = Option<String>)]
    pub assignee_id: Option<AccountId>,
    /// When it was begun.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Instant>,
    /// When it was finished or left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Instant>,
    /// Why it was left out.
    pub reason: Option<String>,
    /// Counts changes.
    pub version: i64,
}
