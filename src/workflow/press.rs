//! What exports of the register need of notices and reports: letters in type, sendings in words.

use crate::affected::export::{Letter, Press, Sending};
use crate::kernel::{Code, Locale, Problem, Result, locale};
use crate::notices::{self, NoticeId, NoticeState, Version};
use crate::outbox::Content;
use crate::reports::letters::{self, PersonalLetter};
use crate::store::Conn;

/// The one press of this server; it holds nothing.
pub(super) struct TypePress;

impl Press for TypePress {
    fn letters(&self, conn: &mut Conn, notice_id: &str, people: &[Letter]) -> Result<Vec<u8>> {
        let id: NoticeId = notice_id
            .parse()
            .map_err(|_| Problem::new(Code::NotFound))?;
        let (notice, frozen) = notices::issued(conn, &id)?;
        if notice.state != NoticeState::Issued {
            return Err(Problem::new(Code::WrongState));
        }
        let set: Vec<_> = people
            .iter()
            .map(|person| {
                let text = Content {
                    subject: frozen.content.part("subject", person.locale).to_owned(),
                    text: frozen.content.part("body", person.locale).to_owned(),
                    html: None,
                };
                letter(&text, person)
            })
            .collect::<Result<_>>()?;
        letters::render(&set)
    }

    fn sendings(&self, conn: &mut Conn, incident_id: &str, locale: Locale) -> Result<Vec<Sending>> {
        let notices = notices::list(conn, incident_id)?;
        let sendings = notices::dispatches(conn, incident_id)?;
        Ok(sendings
            .into_iter()
            .filter_map(|sending| {
                let notice = notices.iter().find(|it| it.id == sending.notice_id)?;
                let title = notice.kind.sheet().title.get(locale);
                let version = [("version", notice.version.into())];
                let version = locale::text_with(locale, "notice-version", &version);
                let channel = format!("notice-channel-{}", sending.channel);
                Some(Sending {
                    batch: sending.id,
                    title: format!("{title} {version}"),
                    channel: locale::text(locale, &channel),
                    digest: sending.digest,
                })
            })
            .collect())
    }
}

/// A letter to a made-up reader in each language, as PDF.
///
/// # Errors
/// [`Code::Internal`] when it cannot be set: a defect of ours.
pub fn sample_letters(version: &Version) -> Result<Vec<u8>> {
    let letters: Vec<_> = Locale::ALL
        .iter()
        .map(|locale| {
            let person = Letter {
                postcode: "100-0001".to_owned(),
                lines: vec![locale::text(*locale, "preview-address")],
                name: locale::text(*locale, "preview-name"),
                customer_number: "12345".to_owned(),
                locale: *locale,
                data_items: vec!["full_name".to_owned(), "email_address".to_owned()],
            };
            let text = Content {
                subject: version.content.part("subject", *locale).to_owned(),
                text: version.content.part("body", *locale).to_owned(),
                html: None,
            };
            letter(&text, &person)
        })
        .collect::<Result<_>>()?;
    letters::render(&letters)
}

/// A letter with its text filled in.
pub(super) fn letter(text: &Content, person: &Letter) -> Result<PersonalLetter> {
    let locale = person.locale;
    let variables = super::variables(
        &person.name,
        &person.data_items,
        &person.customer_number,
        locale,
    );
    let filled = text.render(&variables).map_err(Problem::internal)?;
    let addressee = variables.get("salutation").cloned().unwrap_or_default();
    let postcode = match (locale, person.postcode.as_str()) {
        (_, "") => String::new(),
        (Locale::Ja, postcode) => format!("〒{postcode}"),
        (Locale::En, postcode) => postcode.to_owned(),
    };
    Ok(PersonalLetter {
        lang: locale,
        postcode,
        lines: person.lines.clone(),
        addressee: match locale {
            Locale::Ja => addressee,
            // "Dear …" is no address.
            Locale::En => person.name.clone(),
        },
        subject: filled.subject,
        body: filled.text,
    })
}
