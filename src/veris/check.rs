//! What is wrong in a record of VERIS, as far as this program can tell.

use serde_json::Value;

use super::content;
use crate::incidents::facts::JsonProblem;

/// Members, and what each of them must have where it stands at all.
const REQUIRED: [(&str, &[&str]); 18] = [
    (
        "",
        &[
            "action",
            "actor",
            "asset",
            "discovery_method",
            "incident_id",
            "schema_version",
            "security_incident",
            "summary",
            "timeline",
        ],
    ),
    ("timeline", &["incident"]),
    ("timeline.incident", &["year"]),
    ("timeline.discovery", &["unit"]),
    ("timeline.containment", &["unit"]),
    (
        "victim",
        &["country", "employee_count", "government", "industry"],
    ),
    ("action.hacking", &["variety", "vector"]),
    ("action.malware", &["variety", "vector"]),
    ("action.social", &["variety", "vector", "target"]),
    ("action.error", &["variety", "vector"]),
    ("action.misuse", &["variety", "vector"]),
    ("actor.external", &["variety", "motive"]),
    ("actor.internal", &["variety", "motive"]),
    ("asset", &["assets", "cloud"]),
    ("attribute.confidentiality", &["data_disclosure"]),
    ("attribute.integrity", &["variety"]),
    ("attribute.availability", &["variety"]),
    ("impact", &["overall_rating"]),
];

/// Everything that is wrong: members that miss, words that VERIS has not in that field.
///
/// A problem names the field and repeats no value. Fields that no record of ours
/// has are not looked at; the published schema says more.
pub fn check(record: &Value) -> Vec<JsonProblem> {
    let mut problems = Vec::new();
    for (path, keys) in REQUIRED {
        let Some(member) = at(record, path) else {
            continue;
        };
        let missing = keys.iter().filter(|key| member.get(**key).is_none());
        problems.extend(missing.map(|key| JsonProblem::at(join(path, key), "is missing")));
    }
    words(record, "", &mut problems);
    problems
}

fn at<'a>(record: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|key| !key.is_empty())
        .try_fold(record, |value, key| value.get(key))
}

/// Walks to every text and compares it with the words of its field.
fn words(value: &Value, path: &str, problems: &mut Vec<JsonProblem>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                words(member, &join(path, key), problems);
            }
        }
        Value::Array(items) => {
            if items.is_empty() {
                problems.push(JsonProblem::at(path, "is an empty list"));
            }
            for item in items {
                words(item, path, problems);
            }
        }
        Value::String(text) => {
            let is_known = match content::enumerations().fields.get(path) {
                Some(allowed) => allowed.contains(text),
                None => !path.ends_with(".country") || is_country(text),
            };
            if !is_known {
                problems.push(JsonProblem::at(path, "is no word of VERIS in this field"));
            }
        }
        _ => {}
    }
}

fn is_country(text: &str) -> bool {
    text == "Unknown"
        || text == "Other"
        || (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
