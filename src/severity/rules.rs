//! Pure decisions: which questions are asked, what the answers come to, and the flags.
//!
//! Points are whole hundredths. An answer that is not known counts with all of its
//! options, so the score becomes the range in which it must lie.

use serde::Serialize;
use utoipa::ToSchema;

use super::answers::Answers;
use super::model::{Level, Points, Question, Range, Score};
use crate::incidents::facts::{Count, FactKey, Facts, Value};

/// More people than this raise a flag.
const MANY_PEOPLE: u64 = 100;

/// What is said beside the score: yes, no, or not known. Neither changes the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Flags {
    /// Whether more than 100 people are concerned.
    pub more_than_100_people: Option<bool>,
    /// Whether the data are unintelligible: encrypted, and the key safe.
    pub unintelligible: Option<bool>,
}

/// The questions that are asked with these answers, in order.
///
/// A category is scored only when it was chosen.
pub fn asked(answers: &Answers) -> Vec<Question> {
    Question::ALL
        .iter()
        .copied()
        .filter(|question| match &question.content().category {
            None => true,
            Some(category) => answers
                .known(Question::Categories)
                .is_some_and(|chosen| chosen.contains(category)),
        })
        .collect()
}

/// Scores the answers; none before the first of them.
pub fn score(answers: &Answers) -> Option<Score> {
    let asked = asked(answers);
    if !asked
        .iter()
        .any(|question| answers.get(*question).is_some())
    {
        return None;
    }
    // Of several categories the highest counts; without any, each is possible.
    let dpc = asked
        .iter()
        .filter(|question| Question::CATEGORIES.contains(question))
        .map(|question| range(answers, *question))
        .reduce(|one, other| Range {
            lowest: one.lowest.max(other.lowest),
            highest: one.highest.max(other.highest),
        })
        .unwrap_or_else(|| whole(Question::Simple));
    let ei = range(answers, Question::Identification);
    let cb = Question::CIRCUMSTANCES
        .iter()
        .map(|question| range(answers, *question))
        .fold(exact(Points::default()), |sum, more| Range {
            lowest: add(sum.lowest, more.lowest),
            highest: add(sum.highest, more.highest),
        });
    // Every part only ever raises the score, so the ends of the parts make the ends of the whole.
    let se = Range {
        lowest: severity(dpc.lowest, ei.lowest, cb.lowest),
        highest: severity(dpc.highest, ei.highest, cb.highest),
    };
    Some(Score {
        dpc,
        ei,
        cb,
        lowest_level: level(se.lowest),
        highest_level: level(se.highest),
        se,
        open: asked
            .into_iter()
            .filter(|question| answers.known(*question).is_none())
            .collect(),
    })
}

/// SE = DPC × EI + CB.
pub fn severity(dpc: Points, ei: Points, cb: Points) -> Points {
    // DPC is a whole number of points, so the division leaves no rest.
    let product = u32::from(dpc.hundredths()) * u32::from(ei.hundredths()) / 100;
    let product = u16::try_from(product).unwrap_or(u16::MAX);
    add(Points::from_hundredths(product), cb)
}

/// The level of a score; each begins with its lower bound.
pub fn level(se: Points) -> Level {
    match se.hundredths() {
        0..200 => Level::Low,
        200..300 => Level::Medium,
        300..400 => Level::High,
        400.. => Level::VeryHigh,
    }
}

/// The flags, from the facts and from how many people the rosters list.
pub fn flags(facts: &Facts, listed: u64) -> Flags {
    let (at_least, at_most) = match facts.known(FactKey::PeopleAffected) {
        Some(Value::Count(Count::Exactly(number))) => (listed.max(*number), Some(*number)),
        Some(Value::Count(Count::AtMost(number))) => (listed, Some(*number)),
        _ => (listed, None),
    };
    let more_than_100_people = if at_least > MANY_PEOPLE {
        Some(true)
    } else {
        at_most
            .is_some_and(|number| number <= MANY_PEOPLE)
            .then_some(false)
    };
    let unintelligible = match facts.known(FactKey::Protection) {
        Some(Value::Choice(protection)) => Some(protection == "encrypted_key_safe"),
        _ => None,
    };
    Flags {
        more_than_100_people,
        unintelligible,
    }
}

/// The points of an answer; those of all options while it is not known.
fn range(answers: &Answers, question: Question) -> Range {
    let content = question.content();
    answers
        .known(question)
        .and_then(|chosen| {
            let chosen = content.options.iter().filter(|o| chosen.contains(&o.id));
            chosen.map(|option| option.points).max()
        })
        .map_or_else(|| whole(question), exact)
}

