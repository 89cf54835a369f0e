//! The values at the end of a walk: what they are when nothing was given, and how they are written and named.

use crate::api::patch::wording::json_word;
use crate::api::quantity::Quantity;
use crate::api::schema::{Field, Shape, TypeRef};
use crate::value::json::json_float;
use crate::value::{Map, Value};

use super::walk::Outcome;

/// What a type holds before anything is decoded into it; nothing for what can be absent as such.
pub(super) fn zero(ty: TypeRef) -> Option<Value> {
    Some(match ty.shape() {
        Shape::String => "".into(),
        Shape::Int32 | Shape::Int64 | Shape::IntOrString => 0.into(),
        Shape::Bool => false.into(),
        Shape::Quantity => "0".into(),
        Shape::Struct(inner) => inner
            .fields()
            .filter(|field| field.always_written())
            .map(|field| (field.name(), zero_of(field)))
            .collect::<Map>()
            .into(),
        _ => return None,
    })
}

pub(super) fn zero_of(field: Field) -> Value {
    if field.is_pointer() {
        return Value::Null;
    }
    zero(field.ty()).unwrap_or_default()
}

pub(super) fn is_empty(value: &Value, shape: Shape) -> bool {
    match value {
        Value::Text(text) => text.is_empty() && shape != Shape::IntOrString,
        Value::Int(n) => *n == 0 && shape != Shape::IntOrString,
        Value::Bool(b) => !b,
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty() && matches!(shape, Shape::Map(_)),
        Value::Null | Value::Float(_) => false,
    }
}

pub(super) fn kept_or(value: &Value, canonical: Value) -> Outcome {
    if *value == canonical { Outcome::Keep } else { Outcome::Set(canonical) }
}

/// The whole number that a number is in JSON: `2.0` is written `2`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(*n),
        Value::Float(f) => json_float(*f).parse().ok(),
        _ => None,
    }
}

pub(super) fn quantity(value: &Value) -> Result<Outcome, String> {
    let parsed = match value {
        Value::Text(text) => Quantity::parse(text.trim()),
        Value::Int(n) => Quantity::parse(&n.to_string()),
        Value::Float(f) => Quantity::parse(&json_float(*f)),
        // The JSON of anything else has not the form of a quantity either.
        _ => Quantity::parse("{}"),
    }?;
    let canonical = parsed.to_string();
    Ok(match value {
        Value::Text(text) if *text == *canonical => Outcome::Keep,
        _ => Outcome::Set(canonical.into()),
    })
}

/// The same where a number was asked for: then a number that will not do is shown.
pub(super) fn number_word(value: &Value) -> String {
    match value {
        Value::Int(n) => format!("number {n}"),
        Value::Float(f) => format!("number {}", json_float(*f)),
        _ => json_word(value).to_owned(),
    }
}

/// The kind that Go's reflection names.
pub(super) fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::Text(_) => "string",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
    }
}

/// Where a text stops being base64.
pub(super) fn bad_base64(text: &str) -> Option<usize> {
    let (mut digits, mut padding) = (0, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\r' | b'\n' => {}
            b'=' if digits % 4 >= 2 && padding < 4 - digits % 4 => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            _ => return Some(at),
        }
    }
    ((digits + padding) % 4 != 0).then_some(text.len())
}
