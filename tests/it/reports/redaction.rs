//! Who reads a report decides whom it names: nobody of the staff, for readers outside.

use std::collections::BTreeSet;

use shodo::kernel::Locale;
use shodo::reports::model::*;
use shodo::reports::redaction::redact;
use shodo::reports::{Format, Level, PostMortem, Staff, document, pdf, render};

use super::docx::words_of;
use super::example::{both, example};
use super::{LOCALES, texts};

/// Names that a careless search would miss or break on, and how texts write them.
const NAMES: [(&str, &[&str]); 9] = [
    (
        "髙橋 﨑子",
        &["髙橋 﨑子", "高橋崎子", "髙橋　﨑子", "髙\u{200b}橋﨑子"],
    ),
    ("伊藤 玲", &["伊藤 玲", "伊藤玲", "伊藤\n玲"]),
    ("中村 誠", &["中村 誠", "㆗村誠"]),
    ("鈴木 海", &["鈴木 海", "鈴木海"]),
    ("ｶﾅ ﾊﾅｺ", &["ｶﾅ ﾊﾅｺ", "カナ ハナコ", "ｶﾅハナコ"]),
    (
        "Zoë O'Neil <b>",
        &["Zoë O'Neil <b>", "ZOE O’NEIL <B>", "ＺＯＥ Ｏ'ＮＥＩＬ ｂ"],
    ),
    (
        "Ma*x | Mu_ster",
        &["Ma*x | Mu_ster", "max  muster", "Muster, Max"],
    ),
    ("a.b(q [z", &["a.b(q [z", "A.B(Q [Z"]),
    ("佐藤", &["佐藤", "佐藤さん"]),
];

fn staff() -> Vec<Staff> {
    let names = NAMES.iter().map(|(name, _)| (*name).to_owned());
    names
        .enumerate()
        .map(|(place, name)| Staff {
            names: vec![name, format!("旧姓{place}野 﨑子")],
            email: Some(format!("mihon{place}@example.jp")),
            role: [None, Some("legal"), Some("commander")][place % 3],
        })
        .collect()
}

/// Everything that a text may say of the staff, in one text.
fn gossip() -> String {
    let mut words = String::new();
    for (place, (_, spellings)) in NAMES.iter().enumerate() {
        for spelling in *spellings {
            words.push_str(&format!("、{spelling}、"));
        }
        words.push_str(&format!("MIHON{place}@Example.jp、旧姓{place}野﨑子、"));
    }
    words
}

/// The example, with gossip in every place that a person can write to.
fn indiscreet() -> PostMortem {
    let mut report = example();
    let words = gossip();
    let sides = both(&words, &words);
    report.cover.title = words.clone();
    report.cover.commander = Some(NAMES[0].0.to_owned());
    report.cover.created_by = NAMES[5].0.to_owned();
    for passage in &mut report.summary {
        passage.text = Some(words.clone());
    }
    for entry in &mut report.timeline {
        entry.text = Some(sides.clone());
        entry.actor = NAMES[6].0.to_owned();
    }
    for decision in &mut report.decisions {
        decision.text = sides.clone();
        decision.reason = Some(words.clone());
        decision.by = NAMES[7].0.to_owned();
    }
    for duty in &mut report.obligations {
        duty.proof = Some(words.clone());
        duty.reasons = vec![sides.clone()];
        duty.overruled = Some(Overruling {
            by: NAMES[8].0.to_owned(),
            at: duty.fulfilled_at.unwrap_or(report.cover.created_at),
            reason: words.clone(),
        });
    }
    for roster in &mut report.rosters {
        roster.file = format!("{words}.csv");
        roster.source = words.clone();
        for problem in &mut roster.problems {
            problem.column = words.clone();
        }
    }
    for notice in &mut report.notices {
        notice.receipt = Some(words.clone());
        for approval in &mut notice.approvals {
            approval.by = NAMES[4].0.to_owned();
        }
    }
    report.review.well = vec![words.clone()];
    for action in &mut report.actions {
        action.text = words.clone();
        action.owner = Some("無登録 の人".to_owned());
    }
    for measure in &mut report.measures {
        measure.note = Some(format!("{words} 無登録の人"));
    }
    report
}

