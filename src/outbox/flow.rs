//! Messages on their way through one round: prepared, begun, finished.
//!
//! Feeder, scribe and sessions meet here and nowhere else. A message is *begun* when
//! the database says so, which is before the mail server hears of it; it is under way
//! until its outcome is written down.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::courier::Pass;
use super::model::{MailId, State};
use super::prepare::Job;
use super::store::Record;

/// What the parts of a round share.
pub(super) struct Flow {
    inner: Mutex<Inner>,
    /// Something was prepared or finished: the scribe's turn.
    pub scribe: Notify,
    /// Something is ready, or the round is over: the sessions' turn.
    pub sessions: Notify,
    /// Something was taken away: the feeder's turn.
    pub feeder: Notify,
}

#[derive(Default)]
struct Inner {
    prepared: Queue,
    ready: Queue,
    finished: Vec<Finished>,
    /// Taken by the scribe, whose commit that begins them runs now.
    beginning: usize,
    /// Begun, and the outcome not written down yet.
    under_way: usize,
    /// Sessions that are neither resting nor ended.
    working: usize,
    /// Sessions that have not ended.
    open: usize,
    /// Nothing more comes.
    fed: bool,
    /// Nothing more may begin: the worker stops, no line is left, or the database is in trouble.
    closed: bool,
    pass: Pass,
}

impl Inner {
    /// Whether no message is anywhere between the database and its outcome.
    fn is_empty(&self) -> bool {
        self.prepared.len() == 0 && self.beginning == 0 && self.under_way == 0
    }
}

/// Two queues: the team's is emptied first.
#[derive(Default)]
struct Queue {
    team: VecDeque<Job>,
    bulk: VecDeque<Job>,
}

impl Queue {
    fn push(&mut self, job: Job) {
        if job.is_team() {
            self.team.push_back(job);
        } else {
            self.bulk.push_back(job);
        }
    }

    fn put_back(&mut self, job: Job) {
        if job.is_team() {
            self.team.push_front(job);
        } else {
            self.bulk.push_front(job);
        }
    }

    fn pop(&mut self) -> Option<Job> {
        self.team.pop_front().or_else(|| self.bulk.pop_front())
    }

    fn len(&self) -> usize {
        self.team.len().saturating_add(self.bulk.len())
    }
}

/// What came of a message: one that had begun, or one that never could.
struct Finished {
    record: Record,
    begun: bool,
}

/// What the scribe writes down next.
#[derive(Default)]
pub(super) struct Work {
    pub records: Vec<Record>,
    /// How many of the records are of messages that had begun.
    pub begun: usize,
    pub team: Vec<Job>,
    pub bulk: Vec<Job>,
    /// Whether the round is over.
    pub over: bool,
}

