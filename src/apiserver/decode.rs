//! From a body to a tree of known fields, in the form in which Kubernetes would store it.
//!
//! What Go's decoding and encoding of its typed objects does to a body happens here: unknown fields go, quantities
//! and moments take their canonical form, empty optional fields disappear, fields that are always written appear.

mod leaf;
mod moment;
#[cfg(test)]
mod tests;
mod typed;
mod walk;

use super::FieldValidation;
use crate::api::patch::wording::{printed, quoted};
use crate::api::{Cause, CauseType, Kind, Reason, Status, schema};
use crate::value::{Value, json};
use walk::{Dialect, Walk};

/// A decoded body.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Its known fields.
    pub tree: Value,
    /// Warnings about the others.
    pub warnings: Vec<String>,
}

/// What came in as a patch, for the messages about what it led to.
#[derive(Clone, Copy)]
pub(super) enum Patched<'a> {
    /// By this strategic merge patch: the server goes on with the merged tree itself.
    Strategic(&'a Value),
    /// By another patch: the server decodes the text of the result.
    Text,
}

/// Decodes the body of a creation (`reference/api-defaults-validation.md` §7).
///
/// # Errors
/// BadRequest: another kind, a wrong type anywhere, or an unknown field under strict validation.
pub(super) fn body(kind: Kind, given: &Value, mode: FieldValidation) -> Result<Decoded, Status> {
    replacement(kind, given, None, mode)
}

/// The same of a replacement of this stored version. What the body still shares with it is not walked again.
///
/// # Errors
/// As of a creation.
pub(super) fn replacement(
    kind: Kind,
    body: &Value,
    stored: Option<&Value>,
    mode: FieldValidation,
) -> Result<Decoded, Status> {
    let refused = |given: &str, why: &str| {
        let (name, version) = (kind.name(), kind.info().version);
        Status::bad_request(format!("{given} in version \"{version}\" cannot be handled as a {name}: {why}"))
    };
    let given = body.at(&["kind"]).str_or_empty();
    if !given.is_empty() && given != kind.name() {
        let why = format!(
            "no kind \"{given}\" is registered for version \"{}\" in scheme \
             \"pkg/api/legacyscheme/scheme.go:30\"",
            kind.api_version()
        );
        return Err(refused(given, &why));
    }
    let mut walk = Walk::new(Dialect::Json).knowing(stored);
    let tree = walk.object(schema::root(kind), body).map_err(|why| refused(kind.name(), &why))?;
    if mode == FieldValidation::Strict && !walk.unknown.is_empty() {
        return Err(refused(kind.name(), &strict(&walk.unknown)));
    }
    Ok(decoded(tree, walk.unknown, mode))
}

/// Decodes the result of a patch (`reference/api-defaults-validation.md` §8).
///
/// # Errors
/// Invalid, of no kind: a wrong type anywhere, or an unknown field under strict validation.
pub(super) fn patched(kind: Kind, result: &Value, by: Patched<'_>, mode: FieldValidation) -> Result<Decoded, Status> {
    let mut walk = Walk::new(match by {
        Patched::Strategic(_) => Dialect::Unstructured,
        Patched::Text => Dialect::Json,
    });
    let outcome = walk.object(schema::root(kind), result);
    let why = match outcome {
        Ok(tree) if mode != FieldValidation::Strict || walk.unknown.is_empty() => {
            return Ok(decoded(tree, walk.unknown, mode));
        }
        Ok(_) => strict(&walk.unknown),
        Err(why) => why,
    };
    let shown = match by {
        Patched::Strategic(patch) => printed(patch),
        Patched::Text => json::to_compact(result),
    };
    let cause = Cause {
        kind: CauseType::Invalid,
        field: "patch".into(),
        message: format!("Invalid value: {}: {why}", quoted(&shown)).into(),
    };
    // An error about no object in particular still has the place of its kind and name in the text.
    let message = format!(" \"\" is invalid: patch: {}", cause.message);
    Err(Status::plain(Reason::Invalid, message).with_causes(vec![cause]))
}

/// What kubectl says of a manifest whose own metadata it cannot read; it looks at nothing else.
///
/// # Errors
/// The text of Go's decoder: `json: cannot unmarshal array into Go struct field ObjectMeta.metadata.annotations of
/// type map[string]string`.
pub fn check_metadata(tree: &Value) -> Result<(), String> {
    let Some(ty) = schema::root_named("ObjectMeta") else {
        return Ok(());
    };
    Walk::new(Dialect::Json).metadata(ty, tree.at(&["metadata"]))
}

/// The check of a manifest that server-side apply makes first (`reference/api-defaults-validation.md` §7).
///
/// # Errors
/// `failed to create typed patch object (bad/web; apps/v1, Kind=StatefulSet): .spec.replica: field not declared in
/// schema`, without a reason.
pub fn check_typed(kind: Kind, namespace: &str, name: &str, tree: &Value) -> Result<(), Status> {
    typed::check(schema::root(kind), tree).map_err(|why| {
        let (version, kind) = (kind.api_version(), kind.name());
        let message =
            format!("failed to create typed patch object ({namespace}/{name}; {version}, Kind={kind}): {why}");
        Status::plain(Reason::Unknown, message)
    })
}

fn decoded(tree: Value, unknown: Vec<String>, mode: FieldValidation) -> Decoded {
    let warnings = if mode == FieldValidation::Ignore { Vec::new() } else { unknown };
    Decoded { tree, warnings }
}

fn strict(unknown: &[String]) -> String {
    format!("strict decoding error: {}", unknown.join(", "))
}
