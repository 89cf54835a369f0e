//! Comparisons in Go templates.

use std::cmp::Ordering;

use super::evaluate::Found;
use crate::value::Value;

/// Whether two values are equal.
///
/// # Errors
/// They are of different types.
pub fn equal(left: &Found, right: &Found) -> Result<bool, String> {
    match (present(left), present(right)) {
        (None, None) => Ok(true),
        (None, Some(_)) | (Some(_), None) => Ok(false),
        (Some(Value::Bool(left)), Some(Value::Bool(right))) => Ok(left == right),
        (Some(left), Some(right)) => {
            let comparable = |value: &Value| !matches!(value, Value::List(_) | Value::Map(_));
            if !comparable(left) || !comparable(right) {
                return Err("non-comparable types".to_owned());
            }
            order(left, right).map(Ordering::is_eq).ok_or_else(|| "incompatible types for comparison".to_owned())
        }
    }
}

/// Which of two values is smaller.
///
/// # Errors
/// They are of different types, or of types without an order.
pub fn compare(left: &Found, right: &Found) -> Result<Ordering, String> {
    let has_order = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_) | Value::Text(_));
    match (present(left), present(right)) {
        (Some(left), Some(right)) if has_order(left) && has_order(right) => {
            order(left, right).ok_or_else(|| "incompatible types for comparison".to_owned())
        }
        _ => Err("invalid type for comparison".to_owned()),
    }
}

fn present(value: &Found) -> Option<&Value> {
    value.as_ref().filter(|value| !value.is_null())
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