impl Flow {
    pub(super) fn new(sessions: usize) -> Self {
        Self {
            inner: Mutex::new(Inner {
                working: sessions,
                open: sessions,
                ..Inner::default()
            }),
            scribe: Notify::new(),
            sessions: Notify::new(),
            feeder: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code panics while it holds this; what it guards is whole in any case.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings prepared messages, and records of those that can never go.
    pub(super) fn bring(&self, jobs: Vec<Job>, hopeless: Vec<Record>) {
        let mut inner = self.lock();
        inner.pass.unsent = inner.pass.unsent.saturating_add(hopeless.len());
        jobs.into_iter().for_each(|job| inner.prepared.push(job));
        inner
            .finished
            .extend(hopeless.into_iter().map(|record| Finished {
                record,
                begun: false,
            }));
        drop(inner);
        self.scribe.notify_one();
    }

    /// How many bulk messages are prepared.
    pub(super) fn prepared(&self) -> usize {
        self.lock().prepared.bulk.len()
    }

    /// How many messages were finished so far.
    pub(super) fn done(&self) -> usize {
        let pass = self.lock().pass;
        pass.sent.saturating_add(pass.unsent)
    }

    /// Whether nothing is prepared or under way.
    pub(super) fn is_idle(&self) -> bool {
        let inner = self.lock();
        inner.is_empty() && inner.finished.is_empty()
    }

    /// Says that nothing more comes.
    pub(super) fn fed(&self) {
        self.lock().fed = true;
        self.scribe.notify_one();
    }

    /// Lets nothing more begin; what is on the wire finishes. A second time does nothing.
    pub(super) fn close(&self) {
        if std::mem::replace(&mut self.lock().closed, true) {
            return;
        }
        self.scribe.notify_one();
        self.sessions.notify_waiters();
        self.feeder.notify_one();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Takes what is to be written down now: outcomes, and messages to begin.
    ///
    /// `ready` is how many should lie ready for the sessions, `window` how many may be under
    /// way. The team's messages wait for neither.
    pub(super) fn work(&self, ready: usize, window: usize) -> Work {
        let mut inner = self.lock();
        let finished = std::mem::take(&mut inner.finished);
        let begun = finished.iter().filter(|one| one.begun).count();
        let mut work = Work {
            records: finished.into_iter().map(|one| one.record).collect(),
            begun,
            ..Work::default()
        };
        if !inner.closed {
            work.team = inner.prepared.team.drain(..).collect();
            let under_way = inner.under_way.saturating_sub(begun);
            let room = window.saturating_sub(under_way);
            let wanted = ready.saturating_sub(inner.ready.len()).min(room);
            let wanted = wanted.min(inner.prepared.bulk.len());
            work.bulk = inner.prepared.bulk.drain(..wanted).collect();
        }
        inner.beginning = work.team.len().saturating_add(work.bulk.len());
        let empty = work.records.is_empty() && work.team.is_empty() && work.bulk.is_empty();
        let drained = inner.fed && inner.is_empty();
        work.over = empty && (drained || (inner.closed && inner.open == 0));
        work
    }

    /// How many lie ready.
    pub(super) fn ready(&self) -> usize {
        self.lock().ready.len()
    }

    /// Gives bulk messages back that may not begin yet.
    pub(super) fn unprepare(&self, jobs: Vec<Job>) {
        let mut inner = self.lock();
        inner.beginning = inner.beginning.saturating_sub(jobs.len());
        jobs.into_iter()
            .rev()
            .for_each(|job| inner.prepared.put_back(job));
    }

    /// Hands over what has begun; `written` of the ones before were written down.
    pub(super) fn begun(&self, jobs: Vec<Job>, written: usize) {
        let mut inner = self.lock();
        inner.beginning = 0;
        inner.under_way = inner
            .under_way
            .saturating_add(jobs.len())
            .saturating_sub(written);
        jobs.into_iter().for_each(|job| inner.ready.push(job));
        drop(inner);
        self.sessions.notify_waiters();
        self.feeder.notify_one();
    }

    /// Drops what is prepared of these batches: it went back to the database.
    pub(super) fn discard(&self, batches: &[String]) {
        self.lock()
            .prepared
            .bulk
            .retain(|job| !batches.contains(&job.batch));
    }

    /// Waits for a message that has begun; nothing when the round is over.
    pub(super) async fn next(&self) -> Option<Job> {
        loop {
            let turn = self.sessions.notified();
            {
                let mut inner = self.lock();
                if inner.closed {
                    return None;
                }
                if let Some(job) = inner.ready.pop() {
                    return Some(job);
                }
                if inner.fed && inner.is_empty() {
                    return None;
                }
            }
            turn.await;
        }
    }

    /// The next bulk message, to be announced with the one before; the team's never queue up so.
    pub(super) fn next_bulk(&self) -> Option<Job> {
        let mut inner = self.lock();
        if inner.closed || !inner.ready.team.is_empty() {
            return None;
        }
        inner.ready.bulk.pop_front()
    }

    /// Gives a begun message back of which the mail server heard nothing, or took nothing.
    pub(super) fn give_back(&self, job: Job) {
        self.lock().ready.put_back(job);
        self.sessions.notify_waiters();
    }

    /// Reports what came of a begun message.
    pub(super) fn finish(&self, record: Record) {
        let mut inner = self.lock();
        if record.state == State::Sent {
            inner.pass.sent = inner.pass.sent.saturating_add(1);
        } else {
            inner.pass.unsent = inner.pass.unsent.saturating_add(1);
        }
        inner.finished.push(Finished {
            record,
            begun: true,
        });
        drop(inner);
        self.scribe.notify_one();
    }

    /// A session has trouble; says whether others still work.
    pub(super) fn rests(&self) -> bool {
        let mut inner = self.lock();
        inner.working = inner.working.saturating_sub(1);
        inner.working > 0
    }

    /// A session tries again after a rest.
    pub(super) fn wakes(&self) {
        let mut inner = self.lock();
        inner.working = inner.working.saturating_add(1);
    }

    /// A session ended.
    pub(super) fn ends(&self) {
        let mut inner = self.lock();
        inner.open = inner.open.saturating_sub(1);
        drop(inner);
        self.scribe.notify_one();
    }

    /// What the round came to, outcomes that nobody wrote down, and what had begun without a word.
    pub(super) fn end(self) -> (Pass, Vec<Record>, Vec<MailId>) {
        let mut inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let finished = inner.finished.into_iter().map(|one| one.record).collect();
        let mut unsaid = Vec::new();
        while let Some(job) = inner.ready.pop() {
            unsaid.push(job.id);
        }
        (inner.pass, finished, unsaid)
    }
}
