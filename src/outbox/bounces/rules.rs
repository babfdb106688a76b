//! Pure decisions: what a report means, and what of its words may be kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a server did with a message (RFC 3464 section 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It could not be delivered, and is not tried again.
    Failed,
    /// It is tried again.
    Delayed,
    /// It lies in the mailbox.
    Delivered,
    /// It went on to a server that sends no reports.
    Relayed,
    /// It went on to several addresses.
    Expanded,
}

/// What a report means for its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Refused for good.
    Bounced,
    /// Given up after waiting too long: the address may be right.
    Expired,
    /// Still on its way.
    Delayed,
    /// No failure.
    Nothing,
}

impl Action {
    /// Reads the value of an `Action` field.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        [
            ("failed", Self::Failed),
            ("delayed", Self::Delayed),
            ("delivered", Self::Delivered),
            ("relayed", Self::Relayed),
            ("expanded", Self::Expanded),
        ]
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, action)| action)
    }
}

/// Judges a report by its action and its status; without a status, by the code in the server's words.
///
/// Only what failed with a permanent status is a bounce. A failure with a
/// persistent transient one (4.x.x) means that a server gave up waiting, and so
/// does one without any: nothing says then that the address is wrong.
pub fn verdict(action: Option<Action>, status: &str, diagnostic: &str) -> Verdict {
    let class = status
        .trim()
        .split('.')
        .next()
        .and_then(|class| class.parse::<i64>().ok())
        .or_else(|| reply_code(diagnostic).map(|code| code / 100));
    match (action, class) {
        (Some(Action::Failed), Some(5)) => Verdict::Bounced,
        (Some(Action::Failed), _) => Verdict::Expired,
        (Some(Action::Delayed), _) => Verdict::Delayed,
        _ => Verdict::Nothing,
    }
}

/// The SMTP code that begins a server's words, e.g. 550 of `smtp; 550 5.1.1 …`.
pub fn reply_code(diagnostic: &str) -> Option<i64> {
    let words = diagnostic
        .split_once(';')
        .filter(|(kind, _)| !kind.contains(' '))
        .map_or(diagnostic, |(_, words)| words);
    let first = words
        .trim_start()
        .split(|c: char| !c.is_ascii_digit())
        .next()?;
    let code = (first.len() == 3).then(|| first.parse().ok()).flatten()?;
    (400..600).contains(&code).then_some(code)
}

/// What is kept: the status and the server's words, with a mark when the message only waits.
pub(super) fn words(verdict: Verdict, status: &str, diagnostic: &str) -> String {
    let mark = match verdict {
        Verdict::Delayed => "delayed:",
        Verdict::Expired => "given up:",
        Verdict::Bounced | Verdict::Nothing => "returned:",
    };
    [mark, status.trim(), diagnostic.trim()].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_permanent_failure_is_a_bounce() {
        let cases = [
            (Some(Action::Failed), "5.1.1", "", Verdict::Bounced),
            (Some(Action::Failed), " 5.7.26", "", Verdict::Bounced),
            (Some(Action::Failed), "4.4.7", "", Verdict::Expired),
            (
                Some(Action::Failed),
                "",
                "smtp; 550 no such user",
                Verdict::Bounced,
            ),
            (Some(Action::Failed), "", "smtp; 451 busy", Verdict::Expired),
            (Some(Action::Failed), "", "", Verdict::Expired),
            (Some(Action::Failed), "55.1.1", "", Verdict::Expired),
            (Some(Action::Delayed), "5.0.0", "", Verdict::Delayed),
            (Some(Action::Delivered), "5.0.0", "", Verdict::Nothing),
            (Some(Action::Relayed), "2.0.0", "", Verdict::Nothing),
            (None, "5.1.1", "", Verdict::Nothing),
        ];
        for (action, status, diagnostic, wanted) in cases {
            assert_eq!(
                verdict(action, status, diagnostic),
                wanted,
                "{action:?} {status} {diagnostic}"
            );
        }
    }

    #[test]
    fn the_code_is_the_first_number_only() {
        assert_eq!(reply_code("smtp; 550 5.1.1 unknown"), Some(550));
        assert_eq!(reply_code("smtp;452-4.2.2 full"), Some(452));
        assert_eq!(reply_code("550 unknown"), Some(550));
        for none in [
            "smtp; unknown user 550",
            "x-unix; 17",
            "smtp; 5500",
            "250 ok",
            "",
        ] {
            assert_eq!(reply_code(none), None, "{none}");
        }
        assert_eq!(Action::parse("Failed (expired)"), Some(Action::Failed));
        assert_eq!(Action::parse(""), None);
    }
}
