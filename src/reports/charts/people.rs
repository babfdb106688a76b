//! Who was affected: by country, and by kind of data.

use super::super::document::Chart;
use super::super::model::PostMortem;
use super::super::phrases::Phrases;
use super::bars::{self, Bar};
use super::{chart, many, numbers};

/// How many bars stand for themselves.
const SHOWN: usize = 10;

/// How many people live where; the smallest places stand together.
pub fn residence(report: &PostMortem, phrases: &Phrases) -> Option<Chart> {
    let mut places: Vec<(String, u64)> = report
        .people
        .residence
        .iter()
        .map(|residence| {
            let place = residence.place.get(phrases.locale()).to_owned();
            (place, residence.people)
        })
        .collect();
    if places.is_empty() {
        return None;
    }
    places.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let count = many(places.len());
    let all: u64 = places.iter().map(|(_, people)| people).sum();
    let others = places.split_off(places.len().min(SHOWN));
    if !others.is_empty() {
        let label = phrases.word_with(
            "chart-others",
            &[("count", &phrases.count(many(others.len())))],
        );
        places.push((label, others.iter().map(|(_, people)| people).sum()));
    }
    let description = phrases.word_with(
        "chart-residence-note",
        &[
            ("places", &phrases.counted("chart-places", count)),
            ("people", &phrases.counted("people", all)),
        ],
    );
    let rows = places
        .iter()
        .map(|(place, people)| vec![place.clone(), phrases.count(*people), percent(*people, all)])
        .collect();
    let bars: Vec<_> = places
        .into_iter()
        .map(|(label, people)| Bar {
            label,
            count: people,
            words: format!(
                "{} ({})",
                phrases.counted("people", people),
                percent(people, all)
            ),
        })
        .collect();
    Some(chart(
        phrases,
        "residence",
        description,
        bars::draw(&bars),
        numbers(
            phrases,
            &[
                ("place", 50, false),
                ("people", 25, true),
                ("share", 25, true),
            ],
            rows,
        ),
    ))
}

/// How many people each kind of data concerns, where that was counted.
pub fn categories(report: &PostMortem, phrases: &Phrases) -> Option<Chart> {
    let mut kinds: Vec<(String, u64)> = report
        .data
        .iter()
        .filter_map(|data| {
            let category = data.category.get(phrases.locale()).to_owned();
            Some((category, data.people?))
        })
        .collect();
    if kinds.is_empty() {
        return None;
    }
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    kinds.truncate(SHOWN);
    let rows = kinds
        .iter()
        .map(|(kind, people)| vec![kind.clone(), phrases.count(*people)])
        .collect();
    let bars: Vec<_> = kinds
        .into_iter()
        .map(|(label, people)| Bar {
            label,
            count: people,
            words: phrases.counted("people", people),
        })
        .collect();
    Some(chart(
        phrases,
        "categories",
        phrases.word("chart-categories-note"),
        bars::draw(&bars),
        numbers(phrases, &[("kind", 65, false), ("people", 35, true)], rows),
    ))
}

/// A share to one decimal, e.g. `98.3%`; neither all nor nothing where it is not exactly that.
fn percent(part: u64, whole: u64) -> String {
    let whole = u128::from(whole.max(1));
    let mut tenths = (u128::from(part) * 1_000 + whole / 2) / whole;
    if part > 0 && u128::from(part) < whole {
        tenths = tenths.clamp(1, 999);
    }
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_all_or_nothing_only_if_it_is() {
        assert_eq!(percent(0, 10), "0.0%");
        assert_eq!(percent(10, 10), "100.0%");
        assert_eq!(percent(1, 1_000_000), "0.1%");
        assert_eq!(percent(999_999, 1_000_000), "99.9%");
        assert_eq!(percent(214, 12_480), "1.7%");
        assert_eq!(percent(0, 0), "0.0%");
    }
}
