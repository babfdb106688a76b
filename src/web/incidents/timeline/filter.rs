//! The filter of the timeline: what the address says, and the form that changes it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::super::{Case, query};
use crate::evidence::EvidenceId;
use crate::timeline::{Actor, Attached, Filter, Group, Order};
use crate::web::extract::Page;
use crate::web::words;

/// Characters of a text that is looked for.
const LONGEST: usize = 200;

/// What the address asks for.
#[derive(Clone, Default)]
pub(super) struct Asked {
    group: Option<Group>,
    person: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    text: String,
    pinned: bool,
    attached: Option<Attached>,
    order: Option<Order>,
    /// The curated course of events in place of the full log.
    report: bool,
    /// The entry behind which the page begins.
    pub before: Option<i64>,
}

/// The form with what is chosen now, and the chips beside it.
#[derive(Serialize)]
pub(super) struct FilterForm {
    views: Vec<Chip>,
    groups: Vec<Chip>,
    selects: Vec<Select>,
    orders: Vec<Choice>,
    from: String,
    to: String,
    text: String,
    /// What the form does not ask anew, as hidden fields.
    kept: Vec<Kept>,
    /// Whether one of the folded fields narrows.
    open: bool,
    /// Whether the curated course is shown.
    report: bool,
    /// The page without any filter; none where nothing narrows.
    clear: Option<String>,
}

#[derive(Serialize)]
struct Kept {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Chip {
    href: String,
    label: String,
    count: Option<String>,
    current: bool,
}

#[derive(Serialize)]
struct Select {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

impl Asked {
    /// Reads the query of an address; a value that is none is left out.
    pub fn read(asked: &[(String, String)]) -> Self {
        let said = |name| Some(query(asked, name).trim()).filter(|text| !text.is_empty());
        let attached = said("evidence").and_then(|text| match text {
            "any" => Some(Attached::Any),
            id => Some(Attached::File(id.parse::<EvidenceId>().ok()?.to_string())),
        });
        let report = said("view") == Some("report");
        // The form always sends an order; the usual one is nothing that narrows.
        let usual = Self {
            report,
            ..Self::default()
        };
        let order = said("order").and_then(|text| text.parse().ok());
        Self {
            group: said("group").and_then(|text| text.parse().ok()),
            person: said("person").map(str::to_owned),
            from: said("from").and_then(|text| text.parse().ok()),
            to: said("to").and_then(|text| text.parse().ok()),
            text: query(asked, "text").trim().chars().take(LONGEST).collect(),
            pinned: said("pinned").is_some(),
            attached,
            order: order.filter(|order| *order != usual.order()),
            report,
            before: said("before").and_then(|text| text.parse().ok()),
        }
    }

    /// The same page behind another entry.
    pub fn behind(&self, before: Option<i64>) -> Self {
        Self {
            before,
            ..self.clone()
        }
    }

    /// The order of the page: the course of events in the curated view, newest first otherwise.
    pub fn order(&self) -> Order {
        self.order.unwrap_or(if self.report {
            Order::Course
        } else {
            Order::Recorded
        })
    }

    /// What the database is asked for.
    pub fn filter(&self, zone: &TimeZone) -> Filter {
        let filter = Filter {
            group: self.group,
            actor: self.person.clone(),
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            pinned: self.pinned || self.report,
            attached: self.attached.clone(),
            ..Filter::default()
        };
        filter.days(self.from, self.to, zone)
    }

