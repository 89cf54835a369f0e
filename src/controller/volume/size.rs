//! Comparing amounts of storage.

use std::cmp::Ordering;

use crate::api::quantity::{Format, Quantity};
use crate::value::Value;

/// Compares two quantities of storage; one that cannot be read counts as nothing.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    quantity(a).cmp(&quantity(b))
}

fn quantity(value: &Value) -> Quantity {
    match value.as_i64() {
        Some(number) => Quantity::units(number, Format::Decimal),
        None => Quantity::lenient(value.str_or_empty()),
    }
}
