//! The report for programs, and the schema that programs are told.

use serde_json::Value;
use shodo::kernel::Locale;
use shodo::reports::{Format, PostMortem, json, render};

use super::LOCALES;
use super::example::{blank, example};

fn value(report: &PostMortem, locale: Locale) -> Value {
    serde_json::from_slice(&render(report, Format::Json, locale).unwrap()).unwrap()
}

/// What is wrong with a value by a schema of the kind that the code gives: refs, objects,
/// arrays, enums, alternatives, types.
fn faults(schema: &Value, root: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("{reference} leads nowhere"));
        return faults(target, root, value, at, found);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(choices) = schema.get(key).and_then(Value::as_array) {
            let fits = choices.iter().any(|choice| {
                let mut inside = Vec::new();
                faults(choice, root, value, at, &mut inside);
                inside.is_empty()
            });
            if !fits {
                found.push(format!("{at}: {value} fits no choice"));
            }
        }
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{at}: {value} is another"));
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array)
        && !all.contains(value)
    {
        found.push(format!("{at}: {value} is not listed"));
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let fits = types.iter().any(|name| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    });
    if !types.is_empty() && !fits {
        found.push(format!("{at}: {value} is no {types:?}"));
    }
    if let Some(object) = value.as_object() {
        let properties = schema.get("properties").and_then(Value::as_object);
        for needed in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = needed.as_str().unwrap();
            if !object.contains_key(name) {
                found.push(format!("{at}: no {name}"));
            }
        }
        for (name, value) in object {
            match properties.and_then(|known| known.get(name)) {
                Some(schema) => faults(schema, root, value, &format!("{at}/{name}"), found),
                None if properties.is_some() => found.push(format!("{at}: {name} is not told")),
                None => {}
            }
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (place, value) in values.iter().enumerate() {
            faults(items, root, value, &format!("{at}/{place}"), found);
        }
    }
}

#[test]
fn what_is_written_is_what_the_schema_tells() {
    let schema = json::schema();
    for locale in LOCALES {
        for report in [example(), blank()] {
            let mut found = Vec::new();
            faults(schema, schema, &value(&report, locale), "", &mut found);
            assert_eq!(found, Vec::<String>::new());
        }
    }
    // A checker that finds nothing would say nothing.
    let mut wrong = value(&example(), Locale::Ja);
    wrong["cover"]["level"] = "secret".into();
    wrong["people"]["delivery"]["sent"] = "many".into();
    wrong["more"] = 1.into();
    wrong["actions"][0].as_object_mut().unwrap().remove("text");
    let mut found = Vec::new();
    faults(schema, schema, &wrong, "", &mut found);
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/POST-MORTEM.schema.json");
    let published = std::fs::read_to_string(path).unwrap();
    let code = format!(
        "{}\n",
        serde_json::to_string_pretty(json::schema()).unwrap()
    );
    assert_eq!(
        published, code,
        "write it anew: shodo export --schema > docs/POST-MORTEM.schema.json"
    );
}

#[test]
fn a_program_knows_what_it_holds() {
    let value = value(&example(), Locale::En);
    assert_eq!(value["schema_version"], 1);
    assert_eq!(value["locale"], "en");
    assert_eq!(value["cover"]["level"], "internal");
    assert_eq!(value["cover"]["created_at"], "2026-12-01T01:00:00Z");
    assert_eq!(value["people"]["affected"]["exact"], 12_480);
    assert_eq!(value["actions"][0]["due"], "2026-11-25");
    assert_eq!(value["verification"]["head"].as_str().unwrap().len(), 64);
}
