//! The files of the law: citations, references, the shape of the calendar.

use std::collections::BTreeSet;

use jiff::civil::{Weekday, date};
use shodo::kernel::LocaleText;
use shodo::regulations::{self, Calendar};

#[test]
fn every_regulation_cites_its_sources_in_both_languages() {
    let both = |text: &LocaleText| !text.ja.is_empty() && !text.en.is_empty();
    let ids: BTreeSet<_> = regulations::all().iter().map(|r| r.id.as_str()).collect();
    assert!(ids.len() >= 60, "{} regimes", ids.len());
    for regulation in regulations::all() {
        assert!(!regulation.sources.is_empty());
        let bases = regulation
            .triggers
            .iter()
            .map(|trigger| &trigger.basis)
            .chain(
                regulation
                    .exemptions
                    .iter()
                    .map(|exemption| &exemption.basis),
            )
            .chain(regulation.duties.iter().map(|duty| &duty.basis))
            .chain(
                regulation
                    .duties
                    .iter()
                    .flat_map(|d| d.clocks.iter().map(|c| &c.basis)),
            );
        for basis in bases {
            assert!(both(&basis.article), "{}", regulation.id);
            assert!(basis.url.starts_with("https://"), "{}", basis.url);
        }
        for duty in &regulation.duties {
            assert!(both(&duty.title) && both(&duty.recipient.name));
            assert!(!duty.clocks.is_empty(), "{}", duty.id);
            assert!(
                duty.contents
                    .iter()
                    .all(|item| both(&item.words) && both(&item.article))
            );
        }
    }
    let contents = |id| regulations::duty(id).unwrap().1.contents.len();
    assert_eq!(
        (
            contents("jp-appi/preliminary-report"),
            contents("jp-appi/final-report"),
            contents("jp-appi/notice-to-principals")
        ),
        (9, 9, 5)
    );
}

#[test]
fn a_broken_regulation_is_refused_with_its_reason() {
    let good = include_str!("../../../content/regulations/jp-appi.toml");
    assert!(regulations::parse(good).is_ok());
    for (from, to, reason) in [
        (
            r#"{ trigger = "delegatee" }"#,
            r#"{ trigger = "nobody" }"#,
            "no such trigger",
        ),
        (
            r#"unless = ["advanced-encryption", "#,
            r#"unless = ["luck", "#,
            "no such exemption",
        ),
        (
            r#"{ fact = "people_affected", more_than = 1000 }"#,
            r#"{ fact = "people_affected", is = true }"#,
            "does not fit",
        ),
        (
            r#"{ fact = "people_affected", more_than = 1000 }"#,
            r#"{ fact = "people_affected" }"#,
            "a test names one fact",
        ),
        (
            r#"condition = { fact = "our_role", one_of = ["delegatee"] }"#,
            r#"condition = { trigger = "item-1" }"#,
            "no such trigger",
        ),
        (
            r#"one_of = ["delegatee"] }"#,
            r#"one_of = ["friend"] }"#,
            "does not fit",
        ),
        (
            r#"id = "jp-appi/final-report""#,
            r#"id = "final-report""#,
            "begin with its regime",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let faults = regulations::parse(&good.replacen(from, to, 1)).unwrap_err();
        let line = good.lines().position(|line| line.contains(from)).unwrap() + 1;
        assert!(
            faults.iter().any(|fault| fault.message.contains(reason)),
            "{faults:?}"
        );
        // The fault stands on the changed line, or on that of the item which holds it.
        assert!(
            faults.iter().all(|fault| (2..=line).contains(&fault.line)),
            "{faults:?}"
        );
    }
}

fn japan() -> &'static Calendar {
    regulations::calendars().get("jp").unwrap()
}

#[test]
fn the_holidays_of_japan_have_their_shape() {
    let calendar = japan();
    assert_eq!(
        (calendar.covers_from, calendar.covers_until),
        (date(2025, 1, 1), date(2027, 12, 31))
    );
    let days: Vec<_> = calendar.holidays.iter().map(|holiday| holiday.on).collect();
    let sorted: BTreeSet<_> = days.iter().copied().collect();
    assert_eq!(
        days,
        sorted.into_iter().collect::<Vec<_>>(),
        "in order, each once"
    );
    for (year, number) in [(2025, 19), (2026, 18), (2027, 17)] {
        assert_eq!(days.iter().filter(|day| day.year() == year).count(), number);
    }

    let substitute = "休日（振替）";
    for holiday in &calendar.holidays {
        let next = holiday.on.tomorrow().unwrap();
        // 祝日法3条2項: a holiday on a Sunday moves to the next day that is none.
        if holiday.on.weekday() == Weekday::Sunday {
            let moved = std::iter::successors(Some(next), |day| day.tomorrow().ok())
                .find(|day| {
                    calendar
                        .holiday(*day)
                        .is_none_or(|name| name.ja == substitute)
                })
                .unwrap();
            assert!(calendar.holiday(moved).is_some(), "{}", holiday.on);
        }
        // 祝日法3条3項: a day between two holidays is one as well.
        let after = next.tomorrow().unwrap();
        if calendar.holiday(after).is_some() && next.weekday() != Weekday::Sunday {
            assert!(calendar.holiday(next).is_some(), "{next}");
        }
    }
    assert_eq!(
        calendar.holiday(date(2026, 9, 22)).unwrap().ja,
        "国民の休日"
    );
}

