//! Accounts through their verbs: the first administrator, links, the throttle, sessions, tokens.

use jiff::SignedDuration;
use shodo::accounts::{
    self, Actor, Capability, Credentials, NewAccount, NewSession, Organisation, Passwords, Role,
    SignInStep, can,
};
use shodo::kernel::{Code, Instant, Locale, Problem, Redacted};
use shodo::store::{DatabaseUrl, Store};

const PASSWORD: &str = "harbour-lantern-42-fox";

struct House {
    store: Store,
    passwords: Passwords,
    runtime: tokio::runtime::Runtime,
    now: Instant,
    _folder: tempfile::TempDir,
}

impl House {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/shodo.db", folder.path().display());
        let store = Store::open(DatabaseUrl::parse(&url, false).unwrap()).unwrap();
        store.migrate().unwrap();
        Self {
            store,
            passwords: Passwords::default(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            now: "2026-11-22T05:32:00Z".parse().unwrap(),
            _folder: folder,
        }
    }

    fn later(&mut self, span: SignedDuration) {
        self.now = self.now.plus(span);
    }

    fn hash(&self) -> accounts::HashedPassword {
        self.passwords
            .hash_blocking(&Redacted::new(PASSWORD.to_owned()), &[])
            .unwrap()
    }

    fn add(&self, email: &str, role: Role) -> Actor {
        let new = NewAccount {
            email: email.to_owned(),
            name: "佐藤 美咲".to_owned(),
            role,
            locale: Locale::Ja,
        };
        let hash = self.hash();
        self.store
            .write_blocking(|conn| accounts::create(conn, self.now, new, hash))
            .unwrap()
            .actor()
    }

    fn sign_in(&self, email: &str, password: &str, client: &str) -> Result<NewSession, Problem> {
        let credentials = Credentials {
            email: Redacted::new(email.to_owned()),
            password: Redacted::new(password.to_owned()),
            client: client.to_owned(),
        };
        self.runtime
            .block_on(accounts::sign_in(
                &self.store,
                &self.passwords,
                self.now,
                credentials,
            ))
            .map(|SignInStep::Done(session)| session)
    }

    fn session(&self, token: &Redacted<String>) -> Option<accounts::Session> {
        self.store
            .read_blocking(|conn| accounts::session(conn, self.now, token.reveal()))
            .unwrap()
    }
}

#[test]
fn the_first_administrator_comes_by_a_link_that_works_once() {
    let house = House::open();
    let make = || {
        house
            .store
            .write_blocking(|conn| accounts::create_setup_link(conn, house.now))
    };
    let first = make().unwrap().unwrap();
    let second = make().unwrap().unwrap();
    let set_up = |token: &Redacted<String>| {
        let new = NewAccount {
            email: "misaki@example.jp".to_owned(),
            name: "佐藤 美咲".to_owned(),
            role: Role::Administrator,
            locale: Locale::Ja,
        };
        let organisation = Organisation {
            name_ja: "株式会社みほん".to_owned(),
            desk_name_ja: "お客様情報相談窓口".to_owned(),
            desk_email: "desk@example.jp".to_owned(),
            ..Organisation::blank(house.now)
        };
        let hash = house.hash();
        house.store.write_blocking(|conn| {
            accounts::set_up(conn, house.now, token.reveal(), new, hash, organisation)
        })
    };
    // The link that was printed later replaced the earlier one.
    assert_eq!(set_up(&first).unwrap_err().code, Code::LinkExpired);
    let session = set_up(&second).unwrap();
    assert_eq!(set_up(&second).unwrap_err().code, Code::LinkExpired);
    assert_eq!(
        house.session(&session.token).unwrap().actor.role,
        Role::Administrator
    );
    assert!(
        make().unwrap().is_none(),
        "with an account there is nothing to set up"
    );
}

#[test]
fn five_failures_lock_an_account_and_time_opens_it() {
    let mut house = House::open();
    house.add("misaki@example.jp", Role::Commander);
    for _ in 0..5 {
        let refused = house.sign_in("misaki@example.jp", "wrong-wrong-wrong", "192.0.2.1");
        assert_eq!(refused.unwrap_err().code, Code::SignInFailed);
    }
    let locked = house
        .sign_in("MISAKI@example.jp ", PASSWORD, "192.0.2.9")
        .unwrap_err();
    assert_eq!(locked.code, Code::Throttled);
    assert!(locked.params.iter().any(|(name, _)| *name == "minutes"));
    house.later(SignedDuration::from_secs(61));
    house
        .sign_in("misaki@example.jp", PASSWORD, "192.0.2.1")
        .unwrap();
    // The slate is clean again.
    house
        .sign_in("misaki@example.jp", PASSWORD, "192.0.2.1")
        .unwrap();
}

#[test]
fn unknown_and_known_accounts_answer_and_lock_alike() {
    let house = House::open();
    house.add("misaki@example.jp", Role::Commander);
    let mut answers = Vec::new();
    for email in ["misaki@example.jp", "nobody@example.jp"] {
        for _ in 0..6 {
            let problem = house
                .sign_in(email, "wrong-wrong-wrong", "192.0.2.1")
                .unwrap_err();
            answers.push(problem.title(Locale::En));
        }
    }
    let (known, unknown) = answers.split_at(6);
    assert_eq!(known, unknown);
}

