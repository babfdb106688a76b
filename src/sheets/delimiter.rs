//! Finds what stands between two cells.

use super::model::Refusal;

/// In the order of preference where a file fits more than one.
const KNOWN: [u8; 4] = [b',', b'\t', b';', b'|'];
/// So many rows are compared.
const SAMPLE: usize = 50;

/// The delimiter that most of the first rows have equally often; a comma when there is none.
pub(super) fn find(sample: &str) -> u8 {
    let mut best = (b',', (0, 0));
    for delimiter in KNOWN {
        let score = score(sample.as_bytes(), delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// A delimiter that a person chose, if it can be one.
pub(super) fn checked(delimiter: char) -> Result<u8, Refusal> {
    u8::try_from(delimiter)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0))
        .ok_or(Refusal::Broken {
            detail: "the delimiter must be one ASCII character",
        })
}

/// How many rows have the most common count, and that count.
fn score(sample: &[u8], delimiter: u8) -> (usize, usize) {
    let mut counts: Vec<usize> = Vec::with_capacity(SAMPLE);
    let (mut count, mut quoted, mut quote_may_open) = (0_usize, false, true);
    for byte in sample {
        match byte {
            b'"' if quoted => {
                quoted = false;
                // Two quotes inside quotes close and open again: the same in the end.
                quote_may_open = true;
            }
            b'"' if quote_may_open => quoted = true,
            _ if quoted => {}
            b'\n' | b'\r' => {
                if count > 0 {
                    counts.push(count);
                }
                if counts.len() == SAMPLE {
                    break;
                }
                count = 0;
                quote_may_open = true;
            }
            byte if *byte == delimiter => {
                count = count.saturating_add(1);
                quote_may_open = true;
            }
            _ => quote_may_open = false,
        }
    }
    if counts.len() < SAMPLE && count > 0 && !quoted {
        counts.push(count);
    }
    counts
        .iter()
        .map(|mode| (counts.iter().filter(|other| *other == mode).count(), *mode))
        .max()
        .unwrap_or_default()
}