    /// The query of an address that asks for the same, with its question mark; empty where nothing is asked.
    pub fn written(&self) -> String {
        let pairs = self.pairs();
        if pairs.is_empty() {
            return String::new();
        }
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        format!("?{}", text.finish())
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let attached = self.attached.as_ref().map(|attached| match attached {
            Attached::Any => "any".to_owned(),
            Attached::File(id) => id.clone(),
        });
        let pairs = [
            ("view", self.report.then(|| "report".to_owned())),
            ("group", self.group.map(|group| group.to_string())),
            ("person", self.person.clone()),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            (
                "text",
                Some(self.text.clone()).filter(|text| !text.is_empty()),
            ),
            ("pinned", self.pinned.then(|| "yes".to_owned())),
            ("evidence", attached),
            ("order", self.order.map(|order| order.to_string())),
            ("before", self.before.map(|seq| seq.to_string())),
        ];
        pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// The form for a page at this address.
    pub fn form(&self, page: &Page, case: &Case, address: &str, pins: usize) -> FilterForm {
        let first = self.behind(None);
        let chip = |label: &str, to: Self, current| Chip {
            href: format!("{address}{}", to.written()),
            label: page.text(label),
            count: None,
            current,
        };
        let mut groups = vec![chip(
            "timeline-group-all",
            Self {
                group: None,
                ..first.clone()
            },
            self.group.is_none(),
        )];
        groups.extend(Group::ALL.iter().map(|group| {
            let to = Self {
                group: Some(*group),
                ..first.clone()
            };
            let label = format!("timeline-group-{group}");
            chip(&label, to, self.group == Some(*group))
        }));
        let view = |report| Self {
            report,
            ..Self::default()
        };
        let full = chip("timeline-view-log", view(false), !self.report);
        let mut chosen = chip("timeline-view-report", view(true), self.report);
        chosen.count = Some(words::number_text(i64::try_from(pins).unwrap_or(i64::MAX)));
        let narrowed = Self {
            before: None,
            report: false,
            ..self.clone()
        };
        let folded = Self {
            group: None,
            text: String::new(),
            order: None,
            ..narrowed.clone()
        };
        let kept = [
            ("view", self.report.then(|| "report".to_owned())),
            ("group", self.group.map(|group| group.to_string())),
        ];
        FilterForm {
            views: vec![full, chosen],
            groups,
            selects: self.selects(page, case),
            orders: self.orders(page),
            from: self.from.map_or_else(String::new, |day| day.to_string()),
            to: self.to.map_or_else(String::new, |day| day.to_string()),
            text: self.text.clone(),
            kept: kept
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| Kept { name, value }))
                .collect(),
            open: !folded.pairs().is_empty(),
            report: self.report,
            clear: (!narrowed.pairs().is_empty())
                .then(|| format!("{address}{}", view(self.report).written())),
        }
    }

    fn selects(&self, page: &Page, case: &Case) -> Vec<Select> {
        let person = self.person.as_deref().unwrap_or_default();
        let mut people: Vec<_> = case
            .names
            .iter()
            .map(|(id, name)| Choice {
                value: id.to_string(),
                label: name.clone(),
                chosen: id.as_str() == person,
            })
            .collect();
        people.sort_by(|a, b| a.label.cmp(&b.label));
        people.push(Choice {
            value: Actor::SYSTEM.as_str().to_owned(),
            label: page.text("actor-system"),
            chosen: person == Actor::SYSTEM.as_str(),
        });
        let yes = |value: &str, label: &str, chosen| Choice {
            value: value.to_owned(),
            label: page.text(label),
            chosen,
        };
        let mut files = vec![yes(
            "any",
            "timeline-evidence-any",
            self.attached == Some(Attached::Any),
        )];
        if let Some(Attached::File(id)) = &self.attached {
            files.push(yes(id, "timeline-evidence-this", true));
        }
        let mut selects = vec![
            Select {
                name: "person",
                label: page.text("timeline-person"),
                options: people,
            },
            Select {
                name: "evidence",
                label: page.text("timeline-evidence"),
                options: files,
            },
        ];
        if !self.report {
            selects.push(Select {
                name: "pinned",
                label: page.text("timeline-pinned"),
                options: vec![yes("yes", "timeline-pinned-only", self.pinned)],
            });
        }
        selects
    }

    /// The ways in which entries can follow each other.
    fn orders(&self, page: &Page) -> Vec<Choice> {
        let orders = Order::ALL.iter().map(|order| Choice {
            value: order.to_string(),
            label: page.text(&format!("timeline-order-{order}")),
            chosen: *order == self.order(),
        });
        orders.collect()
    }
}
