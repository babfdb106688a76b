//! Every way in which a clock counts, at its edges (section by section of `docs/LAW.md`).

use std::collections::BTreeMap;

use jiff::civil::date;
use shodo::assessment::{self, History};
use shodo::deadlines::{self, DueAt, Moments};
use shodo::incidents::clock_starts::{ClockStart, ClockStartKind, ClockStarts};
use shodo::incidents::facts::Facts;
use shodo::regulations::{self, Regulation};

/// A regime with one duty that always arises and one clock that counts so.
fn regime(counting: &str) -> &'static Regulation {
    let words = r#"{ ja = "例", en = "Example" }"#;
    let basis = format!(
        r#"{{ article = {words}, url = "https://example.org/", confidence = "unverified" }}"#
    );
    let starts = match counting.contains("earliest") {
        true => "",
        false => r#"starts = ["aware"]"#,
    };
    let text = format!(
        r#"
id = "zz-example"
version = 1
rank = 1
jurisdiction = "JP"
title = {words}
authority = {words}
in_force = {{ from = "2020-01-01" }}
as_of = "2026-11-22"
confidence = "unverified"
[[sources]]
title = {words}
url = "https://example.org/"
[[triggers]]
id = "always"
words = {words}
basis = {basis}
condition = {{ not = {{ all = [ {{ fact = "ransom_paid", is = true, if_unasked = false }} ] }} }}
[[duties]]
id = "zz-example/tell"
title = {words}
nature = "duty"
recipient = {{ kind = "regulator", name = {words} }}
basis = {basis}
when = {{ trigger = "always" }}
[[duties.clocks]]
id = "clock"
kind = "deadline"
level = "late"
words = {words}
basis = {basis}
{starts}
counting = {counting}
"#
    );
    Box::leak(Box::new(regulations::parse(&text).unwrap_or_else(
        |faults| {
            panic!("{faults:?}\n{counting}");
        },
    )))
}

fn due(counting: &str, moments: &[(ClockStartKind, &str)], zone: &str) -> (String, bool) {
    let starts = moments.iter().map(|(kind, at)| {
        let start = ClockStart {
            at: at.parse().unwrap(),
            zone: zone.to_owned(),
            said_by: String::new(),
        };
        (*kind, start)
    });
    let assessed = assessment::assess(&Facts::default(), [regime(counting)]);
    let dues = deadlines::compute(
        &assessed.obligations,
        Moments {
            starts: &ClockStarts(starts.collect()),
            filings: &BTreeMap::new(),
            history: &History::default(),
        },
        regulations::calendars(),
    );
    let due = &dues[0];
    let text = match &due.at {
        DueAt::Day { day, .. } => day.to_string(),
        DueAt::Instant { .. } => due.local.clone().unwrap(),
        other => format!("{other:?}"),
    };
    (text, due.provisional)
}

fn from_aware(counting: &str, at: &str, zone: &str) -> String {
    due(counting, &[(ClockStartKind::Aware, at)], zone).0
}

#[test]
fn hours_are_true_hours_with_or_without_the_hour_of_the_event() {
    let strict = r#"{ by = "elapsed_hours", hours = 72 }"#;
    let excluded =
        r#"{ by = "elapsed_hours", hours = 72, event_hour = "excluded", zone = "Europe/Berlin" }"#;
    for (counting, at, expected) in [
        (
            strict,
            "2026-10-23T18:30:00+02:00",
            "2026-10-26T17:30:00+01:00",
        ),
        (
            strict,
            "2027-03-26T18:30:00+01:00",
            "2027-03-29T19:30:00+02:00",
        ),
        // Regulation 1182/71 art. 3(1): the hour of the event is not counted.
        (
            excluded,
            "2026-10-23T18:30:00+02:00",
            "2026-10-26T18:00:00+01:00",
        ),
        (
            excluded,
            "2026-10-23T18:00:00+02:00",
            "2026-10-26T18:00:00+01:00",
        ),
    ] {
        assert_eq!(
            from_aware(counting, at, "Europe/Berlin"),
            expected,
            "{counting}"
        );
    }
}

#[test]
fn noon_of_the_next_working_day_takes_the_place_of_a_closed_one() {
    let counting = r#"{ by = "elapsed_hours", hours = 24, roll = "noon_of_next_working_day", calendar = "weekends", zone = "Europe/Paris" }"#;
    for (at, expected) in [
        // Friday to Saturday: Monday at noon. Thursday to Friday: as counted.
        ("2026-11-20T09:00:00+01:00", "2026-11-23T12:00:00+01:00"),
        ("2026-11-19T09:00:00+01:00", "2026-11-20T09:00:00+01:00"),
    ] {
        let (text, provisional) = due(counting, &[(ClockStartKind::Aware, at)], "Europe/Paris");
        assert_eq!(text, expected);
        assert!(provisional, "holidays are not known");
    }
}

