//! Five cases and more for each regime, written from the law: `tests/fixtures/law`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use shodo::assessment::{self, History};
use shodo::deadlines::{self, DueAt, Moments};
use shodo::regulations::{self, Regulation};
use shodo::workflow::assess::Input;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The law that the case rests on; for the reader.
    #[serde(rename = "why")]
    _why: String,
    /// The instant whose law applies, with `by_day`; otherwise for the reader.
    as_of: Option<String>,
    /// Asks what is in force on the day, instead of this file.
    #[serde(default)]
    by_day: bool,
    facts: Json,
    #[serde(default)]
    clock_starts: Option<Json>,
    #[serde(default)]
    filings: Option<Json>,
    expect: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: Option<String>,
    #[serde(default)]
    questions: Vec<String>,
    #[serde(default)]
    due: BTreeMap<String, String>,
    /// Parts of English names of those who receive it.
    #[serde(default)]
    addressed: Option<Vec<String>>,
}

#[test]
fn every_regime_has_five_golden_cases_and_passes_them() {
    let only = std::env::var("LAW_ONLY").unwrap_or_default();
    let mut wrong = Vec::new();
    for regulation in regulations::all() {
        let version = match regulation.version {
            1 => String::new(),
            version => format!(".v{version}"),
        };
        let name = format!("{}{version}", regulation.id);
        if !only.is_empty() && name != only {
            continue;
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/law")
            .join(format!("{name}.toml"));
        let Ok(source) = std::fs::read_to_string(&path) else {
            wrong.push(format!("{name}: has no golden cases"));
            continue;
        };
        match toml::from_str::<File>(&source) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(file) => {
                if file.cases.len() < 5 {
                    wrong.push(format!("{name}: only {} cases", file.cases.len()));
                }
                for case in &file.cases {
                    let found = differences(regulation, case);
                    wrong.extend(found.map(|it| format!("{name}: {}: {it}", case.name)));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} differ",
        wrong.join("\n"),
        wrong.len()
    );
}

/// "?" stands for a place whose number is not known: TOML has no null.
fn with_nulls(facts: &Json) -> Json {
    let mut facts = facts.clone();
    if let Some(people) = facts
        .pointer_mut("/residence/known")
        .and_then(Json::as_object_mut)
    {
        for number in people.values_mut().filter(|number| **number == json!("?")) {
            *number = Json::Null;
        }
    }
    facts
}

fn differences(regulation: &'static Regulation, case: &Case) -> impl Iterator<Item = String> {
    let mut wrong = Vec::new();
    let empty = || json!({});
    let input = json!({
        "facts": with_nulls(&case.facts),
        "clock_starts": case.clock_starts.clone().unwrap_or_else(empty),
        "filings": case.filings.clone().unwrap_or_else(empty),
    });
    let input = match Input::from_json(&input) {
        Ok(input) => input,
        Err(problems) => {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return vec![problems.join("; ")].into_iter();
        }
    };
    let in_force: Vec<_> = match (&case.as_of, case.by_day) {
        (Some(at), true) => {
            let at: jiff::Timestamp = at.parse().expect("an instant");
            let day = at
                .to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap())
                .date();
            regulations::in_force(day)
                .filter(|it| it.id == regulation.id)
                .collect()
        }
        _ => vec![regulation],
    };
    let assessed = assessment::assess(&input.facts, in_force.iter().copied());
    let dues = deadlines::compute(
        &assessed.obligations,
        Moments {
            starts: &input.clock_starts,
            filings: &input.filings,
            history: &History::of(&input.facts),
        },
        regulations::calendars(),
    );
    for (duty, expected) in &case.expect {
        let Some(found) = assessed.obligations.iter().find(|it| it.duty_id == duty) else {
            if !(in_force.is_empty() && expected.status.as_deref() == Some("not_required")) {
                wrong.push(format!("no duty {duty}"));
            }
            continue;
        };
        if let Some(status) = &expected.status
            && found.status.as_str() != status
        {
            let asks: Vec<_> = found.questions.iter().map(|key| key.as_str()).collect();
            wrong.push(format!("{duty} is {} {asks:?}, not {status}", found.status));
        }
        for key in &expected.questions {
            if !found.questions.iter().any(|asked| asked.as_str() == key) {
                wrong.push(format!("{duty} does not ask {key}: {:?}", found.questions));
            }
        }
        if let Some(names) = &expected.addressed {
            let got: Vec<_> = found
                .addressed
                .iter()
                .map(|it| it.name.en.as_str())
                .collect();
            let fits = got.len() == names.len()
                && names
                    .iter()
                    .all(|name| got.iter().any(|got| got.contains(name)));
            if !fits {
                wrong.push(format!("{duty} goes to {got:?}, not {names:?}"));
            }
        }
        for (clock, wanted) in &expected.due {
            let due = dues
                .iter()
                .find(|due| due.duty_id == duty && due.clock == clock);
            let got = due.map_or("no such clock".to_owned(), |due| match &due.at {
                DueAt::Instant { instant } => instant.to_string(),
                DueAt::Day { day, .. } => day.to_string(),
                DueAt::WithoutDelay => "without_delay".to_owned(),
                DueAt::StartMissing { .. } => "start_missing".to_owned(),
            });
            let same = got == *wanted
                || matches!(
                    (got.parse::<jiff::Timestamp>(), wanted.parse::<jiff::Timestamp>()),
                    (Ok(a), Ok(b)) if a == b
                );
            if !same {
                wrong.push(format!("{duty} {clock}: due {got}, not {wanted}"));
            }
        }
    }
    wrong.into_iter()
}
