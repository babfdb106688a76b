//! Measures the law: reading all files at a start, assessing one incident, and ten thousand.
//!
//! `cargo bench --bench law`. The incident is a web skimming with people in nine
//! places, so that many regimes apply; the ten thousand differ in their numbers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant as Stopwatch};

use serde_json::json;
use shodo::assessment::{self, History};
use shodo::deadlines::{self, Moments};
use shodo::incidents::clock_starts::ClockStarts;
use shodo::incidents::facts::Facts;
use shodo::regulations::{self, Library, Regulation};

const LOADING: Duration = Duration::from_millis(50);
const ONE: Duration = Duration::from_millis(1);
const TEN_THOUSAND: Duration = Duration::from_secs(3);

fn main() {
    let loading = median((0..9).map(|_| {
        timed(|| {
            Library::read(None).expect("every file is good");
        })
    }));
    say("reading and checking all content", loading, LOADING);

    let library = regulations::library();
    let rules: Vec<_> = regulations::in_force(jiff::civil::date(2026, 11, 24)).collect();
    println!(
        "{} regimes in {} versions, {} in force with {} duties",
        library
            .regulations
            .iter()
            .map(|it| &it.id)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        library.regulations.len(),
        rules.len(),
        rules.iter().map(|it| it.duties.len()).sum::<usize>()
    );
    let incidents: Vec<_> = (0..10_000).map(incident).collect();
    let one = median((0..301).map(|n| timed(|| assess(&incidents[n * 7], &rules))));
    say("assessing one incident, with dues", one, ONE);
    let all = median((0..3).map(|_| {
        timed(|| {
            for incident in &incidents {
                assess(incident, &rules);
            }
        })
    }));
    say("assessing 10,000 incidents, with dues", all, TEN_THOUSAND);
}

struct Incident {
    facts: Facts,
    starts: ClockStarts,
}

fn incident(n: u64) -> Incident {
    let people = 200 + n;
    let at = |day: u64| format!("2026-11-{:02}T09:14:00+09:00", 10 + (n + day) % 10);
    let known = |value: serde_json::Value| json!({ "known": value, "known_at": at(1) });
    let facts = json!({
        "personal_data_involved": known(json!(true)),
        "breach_nature": known(json!(["leak_suspected"])),
        "data_items": known(json!(["full_name", "email_address", "payment_card", "login_credentials"])),
        "improper_purpose": known(json!(true)),
        "act_against_business": known(json!(true)),
        "people_affected": known(json!({ "at_most": people })),
        "residence": known(json!({
            "JP": people / 2, "US-CA": people / 8, "US-NY": 20, "DE": 40, "FR": 10,
            "KR": 30, "AU": 5, "SG": n % 700, "BR": null,
        })),
        "serves": known(json!(["JP", "US", "DE", "FR", "KR", "AU", "SG", "BR"])),
        "established_in": known(json!(["JP"])),
        "regulated_as": known(json!(["card_merchant", "p_mark_holder"])),
        "protection": known(json!("not_protected")),
        "our_role": known(json!("own_data")),
    });
    let starts = json!({
        "occurred": { "at": at(0) }, "detected": { "at": at(1) },
        "any_department_knew": { "at": at(1) }, "aware": { "at": at(2) },
    });
    Incident {
        facts: Facts::from_json(&facts).expect("good facts"),
        starts: serde_json::from_value(starts).expect("good moments"),
    }
}

fn assess(incident: &Incident, rules: &[&'static Regulation]) {
    let assessed = assessment::assess(&incident.facts, rules.iter().copied());
    let dues = deadlines::compute(
        &assessed.obligations,
        Moments {
            starts: &incident.starts,
            filings: &BTreeMap::new(),
            history: &History::of(&incident.facts),
        },
        regulations::calendars(),
    );
    black_box((assessed, dues));
}

fn timed(work: impl FnOnce()) -> Duration {
    let watch = Stopwatch::now();
    work();
    watch.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn say(what: &str, took: Duration, limit: Duration) {
    println!(
        "{what}: {:.3} ms, limit {:.0} ms, ratio {:.2}",
        took.as_secs_f64() * 1e3,
        limit.as_secs_f64() * 1e3,
        took.as_secs_f64() / limit.as_secs_f64()
    );
}
