//! Questions have their words, answers keep their form.

use jiff::civil::date;
use serde_json::{Value as Json, json};
use shodo::assessment::{ReasonKind, Status, Verdict};
use shodo::incidents::clock_starts::ClockStartKind;
use shodo::incidents::facts::{self, Answer, Count, FactKey, Facts, Kind, Value};
use shodo::kernel::{Locale, locale};
use shodo::regulations::{Confidence, DueKind, Level, Nature, RecipientKind};
use shodo::workflow::assess::{Input, input_schema};

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn names(terms: &[impl ToString]) -> Vec<String> {
    terms
        .iter()
        .map(|term| term.to_string().replace('_', "-"))
        .collect()
}

fn form_problem(key: FactKey, fields: &[(&str, &str)]) -> (String, &'static str) {
    let problems = Answer::from_form(key, &pairs(fields)).unwrap_err();
    assert_eq!(problems.len(), 1);
    for locale in Locale::ALL {
        assert_ne!(problems[0].message(*locale), problems[0].key);
    }
    (problems[0].field.clone(), problems[0].key)
}

#[test]
fn every_question_and_option_has_words_in_both_languages() {
    for locale in Locale::ALL {
        for key in FactKey::ALL {
            let dashed = key.as_str().replace('_', "-");
            for name in [
                format!("fact-{dashed}"),
                format!("fact-{dashed}-why"),
                format!("fact-{dashed}-short"),
            ] {
                assert!(locale::has(*locale, &name), "{locale} lacks {name}");
            }
            for option in key.options() {
                let name = format!("fact-{dashed}-{}", option.replace('_', "-"));
                assert!(locale::has(*locale, &name), "{locale} lacks {name}");
            }
        }
    }
}

