//! Which column of a roster holds what: a table of the names that people use.

use super::model::Field;
use super::normalise;

/// What the header row of a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The character between two cells: comma, semicolon or tab.
    pub delimiter: u8,
    /// What each column holds, in the order of the file; none where it is not kept.
    pub columns: Vec<Option<Field>>,
    /// The columns that are not kept: their position from 1, and their name where it can be shown.
    pub not_kept: Vec<(usize, String)>,
}

impl Layout {
    /// Reads the header's cells.
    pub(super) fn of<'a>(delimiter: u8, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Vec::new();
        let mut not_kept = Vec::new();
        for (index, cell) in cells.enumerate() {
            let position = index.saturating_add(1);
            // A second column of the same kind (メールアドレス, then again email) would need a choice; the first counts.
            let field = field(cell).filter(|field| !columns.contains(&Some(*field)));
            if field.is_none() && !cell.trim().is_empty() {
                not_kept.push((position, showable(position, cell)));
            }
            columns.push(field);
        }
        Self {
            delimiter,
            columns,
            not_kept,
        }
    }

    /// Whether any column helps to find or to reach a person.
    pub(super) fn is_usable(&self) -> bool {
        use Field::{CustomerNumber, Email, FamilyName, GivenName, LineUserId, Name, Phone};
        [
            Name,
            FamilyName,
            GivenName,
            Email,
            Phone,
            LineUserId,
            CustomerNumber,
        ]
        .iter()
        .any(|field| self.columns.contains(&Some(*field)))
    }
}

/// The delimiter that the header line uses most; a comma when it uses none.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    for byte in header {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count = count.saturating_add(u32::from(delimiter == byte));
                }
            }
            _ => {}
        }
    }
    let mut best = (b',', 0);
    for (delimiter, count) in counts {
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

fn field(cell: &str) -> Option<Field> {
    let name: String = normalise::key(cell)
        .chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '_' | '-' | '・' | '*' | ':' | '.' | '※' | '\u{feff}')
        })
        .collect();
    let name = name.split(['(', '[']).next().unwrap_or_default();
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(field, _)| *field)
}

/// A column's name, unless it looks like a value: a file without a header has people in its first row.
fn showable(position: usize, cell: &str) -> String {
    let cell = cell.trim();
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let is_name = cell.chars().count() <= 30
        && digits < 4
        && !cell.contains('@')
        && !cell.chars().any(char::is_control);
    if is_name {
        cell.to_owned()
    } else {
        format!("#{position}")
    }
}

/// Names in the form that [`field`] makes: NFKC, lower case, without spaces, hyphens and underlines.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "氏名",
            "名前",
            "お名前",
            "ご氏名",
            "姓名",
            "顧客名",
            "お客様名",
            "会員名",
            "name",
            "fullname",
            "customername",
        ],
    ),
    (
        Field::FamilyName,
        &[
            "姓",
            "氏",
            "苗字",
            "名字",
            "familyname",
            "lastname",
            "surname",
        ],
    ),
    (Field::GivenName, &["名", "givenname", "firstname"]),
    (
        Field::Kana,
        &[
            "フリガナ",
            "ふりがな",
            "氏名カナ",
            "氏名かな",
            "カナ",
            "カナ氏名",
            "名前カナ",
            "姓名カナ",
            "氏名フリガナ",
            "kana",
            "namekana",
            "furigana",
        ],
    ),
    (
        Field::Email,
        &[
            "メールアドレス",
            "メール",
            "eメール",
            "eメールアドレス",
            "電子メール",
            "電子メールアドレス",
            "email",
            "mail",
            "emailaddress",
            "mailaddress",
        ],
    ),
    (
        Field::Phone,
        &[
            "電話番号",
            "電話",
            "携帯電話",
            "携帯電話番号",
            "携帯番号",
            "携帯",
            "連絡先電話番号",
            "tel",
            "phone",
            "phonenumber",
            "telephone",
            "telephonenumber",
            "mobile",
            "mobilephone",
        ],
    ),
    (
        Field::LineUserId,
        &[
            "lineid",
            "lineユーザーid",
            "lineuserid",
            "ユーザーid",
            "userid",
            "uid",
        ],
    ),
    (
        Field::CustomerNumber,
        &[
            "会員番号",
            "会員id",
            "顧客番号",
            "顧客id",
            "お客様番号",
            "customernumber",
            "customerid",
            "customerno",
            "membernumber",
            "memberid",
        ],
    ),
    (
        Field::Country,
        &["国", "国名", "国コード", "居住国", "country", "countrycode"],
    ),
    (
        Field::Language,
        &["言語", "使用言語", "language", "lang", "locale"],
    ),
    (Field::Minor, &["未成年", "未成年者", "minor", "isminor"]),
    (
        Field::BirthDate,
        &[
            "生年月日",
            "誕生日",
            "birthdate",
            "dateofbirth",
            "birthday",
            "dob",
        ],
    ),
    (
        Field::Postcode,
        &["郵便番号", "〒", "postcode", "postalcode", "zip", "zipcode"],
    ),
    (Field::Address, &["住所", "ご住所", "所在地", "address"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_both_languages_and_every_width() {
        let header =
            "会員番号,お名前,ﾌﾘｶﾞﾅ,E-mail,電話番号（携帯）,LINE ID,国,言語,生年月日,郵便番号,ご住所";
        let layout = Layout::of(b',', header.split(','));
        assert_eq!(layout.not_kept, []);
        assert_eq!(layout.columns.iter().flatten().count(), 11);
        let layout = Layout::of(
            b',',
            "Customer_ID,First Name,Last Name,E-Mail Address,Zip Code".split(','),
        );
        assert_eq!(layout.columns.iter().flatten().count(), 5);
        assert!(layout.is_usable());
    }

    #[test]
    fn what_looks_like_a_value_is_not_shown_as_a_name() {
        let layout = Layout::of(
            b',',
            "氏名,メール,email,購入額,taro@example.jp,09012345678".split(','),
        );
        let shown: Vec<_> = layout
            .not_kept
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(shown, ["email", "購入額", "#5", "#6"]);
        assert!(!Layout::of(b',', "山田太郎,東京都".split(',')).is_usable());
    }

    #[test]
    fn the_delimiter_is_that_of_the_header_outside_quotes() {
        assert_eq!(delimiter(b"a,b;c,d\n1;2;3;4"), b',');
        assert_eq!(delimiter(b"a;b;\"x,y,z,w\"\r\n"), b';');
        assert_eq!(delimiter(b"a\tb\n"), b'\t');
        assert_eq!(delimiter(b"email\n"), b',');
    }
}