/// Letters and digits, as names are compared by a reader who does not mind how they are set.
fn bare(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkd()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Every way in which a name would be seen.
fn forbidden() -> BTreeSet<String> {
    let spelt = NAMES.iter().flat_map(|(name, spellings)| {
        let spellings = spellings.iter().copied();
        spellings.chain([*name]).map(bare).collect::<Vec<_>>()
    });
    let family = ["髙橋", "高橋", "伊藤", "鈴木", "無登録", "旧姓", "mihon"];
    spelt.chain(family.map(bare)).collect()
}

/// What a reader of one form sees, without its markup.
fn seen(report: &PostMortem, format: Format, locale: Locale) -> String {
    match format {
        Format::Pdf => pdf::render(&document(report, locale))
            .unwrap()
            .pages
            .concat(),
        Format::Docx => words_of(&render(report, format, locale).unwrap()),
        Format::Markdown | Format::Html | Format::Json => {
            String::from_utf8(render(report, format, locale).unwrap()).unwrap()
        }
    }
}

#[test]
fn no_name_of_the_staff_leaves_the_house() {
    let report = indiscreet();
    for locale in LOCALES {
        let inside = bare(&texts(&document(&report, locale)).concat());
        for name in forbidden() {
            assert!(inside.contains(&name), "the test would not see {name}");
        }
        for level in [Level::Regulator, Level::Public] {
            let report = redact(report.clone(), &staff(), level, locale);
            for format in Format::ALL {
                let seen = bare(&seen(&report, *format, locale));
                for name in forbidden() {
                    assert!(!seen.contains(&name), "{name} in {format} for {level}");
                }
            }
        }
    }
}

#[test]
fn an_authority_can_tell_people_apart_and_the_public_cannot() {
    let mut report = example();
    report.summary[0].text = Some("伊藤が髙橋に伝え、髙橋が伊藤に答えた。".to_owned());
    let told = |level| {
        let report = redact(report.clone(), &staff(), level, Locale::Ja);
        report.summary[0].text.clone().unwrap()
    };
    // 髙橋 commands, and is met on the cover before 伊藤 in the text.
    assert_eq!(
        told(Level::Regulator),
        "法務担当Bが担当者Aに伝え、担当者Aが法務担当Bに答えた。"
    );
    assert_eq!(
        told(Level::Public),
        "担当者が担当者に伝え、担当者が担当者に答えた。"
    );
    let inside = redact(report.clone(), &staff(), Level::Internal, Locale::Ja);
    assert_eq!(inside.summary[0].text, report.summary[0].text);
}

#[test]
fn the_server_keeps_its_name_and_a_department_too() {
    let mut report = example();
    report.timeline[0].actor = "システム".to_owned();
    report.timeline[1].actor = "—".to_owned();
    report.actions[0].owner = Some("情報システム部".to_owned());
    let report = redact(report, &staff(), Level::Regulator, Locale::Ja);
    assert_eq!(report.timeline[0].actor, "システム");
    assert_eq!(
        report.timeline[1].actor, "担当者",
        "a name without a letter"
    );
    assert_eq!(report.actions[0].owner.as_deref(), Some("情報システム部"));
}

#[test]
fn the_public_is_told_what_was_done_and_not_what_was_written() {
    let mut report = example();
    report.people.minors = Some(Headcount::Exact(3));
    report.people.residence[1].people = 4;
    let remarks = [
        report.decisions[0].reason.clone().unwrap(),
        report.timeline[0].text.clone().unwrap().ja,
        report.rosters[0].file.clone(),
        report.measures[0].note.clone().unwrap(),
    ];
    let opinion = report.review.badly[0].clone();
    let told = |level| {
        let report = redact(report.clone(), &[], level, Locale::Ja);
        String::from_utf8(render(&report, Format::Markdown, Locale::Ja).unwrap()).unwrap()
    };
    let (authority, public) = (told(Level::Regulator), told(Level::Public));
    for remark in remarks.map(|text| text.replace('_', "\\_")) {
        assert!(authority.contains(&remark), "{remark}");
        assert!(!public.contains(&remark), "{remark}");
    }
    assert!(!authority.contains(&opinion) && !public.contains(&opinion));
    assert!(authority.contains("3人") && authority.contains("ドイツ：4人"));
    assert!(public.contains("最大9人") && !public.contains("ドイツ"));
    // A part that was taken out says so, and does not read as if nothing had been.
    assert_eq!(public.matches("（この版では省略しています）").count(), 5);
    assert!(!public.contains("意思決定の記録はありません"));
    assert!(public.contains("公開用") && authority.contains("当局提出用"));
}