#[test]
fn open_days_leave_out_weekends_and_holidays() {
    let sec = r#"{ by = "business_days", days = 4, calendar = "us-federal", zone = "America/New_York", closed_start = "next_open_day_counts" }"#;
    let brazil = |days| {
        format!(
            r#"{{ by = "business_days", days = {days}, calendar = "br", zone = "America/Sao_Paulo", closed_start = "next_open_day_is_the_start" }}"#
        )
    };
    for (counting, at, expected) in [
        // Thanksgiving on 26 November is left out.
        (sec.to_owned(), "2026-11-20T16:00:00-05:00", "2026-11-27"),
        (sec.to_owned(), "2026-11-21T16:00:00-05:00", "2026-11-27"),
        (sec.to_owned(), "2026-11-24T16:00:00-05:00", "2026-12-01"),
        // 20 November is a holiday.
        (brazil(3), "2026-11-19T10:00:00-03:00", "2026-11-25"),
        (brazil(6), "2026-11-19T10:00:00-03:00", "2026-11-30"),
        // A start on a Saturday moves to Monday, which is then not counted.
        (brazil(1), "2026-11-21T10:00:00-03:00", "2026-11-24"),
    ] {
        assert_eq!(
            from_aware(&counting, at, "UTC"),
            expected,
            "{counting} from {at}"
        );
    }
}

#[test]
fn days_months_and_year_ends() {
    let days = |days, first| {
        format!(
            r#"{{ by = "days", days = {days}, first_day_counts = {first}, roll = "none", zone = "Asia/Singapore" }}"#
        )
    };
    let month = r#"{ by = "months", months = 1, roll = "none", zone = "Europe/Brussels" }"#;
    let rolled = r#"{ by = "months", months = 1, roll = "next_opening_day", calendar = "jp", zone = "Asia/Tokyo" }"#;
    let year = r#"{ by = "year_end", days = 60, zone = "America/New_York" }"#;
    for (counting, at, expected) in [
        (days(3, false), "2026-11-20T10:00:00+08:00", "2026-11-23"),
        (days(30, false), "2026-01-31T10:00:00+08:00", "2026-03-02"),
        (days(30, true), "2026-01-31T10:00:00+08:00", "2026-03-01"),
        // The day is that of the law's zone: late in New York is the next day in Singapore.
        (days(3, false), "2026-11-20T20:00:00-05:00", "2026-11-24"),
        (month.to_owned(), "2027-01-31T10:00:00+01:00", "2027-02-28"),
        (month.to_owned(), "2028-01-31T10:00:00+01:00", "2028-02-29"),
        (month.to_owned(), "2026-11-15T10:00:00+01:00", "2026-12-15"),
        // 3 May 2026 is Constitution Day; 4 to 6 May are closed as well.
        (rolled.to_owned(), "2026-04-03T10:00:00+09:00", "2026-05-07"),
        (year.to_owned(), "2026-03-01T10:00:00-05:00", "2027-03-01"),
        (year.to_owned(), "2027-12-31T23:30:00-05:00", "2028-02-29"),
    ] {
        assert_eq!(
            from_aware(&counting, at, "UTC"),
            expected,
            "{counting} from {at}"
        );
    }
}

#[test]
fn the_earliest_counts_and_a_part_that_ended_before_the_other_began_yields() {
    let counting = r#"{ by = "earliest", of = [
  { starts = ["classified"], counting = { by = "elapsed_hours", hours = 4 } },
  { starts = ["aware"], counting = { by = "elapsed_hours", hours = 24 }, yields = true },
] }"#;
    let counting = &counting.replace('\n', " ").replace("}, ]", "} ]");
    let (aware, classified) = (ClockStartKind::Aware, ClockStartKind::Classified);
    let at = "2026-11-17T09:00:00+01:00";
    for (moments, expected) in [
        (vec![(aware, at)], "2026-11-18T09:00:00+01:00"),
        (
            vec![(aware, at), (classified, "2026-11-17T11:00:00+01:00")],
            "2026-11-17T15:00:00+01:00",
        ),
        (
            vec![(aware, at), (classified, "2026-11-18T08:00:00+01:00")],
            "2026-11-18T09:00:00+01:00",
        ),
        // Classified later than 24 hours after awareness: four hours from there.
        (
            vec![(aware, at), (classified, "2026-11-19T09:00:00+01:00")],
            "2026-11-19T13:00:00+01:00",
        ),
    ] {
        assert_eq!(due(counting, &moments, "Europe/Paris").0, expected);
    }
    let nothing = due(counting, &[], "Europe/Paris").0;
    assert!(nothing.contains("StartMissing"), "{nothing}");
}

#[test]
fn a_day_beyond_the_published_holidays_is_provisional() {
    let counting = r#"{ by = "days", days = 30, first_day_counts = true, roll = "next_opening_day", calendar = "jp", zone = "Asia/Tokyo" }"#;
    let calendar = regulations::calendars().get("jp").unwrap();
    assert_eq!(calendar.covers_until, date(2027, 12, 31));
    for (at, provisional) in [
        ("2027-11-28T10:00:00+09:00", false),
        ("2027-12-15T10:00:00+09:00", true),
    ] {
        let found = due(counting, &[(ClockStartKind::Aware, at)], "Asia/Tokyo");
        assert_eq!(found.1, provisional, "{at}: {}", found.0);
    }
}
