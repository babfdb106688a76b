//! What templates can say: words, dates, numbers, icons, the values of a form.
//!
//! `{{t "key" name=value}}`, `{{date instant}}`, `{{when instant}}`, `{{ago instant}}`,
//! `{{day "2026-11-25"}}`, `{{left instant}}`, `{{local instant}}`, `{{number n}}`,
//! `{{concat a b}}`, `{{either a b}}`, `{{icon "name"}}`, `{{asset "file"}}`,
//! `{{markdown text}}` (of the handbook), `{{prose text}}` (of people), `{{value "field"}}`, `{{problem "field"}}`, `{{ticked "field" "value"}}`,
//! `{{ring share}}`. Handlebars brings `eq ne gt and or not len lookup`.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::assets;
use crate::kernel::{Instant, Locale, dates, locale};

/// A helper that gives a text, escaped where it is written.
struct Text(fn(&Call<'_>) -> Result<String, RenderError>);

/// A helper that gives HTML, written as it is.
struct Html(fn(&Call<'_>) -> Result<String, RenderError>);

/// What a helper was called with.
struct Call<'a> {
    name: &'a str,
    params: Vec<&'a Value>,
    hash: Vec<(&'a str, &'a Value)>,
    root: &'a Value,
}

pub(super) fn register(registry: &mut Handlebars<'static>) {
    for (name, helper) in [
        ("t", words as fn(&Call<'_>) -> Result<String, RenderError>),
        ("date", |call| {
            Ok(date_time(call.locale(), call.instant()?, &call.zone()))
        }),
        ("day", |call| Ok(day(call.locale(), call.date()?))),
        ("local", |call| {
            let there = call.instant()?.in_zone(&call.zone());
            Ok(there.strftime("%Y-%m-%dT%H:%M").to_string())
        }),
        ("left", |call| {
            Ok(left(call.locale(), call.now(), call.instant()?))
        }),
        ("number", |call| Ok(number(call.param(0)?))),
        ("concat", |call| {
            Ok(call.params.iter().map(|part| plain(part)).collect())
        }),
        ("either", |call| {
            let filled = call.params.iter().map(|part| plain(part));
            Ok(filled
                .into_iter()
                .find(|part| !part.is_empty())
                .unwrap_or_default())
        }),
        ("asset", |call| {
            let name = plain(call.param(0)?);
            assets::address(&name).ok_or_else(|| call.wrong(&format!("no asset {name}")))
        }),
        ("value", |call| {
            Ok(call
                .form("values", 0)?
                .and_then(|all| all.get(0))
                .map(plain)
                .unwrap_or_default())
        }),
        ("problem", |call| {
            Ok(call.form("errors", 0)?.map(plain).unwrap_or_default())
        }),
        ("initials", |call| Ok(initials(&plain(call.param(0)?)))),
    ] {
        registry.register_helper(name, Box::new(Text(helper)));
    }
    for (name, helper) in [
        ("when", when as fn(&Call<'_>) -> Result<String, RenderError>),
        ("ago", |call| {
            let at = call.instant()?;
            let words = ago(call.locale(), call.now(), at);
            Ok(format!("<time datetime=\"{at}\" data-rel>{words}</time>"))
        }),
        ("icon", icon),
        ("markdown", |call| Ok(markdown(&plain(call.param(0)?)))),
        ("prose", |call| {
            Ok(crate::postmortem::markdown::html(&plain(call.param(0)?)))
        }),
        ("ticked", |call| {
            let wanted = plain(call.param(1)?);
            let ticked = call
                .form("values", 0)?
                .and_then(Value::as_array)
                .is_some_and(|values| values.iter().any(|value| value == &wanted));
            Ok(if ticked {
                " checked".to_owned()
            } else {
                String::new()
            })
        }),
        ("chosen", |call| {
            let wanted = plain(call.param(1)?);
            let chosen = call
                .form("values", 0)?
                .and_then(|all| all.get(0))
                .is_some_and(|value| value == &wanted);
            Ok(if chosen {
                " selected".to_owned()
            } else {
                String::new()
            })
        }),
        ("ring", ring),
    ] {
        registry.register_helper(name, Box::new(Html(helper)));
    }
}

/// An instant as `2026年11月22日(日) 14:32` or `22 Nov 2026 (Sun) 14:32`.
pub fn date_time(locale: Locale, at: Instant, zone: &TimeZone) -> String {
    let there = at.in_zone(zone);
    format!("{} {}", day(locale, there.date()), there.strftime("%H:%M"))
}

/// A day as `2026年11月22日(日)` or `22 Nov 2026 (Sun)`.
pub fn day(locale: Locale, date: Date) -> String {
    let weekday = dates::weekday(date.weekday(), locale);
    match locale {
        Locale::Ja => format!(
            "{}年{}月{}日({weekday})",
            date.year(),
            date.month(),
            date.day()
        ),
        Locale::En => format!("{} ({weekday})", date.strftime("%-d %b %Y")),
    }
}

/// The two or one letters of an avatar: a family name in characters, or Latin initials.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split([' ', '\u{3000}'])
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    if first.is_ascii() {
        let letters = [Some(first), words.next()];
        return letters
            .into_iter()
            .flatten()
            .filter_map(|word| word.chars().next())
            .collect::<String>()
            .to_uppercase();
    }
    first.chars().take(2).collect()
}

/// The text of the language, or the other when there is none.
pub fn in_language(locale: Locale, ja: &str, en: &str) -> String {
    let (first, second) = match locale {
        Locale::Ja => (ja, en),
        Locale::En => (en, ja),
    };
    if first.is_empty() { second } else { first }.to_owned()
}

impl HelperDef for Text {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = (self.0)(&Call::of(helper, context)?)?;
        Ok(ScopedJson::Derived(Value::String(text)))
    }
}

impl HelperDef for Html {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        out.write(&(self.0)(&Call::of(helper, context)?)?)?;
        Ok(())
    }
}

impl<'a> Call<'a> {
    fn of<'rc>(helper: &'a Helper<'rc>, context: &'a Context) -> Result<Self, RenderError> {
        let mut call = Self {
            name: helper.name(),
            params: Vec::new(),
            hash: Vec::new(),
            root: context.data(),
        };
        // A partial's optional parameters are there, or not; `either` falls back.
        let optional = helper.name() == "either";
        for param in helper.params() {
            if param.is_value_missing() && !optional {
                let path = param.relative_path().map_or("a value", String::as_str);
                return Err(call.wrong(&format!("{path} is missing")));
            }
            call.params.push(param.value());
        }
        for (name, param) in helper.hash() {
            if param.is_value_missing() {
                return Err(call.wrong(&format!("{name} is missing")));
            }
            call.hash.push((name, param.value()));
        }
        Ok(call)
    }

    fn wrong(&self, why: &str) -> RenderError {
        RenderErrorReason::Other(format!("helper {}: {why}", self.name)).into()
    }

    fn param(&self, place: usize) -> Result<&'a Value, RenderError> {
        let param = self.params.get(place).copied();
        param.ok_or_else(|| self.wrong("a parameter is missing"))
    }

    fn page(&self, name: &str) -> Option<&'a str> {
        self.root.get("page")?.get(name)?.as_str()
    }

    fn locale(&self) -> Locale {
        self.page("locale")
            .and_then(|locale| locale.parse().ok())
            .unwrap_or_default()
    }

    fn now(&self) -> Instant {
        self.page("now")
            .and_then(|now| now.parse().ok())
            .unwrap_or_else(|| Instant::from_micros(0))
    }

    fn zone(&self) -> TimeZone {
        self.page("zone")
            .and_then(|zone| TimeZone::get(zone).ok())
            .unwrap_or(TimeZone::UTC)
    }

    fn instant(&self) -> Result<Instant, RenderError> {
        let text = self.param(0)?.as_str().unwrap_or_default();
        text.parse()
            .map_err(|_| self.wrong("the parameter is no instant"))
    }

    fn date(&self) -> Result<Date, RenderError> {
        let text = self.param(0)?.as_str().unwrap_or_default();
        text.parse()
            .map_err(|_| self.wrong("the parameter is no day"))
    }

    fn form(&self, part: &str, place: usize) -> Result<Option<&'a Value>, RenderError> {
        let field = plain(self.param(place)?);
        Ok(self
            .root
            .get("form")
            .and_then(|form| form.get(part)?.get(&field)))
    }
}

