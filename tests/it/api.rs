//! The interface for scripts: what it refuses and in which words, and what it says of itself.

use serde_json::{Value, json};
use shodo::accounts::Role;

use crate::support::app::{Reply, TestApp};

#[test]
fn bad_requests_get_problems_that_say_what_to_do() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let commander = app.script(Role::Commander);
    let declare = |body: &str| {
        commander.send(
            "POST",
            "/api/v1/incidents",
            Some(("application/json", body.as_bytes().to_vec())),
        )
    };

    // Who asks: no token, a wrong one, and the language of the answer.
    let nobody = app.script_with("").get("/api/v1/incidents");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    assert_eq!(
        nobody.problem("unauthenticated")["title"],
        "サインインが必要です"
    );
    let english = app
        .script_with("shodo_wrong")
        .speaking("en-GB")
        .get("/api/v1/me");
    assert_eq!(
        english.problem("unauthenticated")["title"],
        "You need to sign in"
    );

    // What is sent: no JSON, a field too many, none at all, a value of no such kind, too much.
    let cut = declare("{\"title\": \"名簿の誤送信\",");
    let problem = cut.problem("malformed-body");
    assert!(text(&problem["errors"][0]["message"]).contains("line 1, column"));
    let unknown = declare("{\"title\": \"a\", \"titel\": \"b\"}").problem("malformed-body");
    assert!(text(&unknown["errors"][0]["message"]).contains("unknown field `titel`"));
    declare("{}").problem("malformed-body");
    let kind = declare("{\"title\": \"a\", \"kind\": \"山田太郎\"}");
    assert!(
        !kind.text().contains("山田"),
        "a value comes back: {}",
        kind.text()
    );
    kind.problem("malformed-body");
    declare(&format!("{{\"title\": \"{}\"}}", "x".repeat(1 << 20))).problem("too-large");
    commander
        .send(
            "POST",
            "/api/v1/incidents",
            Some(("text/plain", b"{}".to_vec())),
        )
        .problem("malformed-body");
    assert_eq!(fields(&declare("{\"title\": \" \"}")), ["title"]);
    assert_eq!(fields(&declare("{\"title\": \"a\\u0000b\"}")), ["title"]);
    assert_eq!(
        fields(&declare(&format!(
            "{{\"title\": \"{}\"}}",
            "字".repeat(201)
        ))),
        ["title"]
    );

    // Which thing: ids that are none, of nothing, of another incident; addresses that nobody serves.
    for path in [
        "/api/v1/incidents/1",
        "/api/v1/incidents/..%2f..",
        "/api/v1/incidents/0192f0c0-0000-7000-8000-000000000001",
        "/api/v1/incidents/0192f0c0-0000-7000-8000-000000000001/evidence",
        "/api/v1/incidents/0192f0c0-0000-7000-8000-000000000001/timeline",
        "/api/v1/incidents/0192f0c0-0000-7000-8000-000000000001/report",
        "/api/v1/nothing",
    ] {
        commander.get(path).problem("not-found");
    }
    let incident = declare("{\"title\": \"一つ目\"}").ok();
    let other = declare("{\"title\": \"二つ目\"}").ok();
    let case = |incident: &Value| format!("/api/v1/incidents/{}", text(&incident["id"]));
    let notice = commander
        .post(
            &format!("{}/notices", case(&incident)),
            json!({"kind": "ppc_preliminary"}),
        )
        .ok();
    // Nobody has said yet for whom the server works: a gap like any other.
    let reporter = text(&notice["versions"][0]["content"]["reporter"]["ja"]);
    assert!(reporter.contains("【確認中：組織名】"), "{reporter}");
    commander
        .get(&format!("{}/notices/{}", case(&other), text(&notice["id"])))
        .problem("not-found");
    commander
        .get(&format!("{}/timeline?limit=0", case(&incident)))
        .problem("invalid-input");
    commander
        .get(&format!("{}/timeline?limti=5", case(&incident)))
        .problem("malformed-body");

    // Files: none, of no use, too large; nothing is half imported.
    let rosters = format!("{}/rosters", case(&incident));
    let nothing = commander.send(
        "POST",
        &rosters,
        Some(("multipart/form-data; boundary=b", b"--b--\r\n".to_vec())),
    );
    assert_eq!(fields(&nothing), ["file"]);
    for file in [
        &b""[..],
        b"a,b\n1,2\n",
        b"\x00\x01\x02",
        "氏名\n\"山田".as_bytes(),
        b"name\n\xff\xfe\n",
    ] {
        commander
            .upload(&rosters, &[], "roster.csv", file)
            .problem("unreadable-file");
    }
    let item = commander.upload(
        &rosters,
        &[("data_items", "shoe_size")],
        "r.csv",
        b"name\nA\n",
    );
    assert_eq!(fields(&item), ["data_items"]);
    let field = commander.upload(&rosters, &[("sorce", "x")], "r.csv", b"name\nA\n");
    assert_eq!(fields(&field), ["sorce"]);
    commander
        .upload(&rosters, &[], "large.csv", &vec![b'a'; (1 << 20) + 1])
        .problem("too-large");
    assert_eq!(commander.get(&rosters).ok(), json!([]));
    let waiting = app.data_dir().join("evidence/incoming");
    assert_eq!(files_under(&waiting), Vec::<std::path::PathBuf>::new());
    let counts = commander
        .get(&format!("{}/people/counts", case(&incident)))
        .ok();
    assert_eq!(counts["people"], 0);
}

#[test]
fn the_description_names_every_address_and_each_wants_a_token() {
    let app = TestApp::start("2026-11-20T00:30:00Z");
    let stranger = app.script_with("");
    let description = stranger.get("/api/v1/openapi.json").ok();
    assert_eq!(description["openapi"], "3.1.0");
    assert!(description["components"]["schemas"]["Problem"].is_object());
    let mut operations = 0;
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            operations += 1;
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{method} {path} names no problem");
            assert!(
                operation["summary"].is_string(),
                "{method} {path} has no summary"
            );
            let filled: String = path
                .split('/')
                .map(|part| match part {
                    "{kind}" => "aware",
                    "{key}" => "cause",
                    "{section}" => "luck",
                    part if part.starts_with('{') => "0192f0c0-0000-7000-8000-000000000001",
                    part => part,
                })
                .collect::<Vec<_>>()
                .join("/");
            let body = (method != "get").then(|| ("application/json", b"{}".to_vec()));
            stranger
                .send(&method.to_uppercase(), &format!("/api/v1{filled}"), body)
                .problem("unauthenticated");
        }
    }
    assert!(operations > 40, "only {operations} operations");
    // Every reference leads somewhere.
    let text = description.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(
            description["components"]["schemas"][name].is_object(),
            "{name} is described nowhere"
        );
    }
    for path in ["/api/v1/", "/api/v1"] {
        let page = stranger.get(path);
        assert_eq!(page.status, 200);
        let page = page.text();
        assert!(page.contains("/api/v1/incidents/{incident}/duties") && !page.contains("<script"));
        assert!(!page.contains("https://"), "the page asks another server");
    }
    assert_eq!(stranger.get("/problems/four-eyes").status, 200);
    assert_eq!(stranger.get("/problems/no-such-thing").status, 404);
}

#[track_caller]
fn fields(reply: &Reply) -> Vec<String> {
    let problem = reply.problem("invalid-input");
    let errors = problem["errors"].as_array().expect("a list").clone();
    errors.iter().map(|error| text(&error["field"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn files_under(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}
