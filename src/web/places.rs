//! Names of countries and regions; a code without a name is shown as it is.

use crate::kernel::{Locale, locale};

/// The name of a country, by its ISO 3166-1 code.
pub fn country(language: Locale, code: &str) -> String {
    name(language, "country", code)
}

/// The name of a state, province or prefecture, by its ISO 3166-2 code.
pub fn region(language: Locale, code: &str) -> String {
    name(language, "region", code)
}

fn name(language: Locale, kind: &str, code: &str) -> String {
    let key = format!("{kind}-{code}");
    if locale::has(language, &key) {
        locale::text(language, &key)
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_name_is_shown_as_it_is() {
        assert_eq!(country(Locale::Ja, "DE"), "ドイツ");
        assert_eq!(country(Locale::En, "XX"), "XX");
        assert_eq!(region(Locale::Ja, "US-CA"), "カリフォルニア州");
        assert_eq!(region(Locale::En, "JP-13"), "Tokyo");
    }
}
