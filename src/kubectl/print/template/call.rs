//! The functions of Go templates, and the two that kubectl adds.

use std::fmt::Write as _;

use super::super::go;
use super::compare::{compare, equal};
use super::evaluate::{Found, truth};
use super::printf::{plain, printf};
use crate::value::Value;

/// Every function's name.
const FUNCTIONS: [&str; 21] = [
    "and",
    "base64decode",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "slice",
    "urlquery",
    "call",
];

pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// Calls a function.
///
/// # Errors
/// What follows the place in Go's message.
pub fn call(name: &str, arguments: &[Found]) -> Result<Found, String> {
    let wants = match name {
        "not" | "len" | "base64decode" => 1..=1,
        "ne" | "lt" | "le" | "gt" | "ge" => 2..=2,
        "eq" | "index" | "slice" | "exists" | "printf" | "and" | "or" => 1..=usize::MAX,
        _ => 0..=usize::MAX,
    };
    if !wants.contains(&arguments.len()) {
        let want =
            if *wants.end() == usize::MAX { format!("at least {}", wants.start()) } else { wants.start().to_string() };
        return Err(format!("wrong number of args for {name}: want {want} got {}", arguments.len()));
    }
    answer(name, arguments).map_err(|what| format!("error calling {name}: {what}"))
}

fn answer(name: &str, arguments: &[Found]) -> Result<Found, String> {
    let (first, rest) = arguments.split_first().unwrap_or((&None, &[]));
    let second = rest.first().unwrap_or(&None);
    let flag = |flag: bool| Ok(Some(Value::Bool(flag)));
    match name {
        "and" | "or" => Ok(first.clone()),
        "not" => flag(!truth(first)),
        "len" => length(first).map(|length| Some(Value::Int(length))),
        "index" => index(first, rest),
        "slice" => slice(first, rest),
        "eq" => {
            if rest.is_empty() {
                return Err("missing argument for comparison".to_owned());
            }
            for other in rest {
                if equal(first, other)? {
                    return flag(true);
                }
            }
            flag(false)
        }
        "ne" => flag(!equal(first, second)?),
        "lt" => flag(compare(first, second)?.is_lt()),
        "le" => flag(compare(first, second)?.is_le()),
        "gt" => flag(compare(first, second)?.is_gt()),
        "ge" => flag(compare(first, second)?.is_ge()),
        "print" => Ok(Some(Value::from(print(arguments)))),
        "println" => {
            let texts: Vec<String> = arguments.iter().map(plain).collect();
            Ok(Some(Value::from(texts.join(" ") + "\n")))
        }
        "printf" => match first {
            Some(Value::Text(format)) => Ok(Some(Value::from(printf(format, rest)))),
            other => Err(format!("wrong type for value; expected string; got {}", type_of(other))),
        },
        "html" => Ok(Some(Value::from(html(&print(arguments))))),
        "js" => Ok(Some(Value::from(javascript(&print(arguments))))),
        "urlquery" => Ok(Some(Value::from(query(&print(arguments))))),
        "exists" => flag(index(first, rest).is_ok_and(|found| found.is_some())),
        "base64decode" => match first {
            Some(Value::Text(text)) => decoded(text).map(|text| Some(Value::from(text))),
            other => Err(format!("wrong type for value; expected string; got {}", type_of(other))),
        },
        _ => Err("call of nil".to_owned()),
    }
}

fn type_of(value: &Found) -> &'static str {
    match value {
        Some(Value::Int(_)) => "int",
        Some(value) => go::type_name(value),
        None => "<nil>",
    }
}

/// As Go's Sprint: blanks between operands when neither is a string.
fn print(arguments: &[Found]) -> String {
    let mut out = String::new();
    let mut was_text = true;
    for (at, argument) in arguments.iter().enumerate() {
        let is_text = matches!(argument, Some(Value::Text(_)));
        if at > 0 && !is_text && !was_text {
            out.push(' ');
        }
        out.push_str(&plain(argument));
        was_text = is_text;
    }
    out
}

fn length(value: &Found) -> Result<i64, String> {
    let length = match value {
        Some(Value::Text(text)) => text.len(),
        Some(Value::List(items)) => items.len(),
        Some(Value::Map(map)) => map.len(),
        None | Some(Value::Null) => return Err("len of nil pointer".to_owned()),
        other => return Err(format!("len of type {}", type_of(other))),
    };
    Ok(length as i64)
}

fn index(value: &Found, keys: &[Found]) -> Result<Found, String> {
    let mut value = value.clone();
    if value.as_ref().is_none_or(Value::is_null) {
        return Err("index of untyped nil".to_owned());
    }
    for key in keys {
        value = match (&value, key) {
            (None | Some(Value::Null), _) => return Err("index of nil pointer".to_owned()),
            (Some(Value::List(items)), Some(Value::Int(at))) => {
                let found = usize::try_from(*at).ok().and_then(|at| items.get(at));
                match found {
                    Some(item) => Some(item.clone()),
                    None if *at < 0 || *at > items.len() as i64 => {
                        return Err(format!("index out of range: {at}"));
                    }
                    None => return Err("reflect: slice index out of range".to_owned()),
                }
            }
            (Some(Value::Text(text)), Some(Value::Int(at))) => {
                let byte = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at).copied());
                Some(Value::Int(byte.ok_or_else(|| format!("index out of range: {at}"))?.into()))
            }
            (Some(Value::List(_) | Value::Text(_)), key) => {
                return Err(format!("cannot index slice/array with type {}", type_of(key)));
            }
            (Some(Value::Map(map)), Some(Value::Text(key))) => map.get(key).cloned(),
            (Some(Value::Map(_)), key) => {
                return Err(format!("value has type {}; should be string", type_of(key)));
            }
            (other, _) => return Err(format!("can't index item of type {}", type_of(other))),
        };
    }
    Ok(value)
}

fn slice(value: &Found, bounds: &[Found]) -> Result<Found, String> {
    let length = match value {
        Some(Value::Text(text)) => text.len(),
        Some(Value::List(items)) => items.len(),
        None => return Err("slice of untyped nil".to_owned()),
        other => return Err(format!("can't slice item of type {}", type_of(other))),
    };
    let mut ends = [0, length];
    for (end, bound) in ends.iter_mut().zip(bounds) {
        let Some(Value::Int(at)) = bound else {
            return Err(format!("cannot index slice/array with type {}", type_of(bound)));
        };
        *end =
            usize::try_from(*at).ok().filter(|at| *at <= length).ok_or_else(|| format!("index out of range: {at}"))?;
    }
    let [start, end] = ends;
    if start > end {
        return Err(format!("invalid slice index: {start} > {end}"));
    }
    Ok(match value {
        Some(Value::Text(text)) => {
            let bytes = text.as_bytes().get(start..end).unwrap_or(&[]);
            Some(Value::from(String::from_utf8_lossy(bytes).into_owned()))
        }
        Some(Value::List(items)) => Some(Value::list_of(items.get(start..end).unwrap_or(&[]).to_vec())),
        other => other.clone(),
    })
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(c);
            }
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0u32, 0);
    for (at, c) in text.bytes().filter(|c| !matches!(c, b'\n' | b'\r')).enumerate() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => {
                return Err(format!("base64 decode: illegal base64 data at input byte {at}"));
            }
        };
        bits = (bits << 6 | u32::from(digit)) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
