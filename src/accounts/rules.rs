//! Who may do what, when a lock falls, how long a session and a link live, which passwords are refused.

use jiff::SignedDuration;

use super::model::{Capability, LinkPurpose, Role};
use crate::kernel::Instant;
use crate::kernel::problem::FieldProblem;

/// A session ends after this long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session ends after this long, whatever happens.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How old the last sight of a session may grow before it is written anew.
pub const SESSION_TOUCH: SignedDuration = SignedDuration::from_mins(5);
/// The shortest password.
pub const PASSWORD_MIN: usize = 12;
/// The longest password.
pub const PASSWORD_MAX: usize = 128;

/// Whether a role may do an act.
///
/// | | administrator | commander | legal | responder | approver | viewer |
/// |---|---|---|---|---|---|---|
/// | manage accounts, manage settings | ● | | | | | |
/// | declare an incident | ● | ● | ● | ● | | |
/// | edit an incident, its clocks and steps | ● | ● | | ● | | |
/// | answer facts, draft notices, write the post-mortem | ● | ● | ● | ● | | |
/// | import a roster, reveal people, export the register | ● | ● | | ● | | |
/// | approve a notice | ● | ● | ● | | ● | |
/// | change templates of notices | ● | | ● | | | |
/// | send a notice, destroy the register | ● | ● | | | | |
/// | record a filing, hold evidence | ● | ● | ● | | | |
/// | add a note | ● | ● | ● | ● | ● | |
/// | view, export | ● | ● | ● | ● | ● | ● |
///
/// The administrator may do everything, because in a small organisation one
/// person does. That nobody approves their own draft is a rule of the notices.
pub fn allows(role: Role, capability: Capability) -> bool {
    use Capability as C;
    use Role as R;
    match capability {
        C::ManageAccounts | C::ManageSettings => role == R::Administrator,
        C::DeclareIncident | C::AnswerFacts | C::DraftNotice | C::WritePostMortem => {
            matches!(
                role,
                R::Administrator | R::Commander | R::Legal | R::Responder
            )
        }
        C::EditIncident | C::ImportRoster | C::RevealPeople | C::ExportRegister => {
            matches!(role, R::Administrator | R::Commander | R::Responder)
        }
        C::ApproveNotice => matches!(
            role,
            R::Administrator | R::Commander | R::Legal | R::Approver
        ),
        C::SendNotice | C::PurgeRegister => matches!(role, R::Administrator | R::Commander),
        C::RecordFiling | C::HoldEvidence => {
            matches!(role, R::Administrator | R::Commander | R::Legal)
        }
        C::RuleOnDuty | C::EditTemplates => matches!(role, R::Administrator | R::Legal),
        C::AddNote => role != R::Viewer,
        C::ViewIncidents | C::ExportReport => true,
    }
}

/// What attempts are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One account, whether it exists or not.
    Account,
    /// One client address.
    Client,
}

/// How long nobody may try after this many failures in a row: 1 minute, doubled up to 30.
///
/// An address gets more tries than an account, because an office shares one.
pub fn lock_after(subject: Subject, failures: i64) -> Option<SignedDuration> {
    let free = match subject {
        Subject::Account => 5,
        Subject::Client => 20,
    };
    let beyond = failures.checked_sub(free).filter(|beyond| *beyond >= 0)?;
    let doublings = u32::try_from(beyond).unwrap_or(u32::MAX).min(5);
    Some(SignedDuration::from_mins(1_i64 << doublings).min(SignedDuration::from_mins(30)))
}

/// After this long without a failure, counting starts anew.
pub const FAILURES_FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// Whether a session still holds.
pub fn session_holds(now: Instant, seen_at: Instant, expires_at: Instant) -> bool {
    now < expires_at && now < seen_at.plus(SESSION_IDLE)
}

/// How long a one-time link holds.
pub fn link_life(purpose: LinkPurpose) -> SignedDuration {
    match purpose {
        LinkPurpose::Setup | LinkPurpose::Reset => SignedDuration::from_hours(24),
        LinkPurpose::Invitation => SignedDuration::from_hours(7 * 24),
    }
}

/// What is wrong with a new password, if anything.
///
/// Length and familiarity count, composition does not (NIST SP 800-63B).
/// `context` are words that a guesser knows: the address and the name.
pub fn password_problem(password: &str, context: &[&str]) -> Option<FieldProblem> {
    let problem = |key, params| {
        Some(FieldProblem {
            field: "new_password".to_owned(),
            key,
            params,
        })
    };
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return problem(
            "field-password-short",
            vec![("minimum", PASSWORD_MIN.to_string())],
        );
    }
    if length > PASSWORD_MAX {
        return problem(
            "field-password-long",
            vec![("maximum", PASSWORD_MAX.to_string())],
        );
    }
    let folded = password.to_lowercase();
    if is_common(&folded) {
        return problem("field-password-common", Vec::new());
    }
    let words = context
        .iter()
        .flat_map(|text| text.split(['@', '.', ' ', '\u{3000}']))
        .map(str::to_lowercase)
        .chain(["shodo".to_owned(), "初動".to_owned()]);
    // What is left beside the known word must still be a password's worth of secret.
    for word in words.filter(|word| word.chars().count() >= 2) {
        let rest = folded.replace(&word, "");
        if rest.len() < folded.len() && rest.chars().count() < PASSWORD_MIN - 4 {
            return problem("field-password-context", Vec::new());
        }
    }
    None
}

/// Words and runs that guessers try first, in the lists that leaks produced.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "pass",
    "qwerty",
    "qwertyuiop",
    "qwertyui",
    "qazwsx",
    "qazwsxedc",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "zaq12wsx",
    "asdfghjkl",
    "asdfgh",
    "zxcvbnm",
    "zxcvbn",
    "abcdefg",
    "abcdefgh",
    "abcdefghijkl",
    "abcdef",
    "abc",
    "iloveyou",
    "welcome",
    "letmein",
    "admin",
    "administrator",
    "root",
    "login",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman",
    "pokemon",
    "naruto",
    "doraemon",
    "sakura",
    "arigatou",
    "aishiteru",
    "changeme",
    "default",
    "secret",
    "master",
    "trustno",
    "whatever",
    "starwars",
    "computer",
    "internet",
    "company",
    "security",
    "correcthorsebatterystaple",
];

fn is_common(folded: &str) -> bool {
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    // Only digits and signs: dates, phone numbers and runs, in any length that people type.
    if core.is_empty() || COMMON.contains(&core) || COMMON.contains(&folded) {
        return true;
    }
    let characters: Vec<char> = folded.chars().collect();
    // The same one to six characters again and again.
    (1..=6).any(|unit| {
        characters
            .iter()
            .zip(characters.iter().skip(unit))
            .all(|(a, b)| a == b)
    }) || COMMON.iter().any(|word| {
        let mut rest = folded;
        let mut times = 0;
        while let Some(shorter) = rest.strip_prefix(word) {
            rest = shorter;
            times += 1;
        }
        times > 0 && rest.chars().all(|c| !c.is_alphabetic())
    })
}
