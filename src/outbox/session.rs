//! A session: one connection that sends one begun message after the other.

use std::time::Duration;

use super::flow::Flow;
use super::model::{Failure, Outcome, Reply, State};
use super::prepare::Job;
use super::round::Worker;
use super::rules::{self, Next};
use super::settings::UncertainPolicy;
use super::store::Record;
use super::transport::Channel;
use crate::kernel::random;

/// How long a session rests after trouble while others go on: a server may allow fewer connections than we open.
const REST: Duration = Duration::from_secs(5);

impl Worker {
    /// Sends until the round is over, or no connection is of use any more.
    pub(super) async fn session(&self, flow: &Flow) {
        let mut channel: Option<Channel<'_>> = None;
        // Taken already; said when its envelope went with the message before.
        let mut ahead: Option<(Job, bool)> = None;
        loop {
            let (job, said) = match ahead.take() {
                Some(ahead) => ahead,
                None => match flow.next().await {
                    Some(job) => (job, false),
                    None => break,
                },
            };
            let open = match channel.take() {
                Some(open) => open,
                None => match self.transport.channel().await {
                    Ok(open) => open,
                    Err(reply) => {
                        flow.give_back(job);
                        if self.rest(flow, reply).await {
                            continue;
                        }
                        break;
                    }
                },
            };
            let next = if open.pipelines() {
                flow.next_bulk()
            } else {
                None
            };
            let now = self.clock.now();
            let delivered = self
                .transport
                .send(open, &job, said, next.as_ref(), now)
                .await;
            channel = delivered.channel;
            flow.finish(self.record(&job, &delivered.outcome));
            if let Some(next) = next {
                if channel.is_some() {
                    ahead = Some((next, delivered.next_said));
                } else {
                    flow.give_back(next);
                }
            }
            match delivered.outcome {
                Outcome::Trouble(reply) => {
                    if let Some((job, _)) = ahead.take() {
                        flow.give_back(job);
                    }
                    if let Some(open) = channel.take() {
                        self.transport.drop_channel(open).await;
                    }
                    if !self.rest(flow, reply).await {
                        break;
                    }
                }
                Outcome::Sent(_) => self.line_works().await,
                _ => {}
            }
        }
        if let Some(open) = channel {
            self.transport.put_back(open).await;
        }
        flow.ends();
    }

    /// Waits after trouble; false when nobody is left to wait for, or the round is over.
    async fn rest(&self, flow: &Flow, reply: Reply) -> bool {
        self.line_in_trouble(&reply).await;
        if !flow.rests() {
            self.line_is_shut().await;
            flow.close();
            return false;
        }
        let over = async {
            while !(flow.is_closed() || flow.is_idle()) {
                flow.sessions.notified().await;
            }
        };
        drop(tokio::time::timeout(REST, over).await);
        if flow.is_closed() {
            return false;
        }
        flow.wakes();
        true
    }

    /// What is written down of an attempt.
    fn record(&self, job: &Job, outcome: &Outcome) -> Record {
        let (now, [random]) = (self.clock.now(), random::bytes());
        let tried = job.attempts.saturating_add(1);
        let again = |full| {
            let retry = &self.settings.retry;
            match rules::next_attempt(retry, tried, job.created_at, now, full, random) {
                Next::At(at) => (State::Queued, tried, Some(at), None),
                Next::GiveUp => (State::Failed, tried, None, Some(Failure::Expired)),
            }
        };
        let (reply, (state, attempts, due_at, failure)) = match outcome {
            Outcome::Sent(reply) => (reply, (State::Sent, tried, None, None)),
            Outcome::Refused(reply, failure) => {
                (reply, (State::Failed, tried, None, Some(*failure)))
            }
            Outcome::Unknown(reply) => (
                reply,
                match self.settings.uncertain {
                    UncertainPolicy::Ask => (State::Uncertain, tried, None, None),
                    UncertainPolicy::Sent => (State::Sent, tried, None, None),
                    UncertainPolicy::Resend => again(false),
                },
            ),
            Outcome::Deferred(reply, full) => (reply, again(*full)),
            Outcome::Trouble(reply) => {
                let at = rules::next_connection(1, now, random);
                (reply, (State::Queued, job.attempts, Some(at), None))
            }
        };
        Record {
            id: job.id.clone(),
            batch: job.batch.clone(),
            state,
            attempts,
            due_at,
            reply_code: reply.code.map(i64::from),
            reply: Some(rules::keepable(&reply.text, Some(job.to.address()))),
            failure,
        }
    }
}
