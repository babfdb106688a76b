//! The closed part of Handlebars that a draft's template may use, checked before anything is rendered.
//!
//! There are no loops, look-ups, partials or own helpers, and blocks nest three
//! deep at most: so no template reads what it should not, exhausts the stack or
//! explodes in size, whoever wrote it. The engine runs in strict mode behind this.

use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::FactKey;

/// The fields of the organisation that a template may name.
pub const ORGANISATION: &[&str] = &[
    "name",
    "kana",
    "corporate_number",
    "address",
    "representative",
    "industry",
    "desk_name",
    "desk_phone",
    "desk_email",
    "desk_hours",
    "dpo_name",
    "dpo_contact",
    "website",
];

/// What a notice to people may name of its reader.
pub const VARIABLES: &[&str] = &["salutation", "name", "data_items", "customer_number"];

/// What is told of an incident beside its facts and clock starts.
pub const DERIVED: &[&str] = &["appi_items", "payment_card_people"];

const LONGEST: usize = 20_000;
const MOST_TAGS: usize = 300;
const DEEPEST: usize = 3;

/// Something in braces that the language does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there, cut short.
    pub tag: String,
    /// The key of the words that say what is wrong.
    pub key: &'static str,
}

/// Checks a template; `for_people` lets it name its reader.
///
/// # Errors
/// The first fault, with its line.
pub fn check(source: &str, for_people: bool) -> Result<(), Fault> {
    if source.chars().count() > LONGEST {
        return Err(fault(source, 0, "", "template-too-long"));
    }
    let mut open: Vec<&str> = Vec::new();
    let mut tags = 0;
    let mut at = 0;
    while let Some(start) = source.get(at..).and_then(|rest| rest.find("{{")) {
        let start = at + start;
        let inside_at = start + 2;
        let wrong = |tag: &str, key| Err(fault(source, start, tag, key));
        let rest = source.get(inside_at..).unwrap_or_default();
        let Some(length) = rest.find("}}") else {
            return wrong(rest, "template-open-braces");
        };
        let tag = rest.get(..length).unwrap_or_default();
        let before = source.get(..start).unwrap_or_default();
        let after = rest.get(length + 2..).unwrap_or_default();
        // A backslash or a third brace would print the braces, or the value, as something else.
        if before.ends_with(['\\', '{']) || after.starts_with('}') {
            return wrong(tag, "template-unknown-tag");
        }
        tags += 1;
        if tags > MOST_TAGS {
            return wrong(tag, "template-too-many");
        }
        match read(tag.trim_matches(' '), for_people) {
            Some(Tag::Value) => {}
            Some(Tag::Opens(block)) => {
                open.push(block);
                if open.len() > DEEPEST {
                    return wrong(tag, "template-too-deep");
                }
            }
            Some(Tag::Else) if !open.is_empty() => {}
            Some(Tag::Closes(block)) if open.last() == Some(&block) => drop(open.pop()),
            Some(Tag::Else | Tag::Closes(_)) => return wrong(tag, "template-unbalanced"),
            None => return wrong(tag, "template-unknown-tag"),
        }
        at = inside_at + length + 2;
    }
    match open.pop() {
        Some(block) => Err(fault(source, source.len(), block, "template-unbalanced")),
        None => Ok(()),
    }
}

/// The keys that `{{fact "…"}}` may name.
pub fn is_fact(key: &str) -> bool {
    key.parse::<FactKey>().is_ok()
        || key.parse::<ClockStartKind>().is_ok()
        || DERIVED.contains(&key)
}

