//! What is looked at before a notice is approved; pure.
//!
//! An error keeps a notice from being handed in. A warning has to be answered by
//! the person who hands it in, and the approvers read the answer. A note is only
//! shown. None of this replaces reading: it finds what a tired team overlooks.

mod contents;
mod facts;
mod links;
mod personal;
mod script;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::sheet::Readers;
use super::{Content, NoticeKind};
use crate::kernel::{Locale, LocaleText, Sha256};

crate::text_enum! {
    /// What was found; its words stand under `finding-<code>` and `finding-<code>-next`.
    pub enum FindingCode {
        /// A part that must be written is empty.
        Empty = "empty",
        /// A part is longer than its form takes.
        TooLong = "too-long",
        /// Something is still 確認中.
        Gap = "gap",
        /// A placeholder was never replaced.
        Placeholder = "placeholder",
        /// Something that the law wants said was not found.
        MissingContent = "missing-content",
        /// A number that must never stand in a text: a payment card, My Number.
        SecretNumber = "secret-number",
        /// An address, telephone number or LINE id that is not the organisation's.
        PersonalData = "personal-data",
        /// An answer changed since the text was drafted.
        Contradiction = "contradiction",
        /// A number of people differs from the answer.
        PeopleNumber = "people-number",
        /// A link leads elsewhere than to the organisation.
        Link = "link",
        /// A link without TLS, or none that a browser opens.
        UnsafeLink = "unsafe-link",
        /// The text is in the other language.
        Language = "language",
        /// Marks that turn the direction of the text.
        Direction = "direction",
    }
}

crate::text_enum! {
    /// How much a finding weighs.
    pub enum Weight {
        /// The notice cannot be handed in.
        Error = "error",
        /// Somebody has to answer it.
        Warning = "warning",
        /// It is only said.
        Note = "note",
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Names it, so that an answer holds as long as the same is found.
    pub id: String,
    /// What it is.
    pub code: FindingCode,
    /// How much it weighs.
    pub weight: Weight,
    /// The part.
    pub part: String,
    /// The language of the text.
    pub locale: Locale,
    /// What it is about, in the reader's words; personal data are masked.
    pub about: LocaleText,
    /// The rule that asks for it, where one does.
    pub article: LocaleText,
}

/// What the checks compare a text with.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The answers as they were when the text was drafted, by fact.
    pub drafted: BTreeMap<String, LocaleText>,
    /// The answers as they are now.
    pub now: BTreeMap<String, LocaleText>,
    /// How many people the register or the answer names.
    pub people: BTreeSet<i64>,
    /// The organisation's domains, in lower case.
    pub domains: Vec<String>,
    /// Addresses, telephone numbers and names that the organisation itself publishes.
    pub published: Vec<String>,
}

/// Looks at a text; gives what was found, the heaviest first, then in the order of the parts.
pub fn check(kind: NoticeKind, content: &Content, against: &Against) -> Vec<Finding> {
    let sheet = kind.sheet();
    let mut findings = Vec::new();
    for part in &sheet.parts {
        for locale in Locale::ALL {
            let text = content.part(&part.key, *locale);
            let mut desk = Desk {
                part: &part.key,
                locale: *locale,
                text,
                findings: &mut findings,
            };
            let wanted = sheet.languages.contains(locale);
            contents::check(&mut desk, sheet, part, wanted);
            if text.trim().is_empty() {
                continue;
            }
            script::check(&mut desk);
            links::check(&mut desk, &against.domains);
            facts::check(&mut desk, against);
            personal::check(
                &mut desk,
                &against.published,
                tolerates_contacts(sheet.audience),
            );
        }
    }
    findings.sort_by_key(|finding| finding.weight);
    findings
}

/// Whether a text may name other contacts: its readers know whose they are.
fn tolerates_contacts(readers: Readers) -> bool {
    matches!(readers, Readers::Staff)
}

