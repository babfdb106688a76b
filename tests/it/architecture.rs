//! The rules that the source keeps, read from the source itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use shodo::kernel::{Code, Locale, locale};
use shodo::timeline::Kind;

/// The modules in the order of the walk. A module imports only from those above it.
///
/// There is no exception; one would be a change of the design, written here with its reason.
const RANKING: [&str; 27] = [
    "kernel",
    "sheets",
    "store",
    "vault",
    "timeline",
    "outbox",
    "accounts",
    "incidents",
    "playbooks",
    "evidence",
    "affected",
    "severity",
    "regulations",
    "risk",
    "assessment",
    "deadlines",
    "notices",
    "postmortem",
    "reports",
    "proof",
    "veris",
    "search",
    "workflow",
    "jobs",
    "api",
    "web",
    "app",
];

/// One file of the source: its module, its path from `src/`, its lines without comments and texts.
struct Source {
    module: String,
    path: String,
    code: String,
    raw: String,
}

#[test]
fn lib_declares_the_modules_in_the_order_of_the_walk() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs");
    let declared: Vec<_> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(declared, RANKING);
}

#[test]
fn a_module_imports_only_from_those_above_it() {
    let rank: BTreeMap<_, _> = RANKING.iter().zip(0..).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources() {
        let Some(own) = rank.get(&source.module.as_str()) else {
            assert!(
                ["lib", "main"].contains(&source.module.as_str()),
                "{} is in no module of the ranking",
                source.path
            );
            continue;
        };
        for (line, target) in imported(&source.code) {
            let Some(of) = rank.get(&target.as_str()) else {
                continue;
            };
            seen += 1;
            if of > own {
                wrong.push(format!("{}:{line}: {target}", source.path));
            }
        }
    }
    assert!(seen > 300, "only {seen} imports were found");
    assert!(
        wrong.is_empty(),
        "imports that point up:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn what_a_crate_is_for_stays_in_one_place() {
    let mut wrong = Vec::new();
    let mut found = BTreeSet::new();
    for (name, allowed) in [
        ("actix_web", &["api", "web", "app"][..]),
        ("actix_multipart", &["api", "web", "app"]),
        ("lettre", &["outbox"]),
        ("diesel::sqlite", &["store"]),
        ("diesel::pg", &["store"]),
        ("SqliteConnection", &["store"]),
        ("PgConnection", &["store"]),
        ("ring::aead", &["vault", "kernel"]),
        ("aes_gcm", &["vault", "kernel"]),
        ("ring::hkdf", &["vault", "kernel"]),
        ("ring::hmac", &["vault", "kernel"]),
        ("ring::digest", &["vault", "kernel"]),
        ("ring::rand", &["vault", "kernel"]),
    ] {
        for source in sources() {
            if source.code.contains(name) {
                found.insert(name);
                if !allowed.contains(&source.module.as_str()) {
                    wrong.push(format!("{}: {name}", source.path));
                }
            }
        }
    }
    for name in ["actix_web", "lettre", "ring::aead", "PgConnection"] {
        assert!(
            found.contains(name),
            "{name} is used nowhere: look at this test"
        );
    }
    assert!(wrong.is_empty(), "out of place:\n{}", wrong.join("\n"));
}

#[test]
fn one_file_reads_the_system_clock() {
    let readers: Vec<_> = sources()
        .into_iter()
        .filter(|source| {
            // Our own `Instant` has no `now`; only those of std and tokio would match.
            [
                "Timestamp::now",
                "Zoned::now",
                "SystemTime::now",
                "Instant::now(",
                "Utc::now",
            ]
            .iter()
            .any(|reading| source.code.contains(reading))
        })
        .map(|source| source.path)
        .collect();
    assert_eq!(readers, ["kernel/clock.rs"]);
}

#[test]
fn rules_are_pure() {
    let mut pure = 0;
    let mut wrong = Vec::new();
    for source in sources() {
        let is_pure = source.path.ends_with("/rules.rs")
            || source.module == "risk"
            || source.module == "veris"
            || source.module == "assessment"
            || source.module == "deadlines";
        if !is_pure {
            continue;
        }
        pure += 1;
        for impure in ["diesel", "crate::store", "Conn", "clock::", "Clock::now"] {
            // `Clock` itself is a word of the law here: a clock of a duty.
            if source.code.lines().any(|line| {
                words(line).any(|word| word == impure)
                    || (impure.contains("::") && line.contains(impure))
            }) {
                wrong.push(format!("{}: {impure}", source.path));
            }
        }
    }
    assert!(pure > 5, "only {pure} files of rules were found");
    assert!(wrong.is_empty(), "not pure:\n{}", wrong.join("\n"));
}

#[test]
fn both_languages_say_the_same_keys_with_the_same_variables() {
    let (japanese, english) = (texts(Locale::Ja), texts(Locale::En));
    let names = |texts: &BTreeMap<String, BTreeSet<String>>| -> BTreeSet<String> {
        texts.keys().cloned().collect()
    };
    let only: Vec<_> = names(&japanese)
        .symmetric_difference(&names(&english))
        .cloned()
        .collect();
    assert!(only.is_empty(), "in one language only: {only:?}");
    assert!(
        japanese.len() > 300,
        "only {} keys were found",
        japanese.len()
    );
    for (key, variables) in &japanese {
        assert_eq!(Some(variables), english.get(key), "variables of {key}");
    }
}

#[test]
fn no_key_is_defined_twice() {
    for language in Locale::ALL {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (path, source) in locale::sources(*language) {
            for (key, _) in entries(source) {
                let earlier = seen.insert(key.clone(), path.clone());
                assert!(earlier.is_none(), "{key} stands in {path} and {earlier:?}");
            }
        }
    }
}

#[test]
fn every_key_that_the_source_names_has_words() {
    let mut missing = BTreeSet::new();
    let mut named = 0;
    for source in sources() {
        for text in literals(&source.raw) {
            let is_field = text.starts_with("field-") && !text.ends_with('-');
            if is_field && !text.contains(['{', ' ']) {
                named += 1;
                if !Locale::ALL
                    .iter()
                    .all(|language| locale::has(*language, &text))
                {
                    missing.insert(format!("{text} ({})", source.path));
                }
            }
        }
    }
    assert!(named > 20, "only {named} keys were found");
    assert!(missing.is_empty(), "keys without words: {missing:#?}");
}

#[test]
fn every_code_is_used_and_has_words() {
    let code: String = sources()
        .into_iter()
        .filter(|source| source.path != "kernel/problem.rs")
        .map(|source| source.code)
        .collect();
    for known in Code::ALL {
        let name = format!("{known:?}");
        assert!(
            code.contains(&format!("Code::{name}")),
            "Code::{name} is used nowhere"
        );
        for language in Locale::ALL {
            for key in [
                format!("problem-{}", known.as_str()),
                format!("problem-{}-next", known.as_str()),
            ] {
                assert!(locale::has(*language, &key), "{key} has no words");
            }
        }
    }
}

#[test]
fn every_kind_of_entry_has_words_and_is_told() {
    let code: String = sources()
        .into_iter()
        .filter(|source| source.path != "timeline/model.rs")
        .map(|source| source.code)
        .collect();
    for kind in Kind::ALL {
        let key = format!("entry-{}", kind.as_str().replace('.', "-"));
        for language in Locale::ALL {
            assert!(locale::has(*language, &key), "{key} has no words");
        }
        let name = format!("Kind::{kind:?}");
        assert!(code.contains(&name), "{name} is told by nobody");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut waiting = vec![src.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let raw = std::fs::read_to_string(&path).expect("a source file");
                let path = path
                    .strip_prefix(&src)
                    .expect("inside src")
                    .display()
                    .to_string();
                let module = path.split('/').next().unwrap_or_default();
                sources.push(Source {
                    module: module.trim_end_matches(".rs").to_owned(),
                    code: code(&raw),
                    path,
                    raw,
                });
            }
        }
    }
    sources.sort_by(|one, two| one.path.cmp(&two.path));
    sources
}

