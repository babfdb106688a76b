//! By when: every day of a year, the edges, the hours.

use std::collections::BTreeSet;
use std::io::Cursor;

use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};
use shodo::deadlines::{Due, DueAt};
use shodo::kernel::Instant;
use shodo::regulations::{Confidence, DueKind, Level};
use shodo::workflow::assess::{LineCount, run_lines};

use super::{assess, leak};

/// A case that is reportable under item 4, and under item 3 if it was an attack.
fn reportable(attack: bool) -> Json {
    leak(&json!({
        "people_affected": { "known": { "exactly": 1001 } },
        "improper_purpose": { "known": attack },
        "act_against_business": { "known": attack },
    }))
}

fn known_at(facts: &Json, at: &str) -> Json {
    json!({
        "facts": facts,
        "clock_starts": { "any_department_knew": { "at": at } },
        "regimes": ["jp-appi", "eu-gdpr"],
    })
}

fn dues(input: &Json) -> Vec<Due> {
    assess(input).dues
}

fn due(input: &Json, duty: &str, clock: &str) -> Due {
    dues(input)
        .into_iter()
        .find(|due| due.duty_id == duty && due.clock == clock)
        .unwrap_or_else(|| panic!("{duty} has no clock {clock}"))
}

fn day(due: &Due) -> Date {
    match due.at {
        DueAt::Day { day, .. } => day,
        ref other => panic!("{other:?}"),
    }
}

fn lines(text: &str) -> (Vec<Json>, LineCount) {
    let mut out = Vec::new();
    let count = run_lines(Cursor::new(text), &mut out).unwrap();
    let lines = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (lines, count)
}