fn words(call: &Call<'_>) -> Result<String, RenderError> {
    let key = plain(call.param(0)?);
    if !locale::has(call.locale(), &key) {
        return Err(call.wrong(&format!("no words for the key {key}")));
    }
    let variables: Vec<_> = call
        .hash
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Number(number) => number.as_f64().unwrap_or_default().into(),
                other => plain(other).into(),
            };
            (*name, value)
        })
        .collect();
    Ok(locale::text_with(call.locale(), &key, &variables))
}

fn when(call: &Call<'_>) -> Result<String, RenderError> {
    let at = call.instant()?;
    let words = date_time(call.locale(), at, &call.zone());
    Ok(format!("<time datetime=\"{at}\">{words}</time>"))
}

fn icon(call: &Call<'_>) -> Result<String, RenderError> {
    let name = plain(call.param(0)?);
    let sound = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == ' ')
    };
    let class = call
        .params
        .get(1)
        .map(|class| plain(class))
        .unwrap_or_default();
    let (Some(sprite), true, true) = (assets::address("icons.svg"), sound(&name), sound(&class))
    else {
        return Err(call.wrong("no such icon"));
    };
    Ok(format!(
        "<svg class=\"ic {class}\" aria-hidden=\"true\"><use href=\"{sprite}#{name}\"></use></svg>"
    ))
}

