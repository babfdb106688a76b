//! The product seen from outside, one module for each room or rule.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says why and stops"
)]

mod accounts;
mod affected;
mod api;
mod architecture;
mod bounces;
mod clocks;
mod curation;
mod evidence;
mod exports;
mod figures;
mod journey;
mod keeping;
mod law;
mod mail_headers;
mod migrations;
mod notices;
mod outbox;
mod postfix;
mod postmortem;
mod proof;
mod races;
mod reminders;
mod reports;
mod risk;
mod rulings;
mod search;
mod severity;
mod snapshots;
mod start;
mod support;
mod team_mail;
mod templates;
mod trust;
mod vendor;
mod veris;
mod web;
