//! What people get to see, held word for word: mails and pages.
//!
//! Snapshots hold made-up people only. Secrets, digests and ids differ each time:
//! they are checked for their form, and then replaced.

use std::collections::BTreeMap;

use serde_json::json;
use shodo::accounts::Role;
use shodo::kernel::{Locale, LocaleText};
use shodo::notices::draft::{self, Known, Words};
use shodo::notices::{NoticeKind, rules, templates};
use shodo::outbox::TeamMessage;

use crate::support::app::{PASSWORD, TestApp};

#[test]
fn mails_to_the_team() {
    for message in TeamMessage::ALL {
        for locale in Locale::ALL {
            let variables = message
                .variables()
                .iter()
                .map(|name| match *name {
                    "link" => ("link".to_owned(), "https://shodo.example.jp/x".to_owned()),
                    name => (name.to_owned(), format!("<{name}>")),
                })
                .collect();
            let mail = message.render(*locale, &variables).unwrap();
            let html = mail.html.unwrap_or_default();
            let whole = format!("{}\n\n{}\n\n{html}", mail.subject, mail.text);
            insta::assert_snapshot!(format!("mail_{message}_{locale}"), whole);
        }
    }
}

#[test]
fn the_mail_to_the_people_affected() {
    let both = |text: &str| LocaleText {
        ja: format!("（{text}）"),
        en: format!("({text})"),
    };
    let answers = [
        "overview",
        "occurred",
        "any_department_knew",
        "data_items",
        "secondary_damage",
        "containment",
        "advice_to_people",
    ]
    .map(|key| (key.to_owned(), Words::Known(both(key))));
    let organisation = [
        "name",
        "desk_name",
        "desk_phone",
        "desk_email",
        "desk_hours",
        "representative",
        "kana",
        "corporate_number",
        "address",
        "industry",
        "dpo_name",
        "dpo_contact",
        "website",
    ]
    .map(|name| (name.to_owned(), both(name)));
    let known = Known {
        answers: BTreeMap::from(answers),
        organisation: BTreeMap::from(organisation),
        number: "INC-2026-0001".to_owned(),
        today: both("today"),
    };
    let own = templates::Own::new();
    let drafted = draft::draft(NoticeKind::CustomerEmail, "general", &own, &known).unwrap();
    assert_eq!(drafted.gaps, Vec::<String>::new());
    let content = drafted.content;
    for locale in Locale::ALL {
        let subject = content.part("subject", *locale);
        let body = content.part("body", *locale);
        let html = rules::html(subject, body, *locale);
        insta::assert_snapshot!(
            format!("mail_customer_{locale}"),
            format!("{subject}\n\n{body}\n\n{html}")
        );
    }
}

#[test]
fn pages() {
    let app = TestApp::start("2026-11-22T14:32:00+09:00");
    let mut browser = app.browser();
    insta::assert_snapshot!("page_sign_in", settled(&browser.open("/sign-in").text()));
    let form = [
        ("email", app.email(Role::Commander)),
        ("password", PASSWORD),
    ];
    assert_eq!(browser.submit("/sign-in", &form).status, 303);
    browser.open("/incidents");
    insta::assert_snapshot!(
        "page_board_empty",
        settled(&browser.open("/incidents").text())
    );
    let incident = app
        .script(Role::Commander)
        .post(
            "/api/v1/incidents",
            json!({"title": "会員サイトへの不正アクセス", "pattern": "cyberattack"}),
        )
        .ok();
    let path = format!("/incidents/{}", incident["id"].as_str().expect("an id"));
    insta::assert_snapshot!("page_incident_new", settled(&browser.open(&path).text()));
}

/// Replaces what differs each time, after checking that it looks as it must.
fn settled(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        let after_asset = out.ends_with("/assets/");
        let after_csrf = out.ends_with("name=\"csrf\" value=\"");
        out.push_str(match word {
            _ if after_asset => {
                assert!(word.chars().all(|c| c.is_ascii_hexdigit()), "{word}");
                "[digest]"
            }
            _ if is_id(word) => "[id]",
            _ if after_csrf => {
                assert_eq!(word.len(), 43, "a secret has 256 bits");
                "[csrf]"
            }
            _ => word,
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_id(word: &str) -> bool {
    word.len() == 36
        && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}
