//! Settings, and the protection of the connection.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_password_goes_over_tls_only_to_the_right_server() {
    let keys = tempfile::tempdir().expect("a folder");
    let (cert, key) = (keys.path().join("cert.pem"), keys.path().join("key.pem"));
    let made = std::process::Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE".split(' '))
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success());
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    for (flag, security) in [("--tls", Security::Tls), ("--starttls", Security::StartTls)] {
        let sink = SmtpSink::start_with(&[flag, &cert, &key, "--auth", "shodo", "secret phrase"]);
        let mut settings = sink.settings();
        settings.smtp.host = "localhost".to_owned();
        settings.smtp.security = security;
        settings.smtp.username = "shodo".to_owned();
        settings.smtp.password = "secret phrase".to_owned().into();

        let stranger = Desk::new(settings.clone());
        stranger.batch(&["taro@example.jp"]).await;
        let courier = stranger.courier();
        courier.pass().await.expect("a round");
        let trouble = courier
            .health()
            .await
            .expect("health")
            .trouble
            .expect("trouble");
        assert!(
            trouble.text.contains("certificate"),
            "{security:?}: {}",
            trouble.text
        );
        assert!(sink.taken().is_empty());

        settings.smtp.ca_file = Some(cert.clone().into());
        let desk = Desk::new(settings.clone());
        desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        let pass = courier.pass().await.expect("a round");
        assert_eq!(pass.sent, 1, "{security:?}: {:?}", courier.health().await);
        let taken = sink.taken();
        assert!(taken[0].tls || security == Security::Tls);
        assert_eq!(taken[0].user.as_deref(), Some("shodo"));

        settings.smtp.password = "wrong".to_owned().into();
        let desk = Desk::new(settings);
        let batch = desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        courier.pass().await.expect("a round");
        let trouble = courier
            .health()
            .await
            .expect("health")
            .trouble
            .expect("trouble");
        assert_eq!(trouble.code, Some(535));
        assert_eq!(desk.delivery(&batch, "0").await.state, State::Queued);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_gets_nothing() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.smtp.security = Security::StartTls;
    let desk = Desk::new(settings);
    desk.batch(&["taro@example.jp"]).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    let trouble = courier
        .health()
        .await
        .expect("health")
        .trouble
        .expect("trouble");
    assert!(trouble.text.contains("STARTTLS"), "{}", trouble.text);
    assert!(sink.taken().is_empty());
}

#[test]
fn wrong_settings_are_named() {
    let good = settings_for_port(2525);
    assert!(good.validate().is_ok());
    type Spoil = fn(&mut MailSettings);
    let wrong: [(&str, Spoil); 11] = [
        ("mail.from_address", |s| {
            s.from_address = "nobody".to_owned()
        }),
        ("mail.smtp.host", |s| s.smtp.host = String::new()),
        ("mail.smtp.port", |s| s.smtp.port = 0),
        ("mail.smtp.security", |s| {
            s.smtp.host = "smtp.example.com".to_owned()
        }),
        ("mail.smtp.password", |s| {
            s.smtp.username = "shodo".to_owned()
        }),
        ("mail.smtp.connections", |s| s.smtp.connections = 0),
        ("mail.rate.per_second", |s| s.rate.per_second = 200_000),
        ("mail.rate.per_domain", |s| {
            s.rate.per_domain.insert("no domain".to_owned(), 1);
        }),
        ("mail.window", |s| s.window = 0),
        ("mail.retry.minutes", |s| s.retry.minutes = Vec::new()),
        ("mail.timeouts.content_seconds", |s| {
            s.timeouts.content_seconds = 0
        }),
    ];
    for (name, spoil) in wrong {
        let mut settings = good.clone();
        spoil(&mut settings);
        let problem = settings.validate().expect_err(name);
        assert_eq!(problem.code, Code::InvalidSetting);
        assert_eq!(problem.params[0].1, name);
    }
}