/// The ring of a clock: how much of the time has passed, from 0 to 1.
fn ring(call: &Call<'_>) -> Result<String, RenderError> {
    let share = call.param(0)?.as_f64().unwrap_or_default().clamp(0.0, 1.0);
    let round = 2.0 * std::f64::consts::PI * 22.0;
    Ok(format!(
        "<svg class=\"ring\" viewBox=\"0 0 52 52\" aria-hidden=\"true\"><g transform=\"rotate(-90 26 26)\" fill=\"none\" stroke-width=\"6\"><circle class=\"track\" cx=\"26\" cy=\"26\" r=\"22\"/><circle class=\"val\" cx=\"26\" cy=\"26\" r=\"22\" stroke-linecap=\"round\" stroke-dasharray=\"{:.1} {round:.1}\"/></g></svg>",
        round * share
    ))
}

/// How long until an instant, as the script ticks it on.
fn left(locale: Locale, now: Instant, until: Instant) -> String {
    let seconds = until.since(now).as_secs();
    let away = seconds.unsigned_abs();
    let (days, hours, minutes) = (away / 86_400, away / 3_600 % 24, away / 60 % 60);
    let body = match (days, locale) {
        (7.., Locale::Ja) => format!("{days}日"),
        (7.., Locale::En) => format!("{days} d"),
        (1.., Locale::Ja) => format!("{days}日 {hours:02}:{minutes:02}"),
        (1.., Locale::En) => format!("{days} d {hours:02}:{minutes:02}"),
        (0, _) => format!("{hours:02}:{minutes:02}:{:02}", away % 60),
    };
    match (seconds < 0, locale) {
        (false, _) => body,
        (true, Locale::Ja) => format!("超過 {body}"),
        (true, Locale::En) => format!("over {body}"),
    }
}

/// How long ago, or ahead, in one unit.
fn ago(locale: Locale, now: Instant, at: Instant) -> String {
    let seconds = now.since(at).as_secs();
    let away = seconds.unsigned_abs();
    let (amount, ja, en) = match away {
        0..60 => (away, "秒", "s"),
        60..3_600 => (away / 60, "分", "min"),
        3_600..86_400 => (away / 3_600, "時間", "h"),
        _ => (away / 86_400, "日", "d"),
    };
    match (locale, seconds >= 0) {
        (Locale::Ja, true) => format!("{amount}{ja}前"),
        (Locale::Ja, false) => format!("{amount}{ja}後"),
        (Locale::En, true) => format!("{amount} {en} ago"),
        (Locale::En, false) => format!("in {amount} {en}"),
    }
}

/// A number with a comma at each three digits.
pub fn number_text(number: i64) -> String {
    self::number(&Value::from(number))
}

fn number(value: &Value) -> String {
    let text = plain(value);
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return text;
    }
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Markdown as HTML; HTML in it becomes text, and links lead only to the web, to mail and to our pages.
fn markdown(source: &str) -> String {
    use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
    let safe = |address: &CowStr<'_>| {
        address.starts_with("https://")
            || address.starts_with("http://")
            || address.starts_with("mailto:")
            || address.starts_with('#')
            || (address.starts_with('/') && !address.starts_with("//"))
    };
    let events = Parser::new_ext(source, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = if safe(&dest_url) {
                dest_url
            } else {
                "#".into()
            };
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            })
        }
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Emphasis),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_separators() {
        for (given, shown) in [
            ("0", "0"),
            ("999", "999"),
            ("12480", "12,480"),
            ("-1000000", "-1,000,000"),
        ] {
            assert_eq!(number(&Value::String(given.to_owned())), shown);
        }
    }

    #[test]
    fn dates_read_in_both_languages() {
        let at: Instant = "2026-11-22T05:32:00Z".parse().unwrap();
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(
            date_time(Locale::Ja, at, &tokyo),
            "2026年11月22日(日) 14:32"
        );
        assert_eq!(date_time(Locale::En, at, &tokyo), "22 Nov 2026 (Sun) 14:32");
    }

    #[test]
    fn a_passed_deadline_says_so() {
        let now: Instant = "2026-11-22T05:32:00Z".parse().unwrap();
        let then: Instant = "2026-11-20T05:31:00Z".parse().unwrap();
        assert_eq!(left(Locale::Ja, now, then), "超過 2日 00:01");
        assert_eq!(left(Locale::En, then, now), "2 d 00:01");
    }

    #[test]
    fn markdown_lets_no_html_through() {
        let html =
            markdown("a <script>x</script> **b** [a](javascript:x) [ok](https://example.com)");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("javascript"), "{html}");
        assert!(html.contains("<strong>b</strong>") && html.contains("https://example.com"));
    }

    #[test]
    fn avatars_show_a_family_name_or_initials() {
        assert_eq!(initials("佐藤 美咲"), "佐藤");
        assert_eq!(initials("Ada Example"), "AE");
    }
}
