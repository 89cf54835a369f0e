//! `printf` as in Go.

use std::fmt::Write as _;

use super::super::go;
use super::super::jsonpath::Scanner;
use super::evaluate::Found;
use crate::value::{Value, float};

/// A width or a precision is at most so large.
const WIDEST: usize = 1000;

/// A value as `%v`; what is missing prints as nil.
pub fn plain(value: &Found) -> String {
    value.as_ref().map_or_else(|| "<nil>".to_owned(), go::plain)
}

/// The flags before a verb.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)]
struct Shape {
    minus: bool,
    plus: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

/// Fills the arguments into a format.
pub fn printf(format: &str, arguments: &[Found]) -> String {
    let mut out = String::new();
    let mut scanner = Scanner::new(format);
    let mut used = 0;
    loop {
        out.push_str(scanner.until(|c| c == '%'));
        if !scanner.eat("%") {
            break;
        }
        let shape = shape(&mut scanner);
        match scanner.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => {
                match arguments.get(used) {
                    Some(argument) => {
                        out.push_str(&padded(&verb_text(verb, argument, &shape), &shape));
                    }
                    None => {
                        let _ = write!(out, "%!{verb}(MISSING)");
                    }
                }
                used += 1;
            }
        }
    }
    if let Some(extra) = arguments.get(used..).filter(|extra| !extra.is_empty()) {
        let texts: Vec<String> = extra.iter().map(typed).collect();
        let _ = write!(out, "%!(EXTRA {})", texts.join(", "));
    }
    out
}

fn shape(scanner: &mut Scanner<'_>) -> Shape {
    let mut shape = Shape::default();
    loop {
        match scanner.peek() {
            Some('-') => shape.minus = true,
            Some('+') => shape.plus = true,
            Some('0') => shape.zero = true,
            Some('#') => shape.sharp = true,
            Some(' ') => {}
            _ => break,
        }
        scanner.next();
    }
    let number = |scanner: &mut Scanner<'_>| {
        let digits = scanner.until(|c| !c.is_ascii_digit());
        digits.parse::<usize>().unwrap_or(0).min(WIDEST)
    };
    shape.width = number(scanner);
    if scanner.eat(".") {
        shape.precision = Some(number(scanner));
    }
    shape
}

/// `int64=3`, as complaints show an argument.
fn typed(value: &Found) -> String {
    match value {
        None | Some(Value::Null) => "<nil>".to_owned(),
        Some(Value::Int(number)) => format!("int64={number}"),
        Some(value) => format!("{}={}", go::type_name(value), go::plain(value)),
    }
}

fn verb_text(verb: char, value: &Found, shape: &Shape) -> String {
    let wrong = || match value {
        None | Some(Value::Null) => format!("%!{verb}(<nil>)"),
        value => format!("%!{verb}({})", typed(value)),
    };
    let signed = |text: String| {
        if shape.plus && !text.starts_with('-') { format!("+{text}") } else { text }
    };
    match (verb, value) {
        ('v', Some(value)) if shape.sharp => go::syntax(value),
        ('v', value) => plain(value),
        ('T', Some(Value::Int(_))) => "int".to_owned(),
        ('T', Some(value)) => go::type_name(value).to_owned(),
        ('T', None) => "<nil>".to_owned(),
        ('s', Some(Value::Text(text))) => match shape.precision {
            Some(longest) => text.chars().take(longest).collect(),
            None => text.to_string(),
        },
        ('q', Some(Value::Text(text))) => go::quoted(text),
        ('x', Some(Value::Text(text))) => text.bytes().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        }),
        ('s' | 'd' | 'q', Some(Value::List(items))) => {
            let texts: Vec<String> = items.iter().map(|item| verb_text(verb, &Some(item.clone()), shape)).collect();
            format!("[{}]", texts.join(" "))
        }
        ('s', Some(Value::Map(map))) => {
            let pairs: Vec<String> = map
                .iter()
                .map(|(key, item)| format!("{key}:{}", verb_text(verb, &Some(item.clone()), shape)))
                .collect();
            format!("map[{}]", pairs.join(" "))
        }
        ('d', Some(Value::Int(number))) => signed(number.to_string()),
        ('x', Some(Value::Int(number))) => format!("{number:x}"),
        ('c', Some(Value::Int(number))) => {
            u32::try_from(*number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string()
        }
        ('t', Some(Value::Bool(flag))) => flag.to_string(),
        ('f' | 'F', Some(Value::Float(number))) => signed(float::fixed(*number, shape.precision.unwrap_or(6))),
        ('e', Some(Value::Float(number))) => signed(fixed_exponent(*number, shape.precision.unwrap_or(6))),
        ('g', Some(Value::Float(number))) => signed(go::float(*number)),
        _ => wrong(),
    }
}

fn fixed_exponent(number: f64, precision: usize) -> String {
    let text = float::fixed_scientific(number, precision);
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    match power.strip_prefix('-') {
        Some(power) => format!("{digits}e-{power:0>2}"),
        None => format!("{digits}e+{power:0>2}"),
    }
}

fn padded(text: &str, shape: &Shape) -> String {
    let missing = shape.width.saturating_sub(text.chars().count());
    let fill = |c: char| std::iter::repeat_n(c, missing).collect::<String>();
    if shape.minus {
        return format!("{text}{}", fill(' '));
    }
    if shape.zero {
        let (sign, digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) => text.split_at(text.len() - digits.len()),
            None => ("", text),
        };
        return format!("{sign}{}{digits}", fill('0'));
    }
    format!("{}{text}", fill(' '))
}
