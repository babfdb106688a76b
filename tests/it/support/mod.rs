//! What several tests need: a database, a mail server and a whole server of their own.

pub mod app;
pub mod db;
pub mod smtp;
pub mod smtp_script;
