//! The filter of the register: what the address says, and the form that changes it.

use std::str::FromStr;

use serde::Serialize;

use super::super::query;
use crate::affected::catalogue::catalogue;
use crate::affected::{Channel, Counts, Filter, NoticeState, Roster};
use crate::kernel::{Locale, locale};
use crate::web::{places, words};

/// The form, with what is chosen now.
#[derive(Serialize)]
pub(in crate::web::incidents) struct FilterForm {
    /// What people filter by most.
    fields: Vec<FilterField>,
    /// The rest, folded away until one of them is used.
    more: Vec<FilterField>,
    more_open: bool,
    /// What narrows now, each with the address of the page without it.
    active: Vec<Active>,
    /// The page without any filter; none where nothing narrows.
    clear: Option<String>,
}

#[derive(Serialize)]
struct FilterField {
    name: &'static str,
    label: String,
    options: Vec<FilterOption>,
}

#[derive(Serialize)]
struct FilterOption {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Active {
    label: String,
    value: String,
    without: String,
}

/// Reads a filter from the query; a value that is none is left out.
pub(in crate::web::incidents) fn read(asked: &[(String, String)]) -> Filter {
    let text = |name| Some(query(asked, name).to_owned()).filter(|text| !text.is_empty());
    fn parsed<T: FromStr>(asked: &[(String, String)], name: &str) -> Option<T> {
        query(asked, name).parse().ok()
    }
    Filter {
        category: text("category"),
        data_item: text("data_item"),
        country: text("country"),
        region: text("region"),
        locale: parsed(asked, "locale"),
        minor: text("minor"),
        channel: parsed(asked, "channel"),
        notice_state: parsed(asked, "notice_state"),
        roster: parsed(asked, "roster"),
    }
}

/// A filter as the query of an address, with its question mark; empty where nothing narrows.
pub(in crate::web::incidents) fn written(filter: &Filter, after: Option<String>) -> String {
    let mut pairs = pairs(filter);
    pairs.extend(after.map(|after| ("after", after)));
    if pairs.is_empty() {
        return String::new();
    }
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(pairs);
    format!("?{}", text.finish())
}

fn pairs(filter: &Filter) -> Vec<(&'static str, String)> {
    let state = |state: NoticeState| state.to_string();
    [
        ("category", filter.category.clone()),
        ("data_item", filter.data_item.clone()),
        ("country", filter.country.clone()),
        ("region", filter.region.clone()),
        ("channel", filter.channel.map(|channel| channel.to_string())),
        ("notice_state", filter.notice_state.map(state)),
        ("locale", filter.locale.map(|locale| locale.to_string())),
        ("minor", filter.minor.clone()),
        ("roster", filter.roster.map(|number| number.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

/// The form of a filter; every choice carries how many people it finds by itself.
pub(in crate::web::incidents) fn form(
    filter: &Filter,
    counts: &Counts,
    without_contact: i64,
    rosters: &[(Roster, String)],
    base: &str,
    language: Locale,
) -> FilterForm {
    let choices = Choices {
        counts,
        language,
        without_contact,
    };
    let chosen = pairs(filter);
    let mut fields: Vec<_> = [
        ("category", choices.categories()),
        ("data_item", choices.items()),
        ("country", choices.countries()),
        ("channel", choices.channels()),
        ("notice_state", choices.notice_states()),
        ("region", choices.regions()),
        ("locale", choices.languages()),
        ("minor", choices.ages()),
        ("roster", choices.rosters(rosters)),
    ]
    .into_iter()
    .map(|(name, options)| {
        let value = chosen
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value);
        FilterField {
            name,
            label: locale::text(
                language,
                &format!("people-filter-{}", name.replace('_', "-")),
            ),
            options: options
                .into_iter()
                .map(|(option, label, people)| FilterOption {
                    chosen: value == Some(&option),
                    label: choices.with_count(&label, people),
                    value: option,
                })
                .collect(),
        }
    })
    .collect();
    let active: Vec<_> = fields
        .iter()
        .filter_map(|field| {
            let value = field.options.iter().find(|option| option.chosen)?;
            Some(Active {
                label: field.label.clone(),
                value: value.label.clone(),
                without: format!("{base}{}#list", written(&without(filter, field.name), None)),
            })
        })
        .collect();
    // Nobody chooses between one.
    fields.retain(|field| field.options.len() > 1 || field.options.iter().any(|o| o.chosen));
    let more = fields.split_off(fields.len().min(4));
    FilterForm {
        more_open: more
            .iter()
            .any(|field| field.options.iter().any(|o| o.chosen)),
        fields,
        more,
        active,
        clear: (!filter.is_empty()).then(|| format!("{base}#list")),
    }
}

fn without(filter: &Filter, name: &str) -> Filter {
    let mut filter = filter.clone();
    match name {
        "category" => filter.category = None,
        "data_item" => filter.data_item = None,
        "country" => filter.country = None,
        "region" => filter.region = None,
        "channel" => filter.channel = None,
        "notice_state" => filter.notice_state = None,
        "locale" => filter.locale = None,
        "minor" => filter.minor = None,
        _ => filter.roster = None,
    }
    filter
}

/// What can be chosen: value, words, people.
type Options = Vec<(String, String, i64)>;

struct Choices<'a> {
    counts: &'a Counts,
    language: Locale,
    without_contact: i64,
}

impl Choices<'_> {
    fn text(&self, key: &str) -> String {
        locale::text(self.language, key)
    }

    fn with_count(&self, label: &str, people: i64) -> String {
        let variables = [
            ("label", label.into()),
            ("people", words::number_text(people).into()),
        ];
        locale::text_with(self.language, "people-filter-option", &variables)
    }

    fn categories(&self) -> Options {
        let categories = catalogue().categories.iter().filter_map(|category| {
            let people = *self.counts.by_category.get(&category.id)?;
            let name = category.name.get(self.language).to_owned();
            Some((category.id.clone(), name, people))
        });
        categories.collect()
    }

    fn items(&self) -> Options {
        let items = catalogue().items.iter().filter_map(|item| {
            let people = *self.counts.by_item.get(&item.id)?;
            Some((
                item.id.clone(),
                item.name.get(self.language).to_owned(),
                people,
            ))
        });
        items.collect()
    }

    fn countries(&self) -> Options {
        let known: i64 = self.counts.by_country.values().sum();
        let countries =
            self.counts.by_country.iter().map(|(code, people)| {
                (code.clone(), places::country(self.language, code), *people)
            });
        let mut countries: Vec<_> = countries.collect();
        countries.sort_by_key(|(code, _, people)| (std::cmp::Reverse(*people), code.clone()));
        countries.extend(self.unknown(self.counts.people - known));
        countries
    }

    fn regions(&self) -> Options {
        let known: i64 = self.counts.by_region.values().sum();
        let mut regions: Vec<_> = self
            .counts
            .by_region
            .iter()
            .map(|(code, people)| (code.clone(), places::region(self.language, code), *people))
            .collect();
        if !regions.is_empty() {
            regions.extend(self.unknown(self.counts.people - known));
        }
        regions
    }

    fn languages(&self) -> Options {
        let languages = self.counts.by_locale.iter().map(|(locale, people)| {
            let name = self.text(&format!("people-language-{locale}"));
            (locale.to_string(), name, *people)
        });
        languages.collect()
    }

    fn ages(&self) -> Options {
        let Counts {
            people,
            minors,
            adults,
            ..
        } = self.counts;
        let unknown = people - minors - adults;
        [("yes", *minors), ("no", *adults), ("unknown", unknown)]
            .into_iter()
            .filter(|(_, people)| *people > 0)
            .map(|(value, people)| {
                (
                    value.to_owned(),
                    self.text(&format!("people-minor-{value}")),
                    people,
                )
            })
            .collect()
    }

    fn channels(&self) -> Options {
        [
            (Channel::Email, self.counts.with_email),
            (Channel::Phone, self.counts.with_phone),
            (Channel::Line, self.counts.with_line),
            (Channel::Post, self.counts.with_post),
            (Channel::None, self.without_contact),
        ]
        .into_iter()
        .filter(|(_, people)| *people > 0)
        .map(|(channel, people)| {
            (
                channel.to_string(),
                self.text(&format!("channel-{channel}")),
                people,
            )
        })
        .collect()
    }

    fn notice_states(&self) -> Options {
        let states = self.counts.by_notice.iter().map(|(state, people)| {
            (
                state.to_string(),
                self.text(&format!("notice-state-{state}")),
                *people,
            )
        });
        states.collect()
    }

    fn rosters(&self, rosters: &[(Roster, String)]) -> Options {
        let rosters = rosters.iter().filter_map(|(roster, name)| {
            let people = *self.counts.by_roster.get(&roster.number)?;
            Some((roster.number.to_string(), name.clone(), people))
        });
        rosters.collect()
    }

    fn unknown(&self, people: i64) -> Option<(String, String, i64)> {
        (people > 0).then(|| {
            (
                "unknown".to_owned(),
                self.text("people-place-unknown"),
                people,
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_comes_back_from_its_address() {
        let filter = Filter {
            category: Some("contact".to_owned()),
            country: Some("unknown".to_owned()),
            channel: Some(Channel::Line),
            locale: Some(Locale::En),
            roster: Some(3),
            ..Filter::default()
        };
        let text = written(&filter, Some("7-12".to_owned()));
        assert_eq!(
            text,
            "?category=contact&country=unknown&channel=line&locale=en&roster=3&after=7-12"
        );
        let pairs: Vec<_> = url::form_urlencoded::parse(text.trim_start_matches('?').as_bytes())
            .into_owned()
            .collect();
        assert_eq!(read(&pairs), filter);
        assert_eq!(written(&Filter::default(), None), "");
    }
}