#[test]
fn every_term_of_the_law_has_words_in_both_languages() {
    let terms = [
        ("status", names(Status::ALL)),
        ("nature", names(Nature::ALL)),
        ("recipient", names(RecipientKind::ALL)),
        ("verdict", names(Verdict::ALL)),
        ("reason", names(ReasonKind::ALL)),
        ("confidence", names(Confidence::ALL)),
        ("due", names(DueKind::ALL)),
        ("level", names(Level::ALL)),
        ("clock", names(ClockStartKind::ALL)),
    ];
    for locale in Locale::ALL {
        for (term, names) in &terms {
            for name in names {
                let key = format!("law-{term}-{name}");
                assert!(locale::has(*locale, &key), "{locale} lacks {key}");
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_keys() {
    for file in ["facts.ftl", "law.ftl"] {
        let keys = |locale| {
            let sources = locale::sources(locale);
            let (_, source) = sources
                .iter()
                .find(|(path, _)| path.ends_with(file))
                .expect("the file is there");
            source
                .lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
                .collect::<Vec<_>>()
        };
        assert!(keys(Locale::Ja).len() > 30);
        assert_eq!(keys(Locale::Ja), keys(Locale::En));
    }
}

#[test]
fn json_of_every_kind_comes_back_as_it_went_in() {
    let json = json!({
        "overview": { "known": { "ja": "誤送信", "en": "" } },
        "personal_data_involved": { "known": true, "known_at": "2026-11-20T00:14:00Z" },
        "breach_nature": { "known": ["leak", "loss_suspected"] },
        "data_items": { "known": ["email_address", "full_name"] },
        "people_affected": { "known": { "at_most": 1200 } },
        "residence": { "known": { "DE": null, "JP": 1100 } },
        "protection": { "unknown": { "until": "2026-11-25" } },
        "our_role": { "known": "delegatee" },
        "sector": { "unknown": {} }
    });
    let facts = Facts::from_json(&json).unwrap();
    assert_eq!(
        facts.known(FactKey::PeopleAffected),
        Some(&Value::Count(Count::AtMost(1200)))
    );
    assert_eq!(
        facts.get(FactKey::Protection),
        Some(&Answer::Unknown {
            until: Some(date(2026, 11, 25))
        })
    );
    assert_eq!(facts.get(FactKey::Cause), None);
    assert_eq!(serde_json::to_value(&facts).unwrap(), json);
    assert_eq!(serde_json::from_value::<Facts>(json).unwrap(), facts);
}

#[test]
fn a_wrong_key_is_named_by_its_path() {
    let cases = [
        (
            json!({ "facts": { "people": { "known": 1 } } }),
            "facts.people",
        ),
        (
            json!({ "facts": { "people_affected": { "known": { "at_most": -1 } } } }),
            "facts.people_affected.known.at_most",
        ),
        (
            json!({ "facts": { "people_affected": { "known": 1200 } } }),
            "facts.people_affected.known",
        ),
        (
            json!({ "facts": { "protection": { "known": "rot13" } } }),
            "facts.protection.known",
        ),
        (
            json!({ "facts": { "protection": { "unknown": { "until": "soon" } } } }),
            "facts.protection.unknown.until",
        ),
        (
            json!({ "facts": { "protection": { "known": "not_protected", "unknown": {} } } }),
            "facts.protection",
        ),
        (
            json!({ "facts": { "breach_nature": { "known": ["none", "leak"] } } }),
            "facts.breach_nature.known",
        ),
        (
            json!({ "facts": { "data_items": { "known": ["shoe_size"] } } }),
            "facts.data_items.known",
        ),
        (
            json!({ "facts": { "residence": { "known": { "Japan": 1 } } } }),
            "facts.residence.known.Japan",
        ),
        (
            json!({ "facts": { "overview": { "known": { "fr": "x" } } } }),
            "facts.overview.known.fr",
        ),
        (
            json!({ "facts": { "overview": { "known": { "ja": "x" }, "known_at": "noon" } } }),
            "facts.overview.known_at",
        ),
        (
            json!({ "clock_starts": { "aware": { "at": "2026-11-20" } } }),
            "clock_starts.aware.at",
        ),
        (
            json!({ "clock_starts": { "aware": { "zone": "Asia/Tokyo" } } }),
            "clock_starts.aware.at",
        ),
        (
            json!({ "clock_starts": { "aware": { "at": "2026-11-20T00:00:00Z", "zone": "Mars/Base" } } }),
            "clock_starts.aware.zone",
        ),
        (
            json!({ "clock_starts": { "woke": {} } }),
            "clock_starts.woke",
        ),
        (json!({ "regimes": ["jp-appi", "fr"] }), "regimes"),
        (json!({ "as_of": 5 }), "as_of"),
        (json!({ "fact": {} }), "fact"),
    ];
    for (input, path) in cases {
        let problems = Input::from_json(&input).unwrap_err();
        assert_eq!(problems.len(), 1, "{input}");
        assert_eq!(problems[0].path, path, "{input}");
    }
    // A value may be personal: it never comes back in the words.
    let secret = json!({ "facts": { "our_role": { "known": "taro@example.jp" } } });
    let problems = Input::from_json(&secret).unwrap_err();
    assert!(!format!("{problems:?}").contains("taro"));
    assert!(Input::parse("{").unwrap_err()[0].path.starts_with("line 1"));
}

#[test]
fn every_problem_of_a_document_is_told() {
    let input = json!({ "facts": { "cause": 1, "sector": 2 }, "as_of": 3 });
    let paths: Vec<_> = Input::from_json(&input)
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.path)
        .collect();
    assert_eq!(paths, ["as_of", "facts.cause", "facts.sector"]);
}

#[test]
fn forms_answer_each_kind_of_question() {
    let known = |key, fields: &[(&str, &str)]| match Answer::from_form(key, &pairs(fields)) {
        Ok(Answer::Known(value)) => value,
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(
        known(
            FactKey::ImproperPurpose,
            &[("state", "known"), ("value", "yes")]
        ),
        Value::YesNo(true)
    );
    assert_eq!(
        known(FactKey::Protection, &[("value", "encrypted_key_safe")]),
        Value::Choice("encrypted_key_safe".to_owned())
    );
    for typed in ["1200", " 1,200 ", "１２００人", "１，２００"] {
        assert_eq!(
            known(
                FactKey::PeopleAffected,
                &[("count", typed), ("measure", "at_most")]
            ),
            Value::Count(Count::AtMost(1200)),
            "{typed}"
        );
    }
    assert_eq!(
        known(
            FactKey::Residence,
            &[
                ("country", "jp"),
                ("country_count", "1,100"),
                ("country", "DE"),
                ("country_count", ""),
                ("country", ""),
                ("country_count", ""),
            ],
        ),
        Value::Residence([("JP".to_owned(), Some(1100)), ("DE".to_owned(), None)].into())
    );
    assert_eq!(
        known(
            FactKey::DataItems,
            &[("value", "full_name"), ("value", "email_address")]
        ),
        Value::Choices(["full_name".to_owned(), "email_address".to_owned()].into())
    );
    assert_eq!(
        Answer::from_form(
            FactKey::Sector,
            &pairs(&[("state", "unknown"), ("until", "2026-11-25")])
        ),
        Ok(Answer::Unknown {
            until: Some(date(2026, 11, 25))
        })
    );
}

#[test]
fn forms_name_the_field_that_is_wrong() {
    let long = "長".repeat(20_001);
    for (key, fields, field, problem) in [
        (FactKey::Sector, vec![], "value", "fact-field-required"),
        (
            FactKey::Sector,
            vec![("value", "x")],
            "value",
            "fact-field-choice",
        ),
        (
            FactKey::GdprApplies,
            vec![("value", "maybe")],
            "value",
            "fact-field-choice",
        ),
        (
            FactKey::GdprApplies,
            vec![("state", "x")],
            "state",
            "fact-field-choice",
        ),
        (
            FactKey::GdprApplies,
            vec![("state", "unknown"), ("until", "soon")],
            "until",
            "fact-field-day",
        ),
        (
            FactKey::BreachNature,
            vec![("value", "none"), ("value", "leak")],
            "value",
            "fact-field-none-alone",
        ),
        (
            FactKey::PeopleAffected,
            vec![("count", "-1")],
            "count",
            "fact-field-number",
        ),
        (
            FactKey::PeopleAffected,
            vec![("count", "１人２")],
            "count",
            "fact-field-number",
        ),
        (
            FactKey::Residence,
            vec![("country", "日本")],
            "country",
            "fact-field-country",
        ),
        (
            FactKey::Residence,
            vec![("country_count", "5")],
            "country",
            "fact-field-required",
        ),
        (
            FactKey::Cause,
            vec![("ja", " ")],
            "ja",
            "fact-field-required",
        ),
        (FactKey::Cause, vec![("en", "a\0b")], "en", "fact-field-nul"),
        (
            FactKey::Cause,
            vec![("ja", long.as_str())],
            "ja",
            "fact-field-too-long",
        ),
    ] {
        assert_eq!(
            form_problem(key, &fields),
            (field.to_owned(), problem),
            "{key}"
        );
    }
}

#[test]
fn answers_read_as_words() {
    let words = |key, json: Json, locale| {
        facts::words(key, &Answer::from_json(key, &json).unwrap(), locale)
    };
    let count = json!({ "known": { "at_most": 1_234_567 } });
    assert_eq!(
        words(FactKey::PeopleAffected, count.clone(), Locale::Ja),
        "最大1,234,567人"
    );
    assert_eq!(
        words(FactKey::PeopleAffected, count, Locale::En),
        "at most 1,234,567 people"
    );
    let one = json!({ "known": { "exactly": 1 } });
    assert_eq!(words(FactKey::PeopleAffected, one, Locale::En), "1 person");
    let until = json!({ "unknown": { "until": "2026-11-25" } });
    assert_eq!(
        words(FactKey::Protection, until, Locale::Ja),
        "不明・確認中（2026-11-25に再確認）"
    );
    let items = json!({ "known": ["email_address", "full_name"] });
    assert_eq!(
        words(FactKey::DataItems, items, Locale::Ja),
        // In the order of the catalogue, whatever the order of the answer.
        "氏名、メールアドレス"
    );
    let countries = json!({ "known": { "JP": 1000, "DE": null } });
    assert_eq!(
        words(FactKey::Residence, countries, Locale::En),
        "Germany, Japan: 1,000 people"
    );
    let text = json!({ "known": { "ja": "誤送信" } });
    assert_eq!(words(FactKey::Cause, text, Locale::En), "誤送信");
}

#[test]
fn the_schema_describes_every_fact() {
    let schema = input_schema();
    let text = schema.to_string();
    for key in FactKey::ALL {
        assert!(text.contains(&format!("\"{key}\"")), "{key}");
        if let Kind::OneOf(options) = key.kind() {
            assert!(options.iter().all(|option| text.contains(option)));
        }
    }
    for kind in ClockStartKind::ALL {
        assert!(text.contains(&format!("\"{kind}\"")), "{kind}");
    }
    assert_eq!(schema["additionalProperties"], json!(false));
    let nulls = json!({ "as_of": null, "regimes": null });
    assert_eq!(Input::from_json(&nulls), Ok(Input::default()));
}
