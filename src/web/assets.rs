//! Styles, script and icons, embedded and served under the digest of their bytes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use include_dir::{Dir, include_dir};

use super::PageError;
use crate::kernel::{Code, Problem, Sha256};

static OWN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets");

struct Asset {
    digest: String,
    bytes: &'static [u8],
}

/// What browsers may fetch; licences and fonts stay inside.
const SERVED: &[&str] = &[
    "app.css",
    "app.js",
    "icon.svg",
    "vendor/tokens.css",
    "vendor/icons.svg",
];

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    SERVED
        .iter()
        .filter_map(|path| {
            let bytes = OWN.get_file(path)?.contents();
            let digest = Sha256::of(bytes).to_string().chars().take(16).collect();
            let name = path.rsplit('/').next()?;
            Some((name, Asset { digest, bytes }))
        })
        .collect()
});

/// The address of a file, which changes with its bytes.
pub fn address(name: &str) -> Option<String> {
    let asset = ASSETS.get(name)?;
    Some(format!("/assets/{}/{name}", asset.digest))
}

/// Serves a file; a browser keeps it for good, because other bytes have another address.
pub(super) async fn serve(path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (digest, name) = path.into_inner();
    let asset = ASSETS
        .get(name.as_str())
        .filter(|asset| asset.digest == digest)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes))
}