#[test]
fn the_year_end_closure_passes_the_year() {
    let calendar = japan();
    for (day, open) in [
        (date(2026, 12, 28), true),
        (date(2026, 12, 29), false),
        (date(2026, 12, 31), false),
        (date(2027, 1, 2), false),
        (date(2027, 1, 4), true),
        (date(2026, 12, 23), true),
        (date(2026, 11, 21), false),
        // Beyond the published holidays the rules of the week and of the year still hold.
        (date(2030, 12, 30), false),
    ] {
        assert_eq!(calendar.is_open(day), open, "{day}");
    }
}

#[test]
fn holidays_agree_with_an_independent_calendar() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = std::process::Command::new(crate::support::smtp::python())
        .arg(root.join("tests/oracle/holidays.py"))
        .output()
        .expect("Python runs; .ci/setup installs what it needs");
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{wrong}");
}

#[test]
fn a_version_takes_over_on_its_first_day_and_one_without_a_day_never_does() {
    let versions = |id: &str, day| -> Vec<u32> {
        regulations::in_force(day)
            .filter(|regulation| regulation.id == id)
            .map(|regulation| regulation.version)
            .collect()
    };
    // Ley 21.719 from 1 December 2026, DPDP from 13 May 2027.
    assert_eq!(versions("cl-law-21719", date(2026, 11, 30)), [0; 0]);
    assert_eq!(versions("cl-law-21719", date(2026, 12, 1)), [1]);
    assert_eq!(versions("in-dpdp", date(2027, 5, 12)), [0; 0]);
    assert_eq!(versions("in-dpdp", date(2027, 5, 13)), [1]);
    // Promulgated or proposed, without a first day.
    for id in ["jp-appi", "eu-gdpr", "tw-pdpa", "us-fcc-64-2011"] {
        assert_eq!(versions(id, date(2035, 1, 1)), [1], "{id}");
        let newest = regulations::all().iter().filter(|it| it.id == id);
        assert_eq!(newest.map(|it| it.version).max(), Some(2), "{id}");
    }
}

#[test]
fn a_users_own_file_adds_a_regime_and_a_bad_one_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("regulations");
    std::fs::create_dir(&own).unwrap();
    let good = include_str!("../../../content/regulations/mx-lfpdppp.toml");
    std::fs::write(
        own.join("own.toml"),
        good.replace("mx-lfpdppp", "zz-own-rules"),
    )
    .unwrap();
    let library = regulations::Library::read(Some(folder.path())).unwrap();
    let count = |library: &regulations::Library| library.regulations.len();
    assert_eq!(count(&library), regulations::all().len() + 1);
    // The same id and version takes the place of the product's own.
    let title = "自社の規則";
    let line = good
        .lines()
        .position(|line| line.starts_with("title"))
        .unwrap();
    let own_title = format!("title = {{ ja = \"{title}\", en = \"Own rules\" }}");
    let changed: Vec<_> = good
        .lines()
        .enumerate()
        .map(|(at, text)| if at == line { own_title.as_str() } else { text })
        .collect();
    std::fs::write(own.join("own.toml"), changed.join("\n")).unwrap();
    let library = regulations::Library::read(Some(folder.path())).unwrap();
    assert_eq!(count(&library), regulations::all().len());
    assert!(library.regulations.iter().any(|it| it.title.ja == title));

    for (from, to, why) in [
        ("version = 1", "version = 1\nverison = 2", "unknown field"),
        (
            own_title.as_str(),
            "title = { ja = \"\", en = \"Own rules\" }",
            "missing in ja or en",
        ),
        (
            own_title.as_str(),
            "title = { ja = \"規則\" }",
            "missing field `en`",
        ),
        (
            "in_force = {",
            "in_force = { to = \"1999-01-01\",",
            "ends before it begins",
        ),
    ] {
        let text = changed.join("\n");
        assert!(text.contains(from), "{from}");
        std::fs::write(own.join("own.toml"), text.replacen(from, to, 1)).unwrap();
        let faults = regulations::Library::read(Some(folder.path())).unwrap_err();
        let line = text.lines().position(|line| line.contains(from)).unwrap();
        let fault = faults.iter().find(|fault| fault.message.contains(why));
        let fault = fault.unwrap_or_else(|| panic!("{why}: {faults:?}"));
        assert!(fault.file.ends_with("own.toml"));
        assert!(
            (line + 1..=line + 2).contains(&fault.line),
            "{why}: {fault}"
        );
    }
}
