//! Which column of a roster holds what: a table of the names that people use.

use super::model::{Field, Layout};
use super::normalise;
use crate::kernel::Sha256;
use crate::sheets::{HeadRow, Reading};

/// A header stands among the first rows of a file: titles and dates of export go before it.
const SEARCHED: usize = 10;

/// Where the header is, by how many cells of the first rows are names that we know; none where no row has two, or one of one.
pub(super) fn header(head: &[HeadRow]) -> Option<&HeadRow> {
    let known = |row: &HeadRow| {
        row.cells
            .iter()
            .filter(|cell| field(cell).is_some())
            .count()
    };
    let mut best: Option<(&HeadRow, usize)> = None;
    for row in head.iter().take(SEARCHED) {
        let known = known(row);
        let filled = row
            .cells
            .iter()
            .filter(|cell| !cell.trim().is_empty())
            .count();
        if (known >= 2 || (known == 1 && filled <= 2)) && best.is_none_or(|(_, most)| known > most)
        {
            best = Some((row, known));
        }
    }
    best.map(|(row, _)| row)
}

/// What each column holds, as far as its name says.
pub(super) fn guess(reading: Reading, header_row: u64, names: &[String]) -> Layout {
    let mut columns: Vec<Option<Field>> = Vec::new();
    for name in names {
        // A second column of the same kind (メールアドレス, then again email) would need a choice; the first counts.
        columns.push(field(name).filter(|field| !columns.contains(&Some(*field))));
    }
    let names = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            if header_row == 0 {
                format!("#{}", index.saturating_add(1))
            } else {
                showable(index.saturating_add(1), name)
            }
        })
        .collect();
    Layout {
        reading,
        header_row,
        columns,
        names,
    }
}

/// Under which a mapping is remembered: the names of the columns, however they are spaced.
pub(super) fn header_digest(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| plain(name)).collect();
    Sha256::of(names.join("\n").as_bytes()).to_string()
}

fn field(cell: &str) -> Option<Field> {
    let name = plain(cell);
    let name = name.split(['(', '[']).next().unwrap_or_default();
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(field, _)| *field)
}

fn plain(cell: &str) -> String {
    normalise::key(cell)
        .chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    c,
                    '_' | '-' | '・' | '*' | ':' | '.' | '※' | '\u{feff}' | '/' | '"'
                )
        })
        .collect()
}

/// A column's name, unless it looks like a value: a file without a header has people in its first row.
fn showable(position: usize, cell: &str) -> String {
    let cell = cell.trim();
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let is_name = cell.chars().count() <= 30
        && digits < 4
        && !cell.is_empty()
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
    (
        Field::GivenName,
        &["名", "givenname", "firstname", "forename"],
    ),
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
            "氏名フリガナ全角",
            "カナ名",
            "お名前カナ",
            "お名前フリガナ",
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
            "会員no",
            "会員コード",
            "顧客コード",
            "顧客no",
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
        Field::Region,
        &[
            "都道府県",
            "州",
            "県",
            "都道府県名",
            "省",
            "region",
            "state",
            "province",
            "prefecture",
            "stateprovince",
            "stateorprovince",
        ],
    ),
    (
        Field::DataItems,
        &[
            "漏えい項目",
            "漏洩項目",
            "データ項目",
            "対象項目",
            "項目",
            "dataitems",
            "exposeddata",
            "exposeditems",
        ],
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
        &[
            "郵便番号",
            "郵便",
            "〒",
            "postcode",
            "postalcode",
            "zip",
            "zipcode",
        ],
    ),
    (
        Field::Address,
        &[
            "住所",
            "ご住所",
            "所在地",
            "自宅住所",
            "住所1",
            "address",
            "streetaddress",
            "postaladdress",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::{Encoding, Format};

    fn layout(header: &str) -> Layout {
        let reading = Reading {
            format: Format::Csv,
            encoding: Encoding::Utf8,
            delimiter: ',',
            sheet: String::new(),
        };
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        guess(reading, 1, &names)
    }

    fn rows(lines: &[&str]) -> Vec<HeadRow> {
        lines
            .iter()
            .zip(1..)
            .map(|(line, number)| HeadRow {
                number,
                cells: line.split(',').map(str::to_owned).collect(),
            })
            .collect()
    }

    #[test]
    fn headers_in_both_languages_and_every_width() {
        let layout_ja = layout(
            "会員番号,お名前,ﾌﾘｶﾞﾅ,E-mail,電話番号（携帯）,LINE ID,国,言語,生年月日,郵便番号,ご住所,都道府県",
        );
        assert_eq!(layout_ja.columns.iter().flatten().count(), 12);
        let layout_en =
            layout("Customer_ID,First Name,Last Name,E-Mail Address,Zip Code,State/Province");
        assert_eq!(layout_en.columns.iter().flatten().count(), 6);
        assert!(layout_en.is_usable());
    }

    #[test]
    fn what_looks_like_a_value_is_not_shown_as_a_name() {
        let layout = layout("氏名,メール,email,購入額,taro@example.jp,09012345678");
        assert_eq!(
            layout.names.get(2..).unwrap(),
            ["email", "購入額", "#5", "#6"]
        );
        assert_eq!(layout.columns.iter().flatten().count(), 2);
    }

    #[test]
    fn the_header_is_found_below_a_title_or_not_at_all() {
        let with_title = rows(&[
            "顧客名簿 2026年11月",
            "氏名,メール,電話",
            "山田,a@example.jp,",
        ]);
        assert_eq!(header(&with_title).unwrap().number, 2);
        let one_column = rows(&["メールアドレス", "a@example.jp"]);
        assert_eq!(header(&one_column).unwrap().number, 1);
        assert!(header(&rows(&["山田太郎,a@example.jp", "鈴木花子,b@example.jp"])).is_none());
    }

    #[test]
    fn a_mapping_is_remembered_whatever_the_spaces() {
        let names = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            header_digest(&names("氏 名,Ｅ－mail")),
            header_digest(&names("氏名,e-mail"))
        );
        assert_ne!(
            header_digest(&names("氏名,mail")),
            header_digest(&names("mail,氏名"))
        );
    }
}
