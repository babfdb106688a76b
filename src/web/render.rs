//! Templates: embedded, strict (a missing value is an error), rendered in two steps.
//!
//! First the page's own template, then the layout around it. Every template sees
//! `page` (language, actor, what they may do, csrf, …), `form` (see
//! [`FormState`]) and the fields of its own data. The helpers stand in
//! `words.rs`; the partials under `templates/pages/partials`, each with a comment
//! that says what it takes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use handlebars::{Context, Handlebars};
use include_dir::{Dir, DirEntry, include_dir};
use serde::Serialize;
use serde_json::{Value, json};

use super::cookies::Kind;
use super::extract::Page;
use super::form::FormState;
use super::{PageError, words};
use crate::accounts::Capability;
use crate::kernel::{Problem, Result, locale};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/pages");
static TEMPLATES: LazyLock<Result<Handlebars<'static>, String>> = LazyLock::new(load);

/// Checks that every template can be read; the server calls it before it listens.
///
/// # Errors
/// [`crate::kernel::Code::Internal`], naming the template.
pub fn check() -> Result<()> {
    templates().map(drop)
}

/// An answer in the making.
pub struct View<'a> {
    page: &'a Page,
    template: &'a str,
    title: String,
    nav: &'static str,
    layout: &'static str,
    status: StatusCode,
    form: Option<FormState>,
}

impl Page {
    /// Begins an answer by a template, e.g. `accounts/list`.
    pub fn view<'a>(&'a self, template: &'a str) -> View<'a> {
        View {
            page: self,
            template,
            title: String::new(),
            nav: "",
            layout: "layouts/app",
            status: StatusCode::OK,
            form: None,
        }
    }

    /// Sends the browser to another page, which shows the message of `flash` once; an empty key shows none.
    pub fn go(&self, to: &str, flash: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((header::LOCATION, to));
        if !flash.is_empty() {
            answer.cookie(Kind::Flash.set(self.state().is_secure(), flash.to_owned()));
        }
        answer.finish()
    }
}

impl View<'_> {
    /// The title, in words.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The entry of the main menu that is current: `incidents`, `clocks`, `playbooks`, `admin`.
    #[must_use]
    pub fn nav(mut self, nav: &'static str) -> Self {
        self.nav = nav;
        self
    }

    /// The layout without a menu: sign-in, set-up, errors.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.layout = "layouts/plain";
        self
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The form's values, and what is wrong with them; wrong fields make the status 422.
    #[must_use]
    pub fn form(mut self, form: FormState) -> Self {
        if form.is_refused() && self.status == StatusCode::OK {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self.form = Some(form);
        self
    }

    /// Renders the page.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when the template asks for what the data lack.
    pub fn respond(self, data: &impl Serialize) -> Result<HttpResponse, PageError> {
        let templates = templates()?;
        let mut root = match serde_json::to_value(data).map_err(Problem::from)? {
            Value::Object(fields) => Value::Object(fields),
            _ => json!({}),
        };
        let form = self.form.unwrap_or_default();
        if let Some(fields) = root.as_object_mut() {
            fields.insert(
                "page".to_owned(),
                describe(self.page, &self.title, self.nav),
            );
            fields.insert(
                "form".to_owned(),
                serde_json::to_value(&form).map_err(Problem::from)?,
            );
        }
        let mut context = Context::wraps(root).map_err(Problem::internal)?;
        let content = templates
            .render_with_context(self.template, &context)
            .map_err(Problem::internal)?;
        if let Some(fields) = context.data_mut().as_object_mut() {
            fields.insert("content".to_owned(), Value::String(content));
        }
        let html = templates
            .render_with_context(self.layout, &context)
            .map_err(Problem::internal)?;
        Ok(HttpResponseBuilder::new(self.status)
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .body(html))
    }
}

/// What every template may know of the visit.
fn describe(page: &Page, title: &str, nav: &str) -> Value {
    let locale = page.locale();
    let actor = page.session().map(|session| {
        let actor = &session.actor;
        let may: BTreeMap<_, _> = Capability::ALL
            .iter()
            .map(|capability| {
                (
                    capability.as_str().replace('-', "_"),
                    actor.may(*capability),
                )
            })
            .collect();
        json!({
            "id": actor.id,
            "name": actor.name.reveal(),
            "initials": words::initials(actor.name.reveal()),
            "role": actor.role,
            "may": may,
        })
    });
    let organisation = page.organisation().map(|organisation| {
        words::in_language(locale, &organisation.name_ja, &organisation.name_en)
    });
    json!({
        "title": title,
        "nav": nav,
        "locale": locale,
        "now": page.now(),
        "zone": page.zone().iana_name().unwrap_or("UTC"),
        "csrf": page.csrf(),
        "here": page.here(),
        "actor": actor,
        "organisation": organisation,
        "practice": page.state().demo
            || page.organisation().is_some_and(|organisation| organisation.practice),
        "flash": page.flash().map(|key| locale::text(locale, key)),
    })
}

fn templates() -> Result<&'static Handlebars<'static>> {
    TEMPLATES
        .as_ref()
        .map_err(|why| Problem::internal(why.clone()))
}

