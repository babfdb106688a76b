//! Countries by code and by the names that rosters use.
//!
//! Every ISO 3166-1 alpha-2 code is known; alpha-3 codes and names only of the
//! countries that Japanese customer lists hold most often, and of the EEA.

/// The code of a country, from text that is already in NFKC and lower case.
pub(super) fn code(text: &str) -> Option<&'static str> {
    if text.len() == 2 {
        return CODES
            .iter()
            .find(|code| code.eq_ignore_ascii_case(text))
            .copied();
    }
    let row = NAMES.iter().find(|(_, names)| names.contains(&text));
    row.map(|(code, _)| *code)
}

#[rustfmt::skip]
const CODES: [&str; 249] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW",
    "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN",
    "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG",
    "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ",
    "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI",
    "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL",
    "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR",
    "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
    "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME",
    "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU",
    "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP",
    "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR",
    "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD",
    "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV",
    "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE",
    "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

#[rustfmt::skip]
const NAMES: &[(&str, &[&str])] = &[
    ("JP", &["jpn", "日本", "日本国", "japan"]),
    ("US", &["usa", "アメリカ", "アメリカ合衆国", "米国", "united states", "united states of america", "america"]),
    ("GB", &["gbr", "イギリス", "英国", "連合王国", "united kingdom", "great britain", "uk"]),
    ("CN", &["chn", "中国", "中華人民共和国", "china"]),
    ("KR", &["kor", "韓国", "大韓民国", "south korea", "korea", "republic of korea"]),
    ("TW", &["twn", "台湾", "taiwan"]),
    ("HK", &["hkg", "香港", "hong kong"]),
    ("MO", &["mac", "マカオ", "macao", "macau"]),
    ("SG", &["sgp", "シンガポール", "singapore"]),
    ("TH", &["tha", "タイ", "thailand"]),
    ("VN", &["vnm", "ベトナム", "vietnam", "viet nam"]),
    ("PH", &["phl", "フィリピン", "philippines"]),
    ("ID", &["idn", "インドネシア", "indonesia"]),
    ("MY", &["mys", "マレーシア", "malaysia"]),
    ("IN", &["ind", "インド", "india"]),
    ("NP", &["npl", "ネパール", "nepal"]),
    ("MM", &["mmr", "ミャンマー", "myanmar"]),
    ("KH", &["khm", "カンボジア", "cambodia"]),
    ("LA", &["lao", "ラオス", "laos"]),
    ("MN", &["mng", "モンゴル", "mongolia"]),
    ("BD", &["bgd", "バングラデシュ", "bangladesh"]),
    ("LK", &["lka", "スリランカ", "sri lanka"]),
    ("PK", &["pak", "パキスタン", "pakistan"]),
    ("AU", &["aus", "オーストラリア", "豪州", "australia"]),
    ("NZ", &["nzl", "ニュージーランド", "new zealand"]),
    ("CA", &["can", "カナダ", "canada"]),
    ("MX", &["mex", "メキシコ", "mexico"]),
    ("BR", &["bra", "ブラジル", "brazil"]),
    ("AR", &["arg", "アルゼンチン", "argentina"]),
    ("CL", &["chl", "チリ", "chile"]),
    ("PE", &["per", "ペルー", "peru"]),
    ("CO", &["col", "コロンビア", "colombia"]),
    ("ZA", &["zaf", "南アフリカ", "south africa"]),
    ("EG", &["egy", "エジプト", "egypt"]),
    ("AE", &["are", "アラブ首長国連邦", "united arab emirates"]),
    ("SA", &["sau", "サウジアラビア", "saudi arabia"]),
    ("IL", &["isr", "イスラエル", "israel"]),
    ("TR", &["tur", "トルコ", "turkey", "türkiye"]),
    ("RU", &["rus", "ロシア", "russia"]),
    ("UA", &["ukr", "ウクライナ", "ukraine"]),
    ("CH", &["che", "スイス", "switzerland"]),
    ("NO", &["nor", "ノルウェー", "norway"]),
    ("IS", &["isl", "アイスランド", "iceland"]),
    ("LI", &["lie", "リヒテンシュタイン", "liechtenstein"]),
    ("AT", &["aut", "オーストリア", "austria"]),
    ("BE", &["bel", "ベルギー", "belgium"]),
    ("BG", &["bgr", "ブルガリア", "bulgaria"]),
    ("HR", &["hrv", "クロアチア", "croatia"]),
    ("CY", &["cyp", "キプロス", "cyprus"]),
    ("CZ", &["cze", "チェコ", "czechia", "czech republic"]),
    ("DK", &["dnk", "デンマーク", "denmark"]),
    ("EE", &["est", "エストニア", "estonia"]),
    ("FI", &["fin", "フィンランド", "finland"]),
    ("FR", &["fra", "フランス", "france"]),
    ("DE", &["deu", "ドイツ", "germany"]),
    ("GR", &["grc", "ギリシャ", "greece"]),
    ("HU", &["hun", "ハンガリー", "hungary"]),
    ("IE", &["irl", "アイルランド", "ireland"]),
    ("IT", &["ita", "イタリア", "italy"]),
    ("LV", &["lva", "ラトビア", "latvia"]),
    ("LT", &["ltu", "リトアニア", "lithuania"]),
    ("LU", &["lux", "ルクセンブルク", "luxembourg"]),
    ("MT", &["mlt", "マルタ", "malta"]),
    ("NL", &["nld", "オランダ", "netherlands", "the netherlands"]),
    ("PL", &["pol", "ポーランド", "poland"]),
    ("PT", &["prt", "ポルトガル", "portugal"]),
    ("RO", &["rou", "ルーマニア", "romania"]),
    ("SK", &["svk", "スロバキア", "slovakia"]),
    ("SI", &["svn", "スロベニア", "slovenia"]),
    ("ES", &["esp", "スペイン", "spain"]),
    ("SE", &["swe", "スウェーデン", "sweden"]),
];