#[test]
fn every_day_of_a_year_agrees_with_the_table() {
    let table = include_str!("../../fixtures/appi_deadlines.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 365);

    let input: String = rows
        .iter()
        .flat_map(|row| {
            // The last second of the day in Japan is still that day.
            let at = format!("{}T23:59:59+09:00", &row[0]);
            [false, true].map(|attack| format!("{}\n", known_at(&reportable(attack), &at)))
        })
        .collect();
    let (answers, count) = lines(&input);
    assert_eq!(
        count,
        LineCount {
            lines: 730,
            failed: 0
        }
    );

    let field = |answer: &Json, duty: &str, clock: &str, name: &str| -> String {
        let dues = answer["dues"].as_array().unwrap();
        let due = dues
            .iter()
            .find(|due| due["duty_id"] == duty && due["clock"] == clock)
            .unwrap_or_else(|| panic!("no {clock} in {answer}"));
        due["at"][name].as_str().unwrap().to_owned()
    };
    for (row, answers) in rows.iter().zip(answers.chunks(2)) {
        let [plain, attack] = answers else {
            panic!("two answers a row");
        };
        let final_report = "jp-appi/final-report";
        let found = [
            row[0].to_owned(),
            field(plain, final_report, "day-30", "counted"),
            field(plain, final_report, "day-30", "day"),
            field(attack, final_report, "day-60", "counted"),
            field(attack, final_report, "day-60", "day"),
            field(plain, "jp-appi/preliminary-report", "day-3", "day"),
            field(plain, "jp-appi/preliminary-report", "day-5", "day"),
        ];
        let expected: Vec<_> = row.iter().collect();
        assert_eq!(found.as_slice(), expected.as_slice());
    }
}

#[test]
fn final_reports_move_over_chains_of_closed_days() {
    for (known_on, day_30, day_60) in [
        ("2026-08-24", date(2026, 9, 24), date(2026, 10, 22)),
        ("2026-08-23", date(2026, 9, 24), date(2026, 10, 21)),
        ("2026-12-01", date(2027, 1, 4), date(2027, 1, 29)),
        ("2026-10-31", date(2026, 11, 30), date(2027, 1, 4)),
        ("2026-04-03", date(2026, 5, 7), date(2026, 6, 1)),
        ("2026-03-05", date(2026, 4, 3), date(2026, 5, 7)),
        ("2027-02-20", date(2027, 3, 23), date(2027, 4, 20)),
        ("2028-01-31", date(2028, 2, 29), date(2028, 3, 30)),
        ("2026-06-21", date(2026, 7, 21), date(2026, 8, 19)),
        ("2026-11-24", date(2026, 12, 23), date(2027, 1, 22)),
    ] {
        let at = format!("{known_on}T10:00:00+09:00");
        let plain = due(
            &known_at(&reportable(false), &at),
            "jp-appi/final-report",
            "day-30",
        );
        let attack = due(
            &known_at(&reportable(true), &at),
            "jp-appi/final-report",
            "day-60",
        );
        assert_eq!((day(&plain), day(&attack)), (day_30, day_60), "{known_on}");
        // The Cabinet Office has not published 2028 yet.
        assert_eq!(
            plain.provisional,
            known_on.starts_with("2028"),
            "{known_on}"
        );
        assert_eq!(plain.kind, DueKind::Deadline);
        assert_eq!(plain.calendar.as_deref(), Some("jp"));
    }
}

#[test]
fn the_preliminary_measure_is_a_target_and_never_moves() {
    // Day 3 is Saturday, 2 January; day 5 is Monday, 4 January.
    let input = known_at(&reportable(false), "2026-12-31T09:00:00+09:00");
    let warn = due(&input, "jp-appi/preliminary-report", "day-3");
    let late = due(&input, "jp-appi/preliminary-report", "day-5");
    assert_eq!(
        (day(&warn), day(&late)),
        (date(2027, 1, 2), date(2027, 1, 4))
    );
    assert_eq!((warn.kind, late.kind), (DueKind::Target, DueKind::Target));
    assert_eq!((warn.level, late.level), (Level::Warn, Level::Late));
    assert_eq!(warn.basis.confidence, Confidence::Unverified);
    assert!(!warn.provisional);
}

#[test]
fn the_day_of_knowing_is_taken_in_japan() {
    // 23:30 on 23 August in UTC is 08:30 on the 24th in Japan.
    let facts = reportable(false);
    let input = json!({ "facts": facts, "clock_starts": {
        "any_department_knew": { "at": "2026-08-23T23:30:00Z", "zone": "Europe/London" }
    } });
    let due = due(&input, "jp-appi/final-report", "day-30");
    assert_eq!(
        due.at,
        DueAt::Day {
            day: date(2026, 9, 24),
            counted: date(2026, 9, 22)
        }
    );
    assert_eq!(due.zone, "Asia/Tokyo");
    assert_eq!(due.local.as_deref(), Some("2026-09-24T23:59:59+09:00"));
    assert_eq!(
        due.instant(),
        Some("2026-09-24T14:59:59Z".parse::<Instant>().unwrap())
    );
}

#[test]
fn appi_falls_back_to_awareness_and_prefers_any_department() {
    let start = |at: &str| json!({ "at": at });
    let aware = json!({ "aware": start("2026-11-05T10:00:00+09:00") });
    let both = json!({
        "aware": start("2026-11-05T10:00:00+09:00"),
        "any_department_knew": start("2026-11-02T10:00:00+09:00"),
    });
    let target = |starts: &Json| {
        let input = json!({ "facts": reportable(false), "clock_starts": starts });
        day(&due(&input, "jp-appi/preliminary-report", "day-3"))
    };
    assert_eq!(target(&aware), date(2026, 11, 7));
    assert_eq!(target(&both), date(2026, 11, 4));
}

#[test]
fn thirty_days_hold_until_item_3_is_decided() {
    let open = leak(&json!({
        "people_affected": { "known": { "exactly": 1001 } },
        "improper_purpose": { "unknown": {} },
        "act_against_business": null,
    }));
    let input = known_at(&open, "2026-11-02T10:00:00+09:00");
    let clocks: Vec<_> = dues(&input)
        .into_iter()
        .filter(|due| due.duty_id == "jp-appi/final-report")
        .map(|due| (due.clock, due.conditional))
        .collect();
    assert_eq!(clocks, [("day-30", false)]);
}

#[test]
fn a_duty_without_measure_has_no_day() {
    let input = known_at(&reportable(false), "2026-11-02T10:00:00+09:00");
    let notice = due(&input, "jp-appi/notice-to-principals", "promptly");
    assert_eq!(notice.at, DueAt::WithoutDelay);
    assert_eq!(notice.instant(), None);
}

#[test]
fn a_missing_start_is_a_reason() {
    let due = due(
        &json!({ "facts": reportable(false) }),
        "jp-appi/final-report",
        "day-30",
    );
    assert_eq!(
        serde_json::to_value(&due.at).unwrap(),
        json!({ "form": "start_missing", "starts": ["any_department_knew", "aware", "detected"] })
    );
    assert_eq!(due.instant(), None);
}

#[test]
fn what_is_ruled_out_has_no_due_and_what_is_open_is_conditional() {
    let input = known_at(&leak(&json!({})), "2026-11-02T10:00:00+09:00");
    assert_eq!(dues(&input), []);
    let open = dues(&known_at(&json!({}), "2026-11-02T10:00:00+09:00"));
    assert!(open.len() > 5);
    assert!(open.iter().all(|due| due.conditional));
}

#[test]
fn seventy_two_hours_are_true_hours() {
    let facts = leak(&json!({
        "gdpr_applies": { "known": true },
        "gdpr_risk": { "known": "risk" },
    }));
    for (at, zone, expected) in [
        (
            "2026-10-23T18:30:00+02:00",
            "Europe/Berlin",
            "2026-10-26T17:30:00+01:00",
        ),
        (
            "2027-03-26T18:30:00+01:00",
            "Europe/Berlin",
            "2027-03-29T19:30:00+02:00",
        ),
        (
            "2026-12-23T16:05:00Z",
            "Europe/Dublin",
            "2026-12-26T16:05:00+00:00",
        ),
    ] {
        let input =
            json!({ "facts": facts, "clock_starts": { "aware": { "at": at, "zone": zone } } });
        let due = due(&input, "eu-gdpr/notify-authority", "hours-72");
        assert_eq!(due.local.as_deref(), Some(expected));
        assert_eq!(due.zone, zone);
        assert_eq!(due.instant(), Some(expected.parse().unwrap()));
    }
    // Awareness in the sense of art. 33 is not named yet: the earlier moment is safe to count from, and is shown.
    let input = known_at(&facts, "2026-11-02T10:00:00+09:00");
    let due = due(&input, "eu-gdpr/notify-authority", "hours-72");
    let start = due.start.unwrap();
    assert_eq!(start.kind.to_string(), "any_department_knew");
    assert_eq!(
        due.instant,
        Some("2026-11-05T10:00:00+09:00".parse().unwrap())
    );
}

#[test]
fn the_version_of_the_day_and_the_asked_regimes_apply() {
    let regimes = |input: Json| -> BTreeSet<String> {
        assess(&input)
            .obligations
            .into_iter()
            .map(|o| o.regime.to_owned())
            .collect()
    };
    let both = BTreeSet::from(["eu-gdpr".to_owned(), "jp-appi".to_owned()]);
    assert_eq!(regimes(json!({ "as_of": "2026-11-20T00:00:00Z" })), both);
    assert_eq!(regimes(json!({})), both);
    let only = BTreeSet::from(["jp-appi".to_owned()]);
    assert_eq!(regimes(json!({ "regimes": ["jp-appi"] })), only);
    // The present text of Rules art. 7 began on 1 April 2024, in Japan.
    let before = BTreeSet::from(["eu-gdpr".to_owned()]);
    assert_eq!(regimes(json!({ "as_of": "2024-03-31T14:59:59Z" })), before);
    assert_eq!(regimes(json!({ "as_of": "2024-03-31T15:00:00Z" })), both);
}

#[test]
fn a_bad_line_is_answered_and_the_run_goes_on() {
    let (answers, count) = lines("{}\n\nnonsense\n{\"facts\":{\"cause\":1}}\n{}");
    assert_eq!(
        count,
        LineCount {
            lines: 4,
            failed: 2
        }
    );
    let numbers: Vec<_> = answers
        .iter()
        .map(|answer| answer["line"].clone())
        .collect();
    assert_eq!(numbers, [1, 3, 4, 5]);
    assert!(answers[1]["error"].is_string());
    assert_eq!(answers[2]["problems"][0]["path"], "facts.cause");
    assert!(answers[3]["obligations"].is_array());

    let mut out = Vec::new();
    let count = run_lines(Cursor::new(b"\xff\n{}\n"), &mut out).unwrap();
    assert_eq!(
        count,
        LineCount {
            lines: 2,
            failed: 1
        }
    );
}