fn load() -> Result<Handlebars<'static>, String> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    words::register(&mut registry);
    let mut folders = vec![&FILES];
    while let Some(folder) = folders.pop() {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(inner) => folders.push(inner),
                DirEntry::File(file) => {
                    let path = file.path().to_string_lossy().replace('\\', "/");
                    let (Some(name), Some(source)) =
                        (path.strip_suffix(".hbs"), file.contents_utf8())
                    else {
                        continue;
                    };
                    let name = name.strip_prefix("partials/").unwrap_or(name);
                    registry
                        .register_template_string(name, source)
                        .map_err(|error| format!("template {path}: {error}"))?;
                }
            }
        }
    }
    Ok(registry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Code, Locale};

    fn sources(folder: &'static Dir<'static>, into: &mut Vec<(String, &'static str)>) {
        for file in folder.files() {
            into.push((
                file.path().display().to_string(),
                file.contents_utf8().unwrap(),
            ));
        }
        for inner in folder.dirs() {
            sources(inner, into);
        }
    }

    #[test]
    fn every_template_can_be_read() {
        check().unwrap();
    }

    #[test]
    fn every_key_of_a_template_has_words_in_both_languages() {
        let mut files = Vec::new();
        sources(&FILES, &mut files);
        let mut seen = 0;
        for (path, source) in files {
            let calls = ["{{t \"", "(t \""];
            for rest in calls.iter().flat_map(|call| source.split(call).skip(1)) {
                let key = rest.split('"').next().unwrap();
                for locale in Locale::ALL {
                    assert!(locale::has(*locale, key), "{path}: {key} lacks {locale}");
                }
                seen += 1;
            }
        }
        assert!(seen > 50, "the search found only {seen} keys");
    }

    #[test]
    fn every_problem_has_words_and_a_next_step() {
        for code in Code::ALL {
            for key in [
                format!("problem-{}", code.as_str()),
                format!("problem-{}-next", code.as_str()),
            ] {
                for locale in Locale::ALL {
                    assert!(locale::has(*locale, &key), "{key} lacks {locale}");
                }
            }
        }
    }

    #[test]
    fn the_partials_of_an_incident_render_in_both_languages() {
        let data = |locale: Locale| {
            json!({
                "page": {"locale": locale, "now": "2026-11-22T05:32:00Z", "zone": "Asia/Tokyo", "csrf": "s"},
                "form": {"values": {"kind": ["leak"], "at": ["2026-11-20T09:14"]}, "errors": {"at": "E"}, "summary": [{"field": "at", "message": "E"}]},
                "clock": {"href": "#", "icon": "clock-alert", "label": "L", "tone": "urgent", "until": "2026-11-20T05:32:00Z", "share": 0.74, "done": null, "due": "D"},
                "next": {"eyebrow": "Y", "title": "T", "text": null, "actions": [{"href": "#", "label": "A", "icon": "stamp", "primary": true}]},
                "phase": {"id": "p1", "number": 3, "title": "T", "sub": "1/3", "state": "now", "state_label": "S", "open": true, "steps": [
                    {"href": "#", "title": "A", "state": "done", "state_label": "S", "hints": [{"icon": "user-round", "text": "H"}]},
                    {"href": "#", "title": "B", "state": "skipped", "state_label": "S", "hints": [{"icon": null, "text": "H"}]}]},
                "figures": [{"label": "L", "value": "12,480", "unit": "人"}, {"label": "L", "value": "確認中", "unit": null}],
                "entry": {"tone": "dec", "icon": "gavel", "who": "佐藤 美咲", "at": "2026-11-22T05:00:00Z", "text": "<b>", "recorded_at": null},
                "stamps": [{"role": "起案", "seal": "起案", "name": "高橋 翔", "stamp": "高橋", "date": "26.11.22", "current": false, "waiting": null},
                    {"role": "法務", "seal": "承認", "name": "伊藤 玲", "stamp": null, "date": null, "current": true, "waiting": "未"}],
                "pages": {"previous": null, "next": "?after=1", "text": "1"},
                "tabs": [{"href": "#", "label": "L", "count": 2, "current": true}],
                "above": [{"href": "/incidents", "label": "I"}],
                "kinds": [{"value": "leak", "label": "漏えい", "hint": "H"}, {"value": "misuse", "label": "不正利用", "hint": null}],
            })
        };
        let template = "{{> crumbs items=above here=\"X\"}}<ul class=\"clocks\">{{> clock-card clock}}</ul>{{> next-action next}}\
            {{> phase phase}}{{> figures}}{{> timeline-entry entry}}{{> stamps}}{{> pagination pages}}{{> tabs label=\"L\"}}\
            {{> tag tone=\"red\" text=\"T\"}}{{> empty-state icon=\"inbox\" title=\"T\" text=\"X\"}}{{> error-summary}}\
            {{> radios name=\"kind\" label=\"K\" options=kinds}}{{> checkboxes name=\"kind\" label=\"K\" options=kinds inline=true}}\
            {{> select name=\"kind\" label=\"K\" options=kinds blank=\"-\"}}{{> field name=\"at\" label=\"A\" type=\"datetime-local\" hint=\"H\"}}\
            {{> field name=\"note\" label=\"N\" type=\"textarea\" rows=\"6\"}}";
        for (locale, over) in [
            (Locale::Ja, "超過 2日 00:00"),
            (Locale::En, "over 2 d 00:00"),
        ] {
            let html = templates()
                .unwrap()
                .render_template(template, &data(locale))
                .unwrap();
            assert!(html.contains(over), "a passed deadline says so: {html}");
            assert!(html.contains("&lt;b&gt;"), "text is escaped");
            assert_eq!(
                html.matches(" checked").count(),
                2,
                "radio and box are ticked"
            );
            assert_eq!(html.matches(" selected").count(), 1);
            assert!(
                html.contains("aria-describedby=\"at-hint at-error\" aria-invalid"),
                "{html}"
            );
        }
    }
}
