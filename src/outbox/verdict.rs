//! What a mail server's refusal means: for this person, this message, or for all our mail.
//!
//! The table is that of `docs/MAIL.md`. The enhanced status code (RFC 3463, registry of
//! RFC 5248) says more than the reply code, so it is read first. Who is blamed decides
//! what happens: a person's fault ends that person's message, ours must not.

use super::model::Failure;

/// Where in the conversation an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The greeting, `EHLO`, or `AUTH`.
    Opening,
    /// `MAIL FROM`: about our own address.
    Mail,
    /// `RCPT TO`: about the person's.
    Rcpt,
    /// `DATA`, before any content.
    Data,
    /// The final dot.
    Content,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Try this message again later; `full` when the mailbox is.
    Later {
        /// Whether the mailbox is full: that takes longer.
        full: bool,
    },
    /// This message will never be taken.
    Never(Failure),
    /// No message can go this way now: wait, and try the connection again.
    Line,
}

/// An enhanced status code `x.y.z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// 2, 4 or 5.
    pub class: u16,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail.
    pub detail: u16,
}

impl Status {
    /// Reads the status that begins a reply's text.
    pub fn read(text: &str) -> Option<Self> {
        let word = text.split_whitespace().next()?;
        let mut parts = word.splitn(3, '.').map(|part| {
            // RFC 3463 section 2: one digit, then one to three each.
            let digits = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            part.parse().ok().filter(|_| digits)
        });
        let status = Self {
            class: parts.next()??,
            subject: parts.next()??,
            detail: parts.next()??,
        };
        matches!(status.class, 2 | 4 | 5).then_some(status)
    }
}

/// Decides what a 4xx or 5xx answer means.
pub fn judge(step: Step, code: u16, text: &str) -> Verdict {
    // A status of another class than the code contradicts it: then the code counts.
    let status = Status::read(text).filter(|status| status.class == code / 100);
    if step == Step::Opening {
        return Verdict::Line;
    }
    // RFC 4954 section 6: what follows is about our account, whatever the step.
    if matches!(code, 530 | 534 | 535 | 538) {
        return Verdict::Line;
    }
    match (step, code) {
        (Step::Mail, 500..600) => mail_refused(code, status),
        (Step::Mail, _) => Verdict::Line,
        (_, 500..600) => refused(step, code, status),
        _ => Verdict::Later {
            full: status.is_some_and(|status| (status.subject, status.detail) == (2, 2)),
        },
    }
}

/// A server that refuses our own address refuses every message; only what names this message is about it.
fn mail_refused(code: u16, status: Option<Status>) -> Verdict {
    match status.map(|status| (status.subject, status.detail)) {
        Some((6, _) | (3, 4) | (2, 3)) => Verdict::Never(Failure::Message),
        None if code == 552 => Verdict::Never(Failure::Message),
        _ => Verdict::Line,
    }
}

