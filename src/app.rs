//! Settings, wiring, commands: the only place that puts the parts together.
//!
//! In come flags, environment and a file; out goes a running server, or the
//! answer of one command. No rule of the product stands here.

mod bundles;
mod cli;
mod commands;
mod demo;
mod law;
mod lock;
mod logging;
pub mod server;
pub mod settings;
mod verify;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use crate::kernel::{Locale, Problem};

/// Runs the command line; failures are told on standard error, in English.
pub fn run() -> ExitCode {
    // A reader that stops early (`| head`) is no failure of ours.
    match commands::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{}", told(&problem));
            ExitCode::FAILURE
        }
    }
}

/// What happened, what to do next, and the cause.
fn told(problem: &Problem) -> String {
    let mut text = format!(
        "{}\n{}",
        problem.title(Locale::En),
        problem.next_step(Locale::En)
    );
    for field in &problem.fields {
        text.push_str(&format!(
            "\n  {}: {}",
            field.field,
            field.message(Locale::En)
        ));
    }
    let mut cause = problem.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n  cause: {error}"));
        cause = error.source();
    }
    text
}
