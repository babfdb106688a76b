//! Finds the names of the staff in running text, however they are written there.
//!
//! Text and names are compared by their letters and digits alone: folded after NFKD and to
//! lower case, without marks, spaces, punctuation and what takes no room, and with
//! the common second forms of characters (髙 as 高). So width, case, line breaks within a
//! name and emphasis within a name change nothing.

use std::collections::HashMap;
use std::ops::Range;

use super::fold::{Glyph, glyphs, is_eastern, is_ideograph, letters};
use super::{Level, Staff};
use crate::kernel::{Locale, locale};

/// What must hold around a match for it to be the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Around {
    /// Nothing: the name is long enough to speak for itself.
    Nothing,
    /// No letter or digit touches it.
    Word,
    /// As [`Around::Word`], and its first letter is a capital.
    Capital,
    /// It is not the beginning of a place, such as 福島県.
    NoPlace,
    /// A form of address follows, such as さん.
    Address,
    /// No other ideograph touches it.
    Alone,
}

/// One way to write one person.
#[derive(Debug)]
struct Pattern {
    letters: Vec<char>,
    around: Around,
    /// Whom it means; nothing where it could mean two.
    person: Option<usize>,
}

/// The names of the staff, and whom the text has met so far.
pub struct Names {
    /// By first letter, the longest first.
    patterns: HashMap<char, Vec<Pattern>>,
    roles: Vec<Option<&'static str>>,
    met: Vec<usize>,
    level: Level,
}

impl Names {
    pub fn new(staff: &[Staff], level: Level) -> Self {
        let mut found: HashMap<(Vec<char>, Around), Pattern> = HashMap::new();
        let mut whole: HashMap<Vec<char>, usize> = HashMap::new();
        let mut roles = Vec::new();
        for someone in staff {
            let first = someone.names.first().map(|name| letters(name));
            // Two accounts of one name are one person to a reader.
            let person = match first.as_ref().and_then(|name| whole.get(name)) {
                Some(person) => *person,
                None => {
                    roles.push(someone.role);
                    roles.len() - 1
                }
            };
            for name in &someone.names {
                whole.entry(letters(name)).or_insert(person);
            }
            let address = someone.email.iter().map(|email| Pattern {
                letters: letters(email),
                around: Around::Word,
                person: Some(person),
            });
            let spelt = someone
                .names
                .iter()
                .flat_map(|name| spellings(name, person));
            for pattern in spelt.chain(address) {
                if pattern.letters.is_empty() {
                    continue;
                }
                let key = (pattern.letters.clone(), pattern.around);
                let known = found.entry(key).or_insert(pattern);
                if known.person != Some(person) {
                    known.person = None;
                }
            }
        }
        let mut patterns: HashMap<char, Vec<Pattern>> = HashMap::new();
        for (_, pattern) in found {
            if let Some(first) = pattern.letters.first() {
                patterns.entry(*first).or_default().push(pattern);
            }
        }
        for list in patterns.values_mut() {
            list.sort_by_key(|it| (std::cmp::Reverse(it.letters.len()), it.around));
        }
        Self {
            patterns,
            roles,
            met: Vec::new(),
            level,
        }
    }

    /// Remembers whom a text names, in the order in which it does.
    pub fn meet(&mut self, text: &str) {
        for (_, person) in self.matches(text) {
            if let Some(person) = person.filter(|person| !self.met.contains(person)) {
                self.met.push(person);
            }
        }
    }

    /// Puts stand-ins where a text names somebody; tells whether it did.
    pub fn replace(&self, text: &mut String, lang: Locale) -> bool {
        let matches = self.matches(text);
        for (range, person) in matches.iter().rev() {
            text.replace_range(range.clone(), &self.stand_in(*person, lang));
        }
        !matches.is_empty()
    }

    /// The stand-in of somebody whom no pattern tells.
    pub fn anybody(&self, lang: Locale) -> String {
        locale::text(lang, "report-staff")
    }

    fn stand_in(&self, person: Option<usize>, lang: Locale) -> String {
        let place = person.and_then(|person| self.met.iter().position(|met| *met == person));
        let (Level::Regulator, Some(person), Some(place)) = (self.level, person, place) else {
            return self.anybody(lang);
        };
        let role = self.roles.get(person).copied().flatten();
        let key = format!("report-staff-{}", role.unwrap_or("lettered"));
        locale::text_with(lang, &key, &[("letter", letter(place).into())])
    }

