//! One message over one connection: envelope, content, and what the answers mean.
//!
//! With a server that offers PIPELINING (RFC 2920) the envelope goes in one piece, and
//! together with the content goes the envelope of the next message: one round trip each.
//! Each answer is read in its order all the same, whatever became of the one before.

use std::time::Duration;

use super::wire::{self, Failure, Wire};
use super::{Line, Smtp};
use crate::outbox::message::Built;
use crate::outbox::model::{self, Outcome, Reply};
use crate::outbox::verdict::{self, Step, Verdict};

/// What the server said that it can do (RFC 5321 section 4.1.1.1).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offers {
    pub(super) pipelining: bool,
    smtp_utf8: bool,
    eight_bit: bool,
}

impl Offers {
    pub(super) fn read(hello: &Reply) -> Self {
        let has = |word: &str| {
            // The first line greets; the others each begin with a keyword.
            hello.text.lines().skip(1).any(|line| {
                line.split_whitespace()
                    .next()
                    .is_some_and(|keyword| keyword.eq_ignore_ascii_case(word))
            })
        };
        Self {
            pipelining: has("PIPELINING"),
            smtp_utf8: has("SMTPUTF8"),
            eight_bit: has("8BITMIME"),
        }
    }
}

/// What became of one message, the connection if it may be used again, and whether the
/// next message's envelope was said on it.
pub(in crate::outbox) struct Said<'a> {
    pub outcome: Outcome,
    pub line: Option<Line<'a>>,
    pub next_said: bool,
}

/// How the envelope went.
enum Envelope {
    /// The server waits for the content.
    Open,
    /// It does not want it; whether the connection is ready for another message.
    Closed(Outcome, bool),
    /// The connection is of no more use, and nothing was taken.
    Broken(Reply),
}

