//! A template cut into pieces once, so that a batch does not parse it again for every person.
//!
//! The language is the closed one of [`super::template`]: what is not the value of a
//! listed name stands there as it is. Escaping is that of the template engine of the
//! pages, character by character; a test holds the two together.

use super::address::one_line;
use super::template::{CannotRender, Content, Variables};

/// Subject, text and HTML in pieces.
pub(super) struct Pieces {
    subject: Vec<Piece>,
    text: Vec<Piece>,
    html: Option<Vec<Piece>>,
}

enum Piece {
    Words(String),
    Value(String),
}

impl Pieces {
    /// Cuts a content; what stands in braces is taken for a name, and is looked for at rendering.
    pub(super) fn of(content: &Content) -> Self {
        Self {
            subject: cut(&content.subject),
            text: cut(&content.text),
            html: content.html.as_deref().map(cut),
        }
    }

    /// Fills in the variables.
    ///
    /// # Errors
    /// Which part names a variable that has no value.
    pub(super) fn render(&self, values: &Variables) -> Result<Content, CannotRender> {
        let html = self
            .html
            .as_ref()
            .map(|html| fill(html, values, escape).ok_or(CannotRender("html")));
        let plain = |pieces, part| {
            fill(pieces, values, |out, value| out.push_str(value)).ok_or(CannotRender(part))
        };
        Ok(Content {
            subject: one_line(&plain(&self.subject, "subject")?),
            text: plain(&self.text, "text")?,
            html: html.transpose()?,
        })
    }
}

fn cut(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Words(before.to_owned()));
        }
        pieces.push(Piece::Value(name.trim_matches(' ').to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

fn fill(
    pieces: &[Piece],
    values: &Variables,
    mut put: impl FnMut(&mut String, &str),
) -> Option<String> {
    let words = |piece: &Piece| match piece {
        Piece::Words(words) => words.len(),
        Piece::Value(_) => 32,
    };
    let mut out = String::with_capacity(pieces.iter().map(words).sum());
    for piece in pieces {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Value(name) => put(&mut out, values.get(name)?),
        }
    }
    Some(out)
}

/// Escapes what would be markup, and quotes, so that a value is safe in an attribute too.
fn escape(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '&' => out.push_str("&amp;"),
            '\'' => out.push_str("&#x27;"),
            '`' => out.push_str("&#x60;"),
            '=' => out.push_str("&#x3D;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use handlebars::Handlebars;

    use super::*;
    use crate::kernel::random;

    /// The engine of the pages, set up as the outbox used it before it cut templates itself.
    fn engine(escaping: bool) -> Handlebars<'static> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        if !escaping {
            engine.register_escape_fn(handlebars::no_escape);
        }
        engine
    }

    #[test]
    fn pieces_and_the_template_engine_give_the_same() {
        const PARTS: [&str; 14] = [
            "{{name}}",
            "{{ name }}",
            "{{order_2}}",
            " ",
            "\n",
            "\r\n",
            "様",
            "<p class=\"a\">",
            "}",
            "&amp;",
            "}}",
            "' ` =",
            "髙橋 & 﨑子",
            "{",
        ];
        const VALUES: [&str; 8] = [
            "",
            "O'Brien",
            "<b>&\"`=</b>",
            "{{name}}",
            "髙橋 さくら",
            "a\r\nb",
            "\\",
            "\u{1F600}",
        ];
        let (plain, escaping) = (engine(false), engine(true));
        let mut compared = 0;
        for _ in 0..4_000 {
            let dice: [u8; 10] = random::bytes();
            let part = |die: &u8| PARTS[usize::from(*die) % PARTS.len()];
            let source: String = dice[..8].iter().map(part).collect();
            let value = |die: u8| VALUES[usize::from(die) % VALUES.len()].to_owned();
            let values = Variables::from([
                ("name".to_owned(), value(dice[8])),
                ("order_2".to_owned(), value(dice[9])),
            ]);
            // Only what the check lets into a batch is ever rendered.
            let names = values.keys().cloned().collect();
            if super::super::template::placeholders(&source, &names).is_err() {
                continue;
            }
            compared += 1;
            let content = Content {
                subject: source.clone(),
                text: source.clone(),
                html: Some(source.clone()),
            };
            let ours = Pieces::of(&content).render(&values).unwrap();
            let by_engine = |engine: &Handlebars<'_>| engine.render_template(&source, &values);
            assert_eq!(ours.text, by_engine(&plain).unwrap(), "{source:?}");
            assert_eq!(ours.html, Some(by_engine(&escaping).unwrap()), "{source:?}");
            assert_eq!(ours.subject, one_line(&by_engine(&plain).unwrap()));
        }
        assert!(compared > 500, "only {compared} templates were comparable");
    }

    #[test]
    fn a_name_without_a_value_is_refused_by_both() {
        let content = Content {
            subject: "s".to_owned(),
            text: "{{name}}".to_owned(),
            html: None,
        };
        let none = Variables::new();
        assert!(Pieces::of(&content).render(&none).is_err());
        assert!(engine(false).render_template(&content.text, &none).is_err());
    }
}
