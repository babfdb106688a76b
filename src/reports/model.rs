//! The post-mortem as plain data: what a renderer needs, and nothing about its look.
//!
//! Words that come from content files stand in both languages; what people wrote
//! stands as they wrote it. There is deliberately no place here for an affected
//! person's name or address: people appear as counts only.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::redaction::Level;
use crate::kernel::{Instant, LocaleText, Sha256};

/// The whole account of one incident, as it stood at `cover.created_at`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PostMortem {
    /// What the first page says.
    pub cover: Cover,
    /// Overview, cause, secondary damage and the like, in reading order.
    pub summary: Vec<Passage>,
    /// When the incident occurred, was noticed, contained, reported.
    pub milestones: Vec<Milestone>,
    /// How many people, and how many of them can be reached.
    pub people: People,
    /// Every timeline entry, oldest first.
    pub timeline: Vec<Entry>,
    /// What was decided, by whom and why.
    pub decisions: Vec<Decision>,
    /// What the law asked, and how it was answered.
    pub obligations: Vec<Obligation>,
    /// Which kinds of data were affected.
    pub data: Vec<DataCategory>,
    /// The imported lists, with every problem kept.
    pub rosters: Vec<Roster>,
    /// Filings and notices, with what became of them.
    pub notices: Vec<Notice>,
    /// What the team says of its own work.
    pub review: Review,
    /// What will be done, by whom, until when.
    pub actions: Vec<Action>,
    /// The five preventive measures and how they stood.
    pub measures: Vec<Measure>,
    /// What a reader needs to check the timeline behind this report.
    pub verification: Verification,
}

/// What the first page says.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Cover {
    /// The incident's number, e.g. `INC-2026-0001`.
    pub number: String,
    /// The incident's title.
    pub title: String,
    /// Whether this is an exercise and no real incident.
    pub practice: bool,
    /// Leak, misuse or privacy violation, once known.
    pub kind: Option<LocaleText>,
    /// The pattern within the kind, once known.
    pub pattern: Option<LocaleText>,
    /// How grave it is, once judged.
    pub severity: Option<LocaleText>,
    /// Open, contained, closed.
    pub state: LocaleText,
    /// Whose incident it is.
    pub organisation: LocaleText,
    /// For whom it was made, and so which names it holds.
    pub level: Level,
    /// Who may read this document, e.g. 関係者外秘.
    pub classification: LocaleText,
    /// Who led, once named.
    pub commander: Option<String>,
    /// When this report was made.
    pub created_at: Instant,
    /// Who had it made.
    pub created_by: String,
    /// The IANA name of the zone in which all times are written.
    pub zone: String,
}

/// One headed paragraph of the summary.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Passage {
    /// What the paragraph is about.
    pub heading: LocaleText,
    /// The words; `None` reads as still being established.
    pub text: Option<String>,
    /// Whether the words are Markdown; else every character stands for itself.
    pub markdown: bool,
}

/// Which point of the incident's course a [`Milestone`] marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// It began.
    Occurred,
    /// Somebody noticed something.
    Detected,
    /// Any department of the organisation knew (the clocks of the law start here).
    Known,
    /// The incident was declared.
    Declared,
    /// The damage could no longer spread.
    Contained,
    /// The first report reached an authority.
    Reported,
    /// The first notice to the people affected left.
    Notified,
    /// The incident was closed.
    Closed,
}

impl Point {
    /// Every point, in the order in which a report tells them.
    pub const ALL: [Self; 8] = [
        Self::Occurred,
        Self::Detected,
        Self::Known,
        Self::Declared,
        Self::Contained,
        Self::Reported,
        Self::Notified,
        Self::Closed,
    ];
}

/// When a point was reached; a point that is absent or has no instant is not known.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Milestone {
    /// Which point.
    pub point: Point,
    /// When.
    pub at: Option<Instant>,
}

/// How many people are affected, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Headcount {
    /// Counted.
    Exact(u64),
    /// Not counted yet, but no more than this.
    AtMost(u64),
    /// Nobody knows yet.
    Unknown,
}

/// The people affected, as counts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct People {
    /// How many are affected.
    pub affected: Headcount,
    /// For how many a way to tell them is on file.
    pub reachable: Option<u64>,
    /// For how many none is.
    pub unreachable: Option<u64>,
    /// How many are under age.
    pub minors: Option<Headcount>,
    /// How many live where.
    pub residence: Vec<Residence>,
    /// What became of all the notices to them.
    pub delivery: Delivery,
    /// When that came about.
    pub delivery_course: DeliveryCourse,
}

/// How many people live in one country or region.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Residence {
    /// The country or region.
    pub place: LocaleText,
    /// How many.
    pub people: u64,
}

/// What became of messages, in counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delivery {
    /// Taken over by the recipient's mail server.
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// Waiting, or being tried again.
    pub pending: u64,
    /// Handed over while the connection broke: it may or may not have arrived.
    pub uncertain: u64,
    /// People to whom nothing could be addressed.
    pub unreachable: u64,
}

/// What became of messages over time, in even stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryCourse {
    /// How long a stretch is, in minutes.
    pub minutes: u64,
    /// The stretches in which something came about, oldest first.
    pub steps: Vec<DeliveryStep>,
}

/// What became of messages in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryStep {
    /// When it begins.
    pub from: Instant,
    /// Taken over by the recipient's mail server, and not sent back since.
    pub sent: u64,
    /// Refused for good, or sent back.
    pub failed: u64,
}

