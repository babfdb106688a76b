//! Step 5 and 6 of the walk in one: facts and clock starts to obligations and dues.
//!
//! Needs no database and reads no clock. Serves `shodo assess`, one document or
//! many with one a line.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::assessment::{self, History, Obligation};
use crate::deadlines::{self, Due, Moments};
use crate::incidents::clock_starts::{
    ClockStart, ClockStartKind, ClockStarts, DEFAULT_ZONE, is_zone,
};
use crate::incidents::contradictions::{Contradiction, contradictions};
use crate::incidents::facts::{FactKey, Facts, JsonProblem};
use crate::kernel::Instant;
use crate::regulations::{self, Regulation};
use crate::risk::{self, Aid};

/// What is known of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The answers; a key that is absent was not asked.
    #[serde(default)]
    pub facts: Facts,
    /// The moments from which clocks may count.
    #[serde(default)]
    pub clock_starts: ClockStarts,
    /// When duties were done, by their ids: some clocks count from there.
    #[serde(default)]
    pub filings: BTreeMap<String, ClockStart>,
    /// The instant whose law applies; the latest clock start if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Instant>,
    /// Only these regimes, such as `jp-appi`; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regimes: Option<Vec<String>>,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Output {
    /// Every duty, with its status and reasons.
    pub obligations: Vec<Obligation>,
    /// By when the duties that are not ruled out are due.
    pub dues: Vec<Due>,
    /// What to ask next.
    pub next_questions: Vec<FactKey>,
    /// Answers and moments that cannot all be true.
    pub contradictions: Vec<Contradiction>,
    /// How high the risk is for people under GDPR: an aid to the answer of `gdpr_risk`, never a decision.
    pub risk_aid: Aid,
}

/// How many lines were read, and how many of them could not be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCount {
    /// Lines with content.
    pub lines: u64,
    /// Those that gave an error.
    pub failed: u64,
}

impl Input {
    /// Reads an input from JSON text; every problem names its path.
    pub fn parse(text: &str) -> Result<Self, Vec<JsonProblem>> {
        let json = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            vec![JsonProblem::at(place, "this is no JSON")]
        })?;
        Self::from_json(&json)
    }

    /// Reads an input from JSON; every problem names its path.
    pub fn from_json(json: &Json) -> Result<Self, Vec<JsonProblem>> {
        let Some(entries) = json.as_object() else {
            return Err(vec![JsonProblem::at(
                "",
                "expected an object with facts, clock_starts and filings",
            )]);
        };
        let mut input = Self::default();
        let mut problems = Vec::new();
        for (name, entry) in entries {
            let read = match name.as_str() {
                "facts" => Facts::from_json(entry).map(|facts| input.facts = facts),
                "clock_starts" => clock_starts(entry).map(|starts| input.clock_starts = starts),
                "filings" => filings(entry).map(|filings| input.filings = filings),
                // Null reads as absent, as the schema says.
                "as_of" | "regimes" if entry.is_null() => Ok(()),
                "as_of" => instant(entry).map(|as_of| input.as_of = Some(as_of)),
                "regimes" => regimes(entry).map(|ids| input.regimes = Some(ids)),
                _ => Err(vec![JsonProblem::at(
                    "",
                    "no such key; allowed: facts, clock_starts, filings, as_of, regimes",
                )]),
            };
            if let Err(found) = read {
                problems.extend(found.into_iter().map(|problem| problem.under(name)));
            }
        }
        if problems.is_empty() {
            Ok(input)
        } else {
            Err(problems)
        }
    }

    /// The day whose law applies, in Japan; none where no instant is known at all.
    fn day(&self) -> Option<Date> {
        let zone = TimeZone::get(DEFAULT_ZONE).unwrap_or(TimeZone::UTC);
        self.as_of
            .or_else(|| self.clock_starts.0.values().map(|start| start.at).max())
            .map(|instant| instant.in_zone(&zone).date())
    }

    /// The regulations that apply: those asked for, in the version of the day.
    fn regulations(&self) -> Vec<&'static Regulation> {
        // Without any instant, the law as it stands on the day to which the files were compared.
        let latest = || regulations::all().iter().map(|it| it.as_of).max();
        let day = self.day().or_else(latest).unwrap_or_default();
        regulations::in_force(day)
            .filter(|regulation| match &self.regimes {
                Some(ids) => ids.contains(&regulation.id),
                None => true,
            })
            .collect()
    }
}

/// Assesses one input.
pub fn run(input: &Input) -> Output {
    let regulations = input.regulations();
    let assessment = assessment::assess(&input.facts, regulations.iter().copied());
    let dues = deadlines::compute(
        &assessment.obligations,
        Moments {
            starts: &input.clock_starts,
            filings: &input.filings,
            history: &History::of(&input.facts),
        },
        regulations::calendars(),
    );
    Output {
        obligations: assessment.obligations,
        dues,
        next_questions: assessment.next_questions,
        contradictions: contradictions(&input.facts, &input.clock_starts),
        risk_aid: risk::gdpr(&input.facts),
    }
}

