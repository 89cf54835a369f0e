//! What an unquoted word means: the YAML 1.1 reading that kubectl has, where `yes`, `0644` and `1_000` are no texts.

use crate::value::float;

/// The meaning of an unquoted word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// `~`, `null`, nothing at all.
    Null,
    /// `yes`, `Off`, `true`…
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// A whole number that only fits without a sign.
    Unsigned(u64),
    /// Any other number, `.inf` and `.nan` included.
    Float(f64),
    /// A date, with or without a time: read as text, but quoted when written.
    Timestamp,
    /// Text.
    Text,
}

impl Meaning {
    /// The YAML type's short tag, as complaints name it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Unsigned(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }
}

/// What an unquoted word means.
pub fn resolve(word: &str) -> Meaning {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Meaning::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Meaning::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Meaning::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Meaning::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Meaning::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match word.as_bytes().first() {
        // Behind a point underscores must stand between digits; elsewhere they may stand anywhere.
        Some(b'.')
            if word.split('_').skip(1).all(|part| part.starts_with(is_digit))
                && word.rsplit('_').skip(1).all(|part| part.ends_with(is_digit)) =>
        {
            fraction(&word.replace('_', ""))
        }
        Some(b'+' | b'-' | b'0'..=b'9') if is_timestamp(word) => Meaning::Timestamp,
        Some(b'+' | b'-' | b'0'..=b'9') => {
            let word = word.replace('_', "");
            whole(&word).unwrap_or_else(|| fraction(&word))
        }
        _ => Meaning::Text,
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// A whole number with Go's prefixes: `0x`, `0b`, `0o`, and a mere `0` for octal.
fn whole(word: &str) -> Option<Meaning> {
    let (sign, digits) = match word.as_bytes().first()? {
        b'-' => ("-", word.get(1..)?),
        b'+' => ("", word.get(1..)?),
        _ => ("", word),
    };
    let (radix, digits) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, digits.get(2..)?),
        Some("0b") => (2, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // Rust would take a second sign here.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    if let Ok(number) = i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        return Some(Meaning::Int(number));
    }
    // With a sign Go reads no unsigned number.
    if word.starts_with(['-', '+']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(Meaning::Unsigned)
}

/// A decimal fraction, or text. Rust's own reader would also take `inf` and the like.
fn fraction(word: &str) -> Meaning {
    let mantissa = word.strip_prefix(['+', '-']).unwrap_or(word);
    let (mantissa, exponent) = mantissa.split_once(['e', 'E']).unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |s: &str| s.chars().all(is_digit);
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if before.len() + after.len() > 0 && digits(before) && digits(after) && !exponent.is_empty() && digits(exponent) {
        // What overflows stays text.
        if let Some(number) = float::read(word)
            && number.is_finite()
        {
            return Meaning::Float(number);
        }
    }
    Meaning::Text
}

/// Takes one or two digits off the front; answers their value.
fn short_number(text: &mut &str, most: usize) -> Option<u32> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(count)?;
    *text = rest;
    digits.parse().ok()
}

fn take(text: &mut &str, prefix: char) -> Option<()> {
    *text = text.strip_prefix(prefix)?;
    Some(())
}

/// Whether the word is a date (`2024-1-31`), or a date and a time: with `T` and a zone, or with a blank and none.
fn is_timestamp(word: &str) -> bool {
    timestamp(word) == Some(true)
}

fn timestamp(word: &str) -> Option<bool> {
    let mut rest = word;
    let year = word.get(..4)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    rest = rest.get(4..)?;
    take(&mut rest, '-')?;
    let month = short_number(&mut rest, 2)?;
    take(&mut rest, '-')?;
    let day = short_number(&mut rest, 2)?;
    let year: u32 = year.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if day == 0 || day > days {
        return None;
    }
    let zoned = match rest.chars().next() {
        None => return Some(true),
        Some('T' | 't') => true,
        Some(' ') => false,
        Some(_) => return None,
    };
    rest = rest.get(1..)?.trim_start_matches(|c| c == ' ' && !zoned);
    let hour = short_number(&mut rest, 2)?;
    take(&mut rest, ':')?;
    let minute = short_number(&mut rest, 2)?;
    take(&mut rest, ':')?;
    let second = short_number(&mut rest, 2)?;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let end = fraction.trim_start_matches(is_digit);
        if end.len() < fraction.len() {
            rest = end;
        }
    }
    if zoned && take(&mut rest, 'Z').is_none() {
        rest = rest.strip_prefix(['+', '-'])?;
        let (hours, minutes) = rest.split_once(':')?;
        if hours.len() != 2 || minutes.len() != 2 {
            return None;
        }
        let (mut hours, mut minutes) = (hours, minutes);
        if short_number(&mut hours, 2)? > 24 || short_number(&mut minutes, 2)? > 60 {
            return None;
        }
        rest = hours;
        if !minutes.is_empty() {
            return None;
        }
    }
    Some(rest.is_empty() && hour < 24 && minute < 60 && second < 60)
}
