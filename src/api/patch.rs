//! Patches (`reference/api-defaults-validation.md` §8): strategic merge, merge and JSON patches are applied here, and
//! the patches that kubectl sends are computed here.

mod difference;
mod operations;
mod order;
mod strategic;
#[cfg(test)]
mod tests;
pub mod wording;

use super::{Kind, Reason, Status, schema};
use crate::value::Value;
use difference::Wanted;
use strategic::{Fault, Merging};

/// Applies a strategic merge patch, by the merge keys of the schema.
///
/// # Errors
/// What Kubernetes answers to a patch that is no object, a list element without its merge key, an unknown directive.
pub fn strategic(kind: Kind, original: &Value, patch: &Value) -> Result<Value, Status> {
    if patch.is_null() {
        return Ok(original.clone());
    }
    if patch.as_map().is_none() {
        return Err(Status::bad_request(no_object(patch)));
    }
    Merging::Object.values(original, patch, schema::root(kind).inner()).map_err(Fault::into_status)
}

/// Applies a merge patch (RFC 7386): null removes, maps merge, everything else replaces.
pub fn merge(original: &Value, patch: &Value) -> Value {
    let Some(patch) = patch.as_map() else {
        return patch.clone();
    };
    let mut merged = if original.as_map().is_some() { original.clone() } else { Value::empty_map() };
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

/// Applies a merge patch that came in a request.
///
/// # Errors
/// BadRequest: it is no object.
pub fn merge_request(original: &Value, patch: &Value) -> Result<Value, Status> {
    if patch.as_map().is_none() && !patch.is_null() {
        let why = format!("error decoding patch: {}", no_object(patch));
        return Err(Status::bad_request(why));
    }
    Ok(if patch.is_null() { original.clone() } else { merge(original, patch) })
}

/// Applies a JSON patch (RFC 6902, as the API server's library reads it).
///
/// # Errors
/// BadRequest for what is not a patch, Invalid for one that cannot be carried out.
pub fn json(original: &Value, patch: &Value) -> Result<Value, Status> {
    operations::check(patch).map_err(Status::bad_request)?;
    let mut tree = original.clone();
    for operation in patch.items() {
        operations::carry_out(&mut tree, operation).ok_or_else(rejected)?;
    }
    Ok(tree)
}

/// What a JSON patch is to be warned of: keys that its operations do not know.
pub fn json_warnings(patch: &Value) -> Vec<String> {
    operations::unknown(patch)
}

/// What remains of an error whose text is lost on the way to the user.
fn rejected() -> Status {
    Status::plain(Reason::Invalid, "the server rejected our request due to an error in our request")
}

/// What Go says of a value that should be an object and is none.
pub fn no_object(patch: &Value) -> String {
    let word = wording::json_word(patch);
    format!("json: cannot unmarshal {word} into Go value of type map[string]interface {{}}")
}

/// The strategic merge patch that makes `modified` of `original`: what `kubectl edit` and `kubectl set` send.
///
/// # Errors
/// What kubectl says of lists that cannot be compared.
pub fn diff_merge(kind: Kind, original: &Value, modified: &Value) -> Result<Value, String> {
    let ty = schema::root(kind).inner();
    difference::of_objects(original, modified, ty, Wanted::Everything).map_err(Fault::into_text)
}

/// The merge patch (RFC 7386) that makes `modified` of `original`: what `kubectl label` and `kubectl annotate` send.
pub fn create_merge(original: &Value, modified: &Value) -> Value {
    let mut patch = Value::empty_map();
    for (key, new) in modified.pairs() {
        match original.get(key) {
            Some(old) if old == new => {}
            Some(old) if old.as_map().is_some() && new.as_map().is_some() => {
                patch.map_mut().insert(key.clone(), create_merge(old, new));
            }
            _ => {
                patch.map_mut().insert(key.clone(), new.clone());
            }
        }
    }
    for (key, _) in original.pairs() {
        if modified.get(key).is_none() {
            patch.map_mut().insert(key.clone(), Value::Null);
        }
    }
    patch
}

/// The patch of `kubectl apply`: what differs between the live object and the manifest, without what only the live
/// object has, and with the removal of what the manifest had when it was last applied and has no more.
///
/// # Errors
/// What kubectl says of lists that cannot be compared.
pub fn three_way(kind: Kind, last_applied: &Value, modified: &Value, current: &Value) -> Result<Value, String> {
    let ty = schema::root(kind).inner();
    let additions = difference::of_objects(current, modified, ty, Wanted::Additions).map_err(Fault::into_text)?;
    let removals = difference::of_objects(last_applied, modified, ty, Wanted::Removals).map_err(Fault::into_text)?;
    Merging::Patches.values(&removals, &additions, ty).map_err(Fault::into_text)
}
