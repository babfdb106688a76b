//! Reads arbitrary text as every kind of cell; what comes out must be clean, and come out the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/affected/countries.rs"]
mod countries;
#[path = "../../src/affected/normalise.rs"]
mod normalise;
#[path = "../../src/affected/regions.rs"]
mod regions;

/// Stands in for the kernel's language, which brings every word of the product along.
mod kernel {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Locale {
        Ja,
        En,
    }
}

fuzz_target!(|text: &str| {
    if let Some(email) = normalise::email(text) {
        assert!(email.len() <= 254 && email.matches('@').count() == 1);
        assert!(!email.chars().any(|c| c.is_control() || c.is_whitespace()));
        assert_eq!(normalise::email(&email).as_ref(), Some(&email));
    }
    if let Some(phone) = normalise::phone(text) {
        let digits = phone.strip_prefix('+').expect("an international number");
        assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(normalise::phone(&phone).as_ref(), Some(&phone));
    }
    if let Some(id) = normalise::line_user_id(text) {
        assert_eq!(id.len(), 33);
        assert_eq!(normalise::line_user_id(&id).as_ref(), Some(&id));
    }
    if let Some(number) = normalise::customer_number(text) {
        assert_eq!(normalise::customer_number(&number).as_ref(), Some(&number));
    }
    let name = normalise::name(text);
    assert_eq!(normalise::name(&name), name);
    if let Some(country) = normalise::country(text) {
        assert_eq!(normalise::country(country), Some(country));
    }
    for country in [None, Some("JP"), Some("US"), Some("CA")] {
        if let Some(region) = normalise::region(text, country) {
            assert!(country.is_none_or(|country| region.starts_with(country)));
            assert_eq!(normalise::region(region, country), Some(region));
        }
    }
    let today = jiff::civil::date(2026, 11, 24);
    if let Some(birth) = normalise::birth_date(text, today) {
        assert!(birth.year() >= 1868 && birth <= today);
        assert_eq!(normalise::birth_date(&birth.to_string(), today), Some(birth));
        normalise::is_minor(birth, today);
    }
    let _ = (normalise::locale(text), normalise::yes_no(text), normalise::key(text));
});
