//! iCalendar (RFC 5545) as text: lines folded at 75 octets, text escaped.

use jiff::civil::Date;

use crate::kernel::Instant;

/// The most octets of a line without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// A calendar in the writing.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    /// Begins a component, such as `VEVENT`.
    pub(super) fn begin(&mut self, component: &str) {
        self.line("BEGIN", component);
    }

    /// Ends a component.
    pub(super) fn end(&mut self, component: &str) {
        self.line("END", component);
    }

    /// Writes a property, its parameters in the name, whose value holds nothing to escape.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut left = LINE_OCTETS;
        for character in name
            .chars()
            .chain([':'])
            .chain(value.chars())
            .filter(|character| !character.is_control())
        {
            if character.len_utf8() > left {
                // The space that begins a continuation counts as one of its octets.
                self.0.push_str("\r\n ");
                left = LINE_OCTETS - 1;
            }
            self.0.push(character);
            left -= character.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// Writes a property of type TEXT.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.line(name, &escaped(value));
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// An instant as a DATE-TIME in UTC, such as `20261125T005959Z`.
pub(super) fn utc(at: Instant) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A day as a DATE, such as `20261125`.
pub(super) fn date(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A text with what iCalendar reads as its own signs escaped (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut writer = Writer::default();
        let value = "期限".repeat(60);
        writer.text("SUMMARY", &value);
        writer.line("X-A", &"a".repeat(71));
        writer.line("X-B", &"b".repeat(72));
        let written = writer.finish();
        for line in written.split_terminator("\r\n") {
            assert!(line.len() <= LINE_OCTETS, "{} octets: {line}", line.len());
        }
        let whole = written.replace("\r\n ", "");
        assert!(whole.starts_with(&format!("SUMMARY:{value}\r\n")));
        assert!(written.contains(&format!("X-A:{}\r\n", "a".repeat(71))));
        assert!(written.contains(&format!("X-B:{}\r\n b\r\n", "b".repeat(71))));
    }

    #[test]
    fn signs_and_line_ends_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\r\ne\nf: g"), "a\\,b\\;c\\\\d\\ne\\nf: g");
        let mut writer = Writer::default();
        writer.text("X", "a\r\nBEGIN:VALARM\u{7}");
        assert_eq!(writer.finish(), "X:a\\nBEGIN:VALARM\r\n");
    }

    #[test]
    fn instants_and_days_are_written_whole() {
        let at: Instant = "2026-11-25T14:59:59Z".parse().unwrap();
        assert_eq!(utc(at), "20261125T145959Z");
        assert_eq!(date(Date::constant(2026, 1, 5)), "20260105");
    }
}
