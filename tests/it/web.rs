//! The ground of the pages, through HTTP: sign-in, secrets of forms, headers, languages.

use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::web::Data;
use actix_web::{App, body::to_bytes};
use shodo::accounts::{self, NewAccount, Passwords, Role};
use shodo::app::server;
use shodo::app::settings::Raw;
use shodo::kernel::{Clock, Locale, Redacted};
use shodo::outbox::Courier;
use shodo::web::{self, State};

const PASSWORD: &str = "harbour-lantern-42-fox";

async fn state(folder: &tempfile::TempDir, public_url: &str) -> State {
    let now = "2026-11-22T05:32:00Z".parse().unwrap();
    let flags = [
        ("data_dir", folder.path().display().to_string()),
        ("public_url", public_url.to_owned()),
    ];
    let settings = Raw::gather(None, |_| None, &flags.into())
        .unwrap()
        .parse()
        .unwrap();
    let house = server::open(&settings, Clock::manual(now)).unwrap();
    house.store.migrate().unwrap();
    let passwords = Passwords::default();
    let hash = passwords
        .hash(Redacted::new(PASSWORD.to_owned()), &[])
        .await
        .unwrap();
    let new = NewAccount {
        email: "rei@example.jp".to_owned(),
        name: "伊藤 玲".to_owned(),
        role: Role::Legal,
        locale: Locale::Ja,
    };
    house
        .store
        .write(move |conn| accounts::create(conn, now, new, hash))
        .await
        .unwrap();
    let courier = Courier::new(
        house.store.clone(),
        house.vault.clone(),
        house.clock.clone(),
        settings.mail,
    )
    .unwrap();
    State {
        house,
        courier,
        passwords,
        demo: false,
        behind_proxy: false,
        max_upload_bytes: settings.max_upload_bytes,
    }
}

macro_rules! app {
    ($state:expr) => {
        test::init_service(
            App::new()
                .app_data(Data::new($state))
                .wrap(from_fn(web::guard::ground))
                .configure(web::configure),
        )
        .await
    };
}

fn cookie(response: &ServiceResponse, name: &str) -> Option<Cookie<'static>> {
    response
        .response()
        .cookies()
        .find(|cookie| cookie.name() == name)
        .map(Cookie::into_owned)
}

fn location(response: &ServiceResponse) -> &str {
    response
        .headers()
        .get(header::LOCATION)
        .unwrap()
        .to_str()
        .unwrap()
}

async fn text(response: ServiceResponse) -> String {
    let body = to_bytes(response.into_body()).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[actix_web::test]
async fn a_person_signs_in_switches_the_language_and_signs_out() {
    let folder = tempfile::tempdir().unwrap();
    let app = app!(state(&folder, "http://127.0.0.1:8080").await);

    let turned_away =
        test::call_service(&app, TestRequest::get().uri("/account").to_request()).await;
    assert_eq!(turned_away.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&turned_away), "/sign-in?next=%2Faccount");

    let page = test::call_service(
        &app,
        TestRequest::get()
            .uri("/sign-in?next=%2Faccount")
            .to_request(),
    )
    .await;
    let before = cookie(&page, "shodo-csrf").unwrap();
    let form = |password: &str| {
        [
            ("csrf", before.value().to_owned()),
            ("next", "/account".to_owned()),
            ("email", "rei@example.jp".to_owned()),
            ("password", password.to_owned()),
        ]
    };
    let submit = |password: &str| {
        TestRequest::post()
            .uri("/sign-in")
            .cookie(before.clone())
            .set_form(form(password))
            .to_request()
    };
    let wrong = test::call_service(&app, submit("not-the-password")).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = text(wrong).await;
    assert!(
        html.contains("value=\"rei@example.jp\""),
        "the input is kept"
    );
    assert!(!html.contains("not-the-password"), "the password is not");

    let right = test::call_service(&app, submit(PASSWORD)).await;
    assert_eq!(
        (right.status(), location(&right)),
        (StatusCode::SEE_OTHER, "/account")
    );
    let session = cookie(&right, "shodo").unwrap();
    assert!(session.http_only().unwrap() && session.secure() != Some(true));

    let own = TestRequest::get().uri("/account").cookie(session.clone());
    let html = text(test::call_service(&app, own.to_request()).await).await;
    assert!(html.contains("<html lang=\"ja\"") && html.contains("伊藤 玲"));
    let secret = html.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    assert_ne!(secret, before.value(), "a session has a secret of its own");

    let post = |uri: &str, fields: &[(&str, &str)]| {
        TestRequest::post()
            .uri(uri)
            .cookie(session.clone())
            .set_form(fields)
            .to_request()
    };
    let switch = [
        ("csrf", secret.as_str()),
        ("lang", "en"),
        ("back", "/account?lang=ja"),
    ];
    let switched = test::call_service(&app, post("/language", &switch)).await;
    assert_eq!(location(&switched), "/account");
    let own = TestRequest::get().uri("/account").cookie(session.clone());
    let html = text(test::call_service(&app, own.to_request()).await).await;
    assert!(html.contains("<html lang=\"en\"") && html.contains("Account settings"));

    let out = test::call_service(&app, post("/sign-out", &[("csrf", &secret)])).await;
    assert_eq!(location(&out), "/sign-in");
    let own = TestRequest::get().uri("/account").cookie(session.clone());
    let gone = test::call_service(&app, own.to_request()).await;
    assert_eq!(
        gone.status(),
        StatusCode::SEE_OTHER,
        "the token is dead at the server"
    );
}

