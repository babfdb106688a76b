//! From a claimed row to a message: open what is sealed, fill in the template, build.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::address::{Recipient, Sender};
use super::message::{self, Built, Letterhead};
use super::model::{Failure, Letter, MailId, Priority, State};
use super::pieces::Pieces;
use super::store::{self, Claimed, Record};
use super::template::{BatchTemplate, Content};
use crate::kernel::{Code, Instant, Locale, Problem, Result};
use crate::store::Conn;
use crate::vault::{DataKey, Scope, Vault};

/// A message ready to go.
pub(super) struct Job {
    pub id: MailId,
    /// Its batch, or [`store::TEAM`].
    pub batch: String,
    pub attempts: i64,
    pub created_at: Instant,
    /// Whether it was never put off: by the mail server, by a limit, or by trouble.
    pub fresh: bool,
    pub to: Recipient,
    /// What it says, for the transport that shows it.
    pub content: Option<Content>,
    pub built: Built,
}

impl Job {
    /// Whether a team waits for it.
    pub fn is_team(&self) -> bool {
        self.batch == store::TEAM
    }
}

/// Prepares claimed rows; those that can never go out come back as records.
pub(super) fn prepare(
    conn: &mut Conn,
    vault: &Vault,
    letterhead: &Letterhead,
    now: Instant,
    rows: Vec<Claimed>,
    keep_content: bool,
) -> Result<(Vec<Job>, Vec<Record>)> {
    let mut desk = Desk {
        vault,
        letterhead,
        now,
        keep_content,
        keys: HashMap::new(),
        batches: HashMap::new(),
    };
    let (mut jobs, mut hopeless) = (Vec::new(), Vec::new());
    for row in rows {
        match desk.job(conn, &row)? {
            Ok(job) => jobs.push(job),
            Err(record) => hopeless.push(record),
        }
    }
    Ok((jobs, hopeless))
}

/// What one round opened already: keys by scope, templates by batch.
struct Desk<'a> {
    vault: &'a Vault,
    letterhead: &'a Letterhead,
    now: Instant,
    keep_content: bool,
    keys: HashMap<String, Option<DataKey>>,
    batches: HashMap<String, Form>,
}

/// What a batch says, cut into pieces once, and as whom.
struct Form {
    template: BatchTemplate,
    sender: Sender,
    ja: Option<Pieces>,
    en: Option<Pieces>,
}

impl Form {
    fn read(template: &str, sender: &str) -> Result<Self> {
        let template: BatchTemplate = serde_json::from_str(template)?;
        Ok(Self {
            ja: template.ja.as_ref().map(Pieces::of),
            en: template.en.as_ref().map(Pieces::of),
            template,
            sender: serde_json::from_str(sender)?,
        })
    }

    fn pieces(&self, locale: Locale) -> Option<&Pieces> {
        match self.template.language(locale)? {
            Locale::Ja => self.ja.as_ref(),
            Locale::En => self.en.as_ref(),
        }
    }
}

impl Desk<'_> {
    fn job(&mut self, conn: &mut Conn, row: &Claimed) -> Result<Result<Job, Record>> {
        let destroyed = || hopeless(row, State::Cancelled, "the personal data were destroyed");
        // One person's messages are emptied while the key of the others lives on.
        if row.sealed.is_empty() {
            return Ok(Err(destroyed()));
        }
        let Some(key) = self.key(conn, &row.scope)? else {
            return Ok(Err(destroyed()));
        };
        let letter = key
            .open(&super::purpose(row.id.as_str()), &row.sealed)
            .and_then(|json| Ok(serde_json::from_slice::<Letter>(&json)?));
        let letter = match letter {
            Ok(letter) => letter,
            Err(problem) => {
                tracing::error!(mail = %row.id, %problem, "a queued message cannot be opened");
                return Ok(Err(hopeless(
                    row,
                    State::Failed,
                    "the stored message cannot be opened",
                )));
            }
        };
        let (priority, from, to, content) = match letter {
            Letter::Team { from, to, content } => (Priority::Team, from, to, Ok(content)),
            Letter::Person {
                to,
                locale,
                variables,
            } => {
                let batch = row.batch_id.as_deref().unwrap_or_default();
                let form = self.batch(conn, batch)?;
                let content = form
                    .pieces(locale)
                    .map(|pieces| pieces.render(&variables))
                    .ok_or_else(|| Problem::internal("a batch without any language"))?;
                (Priority::Bulk, form.sender.clone(), to, content)
            }
        };
        let built = content
            .map_err(|error| error.to_string())
            .and_then(|content| {
                message::build(
                    self.letterhead,
                    priority,
                    &from,
                    &to,
                    &content,
                    &row.message_id,
                    row.created_at,
                )
                .map(|built| (content, built))
                .map_err(|error| error.to_string())
            });
        Ok(match built {
            Ok((content, built)) => Ok(Job {
                id: row.id.clone(),
                batch: row.batch_id.clone().unwrap_or_default(),
                attempts: row.attempts,
                created_at: row.created_at,
                fresh: row.due_at == row.created_at,
                to,
                content: self.keep_content.then_some(content),
                built,
            }),
            Err(why) => Err(hopeless(row, State::Failed, &why)),
        })
    }

    /// The scope's key; none when it was destroyed.
    fn key(&mut self, conn: &mut Conn, scope: &str) -> Result<Option<&DataKey>> {
        Ok(match self.keys.entry(scope.to_owned()) {
            Entry::Occupied(entry) => entry.into_mut().as_ref(),
            Entry::Vacant(entry) => {
                let scope = Scope::from_stored(scope.to_owned());
                let key = match self.vault.key(conn, &scope, self.now) {
                    Ok(key) => Some(key),
                    Err(problem) if problem.code == Code::Purged => None,
                    Err(problem) => return Err(problem),
                };
                entry.insert(key).as_ref()
            }
        })
    }

    fn batch(&mut self, conn: &mut Conn, id: &str) -> Result<&Form> {
        Ok(match self.batches.entry(id.to_owned()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let (template, sender) = store::batch(conn, id)?;
                entry.insert(Form::read(&template, &sender)?)
            }
        })
    }
}

fn hopeless(row: &Claimed, state: State, why: &str) -> Record {
    Record {
        id: row.id.clone(),
        batch: row.batch_id.clone().unwrap_or_default(),
        state,
        attempts: row.attempts,
        due_at: None,
        reply_code: None,
        reply: Some(why.to_owned()),
        failure: (state == State::Failed).then_some(Failure::Unreadable),
    }
}