/// One text under the lamp.
struct Desk<'a> {
    part: &'a str,
    locale: Locale,
    text: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Desk<'_> {
    fn find(&mut self, code: FindingCode, weight: Weight, about: LocaleText) {
        self.find_by(code, weight, about, LocaleText::default());
    }

    fn find_by(
        &mut self,
        code: FindingCode,
        weight: Weight,
        about: LocaleText,
        article: LocaleText,
    ) {
        let (part, locale) = (self.part, self.locale);
        let detail = Sha256::of(format!("{}\n{}", about.ja, about.en).as_bytes()).to_string();
        let detail: String = detail.chars().take(12).collect();
        let id = format!("{code}:{part}:{locale}:{detail}");
        if self.findings.iter().any(|finding| finding.id == id) {
            return;
        }
        self.findings.push(Finding {
            id,
            code,
            weight,
            part: part.to_owned(),
            locale,
            about,
            article,
        });
    }
}

/// The same words in both languages.
fn same(text: impl Into<String>) -> LocaleText {
    let ja = text.into();
    LocaleText { en: ja.clone(), ja }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(kind: NoticeKind, part: &str, ja: &str, en: &str) -> Content {
        let mut content = Content::default();
        for sheet in kind.parts() {
            let text = LocaleText {
                ja: "これは本文です。".to_owned(),
                en: "This is the text.".to_owned(),
            };
            content.0.insert(sheet.key.clone(), text);
        }
        let text = LocaleText {
            ja: ja.to_owned(),
            en: en.to_owned(),
        };
        content.0.insert(part.to_owned(), text);
        content
    }

    fn codes(found: &[Finding], part: &str) -> Vec<(FindingCode, Weight)> {
        found
            .iter()
            .filter(|finding| finding.part == part && finding.code != FindingCode::MissingContent)
            .map(|finding| (finding.code, finding.weight))
            .collect()
    }

    fn found(kind: NoticeKind, part: &str, ja: &str, en: &str) -> Vec<(FindingCode, Weight)> {
        let against = Against {
            people: [1_204].into(),
            domains: vec!["shop.example.jp".to_owned()],
            published: vec![
                "privacy@shop.example.jp".to_owned(),
                "03-1234-5678".to_owned(),
            ],
            ..Against::default()
        };
        codes(&check(kind, &content(kind, part, ja, en), &against), part)
    }

    const GOOD_EN: &str = "A setting was wrong.";
    const GOOD_JA: &str = "設定の誤りでした。";

    #[test]
    fn a_gap_weighs_by_kind() {
        let gap = "原因は【確認中：原因】です。";
        assert_eq!(
            found(NoticeKind::PpcPreliminary, "cause", gap, GOOD_EN),
            [(FindingCode::Gap, Weight::Note)]
        );
        assert_eq!(
            found(NoticeKind::PpcFinal, "cause", gap, GOOD_EN),
            [(FindingCode::Gap, Weight::Warning)]
        );
        assert_eq!(
            found(NoticeKind::CustomerEmail, "body", gap, GOOD_EN),
            [(FindingCode::Gap, Weight::Error)]
        );
    }

    #[test]
    fn what_must_be_written_is_missed_in_its_language_only() {
        let empty = [(FindingCode::Empty, Weight::Error)];
        assert_eq!(
            found(NoticeKind::PpcPreliminary, "cause", " ", GOOD_EN),
            empty
        );
        assert_eq!(found(NoticeKind::PpcPreliminary, "cause", GOOD_JA, ""), []);
        assert_eq!(found(NoticeKind::CustomerEmail, "body", GOOD_JA, ""), empty);
    }

    #[test]
    fn placeholders_are_errors() {
        for left in [
            "○○部までご連絡ください。",
            "〇〇について",
            "担当は XXX です。",
            "これは TODO です。",
            "{{naem}} 様へのお知らせです。",
            "日付は[ ]です。",
        ] {
            assert_eq!(
                found(NoticeKind::CustomerEmail, "body", left, GOOD_EN),
                [(FindingCode::Placeholder, Weight::Error)],
                "{left}"
            );
        }
        let fine = "{{salutation}}\n○印のものが対象です。";
        assert_eq!(found(NoticeKind::CustomerEmail, "body", fine, GOOD_EN), []);
    }

    #[test]
    fn personal_data_in_a_text_are_found_and_the_organisations_own_are_not() {
        let kind = NoticeKind::PpcPreliminary;
        let personal = [(FindingCode::PersonalData, Weight::Warning)];
        for text in [
            "連絡先は hanako@example.com です。",
            "電話は 090-1234-5678 です。",
            "ＩＤは Ua1b2c3d4e5f60718293a4b5c6d7e8f90 です。",
        ] {
            assert_eq!(found(kind, "other", text, GOOD_EN), personal, "{text}");
        }
        let own = "窓口は privacy@shop.example.jp、電話 03-1234-5678 です。";
        assert_eq!(found(kind, "other", own, GOOD_EN), []);
        let secret = [(FindingCode::SecretNumber, Weight::Error)];
        // A test number of the card schemes, and a My Number with a right check digit.
        for text in [
            "番号は 4111 1111 1111 1111 です。",
            "番号は 123456789018 です。",
        ] {
            assert_eq!(found(kind, "other", text, GOOD_EN), secret, "{text}");
        }
        assert_eq!(
            found(kind, "other", "受付番号 123456789012 です。", GOOD_EN),
            []
        );
        let masked = check(
            kind,
            &content(kind, "other", "連絡先は hanako@example.com です。", GOOD_EN),
            &Against::default(),
        );
        assert!(!format!("{masked:?}").contains("hanako"));
    }

    #[test]
    fn links_lead_to_the_organisation() {
        let kind = NoticeKind::CustomerEmail;
        let own = "詳しくは https://www.shop.example.jp/info をご覧ください。";
        assert_eq!(found(kind, "body", own, GOOD_EN), []);
        let link = [(FindingCode::Link, Weight::Warning)];
        for text in [
            "詳しくは https://shop.example.jp.evil.example/ をご覧ください。",
            "詳しくは https://notshop.example.jp/ をご覧ください。",
        ] {
            assert_eq!(found(kind, "body", text, GOOD_EN), link, "{text}");
        }
        let plain = "詳しくは http://shop.example.jp/ をご覧ください。";
        assert_eq!(
            found(kind, "body", plain, GOOD_EN),
            [(FindingCode::UnsafeLink, Weight::Error)]
        );
    }

    #[test]
    fn the_text_is_in_its_language_and_runs_one_way() {
        let kind = NoticeKind::CustomerEmail;
        let language = [(FindingCode::Language, Weight::Warning)];
        assert_eq!(
            found(kind, "body", "This is an English text by mistake.", GOOD_EN),
            language
        );
        assert_eq!(
            found(kind, "body", GOOD_JA, "これは日本語の文章です。"),
            language
        );
        let names = "Shodo Trading (初動商事) apologises to its customers.";
        assert_eq!(found(kind, "body", GOOD_JA, names), []);
        assert_eq!(
            found(kind, "body", "これは\u{202e}逆です。", GOOD_EN),
            [(FindingCode::Direction, Weight::Error)]
        );
    }

    #[test]
    fn numbers_of_people_and_changed_answers_are_compared() {
        let kind = NoticeKind::PpcPreliminary;
        assert_eq!(found(kind, "people", "本人の数：1,204人", GOOD_EN), []);
        assert_eq!(found(kind, "people", "本人の数：１２０４名", GOOD_EN), []);
        let number = [(FindingCode::PeopleNumber, Weight::Warning)];
        assert_eq!(found(kind, "people", "本人の数：1,200人", GOOD_EN), number);
        let against = Against {
            drafted: [("cause".to_owned(), same("設定の誤り"))].into(),
            now: [("cause".to_owned(), same("不正なアクセス"))].into(),
            ..Against::default()
        };
        let text = content(kind, "cause", "原因は設定の誤りです。", GOOD_EN);
        assert_eq!(
            codes(&check(kind, &text, &against), "cause"),
            [(FindingCode::Contradiction, Weight::Warning)]
        );
        let mended = content(kind, "cause", "原因は不正なアクセスです。", GOOD_EN);
        assert_eq!(codes(&check(kind, &mended, &against), "cause"), []);
    }

    #[test]
    fn what_the_law_wants_said_is_missed() {
        let kind = NoticeKind::CustomerEmail;
        let found = check(
            kind,
            &content(kind, "body", GOOD_JA, GOOD_EN),
            &Against::default(),
        );
        let missed = found
            .iter()
            .filter(|finding| finding.code == FindingCode::MissingContent)
            .collect::<Vec<_>>();
        assert!(missed.len() >= 4, "{missed:?}");
        assert!(
            missed
                .iter()
                .all(|finding| finding.weight == Weight::Warning)
        );
        assert!(missed.iter().all(|finding| !finding.article.ja.is_empty()));
    }
}
