//! Quantities: `100m`, `1Gi`, `2`, read and written as Kubernetes does.
//!
//! A quantity is held in nano units: everything Kubernetes accepts fits (it caps at 2^63-1 whole units and rounds
//! up what is smaller than a nano).

use std::cmp::Ordering;
use std::fmt;

/// What Kubernetes answers to a text that has not the form of a quantity.
pub const WRONG_FORM: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX: &str = "unable to parse quantity's suffix";

const NANO: i128 = 1_000_000_000;
const MILLI_IN_NANO: i128 = 1_000_000;
/// The largest value that is kept: anything beyond is cut down to it.
const LARGEST: i128 = i64::MAX as i128 * NANO;

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// The family of suffixes a quantity was written with, and is written with again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `Ki`, `Mi`, `Gi`…
    Binary,
    /// `m`, `k`, `M`…
    Decimal,
    /// `e3`, `E6`.
    Exponent,
}

/// An amount of something.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nano: i128,
    format: Format,
}

/// The parts of a quantity's text.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

impl Quantity {
    /// Nothing of anything.
    pub const ZERO: Self = Self { nano: 0, format: Format::Decimal };

    /// So many whole units.
    pub fn units(n: i64, format: Format) -> Self {
        Self { nano: i128::from(n) * NANO, format }
    }

    /// So many thousandths.
    pub fn millis(n: i64) -> Self {
        Self { nano: i128::from(n) * MILLI_IN_NANO, format: Format::Decimal }
    }

    /// Reads a quantity.
    ///
    /// # Errors
    /// The text with which Kubernetes refuses it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let parts = split(text)?;
        let (base, exponent, format) = suffix(parts.suffix).ok_or(WRONG_SUFFIX)?;
        let (mut digits, mut small) = (0_i128, exponent);
        for digit in parts.whole.bytes().chain(parts.fraction.bytes()) {
            digits = digits.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
        }
        let mut nano = if base == 2 {
            small = 0;
            digits.saturating_mul(1_i128.checked_shl(exponent as u32).unwrap_or(i128::MAX))
        } else {
            digits
        };
        small = small.saturating_add(9).saturating_sub(i32::try_from(parts.fraction.len()).unwrap_or(i32::MAX));
        nano = scale(nano, small).min(LARGEST);
        let format = if format == Format::Binary && nano > 0 && nano < NANO { Format::Decimal } else { format };
        if parts.negative {
            nano = -nano;
        }
        Ok(Self { nano, format })
    }

    /// The value of a text, and nothing for one that is no quantity.
    pub fn lenient(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self::ZERO)
    }

    /// The family of its suffix.
    pub fn format(self) -> Format {
        self.format
    }

    /// Whole units, rounded up.
    pub fn value(self) -> i64 {
        i64::try_from(ceiling(self.nano, NANO)).unwrap_or(i64::MAX)
    }

    /// Thousandths, rounded up.
    pub fn milli_value(self) -> i64 {
        i64::try_from(ceiling(self.nano, MILLI_IN_NANO)).unwrap_or(i64::MAX)
    }

    /// The same amount rounded up to whole thousandths, as defaults do to requests and limits.
    #[must_use]
    pub fn rounded_to_milli(self) -> Self {
        Self { nano: ceiling(self.nano, MILLI_IN_NANO) * MILLI_IN_NANO, ..self }
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// Whether it is less than nothing.
    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// The sum; it keeps the suffix family of `self`, or of `other` where `self` is nothing.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            nano: self.nano.saturating_add(other.nano).min(LARGEST),
            format: if self.nano == 0 { other.format } else { self.format },
        }
    }

    /// The difference; it keeps the suffix family of `self`, or of `other` where `self` is nothing.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { nano: -other.nano, ..other })
    }

    /// How many percent of `whole` this is, cut down to a whole number; 0 of nothing. For `kubectl describe node`.
    pub fn percent_of(self, whole: Self) -> i64 {
        if whole.nano == 0 {
            return 0;
        }
        // The ratio of thousandths: how Kubernetes counts cpu; for memory the result is the same.
        i64::try_from(self.nano.saturating_mul(100) / whole.nano).unwrap_or(0)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

/// The canonical form: no fraction, the largest suffix that keeps the number whole.
impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano == 0 {
            return out.write_str("0");
        }
        let small = self.nano.abs() < 1024 * NANO;
        if self.format == Format::Binary && !small && self.nano % NANO == 0 {
            let (mut number, mut power) = (self.nano / NANO, 0);
            while number % 1024 == 0 && power < BINARY.len() {
                number /= 1024;
                power += 1;
            }
            let suffix = power.checked_sub(1).and_then(|at| BINARY.get(at));
            return write!(out, "{number}{}", suffix.unwrap_or(&""));
        }
        let (mut number, mut exponent) = (self.nano, -9);
        while number % 1000 == 0 && exponent < 18 {
            number /= 1000;
            exponent += 3;
        }
        if self.format == Format::Exponent {
            return if exponent == 0 { write!(out, "{number}") } else { write!(out, "{number}e{exponent}") };
        }
        let suffix = DECIMAL.iter().find(|(_, e)| *e == exponent);
        write!(out, "{number}{}", suffix.map_or("", |(suffix, _)| suffix))
    }
}

