//! Admission: what plugins of the API server add to new objects, and what they refuse.

mod addresses;
mod claim;
mod pod;

use super::Store;
use crate::api::{Kind, Object, Status};
use crate::random::Seed;
use crate::value::{Text, Value};

pub(super) use addresses::{Addresses, carry_over};

/// Admits a new object.
///
/// # Errors
/// Forbidden.
pub(super) fn admit(kind: Kind, tree: &mut Value, store: &Store, seed: Seed) -> Result<(), Status> {
    match kind {
        Kind::Pod => pod::admit(tree, store, seed)?,
        Kind::PersistentVolumeClaim => {
            protect(tree, "kubernetes.io/pvc-protection");
            claim::default_class(tree, store);
        }
        Kind::PersistentVolume => protect(tree, "kubernetes.io/pv-protection"),
        _ => {}
    }
    Ok(())
}

/// Admits a change.
///
/// # Errors
/// Forbidden.
pub(super) fn admit_update(kind: Kind, tree: &Value, old: &Object, store: &Store) -> Result<(), Status> {
    match kind {
        Kind::PersistentVolumeClaim => claim::admit_resize(tree, old, store),
        _ => Ok(()),
    }
}

/// Adds a finalizer, last, unless it is there.
fn protect(tree: &mut Value, finalizer: &'static str) {
    let held = tree.at(&["metadata", "finalizers"]).items();
    if !held.iter().any(|f| f.as_str() == Some(finalizer)) {
        tree.at_mut(&["metadata", "finalizers"]).items_mut().push(Value::Text(Text::from(finalizer)));
    }
}

#[cfg(test)]
mod tests;