#[test]
fn a_session_ends_by_idleness_by_age_and_by_disabling() {
    let mut house = House::open();
    let administrator = house.add("admin@example.jp", Role::Administrator);
    let viewer = house.add("viewer@example.jp", Role::Viewer);
    let idle = house
        .sign_in("viewer@example.jp", PASSWORD, "192.0.2.1")
        .unwrap();
    house.later(SignedDuration::from_hours(11));
    assert!(house.session(&idle.token).unwrap().stale);
    house.later(SignedDuration::from_hours(1));
    assert!(
        house.session(&idle.token).is_none(),
        "12 hours without a request"
    );

    let old = house
        .sign_in("viewer@example.jp", PASSWORD, "192.0.2.1")
        .unwrap();
    for _ in 0..16 {
        house.later(SignedDuration::from_hours(10));
        let session = house.session(&old.token).unwrap();
        house
            .store
            .write_blocking(|conn| accounts::touch(conn, house.now, &session))
            .unwrap();
    }
    house.later(SignedDuration::from_hours(8));
    assert!(
        house.session(&old.token).is_none(),
        "7 days, though it was used"
    );

    let current = house
        .sign_in("viewer@example.jp", PASSWORD, "192.0.2.1")
        .unwrap();
    let by = administrator.grant::<can::ManageAccounts>().unwrap();
    house
        .store
        .write_blocking(|conn| accounts::disable(conn, &by, house.now, &viewer.id))
        .unwrap();
    assert!(house.session(&current.token).is_none());
    let refused = house.sign_in("viewer@example.jp", PASSWORD, "192.0.2.1");
    assert_eq!(refused.unwrap_err().code, Code::SignInFailed);
}

#[test]
fn the_last_administrator_stays() {
    let house = House::open();
    let only = house.add("admin@example.jp", Role::Administrator);
    let by = only.grant::<can::ManageAccounts>().unwrap();
    let change = |role| {
        house
            .store
            .write_blocking(|conn| accounts::change_role(conn, &by, &only.id, role))
    };
    assert_eq!(change(Role::Viewer).unwrap_err().code, Code::WrongState);
    house.add("second@example.jp", Role::Administrator);
    change(Role::Viewer).unwrap();
    // The role is read anew with each request: the old permission is gone with the next one.
    let now_viewer = house
        .store
        .read_blocking(|conn| accounts::get(conn, &only.id))
        .unwrap();
    assert!(now_viewer.actor().grant::<can::ManageAccounts>().is_err());
}

#[test]
fn a_token_acts_for_its_owner_until_it_ends_or_is_revoked() {
    let mut house = House::open();
    let owner = house.add("script@example.jp", Role::Responder);
    let end = house.now.plus(SignedDuration::from_hours(1));
    let make = |name: &str, end| {
        house
            .store
            .write_blocking(|conn| accounts::create_token(conn, &owner, house.now, name, end))
            .unwrap()
    };
    let (_, short) = make("short", Some(end));
    let (long, secret) = make("long", None);
    let ask = |house: &House, secret: &Redacted<String>| {
        house
            .store
            .read_blocking(|conn| accounts::token_actor(conn, house.now, secret.reveal()))
    };
    let (actor, used) = ask(&house, &secret).unwrap();
    assert_eq!((actor.id, used), (owner.id.clone(), Some(long.id.clone())));
    house.later(SignedDuration::from_hours(1));
    assert_eq!(ask(&house, &short).unwrap_err().code, Code::Unauthenticated);
    // Somebody else's token cannot be revoked, nor told from one that never was.
    let other = house.add("other@example.jp", Role::Administrator);
    let revoke = |who: &Actor| {
        house
            .store
            .write_blocking(|conn| accounts::revoke_token(conn, who, house.now, &long.id))
    };
    assert_eq!(revoke(&other).unwrap_err().code, Code::NotFound);
    revoke(&owner).unwrap();
    assert_eq!(
        ask(&house, &secret).unwrap_err().code,
        Code::Unauthenticated
    );
}

#[test]
fn poor_passwords_are_refused_and_good_ones_are_not() {
    let passwords = Passwords::default();
    let context = ["misaki.sato@example.jp", "Misaki Sato"];
    let verdict = |text: &str| {
        passwords
            .hash_blocking(&Redacted::new(text.to_owned()), &context)
            .err()
            .map(|problem| problem.fields[0].key)
    };
    for (password, key) in [
        ("short", Some("field-password-short")),
        ("password1234", Some("field-password-common")),
        ("123456789012", Some("field-password-common")),
        ("abcabcabcabc", Some("field-password-common")),
        ("misaki-2026-1", Some("field-password-context")),
        ("Shodo-Shodo-1", Some("field-password-context")),
        (PASSWORD, None),
        ("青い港の灯台と古い地図の話", None),
    ] {
        assert_eq!(verdict(password), key, "{password}");
    }
    assert_eq!(verdict(&"x9 ".repeat(43)), Some("field-password-long"));
}

#[test]
fn nobody_but_the_administrator_manages_accounts_and_viewers_only_read() {
    let house = House::open();
    for role in Role::ALL {
        let actor = house.add(&format!("{role}@example.jp"), *role);
        assert_eq!(
            actor.may(Capability::ManageAccounts),
            *role == Role::Administrator
        );
        assert!(actor.may(Capability::ViewIncidents));
        if *role == Role::Viewer {
            let allowed: Vec<_> = Capability::ALL.iter().filter(|c| actor.may(**c)).collect();
            assert_eq!(
                allowed,
                [&Capability::ExportReport, &Capability::ViewIncidents]
            );
        }
    }
}
