//! The due points for calendars, at a secret address, without session and without personal data.
//!
//! An event holds what the law says and the incident's number. The incident's title
//! may name a person, so it stays here; so do people, facts and every free text.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use jiff::SignedDuration;
use url::Url;

use super::ical::{self, Writer};
use super::{due_words, duty_href, is_unverified, kind_word, recipient};
use crate::accounts;
use crate::deadlines::{Due, DueAt};
use crate::incidents::Incident;
use crate::kernel::{Code, Instant, Locale, Redacted, Result, locale};
use crate::regulations::{DueKind, Nature};
use crate::web::State;
use crate::workflow::{DutyView, House, Running};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/feeds/{secret}.ics").route(web::get().to(serve)));
}

/// Where a calendar reads a feed.
pub fn address(public_url: &Url, secret: &Redacted<String>) -> String {
    let base = public_url.as_str().trim_end_matches('/');
    format!("{base}/feeds/{}.ics", secret.reveal())
}

async fn serve(state: web::Data<State>, secret: web::Path<String>) -> HttpResponse {
    match read(&state.house, secret.into_inner()).await {
        Ok(calendar) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            .insert_header(("x-robots-tag", "noindex"))
            .body(calendar),
        // One answer for all: it does not tell whether a secret ever opened something.
        Err(problem) if problem.code == Code::NotFound => plain(HttpResponse::NotFound()),
        Err(problem) => {
            tracing::error!(%problem, cause = ?std::error::Error::source(&problem).map(ToString::to_string), "calendar feed failed");
            plain(HttpResponse::InternalServerError())
        }
    }
}

fn plain(mut answer: actix_web::HttpResponseBuilder) -> HttpResponse {
    answer
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(("x-robots-tag", "noindex"))
        .finish()
}

async fn read(house: &House, secret: String) -> Result<String> {
    let now = house.clock.now();
    let gatherer = house.clone();
    let (actor, stale, running) = house
        .store
        .read(move |conn| {
            let (actor, stale) = accounts::feed_actor(conn, now, &secret)?;
            Ok((actor, stale, gatherer.running_in(conn, now)?))
        })
        .await?;
    let locale = actor.locale;
    if stale {
        house
            .store
            .write(move |conn| accounts::touch_feed(conn, &actor, now))
            .await?;
    }
    Ok(calendar(&running, locale, now, |path| house.link(path)))
}

/// One event for each due point of each incident.
fn calendar(
    running: &[Running],
    locale: Locale,
    now: Instant,
    link: impl Fn(&str) -> String,
) -> String {
    let mut out = Writer::default();
    let name = locale::text(locale, "feed-name");
    out.begin("VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Shodo//Shodo//EN");
    out.line("CALSCALE", "GREGORIAN");
    out.text("NAME", &name);
    out.text("X-WR-CALNAME", &name);
    out.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    out.line("X-PUBLISHED-TTL", "PT1H");
    let mut any = false;
    for running in running {
        for (duty, due, at) in running.dues() {
            let path = duty_href(running.incident.id.as_str(), duty.obligation.duty_id);
            let event = Event {
                incident: &running.incident,
                duty,
                due,
                at,
                locale,
                link: link(&path),
            };
            event.write(&mut out, now);
            any = true;
        }
    }
    if !any {
        // A calendar must hold a component (RFC 5545, 3.6); this one says nothing.
        out.begin("VTIMEZONE");
        out.line("TZID", "UTC");
        out.begin("STANDARD");
        out.line("DTSTART", "19700101T000000");
        out.line("TZOFFSETFROM", "+0000");
        out.line("TZOFFSETTO", "+0000");
        out.end("STANDARD");
        out.end("VTIMEZONE");
    }
    out.end("VCALENDAR");
    out.finish()
}

/// One due point of one incident.
struct Event<'a> {
    incident: &'a Incident,
    duty: &'a DutyView,
    due: &'a Due,
    at: Instant,
    locale: Locale,
    link: String,
}

impl Event<'_> {
    fn write(&self, out: &mut Writer, now: Instant) {
        let (due, obligation) = (self.due, &self.duty.obligation);
        let sure = !due.conditional && !due.provisional;
        let summary = self.summary();
        out.begin("VEVENT");
        let clock = format!("{}/{}", obligation.duty_id, due.clock).replace('/', "-");
        out.text("UID", &format!("{}-{clock}@shodo", self.incident.id));
        out.line("DTSTAMP", &ical::utc(now));
        match due.at {
            DueAt::Day { day, .. } => {
                out.line("DTSTART;VALUE=DATE", &ical::date(day));
                if let Ok(next) = day.tomorrow() {
                    out.line("DTEND;VALUE=DATE", &ical::date(next));
                }
            }
            _ => {
                out.line("DTSTART", &ical::utc(self.at));
                // An end must lie later than the start; without one, some calendars take an hour.
                let end = self.at.plus(SignedDuration::from_mins(1));
                out.line("DTEND", &ical::utc(end));
            }
        }
        out.text("SUMMARY", &summary);
        out.text("DESCRIPTION", &self.description());
        out.line("URL", &self.link);
        out.text("CATEGORIES", &kind_word(due.kind, self.locale));
        out.line("STATUS", if sure { "CONFIRMED" } else { "TENTATIVE" });
        out.line("TRANSP", "TRANSPARENT");
        out.line("CLASS", "PRIVATE");
        if due.kind == DueKind::Deadline {
            out.begin("VALARM");
            out.line("ACTION", "DISPLAY");
            out.text("DESCRIPTION", &summary);
            let trigger = match due.at {
                // Nine in the morning of the day before: 24 hours before the day ends is midnight.
                DueAt::Day { .. } => "-PT15H",
                _ => "-P1D",
            };
            out.line("TRIGGER", trigger);
            out.end("VALARM");
        }
        out.end("VEVENT");
    }

    /// The incident's number, the duty, deadline or target; practice is marked.
    fn summary(&self) -> String {
        let obligation = &self.duty.obligation;
        let kind = match obligation.nature {
            Nature::Duty => kind_word(self.due.kind, self.locale),
            other => locale::text(self.locale, &format!("law-nature-{other}")),
        };
        let key = if self.incident.practice {
            "feed-summary-practice"
        } else {
            "feed-summary"
        };
        let variables = [
            ("number", self.incident.number.clone().into()),
            ("duty", obligation.title.get(self.locale).into()),
            ("kind", kind.into()),
        ];
        locale::text_with(self.locale, key, &variables)
    }

    /// When in words, who is told, the rule, its article and address, marks, and the way here.
    fn description(&self) -> String {
        let (due, locale) = (self.due, self.locale);
        let obligation = &self.duty.obligation;
        let when = due_words(due, locale).unwrap_or_default();
        let key = match due.kind {
            DueKind::Deadline => "clock-deadline-at",
            DueKind::Target => "clock-target-at",
        };
        let to = recipient(obligation, locale);
        let mut lines = vec![
            locale::text_with(locale, key, &[("when", when.into())]),
            locale::text_with(locale, "clocks-to", &[("name", to.into())]),
            due.rule.get(locale).to_owned(),
            format!("{} {}", due.basis.article.get(locale), due.basis.url),
        ];
        for (applies, key) in [
            (due.conditional, "law-due-conditional"),
            (due.provisional, "law-due-provisional"),
            (is_unverified(obligation, Some(due)), "unverified"),
        ] {
            if applies {
                let text = locale::text(locale, key);
                lines.push(locale::text_with(
                    locale,
                    "feed-mark",
                    &[("text", text.into())],
                ));
            }
        }
        lines.push(self.link.clone());
        lines.join("\n")
    }
}
