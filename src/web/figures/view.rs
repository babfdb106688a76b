//! The page of figures as its template reads it.

use jiff::civil::Date;
use serde::Serialize;

use super::counts_practice;
use crate::incidents::{Kind, Pattern, Severity, State};
use crate::reports::figures::{
    Figures, Share, Slice, Span, UNKNOWN, label, month_key, phrases, span,
};
use crate::reports::phrases::Phrases;
use crate::web::extract::Page;
use crate::workflow::FiguresFormat;
use crate::workflow::figures::{Filter, Practice};

/// Everything of the page.
#[derive(Serialize)]
pub(super) struct View {
    period: String,
    fields: Vec<Field>,
    from: String,
    to: String,
    usual: bool,
    practice: bool,
    none: bool,
    exports: Vec<Export>,
    tiles: Vec<Tile>,
    bars: Vec<Bars>,
    times: Vec<Row>,
    cards: Vec<Card>,
    people_note: String,
}

/// One choice of the filter.
#[derive(Serialize)]
pub(super) struct Field {
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

#[derive(Serialize)]
struct Export {
    href: String,
    label: String,
}

/// A number that leads to its incidents.
#[derive(Serialize)]
struct Tile {
    label: String,
    value: String,
    href: String,
    icon: &'static str,
    bad: bool,
}

/// A group of bars.
#[derive(Serialize)]
struct Bars {
    id: &'static str,
    title: String,
    note: String,
    rows: Vec<Bar>,
}

/// A bar; `width` in hundredths of the longest.
#[derive(Serialize)]
struct Bar {
    label: String,
    count: String,
    width: u64,
    href: String,
}

#[derive(Serialize)]
struct Row {
    label: String,
    median: String,
    longest: String,
    known: u64,
    href: String,
}

#[derive(Serialize)]
struct Card {
    id: &'static str,
    title: String,
    icon: &'static str,
    tiles: Vec<Tile>,
}

impl View {
    pub fn new(filter: &Filter, figures: &Figures, page: &Page) -> Self {
        let writer = phrases(page.locale(), page.zone());
        let today = page.now().in_zone(page.zone()).date();
        let query = query_of(filter);
        let tile = |key: &str, count: u64, slice: Slice, icon| Tile {
            label: writer.word(&format!("figures-{key}")),
            value: writer.count(count),
            href: format!("/figures/incidents?{query}&of={slice}"),
            icon,
            bad: count > 0 && matches!(slice, Slice::Missed | Slice::OverdueActions),
        };
        let (deadlines, people) = (figures.deadlines, figures.people);
        let missed = || tile("missed", deadlines.missed, Slice::Missed, "clock-alert");
        let overdue = || {
            let overdue = figures.actions.overdue;
            tile(
                "overdue-actions",
                overdue,
                Slice::OverdueActions,
                "list-checks",
            )
        };
        let sum = || tile("people", people.sum, Slice::People, "users");
        let largest = Tile {
            value: people.largest.map_or_else(
                || writer.word("figures-none-known"),
                |largest| writer.count(largest),
            ),
            ..tile("largest", 0, Slice::People, "users")
        };
        let card = |id, icon, tiles| Card {
            id,
            title: writer.word(&format!("figures-{id}")),
            icon,
            tiles,
        };
        Self {
            period: filter.period(&writer),
            fields: fields(filter, page),
            from: month(filter.from),
            to: month(filter.to),
            usual: *filter == Filter::usual(today),
            practice: counts_practice(filter),
            none: figures.incidents == 0,
            exports: FiguresFormat::ALL
                .iter()
                .map(|format| Export {
                    href: format!("/figures/export/{format}?{query}"),
                    label: page.text(&format!("figures-export-{format}")),
                })
                .collect(),
            tiles: vec![
                tile("incidents", figures.incidents, Slice::All, "siren"),
                missed(),
                sum(),
                overdue(),
            ],
            bars: vec![
                bars("kind", &figures.by_kind, filter, &writer),
                bars("pattern", &figures.by_pattern, filter, &writer),
                bars("month", &figures.by_month, filter, &writer),
            ],
            times: figures
                .times
                .iter()
                .map(|time| Row {
                    label: writer.word(&format!("figures-span-{}", time.span)),
                    median: span(time.median_minutes, &writer),
                    longest: span(time.longest_minutes, &writer),
                    known: time.known,
                    href: format!("/figures/incidents?{query}&of={}", slice_of(time.span)),
                })
                .collect(),
            cards: vec![
                card(
                    "deadlines",
                    "clock",
                    vec![
                        tile("met", deadlines.met, Slice::Met, "circle-check"),
                        missed(),
                        tile("due", deadlines.open, Slice::Due, "clock"),
                    ],
                ),
                card("affected", "users", vec![sum(), largest]),
                card(
                    "notices",
                    "send",
                    vec![
                        tile("issued", figures.notices.issued, Slice::Issued, "send"),
                        tile(
                            "delivered",
                            figures.notices.delivered,
                            Slice::Delivered,
                            "send",
                        ),
                    ],
                ),
                card(
                    "actions",
                    "list-checks",
                    vec![
                        tile(
                            "open-actions",
                            figures.actions.open,
                            Slice::OpenActions,
                            "list-checks",
                        ),
                        overdue(),
                    ],
                ),
            ],
            people_note: writer.word_with(
                "figures-people-note",
                &[
                    ("known", &writer.count(people.known)),
                    ("bounds", &writer.count(people.at_most)),
                ],
            ),
        }
    }
}

/// A filter as the query of an address; its values need no escapes.
pub(super) fn query_of(filter: &Filter) -> String {
    let pairs: Vec<_> = filter
        .pairs()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// A month as its field writes it.
pub(super) fn month(first: Date) -> String {
    month_key(first)
}

/// The choices of a filter beside the months.
pub(super) fn fields(filter: &Filter, page: &Page) -> Vec<Field> {
    let pairs = filter.pairs();
    let chosen = |name: &str| pairs.iter().find(|(key, _)| *key == name);
    let field = |name: &'static str, words: &str, values: &[&str], any: bool, unknown: bool| {
        let chosen = chosen(name).map_or("", |(_, value)| value.as_str());
        let choice = |value: &str, label: String| Choice {
            value: value.to_owned(),
            label,
            chosen: value == chosen,
        };
        let blank = any.then(|| choice("", page.text("report-figures-any")));
        let open = unknown.then(|| choice(UNKNOWN, page.text(&format!("{words}-{UNKNOWN}"))));
        let named = values
            .iter()
            .map(|value| choice(value, page.text(&format!("{words}-{value}"))));
        Field {
            name,
            label: page.text(&format!("report-figures-filter-{name}")),
            options: blank.into_iter().chain(named).chain(open).collect(),
        }
    };
    let kinds: Vec<_> = Kind::ALL.iter().map(|it| it.as_str()).collect();
    let patterns: Vec<_> = Pattern::ALL.iter().map(|it| it.as_str()).collect();
    let severities: Vec<_> = Severity::ALL.iter().map(|it| it.as_str()).collect();
    let states: Vec<_> = State::ALL.iter().map(|it| it.as_str()).collect();
    let practice: Vec<_> = Practice::ALL.iter().map(|it| it.as_str()).collect();
    vec![
        field("kind", "kind", &kinds, true, true),
        field("pattern", "pattern", &patterns, true, true),
        field("severity", "severity", &severities, true, true),
        field("state", "state", &states, true, false),
        field(
            "practice",
            "report-figures-practice",
            &practice,
            false,
            false,
        ),
    ]
}

fn bars(of: &'static str, shares: &[Share], filter: &Filter, writer: &Phrases) -> Bars {
    let most = shares.iter().map(|share| share.incidents).max();
    let most = most.unwrap_or(0).max(1);
    Bars {
        id: of,
        title: writer.word(&format!("chart-figures-{of}")),
        note: writer.word(&format!("chart-figures-{of}-note")),
        rows: shares
            .iter()
            .map(|share| Bar {
                label: label(of, share, writer),
                count: writer.count(share.incidents),
                width: share.incidents.saturating_mul(100) / most,
                href: format!("/figures/incidents?{}", narrowed(of, &share.key, filter)),
            })
            .collect(),
    }
}

/// The query for the incidents of one bar.
fn narrowed(of: &str, key: &str, filter: &Filter) -> String {
    let pairs: Vec<_> = filter
        .pairs()
        .into_iter()
        .map(|(name, value)| match (of, name) {
            ("month", "from" | "to") => format!("{name}={key}"),
            (of, name) if of == name => format!("{name}={key}"),
            _ => format!("{name}={value}"),
        })
        .filter(|pair| !pair.ends_with('='))
        .collect();
    pairs.join("&")
}

fn slice_of(span: Span) -> Slice {
    match span {
        Span::ToDetect => Slice::ToDetect,
        Span::ToKnow => Slice::ToKnow,
        Span::ToContain => Slice::ToContain,
        Span::ToReport => Slice::ToReport,
        Span::ToNotify => Slice::ToNotify,
        Span::ToClose => Slice::ToClose,
    }
}