/// Assesses one JSON document a line; each answer is a line with its number.
///
/// A line that cannot be used gives `{"line": n, "error": …}`, and the run goes on.
pub fn run_lines(mut reader: impl BufRead, mut writer: impl Write) -> io::Result<LineCount> {
    let mut count = LineCount::default();
    let mut number = 0_u64;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        number += 1;
        let answer = match std::str::from_utf8(&bytes).map(str::trim) {
            Ok("") => continue,
            Ok(line) => answer(line),
            Err(_) => Err(vec![JsonProblem::at("", "this line is not UTF-8")]),
        };
        count.lines += 1;
        let mut line = Map::from_iter([("line".to_owned(), json!(number))]);
        match answer {
            Ok(Json::Object(fields)) => line.extend(fields),
            Ok(other) => {
                line.insert("output".to_owned(), other);
            }
            Err(problems) => {
                count.failed += 1;
                let words: Vec<_> = problems.iter().map(ToString::to_string).collect();
                line.insert("error".to_owned(), json!(words.join("; ")));
                line.insert("problems".to_owned(), problems_json(&problems));
            }
        }
        serde_json::to_writer(&mut writer, &line)?;
        writer.write_all(b"\n")?;
    }
    writer.flush()?;
    Ok(count)
}

/// The JSON Schema (2020-12) of [`Input`].
pub fn input_schema() -> Json {
    schemars::schema_for!(Input).to_value()
}

fn answer(line: &str) -> Result<Json, Vec<JsonProblem>> {
    let output = run(&Input::parse(line)?);
    serde_json::to_value(output)
        .map_err(|error| vec![JsonProblem::at("", format!("defect of ours: {error}"))])
}

fn problems_json(problems: &[JsonProblem]) -> Json {
    problems
        .iter()
        .map(|problem| json!({ "path": problem.path, "message": problem.message }))
        .collect()
}

fn clock_starts(json: &Json) -> Result<ClockStarts, Vec<JsonProblem>> {
    let Some(entries) = json.as_object() else {
        return Err(vec![JsonProblem::at("", "expected an object of moments")]);
    };
    let mut starts = ClockStarts::default();
    let mut problems = Vec::new();
    for (name, entry) in entries {
        let start = name
            .parse::<ClockStartKind>()
            .map_err(|error| vec![JsonProblem::at("", error)])
            .and_then(|kind| Ok((kind, clock_start(entry)?)));
        match start {
            Ok((kind, start)) => starts.set(kind, start),
            Err(found) => problems.extend(found.into_iter().map(|problem| problem.under(name))),
        }
    }
    if problems.is_empty() {
        Ok(starts)
    } else {
        Err(problems)
    }
}

fn filings(json: &Json) -> Result<BTreeMap<String, ClockStart>, Vec<JsonProblem>> {
    let Some(entries) = json.as_object() else {
        return Err(vec![JsonProblem::at("", "expected an object of duties")]);
    };
    let mut filings = BTreeMap::new();
    let mut problems = Vec::new();
    for (duty, entry) in entries {
        let filing = match regulations::duty(duty) {
            Some(_) => clock_start(entry),
            None => Err(vec![JsonProblem::at("", "no such duty")]),
        };
        match filing {
            Ok(filing) => {
                filings.insert(duty.clone(), filing);
            }
            Err(found) => problems.extend(found.into_iter().map(|problem| problem.under(duty))),
        }
    }
    if problems.is_empty() {
        Ok(filings)
    } else {
        Err(problems)
    }
}

fn clock_start(json: &Json) -> Result<ClockStart, Vec<JsonProblem>> {
    let wrong = |path: &str, message: &str| vec![JsonProblem::at(path, message)];
    let entry = json
        .as_object()
        .ok_or_else(|| wrong("", "expected an object with at, zone and said_by"))?;
    if let Some(name) = entry
        .keys()
        .find(|name| !["at", "zone", "said_by"].contains(&name.as_str()))
    {
        return Err(wrong(name, "no such key; allowed: at, zone, said_by"));
    }
    let at = entry
        .get("at")
        .ok_or_else(|| wrong("at", "is missing"))
        .and_then(|at| {
            instant(at).map_err(|found| found.into_iter().map(|p| p.under("at")).collect())
        })?;
    let text = |name: &str| match entry.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "expected text")),
    };
    let zone = text("zone")?.unwrap_or_else(|| DEFAULT_ZONE.to_owned());
    if !is_zone(&zone) {
        return Err(wrong("zone", "expected an IANA name such as Asia/Tokyo"));
    }
    let said_by = text("said_by")?.unwrap_or_default();
    Ok(ClockStart { at, zone, said_by })
}

fn instant(json: &Json) -> Result<Instant, Vec<JsonProblem>> {
    json.as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            vec![JsonProblem::at(
                "",
                "expected RFC 3339 with an offset, such as 2026-11-20T09:14:00+09:00",
            )]
        })
}

fn regimes(json: &Json) -> Result<Vec<String>, Vec<JsonProblem>> {
    let mut known: Vec<_> = regulations::all().iter().map(|r| r.id.as_str()).collect();
    known.dedup();
    json.as_array()
        .and_then(|list| {
            list.iter()
                .map(|id| {
                    id.as_str()
                        .filter(|id| known.contains(id))
                        .map(str::to_owned)
                })
                .collect::<Option<_>>()
        })
        .ok_or_else(|| {
            let message = format!("expected a list of some of: {}", known.join(", "));
            vec![JsonProblem::at("", message)]
        })
}
