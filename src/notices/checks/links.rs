//! Whether links lead to the organisation, over TLS.
//!
//! Readers are told to beware of false links; so what they get must hold only true ones.

use url::Url;

use super::{Desk, FindingCode, Weight, same};

pub(super) fn check(desk: &mut Desk<'_>, domains: &[String]) {
    for link in links(desk.text) {
        let url = Url::parse(link).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let is_plain_text = url.as_ref().is_some_and(|url| {
            url.scheme() == "https" && url.username().is_empty() && url.port().is_none()
        });
        if host.is_empty() || !is_plain_text {
            desk.find(FindingCode::UnsafeLink, Weight::Error, same(short(link)));
        } else if !domains.iter().any(|domain| is_within(host, domain)) {
            desk.find(FindingCode::Link, Weight::Warning, same(host));
        }
    }
}

/// Whether a host is a domain, or below it.
fn is_within(host: &str, domain: &str) -> bool {
    host == domain
        || host
            .strip_suffix(domain)
            .is_some_and(|front| front.ends_with('.'))
}

/// Everything that begins like a link, up to what cannot stand in one.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let starts = text
        .match_indices("http")
        .map(|(at, _)| at)
        .filter_map(|at| text.get(at..))
        .filter(|rest| rest.starts_with("https://") || rest.starts_with("http://"));
    starts.map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>'))
            .unwrap_or(rest.len());
        rest.get(..end)
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ')', ';', ':', '!', '?', '\''])
    })
}

fn short(link: &str) -> String {
    link.chars().take(80).collect()
}
