//! Questions, points, levels and scores.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;
use utoipa::ToSchema;

crate::ids! {
    /// Names one answer of the severity assessment.
    SeverityAnswerId;
}

crate::text_enum! {
    /// A question of the severity assessment, in the order of asking.
    pub enum Question {
        /// Which categories of data are there.
        Categories = "categories",
        /// What the simple data give away.
        Simple = "simple",
        /// What the behavioural data give away.
        Behavioural = "behavioural",
        /// What the financial data give away.
        Financial = "financial",
        /// What the sensitive data give away.
        Sensitive = "sensitive",
        /// How easily a person is identified.
        Identification = "identification",
        /// Who got hold of the data.
        Confidentiality = "confidentiality",
        /// Whether data were altered.
        Integrity = "integrity",
        /// Whether data became unavailable.
        Availability = "availability",
        /// Whether there was malicious intent.
        Malice = "malice",
    }
}

impl Question {
    /// The questions that score one category of data each.
    pub const CATEGORIES: &'static [Self] = &[
        Self::Simple,
        Self::Behavioural,
        Self::Financial,
        Self::Sensitive,
    ];
    /// The questions whose points are added.
    pub const CIRCUMSTANCES: &'static [Self] = &[
        Self::Confidentiality,
        Self::Integrity,
        Self::Availability,
        Self::Malice,
    ];
}

crate::text_enum! {
    /// How severe, from the lightest.
    pub enum Level {
        /// Below 2.
        Low = "low",
        /// From 2.
        Medium = "medium",
        /// From 3.
        High = "high",
        /// From 4.
        VeryHigh = "very_high",
    }
}

/// Points as whole hundredths, so that no sum is ever rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(u16);

impl Points {
    /// Makes points of hundredths: 325 are 3.25.
    pub const fn from_hundredths(hundredths: u16) -> Self {
        Self(hundredths)
    }

    /// The hundredths: 3.25 are 325.
    pub const fn hundredths(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Points {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "points are written as 3, 0.5 or 0.25";
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty();
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(WRONG);
        }
        let number = |text: &str| text.parse::<u16>().map_err(|_| WRONG);
        number(whole)?
            .checked_mul(100)
            .and_then(|whole| whole.checked_add(number(&format!("{part:0<2}")).ok()?))
            .map(Self)
            .ok_or(WRONG)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Points {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("Points with two decimals"))
            .examples([json!("3.25")])
            .build()
            .into()
    }
}

impl ToSchema for Points {}

/// The lowest and the highest that is possible; equal once everything is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Range {
    /// The lowest.
    pub lowest: Points,
    /// The highest.
    pub highest: Points,
}

impl Range {
    /// Whether it is one number.
    pub fn is_exact(self) -> bool {
        self.lowest == self.highest
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            self.lowest.fmt(f)
        } else {
            write!(f, "{}–{}", self.lowest, self.highest)
        }
    }
}

/// What the answers come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Score {
    /// Data processing context.
    pub dpc: Range,
    /// Ease of identification.
    pub ei: Range,
    /// Circumstances of the breach.
    pub cb: Range,
    /// DPC × EI + CB.
    pub se: Range,
    /// The level of the lowest score.
    pub lowest_level: Level,
    /// The level of the highest score.
    pub highest_level: Level,
    /// The questions that are not known yet, unasked or asked; they make the range.
    pub open: Vec<Question>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_written_exactly() {
        for (text, hundredths, written) in [
            ("0", 0, "0.00"),
            ("0.25", 25, "0.25"),
            ("0.5", 50, "0.50"),
            ("4", 400, "4.00"),
            ("6.00", 600, "6.00"),
        ] {
            let points: Points = text.parse().unwrap();
            assert_eq!(points.hundredths(), hundredths);
            assert_eq!(points.to_string(), written);
        }
        for wrong in ["", ".5", "1.", "0.125", "-1", "+1", "1e2", "９", "700"] {
            assert!(wrong.parse::<Points>().is_err(), "{wrong}");
        }
    }
}