    /// Where a text names whom: ranges of bytes that do not overlap, in order.
    fn matches(&self, text: &str) -> Vec<(Range<usize>, Option<usize>)> {
        let glyphs = glyphs(text);
        let mut matches = Vec::new();
        let mut at = 0;
        while let Some(glyph) = glyphs.get(at) {
            let hit = self.patterns.get(&glyph.folded).and_then(|patterns| {
                patterns.iter().find_map(|pattern| {
                    let end = at + pattern.letters.len();
                    let found = glyphs.get(at..end)?;
                    let same = found
                        .iter()
                        .map(|it| it.folded)
                        .eq(pattern.letters.iter().copied());
                    // か is not が, of which it is the first letter.
                    let whole = found.last().zip(glyphs.get(end));
                    let whole = whole.is_none_or(|(last, next)| last.end <= next.start);
                    (same && whole && holds(pattern.around, text, found))
                        .then_some((found, pattern.person))
                })
            });
            match hit {
                Some((found, person)) => {
                    let end = found.last().map_or(glyph.end, |last| last.end);
                    matches.push((glyph.start..end, person));
                    at += found.len();
                }
                None => at += 1,
            }
        }
        matches
    }
}

/// How one person may be written.
fn spellings(name: &str, person: usize) -> Vec<Pattern> {
    let mut parts: Vec<(&str, Vec<char>)> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '・' | ','))
        .map(|part| (part, letters(part)))
        .filter(|(_, letters)| !letters.is_empty())
        .collect();
    if parts.iter().any(|(part, _)| !is_title(part)) {
        parts.retain(|(part, _)| !is_title(part));
    }
    let pattern = |letters: Vec<char>, around| Pattern {
        letters,
        around,
        person: Some(person),
    };
    let all = || parts.iter().flat_map(|(_, letters)| letters.clone());
    let whole: Vec<char> = all().collect();
    let eastern = whole.iter().any(|c| is_eastern(*c));
    let around = match (eastern, whole.len()) {
        (true, 1) => Around::Alone,
        (true, _) => Around::Nothing,
        (false, _) => Around::Word,
    };
    let mut patterns = vec![pattern(whole, around)];
    let [(first, family), .., (last, given)] = parts.as_slice() else {
        return patterns;
    };
    let turned = given.iter().chain(family).copied().collect();
    patterns.push(pattern(turned, around));
    for (word, letters, is_family) in [(first, family, true), (last, given, false)] {
        if letters.iter().any(|c| is_eastern(*c)) {
            if is_family && letters.len() > 1 && !is_office(word) {
                patterns.push(pattern(letters.clone(), Around::NoPlace));
            } else {
                patterns.push(pattern(letters.clone(), Around::Address));
            }
        } else if letters.len() > 2 && !is_word(word) {
            patterns.push(pattern(letters.clone(), Around::Capital));
        }
    }
    patterns
}

/// 代表取締役 is what a person is, and not who.
fn is_title(part: &str) -> bool {
    part.chars().count() > 1
        && (part.ends_with(['長', '役', '員'])
            || part.starts_with("代表")
            || part.ends_with("理事"))
}

/// Accounts are also called 管理 者 or 法務 担当: such a first part is a word of every report.
fn is_office(part: &str) -> bool {
    [
        "管理", "指揮", "法務", "対応", "承認", "閲覧", "担当", "総務", "広報", "人事", "経理",
        "営業", "開発", "監査", "情報", "本部", "会社", "事務", "運用", "当番", "代表", "個人",
    ]
    .contains(&part)
}

/// Names that a sentence may well begin with.
fn is_word(part: &str) -> bool {
    [
        "may", "june", "april", "august", "will", "mark", "grace", "hope", "bill", "rose", "frank",
        "art", "jack", "rob", "sue", "pat", "the", "law",
    ]
    .contains(&part.to_lowercase().as_str())
}