fn refused(step: Step, code: u16, status: Option<Status>) -> Verdict {
    let Some(status) = status else {
        return match (step, code) {
            // RFC 5321 section 4.5.3.1.10: it stands for "too many recipients", and is temporary.
            (Step::Rcpt, 552) => Verdict::Later { full: true },
            (_, 552) => Verdict::Never(Failure::Message),
            // RFC 7504: the host takes no mail at all.
            (Step::Rcpt, 521 | 556) => Verdict::Never(Failure::Person),
            // Nobody there, or "we do not relay for you": servers say 550 for both.
            (Step::Rcpt, _) => Verdict::Never(Failure::Unclear),
            // The person was accepted: what is refused now is what we send.
            _ => Verdict::Never(Failure::Policy),
        };
    };
    Verdict::Never(match (status.subject, status.detail) {
        // 5.1.7 and 5.1.8 are about the sender's address.
        (1, 7 | 8) => Failure::Policy,
        (2, 3) | (3, 4) | (6, _) => Failure::Message,
        (1 | 2 | 4, _) => Failure::Person,
        // A disabled account; a mailbox or a domain that belongs to somebody else now (RFC 7293).
        (7, 13 | 17 | 18) => Failure::Person,
        (7, _) => Failure::Policy,
        _ => Failure::Unclear,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Verdict = Verdict::Later { full: false };
    const FULL: Verdict = Verdict::Later { full: true };

    fn never(failure: Failure) -> Verdict {
        Verdict::Never(failure)
    }

    #[test]
    fn the_table_of_answers() {
        let (person, unclear) = (never(Failure::Person), never(Failure::Unclear));
        let (policy, message) = (never(Failure::Policy), never(Failure::Message));
        for (step, code, text, expected) in [
            (Step::Opening, 554, "5.7.1 no", Verdict::Line),
            (Step::Opening, 421, "too busy", Verdict::Line),
            (Step::Opening, 535, "5.7.8 wrong password", Verdict::Line),
            (Step::Mail, 550, "5.1.8 no such sender", Verdict::Line),
            (Step::Mail, 550, "5.7.1 SPF", Verdict::Line),
            (Step::Mail, 451, "4.7.1 greylisted", Verdict::Line),
            (Step::Mail, 530, "5.7.0 sign in first", Verdict::Line),
            (Step::Mail, 552, "5.3.4 too large", message),
            (Step::Mail, 550, "5.6.7 no SMTPUTF8", message),
            (Step::Rcpt, 450, "4.2.0 greylisted", LATER),
            (Step::Rcpt, 451, "4.7.1 greylisted", LATER),
            (Step::Rcpt, 452, "4.2.2 full", FULL),
            (Step::Rcpt, 452, "too many recipients", LATER),
            (Step::Rcpt, 421, "4.3.2 closing", LATER),
            (Step::Rcpt, 552, "too many recipients", FULL),
            (Step::Rcpt, 552, "5.2.2 full", person),
            (Step::Rcpt, 550, "5.1.1 unknown", person),
            (Step::Rcpt, 550, "5.1.10 null MX", person),
            (Step::Rcpt, 550, "5.2.1 disabled", person),
            (Step::Rcpt, 550, "5.4.1 no route", person),
            (Step::Rcpt, 525, "5.7.13 account disabled", person),
            (Step::Rcpt, 550, "5.7.17 another owner", person),
            (Step::Rcpt, 556, "no mail here", person),
            (Step::Rcpt, 550, "5.1.7 bad sender", policy),
            (Step::Rcpt, 550, "5.7.23 SPF failed", policy),
            (Step::Rcpt, 554, "5.7.1 relay denied", policy),
            (Step::Rcpt, 550, "relay denied", unclear),
            (Step::Rcpt, 551, "user not local", unclear),
            (Step::Rcpt, 550, "5.5.0 what", unclear),
            (Step::Rcpt, 550, "4.2.1 contradicts itself", unclear),
            (Step::Rcpt, 535, "5.7.8 signed out", Verdict::Line),
            (Step::Data, 554, "no", policy),
            (Step::Data, 451, "4.3.0 later", LATER),
            (Step::Content, 552, "too large", message),
            (Step::Content, 554, "5.6.0 MIME", message),
            (Step::Content, 550, "5.7.26 DMARC", policy),
            (Step::Content, 550, "looks like spam", policy),
            (Step::Content, 452, "4.3.1 disk full", LATER),
            (Step::Content, 550, "5.2.2 full", person),
        ] {
            assert_eq!(judge(step, code, text), expected, "{step:?} {code} {text}");
        }
    }

    #[test]
    fn a_status_is_read_or_is_none() {
        let read = Status::read("5.1.10 no mail");
        assert_eq!(
            read,
            Some(Status {
                class: 5,
                subject: 1,
                detail: 10
            })
        );
        for none in [
            "",
            "OK",
            "5.1",
            "5.1.1234 x",
            "6.1.1 x",
            "5.+1.1",
            "192.0.2.1 x",
            "a.b.c",
        ] {
            assert_eq!(Status::read(none), None, "{none:?}");
        }
    }
}