enum Tag<'a> {
    Value,
    Opens(&'a str),
    Else,
    Closes(&'a str),
}

fn read(tag: &str, for_people: bool) -> Option<Tag<'_>> {
    if let Some(block) = tag.strip_prefix('/') {
        return ["if", "unless"]
            .contains(&block)
            .then_some(Tag::Closes(block));
    }
    if let Some(rest) = tag.strip_prefix('#') {
        let (block, condition) = rest.split_once(' ')?;
        let condition = condition.trim();
        let known = condition
            .strip_prefix("(known ")
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(quoted)
            .is_some_and(is_fact);
        let fits = ["if", "unless"].contains(&block) && (known || is_organisation(condition));
        return fits.then_some(Tag::Opens(block));
    }
    let is_value = is_organisation(tag)
        || ["incident.number", "today"].contains(&tag)
        || (for_people && VARIABLES.contains(&tag))
        || tag
            .strip_prefix("fact ")
            .and_then(quoted)
            .is_some_and(is_fact);
    match tag {
        "else" => Some(Tag::Else),
        _ if is_value => Some(Tag::Value),
        _ => None,
    }
}

fn is_organisation(path: &str) -> bool {
    path.strip_prefix("organisation.")
        .is_some_and(|field| ORGANISATION.contains(&field))
}

fn quoted(text: &str) -> Option<&str> {
    text.trim().strip_prefix('"')?.strip_suffix('"')
}

fn fault(source: &str, at: usize, tag: &str, key: &'static str) -> Fault {
    let before = source.get(..at).unwrap_or_default();
    Fault {
        line: before.matches('\n').count() + 1,
        tag: tag.chars().filter(|c| !c.is_control()).take(60).collect(),
        key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_language_has_passes() {
        for good in [
            "",
            "平文 { } }",
            "{{fact \"cause\"}} {{ organisation.name }} {{today}} {{incident.number}}",
            "{{#if (known \"cause\")}}a{{else}}b{{/if}}",
            "{{#unless organisation.desk_phone}}{{#if (known \"occurred\")}}x{{/if}}{{/unless}}",
        ] {
            assert_eq!(check(good, false), Ok(()), "{good}");
        }
        assert_eq!(check("{{salutation}}\n{{data_items}}", true), Ok(()));
    }

    #[test]
    fn everything_else_is_refused_with_its_line() {
        let key = |source: &str| check(source, false).map_err(|fault| fault.key);
        for bad in [
            "{{salutation}}",
            "{{{organisation.name}}}",
            "\\{{today}}",
            "{{fact \"nobody\"}}",
            "{{organisation.password}}",
            "{{#each @root}}{{/each}}",
            "{{lookup . \"x\"}}",
            "{{@root}}",
            "{{> partial}}",
            "{{#with organisation}}{{/with}}",
            "{{!-- comment --}}",
            "{{#if (eq 1 1)}}{{/if}}",
            "{{~today~}}",
            "{{fact cause}}",
        ] {
            assert_eq!(key(bad), Err("template-unknown-tag"), "{bad}");
        }
        assert_eq!(key("a\nb {{today"), Err("template-open-braces"));
        assert_eq!(key("{{/if}}"), Err("template-unbalanced"));
        assert_eq!(key("{{else}}"), Err("template-unbalanced"));
        assert_eq!(key("{{#if organisation.name}}"), Err("template-unbalanced"));
        assert_eq!(
            check("a\nb\n{{x}}", false).map_err(|fault| fault.line),
            Err(3)
        );
    }

    #[test]
    fn neither_depth_nor_number_nor_length_is_unbounded() {
        // Two thousand nested blocks abort the process when the engine meets them.
        let nested = |times| "{{#if organisation.name}}".repeat(times);
        let key = |source: &str| check(source, false).map_err(|fault| fault.key);
        assert_eq!(key(&nested(2_000)), Err("template-too-long"));
        assert_eq!(key(&nested(500)), Err("template-too-deep"));
        assert_eq!(key(&nested(4)), Err("template-too-deep"));
        assert_eq!(key(&"{{today}}".repeat(301)), Err("template-too-many"));
        assert_eq!(key(&"a".repeat(20_001)), Err("template-too-long"));
    }
}
