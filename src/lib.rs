//! Shodo 初動 leads a team through a personal-data breach.
//!
//! The modules stand in the order of the walk; a module imports only from those
//! above it. `tests/it/architecture.rs` holds the list.

// Words that every room shares: ids, instants, languages, problems.
pub mod kernel;

// Tables in files of real life: CSV and workbooks, read and written in bounded memory.
pub mod sheets;

// Connections, reading and writing, one schema for two databases.
pub mod store;

// Envelope encryption of personal fields and files, blind look-up, erasure.
pub mod vault;

// What happened, when, by whom: chained entries, checkpoints, their verification.
pub mod timeline;

// Mail: queued in the transaction that decides it, delivered once, its fate recorded.
pub mod outbox;

// Who works here: accounts, roles, sessions, capabilities as types.
pub mod accounts;

// The case: what is known of it, when its clocks began.
pub mod incidents;

// What to do next: the handbook, and how far an incident has come in it.
pub mod playbooks;

// Files as they were found: sealed, digested, handed out on record.
pub mod evidence;

// Who is affected, with which data: rosters read, people sealed, nobody twice.
pub mod affected;

// How severe it is for them: questions of ENISA, a score or its range, flags.
pub mod severity;

// The law as data, each item with its citation; calendars.
pub mod regulations;

// How high the risk is for people under GDPR: an aid from facts, never a decision.
pub mod risk;

// Facts and rules to obligations: required, not required, or ask this next.
pub mod assessment;

// Obligations and clock starts to due days and instants.
pub mod deadlines;

// What is told to whom: drafted, approved by a second person, filed or sent.
pub mod notices;

// What was learnt: sections with versions, causes, measures, actions.
pub mod postmortem;

// The account of the case, from one model, as Markdown, HTML and PDF.
pub mod reports;

// The case in one file that anybody can check without this server: written and checked.
pub mod proof;
// The case in the words of VERIS, to be counted with those of others.
pub mod veris;

// What can be found by its words: pairs of letters, for Japanese as for English.
pub mod search;

// Verbs that cross rooms, one file for each step of the walk.
pub mod workflow;

// What the server does by itself: reminders, checkpoints, clean-up.
pub mod jobs;

// The same verbs for machines: JSON, problems of RFC 9457, OpenAPI.
pub mod api;

// The pages, in two languages, with and without script.
pub mod web;

// Settings, wiring, commands.
pub mod app;