impl Smtp {
    /// Sends one message, whose envelope may have been said with the one before.
    ///
    /// `next` is the message that will follow on this connection, if that is known.
    pub(in crate::outbox) async fn send<'a>(
        &'a self,
        mut line: Line<'a>,
        message: &Built,
        said: bool,
        next: Option<&Built>,
    ) -> Said<'a> {
        let mut bytes = match envelope(message, line.offers) {
            Ok(bytes) => bytes,
            // The line was not used for it: what was said, was said for nothing else.
            Err(reply) => {
                return ended(Outcome::Refused(reply, model::Failure::Message), Some(line));
            }
        };
        let mut step = self
            .open_envelope(&mut line.wire, line.offers, &bytes, said)
            .await;
        if line.used && matches!(step, Envelope::Broken(_)) {
            // The server hung up between two messages: nothing of this one was taken, so say it anew.
            match self.open().await {
                Ok((wire, offers)) => (line.wire, line.offers) = (wire, offers),
                Err(reply) => return ended(Outcome::Trouble(reply), None),
            }
            step = self
                .open_envelope(&mut line.wire, line.offers, &bytes, false)
                .await;
        }
        line.used = true;
        match step {
            Envelope::Open => {}
            Envelope::Closed(outcome, true) => return ended(outcome, Some(line)),
            Envelope::Closed(outcome, false) => {
                self.close(line.wire).await;
                return ended(outcome, None);
            }
            Envelope::Broken(reply) => return ended(Outcome::Trouble(reply), None),
        }
        bytes.clear();
        if !wire::content(&message.bytes, &mut bytes) {
            // The server waits for content that must not go: only hanging up takes nothing.
            let reply = Reply::ours("the message holds a line break that is none in mail");
            return ended(Outcome::Refused(reply, model::Failure::Message), None);
        }
        let next = next
            .filter(|_| line.offers.pipelining)
            .and_then(|next| envelope(next, line.offers).ok());
        let next_said = next.is_some();
        bytes.extend(next.unwrap_or_default());
        let limit = self.timeouts.content();
        let answer = match line.wire.write(&bytes, limit).await {
            Ok(()) => line.wire.expect(limit).await,
            Err(failure) => Err(failure),
        };
        match answer {
            Ok(reply) => Said {
                outcome: Outcome::Sent(reply),
                line: Some(line),
                next_said,
            },
            Err(Failure::Answer(reply)) if reply.code == Some(421) => {
                self.close(line.wire).await;
                ended(meaning(Step::Content, reply), None)
            }
            // RFC 5321 section 3.3: the transaction is over, the next one may begin.
            Err(Failure::Answer(reply)) => Said {
                outcome: meaning(Step::Content, reply),
                line: Some(line),
                next_said,
            },
            // The final dot may have arrived.
            Err(Failure::Broken(reply)) => ended(Outcome::Unknown(reply), None),
        }
    }

    async fn open_envelope(
        &self,
        wire: &mut Wire,
        offers: Offers,
        bytes: &[u8],
        said: bool,
    ) -> Envelope {
        let limits = [
            (Step::Mail, self.timeouts.command()),
            (Step::Rcpt, self.timeouts.command()),
            (Step::Data, self.timeouts.data()),
        ];
        if offers.pipelining {
            let write = if said {
                Ok(())
            } else {
                wire.write(bytes, self.timeouts.command()).await
            };
            return match write {
                Ok(()) => self.read_envelope(wire, limits).await,
                Err(failure) => Envelope::Broken(failure.into_reply()),
            };
        }
        for ((step, limit), command) in limits
            .into_iter()
            .zip(bytes.split_inclusive(|b| *b == b'\n'))
        {
            let answer = match wire.write(command, limit).await {
                Ok(()) => wire.expect(limit).await,
                Err(failure) => Err(failure),
            };
            match answer {
                Ok(reply) if step == Step::Data && reply.code != Some(354) => {
                    return Envelope::Broken(out_of_order());
                }
                Ok(_) => {}
                Err(Failure::Answer(reply)) => return self.refused(wire, step, reply, false).await,
                Err(Failure::Broken(reply)) => return Envelope::Broken(reply),
            }
        }
        Envelope::Open
    }

    /// Reads the three answers of a group; the first refusal is what counts.
    async fn read_envelope(&self, wire: &mut Wire, limits: [(Step, Duration); 3]) -> Envelope {
        let mut refusal: Option<(Step, Reply)> = None;
        let mut data_open = false;
        for (step, limit) in limits {
            let answer = match wire.expect(limit).await {
                Ok(reply) => {
                    data_open = step == Step::Data && reply.code == Some(354);
                    continue;
                }
                Err(answer) => answer,
            };
            match answer {
                Failure::Answer(reply) => {
                    // 421: the server closes, and says nothing more (RFC 5321 section 3.8).
                    let closes = reply.code == Some(421);
                    refusal.get_or_insert((step, reply));
                    if closes {
                        break;
                    }
                }
                Failure::Broken(reply) => match refusal {
                    Some(_) => break,
                    None => return Envelope::Broken(reply),
                },
            }
        }
        match refusal {
            None if data_open => Envelope::Open,
            // 2xx in place of 354: the two sides no longer speak of the same thing.
            None => Envelope::Broken(out_of_order()),
            Some((step, reply)) => self.refused(wire, step, reply, data_open).await,
        }
    }

    /// Makes the connection ready for another message after a refusal, if it can be.
    async fn refused(
        &self,
        wire: &mut Wire,
        step: Step,
        reply: Reply,
        data_open: bool,
    ) -> Envelope {
        if step == Step::Mail && reply.code == Some(421) {
            return Envelope::Broken(reply);
        }
        let mut usable = reply.code != Some(421);
        if usable && data_open {
            // RFC 2920 section 3.1: a server may wait for content though nobody is to get it. A lone
            // dot ends that; what it answers does not matter.
            let limit = self.timeouts.content();
            usable = wire.write(b".\r\n", limit).await.is_ok() && wire.reply(limit).await.is_ok();
        }
        usable = usable && wire.speak("RSET", self.timeouts.command()).await.is_ok();
        Envelope::Closed(meaning(step, reply), usable)
    }
}

fn ended(outcome: Outcome, line: Option<Line<'_>>) -> Said<'_> {
    Said {
        outcome,
        line,
        next_said: false,
    }
}

fn out_of_order() -> Reply {
    Reply::ours("the mail server answered out of order")
}

/// Sorts a 4xx or 5xx answer.
fn meaning(step: Step, reply: Reply) -> Outcome {
    match verdict::judge(step, reply.code.unwrap_or_default(), &reply.text) {
        Verdict::Later { full } => Outcome::Deferred(reply, full),
        Verdict::Never(failure) => Outcome::Refused(reply, failure),
        Verdict::Line => Outcome::Trouble(reply),
    }
}

/// The commands that open a message, or what the server lacks for it.
fn envelope(message: &Built, offers: Offers) -> Result<Vec<u8>, Reply> {
    let (from, to): (&str, &str) = (message.from.as_ref(), message.to.as_ref());
    let mut parameters = String::new();
    if !(from.is_ascii() && to.is_ascii()) {
        if !offers.smtp_utf8 {
            return Err(Reply::ours(
                "the mail server cannot take this address (no SMTPUTF8)",
            ));
        }
        parameters.push_str(" SMTPUTF8");
    }
    if !message.bytes.is_ascii() {
        if !offers.eight_bit {
            return Err(Reply::ours(
                "the mail server cannot take 8-bit content (no 8BITMIME)",
            ));
        }
        parameters.push_str(" BODY=8BITMIME");
    }
    Ok(format!("MAIL FROM:<{from}>{parameters}\r\nRCPT TO:<{to}>\r\nDATA\r\n").into_bytes())
}
