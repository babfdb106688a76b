//! Where a report holds words that a person wrote, or a person's name.
//!
//! Every text of the model is visited in reading order, but for numbers of incidents,
//! digests and the signed checkpoint, which no person writes.

use super::super::model::PostMortem;
use crate::kernel::{Locale, LocaleText};

/// What kind of text it is, and in which language its stand-ins are written.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Running words, which may name somebody.
    Words(Locale),
    /// A person's name and nothing else.
    Person(Locale),
}

type Visit<'a> = dyn FnMut(&mut String, Place) + 'a;

/// Visits every text; `lang` is the language of what stands in one language only.
pub fn each_text(report: &mut PostMortem, lang: Locale, visit: &mut Visit<'_>) {
    let (words, person) = (Place::Words(lang), Place::Person(lang));
    let cover = &mut report.cover;
    visit(&mut cover.title, words);
    for side in [&mut cover.kind, &mut cover.pattern, &mut cover.severity] {
        side.iter_mut().for_each(|text| each_side(text, visit));
    }
    if let Some(commander) = &mut cover.commander {
        visit(commander, person);
    }
    visit(&mut cover.created_by, person);
    for passage in &mut report.summary {
        each_side(&mut passage.heading, visit);
        if let Some(text) = &mut passage.text {
            visit(text, words);
        }
    }
    for entry in &mut report.timeline {
        if let Some(text) = &mut entry.text {
            each_side(text, visit);
        }
        visit(&mut entry.actor, person);
    }
    for decision in &mut report.decisions {
        each_side(&mut decision.text, visit);
        if let Some(reason) = &mut decision.reason {
            visit(reason, words);
        }
        visit(&mut decision.by, person);
    }
    law(report, lang, visit);
    people(report, words, visit);
    for notice in &mut report.notices {
        each_side(&mut notice.kind, visit);
        for approval in &mut notice.approvals {
            each_side(&mut approval.role, visit);
            visit(&mut approval.by, person);
        }
        if let Some(receipt) = &mut notice.receipt {
            visit(receipt, words);
        }
    }
    lessons(report, lang, visit);
}

fn law(report: &mut PostMortem, lang: Locale, visit: &mut Visit<'_>) {
    for obligation in &mut report.obligations {
        each_side(&mut obligation.duty, visit);
        each_side(&mut obligation.recipient, visit);
        for reason in &mut obligation.reasons {
            each_side(reason, visit);
        }
        if let Some(proof) = &mut obligation.proof {
            visit(proof, Place::Words(lang));
        }
        if let Some(overruled) = &mut obligation.overruled {
            visit(&mut overruled.by, Place::Person(lang));
            visit(&mut overruled.reason, Place::Words(lang));
        }
    }
}

fn people(report: &mut PostMortem, words: Place, visit: &mut Visit<'_>) {
    for residence in &mut report.people.residence {
        each_side(&mut residence.place, visit);
    }
    for data in &mut report.data {
        each_side(&mut data.category, visit);
        for item in &mut data.items {
            each_side(item, visit);
        }
    }
    for roster in &mut report.rosters {
        visit(&mut roster.file, words);
        visit(&mut roster.source, words);
        each_side(&mut roster.collection_point, visit);
        for problem in &mut roster.problems {
            visit(&mut problem.column, words);
            each_side(&mut problem.reason, visit);
        }
    }
}

fn lessons(report: &mut PostMortem, lang: Locale, visit: &mut Visit<'_>) {
    let review = &mut report.review;
    for list in [&mut review.well, &mut review.badly, &mut review.luck] {
        for line in list {
            visit(line, Place::Words(lang));
        }
    }
    for action in &mut report.actions {
        visit(&mut action.text, Place::Words(lang));
        if let Some(owner) = &mut action.owner {
            let place = if is_unit(owner) {
                Place::Words(lang)
            } else {
                Place::Person(lang)
            };
            visit(owner, place);
        }
    }
    for measure in &mut report.measures {
        each_side(&mut measure.name, visit);
        if let Some(note) = &mut measure.note {
            visit(note, Place::Words(lang));
        }
    }
}

fn each_side(text: &mut LocaleText, visit: &mut Visit<'_>) {
    visit(&mut text.ja, Place::Words(Locale::Ja));
    visit(&mut text.en, Place::Words(Locale::En));
}

/// Whether a text names a part of the organisation, and no person.
///
/// In doubt it says no: a unit under a letter is a blemish, a person in the open a breach.
pub fn is_unit(text: &str) -> bool {
    let text = text.trim();
    let long = text.chars().count() >= 3;
    // 阿部, 長谷部 and 氷室 are families.
    let known = [
        "法務部",
        "総務部",
        "人事部",
        "広報部",
        "経理部",
        "営業部",
        "開発部",
        "企画部",
        "技術部",
        "監査部",
        "財務部",
    ];
    let ends = ["委員会", "センター", "チーム", "グループ", "事務局"];
    let ja = known.contains(&text)
        || (text.ends_with('部') && text.chars().count() >= 4)
        || (long && text.ends_with(['課', '室', '係']))
        || ends.iter().any(|end| text.ends_with(end));
    ja || text.split_whitespace().any(|word| {
        let word = word.to_lowercase();
        ["team", "department", "office", "desk", "group", "committee"].contains(&word.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::is_unit;

    #[test]
    fn a_family_is_no_department() {
        for unit in ["情報システム部", "法務部", "品質管理課", "Security team"] {
            assert!(is_unit(unit), "{unit}");
        }
        for person in ["阿部", "長谷部", "氷室", "鈴木 海", "Teamer Jo", ""] {
            assert!(!is_unit(person), "{person}");
        }
    }
}
