//! Evidence through the interface: bad files, custody, holds, destruction with proof.

mod custody;
mod files;

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Script, TestApp};

/// Declares an incident; gives its address in the interface.
fn declared(script: &Script<'_>) -> String {
    let made = script
        .post(
            "/api/v1/incidents",
            json!({"title": "会員サイトへの不正アクセス"}),
        )
        .ok();
    format!("/api/v1/incidents/{}", made["id"].as_str().unwrap())
}

/// Seals a file; gives its row.
fn sealed(script: &Script<'_>, case: &str, name: &str, bytes: &[u8]) -> Value {
    let made = script.upload(&format!("{case}/evidence"), &[], name, bytes);
    assert_eq!(made.status, 201, "{}", made.text());
    made.ok()["evidence"].clone()
}

/// The interface's address of a sealed file.
fn at(case: &str, file: &Value) -> String {
    format!("{case}/evidence/{}", file["id"].as_str().unwrap())
}

/// Where the sealed bytes of a row lie.
fn bytes_of(app: &TestApp, file: &Value) -> std::path::PathBuf {
    let address = file["address"].as_str().unwrap();
    let shelf = &address[address.len() - 2..];
    app.data_dir().join("evidence").join(shelf).join(address)
}

fn commander(app: &TestApp) -> Script<'_> {
    app.script(Role::Commander)
}
