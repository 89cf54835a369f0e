//! Numbers as Go spells them.

use crate::value::{Value, float};

/// The number as a tree holds it: whole where its JSON spelling is a whole number of 64 bits. Go writes the
/// shortest digits that identify the number, so 2^62 read as a decimal fraction becomes 4611686018427388000.
pub fn tidy(number: f64) -> Value {
    if number.is_finite()
        && let Ok(whole) = json_float(number).parse()
    {
        return Value::Int(whole);
    }
    Value::Float(number)
}

/// A number as Go's JSON encoder writes it: plain digits between 1e-6 and 1e21, else with an exponent.
pub fn json_float(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return float::plain(number);
    }
    let text = float::scientific(number);
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// A number as Go's `%g` writes it with the fewest digits, given Rust's exponent form of it (`1.5e-7`): plain
/// between 1e-4 and 1e6, else with an exponent. It is the spelling of fractions in YAML.
pub fn general(scientific: &str) -> String {
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific.to_owned();
    };
    let power: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&power) {
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", power.abs());
    }
    let (mut text, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-".to_owned(), rest),
        None => (String::new(), digits),
    };
    let mut left = power + 1;
    if power < 0 {
        text.push_str("0.");
        text.extend((1..-power).map(|_| '0'));
    }
    for digit in digits.chars().filter(|c| *c != '.') {
        if left == 0 && power >= 0 {
            text.push('.');
        }
        text.push(digit);
        left -= 1;
    }
    text.extend((0..left).map(|_| '0'));
    text
}