/// `digits` × 10^`power`, rounded away from zero where digits fall off, and cut down where they are too many.
fn scale(digits: i128, power: i32) -> i128 {
    let mut value = digits;
    if digits == 0 {
        return 0;
    }
    if power < 0 {
        let mut rest = false;
        for _ in 0..power.unsigned_abs().min(60) {
            rest |= value % 10 != 0;
            value /= 10;
        }
        return value + i128::from(rest);
    }
    for _ in 0..power {
        value = value.saturating_mul(10);
        if value > LARGEST {
            return LARGEST;
        }
    }
    value
}

fn ceiling(value: i128, unit: i128) -> i128 {
    value.div_euclid(unit) + i128::from(value.rem_euclid(unit) != 0)
}

/// Cuts a text where Kubernetes does: sign, digits, fraction, suffix letters, signed exponent.
fn split(text: &str) -> Result<Parts<'_>, &'static str> {
    if text.is_empty() {
        return Err(WRONG_FORM);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = digits(unsigned);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => ("", rest),
    };
    let tail = rest.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let tail = tail.strip_prefix(['+', '-']).unwrap_or(tail);
    if !digits(tail).1.is_empty() {
        return Err(WRONG_FORM);
    }
    Ok(Parts { negative: text.starts_with('-'), whole, fraction, suffix: rest })
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Base, exponent and family of a suffix.
fn suffix(text: &str) -> Option<(i32, i32, Format)> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(suffix, _)| *suffix == text) {
        return Some((10, *exponent, Format::Decimal));
    }
    if let Some(at) = BINARY.iter().position(|suffix| *suffix == text) {
        return Some((2, (at as i32 + 1) * 10, Format::Binary));
    }
    let exponent = text.strip_prefix(['e', 'E'])?.parse::<i64>().ok()?;
    let exponent = exponent.clamp(-1000, 1000) as i32;
    Some((10, exponent, Format::Exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn canonical(written: &str, expected: &str) {
        match Quantity::parse(written) {
            Ok(quantity) => assert_eq!(quantity.to_string(), expected, "{written}"),
            Err(why) => panic!("{written}: {why}"),
        }
    }

    #[test]
    fn a_quantity_is_written_whole_with_the_largest_suffix() {
        for (written, expected) in [
            ("0", "0"),
            ("0Gi", "0"),
            (".", "0"),
            ("1Gi", "1Gi"),
            ("1024Mi", "1Gi"),
            ("1536Mi", "1536Mi"),
            ("0.5Gi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("100m", "100m"),
            ("0.1", "100m"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("2000m", "2"),
            ("+2", "2"),
            ("-1", "-1"),
            ("1000M", "1G"),
            ("500M", "500M"),
            (".001Ki", "1024m"),
            (".000001Ki", "1024u"),
            (".000000000001Ki", "2n"),
            ("100Ki", "100Ki"),
            ("512", "512"),
            ("1Ki", "1Ki"),
            ("1e3", "1e3"),
            ("12E6", "12e6"),
            ("1E", "1E"),
            ("10e-3", "10e-3"),
            ("100000E", "9223372036854775807"),
            ("1e-40", "1e-9"),
        ] {
            canonical(written, expected);
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused_in_the_words_of_kubernetes() {
        for wrong in ["", "abc", "1core", "1GB", "1Mb", "1 Gi", "1.2.3"] {
            assert_eq!(Quantity::parse(wrong).err(), Some(WRONG_FORM), "{wrong}");
        }
        for wrong in ["1K", "1mm", "1e", "1KiM", "--1"] {
            assert_eq!(Quantity::parse(wrong).err(), Some(WRONG_SUFFIX), "{wrong}");
        }
    }

    #[test]
    fn sums_keep_the_suffix_of_the_first_that_is_something() {
        let one = Quantity::lenient("1Gi");
        assert_eq!(Quantity::ZERO.plus(one).plus(one).to_string(), "2Gi");
        let half = Quantity::lenient("500m");
        assert_eq!(half.plus(half).to_string(), "1");
        assert_eq!(half.minus(Quantity::lenient("1")).to_string(), "-500m");
        assert_eq!(half.percent_of(Quantity::lenient("4")), 12);
        assert!(Quantity::lenient("1Gi") > Quantity::lenient("1G"));
        assert_eq!(Quantity::lenient("1024Mi"), one);
    }

    #[test]
    fn rounding_is_upwards() {
        assert_eq!(Quantity::lenient("1500m").value(), 2);
        assert_eq!(Quantity::lenient("1u").milli_value(), 1);
        assert_eq!(Quantity::lenient("100u").rounded_to_milli().to_string(), "1m");
    }
}
