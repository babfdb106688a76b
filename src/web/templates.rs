//! The templates of notices: what the organisation may write itself, to read for everybody.

mod editor;
mod view;
mod vocabulary;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::SignedIn;
use crate::accounts::can;
use crate::kernel::{Locale, Result};
use crate::notices::NoticeKind;
use crate::notices::sheet::Readers;
use crate::notices::templates::{self, Place};

/// Room for a text at its longest, percent-encoded, with braces in every place.
const FORM_LIMIT: usize = 1024 * 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/templates").route(web::get().to(list)))
        .service(
            web::resource("/templates/{kind}")
                .app_data(web::PayloadConfig::new(FORM_LIMIT))
                .route(web::get().to(editor::show))
                .route(web::post().to(editor::save)),
        )
        .service(
            web::resource("/templates/{kind}/preview")
                .app_data(web::PayloadConfig::new(FORM_LIMIT))
                .route(web::get().to(editor::back))
                .route(web::post().to(editor::preview)),
        )
        .service(
            web::resource("/templates/{kind}/reset")
                .route(web::get().to(editor::back))
                .route(web::post().to(editor::reset)),
        );
}

#[derive(Serialize)]
struct ListView {
    groups: Vec<Group>,
}

/// The kinds for one sort of readers.
#[derive(Serialize)]
struct Group {
    readers: Readers,
    icon: &'static str,
    kinds: Vec<KindView>,
}

#[derive(Serialize)]
struct KindView {
    kind: NoticeKind,
    title: &'static str,
    summary: &'static str,
    /// How many texts there are, over variants, parts and languages.
    texts: usize,
    /// How many of them the organisation wrote itself.
    own: i64,
}

async fn list(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let own = page.state().house.store.read(templates::own_counts).await?;
    let view = |kind: NoticeKind| KindView {
        kind,
        title: kind.sheet().title.get(page.locale()),
        summary: kind.sheet().summary.get(page.locale()),
        texts: templates::variants(kind).len() * kind.parts().len() * Locale::ALL.len(),
        own: own.get(&kind).copied().unwrap_or_default(),
    };
    let groups = Readers::ALL
        .iter()
        .map(|readers| Group {
            readers: *readers,
            icon: audience_icon(*readers),
            kinds: NoticeKind::ALL
                .iter()
                .filter(|kind| kind.sheet().audience == *readers)
                .map(|kind| view(*kind))
                .collect(),
        })
        .collect();
    page.view("notice-templates/list")
        .title(page.text("templates-title"))
        .nav("admin")
        .respond(&ListView { groups })
}

/// The sign of a sort of readers.
pub(super) fn audience_icon(readers: Readers) -> &'static str {
    match readers {
        Readers::Authority => "landmark",
        Readers::People => "mail",
        Readers::Delegator => "users",
        Readers::Public => "megaphone",
        Readers::Staff => "building-2",
    }
}

/// The page of a template.
fn address(place: &Place) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("variant", &place.variant)
        .append_pair("part", &place.part)
        .append_pair("locale", place.locale.as_str())
        .finish();
    format!("/templates/{}?{query}", place.kind)
}