fn holds(around: Around, text: &str, found: &[Glyph]) -> bool {
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return false;
    };
    let before = text
        .get(..first.start)
        .and_then(|text| text.chars().next_back());
    let after = text.get(last.end..).unwrap_or_default();
    let next = after.chars().next();
    // Between a Western name and Japanese words there need be no space.
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_eastern(c));
    match around {
        Around::Nothing => true,
        Around::Word => !touches(before) && !touches(next),
        Around::Capital => {
            let capital = text.get(first.start..).and_then(|text| text.chars().next());
            capital.is_some_and(char::is_uppercase) && !touches(before) && !touches(next)
        }
        Around::NoPlace => !next.is_some_and(|c| "県府都道市区郡町村駅".contains(c)),
        Around::Address => {
            let after = after.trim_start();
            [
                "さん",
                "氏",
                "様",
                "さま",
                "君",
                "くん",
                "ちゃん",
                "殿",
                "部長",
                "課長",
                "室長",
                "係長",
                "社長",
                "取締役",
                "弁護士",
                "先生",
            ]
            .iter()
            .any(|address| after.starts_with(address))
        }
        Around::Alone => ![before, next].into_iter().flatten().any(is_ideograph),
    }
}

/// A, B, … Z, AA, AB, …
fn letter(mut place: usize) -> String {
    let mut text = String::new();
    loop {
        let letter = u8::try_from(place % 26).map_or('A', |at| char::from(b'A' + at));
        text.insert(0, letter);
        match (place / 26).checked_sub(1) {
            Some(rest) => place = rest,
            None => return text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone(names: &[&str], email: Option<&str>, role: Option<&'static str>) -> Staff {
        Staff {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            email: email.map(str::to_owned),
            role,
        }
    }

    fn told(staff: &[Staff], text: &str) -> String {
        let mut names = Names::new(staff, Level::Regulator);
        let mut text = text.to_owned();
        names.meet(&text);
        names.replace(&mut text, Locale::En);
        text
    }

    #[test]
    fn a_name_goes_in_every_spelling() {
        let staff = [
            someone(
                &["髙橋 﨑子", "山本 﨑子"],
                Some("takahashi@example.jp"),
                None,
            ),
            someone(&["May Smith"], None, None),
            someone(&["Zoë O’Neil"], None, None),
            someone(&["林 大地"], None, None),
            someone(&["代表取締役 架空 太郎"], None, None),
            someone(&["管理 花"], None, None),
        ];
        for (text, shown) in [
            ("髙橋 﨑子", "Staff A"),
            ("髙橋﨑子と高橋　崎子", "Staff AとStaff A"),
            ("髙 橋\n﨑\u{200b}子", "Staff A"),
            (
                "髙橋さん、﨑子さん、山本",
                "Staff Aさん、Staff Aさん、Staff A",
            ),
            ("**髙橋** *﨑子*", "**Staff A*"),
            ("<TAKAHASHI@Example.JP>", "<Staff A>"),
            ("MAY  SMITH may mayhem", "Staff A may mayhem"),
            ("ＭａｙＳｍｉｔｈ; Smith, May", "Staff A; Staff A"),
            (
                "Mr Smith, smithy, In May 2026",
                "Mr Staff A, smithy, In May 2026",
            ),
            ("zoe o'neil and ZOE\u{308} O’NEIL", "Staff A and Staff A"),
            ("管理 花は管理者、管理さん", "Staff Aは管理者、Staff Aさん"),
            ("代表取締役の架空太郎", "代表取締役のStaff A"),
            ("管理 花は管理者、管理さん", "Staff Aは管理者、Staff Aさん"),
            (
                "林さんは森林の林道へ、大地を",
                "Staff Aさんは森林の林道へ、大地を",
            ),
        ] {
            assert_eq!(told(&staff, text), shown);
        }
    }

    #[test]
    fn whoever_is_met_first_is_a_and_roles_are_told() {
        let staff = [
            someone(&["福島 一"], None, Some("approver")),
            someone(&["佐藤 花"], None, Some("legal")),
            someone(&["佐藤 海"], None, None),
        ];
        assert_eq!(
            told(&staff, "佐藤 花 佐藤 福島 福島県 佐藤 海"),
            "Legal officer A a member of staff Approver B 福島県 Staff C",
            "佐藤 alone may be either"
        );
    }

    #[test]
    fn a_name_without_letters_is_no_name() {
        let staff = [someone(&["—", "", "*"], Some("@"), None)];
        assert_eq!(told(&staff, "— * @"), "— * @");
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 27].map(letter), ["A", "Z", "AA", "AB"]);
    }
}