#[actix_web::test]
async fn a_form_from_elsewhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = app!(state(&folder, "http://127.0.0.1:8080").await);
    let csrf = "x".repeat(43);
    let request = |given: &str| {
        TestRequest::post()
            .uri("/sign-in")
            .cookie(Cookie::new("shodo-csrf", csrf.clone()))
            .set_form([
                ("csrf", given),
                ("email", "rei@example.jp"),
                ("password", PASSWORD),
            ])
    };
    for refused in [
        request("another-secret"),
        request(""),
        request(&csrf).insert_header(("sec-fetch-site", "cross-site")),
        request(&csrf).insert_header((header::ORIGIN, "https://evil.example.com")),
    ] {
        let answer = test::call_service(&app, refused.to_request()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(cookie(&answer, "shodo").is_none());
    }
    let own = request(&csrf).insert_header(("sec-fetch-site", "same-origin"));
    let answer = test::call_service(&app, own.to_request()).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn every_answer_carries_the_headers_and_tls_makes_cookies_secure() {
    let folder = tempfile::tempdir().unwrap();
    let app = app!(state(&folder, "https://shodo.example.jp").await);
    for (uri, status) in [
        ("/sign-in", 200),
        ("/nowhere", 404),
        ("/assets/0/app.css", 404),
    ] {
        let answer = test::call_service(&app, TestRequest::get().uri(uri).to_request()).await;
        assert_eq!(answer.status().as_u16(), status, "{uri}");
        let headers = answer.headers();
        assert_eq!(
            headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(),
            "nosniff",
            "{uri}"
        );
        assert!(
            headers.contains_key("x-request-id")
                && headers.contains_key(header::STRICT_TRANSPORT_SECURITY)
        );
        let policy = headers
            .get(header::CONTENT_SECURITY_POLICY)
            .unwrap()
            .to_str()
            .unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
    let answer = test::call_service(&app, TestRequest::get().uri("/sign-in").to_request()).await;
    let csrf = cookie(&answer, "__Host-shodo-csrf").unwrap();
    assert_eq!((csrf.secure(), csrf.path()), (Some(true), Some("/")));
}

#[actix_web::test]
async fn a_role_without_the_capability_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let app = app!(state(&folder, "http://127.0.0.1:8080").await);
    let csrf = "x".repeat(43);
    let sign_in = TestRequest::post()
        .uri("/sign-in")
        .cookie(Cookie::new("shodo-csrf", csrf.clone()))
        .set_form([
            ("csrf", csrf.as_str()),
            ("email", "rei@example.jp"),
            ("password", PASSWORD),
        ]);
    let session = cookie(
        &test::call_service(&app, sign_in.to_request()).await,
        "shodo",
    )
    .unwrap();
    let list = TestRequest::get().uri("/accounts").cookie(session);
    let answer = test::call_service(&app, list.to_request()).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(
        text(answer)
            .await
            .contains("この操作を行う権限がありません")
    );
}
