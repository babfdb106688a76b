//! Regions on which a duty can hang or by which people are counted, by ISO 3166-2 code and name.
//!
//! The prefectures of Japan, the states of the USA (with its district and the
//! territories that have breach laws), the provinces and territories of Canada.

use crate::kernel::Locale;

/// The code of a region, from text that is already in NFKC and lower case.
///
/// Two letters alone are read only with their country: `CA` is California or Canada.
pub(super) fn code(text: &str, country: Option<&str>) -> Option<&'static str> {
    let fits = |code: &str| country.is_none_or(|country| code.starts_with(country));
    let named = REGIONS.iter().find(|(code, names)| {
        fits(code) && (names.contains(&text) || code.eq_ignore_ascii_case(text))
    });
    let lettered = || {
        let country = country?;
        REGIONS.iter().find(|(code, _)| {
            code.split_once('-')
                .is_some_and(|(of, letters)| of == country && letters.eq_ignore_ascii_case(text))
        })
    };
    named.or_else(lettered).map(|(code, _)| *code)
}

/// Whether there is a region with this code.
pub(super) fn is_known(code: &str) -> bool {
    REGIONS.iter().any(|(known, _)| *known == code)
}

/// The name of a region, in Japanese only for those of Japan; an unknown code stays one.
pub(super) fn name(code: &str, locale: Locale) -> String {
    let Some((_, names)) = REGIONS.iter().find(|(known, _)| *known == code) else {
        return code.to_owned();
    };
    // The first name is the country's own, the last of a prefecture is the English one.
    let is_japan = code.starts_with("JP-");
    let name = if is_japan && locale == Locale::En {
        names.last()
    } else {
        names.first()
    };
    let words = name.copied().unwrap_or(code).split(' ').map(|word| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !matches!(word, "of" | "and") => {
                first.to_uppercase().chain(letters).collect()
            }
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

#[rustfmt::skip]
const REGIONS: [(&str, &[&str]); 114] = [
    ("US-AL", &["alabama"]),
    ("US-AK", &["alaska"]),
    ("US-AZ", &["arizona"]),
    ("US-AR", &["arkansas"]),
    ("US-CA", &["california"]),
    ("US-CO", &["colorado"]),
    ("US-CT", &["connecticut"]),
    ("US-DE", &["delaware"]),
    ("US-DC", &["district of columbia"]),
    ("US-FL", &["florida"]),
    ("US-GA", &["georgia"]),
    ("US-HI", &["hawaii"]),
    ("US-ID", &["idaho"]),
    ("US-IL", &["illinois"]),
    ("US-IN", &["indiana"]),
    ("US-IA", &["iowa"]),
    ("US-KS", &["kansas"]),
    ("US-KY", &["kentucky"]),
    ("US-LA", &["louisiana"]),
    ("US-ME", &["maine"]),
    ("US-MD", &["maryland"]),
    ("US-MA", &["massachusetts"]),
    ("US-MI", &["michigan"]),
    ("US-MN", &["minnesota"]),
    ("US-MS", &["mississippi"]),
    ("US-MO", &["missouri"]),
    ("US-MT", &["montana"]),
    ("US-NE", &["nebraska"]),
    ("US-NV", &["nevada"]),
    ("US-NH", &["new hampshire"]),
    ("US-NJ", &["new jersey"]),
    ("US-NM", &["new mexico"]),
    ("US-NY", &["new york"]),
    ("US-NC", &["north carolina"]),
    ("US-ND", &["north dakota"]),
    ("US-OH", &["ohio"]),
    ("US-OK", &["oklahoma"]),
    ("US-OR", &["oregon"]),
    ("US-PA", &["pennsylvania"]),
    ("US-RI", &["rhode island"]),
    ("US-SC", &["south carolina"]),
    ("US-SD", &["south dakota"]),
    ("US-TN", &["tennessee"]),
    ("US-TX", &["texas"]),
    ("US-UT", &["utah"]),
    ("US-VT", &["vermont"]),
    ("US-VA", &["virginia"]),
    ("US-WA", &["washington"]),
    ("US-WV", &["west virginia"]),
    ("US-WI", &["wisconsin"]),
    ("US-WY", &["wyoming"]),
    ("US-PR", &["puerto rico"]),
    ("US-GU", &["guam"]),
    ("US-VI", &["virgin islands"]),
    ("CA-AB", &["alberta"]),
    ("CA-BC", &["british columbia"]),
    ("CA-MB", &["manitoba"]),
    ("CA-NB", &["new brunswick"]),
    ("CA-NL", &["newfoundland and labrador"]),
    ("CA-NS", &["nova scotia"]),
    ("CA-NT", &["northwest territories"]),
    ("CA-NU", &["nunavut"]),
    ("CA-ON", &["ontario"]),
    ("CA-PE", &["prince edward island"]),
    ("CA-QC", &["quebec", "québec"]),
    ("CA-SK", &["saskatchewan"]),
    ("CA-YT", &["yukon"]),
    ("JP-01", &["北海道", "hokkaido"]),
    ("JP-02", &["青森県", "青森", "aomori"]),
    ("JP-03", &["岩手県", "岩手", "iwate"]),
    ("JP-04", &["宮城県", "宮城", "miyagi"]),
    ("JP-05", &["秋田県", "秋田", "akita"]),
    ("JP-06", &["山形県", "山形", "yamagata"]),
    ("JP-07", &["福島県", "福島", "fukushima"]),
    ("JP-08", &["茨城県", "茨城", "ibaraki"]),
    ("JP-09", &["栃木県", "栃木", "tochigi"]),
    ("JP-10", &["群馬県", "群馬", "gunma"]),
    ("JP-11", &["埼玉県", "埼玉", "saitama"]),
    ("JP-12", &["千葉県", "千葉", "chiba"]),
    ("JP-13", &["東京都", "東京", "tokyo"]),
    ("JP-14", &["神奈川県", "神奈川", "kanagawa"]),
    ("JP-15", &["新潟県", "新潟", "niigata"]),
    ("JP-16", &["富山県", "富山", "toyama"]),
    ("JP-17", &["石川県", "石川", "ishikawa"]),
    ("JP-18", &["福井県", "福井", "fukui"]),
    ("JP-19", &["山梨県", "山梨", "yamanashi"]),
    ("JP-20", &["長野県", "長野", "nagano"]),
    ("JP-21", &["岐阜県", "岐阜", "gifu"]),
    ("JP-22", &["静岡県", "静岡", "shizuoka"]),
    ("JP-23", &["愛知県", "愛知", "aichi"]),
    ("JP-24", &["三重県", "三重", "mie"]),
    ("JP-25", &["滋賀県", "滋賀", "shiga"]),
    ("JP-26", &["京都府", "京都", "kyoto"]),
    ("JP-27", &["大阪府", "大阪", "osaka"]),
    ("JP-28", &["兵庫県", "兵庫", "hyogo"]),
    ("JP-29", &["奈良県", "奈良", "nara"]),
    ("JP-30", &["和歌山県", "和歌山", "wakayama"]),
    ("JP-31", &["鳥取県", "鳥取", "tottori"]),
    ("JP-32", &["島根県", "島根", "shimane"]),
    ("JP-33", &["岡山県", "岡山", "okayama"]),
    ("JP-34", &["広島県", "広島", "hiroshima"]),
    ("JP-35", &["山口県", "山口", "yamaguchi"]),
    ("JP-36", &["徳島県", "徳島", "tokushima"]),
    ("JP-37", &["香川県", "香川", "kagawa"]),
    ("JP-38", &["愛媛県", "愛媛", "ehime"]),
    ("JP-39", &["高知県", "高知", "kochi"]),
    ("JP-40", &["福岡県", "福岡", "fukuoka"]),
    ("JP-41", &["佐賀県", "佐賀", "saga"]),
    ("JP-42", &["長崎県", "長崎", "nagasaki"]),
    ("JP-43", &["熊本県", "熊本", "kumamoto"]),
    ("JP-44", &["大分県", "大分", "oita"]),
    ("JP-45", &["宮崎県", "宮崎", "miyazaki"]),
    ("JP-46", &["鹿児島県", "鹿児島", "kagoshima"]),
    ("JP-47", &["沖縄県", "沖縄", "okinawa"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_read_in_their_country() {
        assert_eq!(code("東京都", None), Some("JP-13"));
        assert_eq!(code("東京", Some("JP")), Some("JP-13"));
        assert_eq!(code("tokyo", Some("US")), None);
        assert_eq!(code("california", None), Some("US-CA"));
        assert_eq!(code("ca", Some("US")), Some("US-CA"));
        assert_eq!(code("ca", None), None);
        assert_eq!(code("us-ny", None), Some("US-NY"));
        assert_eq!(code("québec", Some("CA")), Some("CA-QC"));
        assert_eq!(code("atlantis", None), None);
    }

    #[test]
    fn a_name_is_read_as_the_region_that_it_names() {
        assert_eq!(name("JP-13", Locale::Ja), "東京都");
        assert_eq!(name("JP-13", Locale::En), "Tokyo");
        assert_eq!(name("US-DC", Locale::Ja), "District of Columbia");
        assert_eq!(name("XX-1", Locale::En), "XX-1");
        for (known, _) in REGIONS {
            for locale in Locale::ALL {
                let country = known.split('-').next();
                let read = code(&name(known, *locale).to_lowercase(), country);
                assert_eq!(read, Some(known));
            }
        }
    }
}
