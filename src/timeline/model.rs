//! Entries, events and their kinds.

use std::borrow::Cow;

use diesel::prelude::*;
use serde_json::Value;

use crate::kernel::Instant;
use crate::store::schema::timeline_entries;

crate::ids! {
    /// Names one entry of the timeline.
    EntryId;
}

crate::text_enum! {
    /// What kind of thing happened; its words stand under `entry-<kind>` with dots as hyphens.
    pub enum Kind {
        /// The incident was declared.
        IncidentDeclared = "incident.declared",
        /// Title, kind, pattern or severity changed.
        IncidentChanged = "incident.changed",
        /// Somebody took command.
        CommanderNamed = "incident.commander-named",
        /// The incident was closed.
        IncidentClosed = "incident.closed",
        /// The incident was opened again.
        IncidentReopened = "incident.reopened",
        /// A clock start was said, or said anew.
        ClockStarted = "clock.started",
        /// The steps of a playbook were laid out.
        PlaybookStarted = "playbook.started",
        /// A step got a person.
        StepAssigned = "step.assigned",
        /// A step was begun.
        StepStarted = "step.started",
        /// A step was finished.
        StepFinished = "step.finished",
        /// A step was left out, with a reason.
        StepSkipped = "step.skipped",
        /// A step was opened again.
        StepReopened = "step.reopened",
        /// A question got an answer.
        FactAnswered = "fact.answered",
        /// A file was sealed.
        EvidenceSealed = "evidence.sealed",
        /// A sealed file was handed out.
        EvidenceOpened = "evidence.opened",
        /// A preview of a sealed file was shown.
        EvidenceSeen = "evidence.seen",
        /// A sealed file, or a copy of it, was given to somebody.
        EvidenceGiven = "evidence.given",
        /// A sealed file was compared with its digest.
        EvidenceVerified = "evidence.verified",
        /// Evidence was held back from destruction.
        EvidenceHeld = "evidence.held",
        /// A hold was lifted.
        EvidenceReleased = "evidence.released",
        /// A file's bytes were destroyed; its digest stays.
        EvidenceDestroyed = "evidence.destroyed",
        /// A roster was handed in and read through.
        RosterReceived = "roster.received",
        /// The import of a roster began.
        RosterStarted = "roster.started",
        /// The import of a roster was paused.
        RosterPaused = "roster.paused",
        /// A roster was imported.
        RosterImported = "roster.imported",
        /// The import of a roster failed; nothing of it stays.
        RosterFailed = "roster.failed",
        /// A roster was taken back whole.
        RosterUndone = "roster.undone",
        /// Somebody decided whether two rows are one person.
        ConflictDecided = "people.conflict-decided",
        /// The number of affected people passed a threshold of the law.
        ThresholdCrossed = "people.threshold-crossed",
        /// The register was exported.
        RegisterExported = "people.exported",
        /// It was decided until when the register is kept.
        RetentionSet = "retention.set",
        /// The register was destroyed.
        RegisterPurged = "retention.purged",
        /// One person's record was erased.
        PersonErased = "people.erased",
        /// Personal data were shown to somebody.
        PeopleRevealed = "people.revealed",
        /// A notice was drafted.
        NoticeDrafted = "notice.drafted",
        /// A notice got a new version.
        NoticeEdited = "notice.edited",
        /// A notice was handed in for approval.
        NoticeSubmitted = "notice.submitted",
        /// A notice was sent back.
        NoticeSentBack = "notice.sent-back",
        /// A notice was approved, its bytes frozen.
        NoticeApproved = "notice.approved",
        /// An approver let somebody else decide in their place.
        NoticeDelegated = "notice.delegated",
        /// Letters or LINE messages of a notice were handed over by people.
        NoticeHandedOver = "notice.handed-over",
        /// A notice's mails were queued.
        NoticeDispatched = "notice.dispatched",
        /// A sending was paused.
        SendingPaused = "notice.sending-paused",
        /// A paused sending went on.
        SendingResumed = "notice.sending-resumed",
        /// What of a sending had not gone out was withdrawn.
        SendingCancelled = "notice.sending-cancelled",
        /// Mails whose answer was lost were taken as sent.
        UncertainTakenAsSent = "notice.uncertain-taken-as-sent",
        /// Mails whose answer was lost are sent again.
        UncertainSentAgain = "notice.uncertain-sent-again",
        /// Mails whose answer was lost were given up.
        UncertainGivenUp = "notice.uncertain-given-up",
        /// All mails of a notice were settled.
        NoticeDelivered = "notice.delivered",
        /// A report was filed with an authority.
        ReportFiled = "report.filed",
        /// A person decided about a duty against or beside the rule, or took that back.
        DutyRuled = "duty.ruled",
        /// A note by hand.
        Note = "note.added",
        /// A decision by hand.
        Decision = "decision.recorded",
        /// A reminder went out.
        ReminderSent = "reminder.sent",
        /// The post-mortem was exported.
        ReportExported = "report.exported",
        /// An evidence bundle was handed out; the payload names the digest of its list.
        BundleExported = "bundle.exported",
        /// The review was written or changed.
        ReviewChanged = "review.changed",
        /// A question of the severity assessment got an answer.
        SeverityAnswered = "severity.answered",
        /// An entry was chosen for the report.
        EntryPinned = "timeline.pinned",
        /// An entry was taken out of the report's choice.
        EntryUnpinned = "timeline.unpinned",
        /// A sealed file was put to an entry.
        EvidenceAttached = "timeline.evidence-attached",
        /// A sealed file was taken away from an entry; the file stays.
        EvidenceDetached = "timeline.evidence-detached",
        /// Payloads of earlier entries were erased; the payload names their numbers.
        PayloadErased = "timeline.payload-erased",
    }
}

/// Who did it: an account, by its id, or the server itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(Cow<'static, str>);

impl Actor {
    /// The server itself.
    pub const SYSTEM: Self = Self(Cow::Borrowed("system"));

    /// An account.
    pub fn account(id: impl Into<String>) -> Self {
        Self(Cow::Owned(id.into()))
    }

    /// The text that the database keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a verb tells the timeline.
#[derive(Debug)]
pub struct Event<'a> {
    /// The incident.
    pub incident_id: &'a str,
    /// The kind.
    pub kind: Kind,
    /// Who.
    pub actor: &'a Actor,
    /// When it happened; now, when nothing else is known.
    pub occurred_at: Option<Instant>,
    /// Variables of the entry's words. No personal data of affected people.
    pub payload: Value,
}

/// One link of an incident's chain, as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = timeline_entries)]
pub struct Entry {
    /// The incident.
    pub incident_id: String,
    /// 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The entry's own id.
    pub id: EntryId,
    /// The kind.
    pub kind: Kind,
    /// An account's id, or `system`.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// 32 random bytes; empty once the payload was erased.
    pub salt: Vec<u8>,
    /// JSON text; none once erased.
    pub payload: Option<String>,
    /// SHA-256 over salt and payload.
    pub commitment: Vec<u8>,
    /// The hash of the entry before; 32 zero bytes for the first.
    pub prev_hash: Vec<u8>,
    /// The hash of this entry.
    pub hash: Vec<u8>,
}
