//! Defaults (`reference/api-defaults-validation.md` §1).

use super::Gates;
use crate::api::Kind;
use crate::value::Value;

/// Fills in what Kubernetes fills in.
pub(super) fn apply(kind: Kind, tree: &mut Value, gates: Gates) {
    let _ = (kind, tree, gates);
}
