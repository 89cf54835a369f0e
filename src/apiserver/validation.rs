//! Validation (`reference/api-defaults-validation.md` §2–5).

use super::{Gates, Subresource};
use crate::api::{Cause, Kind, Object};
use crate::value::Value;

/// What is wrong with a new object.
pub(super) fn create(kind: Kind, tree: &Value, gates: Gates) -> Vec<Cause> {
    let _ = (kind, tree, gates);
    Vec::new()
}

/// What is wrong with a changed object.
pub(super) fn update(kind: Kind, tree: &Value, old: &Object, subresource: Subresource, gates: Gates) -> Vec<Cause> {
    let _ = (kind, tree, old, subresource, gates);
    Vec::new()
}

/// Warnings about a new or changed object.
pub(super) fn warnings(kind: Kind, tree: &Value) -> Vec<String> {
    let _ = (kind, tree);
    Vec::new()
}