/// One entry of the timeline.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// Its number in the incident's chain, from 1.
    pub seq: u64,
    /// When the thing happened.
    pub occurred_at: Instant,
    /// When it was written down.
    pub recorded_at: Instant,
    /// What kind of thing.
    pub kind: LocaleText,
    /// What happened; `None` once its content was erased.
    pub text: Option<LocaleText>,
    /// Who did or wrote it.
    pub actor: String,
    /// The entry's hash in the chain.
    pub hash: Sha256,
    /// Whether somebody chose it for the report's own course of events.
    pub pinned: bool,
}

/// One decision.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Decision {
    /// When it was made.
    pub at: Instant,
    /// What was decided.
    pub text: LocaleText,
    /// Why, if the reason was recorded.
    pub reason: Option<String>,
    /// Who decided.
    pub by: String,
}

/// One duty of law, with its answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Obligation {
    /// What must be done.
    pub duty: LocaleText,
    /// Towards whom.
    pub recipient: LocaleText,
    /// Where the law says so.
    pub citation: LocaleText,
    /// Whether the rule was read in the source itself, and not from memory.
    pub verified: bool,
    /// Whether the duty applies.
    pub verdict: Verdict,
    /// Until when.
    pub due: Due,
    /// Whether the due day may still move (a calendar not yet published).
    pub provisional: bool,
    /// When the duty was fulfilled.
    pub fulfilled_at: Option<Instant>,
    /// The authority's receipt, or what else proves it.
    pub proof: Option<String>,
    /// Which conditions and facts led to the verdict.
    pub reasons: Vec<LocaleText>,
    /// A person's judgement against the rule, which the rule's own answer survives.
    pub overruled: Option<Overruling>,
}

/// Whether a duty applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Required,
    /// It does not.
    NotRequired,
    /// It depends on this question, which nobody has answered yet.
    Undecided(LocaleText),
}

/// Until when a duty must be fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// To the minute.
    At(Instant),
    /// Until the end of that day, in the report's zone.
    On(#[schemars(with = "Day")] Date),
    /// By a clock whose start nobody has recorded yet.
    StartMissing,
    /// Promptly: the law names no number of days.
    Promptly,
    /// Nothing is due.
    Nothing,
}

/// A person's judgement against what the rule said.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Overruling {
    /// Who.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// One category of affected data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DataCategory {
    /// The category, e.g. 連絡先情報.
    pub category: LocaleText,
    /// The items within it.
    pub items: Vec<LocaleText>,
    /// How many people it concerns, once counted.
    pub people: Option<u64>,
}

/// One imported list of people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Roster {
    /// The sealed file's name.
    pub file: String,
    /// From which system it came.
    pub source: String,
    /// Where the data had been collected.
    pub collection_point: LocaleText,
    /// The sealed file's digest.
    pub digest: Sha256,
    /// Rows read.
    pub rows: u64,
    /// People whom it added.
    pub people_added: u64,
    /// Rows about people who were there already.
    pub duplicates: u64,
    /// All problems found, of which `problems` may show the first.
    pub problem_count: u64,
    /// The problems kept.
    pub problems: Vec<RosterProblem>,
}

/// One problem in a roster, without the value that caused it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RosterProblem {
    /// The row in the file, from 1.
    pub row: u64,
    /// The column's name.
    pub column: String,
    /// What is wrong.
    pub reason: LocaleText,
}

/// One filing or notice.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Notice {
    /// Which one.
    pub kind: LocaleText,
    /// Which version.
    pub version: u64,
    /// Draft, approved, sent.
    pub state: LocaleText,
    /// Who approved it, in order.
    pub approvals: Vec<Approval>,
    /// The digest of the approved bytes.
    pub digest: Option<Sha256>,
    /// When it was filed or sent.
    pub issued_at: Option<Instant>,
    /// The receipt of a filing.
    pub receipt: Option<String>,
    /// What became of its messages, where it went to people.
    pub delivery: Option<Delivery>,
}

/// One approval.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Approval {
    /// In which role, e.g. 法務.
    pub role: LocaleText,
    /// Who.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// What the team says of its own work.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Review {
    /// What went well.
    pub well: Vec<String>,
    /// What went badly.
    pub badly: Vec<String>,
    /// Where luck helped.
    pub luck: Vec<String>,
}

/// One action that follows from the incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Action {
    /// What will be done.
    pub text: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Until when.
    #[schemars(with = "Option<Day>")]
    pub due: Option<Date>,
    /// When it was done.
    pub done_at: Option<Instant>,
}

/// How one preventive measure stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    /// Nobody has looked yet.
    NotReviewed,
    /// In place everywhere.
    InPlace,
    /// In place with gaps.
    Partial,
    /// Not in place.
    Missing,
}

/// One of the five preventive measures.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Measure {
    /// The measure.
    pub name: LocaleText,
    /// How it stood.
    pub posture: Posture,
    /// What was found.
    pub note: Option<String>,
}

/// What a reader needs to check the timeline behind this report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verification {
    /// How many entries the chain held.
    pub entries: u64,
    /// The hash of the last one.
    pub head: Option<Sha256>,
    /// Whether the chain verified when the report was made; `None` if it was not checked.
    pub intact: Option<bool>,
    /// The last signed checkpoint that covers the chain.
    pub checkpoint: Option<String>,
}

/// How a day stands in JSON.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Day(#[schemars(extend("format" = "date"))] String);