fn whole(question: Question) -> Range {
    let points = || question.content().options.iter().map(|o| o.points);
    Range {
        lowest: points().min().unwrap_or_default(),
        highest: points().max().unwrap_or_default(),
    }
}

fn exact(points: Points) -> Range {
    Range {
        lowest: points,
        highest: points,
    }
}

fn add(one: Points, other: Points) -> Points {
    Points::from_hundredths(one.hundredths().saturating_add(other.hundredths()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::facts::Answer as Fact;
    use crate::severity::Answer;

    /// Answers from `question=option` pairs; `?` is "not known".
    fn answers(given: &str) -> Answers {
        let mut answers = Answers::default();
        for pair in given.split_whitespace() {
            let (question, options) = pair.split_once('=').unwrap();
            let answer = match options {
                "?" => Answer::Unknown { until: None },
                options => Answer::Known(options.split(',').map(str::to_owned).collect()),
            };
            answers.0.insert(question.parse().unwrap(), answer);
        }
        answers
    }

    fn scored(given: &str) -> (String, Level, Level) {
        let score = score(&answers(given)).unwrap();
        (
            score.se.to_string(),
            score.lowest_level,
            score.highest_level,
        )
    }

    const QUIET: &str = "integrity=none availability=none";

    #[test]
    fn the_cases_of_the_paper_and_those_derived_from_it() {
        let by_hacker = "confidentiality=unknown_number malice=yes";
        for (case, given, se, level) in [
            (
                "supermarket list to unknown recipients",
                "categories=simple simple=1 identification=maximum confidentiality=unknown_number malice=no",
                "1.50",
                Level::Low,
            ),
            (
                "the same, stolen by a hacker: just medium",
                &format!("categories=simple simple=1 identification=maximum {by_hacker}"),
                "2.00",
                Level::Medium,
            ),
            (
                "newsletter in CC, 150 addresses",
                "categories=simple simple=1 identification=maximum confidentiality=known malice=no",
                "1.25",
                Level::Low,
            ),
            (
                "salary mail to one wrong colleague",
                "categories=financial financial=3 identification=maximum confidentiality=known malice=no",
                "3.25",
                Level::High,
            ),
            (
                "hospital ransomware, names and ids, 24 h outage",
                "categories=sensitive sensitive=4 identification=significant confidentiality=exposed availability=temporary malice=yes",
                "3.75",
                Level::High,
            ),
            (
                "stolen diagnoses, exfiltrated",
                &format!("categories=sensitive sensitive=4 identification=maximum {by_hacker}"),
                "5.00",
                Level::VeryHigh,
            ),
            (
                "lost encrypted laptop with contacts",
                "categories=simple simple=1 identification=negligible confidentiality=exposed malice=no",
                "0.25",
                Level::Low,
            ),
            (
                "full card data by web skimming",
                &format!(
                    "categories=simple,financial simple=1 financial=4 identification=maximum {by_hacker}"
                ),
                "5.00",
                Level::VeryHigh,
            ),
            (
                "the most",
                &format!(
                    "categories=sensitive sensitive=4 identification=maximum {by_hacker} integrity=unrecoverable availability=full"
                ),
                "6.00",
                Level::VeryHigh,
            ),
        ] {
            // What a case says comes after the quiet answers, and stands in their place.
            let found = scored(&format!("{QUIET} {given}"));
            assert_eq!(found, (se.to_owned(), level, level), "{case}");
        }
    }

    #[test]
    fn every_combination_is_exact_and_lies_between_the_ends() {
        for dpc in [100, 200, 300, 400] {
            for ei in [25, 50, 75, 100] {
                for cb in (0..=200).step_by(25) {
                    let points = Points::from_hundredths;
                    let se = severity(points(dpc), points(ei), points(cb)).hundredths();
                    assert_eq!(se * 100, dpc * ei + cb * 100);
                    assert!((25..=600).contains(&se) && se.is_multiple_of(25));
                }
            }
        }
    }

    #[test]
    fn a_level_begins_with_its_lower_bound() {
        for (hundredths, expected) in [
            (0, Level::Low),
            (25, Level::Low),
            (199, Level::Low),
            (200, Level::Medium),
            (299, Level::Medium),
            (300, Level::High),
            (399, Level::High),
            (400, Level::VeryHigh),
            (600, Level::VeryHigh),
        ] {
            assert_eq!(level(Points::from_hundredths(hundredths)), expected);
        }
    }

    #[test]
    fn of_several_categories_the_highest_counts_and_others_do_not() {
        let rest = format!("{QUIET} identification=maximum confidentiality=none malice=no");
        let se = |given: &str| scored(&format!("{rest} {given}")).0;
        assert_eq!(
            se("categories=simple,behavioural simple=1 behavioural=3"),
            "3.00"
        );
        assert_eq!(
            se("categories=simple,behavioural simple=4 behavioural=1"),
            "4.00"
        );
        // An answer to a category that is no longer chosen does not count.
        assert_eq!(se("categories=simple simple=1 sensitive=4"), "1.00");
        let asked = asked(&answers("categories=simple,financial"));
        assert_eq!(asked.len(), 8);
        assert!(!asked.contains(&Question::Behavioural));
    }

    #[test]
    fn what_is_not_known_makes_a_range() {
        assert_eq!(score(&Answers::default()), None);
        // An answer that is not asked is as good as none.
        assert_eq!(score(&answers("simple=4")), None);
        let low_to_most = ("0.25–6.00".to_owned(), Level::Low, Level::VeryHigh);
        assert_eq!(scored("categories=?"), low_to_most);
        let known = format!("{QUIET} identification=maximum confidentiality=known malice=no");
        for (given, se, lowest, highest) in [
            ("categories=?", "1.25–4.25", Level::Low, Level::VeryHigh),
            (
                "categories=financial financial=?",
                "1.25–4.25",
                Level::Low,
                Level::VeryHigh,
            ),
            (
                "categories=financial",
                "1.25–4.25",
                Level::Low,
                Level::VeryHigh,
            ),
            // One category is sure: the open one can only raise it.
            (
                "categories=simple,financial financial=3 simple=?",
                "3.25–4.25",
                Level::High,
                Level::VeryHigh,
            ),
            (
                "categories=financial financial=3 identification=?",
                "1.00–3.25",
                Level::Low,
                Level::High,
            ),
            (
                "categories=financial financial=3 identification=significant malice=?",
                "2.50–3.00",
                Level::Medium,
                Level::High,
            ),
            (
                "categories=financial financial=4 malice=?",
                "4.25–4.75",
                Level::VeryHigh,
                Level::VeryHigh,
            ),
        ] {
            let found = scored(&format!("{known} {given}"));
            assert_eq!(found, (se.to_owned(), lowest, highest), "{given}");
        }
        let open = score(&answers(
            "categories=financial malice=? identification=maximum",
        ))
        .unwrap();
        let expected = [
            Question::Financial,
            Question::Confidentiality,
            Question::Integrity,
            Question::Availability,
            Question::Malice,
        ];
        assert_eq!(open.open, expected);
    }

    #[test]
    fn flags_are_raised_above_a_hundred_people_and_only_for_safe_encryption() {
        let many = |count: Option<Count>, listed| {
            let mut facts = Facts::default();
            if let Some(count) = count {
                let answer = Fact::Known(Value::Count(count));
                facts.set(FactKey::PeopleAffected, answer, None);
            }
            flags(&facts, listed).more_than_100_people
        };
        for (count, listed, expected) in [
            (None, 0, None),
            (None, 100, None),
            (None, 101, Some(true)),
            (Some(Count::Exactly(100)), 0, Some(false)),
            (Some(Count::Exactly(101)), 0, Some(true)),
            (Some(Count::Exactly(1)), 101, Some(true)),
            (Some(Count::AtMost(100)), 48, Some(false)),
            (Some(Count::AtMost(1_200)), 48, None),
            (Some(Count::AtMost(1_200)), 101, Some(true)),
        ] {
            assert_eq!(many(count, listed), expected, "{count:?} {listed}");
        }
        let unintelligible = |answer| {
            let mut facts = Facts::default();
            facts.set(FactKey::Protection, answer, None);
            flags(&facts, 0).unintelligible
        };
        let choice = |text: &str| Fact::Known(Value::Choice(text.to_owned()));
        assert_eq!(unintelligible(choice("encrypted_key_safe")), Some(true));
        for other in ["encrypted_key_at_risk", "partly_protected", "not_protected"] {
            assert_eq!(unintelligible(choice(other)), Some(false));
        }
        assert_eq!(unintelligible(Fact::Unknown { until: None }), None);
        assert_eq!(flags(&Facts::default(), 0), Flags::default());
    }
}