/// The source without comments, and without its unit tests, which may use anything.
fn code(source: &str) -> String {
    let body = source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    body.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules that a source names after `crate::`, or in `crate::{…}`, each with its line.
fn imported(code: &str) -> Vec<(usize, String)> {
    let mut modules = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        // `$crate` of a macro stands where the macro is used.
        if code[..at].ends_with('$') {
            continue;
        }
        let line = code[..at].lines().count();
        let rest = &code[at + start.len()..];
        if rest.starts_with('{') {
            modules.extend(group(rest).into_iter().map(|name| (line, name)));
        } else {
            modules.push((line, first_word(rest)));
        }
    }
    modules
}

/// The first word of every path in a group, without those of the groups inside it.
fn group(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expected = false;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => {}
            _ if character.is_whitespace() => continue,
            _ => {
                if expected && depth == 1 {
                    names.push(first_word(&text[at..]));
                }
                expected = false;
                continue;
            }
        }
        if depth == 0 {
            break;
        }
        expected = depth == 1 && character != '}';
    }
    names
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::kernel::Id;\nuse crate::{\n    web::{api, app},\n    store,\n};\nlet x = crate::app::run();\n$crate::jobs::x();";
    let found: Vec<_> = imported(code);
    let expected = [(0, "kernel"), (1, "web"), (1, "store"), (5, "app")];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((_, name), (_, wanted)) in found.iter().zip(expected) {
        assert_eq!(name, wanted);
    }
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

/// The texts in quotes of a source.
fn literals(source: &str) -> Vec<String> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned))
        .collect()
}

/// Every key with the variables of its text.
fn texts(language: Locale) -> BTreeMap<String, BTreeSet<String>> {
    locale::sources(language)
        .into_iter()
        .flat_map(|(_, source)| entries(source))
        .map(|(key, text)| (key, variables(&text)))
        .collect()
}

fn entries(source: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        match line.split_once('=') {
            Some((key, text)) if begins => {
                entries.push((key.trim().to_owned(), text.to_owned()));
            }
            _ => {
                if let (Some((_, text)), true) = (entries.last_mut(), line.starts_with(' ')) {
                    text.push_str(line);
                }
            }
        }
    }
    entries
}

/// The variables that a text shows; one that only chooses between plurals is English alone.
fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            let chooses = rest[name.len()..].trim_start().starts_with("->");
            (!chooses).then_some(name)
        })
        .collect()
}
