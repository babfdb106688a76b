//! Counts by place and by kind of data, each with its share and the way to its people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::filter;
use crate::affected::catalogue::catalogue;
use crate::affected::{Counts, Filter};
use crate::kernel::{Locale, locale};
use crate::web::places;

/// So many lines stand in sight; the rest is folded away.
const IN_SIGHT: usize = 8;

/// One line: how many people, and how many in a hundred.
#[derive(Serialize)]
pub(super) struct Share {
    icon: String,
    label: String,
    people: i64,
    percent: i64,
    href: String,
    /// The same for the parts of it.
    parts: Vec<Self>,
}

/// Lines in sight, and the others.
#[derive(Serialize)]
pub(super) struct Shares {
    shown: Vec<Share>,
    rest: Vec<Share>,
}

/// By country, with its regions; the greatest first, the unknown last.
pub(super) fn places(counts: &Counts, base: &str, language: Locale) -> Shares {
    let link = |country: Option<&str>, region: Option<&str>| {
        let filter = Filter {
            country: country.map(str::to_owned),
            region: region.map(str::to_owned),
            ..Filter::default()
        };
        format!("{base}{}#list", filter::written(&filter, None))
    };
    let mut lines: Vec<_> = greatest_first(&counts.by_country)
        .into_iter()
        .map(|(code, people)| {
            let regions: BTreeMap<_, _> = counts
                .by_region
                .iter()
                .filter(|(region, _)| region.split_once('-').is_some_and(|(of, _)| of == code))
                .map(|(region, people)| (region.clone(), *people))
                .collect();
            let parts = greatest_first(&regions)
                .into_iter()
                .map(|(region, people)| Share {
                    label: places::region(language, region),
                    href: link(None, Some(region)),
                    ..share(counts, people)
                })
                .collect();
            Share {
                label: places::country(language, code),
                href: link(Some(code), None),
                parts,
                ..share(counts, people)
            }
        })
        .collect();
    let known: i64 = counts.by_country.values().sum();
    if counts.people > known {
        lines.push(Share {
            label: locale::text(language, "people-place-unknown"),
            href: link(Some("unknown"), None),
            ..share(counts, counts.people - known)
        });
    }
    fold(lines)
}

/// By category of data items, with its items; in the order of the catalogue.
pub(super) fn categories(counts: &Counts, base: &str, language: Locale) -> Shares {
    let link = |category: Option<&str>, item: Option<&str>| {
        let filter = Filter {
            category: category.map(str::to_owned),
            data_item: item.map(str::to_owned),
            ..Filter::default()
        };
        format!("{base}{}#list", filter::written(&filter, None))
    };
    let lines = catalogue().categories.iter().filter_map(|category| {
        let people = *counts.by_category.get(&category.id)?;
        let items = catalogue().items_of(&category.id).filter_map(|item| {
            let people = *counts.by_item.get(&item.id)?;
            Some(Share {
                label: item.name.get(language).to_owned(),
                href: link(None, Some(&item.id)),
                ..share(counts, people)
            })
        });
        Some(Share {
            icon: category.icon.clone(),
            label: category.name.get(language).to_owned(),
            href: link(Some(&category.id), None),
            parts: items.collect(),
            ..share(counts, people)
        })
    });
    fold(lines.collect())
}

fn share(counts: &Counts, people: i64) -> Share {
    Share {
        icon: String::new(),
        label: String::new(),
        people,
        percent: people
            .saturating_mul(100)
            .checked_div(counts.people)
            .unwrap_or(0),
        href: String::new(),
        parts: Vec::new(),
    }
}

fn greatest_first(counts: &BTreeMap<String, i64>) -> Vec<(&str, i64)> {
    let mut lines: Vec<_> = counts.iter().map(|(code, n)| (code.as_str(), *n)).collect();
    lines.sort_by_key(|(code, people)| (std::cmp::Reverse(*people), *code));
    lines
}

fn fold(mut shown: Vec<Share>) -> Shares {
    let rest = shown.split_off(shown.len().min(IN_SIGHT));
    Shares { shown, rest }
}
