//! What leaves the house under which name: the model before it is composed.
//!
//! A report and the staff come in, a report without their names goes out; done on the
//! model, so that no form can say more than another. It refuses to know whether a free
//! text tells of somebody else: a person reads it before it goes out.

mod fold;
mod names;
mod places;

use places::{Place, each_text};

use super::model::{Headcount, PostMortem, Residence};
use super::passages;
use crate::kernel::{Locale, LocaleText, locale};

crate::text_enum! {
    /// For whom a report is made.
    pub enum Level {
        /// Everything.
        Internal = "internal",
        /// For an authority: staff by what they do and a letter, the same throughout a document.
        Regulator = "regulator",
        /// For everybody: staff unnamed, no remarks, no names of files.
        Public = "public",
    }
}

/// One person of the staff, as a text may name them.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The names: today's and those of earlier days.
    pub names: Vec<String>,
    /// The address with which the person signs in.
    pub email: Option<String>,
    /// What the person does, as in `accounts::Role`; nothing where no account says.
    pub role: Option<&'static str>,
}

/// Fewer people than this in one place could be recognised by those who know them.
///
/// Ten is the usual least cell of published tables. It holds for counts that tell a
/// property of people (where they live, that they are under age); how many messages
/// failed or rows a file had tells nothing of anybody.
const FEW: u64 = 10;

/// The report as readers of a level may see it.
pub fn redact(mut report: PostMortem, staff: &[Staff], level: Level, lang: Locale) -> PostMortem {
    if level == Level::Internal {
        return report;
    }
    report.cover.level = level;
    report.cover.classification = both(&format!("classification-{level}"));
    // The team's opinion of its own work is for the team.
    report.review = super::model::Review::default();
    if level == Level::Public {
        hold_back(&mut report, lang);
    }
    // Tags and references within a name would hide it from the search below.
    for passage in report.summary.iter_mut().filter(|it| it.markdown) {
        if let Some(text) = &mut passage.text {
            *text = passages::canonical(text);
        }
    }
    let staff = with_owners(staff, &report);
    let mut names = names::Names::new(&staff, level);
    // Once to see who occurs, in reading order; a letter must not tell how many others there are.
    each_text(&mut report, lang, &mut |text, _| names.meet(text));
    each_text(&mut report, lang, &mut |text, place| match place {
        Place::Words(lang) => {
            names.replace(text, lang);
        }
        Place::Person(lang) => {
            if !names.replace(text, lang) && !is_system(text) {
                *text = names.anybody(lang);
            }
        }
    });
    report
}

/// Takes out what the public is not told.
fn hold_back(report: &mut PostMortem, lang: Locale) {
    let withheld = locale::text(lang, "report-withheld");
    for entry in &mut report.timeline {
        // The kind says what was done; the words may quote what people wrote.
        entry.text = Some(entry.kind.clone());
    }
    report.decisions.clear();
    for roster in &mut report.rosters {
        roster.file.clone_from(&withheld);
        roster.source.clone_from(&withheld);
        roster.problems.clear();
    }
    for obligation in &mut report.obligations {
        obligation.proof = None;
        if let Some(overruled) = &mut obligation.overruled {
            overruled.reason.clone_from(&withheld);
        }
    }
    for notice in &mut report.notices {
        notice.receipt = None;
    }
    for measure in &mut report.measures {
        measure.note = None;
    }
    let people = &mut report.people;
    people.residence = together(std::mem::take(&mut people.residence));
    people.minors = people.minors.map(|minors| match minors {
        Headcount::Exact(count) if count < FEW => Headcount::AtMost(FEW - 1),
        other => other,
    });
}

/// Puts places of few people together, and the next larger one with them while these are
/// still few: else the sum of all would tell what the fold hides.
fn together(mut places: Vec<Residence>) -> Vec<Residence> {
    places.sort_by_key(|place| std::cmp::Reverse(place.people));
    let mut others = 0;
    while let Some(place) = places.pop_if(|place| place.people < FEW || (1..FEW).contains(&others))
    {
        others += place.people;
    }
    if others > 0 {
        places.push(Residence {
            place: both("report-other-places"),
            people: others,
        });
    }
    places
}

/// The staff, and those who answer for an action without having an account.
fn with_owners(staff: &[Staff], report: &PostMortem) -> Vec<Staff> {
    let owners = report
        .actions
        .iter()
        .filter_map(|action| action.owner.as_ref())
        .filter(|owner| !places::is_unit(owner))
        .map(|owner| Staff {
            names: vec![owner.clone()],
            email: None,
            role: None,
        });
    staff.iter().cloned().chain(owners).collect()
}

/// Whether a person's place holds the server's own name.
fn is_system(text: &str) -> bool {
    [Locale::Ja, Locale::En]
        .into_iter()
        .any(|lang| locale::text(lang, "actor-system") == text)
}

fn both(key: &str) -> LocaleText {
    LocaleText {
        ja: locale::text(Locale::Ja, key),
        en: locale::text(Locale::En, key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(people: u64) -> Residence {
        Residence {
            place: LocaleText::default(),
            people,
        }
    }

    #[test]
    fn places_of_few_people_cannot_be_told_apart() {
        let counts = |places: &[u64]| -> Vec<u64> {
            let places = places.iter().map(|people| place(*people)).collect();
            together(places).iter().map(|place| place.people).collect()
        };
        assert_eq!(counts(&[500, 40, 6, 5]), [500, 40, 11]);
        // Six alone would follow from the sum of all: forty go with them.
        assert_eq!(counts(&[500, 40, 6]), [500, 46]);
        assert_eq!(counts(&[500, 40]), [500, 40]);
    }
}
